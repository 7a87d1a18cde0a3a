package web

import (
	"context"
	"errors"
	"time"

	"nevermind/bot/engine"

	"nevermind/bot"
)

// House is what the page needs of the engine; *bot.Engine is one.
type House interface {
	bot.Inbox
	Store() bot.Store
	Flows() *bot.Flows
	Blobs() bot.Blobs
	Foresee(ctx context.Context, key bot.Key, n int) ([]bot.Foresight, error)
	Ledger(ctx context.Context, reader *bot.Person, n int) ([]bot.Countdown, error)
	Now() time.Time
	Wake()
}

// ErrNotNow is a Shop's answer where another was quicker, or the order stands elsewhere.
var ErrNotNow = errors.New("the shop cannot do this with the order now")

// Shop is what the shop's side can do from the page.
type Shop interface {
	Put(ctx context.Context, o bot.Order) error      // a fresh order
	Confirm(ctx context.Context, order string) error // the payment: verifying to processing
	Ship(ctx context.Context, order, tracking string) error
	Deliver(ctx context.Context, order string) error
	Cancel(ctx context.Context, order string) error
	Settle(ctx context.Context, order, task string, ok bool) error // a refund that is pending
}

var _ House = (*engine.Engine)(nil)
