package engine_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"nevermind/bot"
)

// inDrill says whether a drill is run in full.
func inDrill() bool { return os.Getenv("NEVERMIND_DRILLS") != "" }

// slowestPress is how long one press in a hundred may take at most, on a machine that does nothing else.
const slowestPress = 3 * time.Second

// TestPressesAtOnceDrill has a seller press one button a thousand times, and in another case a thousand times yes and a thousand
// times no, all at the same moment and with the disk flushed: there is one transition. Where it is no drill, a hundred.
func TestPressesAtOnceDrill(t *testing.T) {
	each := 100
	if inDrill() {
		each = 1000
	}
	for name, yesAndNo := range map[string]bool{"one button": false, "yes and no": true} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t)
			h.sync = inDrill()
			h.reopen()
			h.order("81000001")
			h.ask("81000001")
			const seller, account = bot.Room("fake:s-1"), "fake:seller:s-1"
			yes, no := h.press("", seller, account, "Cancel and refund 24.90 USD"), h.press("", seller, account, "Say no")
			no.Fields = bot.Facts{"refusal": "other", "rejection": "It is packed already."}
			presses := times(each, yes, "yes")
			if yesAndNo {
				presses = append(presses, times(each, no, "no")...)
			}
			took := h.atOnce(presses)
			h.must(h.engine.Drain(t.Context()))
			key := bot.Key("case/81000001/0")
			accepted, rejected := h.moves(key, "seller_accepted"), h.moves(key, "seller_rejected")
			if accepted+rejected != 1 || !yesAndNo && accepted != 1 {
				t.Errorf("%d times yes and %d times no counted, want one", accepted, rejected)
			}
			o, err := h.store.Order(t.Context(), "81000001")
			h.must(err)
			if refunds := 2 * accepted; len(o.Book) != refunds { // a cancellation and a refund, or nothing
				t.Errorf("the book has %v", o.Book)
			}
			slices.Sort(took)
			p50, p99 := took[len(took)/2], took[len(took)*99/100]
			t.Logf("%d presses: %d transition, p50 %v, p99 %v", len(took), accepted+rejected, p50, p99)
			if inDrill() && p99 > slowestPress {
				t.Errorf("p99 is %v, want %v at most", p99, slowestPress)
			}
		})
	}
}

// times is a message so often, each time with an id of its own.
func times(n int, m bot.Message, id string) []bot.Message {
	all := slices.Repeat([]bot.Message{m}, n)
	for i := range all {
		all[i].ID = fmt.Sprint(id, i)
	}
	return all
}

// atOnce sends messages from as many callers at one moment, and returns how long each waited for its acknowledgement.
func (h *harness) atOnce(all []bot.Message) []time.Duration {
	took := make([]time.Duration, len(all))
	start := make(chan struct{})
	var callers sync.WaitGroup
	for i, m := range all {
		callers.Go(func() {
			<-start
			began := time.Now()
			if err := h.engine.Receive(context.Background(), m); err != nil {
				h.t.Errorf("%s: %v", m.ID, err)
			}
			took[i] = time.Since(began)
		})
	}
	close(start)
	callers.Wait()
	return took
}
