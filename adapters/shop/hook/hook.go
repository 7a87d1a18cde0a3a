// Package hook is the shop as a system of its own: what it is to do and to know goes to its address as signed webhooks
// (Standard Webhooks), and what comes of it is kept in the order's book.
package hook

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

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"nevermind/adapters/shop"
	"nevermind/bot"
)

// Config is where the shop is and what it is told with.
type Config struct {
	URL    string           // http or https; may be a private address
	Secret string           // "whsec_" and 24 to 64 bytes in base64
	Client *http.Client     // nil is one of our own; its redirects are never followed
	Now    func() time.Time // the house's clock
	Meter  bot.Meter        // nil counts nothing
	Log    *slog.Logger     // nil is silent
}

// Engine is where orders and tasks are kept: the engine.
type Engine interface {
	shop.Engine
	// Task returns a task and what became of it; bot.ErrNone where there is none.
	Task(ctx context.Context, id string) (bot.TaskRecord, error)
	// Result is a late outcome of a task: the first counts, another is bot.ErrSeen.
	Result(ctx context.Context, task string, o bot.Outcome) error
}

// Shop is the shop behind its webhook.
type Shop struct {
	cfg      Config
	sign     *standardwebhooks.Webhook
	client   *http.Client
	engine   Engine
	book     *shop.Book
	outcomes sync.Mutex // one late outcome at a time
}

// What New may find wrong; look for these with errors.Is.
var (
	ErrURL    = errors.New("not an http or https address")
	ErrSecret = errors.New(`not a secret: "whsec_" and 24 to 64 bytes in base64`)
)

// New makes the shop; it does nothing before a house is attached.
func New(cfg Config) (*Shop, error) {
	if u, err := url.Parse(cfg.URL); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, ErrURL // without the address, which may hold a password
	}
	sign, err := newSigner(cfg.Secret)
	if err != nil {
		return nil, err
	}
	if cfg.Meter == nil {
		cfg.Meter = bot.Unmetered{}
	}
	cfg.Log = cmp.Or(cfg.Log, slog.New(slog.DiscardHandler))
	return &Shop{cfg: cfg, sign: sign, client: withoutRedirects(cfg.Client)}, nil
}

// withoutRedirects is a client that follows nobody elsewhere.
func withoutRedirects(given *http.Client) *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxResponseHeaderBytes, transport.MaxIdleConnsPerHost = 64<<10, 16
	client := http.Client{Transport: transport}
	if given != nil {
		client = *given
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &client
}

// newSigner reads the secret; the library alone would take an empty one.
func newSigner(secret string) (*standardwebhooks.Webhook, error) {
	text, ok := strings.CutPrefix(secret, "whsec_")
	raw, err := base64Key(text)
	if !ok || err != nil || len(raw) < 24 || len(raw) > 64 {
		return nil, ErrSecret
	}
	w, err := standardwebhooks.NewWebhookRaw(raw)
	if err != nil {
		return nil, fmt.Errorf("make the signer: %w", err)
	}
	return w, nil
}

// Attach gives the shop the house whose orders and tasks it works on.
func (s *Shop) Attach(h Engine) {
	s.engine, s.book = h, &shop.Book{Engine: h, Now: s.cfg.Now}
}

// Hands are the tasks that the shop can do, by name. Where an order stands, and that a seller has no chat, is settled
// with the order held: the shop hears of that as news.
func (s *Shop) Hands() map[string]bot.Hand {
	return map[string]bot.Hand{
		"cancel_order": s.CancelOrder, "pay_refund": s.PayRefund, "send_news": s.SendCaseWebhook,
		"check_order":    func(ctx context.Context, t bot.Task) (bot.Outcome, error) { return s.book.CheckOrder(ctx, t) },
		"check_tracking": func(ctx context.Context, t bot.Task) (bot.Outcome, error) { return s.book.CheckTracking(ctx, t) },
		"tell_shop":      func(ctx context.Context, t bot.Task) (bot.Outcome, error) { return s.book.TellShop(ctx, t) },
	}
}
