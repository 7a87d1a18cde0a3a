package flows

import (
	"strconv"

	"nevermind/bot"
)

// helpRequest is what somebody who is in no case has with support: a person was asked for, and support answers (S91).
// Buyer, seller or a stranger write, support answers with a button. A stranger is the record's guest: nobody can know whose
// orders they mean, so support is asked to name none. It ends when support marks it as settled, or nothing more is written
// after an answer; a question that still waits never ends by itself.
var helpRequest = bot.Flow{
	Name:   "help",
	About:  "A person, please: somebody and support, outside any case.",
	Title:  "{help_title}",
	Footer: cardFooter,
	Born:   []string{"person_asked"},
	First:  "awaiting_support",
	Hear:   []bot.Hear{hearReply},
	Filed:  []string{"guest"},
	Rules:  []string{"S91"},
	States: bot.States{
		// It stands in support's queue. The clock runs while whoever asked has the last word; leads are alerted as for a case.
		"awaiting_support": {
			Card: bot.To{
				bot.Buyer:   "Our support team knows that you would like to talk to them.",
				bot.Seller:  "Our support team knows that you would like to talk to them.",
				bot.Here:    "Our support team knows that you would like to talk to them.",
				bot.Support: "{asker} asked for a person. {guest_warning}{holder}",
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
				"person_asked": bot.Stay().Quoting(bot.To{bot.Support: "{asks_for_person}"}, helpAnswers).
					Learning(askedForPerson).Restarting("support_answer", "support_lead"),
				"card_asked": bot.Stay().Showing(),
				"support_wrote": bot.Stay().
					Quoting(bot.To{
						bot.Buyer: supportWrites, bot.Seller: supportWrites, bot.Guest: supportWritesGuest, bot.Here: "{sent_to_asker}",
					},
						helpAnswers).Learning(supportWroteLast).Restarting("support_answer", "support_lead").
					Rules("S91"),
				"buyer_wrote": bot.Stay().
					Quoting(bot.To{bot.Support: "{asker} writes:", bot.Here: "Sent to our support team."}, helpAnswers).
					Learning(askerWroteLast).Restarting("support_answer", "support_lead"),
				"seller_wrote": bot.Stay().
					Quoting(bot.To{bot.Support: "{asker} writes:", bot.Here: "Sent to our support team."}, helpAnswers).
					Learning(askerWroteLast).Restarting("support_answer", "support_lead"),
				"guest_wrote": bot.Stay().Quoting(bot.To{bot.Support: "{guest_writes}", bot.Here: "{guest_sent}"}, helpAnswers).
					Learning(guestWroteLast).Restarting("support_answer", "support_lead"),
				"support_noted": bot.Stay().Saying(bot.To{bot.Here: "Noted for colleagues only."}),
				"support_late": bot.Stay().Learning(supportIsLate).
					Saying(bot.To{
						bot.Support: "{asker} still waits for a person. I'll remind you again on {support_answer}.",
						bot.Here:    "Our support team is later than they meant to be. I've reminded them, and your question stays open.",
					}).Rules("S31"),
				"not_delivered": bot.Stay().
					Saying(bot.To{bot.Support: "I couldn't deliver your message to {asker}: the chat it was for is gone."}),
				"fell_silent":      bot.If(askerWaits, "awaiting_support").Else("fallen_silent"),
				"settled":          bot.Go("helped"),
				"support_reminded": supportReminded,
			})),
		},
		"fallen_silent": {Card: bot.To{
			bot.Buyer:   nothingWritten,
			bot.Seller:  nothingWritten,
			bot.Here:    nothingWritten,
			bot.Support: "{asker} hasn't written again since you answered.",
		}},
		"helped": {
			Tell: bot.To{
				bot.Buyer:  questionAnswered,
				bot.Seller: questionAnswered,
				bot.Here:   questionAnswered,
			},
			Card: bot.To{bot.Support: "Answered."},
		},
	},
}

// What several parties read alike.
const (
	supportWrites      = "Our support team writes:"
	supportWritesGuest = "Our support team writes. To answer, just write here:"
	nothingWritten     = "Nothing more was written."
	questionAnswered   = "Our support team has marked your question as answered. If it isn't, just ask for a person again."
)

// askHelp brings in support for somebody who is in no case; a stranger as the guest of the question.
func askHelp(v *bot.View, e *bot.Event) (bot.Key, bot.Event) {
	if v.Actor.Party() == bot.Support {
		return "", bot.Event{}
	}
	facts := bot.Facts{"about": v.Fact("order")}
	if v.Actor.ID == "" {
		facts = bot.Facts{"guest": string(e.Room)}
		if v.Actor.Language != "" {
			facts["guest_language"] = v.Actor.Language
		}
	}
	return helpKey(v, e), bot.Event{Name: "person_asked", Facts: facts, Text: e.Text}
}

// helpKey is the key of the question that whoever speaks has with support, open or not.
func helpKey(v *bot.View, e *bot.Event) bot.Key {
	if v.Actor.ID == "" {
		return bot.Key("help/guest:" + string(e.Room))
	}
	return bot.Key("help/" + string(v.Actor.ID))
}

// helpOpen says whether whoever speaks in a talk has a question open with support.
func helpOpen(v *bot.View) bool {
	if v.Look == nil {
		return false
	}
	if v.Actor.ID != "" {
		return len(v.Look.Cases("open:"+string(v.Actor.ID), "help", 1)) > 0
	}
	for _, c := range v.Look.Cases("guest:"+v.Conv.Key.Rest(), "help", 1) {
		return c.Closed.IsZero()
	}
	return false
}

// writeHelp passes words on to the question that is open with support.
func writeHelp(v *bot.View, e *bot.Event) (bot.Key, bot.Event) {
	return helpKey(v, e), bot.Event{Name: writerOf(v.Actor) + "_wrote", Text: e.Text, Files: e.Files}
}

// writerOf names the side that somebody writes from: a stranger is a guest.
func writerOf(p *bot.Person) string {
	if p.ID == "" {
		return string(bot.Guest)
	}
	return string(p.Party())
}

// supportWroteLast: support has answered, so nothing is late.
func supportWroteLast(*bot.View, *bot.Event) bot.Facts {
	return bot.Facts{"last_writer": string(bot.Support), "late_count": "", "guest_count": "", "guest_asked": ""}
}

// askerWroteLast: whoever asked has the last word, so support's time runs.
func askerWroteLast(*bot.View, *bot.Event) bot.Facts {
	return bot.Facts{"last_writer": "", "late_count": ""}
}

// askedForPerson is the same where a person is asked for; how often a stranger has is counted.
func askedForPerson(v *bot.View, e *bot.Event) bot.Facts {
	facts := askerWroteLast(v, e)
	if isGuests(v) {
		facts["guest_asked"] = strconv.Itoa(intOrZero(v.Fact("guest_asked")) + 1)
	}
	return facts
}

// mostGuestLetters is how many messages of a stranger are passed on before support answers: more would only drown them.
const mostGuestLetters = 5

// guestWroteLast is the same of a stranger, whose messages are counted.
func guestWroteLast(v *bot.View, e *bot.Event) bot.Facts {
	facts := askerWroteLast(v, e)
	facts["guest_count"] = strconv.Itoa(intOrZero(v.Fact("guest_count")) + 1)
	return facts
}

// The buttons by which support and whoever asked write to each other.
var (
	toAsker = bot.Choice{
		Event: "support_wrote", Label: "Answer", Style: bot.Primary,
		Form: letter("What shall I tell them? They read it as you write it."),
	}
	settled     = bot.Choice{Event: "settled", Label: "It is settled"}
	helpAnswers = map[bot.Party][]bot.Choice{
		bot.Buyer:   {{Event: "buyer_wrote", Label: "Answer", Form: letter("What is your answer?")}},
		bot.Seller:  {{Event: "seller_wrote", Label: "Answer", Form: letter("What is your answer?")}},
		bot.Support: {toAsker, settled},
	}
)
