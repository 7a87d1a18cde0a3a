package flows

import (
	"maps"
	"slices"
	"strconv"

	"nevermind/bot"
)

// ratedAt are the ends by which a case is over, by flow, and for whom. A buyer whose money was sent is asked once it is there,
// and a refund that has come back to the shop goes on as a record of its own. Nobody is asked where nothing was sent to anybody.
var ratedAt = map[string]map[string][]bot.Party{
	"case": {
		"cancelled": bothSides, "withdrawn": bothSides, "refused": bothSides, "charged_back": bothSides, "refunded": {bot.Seller},
	},
	"dispute": {
		"withdrawn": bothSides, "refused": bothSides, "not_returned": bothSides, "charged_back": bothSides, "refunded": {bot.Seller},
	},
	"refund":  {"charged_back": {bot.Buyer}},
	"arrival": {"there": {bot.Buyer}, "not_missed": {bot.Buyer}, "explained": {bot.Buyer}},
}

// askedHowItWent has whatever ends a case begin to ask how it was handled.
func askedHowItWent(all []*bot.Flow) []*bot.Flow {
	for n, f := range all {
		if ratedAt[f.Name] == nil {
			continue
		}
		also := *f
		also.Always, also.States = askedAtEnds(f.Name, f.Always), maps.Clone(f.States)
		for name, s := range also.States {
			s.Then = askedAtEnds(f.Name, s.Then)
			also.States[name] = s
		}
		all[n] = &also
	}
	return all
}

// askedAtEnds adds the tasks to each move that may lead to such an end.
func askedAtEnds(flow string, moves bot.Moves) bot.Moves {
	all := maps.Clone(moves)
	for event, m := range all {
		ends := slices.ContainsFunc(m.Ways, func(w bot.Way) bool { return ratedAt[flow][w.To] != nil })
		if m.Kind == bot.Goes && ends {
			all[event] = m.Asking(beginRating(bot.Buyer, m.Ways), beginRating(bot.Seller, m.Ways))
		}
	}
	return all
}

// beginRating begins to ask one side, where a move's way leads to an end for them and the policy wants it.
func beginRating(who bot.Party, ways []bot.Way) bot.Ask {
	return func(v *bot.View, _ *bot.Event) (bot.Key, bot.Event) {
		if v.Policy.Choices["satisfaction"] != "on" {
			return "", bot.Event{}
		}
		for _, w := range ways {
			if w.If != nil && !w.If.Holds(v) {
				continue
			}
			if !slices.Contains(ratedAt[v.Conv.Flow][w.To], who) {
				break
			}
			return ratingKey(who, v.Conv), bot.Event{Name: "case_ended", By: bot.Shop, Facts: bot.Facts{
				"order": v.Conv.Order, "request": string(v.Conv.Key),
			}}
		}
		return "", bot.Event{}
	}
}

// ratingKey is the key of the record that asks one side about a case, or about what follows a case's money, whose key says of
// which case.
func ratingKey(who bot.Party, c *bot.Conversation) bot.Key {
	key := string(who) + "_rating/" + c.Key.Rest()
	if c.Flow != "case" && c.Flow != "arrival" {
		key += "/" + c.Flow
	}
	return bot.Key(key)
}

// mayRate holds where somebody may be asked how a case was handled, or asked again.
func mayRate(who bot.Party) *bot.Cond {
	return cond("the "+string(who)+" may be asked", func(v *bot.View) bool {
		p := v.People[who]
		return v.Policy.Choices["satisfaction"] == "on" && p != nil && p.Reachable() &&
			v.Fact("late") == "" && tookPart(v, who) && !openFor(v, who)
	})
}

// tookPart says whether somebody had anything to do with the case: a seller who was never asked has nothing to say of it.
func tookPart(v *bot.View, who bot.Party) bool {
	return who == bot.Buyer || slices.ContainsFunc(v.History, func(e bot.Entry) bool {
		return string(e.Conversation) == v.Fact("request") && e.To == "awaiting_seller"
	})
}

// openFor says whether anything about the order is still open that somebody takes part in.
func openFor(v *bot.View, who bot.Party) bool {
	last := map[bot.Key]*bot.Entry{}
	for i := range v.History {
		e := &v.History[i]
		if was := last[e.Conversation]; e.Refused == "" && (was == nil || was.Seq < e.Seq) {
			last[e.Conversation] = e
		}
	}
	for _, f := range []*bot.Flow{&caseFlow, &dispute, &bouncedRefund, &arrival} {
		for _, e := range last {
			if s := f.States[e.To]; e.Flow == f.Name && !s.End() && !slices.Contains(f.Without, who) {
				return true
			}
		}
	}
	return false
}

// ratingLate notes whether a question comes later than it would have stood: then it is not asked.
func ratingLate(v *bot.View, e *bot.Event) bot.Facts {
	facts := bot.Facts{"late": "", "past": ""}
	for _, d := range v.Conv.Deadlines {
		if d.Event == e.Name && v.Policy.After(v.Policy.Windows["satisfaction_open"], d.At, v.Actor.Location()).Before(v.Now) {
			facts["late"] = "yes"
		}
	}
	return facts
}

// mostBusy is how often somebody may be found busy before they are not asked at all.
const mostBusy = 3

// busyOften holds where somebody was busy each time; the event at hand is counted already.
var busyOften = cond("they were busy each time", func(v *bot.View) bool { return intOrZero(v.Fact("busy")) >= mostBusy })

// busyAgain counts how often they were.
func busyAgain(v *bot.View, _ *bot.Event) bot.Facts {
	return bot.Facts{"busy": strconv.Itoa(intOrZero(v.Fact("busy")) + 1)}
}
