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
type House interface {
	bot.Inbox
	bot.Discarder
	// Form opens the form of the button that m presses; see bot.Engine.
	Form(ctx context.Context, m bot.Message) (title string, fields []bot.Field, err error)
	// EvidenceRecord finds the open record that a message can be made evidence of; see bot.Engine.
	EvidenceRecord(ctx context.Context, called string) (bot.Key, error)
	PutPerson(ctx context.Context, p bot.Person) (bot.Person, error)
	Store() bot.Store
}

// Adapter is Slack as a platform.
type Adapter struct {
	cfg    Config
	api    *slack.Client
	files  *slack.Client // for what takes longer
	pace   *pace
	twins  twins
	agents agents
	links  links
	pulse  time.Duration
	homes  homes
	clips  clips
	busy   sync.WaitGroup // forms being opened

	mu    sync.Mutex
	house House // nil while there is no inbox
	self  self
	shown map[string]press // where those pressed who wait for a passing word
	order []string         // the keys of shown, oldest first
	rooms map[string]string
	stand map[string]map[bot.Key]bot.Ref // by channel: where cards stand, once somebody has asked
	sent  map[string]bool                // files that a reply has brought already, where it is tried again
}

// self is who we are on Slack.
type self struct {
	team, app, user, bot string
	url                  string // the workspace's address
}

// callTime is how long one call of the Web API may take.
const callTime = 10 * time.Second

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
	return &Adapter{cfg: cfg, pace: newPace(cfg.Rate), shown: map[string]press{}, rooms: map[string]string{}, sent: map[string]bool{}, pulse: pulse,
		stand: map[string]map[bot.Key]bot.Ref{}, homes: homes{wait: homeWait},
		api: client(cfg, callTime), files: client(cfg, fileTime)}, nil
}

// client calls the Web API; it follows nobody anywhere and tries nothing twice.
func client(cfg Config, most time.Duration) *slack.Client {
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
	house, ok := in.(House)
	if !ok {
		return errors.New("slack: the inbox is no house")
	}
	if err := a.enter(ctx, house); err != nil {
		return err
	}
	defer a.leave()
	if a.cfg.AppToken != "" {
		a.listen(ctx)
	}
	<-ctx.Done()
	return nil
}

// enter finds out who we are and opens the doors.
func (a *Adapter) enter(ctx context.Context, house House) error {
	who, err := a.api.AuthTestContext(ctx)
	if err != nil {
		return fmt.Errorf("ask Slack who we are: %w", plainError(err))
	}
	b, err := a.api.GetBotInfoContext(ctx, slack.GetBotInfoParameters{Bot: who.BotID})
	if err != nil {
		return fmt.Errorf("ask Slack which app we are: %w", plainError(err))
	}
	if a.cfg.Channel != "" {
		if _, err := house.PutPerson(ctx, bot.Person{ID: bot.Desk, Rooms: []bot.Room{room(a.cfg.Channel)}}); err != nil {
			return fmt.Errorf("give the desk its room: %w", err)
		}
	}
	if a.cfg.Channel != "" {
		if _, err := a.member(ctx, who.UserID); err != nil {
			a.cfg.Log.Error("slack: the support channel cannot be read, so nobody can decide there; /invite the app to it", slog.Any("why", err))
		}
	}
	if err := a.meetLeads(ctx, house); err != nil {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.house, a.self = house, self{who.TeamID, b.AppID, who.UserID, who.BotID, who.URL}
	return nil
}

func (a *Adapter) leave() {
	a.mu.Lock()
	a.house = nil
	a.mu.Unlock()
	a.busy.Wait()
}

// errClosed says that nobody takes messages now: Slack is to ask again.
var errClosed = errors.New("slack: there is no inbox now")

// inside returns who takes messages, and who we are.
func (a *Adapter) inside() (House, self, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.house == nil {
		return nil, self{}, errClosed
	}
	return a.house, a.self, nil
}

// Ready says whether people can be heard: we know who we are, and a socket is open where one is wanted.
func (a *Adapter) Ready(context.Context) error {
	if _, _, err := a.inside(); err != nil {
		return err
	}
	if a.cfg.AppToken != "" && a.links.open() == 0 {
		return errors.New("slack: no socket is open")
	}
	return nil
}

// room names a channel as the rest of the house knows it.
func room(channel string) bot.Room { return bot.Room("slack:" + channel) }

// channelOf is the channel of one of our rooms.
func channelOf(r bot.Room) string { return string(r)[len("slack:"):] }

// later does something that Slack need not wait for, unless the doors are shut.
func (a *Adapter) later(what func(ctx context.Context)) { a.during(callTime, what) }

// during is later, for what may take so long.
func (a *Adapter) during(most time.Duration, what func(ctx context.Context)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.house == nil {
		return
	}
	a.busy.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), most)
		defer cancel()
		what(ctx)
	})
}

// tongue gives words of this adapter in somebody's language.
type tongue func(english string) string

// tongue is that of a language; English where there are no words in it.
func (a *Adapter) tongue(language string) tongue {
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
func (a *Adapter) tongueOf(ctx context.Context, house House, account string) tongue {
	who, err := house.Store().PersonAt(ctx, account)
	if err != nil {
		return a.tongue("")
	}
	return a.tongue(who.Language)
}
