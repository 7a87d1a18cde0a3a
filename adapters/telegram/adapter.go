// Package telegram is the Telegram Bot API: long polling or a webhook in, messages at Telegram's pace out. What comes in
// is acknowledged only when it is stored; what goes out never tells more than is known about whether it arrived.
package telegram

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	tg "github.com/go-telegram/bot"

	"nevermind/bot"
)

// Config is what the adapter is made of.
type Config struct {
	Token   string
	API     string       // another Bot API server; empty is Telegram's own
	Webhook string       // the https address of this adapter's /telegram/webhook; empty is long polling
	Secret  string       // what Telegram proves itself with at the webhook
	Rate    float64      // messages a second in all; 0 is no limit
	InChat  float64      // messages a second in one chat; 0 is no limit
	Client  *http.Client // nil is one made for this
	Blobs   bot.Blobs    // where people's files are kept; nil takes none
	Values  Values       // remembers over a restart; nil forgets
	Menus   []Menu       // what Telegram shows of us, a language each; the first stands for all others
	// Own is the menu of whoever an account belongs to, where it is another than everybody's; nil is everybody's.
	MenuFor func(ctx context.Context, account string) (*Menu, error)
	Meter   bot.Meter    // nil counts nothing
	Log     *slog.Logger // nil is silent
}

// Keep remembers small things by name; bot.ErrNone where there is nothing. A bot.Store does.
type Values interface {
	Value(ctx context.Context, name string) ([]byte, error)
	SetValue(ctx context.Context, name string, value []byte) error
}

// Adapter is Telegram.
type Adapter struct {
	cfg          Config
	api          *tg.Bot
	http         *http.Client
	pace         *pace
	pressAnswers *pressAnswers
	sendState    *sendState
	typing       *typing
	chatMenus    *chatMenus
	identified   chan struct{} // closed when we know who we are
	identifyOnce sync.Once

	commands []string // our own, which stay alive in what we say

	mu       sync.Mutex
	identity identity
	inbox    bot.Inbox
	problems map[string]string // what keeps us from working, by where
	reported map[string]string // the last of each that the operator was told
}

// New makes the adapter; nothing is asked of Telegram before Run.
func New(cfg Config) (*Adapter, error) {
	a := &Adapter{cfg: cfg, identified: make(chan struct{}), problems: map[string]string{"start": "not started"}, reported: map[string]string{}}
	a.cfg.API = strings.TrimRight(cmp.Or(cfg.API, "https://api.telegram.org"), "/")
	if a.cfg.Log == nil {
		a.cfg.Log = slog.New(slog.DiscardHandler)
	}
	if a.cfg.Meter == nil {
		a.cfg.Meter = bot.Unmetered{}
	}
	if cfg.Webhook != "" && cfg.Secret == "" {
		return nil, errors.New("a webhook needs a secret")
	}
	a.http = cmp.Or(cfg.Client, newHTTPClient())
	a.pace = newPace(cfg.Rate, cfg.InChat)
	a.pace.onFlood = a.saveFloodWait
	a.pressAnswers, a.typing, a.sendState = newPressAnswers(a.answerCallback), newTyping(a.sendTyping), newSendState(a.cfg.Values)
	a.chatMenus = newChatMenus()
	if len(cfg.Menus) > 0 {
		for _, c := range cfg.Menus[0].Commands {
			a.commands = append(a.commands, c.Name)
		}
	}
	var err error
	a.api, err = tg.New(cfg.Token, tg.WithSkipGetMe(), tg.WithServerURL(a.cfg.API), tg.WithHTTPClient(time.Minute, &apiClient{a.http}),
		tg.WithErrorsHandler(func(error) {}))
	if err != nil {
		return nil, fmt.Errorf("telegram: %w", err)
	}
	return a, nil
}

// client is an HTTP client that keeps as many connections as messages are sent at once, and follows nobody elsewhere.
func newHTTPClient() *http.Client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost, t.MaxIdleConns = 128, 256
	return &http.Client{Transport: t, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// Name is what Telegram's rooms begin with.
func (a *Adapter) Name() string { return adapterName }

// Run receives until ctx ends.
func (a *Adapter) Run(ctx context.Context, in bot.Inbox) error {
	a.mu.Lock()
	a.inbox = in
	a.mu.Unlock()
	var all sync.WaitGroup
	defer all.Wait()
	a.loadFloodWait(ctx)
	if !a.identify(ctx) {
		return nil
	}
	all.Go(func() { a.setMenus(ctx) })
	all.Go(func() { a.runChatMenus(ctx) })
	if a.cfg.Webhook != "" {
		a.setWebhook(ctx)
		<-ctx.Done()
		return nil
	}
	a.poll(ctx)
	return nil
}

// Ready says what keeps the adapter from working; nil where nothing does.
func (a *Adapter) Ready(context.Context) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, where := range []string{"start", "token", "poll", "updates", "webhook"} {
		if t := a.problems[where]; t != "" {
			return errors.New(t)
		}
	}
	return nil
}

// failing remembers what keeps us from working and tells the operator once, in a sentence; works says that it is over.
func (a *Adapter) reportProblem(where, sentence string) {
	a.mu.Lock()
	a.problems[where] = sentence
	told := a.reported[where] == sentence
	a.reported[where] = sentence
	a.mu.Unlock()
	if !told {
		a.cfg.Log.Error("telegram does not work", "why", sentence)
	}
}

func (a *Adapter) clearProblem(where string) {
	a.mu.Lock()
	was := a.problems[where]
	delete(a.problems, where)
	delete(a.reported, where)
	a.mu.Unlock()
	if was != "" && where != "start" {
		a.cfg.Log.Info("telegram works again")
	}
}

// sentence says in one what went wrong with a call, for the operator.
func (a *Adapter) describeProblem(err error) (where, words string) {
	var no *apiError
	host := a.cfg.API
	if u, err := url.Parse(host); err == nil {
		host = u.Host
	}
	switch {
	case errors.As(err, &no) && no.unauthorized():
		return "token", "Telegram does not know this bot's token: it was revoked or mistyped; ask @BotFather for the present one and set NEVERMIND_TELEGRAM_TOKEN."
	case errors.As(err, &no) && no.Code == http.StatusConflict && strings.Contains(no.Description, "webhook"):
		return "poll", "A webhook is set for this bot, so nothing can be polled: remove it, or set NEVERMIND_TELEGRAM_MODE=webhook."
	case errors.As(err, &no) && no.Code == http.StatusConflict:
		return "poll", "Another program polls with this bot's token: stop it, or give this one a token of its own."
	case errors.As(err, &no) && no.Code == http.StatusTooManyRequests:
		return "", ""
	default:
		return "poll", "Telegram cannot be reached at " + host + "; trying again."
	}
}

// whoAmI is what getMe has told.
func (a *Adapter) self() identity {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.identity
}

func (a *Adapter) currentInbox() bot.Inbox {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.inbox
}

// sleep waits so long; false where ctx ended first.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// Username is the bot's name without @; empty until Telegram has told.
func (a *Adapter) Username() string { return a.self().name }
