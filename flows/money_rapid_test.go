package flows

import (
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"nevermind/bot"
)

// anyOrder makes a paid order of some lines, in a currency with 0, 2 or 3 decimals, a part of it refunded before.
func anyPaidOrder(t *rapid.T) *bot.Order {
	currency := rapid.SampledFrom([]string{"JPY", "USD", "KWD"}).Draw(t, "currency")
	of := func(minor int64) bot.Money { return bot.Money{Minor: minor, Currency: currency} }
	o := &bot.Order{ID: "1", Stage: bot.Processing, Shipping: of(rapid.Int64Range(0, 10_000).Draw(t, "shipping"))}
	o.Total = of(o.Shipping.Minor + rapid.Int64Range(0, 1<<40).Draw(t, "goods"))
	for n := range rapid.IntRange(1, 8).Draw(t, "lines") {
		o.Items = append(o.Items, bot.Item{ID: strconv.Itoa(n), Quantity: 1, Price: of(rapid.Int64Range(0, 1<<40).Draw(t, "price"))})
	}
	if back := rapid.Int64Range(0, o.Total.Minor).Draw(t, "back"); rapid.Bool().Draw(t, "refunded") {
		o.Book = []bot.Posting{{Do: "pay_refund", Amount: of(back), State: "done"}}
	}
	return o
}

func viewOf(o *bot.Order, facts bot.Facts) *bot.View {
	c := &bot.Conversation{Frame: bot.Frame{Facts: facts}}
	return &bot.View{Conv: c, Frame: &c.Frame, Order: o, Policy: &bot.Policy{}, Renderer: plain{}}
}

// TestS20SharesSumUp: lines asked for one by one come to what the goods cost, to the last minor unit, whatever the order
// of asking; nothing asked is negative or above what can still go back.
func TestS20SharesSumUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := anyPaidOrder(t)
		var ids []string
		var sum, prices int64
		whole := *o
		whole.Book = nil
		for _, i := range o.Items {
			one := asked(viewOf(o, bot.Facts{"lines": i.ID}))
			if len(o.Items) == 1 {
				return // the one line is the whole order, delivery and all
			}
			if one.Minor < 0 || o.Refundable().Less(one) {
				t.Fatalf("line %s: %s of %s", i.ID, one, o.Refundable())
			}
			sum += asked(viewOf(&whole, bot.Facts{"lines": i.ID})).Minor
			prices += i.Price.Minor
			ids = append(ids, i.ID)
		}
		if goods := o.Total.Minus(o.Shipping); prices > 0 && sum != goods.Minor {
			t.Fatalf("the lines come to %d, the goods to %s", sum, goods)
		}
		some := rapid.SliceOfDistinct(rapid.SampledFrom(ids), func(s string) string { return s }).Draw(t, "some")
		both := int64(0)
		for _, id := range some {
			both += asked(viewOf(&whole, bot.Facts{"lines": id})).Minor
		}
		if len(some) == len(ids) {
			both = o.Total.Minor // delivery goes back with the last of the goods
		}
		if got := asked(viewOf(&whole, bot.Facts{"lines": strings.Join(some, ",")})); len(some) > 0 && got.Minor != both {
			t.Fatalf("%v together: %s, one by one %d", some, got, both)
		}
	})
}

// TestAmountsAreExact: what somebody types is the amount to the last minor unit, and never more than can go back; a
// solution in a dispute never is either.
func TestAmountsAreExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := anyPaidOrder(t)
		most := o.Refundable()
		typed := bot.Money{Minor: rapid.Int64Range(0, 2*most.Minor+2).Draw(t, "typed"), Currency: most.Currency}
		text := typed.Amount()
		if rapid.Bool().Draw(t, "comma") {
			text = strings.Replace(text, ".", ",", 1)
		}
		value, unfit := fitAmount(&bot.Field{Max: most}, text)
		if len(bot.ReadMoneyAs(text, most.Currency)) > 1 { // "1,250" KWD: asked again, never guessed
			if unfit != amountInTwoWays || value != "" {
				t.Fatalf("%s of %s can mean two amounts: got %q, %q", text, most, value, unfit)
			}
			return
		}
		if fits := typed.Minor > 0 && !most.Less(typed); fits != (unfit == "") || fits && value != typed.String() {
			t.Fatalf("%s of %s: got %q, %q", text, most, value, unfit)
		}
		for _, which := range []string{"claim", "solution", "proposal"} {
			if got := solutionAmount(viewOf(o, bot.Facts{which + "_amount": typed.String()}), which); got.Minor < 0 || most.Less(got) {
				t.Fatalf("%s of %s: %s", typed, most, got)
			}
		}
		v := viewOf(o, bot.Facts{"asked": most.String(), "offer_amount": typed.String()})
		for _, kind := range []string{"discount", "partial", "costs"} {
			v.Frame.Facts["offer_kind"] = kind
			if got := offerTaken(v, nil)["amount"]; kind == "costs" && mustRead(t, got).Minor != max(0, most.Minor-typed.Minor) {
				t.Fatalf("%s kept of %s: %s", typed, most, got)
			}
		}
	})
}

func mustRead(t *rapid.T, s string) bot.Money {
	m, err := bot.ReadMoney(s)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestQ7PartsComeToTheAmount: what a preview itemises comes to the amount it names, to the last minor unit, and nothing in
// it is negative; nothing is itemised where it does not.
func TestQ7PartsComeToTheAmount(t *testing.T) {
	itemised := 0
	rapid.Check(t, func(t *rapid.T) {
		o := anyPaidOrder(t)
		facts := bot.Facts{}
		if n := rapid.IntRange(-1, len(o.Items)-1).Draw(t, "line"); n >= 0 {
			facts["lines"] = o.Items[n].ID
		}
		v := viewOf(o, facts)
		if madeUpOf(v, &bot.Person{}) == "" {
			return
		}
		itemised++
		back := refundOf(v)
		sum := back.Delivery.Minor - back.Before.Minor
		for _, l := range back.Lines {
			if sum += l.Amount.Minor; l.Amount.Minor < 0 {
				t.Fatalf("a share of %s", l.Amount)
			}
		}
		if back.Delivery.Minor < 0 || back.Before.Minor < 0 || sum != asked(v).Minor {
			t.Fatalf("the parts come to %d, asked is %s", sum, asked(v))
		}
	})
	if itemised == 0 {
		t.Error("nothing was ever itemised")
	}
}

// plain says words as they stand.
type plain struct{}

func (plain) Say(_ *bot.View, _ *bot.Person, english string) string           { return english }
func (plain) Count(_ *bot.View, _ *bot.Person, _ int, _, other string) string { return other }
func (plain) Forecast(*bot.View, int) []bot.Foresight                         { return nil }
func (plain) Translates(*bot.Person, string) bool                             { return false }
func (plain) Amount(_ *bot.Person, m bot.Money) string                        { return m.String() }
func (plain) Join(_ *bot.Person, after bot.Mark, items []string) string {
	return bot.Join(after, items)
}
func (plain) Judged(*bot.View, bot.Deadline) []bot.Party { return nil }
