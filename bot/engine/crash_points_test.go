package engine_test

import (
	"context"
	"errors"
	"maps"
	"os"
	"regexp"
	"slices"
	"sync"
	"testing"
	"time"

	"nevermind/bot"
	"nevermind/store/encryption"
	"nevermind/store/postgres"
	"nevermind/store/postgres/postgrestest"
	"nevermind/store/record"
)

func TestMain(m *testing.M) { os.Exit(postgrestest.Main(m)) }

// blow is what happens at a crash point of the crash matrix.
type blow string

// The blows: one column each of the matrix.
const (
	killed   blow = "killed"    // the process dies; it is started again
	panicked blow = "panic"     // the code panics, and whoever called goes on
	failing  blow = "error"     // the store refuses the next write
	diskFull blow = "disk full" // the store takes no more until it is started again
	stalled  blow = "stall"     // everything stands still for 30 seconds
	cancel   blow = "cancel"    // whoever called gives up
)

var blows = []blow{killed, panicked, failing, diskFull, stalled, cancel}

// crash is what a crash point throws in a drill.
type crash struct{ at bot.CrashPoint }

// drill is one run of the same story, struck at the n-th crash point it passes.
type drill struct {
	*harness
	stop   int // 0: never
	blow   blow
	giveUp context.CancelFunc // of whoever calls now

	mu     sync.Mutex
	passed []bot.CrashPoint
	struck bool
}

// point strikes at its crash point.
func (d *drill) point(p bot.CrashPoint) {
	d.mu.Lock()
	d.passed = append(d.passed, p)
	strike := len(d.passed) == d.stop
	d.struck = d.struck || strike
	d.mu.Unlock()
	if !strike {
		return
	}
	switch d.blow {
	case killed: // from here on nothing more reaches the disk
		d.must(d.store.Close())
		panic(crash{p})
	case panicked:
		panic(crash{p})
	case failing:
		d.broken.next(bot.ErrBusy, false)
	case diskFull:
		d.broken.next(bot.ErrBroken, true)
	case stalled:
		d.move(30 * time.Second)
	case cancel:
		d.giveUp()
	}
}

// do does something; after a blow whoever asked, and heard no acknowledgement, asks again, once leases have run out.
func (d *drill) do(what func(ctx context.Context) error) {
	for range 5 {
		ctx, giveUp := context.WithCancel(context.Background())
		d.giveUp = giveUp
		crashed, err := survive(func() error { return what(ctx) })
		giveUp()
		if !crashed && err == nil {
			return
		}
		if !d.struck {
			d.t.Fatal(err)
		}
		switch d.blow {
		case killed, diskFull:
			d.store.Close() // where the disk was full, it is open still
			d.open()
		default:
			d.move(70 * time.Second) // longer than a lease
		}
	}
	d.t.Fatalf("not over the %s after five tries", d.blow)
}

// survive says whether something ended in a crash.
func survive(what func() error) (crashed bool, err error) {
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(crash); !ok {
				panic(r)
			}
			crashed = true
		}
	}()
	return false, what()
}

func (d *drill) receive(m bot.Message) {
	d.do(func(ctx context.Context) error { return d.engine.Receive(ctx, m) })
	d.drain()
}

// drain does what is due; what a blow has left leased is due once the lease has run out.
func (d *drill) drain() {
	again := func() { d.do(func(ctx context.Context) error { return d.engine.Drain(ctx) }) }
	again()
	if d.struck && d.blow != killed {
		d.move(70 * time.Second) // longer than a lease
		again()
	}
}

// story plays a cancelled order from the first word to the money, with a photo that is fetched on the way, and the day's end.
func (d *drill) story() {
	buyer, seller := bot.Room("fake:b-1"), bot.Room("fake:s-1")
	ana, lumen := "fake:buyer:b-1", "fake:seller:s-1"
	d.receive(bot.Message{ID: "1", Room: buyer, Account: ana, Text: "cancel 81000001"})
	d.receive(d.press("2", buyer, ana, "I don't need it any more"))
	d.receive(d.press("4", buyer, ana, "Yes, ask the seller"))
	d.receive(photo("photo", 1))
	d.move(13 * time.Hour) // the reminder
	d.drain()
	d.receive(d.press("5", seller, lumen, "Cancel and refund 24.90 USD"))
	d.do(func(ctx context.Context) error {
		_, err := d.engine.ChangeOrder(ctx, "81000001", func(o *bot.Order) error { o.Tracking = "x"; return nil })
		return err
	})
	d.settle()
	d.drain()
	d.move(90 * 24 * time.Hour)
	d.drain()
	d.do(func(ctx context.Context) error { // until it is told to stop
		ctx, stop := context.WithCancel(ctx)
		stop()
		return d.engine.Run(ctx)
	})
}

// settle is the shop's late word that the refund is paid.
func (d *drill) settle() {
	d.do(func(ctx context.Context) error {
		o, err := d.store.Order(ctx, "81000001")
		if err != nil {
			return err
		}
		for _, p := range o.Book {
			if p.Do == "pay_refund" {
				out, err := d.book.SettleRefund(ctx, o.ID, p.Task, true, "")
				if err != nil {
					return err
				}
				return d.engine.Result(ctx, p.Task, out)
			}
		}
		return errors.New("no refund was ordered")
	})
}

func newDrill(t testing.TB, stop int) *drill { return newDrillOn(t, stop, killed, nil) }

// newDrillOn is a drill with a blow at its stop, over a store; nil is bolt.
func newDrillOn(t testing.TB, stop int, how blow, openStore func() (bot.Store, error)) *drill {
	d := &drill{harness: newHarnessOn(t, openStore), stop: stop, blow: how}
	d.order("81000001")
	d.at, d.broken = d.point, &brokenStore{}
	d.must(d.store.Close())
	d.open()
	return d
}

// brokenStore is a store whose writes fail while a drill wants it.
type brokenStore struct {
	bot.Store
	mu      sync.Mutex
	err     error
	forGood bool
	hit     bool // a write has failed
}

// next makes the next write fail, or all from then on.
func (s *brokenStore) next(err error, forGood bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err, s.forGood = err, forGood
}

// write is the error of a write; nil is none.
func (s *brokenStore) write() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := s.err
	s.hit = s.hit || err != nil
	if !s.forGood {
		s.err = nil
	}
	return err
}

// over is whether a write has failed for good: then nothing can be read either, as with a real store.
func (s *brokenStore) over() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.forGood && s.hit {
		return s.err
	}
	return nil
}

// Claim and Due are what a house reads first in each round.
func (s *brokenStore) Claim(ctx context.Context, now time.Time, n int, lease time.Duration) ([]bot.Lease, error) {
	if err := s.over(); err != nil {
		return nil, err
	}
	return s.Store.Claim(ctx, now, n, lease)
}

func (s *brokenStore) Due(ctx context.Context, now time.Time, n int) ([]bot.DueDeadline, error) {
	if err := s.over(); err != nil {
		return nil, err
	}
	return s.Store.Due(ctx, now, n)
}

// Commit, Attempt, Settle and SetValue are the writes of a running house.
func (s *brokenStore) Commit(ctx context.Context, c *bot.Commit) error {
	if err := s.write(); err != nil {
		return err
	}
	return s.Store.Commit(ctx, c)
}

func (s *brokenStore) Attempt(ctx context.Context, l ...bot.Lease) error {
	if err := s.write(); err != nil {
		return err
	}
	return s.Store.Attempt(ctx, l...)
}

func (s *brokenStore) Settle(ctx context.Context, l bot.Lease, now time.Time, o bot.Outcome) error {
	if err := s.write(); err != nil {
		return err
	}
	return s.Store.Settle(ctx, l, now, o)
}

func (s *brokenStore) SetValue(ctx context.Context, name string, value []byte) error {
	if err := s.write(); err != nil {
		return err
	}
	return s.Store.SetValue(ctx, name, value)
}

// differs from run to run: a case's name, and the instants that a blow has put off.
var differs = regexp.MustCompile(`C-[0-9A-Z]{8}|[A-Z][a-z]+day( [0-9]+ [A-Z][a-z]+)?( [0-9]+:[0-9]+ UTC)?`)

// words is what every room was told, each once.
func (d *drill) words() map[string]bool {
	said := map[string]bool{}
	for _, t := range d.told {
		said[string(t.Reply.Room)+string(t.Reply.Mode)+differs.ReplaceAllString(t.Reply.Text, "…")] = true
	}
	return said
}

// TestCrashMatrix strikes the engine at every crash point, each in a run of its own, in every way and on both stores: the story
// ends the same, nobody misses a word, and money moves once. A point that the story never passes fails. Of a point that is
// passed often the first time is tried, on bolt the last one too, on PostgreSQL by a death alone; with NEVERMIND_DRILLS=1 every
// single one.
func TestCrashMatrix(t *testing.T) {
	every := os.Getenv("NEVERMIND_DRILLS") != ""
	for name, open := range map[string]func(t *testing.T) func() (bot.Store, error){
		"bolt": func(*testing.T) func() (bot.Store, error) { return nil },
		"postgres": func(t *testing.T) func() (bot.Store, error) {
			if !every && os.Getenv("CI") == "" {
				t.Skip("played in CI and by make drills")
			}
			cfg, key := postgres.Config{URL: postgrestest.URL(t)}, encryption.NewMaster()
			cfg.Keys = func(wrapped [][]byte) (record.Keys, error) { return key.Keys(wrapped) }
			return func() (bot.Store, error) { return postgres.Open(context.Background(), cfg) }
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			whole := newDrillOn(t, 0, "", open(t))
			whole.story()
			var stops []int
			for _, p := range bot.CrashPoints {
				first := slices.Index(whole.passed, p)
				if first < 0 {
					t.Errorf("the story never passes %s", p)
					continue
				}
				for n := range whole.passed {
					last := !slices.Contains(whole.passed[n+1:], p)
					if whole.passed[n] == p && (n == first || every || last && name == "bolt") {
						stops = append(stops, n+1)
					}
				}
			}
			for _, how := range blows {
				if name == "postgres" && how != killed && !every {
					continue // minutes, each with a database of its own
				}
				t.Run(string(how), func(t *testing.T) {
					t.Parallel()
					for _, stop := range stops {
						strike(t, whole, stop, how, open(t))
					}
					t.Logf("%d cells", len(stops))
				})
			}
		})
	}
}

// strike is one cell of the matrix, held against the story that nothing has struck.
func strike(t *testing.T, whole *drill, stop int, how blow, open func() (bot.Store, error)) {
	d := newDrillOn(t, stop, how, open)
	d.story()
	at := whole.passed[stop-1]
	o, err := d.store.Order(t.Context(), "81000001")
	d.must(err)
	if state := d.state("case/81000001/0"); len(o.Book) != 2 || state != "refunded" {
		t.Errorf("%s at %s (%d): the book has %v and the case is %s", how, at, stop, o.Book, state)
	}
	for _, said := range slices.Sorted(maps.Keys(whole.words())) {
		if !d.words()[said] {
			t.Errorf("%s at %s (%d): missed: %s", how, at, stop, said)
		}
	}
	if len(d.told)-len(whole.told) > 1 {
		t.Errorf("%s at %s (%d): %d sent for %d", how, at, stop, len(d.told), len(whole.told))
	}
	d.must(d.store.Close())
}
