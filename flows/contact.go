package flows

import "nevermind/bot"

// thread is what buyer and seller write to each other about an order that has no case.
var thread = bot.Flow{
	Name:  "thread",
	About: "Letters between buyer and seller about one order, quoted so that several never mix.",
	Title: "Order {order} · {item}",
	Born:  []string{"buyer_wrote", "seller_wrote"},
	First: "passing_on",
	Hear:  []bot.Hear{hearReply},
	Rules: []string{"S28"},
	States: bot.States{
		"passing_on": {
			Card:  bot.To{bot.Buyer: "You and {seller} can write to each other here.", bot.Seller: "You and {buyer} can write to each other here.", bot.Support: "Buyer and seller write to each other."},
			After: bot.Waits{{Full: "letter_answer", Event: "letter_unanswered", When: answerDue}, standsStill, lastDayNear, {Full: "talk_idle", Event: "fell_silent"}},
			Rules: []string{"S27", "S28", "S29", "Q8"},
			Then: with(parcelMoves, bot.Moves{
				"buyer_wrote":       bot.Stay().Quoting(bot.To{bot.Seller: "{buyer} writes about this order:", bot.Here: "{letter_fate}", bot.Support: "{letter_for_support}"}, answers).Learning(wrote).Restarting("letter_answer").Rules("S28"),
				"seller_wrote":      bot.Stay().Quoting(bot.To{bot.Buyer: "{seller} writes about this order:", bot.Here: "Sent to {buyer}."}, answers).Learning(wrote).Restarting("letter_answer").Rules("S28"),
				"support_to_buyer":  bot.Stay().Quoting(bot.To{bot.Buyer: "Our support team writes about this order:", bot.Here: "Sent to {buyer}."}, answers),
				"support_to_seller": bot.Stay().Quoting(bot.To{bot.Seller: "Support writes about this order:", bot.Here: "{sent_to_seller}"}, answers),
				"support_noted":     bot.Stay().Saying(bot.To{bot.Here: "Noted for colleagues only."}),
				"letter_unanswered": bot.Stay().Saying(bot.To{bot.Buyer: "{seller} has not answered yet. You can write again, or ask for a person: our support team can step in."}).Rules("S31"),
				"person_asked":      bot.Stay().Quoting(bot.To{bot.Here: "I have told our support team.", bot.Support: "{asker} asks for a person about this order."}, answers),
				"not_delivered":     bot.Stay().Saying(bot.To{bot.Support: "A letter about order {order} could not be delivered: the chat it was for is gone."}),
				"order_shipped":     bot.Stay().Restarting("standstill", "last_day_near"),
				"tracking_changed":  movedOn,
				"order_delivered":   bot.Stay().Restarting("last_day_near"),
				"case_opened":       bot.Stay().Learning(because("last_day_told", "case")).Restarting("last_day_near"),
				"order_cancelled":   bot.Go("fallen_silent"),
				"fell_silent":       bot.Go("fallen_silent"),
			}),
		},
		"fallen_silent": {Card: bot.To{bot.Buyer: "Nothing more was written.", bot.Seller: "Nothing more was written.", bot.Support: "Nothing more was written."}},
	},
}

// help is what somebody who is in no case has with support.
var help = bot.Flow{
	Name:   "help",
	About:  "A person, please: somebody and support, outside any case.",
	Title:  "{help_title}",
	Footer: foot,
	Born:   []string{"person_asked"},
	First:  "awaiting_support",
	Hear:   []bot.Hear{hearReply},
	Rules:  []string{"S91"},
	States: bot.States{
		"awaiting_support": {
			Card:  bot.To{bot.Buyer: "Our support team knows that you would like to talk to them.", bot.Seller: "Support knows that you would like to talk to them.", bot.Support: "{asker} asked for a person.{holder}"},
			Desk:  true,
			Offer: bot.Offers{bot.Support: {toAsker, takeIt, release, handOver, snooze, wakeNow, settled}},
			After: bot.Waits{{Half: "support_answer", Event: "support_reminded", When: askerWaits}, {Full: "support_answer", Event: "support_late", Again: true, When: askerWaits}, snoozeOver, callLeads(askerWaits), {Full: "talk_idle", Event: "fell_silent"}},
			Rules: []string{"S91"},
			Then: thatWake(with(claimMoves, bot.Moves{
				"person_asked":     bot.Stay().Quoting(bot.To{bot.Support: "{asker} asks for a person.{about}"}, helpAnswers).Learning(askedLast).Restarting("support_answer", "support_lead"),
				"card_asked":       bot.Stay().Showing(),
				"support_wrote":    bot.Stay().Quoting(bot.To{bot.Buyer: "Our support team writes:", bot.Seller: "Support writes:", bot.Here: "Sent to {asker}."}, helpAnswers).Learning(because("last_writer", string(bot.Support))).Restarting("support_answer", "support_lead").Rules("S91"),
				"buyer_wrote":      bot.Stay().Quoting(bot.To{bot.Support: "{asker} writes:", bot.Here: "Sent to our support team."}, helpAnswers).Learning(askedLast).Restarting("support_answer", "support_lead"),
				"seller_wrote":     bot.Stay().Quoting(bot.To{bot.Support: "{asker} writes:", bot.Here: "Sent to support."}, helpAnswers).Learning(askedLast).Restarting("support_answer", "support_lead"),
				"support_noted":    bot.Stay().Saying(bot.To{bot.Here: "Noted for colleagues only."}),
				"support_late":     bot.Stay().Saying(bot.To{bot.Support: "{asker} still waits for a person. The next reminder is {support_answer}."}).Rules("S31"),
				"not_delivered":    bot.Stay().Saying(bot.To{bot.Support: "A message to {asker} could not be delivered: the chat it was for is gone."}),
				"fell_silent":      bot.If(askerWaits, "awaiting_support").Else("fallen_silent"),
				"settled":          bot.Go("helped"),
				"support_reminded": supportReminded,
			})),
		},
		"fallen_silent": {Card: bot.To{bot.Buyer: "Nothing more was written.", bot.Seller: "Nothing more was written.", bot.Support: "{asker} has not written again since you answered."}},
		"helped": {
			Tell: bot.To{bot.Buyer: "Our support team has marked your question as answered. If it is not, just ask for a person again.", bot.Seller: "Support has marked your question as answered. If it is not, just ask for a person again."},
			Card: bot.To{bot.Support: "Answered."},
		},
	},
}

var (
	toAsker     = bot.Choice{Event: "support_wrote", Label: "Answer", Style: bot.Primary, Form: letter("What shall I tell them? They will read it as it is.")}
	settled     = bot.Choice{Event: "settled", Label: "It is settled"}
	helpAnswers = map[bot.Party][]bot.Choice{
		bot.Buyer:   {{Event: "buyer_wrote", Label: "Answer", Form: letter("What is your answer?")}},
		bot.Seller:  {{Event: "seller_wrote", Label: "Answer", Form: letter("What is your answer?")}},
		bot.Support: {toAsker, settled},
	}
)
