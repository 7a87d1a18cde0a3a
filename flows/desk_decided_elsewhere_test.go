package flows

import (
	"maps"
	"testing"

	"nevermind/bot"
)

// TestClosedStates: the ends that a decision elsewhere is not counted in are just the ends of cases and disputes.
func TestClosedStates(t *testing.T) {
	ends := map[string]bool{}
	for _, f := range []*bot.Flow{&caseFlow, &dispute} {
		for name, s := range f.States {
			if s.End() {
				ends[name] = true
			}
		}
	}
	if !maps.Equal(ends, closedStates) {
		t.Errorf("got %v, want %v", closedStates, ends)
	}
}

// TestDecidedElsewhere: what another record has decided is read from its facts, and what cannot be read is all of the order.
func TestDecidedElsewhere(t *testing.T) {
	paid := bot.Order{ID: "81000001", Stage: bot.Delivered, Total: bot.Money{Minor: 10000, Currency: "USD"}}
	with := func(facts bot.Facts) bot.Facts {
		all := bot.Facts{"asked": "20.00 USD"}
		maps.Copy(all, facts)
		return all
	}
	for name, c := range map[string]struct {
		facts bot.Facts
		want  int64
	}{
		"nothing yet":                {with(nil), 0},
		"a decision held":            {with(bot.Facts{"held": "part", "held_visit": "3", "held_ruled_amount": "8.00 USD"}), 800},
		"all of it held":             {with(bot.Facts{"held": "full", "held_visit": "3", "held_sum": "90.00 USD"}), 9000},
		"all of a parcel":            {with(bot.Facts{"held": "all", "held_visit": "3", "parcel": "1", "parcel_all": "7.00 USD"}), 700},
		"all, of no parcel":          {with(bot.Facts{"held": "all", "held_visit": "3"}), 10000},
		"one of an earlier visit":    {with(bot.Facts{"held": "part", "held_visit": "2", "held_ruled_amount": "8.00 USD"}), 0},
		"a refusal held":             {with(bot.Facts{"held": "nothing", "held_visit": "3"}), 0},
		"a call held":                {with(bot.Facts{"phone_held": "wanted", "phone_visit": "3"}), 10000},
		"agreed":                     {with(bot.Facts{"agreed": "ruling", "amount": "5.00 USD"}), 500},
		"agreed, with no amount":     {with(bot.Facts{"agreed": "ruling"}), 10000},
		"an amount that is no money": {with(bot.Facts{"agreed": "ruling", "amount": "eight"}), 10000},
		"another currency":           {with(bot.Facts{"agreed": "ruling", "amount": "5.00 EUR"}), 10000},
	} {
		other := bot.Conversation{Key: "dispute/81000001/2/0", Order: paid.ID,
			Frame: bot.Frame{Flow: "dispute", State: "with_support", Visit: 3, Facts: c.facts}}
		v := &bot.View{Order: &paid, Conv: &bot.Conversation{Key: "dispute/81000001/1/0", Order: paid.ID},
			Others: func() []bot.Conversation { return []bot.Conversation{other} }}
		if got := decidedElsewhere(v).Minor; got != c.want {
			t.Errorf("%s: got %d, want %d", name, got, c.want)
		}
		v.Others = nil
		v.Event = &bot.Event{Facts: bot.Facts{"past": "dispute/81000001/2/0=1"}}
		v.History = []bot.Entry{{Conversation: other.Key, Seq: 1, Flow: "dispute", To: "with_support", Visit: 3, Learned: c.facts}}
		if got := decidedElsewhere(v).Minor; got != c.want {
			t.Errorf("%s, from its journal: got %d, want %d", name, got, c.want)
		}
		if v.Event = nil; decidedElsewhere(v).Minor != 10000 {
			t.Errorf("%s: unread, it is not all", name)
		}
	}
}
