package engine_test

import (
	"context"
	"errors"
	"maps"
	"regexp"
	"slices"
	"testing"
	"time"

	"nevermind/bot"
)

// crash is what a crash point throws in a drill.
type crash struct{ at bot.CrashPoint }

// drill is one run of the same story, stopped dead at the n-th crash point it passes.
type drill struct {
	*harness
	stop   int // 0: never
	passed []bot.CrashPoint
}

// point stops the engine at its crash point: from here on nothing more reaches the disk.
func (d *drill) point(p bot.CrashPoint) {
	d.passed = append(d.passed, p)
	if len(d.passed) == d.stop {
		d.must(d.store.Close())
		panic(crash{p})
	}
}

// do does something; after a crash the engine is started again from what is stored, and the platform, which heard no
// acknowledgement, asks again.
func (d *drill) do(what func() error) {
	for {
		crashed := func() (crashed bool) {
			defer func() {
				if r := recover(); r != nil {
					if _, ok := r.(crash); !ok {
						panic(r)
					}
					crashed = true
				}
			}()
			err := what()
			if err != nil && !errors.Is(err, bot.ErrClosed) {
				d.t.Fatal(err)
			}
			return err != nil
		}()
		if !crashed {
			return
		}
		d.open()
	}
}

func (d *drill) receive(m bot.Message) {
	d.do(func() error { return d.engine.Receive(context.Background(), m) })
	d.drain()
}

func (d *drill) drain() { d.do(func() error { return d.engine.Drain(context.Background()) }) }

// story plays a cancelled order from the first word to the money, with a message that could not be turned at first.
func (d *drill) story() {
	buyer, seller := bot.Room("fake:b-1"), bot.Room("fake:s-1")
	ana, lumen := "fake:buyer:b-1", "fake:seller:s-1"
	d.receive(bot.Message{ID: "1", Room: buyer, Account: ana, Text: "cancel 81000001"})
	d.receive(d.press("2", buyer, ana, "I don't need it any more"))
	d.receive(d.press("4", buyer, ana, "Yes, ask the seller"))
	d.move(13 * time.Hour) // the reminder
	d.drain()
	d.receive(d.press("5", seller, lumen, "Cancel and refund 24.90 USD"))
	d.do(func() error {
		_, err := d.engine.ChangeOrder(context.Background(), "81000001", func(o *bot.Order) error { o.Tracking = "x"; return nil })
		return err
	})
	d.settle()
	d.drain()
	d.move(90 * 24 * time.Hour)
	d.drain()
}

// settle is the shop's late word that the refund is paid.
func (d *drill) settle() {
	d.do(func() error {
		o, err := d.store.Order(context.Background(), "81000001")
		if err != nil {
			return err
		}
		for _, p := range o.Book {
			if p.Do == "pay_refund" {
				out, err := d.book.SettleRefund(context.Background(), o.ID, p.Task, true, "")
				if err != nil {
					return err
				}
				return d.engine.Result(context.Background(), p.Task, out)
			}
		}
		return errors.New("no refund was ordered")
	})
}

func newDrill(t testing.TB, stop int) *drill {
	d := &drill{harness: newHarness(t), stop: stop}
	d.order("81000001")
	d.at = d.point
	d.must(d.store.Close())
	d.open()
	return d
}

// caseName differs from run to run.
var caseName = regexp.MustCompile(`C-[0-9A-Z]{8}`)

// words is what every room was told, each once.
func (d *drill) words() map[string]bool {
	said := map[string]bool{}
	for _, t := range d.told {
		said[string(t.Reply.Room)+string(t.Reply.Mode)+caseName.ReplaceAllString(t.Reply.Text, "C")] = true
	}
	return said
}

// TestEveryCrashPoint stops the engine at every single crash point that the story passes, each in a run of its own, and
// starts it again: the story ends the same, nobody misses a word, and money moves once.
func TestEveryCrashPoint(t *testing.T) {
	whole := newDrill(t, 0)
	whole.story()
	seen := map[bot.CrashPoint]bool{}
	for _, p := range whole.passed {
		seen[p] = true
	}
	for _, p := range bot.CrashPoints {
		if !seen[p] && p != bot.KeptForLater && p != bot.Stopping { // these have tests of their own
			t.Errorf("the story never passes %s", p)
		}
	}
	for stop := 1; stop <= len(whole.passed); stop++ {
		d := newDrill(t, stop)
		d.story()
		at := whole.passed[stop-1]
		o, err := d.store.Order(t.Context(), "81000001")
		d.must(err)
		if len(o.Book) != 2 || d.state("case/81000001/0") != "refunded" {
			t.Errorf("stopped at %s (%d): the book has %v and the case is %s", at, stop, o.Book, d.state("case/81000001/0"))
		}
		missed := 0
		for _, said := range slices.Sorted(maps.Keys(whole.words())) {
			if !d.words()[said] {
				missed++
			}
		}
		if missed > 0 || len(d.told)-len(whole.told) > 1 {
			t.Errorf("stopped at %s (%d): %d messages missed, %d sent for %d", at, stop, missed, len(d.told), len(whole.told))
		}
		d.must(d.store.Close())
	}
	t.Logf("%d crash points passed, each rehearsed", len(whole.passed))
}
