package engine_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"nevermind/adapters/shop"
	"nevermind/bot"
)

// put changes the order as it is held and puts it again, stamped so much later than it was.
func (h *harness) put(id string, later time.Duration, change func(*bot.Order)) (bot.Order, error) {
	h.t.Helper()
	o, err := h.engine.Order(context.Background(), id)
	h.must(err)
	o.Book, o.Version = nil, 0
	o.Updated = o.Updated.Add(later)
	change(&o)
	held, err := h.engine.PutOrder(context.Background(), o)
	h.must(h.engine.Drain(context.Background()))
	return held, err
}

// TestPutsOutOfOrder: an equal stamp takes nothing back, our own acts never make a put late, and what was cancelled here
// stays cancelled.
func TestPutsOutOfOrder(t *testing.T) {
	h := newHarness(t)
	cancelled := func(id string, lines string) {
		out, err := h.book.CancelOrder(context.Background(), bot.Task{ID: "T-" + id, Order: id, Facts: bot.Facts{"lines": lines}})
		if h.must(err); out.Event != "order_cancelled" {
			t.Fatalf("cancel: got %+v", out)
		}
	}
	stage := func(s bot.Stage) func(*bot.Order) { return func(o *bot.Order) { o.Stage = s } }
	h.order("1")
	cancelled("1", "")
	if o, _ := h.put("1", 0, stage(bot.Processing)); o.Stage != bot.Cancelled {
		t.Errorf("the same put again: %s", o.Stage)
	}
	h.order("2")
	cancelled("2", "")
	if o, _ := h.put("2", 46*time.Hour, stage(bot.Shipped)); o.Stage != bot.Shipped { // made before it heard of ours
		t.Errorf("a put made before the shop heard of a cancellation: %s", o.Stage)
	}
	h.order("3")
	h.put("3", time.Hour, func(o *bot.Order) { o.Stage, o.Tracking, o.Carrier = bot.Delivered, "LP1", "DHL" })
	o, _ := h.put("3", 0, func(o *bot.Order) { o.Stage, o.Tracking = bot.Shipped, "" })
	if o.Stage != bot.Delivered || o.Tracking != "LP1" {
		t.Errorf("downgraded: %s %q", o.Stage, o.Tracking)
	}
	h.order("4")
	h.put("4", time.Hour, func(o *bot.Order) { o.Stage, o.Tracking = bot.PartShipped, "LP1" })
	if o, _ := h.put("4", time.Hour, func(o *bot.Order) { o.Tracking = "LP2" }); len(o.Parcels) != 2 {
		t.Errorf("a second parcel: %+v", o.Parcels)
	}
	if o, _ := h.put("4", -time.Hour, stage(bot.Processing)); o.Stage != bot.PartShipped {
		t.Errorf("an older put: %s", o.Stage)
	}
}

// TestPartiesStay: another seller's order never takes the place of one, and another buyer is not led into an open case.
func TestPartiesStay(t *testing.T) {
	h := newHarness(t)
	h.order("81000001")
	for _, c := range []struct {
		what   string
		change func(*bot.Order)
		field  string
	}{
		{"another buyer, nothing open", func(o *bot.Order) { o.Buyer = "buyer:b-2" }, ""},
		{"and back", func(o *bot.Order) { o.Buyer = "buyer:b-1" }, ""},
		{"another seller", func(o *bot.Order) { o.Seller = "seller:s-2" }, "seller_id"},
	} {
		_, err := h.put("81000001", time.Second, c.change)
		faults, _ := shop.FaultsOf(err)
		if (c.field == "") != (err == nil) || c.field != "" && (len(faults) != 1 || faults[0].Field != c.field) {
			t.Errorf("%s: got %v", c.what, err)
		}
	}
	h.ask("81000001")
	_, err := h.put("81000001", time.Second, func(o *bot.Order) { o.Buyer = "buyer:b-2" })
	var faults bot.Faults
	if !errors.As(err, &faults) || faults[0].Field != "buyer_id" {
		t.Errorf("another buyer with an open case: got %v", err)
	}
	if o, _ := h.engine.Order(context.Background(), "81000001"); o.Buyer != "buyer:b-1" {
		t.Errorf("the order is %s's now", o.Buyer)
	}
}

// TestAnotherBuyerMeanwhile: whatever an order has come to, its buyer stays who has something open about it, and nobody
// else hears of it.
func TestAnotherBuyerMeanwhile(t *testing.T) {
	const order, ana, lumen = "81000001", "fake:buyer:b-1", "fake:seller:s-1"
	accepted := func(h *harness) { h.say(h.press("yes", "fake:s-1", lumen, "Cancel and refund 24.90 USD")) }
	settled := func(h *harness) {
		o, err := h.engine.Order(t.Context(), order)
		h.must(err)
		task := o.Book[len(o.Book)-1].Task
		out, err := h.book.SettleRefund(t.Context(), order, task, true, "")
		h.must(err)
		h.must(h.engine.Result(t.Context(), task, out))
		h.must(h.engine.Drain(t.Context()))
	}
	asked := func(h *harness) { h.order(order); h.ask(order) }
	for _, c := range []struct {
		name   string
		before []func(*harness)
		later  time.Duration
		stays  bool
	}{
		{"nothing is open", []func(*harness){func(h *harness) { h.order(order) }}, time.Second, false},
		{"the seller is asked", []func(*harness){asked}, time.Second, true},
		{"the put is from before", []func(*harness){asked}, -time.Hour, true},
		{"the put has the same time", []func(*harness){asked}, 0, true},
		{"support decides", []func(*harness){func(h *harness) { h.dispute(order) }}, time.Second, true},
		{"the money is on its way", []func(*harness){asked, accepted}, time.Second, true},
		{"the money was sent", []func(*harness){asked, accepted, settled}, time.Second, false},
		{"the refund came back", []func(*harness){asked, accepted, settled, func(h *harness) {
			o, err := h.engine.Order(t.Context(), order)
			h.must(err)
			h.must(h.engine.Bounced(t.Context(), o.Book[len(o.Book)-1].Task, "closed"))
			h.must(h.engine.Drain(t.Context()))
		}}, time.Second, true},
		{"it was withdrawn", []func(*harness){asked, func(h *harness) {
			h.say(h.press("w", "fake:b-1", ana, "Withdraw my request"))
			h.say(h.press("y", "fake:b-1", ana, "Yes, withdraw it"))
		}}, time.Second, false},
		{"the seller writes a letter", []func(*harness){asked, func(h *harness) {
			h.say(h.press("l", "fake:s-1", lumen, "Write to the buyer"))
		}}, time.Second, true},
		{"the seller's time is over", []func(*harness){asked, func(h *harness) { h.pass(48 * time.Hour) }}, 60 * time.Hour, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHarness(t)
			h.person("buyer:b-2", "fake:b-2")
			for _, do := range c.before {
				do(h)
			}
			_, err := h.put(order, c.later, func(o *bot.Order) { o.Buyer = "buyer:b-2" })
			faults, _ := shop.FaultsOf(err)
			if refused := len(faults) == 1 && faults[0].Field == "buyer_id"; refused != c.stays {
				t.Errorf("got %v", err)
			}
			o, err := h.engine.Order(t.Context(), order)
			h.must(err)
			if (o.Buyer == "buyer:b-1") != c.stays {
				t.Errorf("the order is %s's now", o.Buyer)
			}
			if heard := h.heardBy("fake:b-2"); len(heard) > 0 {
				t.Errorf("the other hears %q", heard)
			}
		})
	}
}

// TestAnotherBuyerDuringATalk: who was asked for a last yes about an order that is another's by now asks nobody.
func TestAnotherBuyerDuringATalk(t *testing.T) {
	h := newHarness(t)
	h.order("81000001")
	h.say(bot.Message{ID: "1", Room: "fake:b-1", Account: "fake:buyer:b-1", Text: "cancel 81000001"})
	h.say(h.press("2", "fake:b-1", "fake:buyer:b-1", "I don't need it any more"))
	yes := h.press("3", "fake:b-1", "fake:buyer:b-1", "Yes, ask the seller")
	_, err := h.put("81000001", time.Second, func(o *bot.Order) { o.Buyer = "buyer:b-2" })
	h.must(err)
	h.say(yes)
	if _, err := h.store.Conversation(t.Context(), "case/81000001/0"); !errors.Is(err, bot.ErrNone) {
		t.Errorf("a case was opened: %v", err)
	}
	if heard := h.heardBy("fake:s-1"); len(heard) > 0 {
		t.Errorf("the seller hears %q", heard)
	}
}

// TestOverpaidIsWarnedOfOnce: support hears once that more has gone back than was paid, whatever it was by.
func TestOverpaidIsWarnedOfOnce(t *testing.T) {
	h := newHarness(t)
	h.order("1")
	ctx := context.Background()
	out, err := h.book.PayRefund(ctx, bot.Task{ID: "T-1", Order: "1", Facts: bot.Facts{"amount": "24.90 USD"}})
	if err != nil || !out.Pending {
		t.Fatal(out, err)
	}
	for range 2 {
		_, err := h.put("1", time.Second, func(o *bot.Order) { o.Refunded = bot.Money{Minor: 2490, Currency: "USD"} })
		h.must(err)
	}
	if _, err := h.book.SettleRefund(ctx, "1", "T-1", true, ""); !errors.Is(err, shop.ErrHeld) {
		t.Errorf("settled all the same: %v", err)
	}
	said := 0
	for _, d := range h.rooms["fake:desk"] {
		if d.Reply.Text == h.flows.Notices[bot.NoticeOverpaid] {
			said++
		}
	}
	if said != 1 {
		t.Errorf("support was told %d times, want once", said)
	}
}

// TestChargebackEvents: what conversations hear as a chargeback comes and goes.
func TestChargebackEvents(t *testing.T) {
	of := func(status bot.AdjustmentStatus) *bot.Order {
		o := &bot.Order{}
		if status != "" {
			o.Adjustments = []bot.Adjustment{{ID: "a-1", Type: bot.Chargeback, Status: status}}
		}
		return o
	}
	for _, c := range []struct {
		was, is bot.AdjustmentStatus
		want    string
	}{
		{"", bot.AdjustmentOpen, "chargeback_opened"}, {bot.AdjustmentOpen, bot.AdjustmentCompleted, "chargeback_lost"},
		{bot.AdjustmentOpen, bot.AdjustmentReversed, "chargeback_won"}, {bot.AdjustmentOpen, "", "chargeback_won"},
		{"", bot.AdjustmentCompleted, "chargeback_lost"}, {bot.AdjustmentCompleted, bot.AdjustmentReversed, "chargeback_won"},
		{bot.AdjustmentReversed, bot.AdjustmentOpen, "chargeback_opened"}, {bot.AdjustmentOpen, bot.AdjustmentOpen, ""},
		{"", bot.AdjustmentReversed, ""}, {bot.AdjustmentReversed, "", ""},
	} {
		want := []string{c.want}
		if c.want == "" {
			want = nil
		}
		if got := of(c.is).Events(of(c.was)); !slices.Equal(got, want) {
			t.Errorf("%q to %q: got %v, want %v", c.was, c.is, got, want)
		}
	}
}
