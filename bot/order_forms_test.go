package bot

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// dollars are cents of USD.
func dollars(minor int64) Money { return Money{minor, "USD"} }

// TestShortOrderKeepsItsJSON: journals hash an order's JSON. One in the short form is written as it was before there was a
// whole form, to the byte, and Normalize leaves it alone.
func TestShortOrderKeepsItsJSON(t *testing.T) {
	o := Order{
		ID:       "1",
		Buyer:    "buyer:b",
		Seller:   "seller:s",
		Stage:    Shipped,
		Placed:   noon,
		Method:   "card",
		Total:    dollars(2490),
		Shipping: dollars(250),
		Coupon: Coupon{
			"NOV5",
			dollars(500),
			true,
		},
		Carrier:  "c",
		Tracking: "t",
		Items:    []Item{{ID: "i", Title: "Lamp", Quantity: 1, Price: dollars(2240), Cancelled: true}},
		Book:     []Posting{{Task: "T-1", Do: "pay_refund", Amount: dollars(1), State: "done", At: noon}},
		Version:  3,
	}
	const none = `"0001-01-01T00:00:00Z"`
	const want = `{"ID":"1","Buyer":"buyer:b","Seller":"seller:s","Stage":"shipped","Placed":"2026-11-20T12:00:00Z","Paid":` + none +
		`,"ShipBy":` + none + `,"Shipped":` + none + `,"DeliverBy":` + none + `,"Delivered":` + none + `,"Updated":` + none +
		`,"Method":"card","Total":{"Minor":2490,"Currency":"USD"},"Shipping":{"Minor":250,"Currency":"USD"},` +
		`"Coupon":{"Code":"NOV5","Amount":{"Minor":500,"Currency":"USD"},"Used":true},"Carrier":"c","Tracking":"t",` +
		`"Items":[{"ID":"i","Title":"Lamp","Quantity":1,"Price":{"Minor":2240,"Currency":"USD"},"Image":"","Cancelled":true}],` +
		`"Book":[{"Task":"T-1","Do":"pay_refund","Amount":{"Minor":1,"Currency":"USD"},"State":"done","Detail":"",` +
		`"At":"2026-11-20T12:00:00Z"}],"Version":3}`
	for range 2 {
		got, err := json.Marshal(&o)
		if err != nil || string(got) != want {
			t.Errorf("got %s (%v)\nwant %s", got, err, want)
		}
		o.Normalize()
	}
}

// TestUsedOrderIsPlain: the same order has one hash, whatever zone a store reads its times in and whether an empty list is
// nil.
func TestUsedOrderIsPlain(t *testing.T) {
	east := noon.In(time.FixedZone("", 3600))
	sum := func(at time.Time, items []Part) string {
		o := Order{
			Updated:     at,
			Items:       []Item{},
			Book:        []Posting{{At: at, Items: items}},
			Parcels:     []Parcel{{Shipped: at, DeliverBy: at, Delivered: at, Items: items}},
			Adjustments: []Adjustment{{At: at}},
		}
		return (&Entry{Used: Used{Order: &o}}).Sum()
	}
	if a, b := sum(noon, nil), sum(east, []Part{}); a != b {
		t.Errorf("two hashes of one order: %s, %s", a, b)
	}
}

// TestWhole: short forms are spelled out, and whole ones stay.
func TestWhole(t *testing.T) {
	o := Order{
		Stage:    Shipped,
		Shipped:  noon,
		Updated:  noon,
		Method:   "card",
		Total:    dollars(2490),
		Coupon:   Coupon{"NOV5", dollars(500), true},
		Carrier:  "Cainiao",
		Tracking: "LP 123",
		Headed:   "ES",
		Refunded: dollars(100),
		Items:    []Item{{ID: "1", Quantity: 3, Cancelled: true}, {ID: "2", Quantity: 2}},
	}
	before := o.Clone()
	got := o.Whole()
	want := o.Clone()
	want.Items[0].CancelledQuantity = 3
	want.Discounts = []Discount{{Code: "NOV5", Amount: dollars(500), Used: true}}
	want.Parcels = []Parcel{{ID: "LP123", Carrier: "Cainiao", Code: "LP 123", Headed: "ES", Shipped: noon}}
	want.Payments = []Payment{{ID: "1", Method: "card", Amount: dollars(2490)}}
	want.Adjustments = []Adjustment{{ID: "refunded", Type: OwnRefund, Amount: dollars(100), Status: AdjustmentCompleted, At: noon}}
	if !reflect.DeepEqual(got, want) || !reflect.DeepEqual(o, before) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
	if again := got.Whole(); !reflect.DeepEqual(again, got) {
		t.Errorf("what is whole has become %+v", again)
	}
	unpaid := Order{Stage: Unpaid, Method: "card", Total: dollars(2490)}
	if got := unpaid.Whole().Payments; got != nil {
		t.Errorf("nothing was paid by %v", got)
	}
}

// TestNormalize: the short forms follow the whole ones; doing it twice changes nothing more.
func TestNormalize(t *testing.T) {
	later := noon.Add(time.Hour)
	o := Order{Stage: Delivered, Total: dollars(2490),
		Items: []Item{
			{ID: "1", Quantity: 3, Counted: true, CancelledQuantity: 3},
			{ID: "2", Quantity: 3, Counted: true, CancelledQuantity: 1},
		},
		Discounts: []Discount{
			{Code: "ONE", Amount: dollars(100), Items: []string{"1"}},
			{Code: "ALL", Amount: dollars(200), Used: true},
		},
		Parcels: []Parcel{{ID: "p-2", Carrier: "B", Code: "B2", Headed: "ES", Shipped: later, DeliverBy: later, Delivered: later},
			{ID: "p-1", Carrier: "A", Code: "A1", Shipped: noon, DeliverBy: noon, Delivered: noon}},
		Payments: []Payment{{"1", "gift_card", dollars(490)}, {"2", "card", dollars(2000)}},
		Adjustments: []Adjustment{
			{ID: "1", Type: OwnRefund, Amount: dollars(100), Status: AdjustmentCompleted},
			{ID: "2", Type: OwnRefund, Amount: dollars(20), Status: AdjustmentOpen},
			{
				ID:     "3",
				Type:   OwnRefund,
				Amount: dollars(3),
				Status: AdjustmentCompleted,
				Task:   "T-1",
			},
			{ID: "4", Type: Chargeback, Amount: dollars(4), Status: AdjustmentCompleted},
		}}
	o.Normalize()
	got := fmt.Sprintln(
		o.Items[0].Cancelled,
		o.Items[1].Cancelled,
		o.Coupon,
		o.Carrier,
		o.Tracking,
		o.Headed,
		o.Method,
		o.Refunded,
		o.Shipped.Equal(noon),
		o.DeliverBy.Equal(later),
		o.Delivered.Equal(later),
	)
	if want := "true false {ALL 2.00 USD true} B B2 ES card 1.00 USD true true true\n"; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	again := o.Clone()
	again.Normalize()
	if !reflect.DeepEqual(again, o) {
		t.Errorf("a second time it makes %+v\nof %+v", again, o)
	}
}
