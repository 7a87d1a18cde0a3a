package flows

import (
	"time"

	"nevermind/bot"
)

// The buttons about a refund, and the answers below letters about it.
var (
	hasArrived = bot.Choice{Event: "arrived", Label: "It has arrived", Style: bot.Primary}
	notArrived = bot.Choice{Event: "missed", Label: "It is missing or wrong"}
	// A wrong amount may be any amount, more than was sent too.
	otherAmount = bot.Choice{Event: "other_came", Label: "Another amount came", Form: func(v *bot.View) []bot.Field {
		most := bot.Money{Minor: 1 << 50, Currency: amountOf(v, "amount").Currency}
		return []bot.Field{{
			Name: "received", Kind: bot.Amount, Max: most,
			Ask: "How much has come, by your account statement? The shop says it sent {amount}.",
		}}
	}}
	found = bot.Choice{Event: "refund_found", Label: "I have found it", Style: bot.Primary, Form: func(*bot.View) []bot.Field {
		return []bot.Field{{Name: "finding", Kind: bot.Text, Ask: "What did you find? The buyer reads it exactly as you write it.", Limit: 600}}
	}}
	// halfwayAnswers stand below the question half-way.
	halfwayAnswers = map[bot.Party][]bot.Choice{bot.Buyer: {hasArrived, {Event: "not_yet", Label: "Not yet"}}}
	arrivalAnswers = map[bot.Party][]bot.Choice{
		bot.Buyer:   {{Event: "buyer_wrote", Label: "Answer", Form: letter("What's your answer?")}},
		bot.Support: {toBuyer},
	}
)

// watchArrival begins to follow a refund once the shop has sent all of it; where a rest is due, that is waited for. An
// order may have refunds of a case and of a dispute, so each has a record of its own.
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
	v = v.With(bot.Facts{"came": came.String(), "less": sent.Minus(came).String(), "more": came.Minus(sent).String()})
	switch {
	case came.Less(sent):
		return v.Say(r, "• Received, by the buyer's account statement: {came}. That is {less} too little.")
	case sent.Less(came):
		return v.Say(r, "• Received, by the buyer's account statement: {came}. That is {more} too much.")
	}
	return v.Say(r, "• Received, by the buyer's account statement: {came}. That is what was sent.")
}
