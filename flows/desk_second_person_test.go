package flows

import (
	"testing"

	"nevermind/bot"
)

// TestSecondPersonWanted: decisions that one agent might write so that no second person is asked for them. What cannot be read,
// compared or known counts as all that can go back (finding A4).
func TestSecondPersonWanted(t *testing.T) {
	usd := func(minor int64) bot.Money { return bot.Money{Minor: minor, Currency: "USD"} }
	held := func(kind, name, amount string) bot.Facts { return bot.Facts{"held": kind, "held_" + name: amount} }
	for name, c := range map[string]struct {
		facts  bot.Facts
		change func(v *bot.View)
		wanted bool
	}{
		"a part below the limit":                {facts: held("partial", "amount", "9.99 USD")},
		"just the limit":                        {facts: held("partial", "amount", "10.00 USD")},
		"a cent more":                           {facts: held("partial", "amount", "10.01 USD"), wanted: true},
		"a refusal":                             {facts: held("refused", "amount", "99.00 USD")},
		"no amount":                             {facts: held("partial", "amount", ""), wanted: true},
		"an amount in words":                    {facts: held("partial", "amount", "nine"), wanted: true},
		"a decimal comma":                       {facts: held("partial", "amount", "9,99 USD"), wanted: true},
		"no currency":                           {facts: held("partial", "amount", "9.99"), wanted: true},
		"another currency":                      {facts: held("partial", "amount", "9.99 EUR"), wanted: true},
		"more digits than a cent has":           {facts: held("partial", "amount", "9.999 USD"), wanted: true},
		"more than any number":                  {facts: held("partial", "amount", "99999999999999999999.00 USD"), wanted: true},
		"the other flow's amount beside":        {facts: both("9.99 USD"), wanted: true},
		"a kind that is none":                   {facts: held("everything", "amount", "1.00 USD"), wanted: true},
		"no kind":                               {facts: held("", "amount", "1.00 USD"), wanted: true},
		"all, with a small sum in the decision": {facts: held("full", "sum", "1.00 EUR"), wanted: true},
		"all, with a sum that is no money":      {facts: held("full", "sum", "1"), wanted: true},
		"a part, after 8.00 have gone back": {facts: held("partial", "amount", "8.00 USD"), wanted: true,
			change: func(v *bot.View) {
				v.Order.Refunded = usd(800)
			}},
		"a part, with another case that nobody has read": {facts: held("partial", "amount", "1.00 USD"), wanted: true,
			change: func(v *bot.View) { v.Others = nil }},
		"a part, with a hundred other cases": {facts: held("partial", "amount", "1.00 USD"), wanted: true,
			change: func(v *bot.View) {
				v.Others = func() []bot.Conversation {
					return mostOpen(v.Order.ID)
				}
			}},
		"a limit in another currency": {facts: held("partial", "amount", "1.00 USD"), wanted: true,
			change: func(v *bot.View) { v.Policy.SecondPersonAbove = bot.Money{Minor: 1_000_000, Currency: "JPY"} }},
		"no limit": {facts: held("full", "sum", "24.90 USD"),
			change: func(v *bot.View) { v.Policy.SecondPersonAbove = bot.Money{} }},
	} {
		o := &bot.Order{ID: "81000001", Stage: bot.Delivered, Total: usd(2490), Method: "card"}
		conv := &bot.Conversation{Key: "case/81000001/0", Order: o.ID,
			Frame: bot.Frame{Flow: "case", State: "with_support", Facts: bot.Facts{}}}
		v := &bot.View{Order: o, Conv: conv, Frame: &conv.Frame, Policy: &bot.Policy{SecondPersonAbove: usd(1000)},
			Others: func() []bot.Conversation { return nil }}
		if c.change != nil {
			c.change(v)
		}
		if got := needsSecondAgent(v, decisionAmount(v, c.facts)); got != c.wanted {
			t.Errorf("%s: a second person is wanted: %v (%v)", name, got, decisionAmount(v, c.facts))
		}
	}
}

// both is a part with an amount by the names of both flows.
func both(amount string) bot.Facts {
	return bot.Facts{"held": "partial", "held_amount": amount, "held_ruled_amount": amount}
}

// mostOpen are as many open cases about an order as are looked at.
func mostOpen(order string) []bot.Conversation {
	all := make([]bot.Conversation, mostRecords)
	for i := range all {
		all[i] = bot.Conversation{Key: bot.Key("dispute/" + order + "/1/0"), Order: order,
			Frame: bot.Frame{Flow: "dispute", State: "with_support"}}
	}
	return all
}
