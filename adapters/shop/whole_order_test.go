package shop

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"nevermind/bot"
)

// contractedWhole is the whole order of the contract.
const contractedWhole = `{"id":"8123456789012345","buyer_id":"b-1","seller_id":"s-1","stage":"part_shipped",
 "placed_at":"2026-11-20T09:00:00Z","paid_at":"2026-11-20T09:05:00Z","updated_at":"2026-11-22T09:05:00Z",
 "currency":"USD","total":"64.70","shipping_fee":"2.50",
 "url":"https://shop.example/orders/8123","pay_url":"","return_address":"Lumen Home Store\n12 Mill Lane\nLeeds LS1 4AP",
 "items":[{"id":"1","title":"Bamboo lamp","quantity":3,"price":"67.20","cancelled_quantity":0,"url":""}],
 "discounts":[{"code":"NOV5","amount":"5.00","items":["1"],"used":true}],
 "parcels":[{"id":"p-1","carrier":"Royal Mail","code":"RB123456785GB","destination":"ES","url":"https://mail.example/RB1",
  "shipped_at":"2026-11-22T09:00:00Z","deliver_by":"2026-12-22T09:00:00Z","delivered_at":null,"items":[{"id":"1","quantity":1}]}],
 "payments":[{"id":"pay-1","method":"gift_card","amount":"20.00"},{"id":"pay-2","method":"card","amount":"44.70"}],
 "adjustments":[{"id":"a-1","type":"chargeback","amount":"44.70","payment":"pay-2","status":"open","at":"2026-11-22T09:05:00Z"}]}`

func TestDecodeTheContractsWholeOrder(t *testing.T) {
	got, err := Decode([]byte(contractedWhole), nil)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	want := bot.Order{
		ID: "8123456789012345", Buyer: "buyer:b-1", Seller: "seller:s-1", Stage: bot.PartShipped,
		Placed: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC), Paid: time.Date(2026, 11, 20, 9, 5, 0, 0, time.UTC),
		Updated: at.Add(5 * time.Minute), Total: usd(6470), Shipping: usd(250), Coupon: bot.Coupon{},
		URL: "https://shop.example/orders/8123", ReturnAddress: "Lumen Home Store\n12 Mill Lane\nLeeds LS1 4AP",
		Items:     []bot.Item{{ID: "1", Title: "Bamboo lamp", Quantity: 3, Price: usd(6720), Counted: true}},
		Discounts: []bot.Discount{{Code: "NOV5", Amount: usd(500), Items: []string{"1"}, Used: true}},
		Parcels: []bot.Parcel{{ID: "p-1", Carrier: "Royal Mail", Code: "RB123456785GB", Headed: "ES", URL: "https://mail.example/RB1",
			Shipped: at, DeliverBy: at.Add(30 * 24 * time.Hour), Items: []bot.Part{{ID: "1", Quantity: 1}}}},
		Payments: []bot.Payment{
			{ID: "pay-1", Method: "gift_card", Amount: usd(2000)}, {ID: "pay-2", Method: "card", Amount: usd(4470)},
		},
		Adjustments: []bot.Adjustment{{ID: "a-1", Type: bot.Chargeback, Amount: usd(4470), Payment: "pay-2", Status: bot.AdjustmentOpen,
			At: at.Add(5 * time.Minute)}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
	got.Normalize()
	again, err := Decode(Encode(got), nil)
	if again.Normalize(); err != nil || !reflect.DeepEqual(again, got) {
		t.Errorf("what is held, put again: got %+v, %v\nwant %+v", again, err, got)
	}
	if got.Method != "card" || got.Tracking != "RB123456785GB" {
		t.Errorf("short forms: %q, %q", got.Method, got.Tracking)
	}
}

// TestWhatDoesNotAddUpNamesItsField: each fault of bot.Order.Check comes out under the field as the contract writes it.
func TestWhatDoesNotAddUpNamesItsField(t *testing.T) {
	const huge = `{"id":"x","title":"Lamp","quantity":1,"price":"20000000000000000.00"},`
	for _, c := range []struct{ name, old, new, want string }{
		{"payments", `"amount":"20.00"`, `"amount":"19.99"`, "payments: they come to 64.69"},
		{"discount", `"amount":"5.00"`, `"amount":"4.00"`, "total: not the lines' prices"},
		{"a discount of a line that is none", `"items":["1"]`, `"items":["7"]`, "discounts[0].items[0]: not a line"},
		{"a discount above the price", `"amount":"5.00"`, `"amount":"500.00"`, "discounts[0].amount: more than its lines cost"},
		{"more sent than ordered", `"items":[{"id":"1","quantity":1}]`, `"items":[{"id":"1","quantity":4}]`,
			"parcels[0].items[0].quantity: more in parcels"},
		{"a fee above the total", `"shipping_fee":"2.50"`, `"shipping_fee":"99.00"`, "shipping_fee: more than the total"},
		{"beyond 63 bits", `"items":[{`, `"items":[` + many(huge, 5) + `{`, "items[4].price: the amounts up to this one are too"},
		{"more cancelled than ordered", `"cancelled_quantity":0`, `"cancelled_quantity":4`, "items[0].cancelled_quantity: not a part"},
		{"less than none cancelled", `"cancelled_quantity":0`, `"cancelled_quantity":-1`, `items[0].cancelled_quantity: "-1" is not`},
		{"both forms of cancelled", `"cancelled_quantity":0`, `"cancelled_quantity":1,"cancelled":true`,
			"items[0].cancelled: the whole"},
		{"a payment twice", `"id":"pay-2"`, `"id":"pay-1"`, "payments[1].id: an id that stands twice"},
		{"no method", `"method":"card",`, ``, "payments[1].method: missing"},
		{"an unknown method", `"method":"card"`, `"method":"klarna"`, `payments[1].method: "klarna" is not a payment method`},
		{"an unknown type", `"chargeback"`, `"theft"`, `adjustments[0].type: "theft" is not one of the words`},
		{"an unknown status", `"open"`, `"won"`, `adjustments[0].status: "won" is not one of the words`},
		{"a payment that is none", `"payment":"pay-2"`, `"payment":"pay-9"`, "adjustments[0].payment: not a payment"},
		{"short against whole", `"pay_url"`, `"payment_method":"bank","pay_url"`, "payment_method: no such payment"},
		{"short tracking against parcels", `"pay_url"`, `"tracking":{"code":"X1"},"pay_url"`, "tracking: no such parcel"},
		{"short coupon against discounts", `"pay_url"`, `"coupon":{"code":"X"},"pay_url"`, "coupon: no such discount"},
		{"short refunded against adjustments", `"pay_url"`, `"refunded":"1.00","pay_url"`, "refunded: not the sum"},
		{"no address", `"pay_url":""`, `"pay_url":"javascript:1"`, `pay_url: "javascript:1" is not the address of a page`},
		{"a long address", `Leeds`, strings.Repeat("x", 501), "return_address: "},
	} {
		text := strings.Replace(contractedWhole, c.old, c.new, 1)
		if text == contractedWhole {
			t.Fatalf("%s: %s is not in the order", c.name, c.old)
		}
		_, err := Decode([]byte(text), nil)
		var faults Faults
		if !errors.As(err, &faults) || !strings.HasPrefix(faults[0].String(), c.want) {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
	}
}

// many repeats a line of an order, each with an id of its own.
func many(line string, n int) (all string) {
	for i := range n {
		all += strings.Replace(line, `"x"`, fmt.Sprintf("%q", fmt.Sprint("x", i)), 1)
	}
	return all
}

// TestSumsOfTheShortFormStayUnchecked: an order of older shops is not summed.
func TestSumsOfTheShortFormStayUnchecked(t *testing.T) {
	text := strings.Replace(contracted, `"24.90"`, `"3.00"`, 1)
	if _, err := Decode([]byte(text), nil); err != nil {
		t.Error(err)
	}
}

// TestAShortFormGainsNoField: what an older shop reads back has the fields that it always had.
func TestAShortFormGainsNoField(t *testing.T) {
	o, err := Decode([]byte(contracted), nil)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"id":"8123456789012345","buyer_id":"b-1","seller_id":"s-1","stage":"processing",` +
		`"placed_at":"2026-11-20T09:00:00Z","paid_at":"2026-11-20T09:05:00Z","ship_by":"2026-11-27T00:00:00Z","shipped_at":null,` +
		`"deliver_by":null,"delivered_at":null,"updated_at":"2026-11-20T09:05:00Z","payment_method":"card","currency":"USD",` +
		`"total":"24.90","shipping_fee":"2.50","coupon":{"code":"NOV5","amount":"5.00","used":true},` +
		`"tracking":{"carrier":"","code":""},"items":[{"id":"1","title":"Bamboo lamp","quantity":1,"price":"22.40","image_url":""}]}`
	if got := string(Encode(o)); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestImportWholeOrdersAsCSV(t *testing.T) {
	file := head + ",item_cancelled_quantity,shipping_fee,return_address,discounts_code,discounts_amount,discounts_items," +
		"payments_id,payments_method,payments_amount,parcels_id,parcels_code,parcels_items,adjustments_id,adjustments_type," +
		"adjustments_amount,adjustments_status\n" +
		`7,b-1,s-1,part_shipped,2026-11-20T09:00:00Z,USD,57.70,Lamp,3,60.00,1,2.70,12 Mill Lane\nLeeds,NOV5,5.00,1,` +
		"pay-1,gift_card,20.00,p-1,RB1,1=1 2=1,a-1,chargeback,37.70,open\n" +
		"7,,,,,,,Shade,1,0.00,0,,,,,,pay-2,card,37.70,,,,,,,\n"
	kept, said, _, err := imported("x.csv", file)
	if err != nil || len(kept) != 1 {
		t.Fatalf("%v %q", err, said)
	}
	o := kept[0]
	if o.ReturnAddress != "12 Mill Lane\nLeeds" || len(o.Items) != 2 || o.Items[0].CancelledQuantity != 1 || !o.Items[1].Counted ||
		!reflect.DeepEqual(o.Discounts, []bot.Discount{{Code: "NOV5", Amount: usd(500), Items: []string{"1"}}}) ||
		!reflect.DeepEqual(o.Parcels, []bot.Parcel{
			{ID: "p-1", Code: "RB1", Items: []bot.Part{{ID: "1", Quantity: 1}, {ID: "2", Quantity: 1}}},
		}) ||
		len(o.Payments) != 2 || o.Payments[1] != (bot.Payment{ID: "pay-2", Method: "card", Amount: usd(3770)}) ||
		len(o.Adjustments) != 1 || !o.RefundsHeld() {
		t.Errorf("got %+v", o)
	}
	_, said, _, _ = imported("x.csv", strings.Replace(file, "pay-2,card,37.70", "pay-2,card,x", 1))
	expect(t, "a bad payment", said, []string{"2: its order is wrong in line 3", `3: payments_amount: "x" is not an amount of USD`})
	_, said, _, _ = imported("x.csv", strings.Replace(file, "1=1 2=1", "1=9", 1))
	expect(t, "too much in a parcel", said, []string{`2: parcels_items: more in parcels than was ordered`, "3: its order"})
}

// makeWhole gives an order that a test has drawn quantities, discounts, payments, parcels and adjustments that add up.
func makeWhole(t *rapid.T, o *bot.Order) {
	of := func(minor int64) bot.Money { return bot.Money{Minor: minor, Currency: o.Total.Currency} }
	goods := int64(0)
	for n := range o.Items {
		i := &o.Items[n]
		goods += i.Price.Minor
		i.Counted = true
		if i.CancelledQuantity = rapid.IntRange(0, i.Quantity).Draw(t, "gone"); i.Cancelled {
			i.CancelledQuantity = i.Quantity
		}
		i.URL = "https://shop.example/p"
	}
	o.Coupon, o.Carrier, o.Tracking, o.Headed, o.Method = bot.Coupon{}, "", "", "", ""
	first := o.Items[0]
	o.Discounts = []bot.Discount{
		{Code: "ALL", Amount: of(rapid.Int64Range(0, goods-first.Price.Minor).Draw(t, "off all")), Used: true},
		{Amount: of(rapid.Int64Range(0, first.Price.Minor).Draw(t, "off one")), Items: []string{first.ID}},
	}
	o.Total = of(goods + o.Shipping.Minor - o.Discounts[0].Amount.Minor - o.Discounts[1].Amount.Minor)
	paid := rapid.Int64Range(0, o.Total.Minor).Draw(t, "paid first")
	o.Payments = []bot.Payment{
		{ID: "pay-1", Method: "gift_card", Amount: of(paid)}, {ID: "pay-2", Method: "card", Amount: of(o.Total.Minor - paid)},
	}
	for n := range rapid.IntRange(0, 3).Draw(t, "parcels") {
		o.Parcels = append(o.Parcels, bot.Parcel{ID: fmt.Sprint("p-", n), Code: fmt.Sprint("C", n), Shipped: o.Updated})
	}
	for n := range rapid.IntRange(0, 3).Draw(t, "adjustments") {
		o.Adjustments = append(o.Adjustments, bot.Adjustment{
			ID: fmt.Sprint("a-", n), Type: rapid.SampledFrom(bot.AdjustmentTypes).Draw(t, "type"), Amount: of(int64(n)),
			Status: rapid.SampledFrom(bot.AdjustmentStatuses).Draw(t, "status"), Payment: "pay-1", At: o.Placed,
		})
	}
	o.ReturnAddress, o.URL = "12 Mill Lane\nLeeds", "https://shop.example/o"
}

// TestHeldOrdersCanBePutAgain: what GET shows, with both forms, is what PUT takes.
func TestHeldOrdersCanBePutAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		held := anyOrder(t)
		makeWhole(t, &held)
		held.Normalize()
		put, err := Decode(Encode(held), nil)
		if err != nil {
			t.Fatalf("%v in %s", err, Encode(held))
		}
		if put.Normalize(); !reflect.DeepEqual(put, held) {
			t.Fatalf("got %+v\nwant %+v", put, held)
		}
	})
}

// TestEveryFieldHasAColumn: a whole order can be written as CSV too.
func TestEveryFieldHasAColumn(t *testing.T) {
	o, err := Decode([]byte(contractedWhole), nil)
	if err != nil {
		t.Fatal(err)
	}
	o.Normalize()
	var fields map[string]any
	if err := json.Unmarshal(Encode(o), &fields); err != nil {
		t.Fatal(err)
	}
	for list, prefix := range csvLists {
		for name := range fields[list].([]any)[0].(map[string]any) {
			if csvColumns[prefix+name] != name {
				t.Errorf("%s has no column for %s", list, name)
			}
		}
	}
}
