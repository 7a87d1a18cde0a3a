// Package slack is the adapter for Slack: the support team's channel, where disputes are worked on, and sellers' direct
// messages. It speaks Slack's Web API outwards and is reached by Socket Mode or by signed HTTP requests.
//
// It translates and acknowledges, and holds no policy. A payload comes in by socket.go or webhook.go, intake.go stores it
// through the engine and says whether it may be acknowledged, and inbound.go makes a bot.Message of it. A reply goes out by
// outbound.go, rendered by render.go, rate limited by pace.go, its errors classified by send_errors.go. Every id that Slack
// or the engine gives back to us is minted and parsed in ids.go.
package slack

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/slack-go/slack"
	"golang.org/x/time/rate"

	"nevermind/bot"
)

// What this adapter is able to do. The program finds an optional ability by its interface.
var (
	_ bot.Adapter                               = (*Adapter)(nil) // Name, Run, Send
	_ bot.Paced                                 = (*Adapter)(nil) // Turn
	_ bot.Fetcher                               = (*Adapter)(nil) // Fetch
	_ bot.Decoder                               = (*Adapter)(nil) // Decode
	_ interface{ Ready(context.Context) error } = (*Adapter)(nil) // whether messages can be received now, for the health check
	_ interface{ Handler() http.Handler }       = (*Adapter)(nil) // HTTP mode, served below /slack/
)

// Config is what an adapter is made of. A bot token and one way in, an app token or a signing secret, are required.
type Config struct {
	BotToken      string           // xoxb-…, for every call of the Web API
	AppToken      string           // xapp-…: turns Socket Mode on
	SigningSecret string           // the key that HTTP requests are verified with
	API           string           // the Web API's base URL; Slack's own where empty
	Channel       string           // the support channel's id; without one there is no desk
	Leads         []string         // user ids of the support team's leads, who are told directly what has waited long
	Rate          float64          // messages a second in one channel; 0 turns every rate limit off
	History       bool             // the app is internal and may read back what it has posted, which finds duplicates
	Blobs         bot.Blobs        // where files of evidence are stored; with nil no file is stored or sent
	Now           func() time.Time // nil is the wall clock
	Log           *slog.Logger     // nil is silent
	Meter         bot.Meter        // nil counts nothing
	OnDuty        bot.OnDuty       // has one process alone hold the sockets; nil has this one
	Desk          Desk             // what the home tab and the slash command show; with nil there is neither
	// Say returns a sentence of this adapter in a language (an ISO 639-1 code), by its English form; nil leaves all English.
	Say func(language, english string) (string, bool)
}

// Engine is what the adapter needs of the engine. Run gets it as its inbox; nothing else of the engine is reached.
type Engine interface {
	bot.Inbox     // stores a message; nil permits the acknowledgement
	bot.Discarder // stores a payload that cannot be read as a dead letter; nil permits the acknowledgement
	// Form returns the form that a press opens: its title and fields in the language of whoever pressed, no fields where the
	// press has none. Answers in m.Fields are checked; the error is a bot.Unfit where one does not fit.
	Form(ctx context.Context, m bot.Message) (title string, fields []bot.Field, err error)
	// EvidenceRecord returns the open case that a message can become evidence of, by its short name or its order's number;
	// bot.ErrNone where there is none.
	EvidenceRecord(ctx context.Context, called string) (bot.Key, error)
	// PutPerson stores a person; empty fields leave what is stored, accounts and rooms are added.
	PutPerson(ctx context.Context, p bot.Person) (bot.Person, error)
	// MoveDesk makes a room support's on a platform, and no other there; an empty one leaves support none there.
	MoveDesk(ctx context.Context, platform string, to bot.Room) error
	Store() bot.Reading // for Records
}

// Records is what the adapter reads of the store. It writes nothing there.
type Records interface {
	// PersonAt returns the person whom an account belongs to; bot.ErrNone where nobody knows it.
	PersonAt(ctx context.Context, account string) (bot.Person, error)
	// People lists the persons of a party by id, at most n, after the given id.
	People(ctx context.Context, p bot.Party, after bot.PersonID, n int) ([]bot.Person, error)
	// Sender returns which conversation sent a message; bot.ErrNone where nobody knows the message.
	Sender(ctx context.Context, room bot.Room, ref bot.Ref) (bot.Key, error)
	// Said lists what was said in a room, both ways, oldest first; before > 0 lists the n last below that sequence number.
	Said(ctx context.Context, room bot.Room, after, before uint64, n int) ([]bot.Said, error)
}

// Adapter is Slack as a platform. New makes it, the engine calls Run once, and Send as often as there is something to say,
// from several goroutines. Between the start of Run and its end there is a session; outside of one nothing is received or
// sent, and Slack and the engine are asked to try again.
//
// What it remembers (who is in the channel, where people pressed, which posts arrived) is a cache: after a restart it is
// read again, or done without.
type Adapter struct {
	cfg     Config
	api     *slack.Client
	fileAPI *slack.Client // with a longer timeout
	pace    *pace
	outage  outage
	channel channelHealth
	sockets sockets
	members memberCache
	homes   homeTabs

	sent       sentPosts
	bodies     chan struct{}           // a place for each request body that is being read
	forgedLog  rate.Sometimes          // says that requests were refused which Slack has not signed
	places     *recent[place]          // by message id: where people pressed who may be answered there
	drafts     *recent[*evidenceDraft] // by trigger id: the messages that are about to become evidence
	kinds      *recent[bool]           // by what and kind: what is not known here and was logged
	uploaded   *recent[bool]           // by task and file: what an earlier attempt has uploaded
	pingEvery  time.Duration
	onDuty     atomic.Bool    // it is this process that has sockets open
	background sync.WaitGroup // what goes on after the acknowledgement

	mu             sync.Mutex
	session        *session                       // nil while Run does not go on
	connecting     chan struct{}                  // closed when there is a session, or is known to be none for now
	directChannels map[string]string              // by user
	cardRefs       map[string]map[bot.Key]bot.Ref // by channel, then case; a channel is read once somebody asks for it
}

// session is what exists while Run goes on. It never changes.
type session struct {
	engine  Engine
	records Records
	self    identity
}

// identity says who the app is on Slack.
type identity struct {
	team, app, user, bot string // ids
	url                  string // the workspace's address, with a slash at its end
}

// callTimeout limits one call of the Web API.
const callTimeout = 10 * time.Second

// How much is remembered; what is forgotten costs a call more, or a line in a thread instead of one for one person alone.
const (
	maxPosts  = 4096
	maxPlaces = 4096
	maxDrafts = 256
	maxKinds  = 256
)

// New makes an adapter. It calls nobody; a wrong token is noticed by Run.
func New(cfg Config) (*Adapter, error) {
	if cfg.BotToken == "" {
		return nil, errors.New("slack: there is no bot token")
	}
	if cfg.AppToken == "" && cfg.SigningSecret == "" {
		return nil, errors.New("slack: there is neither an app token nor a signing secret")
	}
	if cfg.API == "" {
		cfg.API = slack.APIURL
	}
	if cfg.API[len(cfg.API)-1] != '/' {
		cfg.API += "/"
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Meter == nil {
		cfg.Meter = bot.Unmetered{}
	}
	return &Adapter{
		cfg: cfg, api: newClient(cfg, callTimeout, http.DefaultTransport), fileAPI: newClient(cfg, fileTimeout, http.DefaultTransport),
		pace:  newPace(cfg.Rate),
		homes: homeTabs{debounce: homeDebounce}, pingEvery: pingInterval,
		places: newRecent[place](maxPlaces), drafts: newRecent[*evidenceDraft](maxDrafts), uploaded: newRecent[bool](maxPosts),
		kinds:          newRecent[bool](maxKinds),
		bodies:         make(chan struct{}, bodiesInFlight),
		forgedLog:      rate.Sometimes{First: 1, Interval: refusalLogEvery},
		sent:           sentPosts{posted: newRecent[string](maxPosts)},
		directChannels: map[string]string{}, cardRefs: map[string]map[bot.Key]bot.Ref{}, connecting: make(chan struct{}),
		channel: channelHealth{look: make(chan struct{}, 1)},
	}, nil
}

// newClient makes a client of the Web API that follows no redirect and repeats no call: repeating is decided by the engine.
func newClient(cfg Config, timeout time.Duration, network http.RoundTripper) *slack.Client {
	noRedirect := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	client := &http.Client{Timeout: timeout, CheckRedirect: noRedirect, Transport: transport{network}}
	return slack.New(cfg.BotToken, slack.OptionAPIURL(cfg.API), slack.OptionAppLevelToken(cfg.AppToken),
		slack.OptionHTTPClient(client))
}

// Name is the first part of every room and account of this adapter, and its label in counts.
func (a *Adapter) Name() string { return adapterName }

// Run receives until ctx ends, and returns when everything that was begun is finished. The inbox has to be an Engine.
func (a *Adapter) Run(ctx context.Context, in bot.Inbox) error {
	engine, ok := in.(Engine)
	if !ok {
		return errors.New("slack: the inbox is not the engine that this adapter needs")
	}
	if err := a.connectUntil(ctx, engine); err != nil || ctx.Err() != nil {
		return err
	}
	defer a.disconnect()
	var watching sync.WaitGroup
	defer watching.Wait()
	if a.cfg.Channel != "" {
		watching.Go(func() { a.watchChannel(ctx) })
	}
	switch {
	case a.cfg.AppToken == "":
	case a.cfg.OnDuty == nil:
		a.listen(ctx)
	default:
		a.cfg.OnDuty(ctx, a.duty(), func(ctx context.Context) {
			a.onDuty.Store(true)
			defer a.onDuty.Store(false)
			a.listen(ctx)
		})
	}
	<-ctx.Done()
	return nil
}

// duty names what one process alone does for this app in this workspace.
func (a *Adapter) duty() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.session == nil {
		return adapterName
	}
	return adapterName + " " + a.session.self.app + " " + a.session.self.team
}

// Share keeps to a part of the rate limits, since so many servers send.
func (a *Adapter) Share(servers int) { a.pace.divide(max(servers, 1)) }

// connectUntil connects, as often as it takes while Slack is away, or until ctx ends. What Slack refuses by name, a token that
// is wrong say, is an error.
func (a *Adapter) connectUntil(ctx context.Context, engine Engine) error {
	for tries := 1; ; tries++ {
		over := a.beginConnecting()
		err := a.connect(ctx, engine)
		close(over)
		if err == nil || ctx.Err() != nil {
			return nil
		}
		if !errors.Is(err, errAway) {
			return err
		}
		a.cfg.Meter.Count("connect_faults", adapterName, 1)
		a.cfg.Log.Warn("slack: it does not answer, and is tried again", "tries", tries, slog.Any("why", err))
		sleep(ctx, min(backoff(tries), maxConnectPause))
	}
}

// beginConnecting returns what has to be closed when this try to connect is over.
func (a *Adapter) beginConnecting() chan struct{} {
	a.mu.Lock()
	defer a.mu.Unlock()
	select {
	case <-a.connecting: // of a try before
		a.connecting = make(chan struct{})
	default:
	}
	return a.connecting
}

// How far apart Slack is asked who we are while it does not answer, and how long a delivery or a payload waits for that.
const (
	maxConnectPause = 10 * time.Second
	connectWait     = 5 * time.Second
	intakeWait      = 2 * time.Second // Slack waits three for the acknowledgement
)

// errAway is the error of a connect that may succeed when it is tried again.
var errAway = errors.New("slack is away")

// connectError is the error of a call of connect.
func connectError(what string, err error) error {
	if class := classify(err); errors.Is(class, errUnclear) || errors.Is(err, errNoConnection) || rateLimited(err) {
		return fmt.Errorf("%w: %s: %w", errAway, what, sanitizeError(err))
	}
	return fmt.Errorf("%s: %w", what, sanitizeError(err))
}

// connect finds out who the app is, gives the desk and its leads their rooms, and opens the session.
func (a *Adapter) connect(ctx context.Context, engine Engine) error {
	user, err := a.api.AuthTestContext(ctx)
	if err != nil {
		return connectError("ask Slack who we are", err)
	}
	app, err := a.api.GetBotInfoContext(ctx, slack.GetBotInfoParameters{Bot: user.BotID})
	if err != nil {
		return connectError("ask Slack which app we are", err)
	}
	var desk bot.Room
	if a.cfg.Channel != "" {
		desk = room(a.cfg.Channel)
	}
	if err := engine.MoveDesk(ctx, adapterName, desk); err != nil {
		return fmt.Errorf("give the desk its room: %w", err)
	}
	if desk != "" {
		if _, err := a.isMember(ctx, user.UserID); err != nil {
			const msg = "slack: the support channel cannot be read, so nobody can decide there; /invite the app to it"
			a.cfg.Log.Error(msg, slog.Any("why", err))
		}
	}
	if err := a.openLeadRooms(ctx, engine); err != nil {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	self := identity{team: user.TeamID, app: app.AppID, user: user.UserID, bot: user.BotID, url: user.URL}
	a.session = &session{engine: engine, records: engine.Store(), self: self}
	return nil
}

// disconnect ends the session and waits for what goes on in the background.
func (a *Adapter) disconnect() {
	a.mu.Lock()
	a.session = nil
	a.mu.Unlock()
	a.background.Wait()
}

// errNotRunning says that there is no session: Slack should deliver again later.
var errNotRunning = errors.New("slack: there is no inbox now")

// running returns the session, or errNotRunning.
func (a *Adapter) running() (*session, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.session == nil {
		return nil, errNotRunning
	}
	return a.session, nil
}

// await returns the session, waiting for one that is being opened, at most that long.
func (a *Adapter) await(ctx context.Context, most time.Duration) (*session, error) {
	a.mu.Lock()
	s, over := a.session, a.connecting
	a.mu.Unlock()
	if s != nil {
		return s, nil
	}
	timer := time.NewTimer(most)
	defer timer.Stop()
	select {
	case <-over:
	case <-timer.C:
	case <-ctx.Done():
	}
	return a.running()
}

// Ready returns nil when messages can be received and cases shown: there is a session, in Socket Mode a socket is open, and the
// support channel can be written to.
func (a *Adapter) Ready(context.Context) error {
	if _, err := a.running(); err != nil {
		return err
	}
	if a.cfg.AppToken != "" && (a.cfg.OnDuty == nil || a.onDuty.Load()) && a.sockets.open() == 0 {
		return errors.New("slack: no socket is open")
	}
	if why := a.channel.why(); why != "" {
		return errors.New("slack: the support channel cannot be written to: " + why)
	}
	return nil
}

// inBackground does something that the acknowledgement need not wait for; outside of a session it does nothing.
func (a *Adapter) inBackground(do func(ctx context.Context)) { a.inBackgroundFor(callTimeout, do) }

// inBackgroundFor is inBackground with a timeout of its own. The context does not end with the request or the session.
func (a *Adapter) inBackgroundFor(timeout time.Duration, do func(ctx context.Context)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.session == nil {
		return
	}
	a.background.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), timeout)
		defer cancel()
		do(ctx)
	})
}
