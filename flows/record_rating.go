package flows

import (
	"slices"
	"time"

	"nevermind/bot"
)

// buyerRating and sellerRating ask one side how a request went for them, where the policy says "satisfaction: on": once, when it
// is over and no money is under way any more, in one tap. A sentence may follow, which support reads. Nobody is asked while
// something is open with them; that is waited for, and the question is given up rather than asked late. There is one reminder.
var (
	buyerRating  = ratingBy(bot.Buyer, "{buyer} says how the request for order {order} went ({rating_said}):")
	sellerRating = ratingBy(bot.Seller, "{seller} says how the request for order {order} went ({rating_said}):")
)

// ratingBy is the record by which one side is asked.
func ratingBy(who bot.Party, heading string) bot.Flow {
	other := map[bot.Party]bot.Party{bot.Buyer: bot.Seller, bot.Seller: bot.Buyer}[who]
	words := bot.Stay().Quoting(bot.To{
		bot.Support: heading,
		bot.Here:    "Thank you. I've passed it on to our support team.",
	}, nil)
	rated := func(how string) bot.Move { return bot.Go("thanking").Learning(setFact("rating", how)) }
	return bot.Flow{
		Name: string(who) + "_rating",
		About: "Asks the " + string(who) + " in one tap how a request went for them, once it is over and nothing is open with them; " +
			"one reminder at most.",
		Title:   "Order {order} · {item}",
		Born:    []string{"request_over"},
		Without: []bot.Party{other, bot.Support}, // support reads what somebody writes, and has no card of it
		First:   "awaiting_quiet",
		Hear:    []bot.Hear{hearReply},
		Always: bot.Moves{
			"support_noted":        bot.Stay().Saying(bot.To{bot.Here: "Noted for colleagues only."}),
			"person_asked":         bot.Stay().Asking(askHelp).Saying(bot.To{bot.Here: "{person_called}"}),
			string(who) + "_wrote": words,
		},
		Facts: []string{"rating"},
		States: bot.States{
			// Nobody is asked while something else is open with them: their talk knows, and is asked twice.
			"awaiting_quiet": {
				Card:   bot.To{who: "I'll ask you later how this went."},
				Silent: unsaid,
				After: bot.Waits{
					{Full: "rating_after", Event: "rating_due", For: who}, {Half: "rating_given_up", Event: "rating_due_again", For: who},
					{Full: "rating_given_up", Event: "rating_too_late", For: who},
				},
				Rules: []string{"S39"},
				Then: bot.Moves{
					"rating_due":       bot.Stay().Asking(askWhetherFree(who)),
					"rating_due_again": bot.Stay().Asking(askWhetherFree(who)),
					"person_free":      bot.Go("asking_rating"),
					"person_busy":      bot.Stay(),
					"rating_too_late":  bot.Go("not_asked"),
				},
			},
			"asking_rating": {
				Tell: bot.To{who: "How did this go for you? One tap is enough. It helps us do better, and changes nothing about this " +
					"order."},
				Offer: bot.Offers{who: {
					{Event: "rated_good", Label: "🙂 Good"}, {Event: "rated_fair", Label: "😐 So-so"},
					{Event: "rated_bad", Label: "🙁 Bad"},
				}},
				After: bot.Waits{
					{Half: "rating_answer", Event: "rating_reminded", For: who}, {Full: "rating_answer", Event: "rating_unanswered", For: who},
				},
				Rules: []string{"S39"},
				Then: bot.Moves{
					"rated_good":      rated("good"),
					"rated_fair":      rated("fair"),
					"rated_bad":       rated("bad"),
					"rating_reminded": bot.Stay().Asking(askWhetherFree(who)),
					"person_free": bot.Stay().Saying(bot.To{who: "How did this go for you? The buttons are above. I won't ask again, " +
						"and you don't need to answer."}),
					"person_busy":       bot.Stay(),
					"rating_unanswered": bot.Go("not_rated"),
				},
			},
			"thanking": {
				Tell: bot.To{who: "Thank you. If you like, say why in a sentence. Our support team reads it."},
				Offer: bot.Offers{who: {{Event: "rating_explained", Label: "Say why", Form: letter("What was good, or should be better? " +
					"Our support team reads it exactly as you write it.")}}},
				After: bot.Waits{{Full: "rating_answer", Event: "rating_closed", For: who}},
				Rules: []string{"S39"},
				Then: bot.Moves{
					"rating_explained": asGoing(words, "rated"), string(who) + "_wrote": asGoing(words, "rated"),
					"rating_closed": bot.Go("rated"),
				},
			},
			"rated":     {Card: bot.To{who: "Thank you for telling us how it went."}},
			"not_rated": {Card: bot.To{who: "This question is closed. Thank you all the same."}},
			"not_asked": {Card: bot.To{who: "I haven't asked you how this went."}, Silent: unsaid},
		},
	}
}

// ratingWindow is a window of the policy, or what is usual where a policy of its own leaves it out.
func ratingWindow(name string, days int) func(*bot.View) bot.Window {
	return func(v *bot.View) bot.Window {
		if w := v.Policy.Windows[name]; !w.IsZero() {
			return w
		}
		return bot.Window{Length: time.Duration(days) * 24 * time.Hour}
	}
}

// unsaid always holds: a record that waits for quiet does not break it.
var unsaid = cond("nothing is said of it", func(*bot.View) bool { return true })

// asGoing is a move that says the same and leads to a state.
func asGoing(m bot.Move, state string) bot.Move {
	m.Kind, m.Ways = bot.Goes, []bot.Way{{To: state}}
	return m
}

// ratingTerms are what {names} stand for in words about how a request went.
var ratingTerms = map[string]bot.Term{"rating_said": func(v *bot.View, r *bot.Person) string {
	words := map[string]string{"good": "🙂 Good", "fair": "😐 So-so", "bad": "🙁 Bad", "": "not rated"}
	return v.Say(r, words[v.Fact("rating")])
}}

// askRating begins to ask one side how a request went. Where the policy says nothing of it, as those of older versions, nobody
// is asked.
func askRating(who bot.Party) bot.Ask {
	return func(v *bot.View, _ *bot.Event) (bot.Key, bot.Event) {
		if v.Policy.Choices["satisfaction"] != "on" || v.Conv.Parties[who] == "" || who == bot.Seller && !sellerTookPart(v) {
			return "", bot.Event{}
		}
		rest := v.Conv.Key.Rest() // an arrival's says already whose it is
		if flow := v.Conv.Flow; flow == "dispute" {
			rest += "/" + flow
		}
		return bot.Key(string(who) + "_rating/" + rest),
			bot.Event{Name: "request_over", By: bot.Shop, Facts: bot.Facts{"order": v.Conv.Order}}
	}
}

// sellerTookPart says whether a seller had anything to do with what is over: they were asked, or money of theirs has gone back.
func sellerTookPart(v *bot.View) bool {
	_, asked := v.Conv.Clocks["seller_answer"]
	_, disputed := v.Conv.Clocks["dispute_answer"]
	return asked || disputed || v.Conv.Flow == "arrival"
}

// askRatings begins to ask both sides.
var askRatings = []bot.Ask{askRating(bot.Buyer), askRating(bot.Seller)}

// endsWithoutMoney are the states in which a request ends, and no money is to follow.
var endsWithoutMoney = []string{"cancelled", "withdrawn", "refused", "not_returned"}

// asksForRatings adds to each move of a request that may end it without money that both sides are asked.
func asksForRatings(f bot.Flow) bot.Flow {
	f.Always = endsAskForRatings(f.Always)
	states := bot.States{}
	for name, s := range f.States {
		s.Then = endsAskForRatings(s.Then)
		states[name] = s
	}
	f.States = states
	return f
}

func endsAskForRatings(moves bot.Moves) bot.Moves {
	all := bot.Moves{}
	for event, m := range moves {
		mayEnd := func(w bot.Way) bool { return slices.Contains(endsWithoutMoney, w.To) }
		if m.Kind == bot.Goes && slices.ContainsFunc(m.Ways, mayEnd) {
			m = m.Asking(where(m.Ways, askRatings[0]), where(m.Ways, askRatings[1]))
		}
		all[event] = m
	}
	return all
}

// where asks only if the way that is taken leads to an end without money.
func where(ways []bot.Way, ask bot.Ask) bot.Ask {
	return func(v *bot.View, e *bot.Event) (bot.Key, bot.Event) {
		for _, w := range ways {
			if w.If == nil || w.If.Holds(v) {
				if slices.Contains(endsWithoutMoney, w.To) {
					return ask(v, e)
				}
				break
			}
		}
		return "", bot.Event{}
	}
}

// askWhetherFree asks the person's talk whether anything is open with them; a talk sees what a record does not. Who has no chat
// is not asked.
func askWhetherFree(who bot.Party) bot.Ask {
	return func(v *bot.View, _ *bot.Event) (bot.Key, bot.Event) {
		p := v.People[who]
		if p == nil || len(p.Rooms) == 0 {
			return "", bot.Event{}
		}
		return bot.TalkKey(p.Rooms[0], p), bot.Event{Name: "free_asked", By: who, Actor: p.ID, Room: p.Rooms[0],
			Facts: bot.Facts{"for": string(v.Conv.Key)}}
	}
}

// busyFlows are the records that have something open with somebody.
var busyFlows = []string{"case", "dispute", "refund", "arrival", "help"}

// sayWhetherFree tells the record that asked whether anything is open with this person, or they are in the middle of answering
// something.
func sayWhetherFree(v *bot.View, e *bot.Event) (bot.Key, bot.Event) {
	busy := v.Frame.Flow == "form" || len(v.Conv.Aside) > 0
	for _, flow := range busyFlows {
		busy = busy || len(v.Look.Cases("open:"+string(v.Actor.ID), flow, 1)) > 0
	}
	return bot.Key(e.Facts["for"]), bot.Event{Name: map[bool]string{true: "person_busy", false: "person_free"}[busy]}
}
