package flows

import (
	"testing"

	"nevermind/bot"
)

// heldView is a view of a paid order of 24.90 USD, where more than 10.00 USD wants a second person.
func heldView(facts bot.Facts) *bot.View {
	usd := func(minor int64) bot.Money { return bot.Money{Minor: minor, Currency: "USD"} }
	o := &bot.Order{ID: "81000001", Stage: bot.Delivered, Total: usd(2490), Method: "card"}
	conv := &bot.Conversation{Key: "case/81000001/0", Order: o.ID,
		Frame: bot.Frame{Flow: "case", State: "with_support", Facts: facts}}
	return &bot.View{Order: o, Conv: conv, Frame: &conv.Frame, Policy: &bot.Policy{SecondPersonAbove: usd(1000)},
		Others: func() []bot.Conversation { return nil }}
}

// TestFreshAmounts: further ways of writing an amount so that no second person is asked for it (A4).
func TestFreshAmounts(t *testing.T) {
	for _, amount := range []string{
		"-9.99 USD", "-0.01 USD", "--9.99 USD", "+9.99 USD", "9.99 usd", "９.９９ USD", "9.99\u00a0USD", " 9.99 USD", "9.99 USD ",
		"9.99 USD 1.00 USD", "9.99 USD\n", "9e0 USD", "0x9 USD", ".99 USD", "9. USD", "9.99USD", "1_0 USD", "NaN USD", "9.99 US",
		"٩.٩٩ USD", "\u202e9.99 USD",
	} {
		for _, facts := range []bot.Facts{
			{"held": "partial", "held_amount": amount}, {"held": "part", "held_ruled_amount": amount},
			{"held": "full", "held_sum": amount},
		} {
			v := heldView(facts)
			if sum := decisionAmount(v, facts); !needsSecondAgent(v, sum) || sum.Minor < 0 {
				t.Errorf("%v: it counts as %v, and nobody is asked", facts, sum)
			}
		}
	}
}

// TestFreshRecordsElsewhere: what another record of the order says takes nothing off what has gone back already (A4).
func TestFreshRecordsElsewhere(t *testing.T) {
	for _, facts := range []bot.Facts{
		{"asked": "20.00 USD", "agreed": "ruling", "amount": "-20.00 USD"},
		{"asked": "20.00 USD", "held": "part", "held_visit": "0", "held_ruled_amount": "-20.00 USD"},
		{"asked": "20.00 XXX"}, {"asked": "20.00"}, {"asked": ""},
	} {
		v := heldView(bot.Facts{})
		v.Others = func() []bot.Conversation {
			frame := bot.Frame{Flow: "dispute", State: "with_support", Facts: facts}
			return []bot.Conversation{{Key: "dispute/81000001/1/0", Order: "81000001", Frame: frame}}
		}
		if nine := (bot.Money{Minor: 1001, Currency: "USD"}); !needsSecondAgent(v, nine) {
			t.Errorf("%v: nobody is asked about %v", facts, nine)
		}
	}
}

// TestFreshNamedAmounts: where a refund has failed and the order's currency is another by now, one person names no amount above
// the limit, which cannot be compared with it (A4).
func TestFreshNamedAmounts(t *testing.T) {
	stuck := bot.Facts{"stuck": "refund", "amount": "8.00 USD", "why": "refund_failed"}
	if v := heldView(stuck); nameAmount.When.Holds(v) {
		t.Error("an amount is named though what was decided can still go back")
	}
	v := heldView(stuck)
	v.Order.Total.Currency, v.Policy.SecondPersonAbove.Currency = "EUR", "USD"
	if nameAmount.When.Holds(v) {
		t.Error("one person names up to 24.90 EUR")
	}
	if v.Policy.SecondPersonAbove = (bot.Money{}); !nameAmount.When.Holds(v) {
		t.Error("without a limit nobody can name an amount")
	}
	v = heldView(stuck)
	if v.Order.Refunded = (bot.Money{Minor: 2000, Currency: "USD"}); !nameAmount.When.Holds(v) {
		t.Error("what is left of what was decided cannot be named")
	}
}
