// Package hook is a shop that is a system of its own. What it is to do (commands) and to know (case webhooks) goes to its
// address as signed webhooks (Standard Webhooks), at least once, until it answers or three days are over.
//
// A command's outcome comes in the answer, or later over the API, and counts once: the first outcome stands. Amounts are
// posted in the order before the shop is asked for them, so that no more than was paid is ever asked for, whoever asks.
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

// Config is where the shop is and how it is reached; URL, Secret and Now are needed.
type Config struct {
	URL    string           // http or https; may be a private address
	Secret string           // "whsec_" and 24 to 64 bytes in base64
	Client *http.Client     // nil is one of our own; its redirects are never followed
	Now    func() time.Time // the engine's clock
	Meter  bot.Meter        // nil counts nothing
	Log    *slog.Logger     // nil is silent
}

// Engine is where orders and tasks are stored.
type Engine interface {
	shop.Engine
	// Task returns a task and what became of it; bot.ErrNone where there is none.
	Task(ctx context.Context, id string) (bot.TaskRecord, error)
	// Result is a late outcome of a task: the first counts, another is bot.ErrSeen.
	Result(ctx context.Context, task string, o bot.Outcome) error
	// Bounced takes that a refund which was done has come back; the same again is nil.
	Bounced(ctx context.Context, task, why string) error
}

// Shop is the shop behind its webhook. Make it with New, give it the engine with Attach before the engine starts its hands;
// after that it is safe for concurrent use. It stores nothing itself: a restart loses nothing.
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

// New makes the shop and checks address and secret (ErrURL, ErrSecret). It sends nothing before an engine is attached.
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

// withoutRedirects is a client that follows no redirects: they could lead a signed command to somebody else.
func withoutRedirects(given *http.Client) *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxResponseHeaderBytes, transport.MaxIdleConnsPerHost = 64<<10, 16
	client := http.Client{Transport: transport}
	if given != nil {
		client = *given
	}
	// A redirect is then an answer like any other that is not 200 or 202, and the webhook is sent again.
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &client
}

// newSigner reads the secret; the library alone would accept an empty one.
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

// Attach gives the shop the engine whose orders and tasks it works on. Call it once, before the first task.
func (s *Shop) Attach(h Engine) {
	// The order book keeps the postings; it settles nothing by itself here.
	s.engine, s.book = h, &shop.Book{Shelf: h, Now: s.cfg.Now}
}

// Hands are the tasks that the shop can do, by name; the names are stored and never change. Where an order stands, and that
// a seller has no chat, is answered from the stored order: the shop hears of both by case webhooks.
func (s *Shop) Hands() map[string]bot.Hand {
	return map[string]bot.Hand{
		"cancel_order": s.CancelOrder, "pay_refund": s.PayRefund, "send_news": s.SendCaseWebhook,
		"check_order":    func(ctx context.Context, t bot.Task) (bot.Outcome, error) { return s.book.CheckOrder(ctx, t) },
		"check_tracking": func(ctx context.Context, t bot.Task) (bot.Outcome, error) { return s.book.CheckTracking(ctx, t) },
		"tell_shop":      func(ctx context.Context, t bot.Task) (bot.Outcome, error) { return s.book.TellShop(ctx, t) },
	}
}
