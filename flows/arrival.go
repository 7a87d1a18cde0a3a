package flows

import (
	"time"

	"nevermind/bot"
)

// arrival watches that a refund, which the shop has sent, gets to the buyer.
var arrival = bot.Flow{
	Name:    "arrival",
	About:   "Asks whether the money has arrived once it should have (S68–S78), and brings in support if not.",
	Title:   "Order {order} · {item}",
	Footer:  foot,
	Born:    []string{"refund_sent"},
	Without: []bot.Party{bot.Seller},
	First:   "watching_arrival",
	Hear:    []bot.Hear{hearReply},
	Always: thatWake(with(claimMoves, bot.Moves{
		"card_asked":       bot.Stay().Showing(),
		"person_asked":     bot.Stay().Asking(askHelp).Saying(bot.To{bot.Here: "{person_called}"}),
		"buyer_wrote":      bot.Stay().Quoting(bot.To{bot.Support: "{buyer} writes about a refund of {amount}:", bot.Here: "I have passed it on to our support team."}, arrivalAnswers),
		"support_to_buyer": bot.Stay().Quoting(bot.To{bot.Buyer: "Our support team writes about your refund:", bot.Here: "Sent to {buyer}."}, arrivalAnswers),
		"buyer_left":       bot.Stay().Saying(bot.To{bot.Support: "{buyer} can no longer be reached by chat while a refund of {amount} is under way. I can no longer ask them whether it has arrived."}),
		"support_noted":    bot.Stay().Saying(bot.To{bot.Here: "Noted for colleagues only."}),
	})),
	States: bot.States{
		"watching_arrival": {
			Card:  bot.To{bot.Buyer: "{amount} is on its way {back_where}. It usually shows within {refund_interval}. Please look at your account statement, not only at the order.", bot.Support: "{amount} is on its way to {buyer}."},
			Offer: bot.Offers{bot.Buyer: {hasArrived, notArrived, otherAmount}},
			After: bot.Waits{{Full: "refund_overdue", Event: "arrival_due", For: bot.Buyer}},
			Rules: []string{"S68", "S69", "S71", "S76", "Q2"},
			Then: bot.Moves{
				"arrived":     bot.Go("there").Asking(countArrival, countArrivalOf).Rules("S78"),
				"missed":      bot.Go("chasing_refund").Rules("S77"),
				"other_came":  bot.Go("chasing_refund").Rules("S77"),
				"arrival_due": bot.Go("asking_arrival").Rules("S70", "S76"),
			},
		},
		"asking_arrival": {
			Tell:  bot.To{bot.Buyer: "By now {amount} should be back {back_where}. Is it there? Please look at your account statement."},
			Card:  bot.To{bot.Support: "{buyer} is asked whether {amount} has arrived."},
			Offer: bot.Offers{bot.Buyer: {hasArrived, notArrived, otherAmount, aPerson}},
			After: bot.Waits{{Full: "arrival_grace", Event: "nobody_missed_it"}},
			Rules: []string{"S76", "S78"},
			Then: bot.Moves{
				"arrived":          bot.Go("there").Asking(countArrival, countArrivalOf).Rules("S78"),
				"missed":           bot.Go("chasing_refund").Rules("S48", "S77"),
				"other_came":       bot.Go("chasing_refund").Rules("S48", "S77"),
				"nobody_missed_it": bot.Go("not_missed"),
			},
		},
		"chasing_refund": {
			Tell: bot.To{
				bot.Buyer:   "I am sorry. Our support team has everything they need: the order, the date and the amount, {amount}. They look for it and mean to answer by {support_answer}.",
				bot.Support: "{buyer} says that a refund has not arrived, or is not right.{holder}\n• Order {order}\n• Expected: {amount}, {back_where}{amount_came}\n• Sent {sent_at}\nPlease find it, and answer by {support_answer}.",
			},
			Desk:  true,
			Offer: bot.Offers{bot.Buyer: {hasArrived}, bot.Support: {found, takeIt, release, handOver, snooze, wakeNow, toBuyer}},
			After: bot.Waits{{Half: "support_answer", Event: "support_reminded"}, {Full: "support_answer", Event: "support_late", Again: true}, snoozeOver, callLeads()},
			Rules: []string{"S48", "S77"},
			Then: bot.Moves{
				"arrived":          bot.Go("there").Asking(countArrival, countArrivalOf).Rules("S78"),
				"refund_found":     bot.Go("explained").Rules("S77"),
				"support_reminded": supportReminded,
				"support_late":     bot.Stay().Saying(bot.To{bot.Support: "{buyer} still waits to hear about a refund of {amount}. The next reminder is {support_answer}.", bot.Buyer: "Our support team is still looking for your refund. I have reminded them."}).Asking(wake),
			},
		},
		"not_missed": {Card: bot.To{bot.Buyer: "I have not heard that anything is missing, so I take it that {amount} has arrived. If it has not, ask for “a person”.", bot.Support: "{buyer} has not said that {amount} is missing."}, Rules: []string{"S78"}},
		"there":      {Card: bot.To{bot.Buyer: "{amount} has arrived.", bot.Support: "{amount} has arrived."}, Rules: []string{"S78"}},
		"explained":  {Tell: bot.To{bot.Buyer: "Our support team has found out about your refund of {amount}: {finding_quoted}"}, Card: bot.To{bot.Support: "Found: {finding_quoted}"}, Rules: []string{"S77"}},
	},
}

// arrivalWords are what somebody types who is asked whether their money is there.
var arrivalWords = map[string]string{
	"yes": "arrived", "yep": "arrived", "yes it is": "arrived", "it is": "arrived", "it is there": "arrived", "it's there": "arrived", "it has arrived": "arrived", "yes it has": "arrived",
	"yes it has arrived": "arrived", "it arrived": "arrived", "arrived": "arrived", "received": "arrived", "i have it": "arrived", "got it": "arrived",
	"no": "missed", "nope": "missed", "not yet": "missed", "no not yet": "missed", "nothing yet": "missed", "no it is not": "missed", "it is not": "missed", "it's not there": "missed", "it is not there": "missed",
	"it is missing": "missed", "missing": "missed", "it has not arrived": "missed", "no it has not": "missed", "it hasn't arrived": "missed",
}

// hearArrival hears a yes or no to the one open question whether money has arrived, where nothing else is being asked.
func hearArrival(v *bot.View, m *bot.Message) (bot.Event, bool) {
	said, ok := arrivalWords[plain(m.Text)]
	if !ok || v.Look == nil || v.Actor.Party() != bot.Buyer || len(v.Conv.Aside) > 0 {
		return bot.Event{}, false
	}
	asking := ""
	for _, c := range v.Look.Cases("open:"+string(v.Actor.ID), "arrival", 20) {
		if c.State == "asking_arrival" && asking != "" {
			return bot.Event{}, false // which of them?
		} else if c.State == "asking_arrival" {
			asking = string(c.Key)
		}
	}
	return bot.Event{Name: "arrival_" + said, Facts: bot.Facts{"arrival": asking}}, asking != ""
}

// tellArrival passes a typed yes or no on to whoever asked.
func tellArrival(event string) bot.Ask {
	return func(_ *bot.View, e *bot.Event) (bot.Key, bot.Event) {
		return bot.Key(e.Facts["arrival"]), bot.Event{Name: event}
	}
}

var (
	hasArrived = bot.Choice{Event: "arrived", Label: "It has arrived", Style: bot.Primary}
	notArrived = bot.Choice{Event: "missed", Label: "It is missing or wrong"}
	// A wrong amount may be any amount, more than was sent too.
	otherAmount = bot.Choice{Event: "other_came", Label: "Another amount came", Form: func(v *bot.View) []bot.Field {
		most := bot.Money{Minor: 1 << 50, Currency: amountOf(v, "amount").Currency}
		return []bot.Field{{Name: "received", Kind: bot.Amount, Max: most, Ask: "How much has come, by your account statement? I have {amount} as sent."}}
	}}
	found = bot.Choice{Event: "refund_found", Label: "I have found it", Style: bot.Primary, Form: func(*bot.View) []bot.Field {
		return []bot.Field{{Name: "finding", Kind: bot.Text, Ask: "What did you find? The buyer will read it as it is.", Limit: 600}}
	}}
	arrivalAnswers = map[bot.Party][]bot.Choice{
		bot.Buyer:   {{Event: "buyer_wrote", Label: "Answer", Form: letter("What is your answer?")}},
		bot.Support: {toBuyer},
	}
)

// watchArrival has a refund watched once the shop has sent all of it.
func watchArrival(v *bot.View, _ *bot.Event) (bot.Key, bot.Event) {
	if restDue.Holds(v) {
		return "", bot.Event{}
	}
	all := amountOf(v, "amount").Plus(amountOf(v, "sent"))
	key := "arrival/" + v.Conv.Key.Rest()
	if v.Conv.Flow != "case" {
		key += "/" + v.Conv.Flow // an order may have refunds of both kinds
	}
	return bot.Key(key), bot.Event{Name: "refund_sent", By: bot.Shop, Facts: bot.Facts{
		"order": v.Conv.Order, "amount": all.String(), "reference": v.Fact("reference"), "sent_at": v.Now.Format(time.RFC3339)}}
}

// amountCame is what came where it was another amount than was sent, and how far it is off; else empty (S77).
func amountCame(v *bot.View, r *bot.Person) string {
	came, err := bot.ReadMoney(v.Fact("received"))
	if err != nil {
		return ""
	}
	sent := amountOf(v, "amount")
	words := v.Say(r, "\n• Received, by the buyer's account statement: ") + came.String()
	switch {
	case came.Less(sent):
		return words + v.Say(r, ", which is too little by ") + sent.Minus(came).String()
	case sent.Less(came):
		return words + v.Say(r, ", which is too much by ") + came.Minus(sent).String()
	}
	return words + v.Say(r, ", which is what was sent")
}
