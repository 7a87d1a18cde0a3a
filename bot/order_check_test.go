package bot

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

// wholeOrder is an order in the whole form that adds up.
func wholeOrder() Order {
	return Order{
		ID:       "1",
		Stage:    PartShipped,
		Total:    dollars(6470),
		Shipping: dollars(250),
		Method:   "card",
		Tracking: "B2",
		Carrier:  "b",
		Coupon:   Coupon{Code: "ALL", Amount: dollars(500)},
		Items: []Item{
			{ID: "1", Quantity: 3, Price: dollars(6720), Counted: true},
			{ID: "2", Quantity: 1, Price: dollars(500), Counted: true},
		},
		Discounts: []Discount{{Code: "ONE", Amount: dollars(500), Items: []string{"1"}}, {Code: "ALL", Amount: dollars(500)}},
		Parcels: []Parcel{
			{ID: "a", Code: "A1", Items: []Part{{"1", 2}}},
			{ID: "b", Carrier: "b", Code: "B2", Items: []Part{{"1", 1}}},
		},
		Payments:    []Payment{{"1", "gift_card", dollars(2000)}, {"2", "card", dollars(4470)}},
		Adjustments: []Adjustment{{ID: "x", Type: OwnRefund, Amount: dollars(100), Payment: "2", Status: AdjustmentCompleted}},
		Refunded:    dollars(100),
	}
}

// TestCheck: each thing that does not add up is told by the name of its field.
func TestCheck(t *testing.T) {
	huge := dollars(math.MaxInt64 / 4)
	for _, c := range []struct {
		want   string // the fields, in order
		change func(*Order)
	}{
		{"", func(*Order) {}},
		{"", func(o *Order) { o.Coupon, o.Tracking, o.Carrier, o.Method, o.Refunded = Coupon{}, "", "", "", Money{} }},
		{"", func(o *Order) { o.Normalize() }},

		{"shipping_fee", func(o *Order) { o.Shipping = dollars(6471) }},
		{"total", func(o *Order) { o.Total = dollars(-1); o.Shipping = Money{} }},
		{"items[0].price", func(o *Order) { o.Items[0].Price = Money{6720, "EUR"} }},
		{"items[4].price", func(o *Order) {
			o.Discounts, o.Payments, o.Items = nil, nil, nil
			for n := range 5 {
				o.Items = append(o.Items, Item{ID: fmt.Sprint(n), Quantity: 1, Price: huge})
			}
		}},
		{"discounts[5].amount", func(o *Order) {
			for range 4 {
				o.Discounts = append(o.Discounts, Discount{Amount: huge})
			}
		}},
		{"payments[5].amount", func(o *Order) {
			for n := range 4 {
				o.Payments = append(o.Payments, Payment{fmt.Sprint("p", n), "card", huge})
			}
		}},
		{"adjustments[4].amount", func(o *Order) {
			for n := range 4 {
				o.Adjustments = append(o.Adjustments,
					Adjustment{ID: fmt.Sprint("x", n), Type: Chargeback, Status: AdjustmentOpen, Amount: huge})
			}
		}},

		{"items[1].id", func(o *Order) { o.Items[1].ID = "1" }},
		{"items[0].quantity", func(o *Order) { o.Items[0].Quantity = 0 }},
		{"items[0].quantity", func(o *Order) { o.Items[0].Quantity = MaxQuantity + 1 }},
		{"items[0].cancelled_quantity", func(o *Order) { o.Items[0].CancelledQuantity = 4 }},
		{"items[0].cancelled_quantity", func(o *Order) { o.Items[0].CancelledQuantity = -1 }},
		{"items[0].cancelled", func(o *Order) { o.Items[0].Cancelled, o.Items[0].CancelledQuantity = true, 2 }},

		{"discounts[0].items[0]", func(o *Order) { o.Discounts[0].Items = []string{"9", "1"} }},
		{"discounts[0].items[1]", func(o *Order) { o.Discounts[0].Items = []string{"1", "1"} }},
		{"discounts[0].amount", func(o *Order) { o.Discounts[0] = Discount{Items: []string{"2"}, Amount: dollars(501)} }},
		{"discounts[0].amount", func(o *Order) { o.Discounts[0].Amount = dollars(-1) }},
		{"total", func(o *Order) { o.Discounts[0].Amount = dollars(499) }},
		{"total", func(o *Order) { o.Discounts, o.Payments = nil, []Payment{{"2", "card", dollars(6470)}} }},
		{"", func(o *Order) { o.Discounts, o.Coupon.Amount = nil, dollars(1000) }}, // the coupon is the discount
		{"payments", func(o *Order) { o.Payments[0].Amount = dollars(2001) }},
		{"payments[1].id", func(o *Order) { o.Payments[1].ID, o.Adjustments = "1", nil; o.Refunded = Money{} }},
		{"payments[0].method", func(o *Order) { o.Payments[0].Method = "" }},

		{"adjustments[0].type", func(o *Order) { o.Adjustments[0].Type = "gift" }},
		{"adjustments[0].status", func(o *Order) { o.Adjustments[0].Status = "won" }},
		{"adjustments[0].payment", func(o *Order) { o.Adjustments[0].Payment = "9" }},
		{"adjustments[0].id", func(o *Order) { o.Adjustments[0].ID = "" }},
		{"adjustments[2].task_id", func(o *Order) {
			for _, id := range []string{"y", "z"} {
				o.Adjustments = append(o.Adjustments, Adjustment{ID: id, Type: OwnRefund, Status: AdjustmentOpen, Task: "T-1"})
			}
		}},

		{"parcels[1].id", func(o *Order) { o.Parcels[1].ID = "a" }},
		{"parcels[1].items[0].id", func(o *Order) { o.Parcels[1].Items[0].ID = "9" }},
		{"parcels[1].items[0].quantity", func(o *Order) { o.Parcels[1].Items[0].Quantity = 2 }},
		{"parcels[1].items[0].quantity", func(o *Order) { o.Parcels[1].Items[0].Quantity = -1 }},

		// ten more of the kind "ids and sums unchecked"
		{"discounts[1].amount", func(o *Order) { // the second takes off what the first has left of nothing
			o.Discounts = []Discount{{Items: []string{"2"}, Amount: dollars(500)}, {Items: []string{"2"}, Amount: dollars(500)}}
			o.Coupon = Coupon{}
		}},
		{"discounts[2].amount", func(o *Order) {
			o.Discounts = []Discount{{Items: []string{"2"}, Amount: dollars(500)}, {Items: []string{"1"}, Amount: dollars(6720)},
				{Items: []string{"1", "2"}, Amount: dollars(1)}}
		}},
		{"total", func(o *Order) { // more than all the lines cost, and delivery pays for it
			o.Discounts, o.Coupon = []Discount{{Code: "ALL", Amount: dollars(7221)}}, Coupon{}
			o.Total, o.Payments, o.Adjustments, o.Refunded = dollars(250), nil, nil, Money{}
		}},
		{"total", func(o *Order) { o.Items[1].Price = Money{} }},
		{"shipping_fee", func(o *Order) { o.Shipping = Money{250, "EUR"} }},
		{"discounts[1].amount", func(o *Order) { o.Discounts[1].Amount = Money{500, "EUR"} }},
		{"payments[0].amount", func(o *Order) { o.Payments[0].Amount = dollars(-1) }},
		{"payments[0].amount payments[1].amount", func(o *Order) {
			o.Payments[0].Amount, o.Payments[1].Amount = Money{2000, "EUR"}, Money{4470, "EUR"}
		}},
		{"payments[0].id", func(o *Order) { o.Payments[0].ID = "" }},
		{"adjustments[0].amount", func(o *Order) { o.Adjustments[0].Amount = dollars(-100) }},
		{"parcels[0].id", func(o *Order) { o.Parcels[0].ID = "" }},
		{"parcels[0].items[1].quantity", func(o *Order) { // one line twice in one parcel
			o.Parcels[0].Items = []Part{{"1", 2}, {"1", 2}}
			o.Parcels = o.Parcels[:1]
			o.Tracking, o.Carrier = "", ""
		}},

		{"coupon", func(o *Order) { o.Coupon.Code = "ONE" }},
		{"coupon", func(o *Order) { o.Coupon.Amount = dollars(499) }},
		{"tracking", func(o *Order) { o.Tracking = "C3" }},
		{"tracking", func(o *Order) { o.Carrier = "c" }},
		{"payment_method", func(o *Order) { o.Method = "wallet" }},
		{"refunded", func(o *Order) { o.Refunded = dollars(99) }},
	} {
		o := wholeOrder()
		c.change(&o)
		var fields []string
		for _, f := range o.Check() {
			fields = append(fields, f.Field)
			if f.Wrong == "" || f.Right == "" {
				t.Errorf("%s: what is wrong, or right, is not said: %+v", f.Field, f)
			}
		}
		if got := strings.Join(fields, " "); got != c.want {
			t.Errorf("got faults of %q, want %q", got, c.want)
		}
	}
}

// TestShortFormIsNotSummed: older puts that do not add up are taken as they are.
func TestShortFormIsNotSummed(t *testing.T) {
	o := Order{Total: dollars(2490), Shipping: dollars(250), Method: "card", Coupon: Coupon{Code: "NOV5", Amount: dollars(500)},
		Tracking: "t", Refunded: dollars(9900), Items: []Item{{ID: "1", Quantity: 1, Price: dollars(1)}}}
	if faults := o.Check(); faults != nil {
		t.Errorf("got %v", faults)
	}
}
