package flows

import "nevermind/bot"

// helpRequest is what somebody who is in no case has with support: a person was asked for, and support answers (S91).
// Buyer or seller write, support answers with a button. It ends when support marks it as settled, or nothing more is
// written after an answer; a question that still waits never ends by itself.
var helpRequest = bot.Flow{
	Name:   "help",
	About:  "A person, please: somebody and support, outside any case.",
	Title:  "{help_title}",
	Footer: cardFooter,
	Born:   []string{"person_asked"},
	First:  "awaiting_support",
	Hear:   []bot.Hear{hearReply},
	Rules:  []string{"S91"},
	States: bot.States{
		// It stands in support's queue. The clock runs while whoever asked has the last word; leads are alerted as for a case.
		"awaiting_support": {
			Card: bot.To{
				bot.Buyer:   "Our support team knows that you would like to talk to them.",
				bot.Seller:  "Our support team knows that you would like to talk to them.",
				bot.Support: "{asker} asked for a person.{holder}",
			},
			Desk:  true,
			Offer: bot.Offers{bot.Support: {toAsker, takeIt, release, handOver, snooze, wakeNow, settled}},
			After: bot.Waits{
				{Half: "support_answer", Event: "support_reminded", When: askerWaits},
				{Full: "support_answer", Event: "support_late", Again: true, When: askerWaits},
				snoozeOver,
				alertLeadsWait(askerWaits),
				{Full: "talk_idle", Event: "fell_silent"},
			},
			Rules: []string{"S91"},
			Then: wakingSnoozed(with(assignmentMoves, bot.Moves{
				"person_asked": bot.Stay().Quoting(bot.To{bot.Support: "{asker} asks for a person. {about}"}, helpAnswers).
					Learning(askerWroteLast).Restarting("support_answer", "support_lead"),
				"card_asked": bot.Stay().Showing(),
				"support_wrote": bot.Stay().
					Quoting(bot.To{bot.Buyer: "Our support team writes:", bot.Seller: "Our support team writes:", bot.Here: "Sent to {asker}."},
						helpAnswers).Learning(supportWroteLast).Restarting("support_answer", "support_lead").
					Rules("S91"),
				"buyer_wrote": bot.Stay().
					Quoting(bot.To{bot.Support: "{asker} writes:", bot.Here: "Sent to our support team."}, helpAnswers).
					Learning(askerWroteLast).Restarting("support_answer", "support_lead"),
				"seller_wrote": bot.Stay().Quoting(bot.To{bot.Support: "{asker} writes:",
					bot.Here: "Sent to our support team."}, helpAnswers).
					Learning(askerWroteLast).Restarting("support_answer", "support_lead"),
				"support_noted": bot.Stay().Saying(bot.To{bot.Here: "Noted for colleagues only."}),
				"support_late": bot.Stay().Learning(supportIsLate).
					Saying(bot.To{bot.Support: "{asker} still waits for a person. The next reminder is {support_answer}."}).Rules("S31"),
				"not_delivered": bot.Stay().
					Saying(bot.To{bot.Support: "A message to {asker} couldn't be delivered: the chat it was for is gone."}),
				"fell_silent":      bot.If(askerWaits, "awaiting_support").Else("fallen_silent"),
				"settled":          bot.Go("helped"),
				"support_reminded": supportReminded,
			})),
		},
		"fallen_silent": {Card: bot.To{
			bot.Buyer:   "Nothing more was written.",
			bot.Seller:  "Nothing more was written.",
			bot.Support: "{asker} has not written again since you answered.",
		}},
		"helped": {
			Tell: bot.To{
				bot.Buyer:  "Our support team has marked your question as answered. If it isn't, just ask for a person again.",
				bot.Seller: "Our support team has marked your question as answered. If it isn't, just ask for a person again.",
			},
			Card: bot.To{bot.Support: "Answered."},
		},
	},
}

// askHelp brings in support for somebody who is in no case. Strangers are told to connect first: support could not know
// whose orders to look at.
func askHelp(v *bot.View, e *bot.Event) (bot.Key, bot.Event) {
	if v.Actor.ID == "" || v.Actor.Party() == bot.Support {
		return "", bot.Event{}
	}
	return bot.Key("help/" + string(v.Actor.ID)), bot.Event{
		Name: "person_asked", Facts: bot.Facts{"about": v.Fact("order")}, Text: e.Text,
	}
}

// writeHelp passes words on to the question that is open with support.
func writeHelp(v *bot.View, e *bot.Event) (bot.Key, bot.Event) {
	return bot.Key("help/" + string(v.Actor.ID)), bot.Event{Name: string(v.Actor.Party()) + "_wrote", Text: e.Text, Files: e.Files}
}

// supportWroteLast: support has answered, so nothing is late.
func supportWroteLast(*bot.View, *bot.Event) bot.Facts {
	return bot.Facts{"last_writer": string(bot.Support), "late_count": ""}
}

// askerWroteLast: whoever asked has the last word, so support's time runs.
func askerWroteLast(*bot.View, *bot.Event) bot.Facts {
	return bot.Facts{"last_writer": "", "late_count": ""}
}

// The buttons by which support and whoever asked write to each other.
var (
	toAsker = bot.Choice{
		Event: "support_wrote", Label: "Answer", Style: bot.Primary,
		Form: letter("What shall I tell them? They will read it as it is."),
	}
	settled     = bot.Choice{Event: "settled", Label: "It is settled"}
	helpAnswers = map[bot.Party][]bot.Choice{
		bot.Buyer:   {{Event: "buyer_wrote", Label: "Answer", Form: letter("What is your answer?")}},
		bot.Seller:  {{Event: "seller_wrote", Label: "Answer", Form: letter("What is your answer?")}},
		bot.Support: {toAsker, settled},
	}
)
