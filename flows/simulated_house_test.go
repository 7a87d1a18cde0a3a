package flows_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"nevermind/adapters/shop"
	"nevermind/bot"
	"nevermind/bot/engine"
)

// simulated is a stage in a bubble of time (testing/synctest), on which platforms, shop, store, clock and machine fail as lines
// say: "platform: Ana unsure", "shop: lost", "store: busy 2", "clock: jump 25h", "crash: committed 3". The house has the
// deadlines, leases, timeouts and pauses of production; they pass in the bubble's time.
type simulated struct {
	*explorer
	began    time.Time             // by the bubble's clock
	skew     time.Duration         // how far the wall clock is from the time that has really passed
	believed time.Duration         // the skew at the last start, which the house cannot know of
	furthest time.Duration         // ahead that the wall clock ever was: deadlines that were set then stand
	sends    map[bot.Room][]ending // how the next messages to a room end
	calls    []ending              // how the next calls of the shop end
	busy     int                   // writes that the store refuses
	alive    []byte                // the heartbeat of the house
	patient  bool                  // who is calling now calls again after an error
	crashAt  bot.CrashPoint
	crashIn  int
	dead     bool
	healed   bool // nothing fails any more, and nobody checks the clock
	checks   checks
	steps    int // lines, answers of platforms and shop, deadlines, crashes
	trace    []string
}

// ending is how a call of a platform or of the shop ends.
type ending string

// The endings of calls besides a plain answer.
const (
	unsure  ending = "unsure"  // it is done, and the answer is lost
	lost    ending = "lost"    // it is not done, which the caller cannot know
	hangs   ending = "hangs"   // it is done, and nobody answers until the caller's timeout
	notSent ending = "notsent" // it is not done, and the caller knows
	later   ending = "later"   // 429: again in 40 s
	refused ending = "refused" // it will never be done
	panics  ending = "panics"
)

var (
	sendEndings = []ending{unsure, lost, hangs, notSent, later, later, refused, panics}
	callEndings = []ending{unsure, lost, hangs, panics}
)

// died is what a crash point throws.
type died struct{}

// newSimulated is such a stage; it must be made in a bubble.
func newSimulated(t testing.TB, random *rand.Rand, policy string) *simulated {
	s := &simulated{began: time.Now(), sends: map[bot.Room][]ending{}}
	s.checks = newChecks()
	s.explorer = &explorer{random, newStage(t, policy), "Lumen"}
	s.configured, s.received = s.configure, s.receive
	s.must(s.store.Close())
	s.open()
	return s
}

// configure puts what may fail between the house and the world.
func (s *simulated) configure(cfg *engine.Config) {
	cfg.Now = s.wall
	if !s.healed {
		cfg.BootTime = func() time.Duration { return time.Since(s.began) }
	}
	cfg.Store = &refusing{cfg.Store, s}
	cfg.Adapters = []bot.Adapter{&failing{s.stage, s}}
	cfg.CrashPoint = s.point
	cfg.Log = slog.New(complaints{s})
	for do, hand := range cfg.Hands {
		if s.pack != nil && s.rules.Works[do].Shop || s.rules.Works[do].AsksShop {
			cfg.Hands[do] = s.call(do, hand)
		}
	}
}

// wall is what the wall clock shows.
func (s *simulated) wall() time.Time {
	s.now = opening.Add(time.Since(s.began) + s.skew)
	return s.now
}

// point is where the house dies, once the line that said so has come true.
func (s *simulated) point(p bot.CrashPoint) {
	if p != s.crashAt || s.dead {
		return
	}
	if s.crashIn--; s.crashIn > 0 {
		return
	}
	s.crashAt, s.dead = "", true
	s.checks.crashes++
	s.store.Close() // from here on nothing more reaches the disk
	panic(died{})
}

// survive calls the house and says whether it is dead since.
func (s *simulated) survive(what func() error) (dead bool, err error) {
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(died); !ok {
				panic(r)
			}
		}
		dead = s.dead
	}()
	return false, what()
}

// retry calls the house until it answers, as those do who have heard no acknowledgement.
func (s *simulated) retry(what func() error) {
	for range 8 {
		s.patient = true
		dead, err := s.survive(what)
		s.patient = false
		switch {
		case dead:
			s.revive()
		case err == nil:
			return
		default:
			s.wait(70 * time.Second) // longer than a lease
		}
	}
	s.t.Errorf("the house does not answer any more")
}

// revive starts the house again on what its store has, and looks whether that is all that was acknowledged.
func (s *simulated) revive() {
	s.steps++
	s.dead, s.believed = false, s.skew
	s.open()
	s.nothingLost()
}

// wait lets time pass.
func (s *simulated) wait(d time.Duration) {
	<-time.After(d)
	s.wall()
}

// receive is how a platform hands a message over: again, until it is acknowledged.
func (s *simulated) receive(m bot.Message) error {
	s.retry(func() error { return s.engine.Receive(s.t.Context(), m) })
	s.checks.acknowledged = append(s.checks.acknowledged, m)
	return nil
}

// drain does what is due.
func (s *simulated) drain() { s.retry(func() error { return s.engine.Drain(s.t.Context()) }) }

// looks is how long the house is left alone at most: after a quarter of an hour it takes itself for having been away.
const looks = 14 * time.Minute

// pass lets time pass, and stops where something is due. What is overdue is held, and looked at less and less often.
func (s *simulated) pass(d time.Duration) {
	end, overdue := time.Now().Add(d), 0
	for {
		s.drain()
		left := time.Until(end)
		if left <= 0 {
			return
		}
		pause := s.untilDue()
		if pause <= 0 {
			pause = min(time.Minute<<min(overdue, 8), 4*time.Hour)
			overdue++
		} else {
			overdue = 0
		}
		if !s.healed {
			pause = min(pause, looks)
		}
		s.wait(min(left, pause))
	}
}

// untilDue is how long it is to the next deadline or task; not above zero where one waits already.
func (s *simulated) untilDue() time.Duration {
	deadline, err := s.store.NextDeadline(s.t.Context())
	s.must(err)
	task, err := s.store.NextTask(s.t.Context())
	s.must(err)
	next := deadline
	if next.IsZero() || !task.IsZero() && task.Before(next) {
		next = task
	}
	if next.IsZero() {
		return 24 * time.Hour
	}
	return next.Sub(s.wall())
}

// happens plays a line, and what follows from it.
func (s *simulated) happens(line string) {
	s.wall()
	s.steps++
	s.trace = append(s.trace, line)
	line, s.held = strings.CutPrefix(line, "& ")
	kind, what, _ := strings.Cut(line, ": ")
	words := strings.Fields(what)
	switch {
	case kind == "clock":
		s.ticks(words)
	case kind == "platform":
		s.sends[roomOf(words[0])] = append(s.sends[roomOf(words[0])], ending(words[1]))
	case kind == "store":
		s.busy, _ = strconv.Atoi(words[1])
	case kind == "crash":
		s.crashAt = bot.CrashPoint(words[0])
		s.crashIn, _ = strconv.Atoi(words[1])
	case kind == "shop" && slices.Contains(callEndings, ending(words[0])):
		s.calls = append(s.calls, ending(words[0]))
	case kind == "shop" && (words[0] == "settle" || words[0] == "fail"):
		s.settled(words[1], words[0] == "settle")
	case kind == "shop" && len(words) > 1:
		s.shopChanges(line, words[1])
	default:
		s.whole(func() { s.line(line) }, nil)
	}
	if !s.held {
		s.drain()
	}
	s.news = nil
}

// whole plays something to its end: where the house has died in it, again, unless it was done.
func (s *simulated) whole(play func(), done func() bool) {
	for range 5 {
		dead, _ := s.survive(func() error { play(); return nil })
		if !dead {
			return
		}
		s.revive()
		if done != nil && done() {
			return
		}
	}
}

// shopChanges is a change of an order by the shop, which is not made again where the house died after it was stored.
func (s *simulated) shopChanges(line, order string) {
	before, err := s.store.Order(s.t.Context(), order)
	s.must(err)
	s.whole(func() { s.line(line) }, func() bool {
		now, err := s.store.Order(s.t.Context(), order)
		s.must(err)
		return now.Version != before.Version
	})
}

// settled is the shop's word of how the order's pending refund ended, until it is acknowledged.
func (s *simulated) settled(order string, ok bool) {
	o, err := s.store.Order(s.t.Context(), order)
	s.must(err)
	n := slices.IndexFunc(o.Book, func(p bot.Posting) bool { return p.Do == "pay_refund" && p.State == "pending" })
	if n < 0 {
		return
	}
	task := o.Book[n].Task
	s.retry(func() error {
		out, err := s.book.SettleRefund(s.t.Context(), order, task, ok, "closed")
		if errors.Is(err, shop.ErrHeld) || errors.Is(err, shop.ErrSettled) {
			return nil
		}
		if err == nil {
			err = s.engine.Result(s.t.Context(), task, out)
		}
		if errors.Is(err, bot.ErrSeen) {
			return nil
		}
		return err
	})
}

// ticks lets time pass ("+3d", "next"), sets the wall clock wrong ("jump 25h") or right.
func (s *simulated) ticks(words []string) {
	switch words[0] {
	case "jump":
		by, err := time.ParseDuration(words[1])
		s.must(err)
		s.skew += by
		s.furthest = max(s.furthest, s.skew)
	case "right":
		s.skew = 0
	case "next":
		s.pass(max(time.Second, s.untilDue()))
	default:
		days, isDays := strings.CutSuffix(words[0], "d")
		if isDays {
			n, err := strconv.Atoi(strings.TrimPrefix(days, "+"))
			s.must(err)
			s.pass(time.Duration(n) * 24 * time.Hour)
			return
		}
		d, err := time.ParseDuration(strings.TrimPrefix(words[0], "+"))
		s.must(err)
		s.pass(d)
	}
}

// failing is the stage's platform, whose calls end as they are told to.
type failing struct {
	*stage
	s *simulated
}

// Send shows a message, or does not.
func (f *failing) Send(ctx context.Context, d bot.Delivery) (bot.Ref, error) {
	f.s.steps++
	room, how := d.Reply.Room, ending("")
	if ends := f.s.sends[room]; len(ends) > 0 {
		how, f.s.sends[room] = ends[0], ends[1:]
	}
	switch how {
	case lost:
		return "", errors.New("connection reset")
	case notSent:
		return "", bot.ErrNotSent
	case later:
		return "", bot.Later{After: 40 * time.Second}
	case refused:
		f.s.checks.excused[room] = true
		return "", bot.ErrRefused
	case panics:
		panic("an adapter's mistake")
	}
	ref, err := f.stage.Send(ctx, d)
	if err == nil {
		f.s.showed(&d)
	} else {
		f.s.checks.excused[room] = true // it is gone
	}
	switch how {
	case unsure:
		f.s.checks.unsure++
		return "", errors.New("connection reset")
	case hangs:
		f.s.checks.unsure++
		<-ctx.Done()
		return "", ctx.Err()
	}
	return ref, err
}

// call is a hand of the shop's, whose calls end as they are told to.
func (s *simulated) call(do string, hand bot.Hand) bot.Hand {
	return func(ctx context.Context, t bot.Task) (bot.Outcome, error) {
		s.steps++
		how := ending("")
		if len(s.calls) > 0 {
			how, s.calls = s.calls[0], s.calls[1:]
		}
		switch how {
		case lost:
			return bot.Outcome{}, errors.New("connection reset")
		case panics:
			panic("a hand's mistake")
		}
		before, err := s.store.Order(ctx, t.Order)
		if err != nil && !errors.Is(err, bot.ErrNone) {
			return bot.Outcome{}, err
		}
		out, err := hand(ctx, t)
		if err == nil {
			s.shopDid(do, &t, &before, out)
		}
		switch how {
		case unsure:
			return bot.Outcome{}, errors.New("connection reset")
		case hangs:
			<-ctx.Done()
			return bot.Outcome{}, ctx.Err()
		}
		return out, err
	}
}

// refusing is the store, which takes no write for a while.
type refusing struct {
	bot.Store
	s *simulated
}

// Commit commits, or is busy.
func (r *refusing) Commit(ctx context.Context, c *bot.Commit) error {
	if r.s.patient && r.s.busy > 0 {
		r.s.busy--
		return bot.ErrBusy
	}
	return r.Store.Commit(ctx, c)
}

// SetValue and Value keep the house's heartbeat beside the file, whatever becomes of the house: stored each time the house looks
// around, it was half of what a simulation cost.
func (r *refusing) SetValue(ctx context.Context, name string, value []byte) error {
	if name == "alive" {
		r.s.alive = value
		return nil
	}
	return r.Store.SetValue(ctx, name, value)
}

func (r *refusing) Value(ctx context.Context, name string) ([]byte, error) {
	if name == "alive" && r.s.alive != nil {
		return r.s.alive, nil
	}
	return r.Store.Value(ctx, name)
}

// complaints fails a simulation where the house reports a fault of its own; what it must report is no fault.
type complaints struct{ s *simulated }

func (c complaints) Enabled(_ context.Context, level slog.Level) bool {
	return level >= slog.LevelError
}
func (c complaints) WithAttrs([]slog.Attr) slog.Handler { return c }
func (c complaints) WithGroup(string) slog.Handler      { return c }

func (c complaints) Handle(_ context.Context, r slog.Record) error {
	var why []string
	r.Attrs(func(a slog.Attr) bool { why = append(why, a.String()); return true })
	said := r.Message + ": " + strings.Join(why, ", ")
	for _, fair := range []string{"the clock has jumped", bot.ErrBusy.Error(), bot.ErrClosed.Error()} {
		if c.s.dead || strings.Contains(said, fair) {
			return nil
		}
	}
	c.s.t.Errorf("the house reports: %s", said)
	return nil
}

// trial is a test that only takes down what goes wrong in it.
type trial struct {
	testing.TB
	faults []string
}

// abandoned is what ends a trial at once.
type abandoned struct{}

func (t *trial) Helper()                     {}
func (t *trial) Failed() bool                { return len(t.faults) > 0 }
func (t *trial) Logf(string, ...any)         {}
func (t *trial) Error(args ...any)           { t.faults = append(t.faults, fmt.Sprint(args...)) }
func (t *trial) Errorf(f string, all ...any) { t.faults = append(t.faults, fmt.Sprintf(f, all...)) }

func (t *trial) Fatal(args ...any) {
	t.Error(args...)
	panic(abandoned{})
}

func (t *trial) Fatalf(f string, all ...any) {
	t.Errorf(f, all...)
	panic(abandoned{})
}
