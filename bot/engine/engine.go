package engine

import (
	"context"
	"fmt"
	"hash/maphash"
	"log/slog"
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
	Ruleset    *turn.Ruleset        // Flows, checked and made ready by turn.Prepare; nil has New do that
	Now        func() time.Time     // the only source of time
	BootTime   func() time.Duration // time passed by a clock that nobody sets, to check Now by; nil has Now trusted
	Adapters   []bot.Adapter
	Hands      map[string]bot.Hand  // by what a state may Do
	Blobs      bot.Blobs            // people's files; nil where none are stored
	Log        *slog.Logger         // nil is silent
	Meter      bot.Meter            // nil counts nothing
	Listener   bot.Listener         // asked what unclear words may mean; nil is nobody
	CrashPoint func(bot.CrashPoint) // called at each crash point; nil outside drills
	// CaseWebhook writes a case for the shop as it stands, with its whole journal and its order; nil where the shop does not
	// listen. What it writes is given to the hand "send_news", as the fact "data". It must be pure: it is called in a turn.
	CaseWebhook func(c *bot.Conversation, journal []bot.Entry, o *bot.Order) string
	// PolicyAt finds a policy that was in force, by its version, for replays; nil knows only the present one.
	PolicyAt func(ctx context.Context, version string) (*bot.Policy, error)
}

// Engine runs conversations: it receives messages, makes turns, delivers what they ask for and fires deadlines. It is made
// by New and works while Run does. It only puts its collaborators together and is the API over them; each of them owns a
// state of its own, and its type says which. Every exported method is safe for concurrent use, before, during and after
// Run, except that at most one of Run and Drain may be at work at a time.
type Engine struct {
	*base
	load        *loader
	turns       *turner
	settler     *settler
	people      *people
	orders      *orders
	receiver    *receiver
	deliverer   *deliverer
	clock       *clock
	lookout     *lookout
	operators   *operators
	eraser      *eraser
	housekeeper *housekeeper
	alarms      *alarms
	assistants  *Assistants
}

// New checks the flows and makes an engine of them; every fault of the flows is in the error. It starts nothing.
func New(ctx context.Context, cfg Config) (*Engine, error) {
	rules := cfg.Ruleset
	if rules == nil {
		var err error
		if rules, err = turn.Prepare(cfg.Flows, cfg.Policy, cfg.Catalog); err != nil {
			return nil, err
		}
	}
	cfg.Flows = rules.Flows
	if err := handsMissing(&cfg); err != nil {
		return nil, err
	}
	e := assemble(newBase(cfg, rules))
	e.clock.trusted() // from here on the two clocks are compared
	return e, ctx.Err()
}

// handsMissing says which work nobody does.
func handsMissing(cfg *Config) error {
	for name, w := range cfg.Flows.Works {
		if cfg.Hands[name] == nil && !w.Optional {
			return fmt.Errorf("nobody does %q: a hand is missing", name)
		}
	}
	if cfg.CaseWebhook != nil && cfg.Hands[caseWebhookHand] == nil {
		return fmt.Errorf("nobody does %q: a hand is missing", caseWebhookHand)
	}
	return nil
}

// assemble makes the collaborators, each from those it leans on. None of them is ever replaced, so they are read without a lock.
func assemble(b *base) *Engine {
	e := &Engine{base: b}
	e.load = &loader{b}
	e.turns = &turner{base: b, load: e.load, seed: maphash.MakeSeed()}
	e.settler = &settler{b}
	e.people = &people{b, e.load, e.turns, e.settler}
	e.orders = &orders{b}
	e.receiver = &receiver{b, e.load, e.turns, e.settler, e.people, newAlbums(b.now()), newFetches(),
		newRoomLimit(forgedAnswers, forgedPause), &strangers{}, newRoomLimit(strangersWords, strangersTime)}
	e.deliverer = &deliverer{b, e.load, e.turns, e.settler, e.people, e.receiver, make(chan struct{}, atShop), newOutages(),
		newOutages()}
	e.clock = &clock{base: b, turns: e.turns, waiting: e.receiver.albums, irreversible: b.rules.Irreversible(),
		stuck: map[bot.Key]stuck{}}
	e.lookout = &lookout{b, e.load}
	e.operators = &operators{b, e.turns}
	e.eraser = &eraser{b, e.turns}
	e.assistants = &Assistants{b, e.load, e.turns, e.receiver}
	e.housekeeper = &housekeeper{b}
	e.alarms = &alarms{base: b, platforms: e.deliverer.outages, desk: e.deliverer.desk, told: map[string]bool{}}
	return e
}

// Flows returns what the engine says and decides.
func (e *Engine) Flows() *bot.Flows { return e.cfg.Flows }

// Blobs returns where people's files are stored; nil where none are.
func (e *Engine) Blobs() bot.Blobs { return e.cfg.Blobs }

// Policy returns the policy in force, before any override for a seller or country.
func (e *Engine) Policy() *bot.Policy { return e.cfg.Policy }

// Store returns the store that everything is in.
func (e *Engine) Store() bot.Reading { return e.cfg.Store }

// Now returns the time by the configured clock, in UTC.
func (e *Engine) Now() time.Time { return e.now() }

// Leads says which state an event would lead to as a view stands; nothing is moved.
func (e *Engine) Leads(v *bot.View, event string) string { return e.rules.Leads(v, event) }

// Wake makes Run look for due tasks and deadlines at once: the clock was moved, or the store was changed from outside.
func (e *Engine) Wake() { e.wake() }

// Quiet says whether nothing is due: no deadline, and no task, not even one that is being done just now.
func (e *Engine) Quiet(ctx context.Context) (bool, error) {
	task, err := e.cfg.Store.NextTask(ctx)
	if err != nil || !task.IsZero() && !task.After(e.now().Add(leaseTime)) {
		return false, err
	}
	deadline, err := e.cfg.Store.NextDeadline(ctx)
	return deadline.IsZero() || deadline.After(e.now()), err
}

// Task returns a task and what became of it; ErrNone where there is none.
func (e *Engine) Task(ctx context.Context, id string) (bot.TaskRecord, error) {
	return e.cfg.Store.Task(ctx, id)
}

// Filed lists the conversations filed under a term, oldest key first, a hundred at most.
func (e *Engine) Filed(ctx context.Context, term string) ([]bot.Key, error) {
	return e.cfg.Store.Find(ctx, term, "", 100)
}

// Order loads an order as it is stored; ErrNone where there is none.
func (e *Engine) Order(ctx context.Context, id string) (bot.Order, error) {
	return e.cfg.Store.Order(ctx, id)
}
