package web

import (
	"context"
	"errors"
	"time"

	"nevermind/bot"
)

// Engine is what the page needs of the engine.
type Engine interface {
	bot.Inbox
	Store() bot.Reading
	Flows() *bot.Flows
	// Blobs stores people's files; nil where none are stored.
	Blobs() bot.Blobs
	// Foresee lists the next n moves of a conversation if nobody acts.
	Foresee(ctx context.Context, key bot.Key, n int) ([]bot.Foresight, error)
	// Ledger lists n deadlines that run, earliest first, as the reader may see them.
	Ledger(ctx context.Context, reader *bot.Person, n int) ([]bot.Countdown, error)
	Now() time.Time
	Wake() // fires what has become due, after the clock was moved
	// Quiet says whether nothing is due: neither a task nor a deadline.
	Quiet(ctx context.Context) (bool, error)
}

// ErrNotNow is a Shop's answer where another act was quicker, or the order stands elsewhere.
var ErrNotNow = errors.New("the shop cannot do this with the order now")

// Shop is what the shop's side can do with orders from the page. Each act looks at the order again in the commit that
// changes it, and fails with ErrNotNow where it no longer fits.
type Shop interface {
	Put(ctx context.Context, o bot.Order) error      // a fresh order
	Join(ctx context.Context, p bot.Person) error    // somebody new, with a place on the page
	StartOver(ctx context.Context) error             // fresh people and orders, beside those that were there
	Confirm(ctx context.Context, order string) error // the payment: verifying to processing
	Ship(ctx context.Context, order, tracking string) error
	Deliver(ctx context.Context, order string) error
	Cancel(ctx context.Context, order string) error
	Settle(ctx context.Context, order, task string, ok bool) error // a refund that is pending
}
