package flows

import (
	"strings"

	"nevermind/bot"
)

// letters are what buyer and seller write to each other about an order that has no case. Each letter is quoted to the
// other side with a button to answer, so that several orders never mix (S28). A seller who does not answer is no dead
// end: the buyer is told, and can bring in support (S31). It ends when nothing more is written, or the order is
// cancelled. The letters also notice a parcel that stands still and the last day for a case.
var letters = bot.Flow{
	Name:  "thread",
	About: "Letters between buyer and seller about one order, quoted so that several never mix.",
	Title: "Order {order} · {item}",
	Born:  []string{"buyer_wrote", "seller_wrote"},
	First: "passing_on",
	Hear:  []bot.Hear{hearReply},
	Rules: []string{"S28"},
	States: bot.States{
		// Each letter goes to the other side at once. One that the seller cannot get, having no chat, goes to support to pass
		// on.
		"passing_on": {
			Card: bot.To{
				bot.Buyer:   "You and {seller} can write to each other here.",
				bot.Seller:  "You and {buyer} can write to each other here.",
				bot.Support: "Buyer and seller write to each other.",
			},
			After: bot.Waits{
				{Full: "letter_answer", Event: "letter_unanswered", When: answerDue},
				standstillWait,
				lastDayWait,
				{Full: "talk_idle", Event: "fell_silent"},
			},
			Rules: []string{"S27", "S28", "S29", "Q8"},
			Then: with(parcelMoves, bot.Moves{
				"buyer_wrote": bot.Stay().Quoting(bot.To{
					bot.Seller:  "{buyer} writes about this order:",
					bot.Here:    "{letter_fate}",
					bot.Support: "{letter_for_support}",
				}, answers).Learning(letterFacts).Restarting("letter_answer").Following(offerRequest).Rules("S28", "S41"),
				"cancel_begun": bot.Stay().Asking(beginCancel).Rules("S41"),
				"seller_wrote": bot.Stay().
					Quoting(bot.To{bot.Buyer: "{seller} writes about this order:", bot.Here: "Sent to {buyer}."}, answers).
					Learning(letterFacts).Restarting("letter_answer").Rules("S28"),
				"support_to_buyer": bot.Stay().
					Quoting(bot.To{bot.Buyer: "Our support team writes about this order:", bot.Here: "Sent to {buyer}."}, answers),
				"support_to_seller": bot.Stay().
					Quoting(bot.To{bot.Seller: "Our support team writes about this order:", bot.Here: "{sent_to_seller}"}, answers),
				"support_noted": bot.Stay().Saying(bot.To{bot.Here: "Noted for colleagues only."}),
				"letter_unanswered": bot.Stay().
					Saying(bot.To{bot.Buyer: "{seller} hasn't answered yet. You can write again, or ask for a person: " +
						"our support team can step in."}).Rules("S31"),
				"person_asked": bot.Stay().
					Quoting(bot.To{bot.Here: "I've told our support team. They will write to you here.", bot.Support: "{asker} asks for a " +
						"person about this order."},
						answers),
				"not_delivered": bot.Stay().
					Saying(bot.To{bot.Support: "A message about order {order} couldn't be delivered: the chat it was for is gone."}),
				"order_shipped":    bot.Stay().Restarting("standstill", "last_day_near"),
				"tracking_changed": parcelMoved,
				"order_delivered":  bot.Stay().Restarting("last_day_near"),
				"case_opened":      bot.Stay().Learning(lettersHaveCase).Restarting("last_day_near"),
				"order_cancelled":  bot.Go("fallen_silent"),
				"fell_silent":      bot.Go("fallen_silent"),
			}),
		},
		"fallen_silent": {Card: bot.To{
			bot.Buyer:   "Nothing more was written.",
			bot.Seller:  "Nothing more was written.",
			bot.Support: "Nothing more was written.",
		}},
	},
}

// letterAsksToCancel holds where a letter that has just been written asks to cancel an order for which that can still be asked: a
// letter alone starts no clock (S41).
var letterAsksToCancel = cond("the letter asks to cancel", func(v *bot.View) bool {
	return v.Event.By == bot.Buyer && orderPrepared.Holds(v) && asksToCancel(v.Event.Text, v.Actor.Language)
})

// offerRequest offers to make a real request of such a letter.
func offerRequest(v *bot.View) []bot.Choice {
	if !letterAsksToCancel.Holds(v) {
		return nil
	}
	return []bot.Choice{{Event: "cancel_begun", Label: "Make it a request", Style: bot.Primary}}
}

// letterFacts records who wrote last, and the last eight letters, shortened, for support to read on its card.
func letterFacts(v *bot.View, e *bot.Event) bot.Facts {
	text := bot.Shorten(bot.Clean(e.Text), 300)
	if len(e.Files) > 0 {
		text = strings.TrimSpace(text + " (" + fileWords(v, &bot.Person{}, e.Files) + ")")
	}
	letters := strings.Split(v.Fact("letters")+"\n"+string(e.By)+" "+text, "\n")
	letters = letters[max(0, len(letters)-8):]
	return bot.Facts{"last_writer": string(e.By), "letters": strings.TrimPrefix(strings.Join(letters, "\n"), "\n")}
}

// sendLetter passes words on: into the open case about the order, or else into the order's own letters.
func sendLetter(v *bot.View, e *bot.Event) (bot.Key, bot.Event) {
	id := v.Fact("order")
	ev := bot.Event{Name: string(v.Actor.Party()) + "_wrote", Facts: bot.Facts{"order": id}, Text: e.Text, Files: e.Files}
	if open := openCaseKey(v); open != "" {
		return open, ev
	}
	return bot.Key("thread/" + id), ev
}

// tooLong answers what is longer than can be passed on.
const tooLong = "That is too long to pass on. Please shorten it to {limit} characters; nothing was sent yet."
