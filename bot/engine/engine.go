package engine

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"log/slog"
	"sync"
	"time"

	"nevermind/bot"
	"nevermind/bot/turn"
)

// Config is what an engine is made of.
type Config struct {
	Store      bot.Store
	Flows      *bot.Flows
	Policy     *bot.Policy
	Catalog    bot.Catalog          // languages besides English; nil is none
	Now        func() time.Time     // the only source of time
	BootTime   func() time.Duration // time passed by a clock that nobody sets, to check Now by; nil has Now trusted
	Adapters   []bot.Adapter
	Hands      map[string]bot.Hand  // by what a state may Do
	Blobs      bot.Blobs            // people's files; nil keeps none
	Log        *slog.Logger         // nil is silent
	Meter      bot.Meter            // nil counts nothing
	CrashPoint func(bot.CrashPoint) // called at each crash point; nil outside drills
	// News writes a case for the shop as it stands, with its whole journal and its order; nil where the shop does not
	// listen. What it writes is given to the hand "send_news", as the fact "data".
	CaseWebhook func(c *bot.Conversation, journal []bot.Entry, o *bot.Order) string
	// PolicyAt finds a policy that was in force, by its version, for replays; nil knows only the present one.
	PolicyAt func(ctx context.Context, version string) (*bot.Policy, error)
}

// Engine runs conversations: what comes in, the turns, and what goes out.
type Engine struct {
	cfg          Config
	rules        *turn.Ruleset
	adapters     map[string]bot.Adapter
	locks        [256]sync.Mutex // one conversation, one turn at a time; by the key's hash
	seed         maphash.Seed
	shop         chan struct{}     // one for each task that the shop is being asked just now
	wake         chan struct{}     // work is waiting
	stuck        map[bot.Key]stuck // deadlines that could not be fired; only runDeadlines and Drain look at it
	held         *time.Time        // until when no deadline fires, once it is known; only runDeadlines and Drain look at it
	clock        chan struct{}     // a deadline has come or gone, or the clock was moved
	trust        trust
	albums       *albums
	pulse        heartbeats      // only runDeadlines and Drain look at it
	irreversible map[string]bool // events of deadlines that may move money
}

// NewEngine checks the flows and makes an engine of them; every fault of the flows is in the error.
func New(ctx context.Context, cfg Config) (*Engine, error) {
	if err := errors.Join(turn.Check(cfg.Flows, cfg.Policy)...); err != nil {
		return nil, fmt.Errorf("check flows: %w", err)
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Meter == nil {
		cfg.Meter = bot.Unmetered{}
	}
	if cfg.CrashPoint == nil {
		cfg.CrashPoint = func(bot.CrashPoint) {}
	}
	e := &Engine{cfg: cfg, rules: turn.NewRuleset(cfg.Flows, cfg.Catalog), adapters: map[string]bot.Adapter{}, seed: maphash.MakeSeed(), stuck: map[bot.Key]stuck{},
		shop: make(chan struct{}, atShop), wake: make(chan struct{}, 1), clock: make(chan struct{}, 1)}
	e.irreversible = e.rules.Irreversible()
	for _, a := range cfg.Adapters {
		e.adapters[a.Name()] = a
	}
	for name, w := range cfg.Flows.Works {
		if cfg.Hands[name] == nil && !w.Optional {
			return nil, fmt.Errorf("nobody does %q: a hand is missing", name)
		}
	}
	if cfg.CaseWebhook != nil && cfg.Hands[caseWebhookHand] == nil {
		return nil, fmt.Errorf("nobody does %q: a hand is missing", caseWebhookHand)
	}
	e.albums = newAlbums(e.Now())
	e.ClockTrusted() // from here on the two clocks are compared
	return e, ctx.Err()
}

// Flows returns what the engine says and decides.
func (e *Engine) Flows() *bot.Flows { return e.cfg.Flows }

// Blobs returns where people's files are kept; nil where none are.
func (e *Engine) Blobs() bot.Blobs { return e.cfg.Blobs }

// Policy returns the policy in force.
func (e *Engine) Policy() *bot.Policy { return e.cfg.Policy }

// Store returns where everything is kept.
func (e *Engine) Store() bot.Store { return e.cfg.Store }

// Now returns the time by the house's clock.
func (e *Engine) Now() time.Time { return e.cfg.Now().UTC() }

// Wake makes Run look at the clock again: it was moved.
func (e *Engine) Wake() {
	signal(e.wake)
	signal(e.clock)
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// commit stores a change and wakes whoever has work by it.
func (e *Engine) commit(ctx context.Context, c *bot.Commit) error {
	took := stopwatch()
	if err := e.cfg.Store.Commit(ctx, c); err != nil {
		return err
	}
	e.cfg.Meter.Took("commit", "", took())
	e.cfg.CrashPoint(bot.Committed)
	if len(c.Tasks) > 0 {
		signal(e.wake)
	}
	if c.Conversation != nil && len(c.Conversation.Deadlines) > 0 {
		signal(e.clock)
	}
	return nil
}
