// Package telegram is the adapter of the Telegram Bot API.
//
// Inbound, an update comes by long polling (poll.go, poll_lanes.go) or by a webhook (webhook.go), becomes a bot.Message
// (inbound.go, pure) and is stored through the inbox (intake.go). It is acknowledged to Telegram only when it is stored, so
// updates arrive at least once and the inbox deduplicates them by message id.
//
// Outbound, a reply is rendered (render.go, pure) and sent within Telegram's rate limits (outbound.go, pace.go). A failed
// call is classified (send_errors.go): an error never claims more than is known about whether a message arrived.
//
// Around these two ways:
//
//	adapter.go, health.go                 start, abilities; what the operator is told
//	api_client.go, retry.go               one call of the Bot API; calls until they succeed
//	update.go, ids.go, link_tokens.go     what is read of an update; ids; one-time tokens, which are kept out of every text
//	files.go, send_files.go               files of people, in and out
//	press_answers.go, recent_map.go       each press is answered once
//	send_state.go, duplicate_cards.go     what later attempts must know of earlier ones; messages that arrived twice
//	topics.go                             the topic in which a chat is answered
//	unknown_forms.go                      what Telegram sends and nobody expected
//	buttonless.go                         messages without buttons, which need not be taken off
//	adaptive_limit.go, flood_wait.go      the rate limit after a 429, and over a restart
//	idempotent_calls.go                   edits, which are made again until it is clear how they ended
//	neutralize.go, split.go, truncate.go  words of people made inert; long texts
//	menus.go, chat_menus.go, typing.go    what Telegram shows besides messages
//	set_webhook.go                        whether Telegram sends updates or is asked for them
//
// The package telegramtest is a Bot API server to test against.
package telegram

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	tg "github.com/go-telegram/bot"
	"golang.org/x/time/rate"

	"nevermind/bot"
)

// The abilities of the adapter. The optional ones are found by interface, never by a flag.
var (
	_ bot.Adapter = (*Adapter)(nil)
	_ bot.Paced   = (*Adapter)(nil) // Turn: waiting for the rate limit is no attempt
	_ bot.Fetcher = (*Adapter)(nil) // Fetch: files come after their message
	_ bot.Decoder = (*Adapter)(nil) // Decode: what an older version could not read
	_ bot.Sharing = (*Adapter)(nil) // Share: several servers keep to one rate limit

	_ interface{ Handler() http.Handler }       = (*Adapter)(nil) // /telegram/webhook
	_ interface{ Ready(context.Context) error } = (*Adapter)(nil) // readiness, for /readyz
	_ interface{ Username() string }            = (*Adapter)(nil) // for links that open the bot's chat
)

// Config is what New makes an adapter of. Only Token is required.
type Config struct {
	Token   string
	API     string       // base URL of another Bot API server; empty is Telegram's own
	Webhook string       // https URL of this adapter's /telegram/webhook; empty is long polling
	Secret  string       // the secret token by which Telegram authenticates its webhook calls; required with Webhook
	Rate    float64      // messages a second in all chats together; 0 is no limit
	InChat  float64      // messages a second in one chat; 0 is no limit
	Client  *http.Client // nil makes one
	Blobs   bot.Blobs    // stores people's files; nil takes none
	Values  Values       // what must outlive a restart; nil forgets it
	Menus   []Menu       // the bot's profile and commands, a language each; the first also stands for all other languages
	// MenuFor is the command menu of the chat of an account's person ("telegram:11"), where it differs from everybody's. Nil,
	// the function or its result, is everybody's.
	MenuFor func(ctx context.Context, account string) (*Menu, error)
	OnDuty  bot.OnDuty   // has one process alone poll; nil has this one
	Meter   bot.Meter    // nil counts nothing
	Log     *slog.Logger // nil logs nothing
}

// Values stores small values under names. Value fails with bot.ErrNone where nothing is stored. A bot.Store implements it.
type Values interface {
	Value(ctx context.Context, name string) ([]byte, error)
	SetValue(ctx context.Context, name string, value []byte) error
}

// Adapter is Telegram. New makes it and Run starts it; it ends with Run's context and cannot be started again.
//
// The engine calls Run once, and Turn and Send from many goroutines: at most one delivery of a room at a time, any number of
// rooms at once. The HTTP server calls the Handler, also before Run has found out who the bot is: such updates are answered
// with 503, and Telegram sends them again. Every method is safe for concurrent use.
type Adapter struct {
	cfg          Config
	calls        *apiClient   // makes the calls
	api          *tg.Bot      // makes those that go out as forms, through calls
	http         *http.Client // carries them, and fetches files
	pace         *pace
	pressAnswers *pressAnswers
	sendState    *sendState
	duplicates   *duplicateCards
	buttonless   *buttonless
	idempotent   *idempotentCalls
	unknownForms *unknownForms
	typing       *typing
	chatMenus    *chatMenus
	commands     []string       // the bot's own commands, which stay touchable in replies
	forgedLog    rate.Sometimes // says that somebody calls the webhook without its secret

	identified   chan struct{} // closed when getMe has been answered
	identifyOnce sync.Once

	mu       sync.Mutex
	identity identity
	inbox    bot.Inbox         // nil before Run
	problems map[string]string // what keeps the adapter from working, a sentence by place; see health.go
	reported map[string]string // the last sentence of each place that was logged
}

// New makes the adapter. It fails where the configuration cannot work; no call is made before Run.
func New(cfg Config) (*Adapter, error) {
	a := &Adapter{
		cfg: cfg, identified: make(chan struct{}), problems: map[string]string{"start": "not started"}, reported: map[string]string{},
	}
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
	a.calls = &apiClient{http: a.http, base: a.cfg.API + "/bot" + cfg.Token + "/"}
	a.pace = newPace(cfg.Rate, cfg.InChat)
	a.pace.onFlood, a.pace.onHold = a.saveFloodWait, newDebounce(saveDelay, a.saveChatWaits)
	a.pressAnswers, a.typing, a.chatMenus = newPressAnswers(a.answerCallback), newTyping(a.sendTyping), newChatMenus()
	a.sendState, a.duplicates = newSendState(a.cfg.Values), newDuplicateCards()
	a.buttonless, a.idempotent = newButtonless(), newIdempotentCalls()
	a.unknownForms = newUnknownForms(a.cfg.Log)
	a.forgedLog = rate.Sometimes{First: 1, Interval: forgedLogEvery}
	if len(cfg.Menus) > 0 {
		for _, c := range cfg.Menus[0].Commands {
			a.commands = append(a.commands, c.Name)
		}
	}
	var err error
	a.api, err = tg.New(cfg.Token, tg.WithSkipGetMe(), tg.WithServerURL(a.cfg.API),
		tg.WithHTTPClient(time.Minute, a.calls), tg.WithErrorsHandler(func(error) {}))
	if err != nil {
		return nil, fmt.Errorf("telegram: %w", err)
	}
	return a, nil
}

// newHTTPClient makes a client that keeps as many idle connections as messages are sent at once. It follows no redirect: the
// token is in each request's path, and must not reach another host.
func newHTTPClient() *http.Client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost, t.MaxIdleConns = 128, 256
	t.DisableCompression = true // a response is a few hundred bytes
	return &http.Client{Transport: t, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// Name is the part of a Telegram room or account before the colon.
func (a *Adapter) Name() string { return adapterName }

// Run receives updates into the inbox until ctx ends, then waits for its goroutines. It returns no error: whatever fails is
// retried with a backoff, and Ready says meanwhile what it is.
func (a *Adapter) Run(ctx context.Context, in bot.Inbox) error {
	a.mu.Lock()
	a.inbox = in
	a.mu.Unlock()
	var all sync.WaitGroup
	defer all.Wait()
	a.loadFloodWait(ctx)
	a.loadChatWaits(ctx)
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
	if a.cfg.OnDuty == nil {
		a.poll(ctx)
		return nil
	}
	a.cfg.OnDuty(ctx, fmt.Sprint("telegram ", a.self().id), a.poll)
	return nil
}

// Share keeps to a part of the rate limit, since so many servers send.
func (a *Adapter) Share(servers int) { a.pace.divide(max(servers, 1), time.Now()) }

// identity is who the bot is on Telegram: the answer of getMe. It is zero until that has come.
type identity struct {
	id   int64
	name string // the username, without @
}

// identify asks Telegram who the bot is, until it answers; false where ctx ends first.
func (a *Adapter) identify(ctx context.Context) bool {
	return a.retry(ctx, "poll", func(ctx context.Context) error {
		u, err := a.api.GetMe(ctx)
		if err != nil {
			return err
		}
		a.mu.Lock()
		a.identity = identity{id: u.ID, name: u.Username}
		a.mu.Unlock()
		a.identifyOnce.Do(func() { close(a.identified) })
		a.clearProblem("start")
		return nil
	})
}

// self is who the bot is.
func (a *Adapter) self() identity {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.identity
}

// currentInbox is the inbox that Run was given.
func (a *Adapter) currentInbox() bot.Inbox {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.inbox
}

// Username is the bot's username without @; empty until getMe has been answered.
func (a *Adapter) Username() string { return a.self().name }
