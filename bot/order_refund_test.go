package bot

import (
	"fmt"
	"testing"
)

// TestRefundOf has the inputs of the reports, and a return with delivery and a fee.
func TestRefundOf(t *testing.T) {
	pounds := func(minor int64) Money { return Money{minor, "GBP"} }
	mugs := Order{
		Stage:    Processing,
		Total:    Money{2525, "EUR"},
		Shipping: Money{50, "EUR"},
		Items:    []Item{{ID: "mug", Quantity: 5, Price: Money{2475, "EUR"}, Counted: true}},
	}
	gift := Order{
		Stage:    Processing,
		Total:    dollars(10000),
		Items:    []Item{{ID: "a", Quantity: 2, Price: dollars(10000), Counted: true}},
		Payments: []Payment{{"card", "card", dollars(4000)}, {"gift", "gift_card", dollars(6000)}},
	}
	before := gift
	before.Refunded = dollars(3000)
	coupon := Order{
		Stage:     Processing,
		Total:     pounds(900),
		Items:     []Item{{ID: "1", Quantity: 1, Price: pounds(600)}, {ID: "2", Quantity: 1, Price: pounds(400)}},
		Discounts: []Discount{{Code: "ONE", Amount: pounds(100), Items: []string{"1"}}},
	}
	came := mugs
	came.Stage = Delivered
	for _, c := range []struct {
		name  string
		order Order
		parts []Part
		terms RefundTerms
		want  string
	}{
		{"two of five mugs", mugs, []Part{{"mug", 2}}, RefundTerms{}, "9.90 EUR [{1 9.90 EUR}]"},
		{"all the mugs, and delivery", mugs, []Part{{"mug", 5}}, RefundTerms{}, "25.25 EUR [{1 25.25 EUR}]"},
		{"more than there are", mugs, []Part{{"mug", 3}, {"mug", 9}}, RefundTerms{}, "25.25 EUR [{1 25.25 EUR}]"},
		{"half of what two payments paid", gift, []Part{{"a", 1}}, RefundTerms{}, "50.00 USD [{gift 50.00 USD}]"},
		{"the rest, after some went back to nobody knows which", before, nil, RefundTerms{},
			"70.00 USD [{gift 30.00 USD} {card 40.00 USD}]"},
		{"the card first", gift, []Part{{"a", 1}}, RefundTerms{Methods: []string{"card"}},
			"50.00 USD [{card 40.00 USD} {gift 10.00 USD}]"},
		{"a coupon of the other line", coupon, []Part{{"2", 1}}, RefundTerms{}, "4.00 GBP [{1 4.00 GBP}]"},
		{"the line with the coupon", coupon, []Part{{"1", 1}}, RefundTerms{}, "5.00 GBP [{1 5.00 GBP}]"},
		{"all returned, delivery kept", came, []Part{{"mug", 5}}, RefundTerms{}, "24.75 EUR [{1 24.75 EUR}]"},
		{"all returned, delivery too", came, []Part{{"mug", 5}}, RefundTerms{Delivery: true}, "25.25 EUR [{1 25.25 EUR}]"},
		{"the rest returned, less a fee", came, []Part{{"mug", 3}}, RefundTerms{Fee: Money{100, "EUR"}, Returned: []Part{{"mug", 2}}},
			"13.85 EUR [{1 13.85 EUR}]"},
	} {
		r := c.order.RefundOf(c.parts, c.terms)
		if got := fmt.Sprint(r.Amount, " ", r.Payments); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

// TestMoneyAfterTheEnd: what counts as paid back, one by one.
func TestMoneyAfterTheEnd(t *testing.T) {
	const task = "T-1"
	asked := func(state string) []Posting {
		return []Posting{{Task: task, Do: "pay_refund", Amount: dollars(1000), State: state}}
	}
	adjusted := func(kind AdjustmentType, status AdjustmentStatus, task string) []Adjustment {
		return []Adjustment{{ID: "a", Type: kind, Amount: dollars(1000), Status: status, Task: task}}
	}
	for _, c := range []struct {
		name  string
		order Order
		want  int64
		held  bool
	}{
		{"nothing", Order{}, 2490, false},
		{"a refund that came back", Order{Book: asked("bounced")}, 2490, false},
		{"a refund that the shop lists too", Order{Book: asked("done"), Adjustments: adjusted(OwnRefund, AdjustmentCompleted, task)},
			1490, false},
		{"a refund that is reversed in the list",
			Order{Book: asked("done"), Adjustments: adjusted(OwnRefund, AdjustmentReversed, task)}, 2490, false},
		{"a refund that bounced, and a list from before",
			Order{Book: asked("bounced"), Adjustments: adjusted(OwnRefund, AdjustmentCompleted, task)}, 2490, false},
		{"a refund that failed, and has gone all the same",
			Order{Book: asked("failed"), Adjustments: adjusted(OwnRefund, AdjustmentCompleted, task)}, 1490, false},
		{"a refund that is pending, and an old list that reverses it",
			Order{Book: asked("pending"), Adjustments: adjusted(OwnRefund, AdjustmentReversed, task)}, 1490, false},
		{"the shop pays while ours is pending",
			Order{Book: asked("pending"), Adjustments: adjusted(OwnRefund, AdjustmentCompleted, "")}, 490, false},
		{"the same in the short form", Order{Book: asked("pending"), Refunded: dollars(1000)}, 490, false},
		{"both forms of one refund", Order{Refunded: dollars(1000), Adjustments: adjusted(OwnRefund, AdjustmentCompleted, "")}, 1490,
			false},
		{"the shop's own, on its way", Order{Adjustments: adjusted(OwnRefund, AdjustmentOpen, "")}, 1490, false},
		{"a chargeback that is open", Order{Adjustments: adjusted(Chargeback, AdjustmentOpen, "")}, 2490, true},
		{"a chargeback that is lost", Order{Adjustments: adjusted(Chargeback, AdjustmentCompleted, "")}, 1490, false},
		{"a chargeback that is won", Order{Adjustments: adjusted(Chargeback, AdjustmentReversed, "")}, 2490, false},
		{"a price adjustment", Order{Adjustments: adjusted(PriceAdjustment, AdjustmentCompleted, "")}, 1490, false},
		{"more than was paid", Order{Refunded: dollars(9900)}, 0, false},
	} {
		c.order.Stage, c.order.Total = Processing, dollars(2490)
		if got := c.order.Refundable(); got.Minor != c.want || c.order.RefundsHeld() != c.held {
			t.Errorf("%s: %s can go back, held %v; want %s, %v", c.name, got, c.order.RefundsHeld(), dollars(c.want), c.held)
		}
	}
}
