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
	part := mugs
	part.Stage, part.Parcels = PartShipped, []Parcel{{ID: "p", Shipped: noon, Items: []Part{{"mug", 2}}}}
	third := Order{Stage: Processing, Total: Money{1000, "JPY"},
		Items: []Item{{ID: "a", Quantity: 3, Price: Money{1000, "JPY"}, Counted: true}}}
	twoGone := third
	twoGone.Items = []Item{third.Items[0]}
	twoGone.Items[0].CancelledQuantity = 2
	twoGone.Refunded = Money{666, "JPY"}
	dinar := Order{Stage: Processing, Total: Money{1000, "KWD"},
		Items: []Item{{ID: "a", Quantity: 7, Price: Money{1000, "KWD"}, Counted: true}}}
	shared := coupon
	shared.Total = pounds(810)
	shared.Discounts = []Discount{{Code: "BOTH", Amount: pounds(100), Items: []string{"1", "2"}}, {Amount: pounds(90)}}
	free := Order{Stage: Processing, Total: dollars(250), Shipping: dollars(250),
		Items: []Item{{ID: "a", Quantity: 2, Counted: true}}}
	completed := func(kind AdjustmentType, minor int64) []Adjustment {
		return []Adjustment{{ID: "x", Type: kind, Amount: dollars(minor), Payment: "card", Status: AdjustmentCompleted}}
	}
	adjusted, lost := gift, gift
	adjusted.Adjustments, lost.Adjustments = completed(PriceAdjustment, 500), completed(Chargeback, 4000)
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

		// ten more of the kind "the order is larger than our idea of it"
		{"three of five, two of which have left", part, []Part{{"mug", 3}}, RefundTerms{}, "14.85 EUR [{1 14.85 EUR}]"},
		{"the first of three that do not divide", third, []Part{{"a", 1}}, RefundTerms{}, "333 JPY [{1 333 JPY}]"},
		{"the last of three brings what is left", twoGone, []Part{{"a", 1}}, RefundTerms{}, "334 JPY [{1 334 JPY}]"},
		{"three of seven, in thousandths", dinar, []Part{{"a", 3}}, RefundTerms{}, "0.428 KWD [{1 0.428 KWD}]"},
		{"a coupon of both lines, and one of the order", shared, []Part{{"1", 1}}, RefundTerms{}, "4.86 GBP [{1 4.86 GBP}]"},
		{"one of two that were free", free, []Part{{"a", 1}}, RefundTerms{}, "0.00 USD []"},
		{"both that were free, and delivery", free, []Part{{"a", 2}}, RefundTerms{}, "2.50 USD [{1 2.50 USD}]"},
		{"all, after some came off the card's price", adjusted, nil, RefundTerms{}, "95.00 USD [{gift 60.00 USD} {card 35.00 USD}]"},
		{"all, after the bank took the card's part", lost, nil, RefundTerms{}, "60.00 USD [{gift 60.00 USD}]"},
		{"half, after the bank took the card's part", lost, []Part{{"a", 1}}, RefundTerms{Methods: []string{"card"}},
			"50.00 USD [{gift 50.00 USD}]"},
	} {
		r := c.order.RefundOf(c.parts, c.terms)
		if got := fmt.Sprint(r.Amount, " ", r.Payments); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

// TestRefundOfParcelInAnyOrder: a part whose price is rounded away counts as paid back too, so that the parcels come to the
// same whichever goes back first.
func TestRefundOfParcelInAnyOrder(t *testing.T) {
	yen := func(minor int64) Money { return Money{minor, "JPY"} }
	for _, order := range [][]string{{"p-0", "p-1", "p-2"}, {"p-1", "p-0", "p-2"}, {"p-2", "p-1", "p-0"}} {
		o := Order{
			Stage: PartShipped, Total: yen(2), Refunded: yen(0),
			Items: []Item{{ID: "a", Quantity: 5, Price: yen(2), Counted: true, CancelledQuantity: 1}},
			Parcels: []Parcel{
				{ID: "p-0", Shipped: noon, Items: []Part{{"a", 1}}},
				{ID: "p-1", Shipped: noon, Items: []Part{{"a", 2}}},
				{ID: "p-2", Shipped: noon, Items: []Part{{"a", 1}}},
			},
		}
		sum := int64(0)
		for _, id := range order {
			r, _ := o.RefundOfParcel(id, nil)
			p, _ := o.SentParcel(id)
			sum += r.Amount.Minor
			o.Book = append(o.Book, Posting{Do: "pay_refund", Amount: r.Amount, State: "done", Parcel: id, Items: p.Items})
		}
		if sum != 2 {
			t.Errorf("%v: %d JPY goes back of 2", order, sum)
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

// TestReturnedOneByOne: what comes back piece by piece comes to what it comes to at once, to the last minor unit, though the
// price does not divide.
func TestReturnedOneByOne(t *testing.T) {
	o := Order{Stage: Delivered, Total: Money{1000, "JPY"},
		Items: []Item{{ID: "a", Quantity: 3, Price: Money{1000, "JPY"}, Counted: true}}}
	sum := Money{0, "JPY"}
	for n := range 3 {
		r := o.RefundOf([]Part{{"a", 1}}, RefundTerms{Returned: []Part{{"a", n}}, Kept: sum})
		sum = sum.Plus(r.Amount)
	}
	if whole := o.RefundOf([]Part{{"a", 3}}, RefundTerms{}).Amount; sum != whole {
		t.Errorf("piece by piece %v, at once %v", sum, whole)
	}
}
