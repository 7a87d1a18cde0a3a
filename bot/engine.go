package bot

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"hash/maphash"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"
)

// Config is what an engine is made of.
type Config struct {
	Store    Store
	Flows    *Flows
	Policy   *Policy
	Catalog  Catalog              // languages besides English; nil is none
	Now      func() time.Time     // the only source of time
	Passed   func() time.Duration // time passed by a clock that nobody sets, to check Now by; nil has Now trusted
	Adapters []Adapter
	Hands    map[string]Hand // by what a state may Do
	Blobs    Blobs           // people's files; nil keeps none
	Log      *slog.Logger    // nil is silent
	Meter    Meter           // nil counts nothing
	At       func(Point)     // called at each crash point; nil outside drills
	// News writes a case for the shop as it stands, with its whole journal and its order; nil where the shop does not
	// listen. What it writes is given to the hand "send_news", as the fact "data".
	News func(c *Conversation, journal []Entry, o *Order) string
	// PolicyAt finds a policy that was in force, by its version, for replays; nil knows only the present one.
	PolicyAt func(ctx context.Context, version string) (*Policy, error)
}

// Engine runs conversations: what comes in, the turns, and what goes out.
type Engine struct {
	cfg      Config
	book     *book
	adapters map[string]Adapter
	locks    [256]sync.Mutex // one conversation, one turn at a time; by the key's hash
	seed     maphash.Seed
	shop     chan struct{} // one for each task that the shop is being asked just now
	wake     chan struct{} // work is waiting
	stuck    map[Key]stuck // deadlines that could not be fired; only runDeadlines and Drain look at it
	held     *time.Time    // until when no deadline fires, once it is known; only runDeadlines and Drain look at it
	clock    chan struct{} // a deadline has come or gone, or the clock was moved
	trust    trust
	albums   *albums
	pulse    pulse           // only runDeadlines and Drain look at it
	grave    map[string]bool // events of deadlines that may move money
}

// NewEngine checks the flows and makes an engine of them; every fault of the flows is in the error.
func NewEngine(ctx context.Context, cfg Config) (*Engine, error) {
	if err := errors.Join(Check(cfg.Flows, cfg.Policy)...); err != nil {
		return nil, fmt.Errorf("check flows: %w", err)
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Meter == nil {
		cfg.Meter = Unmetered{}
	}
	if cfg.At == nil {
		cfg.At = func(Point) {}
	}
	e := &Engine{cfg: cfg, book: newBook(cfg.Flows, cfg.Catalog), adapters: map[string]Adapter{}, seed: maphash.MakeSeed(), stuck: map[Key]stuck{},
		shop: make(chan struct{}, atShop), wake: make(chan struct{}, 1), clock: make(chan struct{}, 1)}
	e.grave = e.book.findGrave()
	for _, a := range cfg.Adapters {
		e.adapters[a.Name()] = a
	}
	for name, w := range cfg.Flows.Works {
		if cfg.Hands[name] == nil && !w.Optional {
			return nil, fmt.Errorf("nobody does %q: a hand is missing", name)
		}
	}
	if cfg.News != nil && cfg.Hands[newsHand] == nil {
		return nil, fmt.Errorf("nobody does %q: a hand is missing", newsHand)
	}
	e.albums = newAlbums(e.Now())
	e.ClockTrusted() // from here on the two clocks are compared
	return e, ctx.Err()
}

// Flows returns what the engine says and decides.
func (e *Engine) Flows() *Flows { return e.cfg.Flows }

// Blobs returns where people's files are kept; nil where none are.
func (e *Engine) Blobs() Blobs { return e.cfg.Blobs }

// Policy returns the policy in force.
func (e *Engine) Policy() *Policy { return e.cfg.Policy }

// Store returns where everything is kept.
func (e *Engine) Store() Store { return e.cfg.Store }

// Now returns the time by the house's clock.
func (e *Engine) Now() time.Time { return e.cfg.Now().UTC() }

// Wake makes Run look at the clock again: it was moved.
func (e *Engine) Wake() {
	poke(e.wake)
	poke(e.clock)
}

func poke(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// lock keeps everybody else out of a conversation's turns; call what it returns to let go.
func (e *Engine) lock(key Key) func() {
	m := &e.locks[maphash.String(e.seed, string(key))%uint64(len(e.locks))]
	m.Lock()
	return m.Unlock
}

// turnOf loads a conversation, lets event make an event of it, decides and commits; a stale record is loaded again.
// What is already in c is committed along. It returns ErrSeen where the event was handled before, and ErrNone where
// there is no such conversation and the event begins none.
func (e *Engine) turnOf(ctx context.Context, key Key, c Commit, event func(v *View) (Event, string)) error {
	took := stopwatch()
	defer e.lock(key)()
	for try := 0; ; try++ {
		v, err := e.view(ctx, key)
		if err != nil {
			return err
		}
		turn, err := e.decideOn(ctx, v, event)
		if err != nil {
			return err
		}
		e.cfg.At(Decided)
		news, err := e.tidings(ctx, v, &turn)
		if err != nil {
			return err
		}
		turn.Tasks = append(news, turn.Tasks...) // the shop hears where a case stands before what it is to do
		commit := c
		e.fill(&commit, v, &turn)
		err = e.commit(ctx, &commit)
		if errors.Is(err, ErrStale) && try < 16 {
			continue
		}
		if err == nil {
			e.turned(ctx, v, &turn, took())
		}
		return err
	}
}

// decideOn makes the turn; a panic in it is an error and harms nothing else.
func (e *Engine) decideOn(ctx context.Context, v *View, event func(v *View) (Event, string)) (turn Turn, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = caught(r)
		}
	}()
	ev, note := event(v)
	v.Event = &ev
	if err := e.cast(ctx, v); err != nil {
		return Turn{}, err
	}
	if v.Conv.State == "" && !e.begin(v) {
		return Turn{}, ErrNone
	}
	if note != "" {
		return e.book.refuse(v, note), nil
	}
	if err := e.recollect(ctx, v); err != nil {
		return Turn{}, err
	}
	turn, err = e.book.decide(v)
	if err != nil {
		err = fmt.Errorf("%w: %w", errTurn, err)
	}
	return turn, err
}

// caught makes an error of a panic in a turn, with the place where it happened; a read that failed stays what it was.
func caught(r any) error {
	if f, ok := r.(readFault); ok {
		return f.err
	}
	return fmt.Errorf("%w: %v\n%s", errTurn, r, debug.Stack())
}

// errTurn marks a fault of ours in making a turn.
var errTurn = errors.New("the turn could not be made")

// commit stores a change and wakes whoever has work by it.
func (e *Engine) commit(ctx context.Context, c *Commit) error {
	took := stopwatch()
	if err := e.cfg.Store.Commit(ctx, c); err != nil {
		return err
	}
	e.cfg.Meter.Took("commit", "", took())
	e.cfg.At(Committed)
	if len(c.Tasks) > 0 {
		poke(e.wake)
	}
	if c.Conversation != nil && len(c.Conversation.Deadlines) > 0 {
		poke(e.clock)
	}
	return nil
}

func (e *Engine) newSeed() (seed [16]byte) {
	rand.Read(seed[:]) // never fails
	return seed
}
