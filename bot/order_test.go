package bot

import (
	"testing"
	"time"
)

// TestPaidWithoutADate: a shop that goes on with an order has been paid, whether or not it says when; cancelling does
// not make that undone.
func TestPaidWithoutADate(t *testing.T) {
	o := Order{Stage: Processing, Total: Money{2490, "USD"}}
	if !o.WasPaid() || o.Refundable().Minor != 2490 {
		t.Errorf("an order being prepared was paid: %v, %v", o.WasPaid(), o.Refundable())
	}
	o.Cancel(time.Unix(1, 0))
	if !o.WasPaid() || o.Refundable().Minor != 2490 {
		t.Errorf("after cancelling: %v, %v", o.WasPaid(), o.Refundable())
	}
	unpaid := Order{Stage: Unpaid, Total: Money{2490, "USD"}}
	unpaid.Cancel(time.Unix(1, 0))
	if unpaid.WasPaid() || !unpaid.Refundable().IsZero() {
		t.Error("an order that nobody paid has nothing to give back")
	}
}

// TestRefundable: every refund pending or done counts against what was paid; one that failed does not.
func TestRefundable(t *testing.T) {
	o := Order{Stage: Processing, Total: Money{2490, "USD"}, Book: []Posting{
		{Do: "pay_refund", Amount: Money{1000, "USD"}, State: "pending"}, {Do: "pay_refund", Amount: Money{490, "USD"}, State: "done"},
		{Do: "pay_refund", Amount: Money{2490, "USD"}, State: "failed"}, {Do: "cancel_order", State: "done"}}}
	if got := o.Refundable().String(); got != "10.00 USD" {
		t.Errorf("%s can still go back, want 10.00 USD", got)
	}
}

func TestNews(t *testing.T) {
	for _, c := range []struct {
		from, to Stage
		want     int
	}{{Processing, Processing, 0}, {Verifying, Processing, 1}, {Processing, Shipped, 1}, {Processing, Delivered, 2}, {Shipped, Delivered, 1}, {Processing, Cancelled, 1}, {Processing, Frozen, 1}} {
		now := Order{Stage: c.to}
		if got := now.Events(&Order{Stage: c.from}); len(got) != c.want {
			t.Errorf("from %s to %s: %v, want %d", c.from, c.to, got, c.want)
		}
	}
}
