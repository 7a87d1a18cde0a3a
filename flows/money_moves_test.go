package flows

import (
	"testing"

	"pgregory.net/rapid"

	"nevermind/bot"
)

// TestAmountsFollowTheOrderBothWays: what a record asks follows the order's money down and up again, in any currency, and a
// part stays that part as far as it can go back.
func TestAmountsFollowTheOrderBothWays(t *testing.T) {
	usd := func(amount string) bot.Money { return money(t, amount+" USD") }
	refunded := func(amount string) func(*bot.Order) { return func(o *bot.Order) { o.Refunded = usd(amount) } }
	total := func(amount, currency string) func(*bot.Order) {
		return func(o *bot.Order) { o.Total = money(t, amount+" "+currency) }
	}
	adjusted := func(amount string, kind bot.AdjustmentType, status bot.AdjustmentStatus) func(*bot.Order) {
		return func(o *bot.Order) {
			o.Adjustments = []bot.Adjustment{{ID: "a-1", Type: kind, Amount: usd(amount), Status: status}}
		}
	}
	for _, c := range []struct {
		name, flow, amount string // the amount agreed, of 24.90 USD asked
		moves              []func(*bot.Order)
		want               string
	}{
		{"a slip corrected", "case", "24.90 USD", []func(*bot.Order){refunded("24.90"), refunded("0.00")}, "24.90 USD"},
		{"a slip corrected by half", "case", "24.90 USD", []func(*bot.Order){refunded("24.90"), refunded("12.00")}, "12.90 USD"},
		{"a second line", "case", "24.90 USD", []func(*bot.Order){total("34.90", "USD")}, "34.90 USD"},
		{"a lower total", "case", "24.90 USD", []func(*bot.Order){total("14.90", "USD")}, "14.90 USD"},
		{"lower and up again", "case", "24.90 USD", []func(*bot.Order){total("14.90", "USD"), total("24.90", "USD")}, "24.90 USD"},
		{"another currency", "case", "24.90 USD", []func(*bot.Order){total("22.00", "EUR")}, "22.00 EUR"},
		{"a currency without decimals", "case", "24.90 USD", []func(*bot.Order){total("3700", "JPY")}, "3700 JPY"},
		{"a part that still fits", "case", "10.00 USD", []func(*bot.Order){total("14.90", "USD")}, "10.00 USD"},
		{"a part that fits no more", "case", "20.00 USD", []func(*bot.Order){total("14.90", "USD")}, "14.90 USD"},
		{"a part that fits again", "case", "20.00 USD", []func(*bot.Order){total("14.90", "USD"), total("30.00", "USD")}, "20.00 USD"},
		{"a part in another currency", "case", "20.00 USD", []func(*bot.Order){total("22.00", "EUR")}, "20.00 USD"},
		{"a part, refunded and not", "case", "10.00 USD", []func(*bot.Order){refunded("20.00"), refunded("0.00")}, "10.00 USD"},
		{"a price adjustment", "case", "24.90 USD", []func(*bot.Order){adjusted("2.00", bot.PriceAdjustment, bot.AdjustmentCompleted)},
			"22.90 USD"},
		{"and reversed", "case", "24.90 USD", []func(*bot.Order){adjusted("2.00", bot.PriceAdjustment, bot.AdjustmentCompleted),
			adjusted("2.00", bot.PriceAdjustment, bot.AdjustmentReversed)}, "24.90 USD"},
		{"a chargeback lost", "case", "24.90 USD", []func(*bot.Order){adjusted("24.90", bot.Chargeback, bot.AdjustmentCompleted)},
			"0.00 USD"},
		{"a chargeback won after all", "case", "24.90 USD", []func(*bot.Order){
			adjusted("24.90", bot.Chargeback, bot.AdjustmentCompleted),
			adjusted("24.90", bot.Chargeback, bot.AdjustmentReversed)}, "24.90 USD"},
		{"all of a dispute", "dispute", "24.90 USD", []func(*bot.Order){refunded("24.90"), refunded("0.00")}, "24.90 USD"},
		{"a part of a dispute", "dispute", "5.00 USD", []func(*bot.Order){refunded("22.00"), refunded("0.00")}, "5.00 USD"},
	} {
		o := &bot.Order{ID: "1", Stage: bot.Processing, Total: usd("24.90"), Shipping: bot.Money{Currency: "USD"},
			Items: []bot.Item{{ID: "1", Quantity: 1, Price: usd("22.40")}}}
		v := viewOf(o, bot.Facts{"asked": "24.90 USD", "amount": c.amount})
		v.Conv.Flow, v.Frame.Flow = c.flow, c.flow
		for _, move := range c.moves {
			moveMoney(v, move)
		}
		if got := v.Fact("amount"); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

// moveMoney changes the order's money, and lets the view's record hear of it.
func moveMoney(v *bot.View, move func(*bot.Order)) {
	v.Frame.Facts["could_go_back"] = v.Order.Refundable().String()
	move(v.Order)
	for name, value := range amountsFollow(v, &bot.Event{Name: "total_changed"}) {
		if v.Frame.Facts[name] = value; value == "" {
			delete(v.Frame.Facts, name)
		}
	}
}

// TestAmountsNeverExceedTheOrder: whatever the order's money does, nothing more than can go back is asked, and once it is as
// it was, so is what is asked.
func TestAmountsNeverExceedTheOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := anyPaidOrder(t)
		o.Book = nil
		all := o.Refundable()
		part := bot.Money{Minor: rapid.Int64Range(0, all.Minor).Draw(t, "part"), Currency: all.Currency}
		v := viewOf(o, bot.Facts{"asked": all.String(), "amount": part.String()})
		v.Conv.Flow, v.Frame.Flow = "case", "case"
		paid := o.Total
		for range rapid.IntRange(1, 6).Draw(t, "moves") {
			now := bot.Money{Minor: rapid.Int64Range(o.Shipping.Minor, 2*paid.Minor+1).Draw(t, "total"), Currency: paid.Currency}
			moveMoney(v, func(o *bot.Order) { o.Total = now })
			for _, name := range []string{"asked", "amount"} {
				if m := amountOf(v, name); o.Refundable().Less(m) {
					t.Fatalf("%s is %s of %s", name, m, o.Refundable())
				}
			}
		}
		moveMoney(v, func(o *bot.Order) { o.Total = paid })
		if got := amountOf(v, "asked"); got != all {
			t.Fatalf("asked is %s, was %s", got, all)
		}
		if got := amountOf(v, "amount"); part.Minor > 0 && part != all && got != part {
			t.Fatalf("the part is %s, was %s", got, part)
		}
	})
}

func money(t *testing.T, s string) bot.Money {
	t.Helper()
	m, err := bot.ReadMoney(s)
	if err != nil {
		t.Fatal(err)
	}
	return m
}
