package engine_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"nevermind/bot"
)

// TestAThousandPresses: one transition, and everybody else gets a word in passing.
func TestAThousandPresses(t *testing.T) {
	h := newHarness(t)
	h.order("81000001")
	h.ask("81000001")
	m := h.press("", "fake:s-1", "fake:seller:s-1", "Cancel and refund 24.90 USD")
	var all sync.WaitGroup
	for worker := range 10 {
		all.Go(func() {
			for n := range 100 {
				press := m
				press.ID = fmt.Sprintf("press-%d-%d", worker, n)
				if err := h.engine.Receive(t.Context(), press); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	h.must(h.engine.Drain(t.Context()))
	if n := h.moves("case/81000001/0", "seller_accepted"); n != 1 {
		t.Errorf("%d presses counted, not one", n)
	}
	if got := h.state("case/81000001/0"); got != "refunding" {
		t.Errorf("the case is %s", got)
	}
	asides, cards := 0, 0
	for _, d := range h.rooms["fake:s-1"] {
		if d.Reply.Mode == bot.Aside {
			asides++
		} else if d.Reply.Mode == bot.New {
			cards++
		}
	}
	if asides != 999 || cards > 5 {
		t.Errorf("%d were answered in passing and %d messages sent; want 999, and no flood", asides, cards)
	}
}

// TestTwoPhones: the same request is confirmed on two phones at once; there is one case, and both are told the truth.
func TestTwoPhones(t *testing.T) {
	h := newHarness(t)
	h.person("buyer:b-1", "fake:b-1", "fake:b-1-phone")
	h.order("81000001")
	rooms := []bot.Room{"fake:b-1", "fake:b-1-phone"}
	who := "fake:buyer:b-1"
	for i, room := range rooms {
		id := fmt.Sprint(i)
		h.say(bot.Message{ID: id + "1", Room: room, Account: who, Text: "cancel 81000001"})
		h.say(h.press(id+"2", room, who, "I don't need it any more"))
	}
	var all sync.WaitGroup
	for i, room := range rooms {
		m := h.press(fmt.Sprint("confirm", i), room, who, "Yes, ask the seller")
		all.Go(func() {
			if err := h.engine.Receive(context.Background(), m); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	h.must(h.engine.Drain(t.Context()))
	keys, err := h.store.Find(t.Context(), "order:81000001", "", 10)
	if err != nil || len(keys) != 1 {
		t.Fatalf("there are the cases %v, %v; want one", keys, err)
	}
	prompts := 0
	for _, d := range h.rooms["fake:s-1"] {
		if d.Reply.Mode == bot.New {
			prompts++
		}
	}
	if prompts != 1 {
		t.Errorf("the seller was asked %d times", prompts)
	}
}

// TestSellerAndDeadline: a seller says no in the very second in which silence would say yes. One of the two counts, and
// the journal holds the other.
func TestSellerAndDeadline(t *testing.T) {
	for range 20 {
		h := newHarness(t)
		h.order("81000001")
		h.ask("81000001")
		offer := h.press("take", "fake:s-1", "fake:seller:s-1", "Cancel and refund 24.90 USD")
		h.move(24 * time.Hour)
		var all sync.WaitGroup
		all.Go(func() {
			if err := h.engine.Receive(context.Background(), offer); err != nil {
				t.Error(err)
			}
		})
		all.Go(func() {
			if err := h.engine.Drain(context.Background()); err != nil {
				t.Error(err)
			}
		})
		all.Wait()
		h.must(h.engine.Drain(t.Context()))
		key := bot.Key("case/81000001/0")
		if accepted, silent := h.moves(key, "seller_accepted"), h.moves(key, "seller_silent"); accepted+silent != 1 {
			t.Errorf("the seller counted %d times and the silence %d times", accepted, silent)
		}
		o, err := h.store.Order(t.Context(), "81000001")
		h.must(err)
		if refunds := len(o.Book); refunds != 2 {
			t.Errorf("the book has %v; want one cancellation and one refund", o.Book)
		}
	}
}
