// Package slack is the dispute desk, and sellers' direct messages: Slack's Web API outwards, Socket Mode or HTTP inwards.
// It translates and acknowledges, and holds no policy.
package slack

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"nevermind/bot"
)

// Config is what an adapter is made of.
type Config struct {
	BotToken      string           // xoxb-…
	AppToken      string           // xapp-…: Socket Mode
	SigningSecret string           // HTTP mode
	API           string           // the Web API's address; Slack's own where empty
	Channel       string           // the support channel's id; without one there is no desk
	Leads         []string         // user ids of support's leads, who are told directly what has waited long
	Rate          float64          // messages a second in one channel; 0 is no limit of any kind
	History       bool             // the app is internal: it may read back what it has posted
	Blobs         bot.Blobs        // where people's files are kept; nil keeps and passes on none
	Now           func() time.Time // nil is the wall clock
	Log           *slog.Logger     // nil is silent
	Meter         bot.Meter        // nil counts nothing
	Desk          Desk             // what the home tab and the command show; nil has neither
	// Say gives the words of this adapter in a language; nil leaves them English.
	Say func(language, english string) (string, bool)
}

// House is what the adapter asks of its inbox besides taking messages.
type Engine interface {
	bot.Inbox
	bot.Discarder
	// Form opens the form of the button that m presses; see bot.Engine.
	Form(ctx context.Context, m bot.Message) (title string, fields []bot.Field, err error)
	// Keepable finds the open record that a message can be made evidence of; see bot.Engine.
	Keepable(ctx context.Context, called string) (bot.Key, error)
	PutPerson(ctx context.Context, p bot.Person) (bot.Person, error)
	Store() bot.Store
}

// Adapter is Slack as a platform.
type Adapter struct {
	cfg        Config
	api        *slack.Client
	fileAPI    *slack.Client // for what takes longer
	pace       *pace
	sent       sentPosts
	members    memberCache
	sockets    sockets
	pingEvery  time.Duration
	homes      homeTabs
	drafts     evidenceDrafts
	background sync.WaitGroup // forms being opened

	mu             sync.Mutex
	engine         Engine // nil while there is no inbox
	self           identity
	places         map[string]place // where those pressed who wait for a passing word
	order          []string         // the keys of shown, oldest first
	directChannels map[string]string
	cardRefs       map[string]map[bot.Key]bot.Ref // by channel: where cards stand, once somebody has asked
	uploaded       map[string]bool                // files that a reply has brought already, where it is tried again
}

// self is who we are on Slack.
type identity struct {
	team, app, user, bot string
	url                  string // the workspace's address
}

// callTime is how long one call of the Web API may take.
const callTimeout = 10 * time.Second

// New makes an adapter; it needs a bot token and a way in.
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
	return &Adapter{cfg: cfg, pace: newPace(cfg.Rate), places: map[string]place{}, directChannels: map[string]string{}, uploaded: map[string]bool{}, pingEvery: pingInterval,
		cardRefs: map[string]map[bot.Key]bot.Ref{}, homes: homeTabs{debounce: homeDebounce},
		api: newClient(cfg, callTimeout), fileAPI: newClient(cfg, fileTimeout)}, nil
}

// client calls the Web API; it follows nobody anywhere and tries nothing twice.
func newClient(cfg Config, most time.Duration) *slack.Client {
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return slack.New(cfg.BotToken, slack.OptionAPIURL(cfg.API), slack.OptionAppLevelToken(cfg.AppToken),
		slack.OptionHTTPClient(&http.Client{Timeout: most, CheckRedirect: stay}))
}

// name is the platform's, in rooms, accounts and counts.
const name = "slack"

// Name is what Slack's rooms begin with.
func (a *Adapter) Name() string { return name }

// Run receives until ctx ends. The inbox has to be a House.
func (a *Adapter) Run(ctx context.Context, in bot.Inbox) error {
	house, ok := in.(Engine)
	if !ok {
		return errors.New("slack: the inbox is no house")
	}
	if err := a.connect(ctx, house); err != nil {
		return err
	}
	defer a.disconnect()
	if a.cfg.AppToken != "" {
		a.listen(ctx)
	}
	<-ctx.Done()
	return nil
}

// enter finds out who we are and opens the doors.
func (a *Adapter) connect(ctx context.Context, house Engine) error {
	who, err := a.api.AuthTestContext(ctx)
	if err != nil {
		return fmt.Errorf("ask Slack who we are: %w", sanitizeError(err))
	}
	b, err := a.api.GetBotInfoContext(ctx, slack.GetBotInfoParameters{Bot: who.BotID})
	if err != nil {
		return fmt.Errorf("ask Slack which app we are: %w", sanitizeError(err))
	}
	if a.cfg.Channel != "" {
		if _, err := house.PutPerson(ctx, bot.Person{ID: bot.Desk, Rooms: []bot.Room{room(a.cfg.Channel)}}); err != nil {
			return fmt.Errorf("give the desk its room: %w", err)
		}
	}
	if a.cfg.Channel != "" {
		if _, err := a.isMember(ctx, who.UserID); err != nil {
			a.cfg.Log.Error("slack: the support channel cannot be read, so nobody can decide there; /invite the app to it", slog.Any("why", err))
		}
	}
	if err := a.openLeadRooms(ctx, house); err != nil {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.engine, a.self = house, identity{who.TeamID, b.AppID, who.UserID, who.BotID, who.URL}
	return nil
}

func (a *Adapter) disconnect() {
	a.mu.Lock()
	a.engine = nil
	a.mu.Unlock()
	a.background.Wait()
}

// errClosed says that nobody takes messages now: Slack is to ask again.
var errNotRunning = errors.New("slack: there is no inbox now")

// inside returns who takes messages, and who we are.
func (a *Adapter) running() (Engine, identity, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.engine == nil {
		return nil, identity{}, errNotRunning
	}
	return a.engine, a.self, nil
}

// Ready says whether people can be heard: we know who we are, and a socket is open where one is wanted.
func (a *Adapter) Ready(context.Context) error {
	if _, _, err := a.running(); err != nil {
		return err
	}
	if a.cfg.AppToken != "" && a.sockets.open() == 0 {
		return errors.New("slack: no socket is open")
	}
	return nil
}

// room names a channel as the rest of the house knows it.
func room(channel string) bot.Room { return bot.Room("slack:" + channel) }

// channelOf is the channel of one of our rooms.
func channelOf(r bot.Room) string { return string(r)[len("slack:"):] }

// later does something that Slack need not wait for, unless the doors are shut.
func (a *Adapter) inBackground(what func(ctx context.Context)) { a.inBackgroundFor(callTimeout, what) }

// during is later, for what may take so long.
func (a *Adapter) inBackgroundFor(most time.Duration, what func(ctx context.Context)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.engine == nil {
		return
	}
	a.background.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), most)
		defer cancel()
		what(ctx)
	})
}

// tongue gives words of this adapter in somebody's language.
type translator func(english string) string

// tongue is that of a language; English where there are no words in it.
func (a *Adapter) translatorIn(language string) translator {
	return func(english string) string {
		if a.cfg.Say != nil && language != "" && language != "en" {
			if words, ok := a.cfg.Say(language, english); ok {
				return words
			}
		}
		return english
	}
}

// tongueOf is that of whoever has an account; English where nobody knows them.
func (a *Adapter) translatorFor(ctx context.Context, house Engine, account string) translator {
	who, err := house.Store().PersonAt(ctx, account)
	if err != nil {
		return a.translatorIn("")
	}
	return a.translatorIn(who.Language)
}
