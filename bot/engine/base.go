package engine

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"nevermind/bot"
	"nevermind/bot/turn"
)

// base is what every collaborator stands on: the configuration, the flows made ready for turns, the clock, and the two
// signals by which whoever commits wakes Run's loops. The signals and policies once read are all its state; it is safe for
// concurrent use.
type base struct {
	cfg          Config
	rules        *turn.Ruleset
	adapters     map[string]bot.Adapter // by name
	tasksDue     chan struct{}          // a task may have become due that is not claimed yet
	claims       *claims                // of due tasks
	policies     sync.Map               // by version: the policy in force as it counts for records that keep that one
	deadlinesDue chan struct{}          // a deadline has come or gone, or the clock was moved
}

// newBase fills in what a Config may leave out: it is silent, counts nothing and has no crash points.
func newBase(cfg Config, rules *turn.Ruleset) *base {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Meter == nil {
		cfg.Meter = bot.Unmetered{}
	}
	if cfg.CrashPoint == nil {
		cfg.CrashPoint = func(bot.CrashPoint) {}
	}
	b := &base{cfg: cfg, rules: rules, adapters: map[string]bot.Adapter{},
		tasksDue: make(chan struct{}, 1), deadlinesDue: make(chan struct{}, 1)}
	b.claims = newClaims(b)
	for _, a := range cfg.Adapters {
		b.adapters[a.Name()] = a
	}
	return b
}

// now is the only source of time in the engine; stopwatch, which measures for the meter, decides nothing. It is a wall clock
// in UTC, may jump (see trust) and may stand still in tests.
func (b *base) now() time.Time { return b.cfg.Now().UTC() }

// wake makes both of Run's loops look again.
func (b *base) wake() {
	signal(b.tasksDue)
	signal(b.deadlinesDue)
}

// signal wakes whoever waits on a channel of one place; a signal that is waiting already is enough.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// until is how long to wait for an instant: a second at most, because the clock may be moved, the machine may sleep, and another
// process may have stored something; less a part by chance, so that several do not look at once.
func (b *base) until(at time.Time) time.Duration {
	most := time.Second - rand.N(time.Second/4) //nolint:gosec // jitter
	if at.IsZero() {
		return most
	}
	return min(max(at.Sub(b.now()), time.Millisecond), most)
}

// remember runs f, whose reads a store may answer from memory: see bot.Remembering.
func (b *base) remember(ctx context.Context, f func(ctx context.Context) error) error {
	if s, ok := b.cfg.Store.(bot.Remembering); ok {
		return s.Remember(ctx, f)
	}
	return f(ctx)
}

// person loads somebody; who is not stored yet has no name and no room.
func (b *base) person(ctx context.Context, id bot.PersonID) (*bot.Person, error) {
	p, err := b.cfg.Store.Person(ctx, id)
	if errors.Is(err, bot.ErrNone) {
		return &bot.Person{ID: id}, nil
	}
	return &p, err
}

// personAt loads whose account it is; a stranger has no id.
func (b *base) personAt(ctx context.Context, account string) (*bot.Person, error) {
	p, err := b.cfg.Store.PersonAt(ctx, account)
	if errors.Is(err, bot.ErrNone) {
		return &bot.Person{}, nil
	}
	return &p, err
}

// notice is what somebody of support is told of a fault, with facts in the words.
func (b *base) notice(who *bot.Person, notice string, facts bot.Facts) string {
	v := &bot.View{Now: b.now(), Conv: &bot.Conversation{}, Frame: &bot.Frame{Facts: facts}, Event: &bot.Event{}, Actor: who,
		Renderer: b.rules}
	return b.rules.Say(v, who, b.rules.Notices[notice])
}

// sendTask is the task that sends a reply to its room, in that room's lane.
func sendTask(id string, class bot.Class, r bot.Reply, made time.Time) bot.Task {
	return bot.Task{ID: id, Lane: "room:" + string(r.Room), Do: bot.DoSend, Class: class, From: r.From, Reply: &r, Made: made}
}

// tellTask is the task that tells a conversation of an event, under the event's id. It stands in that conversation's lane, so
// that a conversation hears events in the order in which they were committed. A person is told by a conversation key too:
// bot.PersonKey.
func (b *base) tellTask(to bot.Key, ev bot.Event) bot.Task {
	return bot.Task{ID: ev.ID, Lane: "conv:" + string(to), Do: bot.DoTell, Class: bot.InnerClass, To: to, Event: ev, Made: b.now()}
}
