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

const contracted = `{"id":"8123456789012345","buyer_id":"b-1","seller_id":"s-1","stage":"processing",
 "placed_at":"2026-11-20T09:00:00Z","paid_at":"2026-11-20T10:05:00+01:00","ship_by":"2026-11-27T00:00:00Z",
 "shipped_at":null,"deliver_by":null,"delivered_at":null,"updated_at":"2026-11-20T09:05:00Z",
 "payment_method":"card","currency":"USD","total":"24.90","shipping_fee":"2.50",
 "coupon":{"code":"NOV5","amount":"5.00","used":true},
 "tracking":{"carrier":"","code":""},
 "items":[{"id":"1","title":"Bamboo lamp","quantity":1,"price":"22.40","image_url":""}]}`

func usd(minor int64) bot.Money { return bot.Money{Minor: minor, Currency: "USD"} }

func TestDecodeTheContractsOrder(t *testing.T) {
	got, err := Decode([]byte(contracted), nil)
	if err != nil {
		t.Fatal(err)
	}
	want := bot.Order{
		ID: "8123456789012345", Buyer: "buyer:b-1", Seller: "seller:s-1", Stage: bot.Processing,
		Placed: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC), Paid: time.Date(2026, 11, 20, 9, 5, 0, 0, time.UTC),
		ShipBy: time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC), Updated: time.Date(2026, 11, 20, 9, 5, 0, 0, time.UTC),
		Method: "card", Total: usd(2490), Shipping: usd(250), Coupon: bot.Coupon{Code: "NOV5", Amount: usd(500), Used: true},
		Items: []bot.Item{{ID: "1", Title: "Bamboo lamp", Quantity: 1, Price: usd(2240)}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
	again, err := Decode(Encode(got), nil)
	if err != nil || !reflect.DeepEqual(again, want) {
		t.Errorf("written and read again: got %+v, %v", again, err)
	}
	var fields, wanted map[string]any
	if err := json.Unmarshal(Encode(got), &fields); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(strings.Replace(contracted, "10:05:00+01:00", "09:05:00Z", 1)), &wanted); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(fields, wanted) {
		t.Errorf("as JSON: got %v\nwant %v", fields, wanted)
	}
}

func TestOptionalFieldsMayBeNullOrLeftOut(t *testing.T) {
	const least = `{"id":"1","buyer_id":"b","seller_id":"s","stage":"unpaid","placed_at":"2026-11-20T09:00:00Z",
	 "currency":"JPY","total":"1500","items":[{"id":"1","title":"竹のランプ","quantity":2,"price":"1500"}]`
	for _, text := range []string{least + "}",
		least + `,"paid_at":null,"ship_by":null,"shipped_at":null,"deliver_by":null,"delivered_at":null,
	 "updated_at":null,"payment_method":null,"shipping_fee":null,"coupon":null,"tracking":null}`} {
		o, err := Decode([]byte(text), nil)
		if err != nil {
			t.Fatal(err)
		}
		if o.Method != "other" || !o.Updated.Equal(o.Placed) || o.Total.String() != "1500 JPY" || o.Shipping.String() != "0 JPY" {
			t.Errorf("got %+v", o)
		}
	}
}

func TestDecodeNamesEveryFault(t *testing.T) {
	for _, c := range []struct {
		name     string
		old, new string
		want     []string
	}{
		{"unknown stage", `"processing"`, `"sent"`, []string{`stage: "sent" is not a stage; the stages are [unpaid`}},
		{"too many decimals", `"24.90"`, `"24.905"`,
			[]string{`total: "24.905" is not an amount of USD; write a decimal string like "249.00"`}},
		{"decimals in yen", `"USD","total":"24.90","shipping_fee":"2.50"`, `"JPY","total":"24.90","shipping_fee":"2"`,
			[]string{`total: "24.90" is not an amount of JPY; write a decimal string like "24900"`, `coupon.amount: "5.00" is`,
				`items[0].price: "22.40"`}},
		{"a number for money", `"24.90"`, `24.90`, []string{`total: a number stands here; write a string`}},
		{"a huge number", `"24.90"`, `"` + strings.Repeat("9", 39) + `"`,
			[]string{`total: "999999999999999999999999" is not an amount`}},
		{"negative", `"24.90"`, `"-1.00"`, []string{`total: "-1.00" is not an amount`}},
		{"no currency", `"USD"`, `"usd"`, []string{`currency: "usd" is not a currency`}},
		{"no id", `"id":"8123456789012345",`, ``, []string{`id: missing`}},
		{"empty buyer", `"b-1"`, `""`, []string{`buyer_id: missing`}},
		{"null seller", `"s-1"`, `null`, []string{`seller_id: missing`}},
		{"id with a space", `"8123456789012345"`, `"81 23"`, []string{`id: "81 23" is not an id`}},
		{"long id", `"8123456789012345"`, `"` + strings.Repeat("8", 65) + `"`,
			[]string{`id: 65 characters are too many; at most 64 fit`}},
		{"bad time", `"2026-11-20T09:00:00Z"`, `"20 Nov"`, []string{`placed_at: "20 Nov" is not a time; write it like`}},
		{"year 20260", `"2026-11-27T00:00:00Z"`, `"0026-11-27T00:00:00Z"`, []string{`ship_by: "0026-11-27T00:00:00Z" is not a time`}},
		{"NUL", `Bamboo`, `Bam\u0000boo`, []string{`items[0].title: there is a control character`}},
		{"newline", `Bamboo`, `Bam\nboo`, []string{`items[0].title: there is a control character`}},
		{"long title", `Bamboo lamp`, strings.Repeat("é", 301), []string{`items[0].title: 301 characters are too many`}},
		{"no lines", `[{"id":"1","title":"Bamboo lamp","quantity":1,"price":"22.40","image_url":""}]`, `[]`,
			[]string{`items: no lines`}},
		{"lines that are none", `[{"id":"1","title":"Bamboo lamp","quantity":1,"price":"22.40","image_url":""}]`, `"x"`,
			[]string{`items: a string stands here; write an array`}},
		{"same line twice", `"items":[`, `"items":[{"id":"1","title":"Shade","quantity":1,"price":"1.00"},`,
			[]string{`items[1].id: "1" is the id of two lines`}},
		{"half a lamp", `"quantity":1`, `"quantity":0.5`, []string{`items[0].quantity: "0.5" is not a quantity`}},
		{"very many lamps", `"quantity":1`, `"quantity":1e999`, []string{`items[0].quantity: "1e999" is not a quantity`}},
		{"lamps in words", `"quantity":1`, `"quantity":"1"`, []string{`items[0].quantity: a string stands here; write a number`}},
		{"unknown method", `"card"`, `"klarna"`, []string{`payment_method: "klarna" is not a payment method that is known`}},
		{"no picture", `"image_url":""`, `"image_url":"javascript:alert(1)"`,
			[]string{`items[0].image_url: "javascript:alert(1)" is not`}},
		{"unknown fields", `"stage"`, `"colour":{"a":1},"stage"`, []string{`colour.a: unknown field`, `colour: unknown field`}},
		{"a name with a dot", `"coupon":{"code":"NOV5","amount":"5.00","used":true}`, `"coupon":null,"coupon.code":"X"`,
			[]string{`"coupon.code": unknown field`}},
		{"twice", `"stage"`, `"id":"2","stage"`, []string{`id: given twice`}},
		{"used in words", `"used":true`, `"used":"yes"`, []string{`coupon.used: a string stands here; write true or false`}},
		{"two faults", `"stage":"processing","placed_at"`, `"stage":"x","placed"`, nil},
	} {
		text := strings.Replace(strings.ReplaceAll(contracted, "\n ", ""), c.old, c.new, 1)
		_, err := Decode([]byte(text), nil)
		var faults Faults
		if c.want == nil {
			c.want = []string{"stage: ", "placed_at: missing", "placed: unknown field"}
		}
		if !errors.As(err, &faults) || len(faults) != len(c.want) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
			continue
		}
		for n, want := range c.want {
			if got := faults[n].String(); !strings.HasPrefix(got, want) {
				t.Errorf("%s: got %q, want %q", c.name, got, want)
			}
		}
	}
}

func TestDecodeNotAnOrder(t *testing.T) {
	for _, text := range []string{"", "null", "3", "[]", `"x"`, "{", "{}{}", "{\"id\":\"\xff\"}",
		`{"a":` + strings.Repeat(`{"a":`, 9) + "1" + strings.Repeat("}", 10),
		strings.Repeat("[", 20000), `{"items":[` + strings.Repeat("{},", 300) + "{}]}",
		`{"id":"` + strings.Repeat("x", maxText) + `"}`, `{"a":1,}`} {
		_, err := Decode([]byte(text), nil)
		var faults Faults
		if !errors.As(err, &faults) || len(err.Error()) > 2000 {
			t.Errorf("%.30q: got %.300v, want Faults", text, err)
		}
	}
}

func TestPolicyListsFurtherMethods(t *testing.T) {
	text := strings.Replace(contracted, `"card"`, `"klarna"`, 1)
	o, err := Decode([]byte(text), &bot.Policy{Refunds: map[string]bot.Interval{"klarna": {}}})
	if err != nil || o.Method != "klarna" {
		t.Errorf("got %q, %v", o.Method, err)
	}
}

// anyOrder draws an order as Decode may return it.
func anyOrder(t *rapid.T) bot.Order {
	currency := rapid.SampledFrom([]string{"USD", "JPY", "KWD"}).Draw(t, "currency")
	money := rapid.Custom(func(t *rapid.T) bot.Money {
		return bot.Money{Minor: rapid.Int64Range(0, 1e15).Draw(t, "minor"), Currency: currency}
	})
	id := rapid.StringMatching(`[A-Za-z0-9._:-]{1,64}`)
	text := rapid.StringMatching(`[\p{L}\p{N} "',.&<>\\é竹😀-]{1,20}`)
	instant := rapid.Custom(func(t *rapid.T) time.Time {
		return time.Unix(rapid.Int64Range(1e9, 7e9).Draw(t, "s"), rapid.Int64Range(0, 999_999_999).Draw(t, "ns")).UTC()
	})
	maybe := rapid.OneOf(instant, rapid.Just(time.Time{}))
	o := bot.Order{
		ID: id.Draw(t, "id"), Buyer: bot.NewPersonID(bot.Buyer, id.Draw(t, "buyer")),
		Seller: bot.NewPersonID(bot.Seller, id.Draw(t, "seller")),
		Stage:  rapid.SampledFrom(bot.Stages).Draw(t, "stage"), Placed: instant.Draw(t, "placed"), Paid: maybe.Draw(t, "paid"),
		ShipBy: maybe.Draw(t, "ship_by"), Shipped: maybe.Draw(t, "shipped"), DeliverBy: maybe.Draw(t, "deliver_by"),
		Delivered: maybe.Draw(t, "delivered"), Updated: instant.Draw(t, "updated"),
		Method: rapid.SampledFrom(paymentMethods).Draw(t, "method"), Total: money.Draw(t, "total"),
		Carrier: text.Draw(t, "carrier"), Tracking: text.Draw(t, "tracking"),
		Headed: rapid.SampledFrom([]string{"", "ES"}).Draw(t, "headed"),
	}
	o.Shipping = bot.Money{Minor: rapid.Int64Range(0, o.Total.Minor).Draw(t, "shipping"), Currency: currency}
	if rapid.Bool().Draw(t, "coupon") {
		o.Coupon = bot.Coupon{Code: text.Draw(t, "code"), Amount: money.Draw(t, "off"), Used: rapid.Bool().Draw(t, "used")}
	}
	for n := range rapid.IntRange(1, 4).Draw(t, "lines") {
		o.Items = append(o.Items, bot.Item{
			ID: string(rune('1' + n)), Title: text.Draw(t, "title"), Quantity: rapid.IntRange(1, 100_000).Draw(t, "quantity"),
			Price: money.Draw(t, "price"), Image: "https://shop.example/i.jpg", Cancelled: rapid.Bool().Draw(t, "cancelled"),
		})
	}
	return o
}

func TestWhatIsWrittenIsReadAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := anyOrder(t)
		if rapid.Bool().Draw(t, "whole") {
			makeWhole(t, &want)
		}
		got, err := Decode(Encode(want), nil)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("got %+v\nwant %+v", got, want)
		}
	})
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(contracted))
	f.Add([]byte(`{"id":1,"items":[{}],"coupon":[],"tracking":{"code":null}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		o, err := Decode(text, nil)
		if err != nil {
			var faults Faults
			if !errors.As(err, &faults) || len(faults) == 0 || !reflect.DeepEqual(o, bot.Order{}) {
				t.Errorf("got %+v, %v", o, err)
			}
			return
		}
		again, err := Decode(Encode(o), nil)
		if err != nil || !reflect.DeepEqual(again, o) {
			t.Errorf("written and read again: got %+v, %v, want %+v", again, err, o)
		}
	})
}

func TestCountryOfDelivery(t *testing.T) {
	const line = `{"id":"1","buyer_id":"b","seller_id":"s","stage":"processing","placed_at":"2026-11-20T09:00:00Z",` +
		`"country":%s,"currency":"USD","total":"2.00","items":[{"id":"1","title":"a","quantity":1,"price":"2.00"}]}`
	for given, want := range map[string]string{`"ES"`: "ES", `"pt"`: "PT", `null`: "", `""`: ""} {
		o, err := Decode([]byte(fmt.Sprintf(line, given)), nil)
		if err != nil || o.Country != want {
			t.Errorf("%s: got %q, %v", given, o.Country, err)
		}
		if again, err := Decode(Encode(o), nil); err != nil || again.Country != want {
			t.Errorf("%s, written and read: got %q, %v", given, again.Country, err)
		}
	}
	for _, given := range []string{`"Spain"`, `"E1"`, `3`} {
		if o, err := Decode([]byte(fmt.Sprintf(line, given)), nil); err == nil {
			t.Errorf("%s: got %q", given, o.Country)
		}
	}
}
