package flows

import "nevermind/bot"

// arrival follows a refund that the shop has sent, until it is with the buyer. It lets the buyer say at any time that it
// has come, asks half-way, and again once it should have come by the way it was paid (S68–S72, S76). What is missing or
// another amount goes to support, with order, date and amount (S77). It ends when the money is there, when nobody has
// missed it after being asked, or when support has found out about it. How long it took is counted for what is usual.
var arrival = bot.Flow{
	Name:    "arrival",
	Keeps:   true,
	About:   "Asks whether the money has arrived once it should have (S68–S78), and brings in support if not.",
	Title:   "Order {order} · {item}",
	Footer:  cardFooter,
	Born:    []string{"refund_sent"},
	Without: []bot.Party{bot.Seller},
	First:   "watching_arrival",
	Hear:    []bot.Hear{hearReply},
	Always: wakingSnoozed(with(assignmentMoves, bot.Moves{
		"card_asked":   bot.Stay().Showing(),
		"person_asked": bot.Stay().Asking(askHelp).Saying(bot.To{bot.Here: "{person_called}"}),
		"buyer_wrote": bot.Stay().Quoting(bot.To{
			bot.Support: "{buyer} writes about a refund of {amount}:",
			bot.Here:    "I've passed it on to our support team.",
		}, arrivalAnswers),
		"support_to_buyer": bot.Stay().
			Quoting(bot.To{bot.Buyer: "Our support team writes about your refund:", bot.Here: "Sent to {buyer}."}, arrivalAnswers),
		"buyer_left": bot.Stay().Saying(bot.To{bot.Support: "I can no longer reach {buyer} by chat while a refund of {amount} " +
			"is on its way, so I can't ask them whether it has arrived."}),
		"support_noted": bot.Stay().Saying(bot.To{bot.Here: "Noted for colleagues only."}),
		// It has come back to the shop: a record of its own takes over.
		"refund_bounced":    bot.Go("came_back").Rules("S77"),
		"chargeback_opened": bot.Stay().Saying(bot.To{bot.Buyer: "{charge_opened}", bot.Support: "{charge_opened}"}).Rules("S48"),
		"chargeback_won": bot.Stay().Saying(bot.To{
			bot.Buyer:   "The bank has decided for the shop. What was sent back to you stays yours.",
			bot.Support: "The chargeback about order {order} is won.",
		}),
		"chargeback_lost": bot.Stay().Saying(bot.To{bot.Buyer: "{charge_lost}", bot.Support: "{charge_lost}"}).Rules("S48"),
	})),
	States: bot.States{
		// The money is on its way. "refund_overdue" is the longest that refunds by this way of payment take.
		"watching_arrival": {
			Card: bot.To{
				bot.Buyer: "{refund_on_its_way} It should be there by {refund_by}. " +
					"Please check your account statement too, not only the order.",
				bot.Support: "{amount} is on its way to {buyer}.",
			},
			Offer: bot.Offers{bot.Buyer: {hasArrived, notArrived, otherAmount}},
			After: bot.Waits{
				{Half: "refund_overdue", Event: "arrival_halfway", For: bot.Buyer},
				{Full: "refund_overdue", Event: "arrival_due", For: bot.Buyer},
			},
			Rules: []string{"S68", "S69", "S71", "S76", "Q2"},
			Then: bot.Moves{
				"arrived":     bot.Go("there").Asking(countRefundTime, countSellersRefundTime).Rules("S78"),
				"missed":      bot.Go("chasing_refund").Rules("S77"),
				"other_came":  bot.Go("chasing_refund").Rules("S77"),
				"arrival_due": bot.Go("asking_arrival").Rules("S70", "S76"),
				"arrival_halfway": bot.Stay().Learning(setFact("asked_halfway", "yes")).Quoting(bot.To{
					bot.Buyer: "{amount} was sent on {sent_at}. Is it there already? If not, don't worry: it can take until " +
						"{refund_by}.",
				}, halfwayAnswers).Rules("S68", "S70", "S76", "Q2"),
				"not_yet": bot.Stay().Learning(setFact("asked_halfway", "")).Saying(bot.To{
					bot.Buyer: "Thank you. It should be there by {refund_by}, and I'll ask you again then. If it isn't, our support team " +
						"looks for it.",
				}).Rules("S76"),
			},
		},
		// The buyer is asked whether it is there. No answer counts as a yes after a while; a no is heard even then.
		"asking_arrival": {
			Tell:  bot.To{bot.Buyer: "{amount} should be there by now. {refund_went} Has it come? Please check your account statement."},
			Card:  bot.To{bot.Support: "{buyer} is asked whether {amount} has arrived."},
			Offer: bot.Offers{bot.Buyer: {hasArrived, notArrived, otherAmount, aPerson}},
			After: bot.Waits{{Full: "arrival_grace", Event: "nobody_missed_it"}},
			Rules: []string{"S76", "S78"},
			Then: bot.Moves{
				"arrived":          bot.Go("there").Asking(countRefundTime, countSellersRefundTime).Rules("S78"),
				"missed":           bot.Go("chasing_refund").Rules("S48", "S77"),
				"other_came":       bot.Go("chasing_refund").Rules("S48", "S77"),
				"nobody_missed_it": bot.Go("not_missed"),
			},
		},
		// Support looks for it, as for a case: with its own time to answer, reminders and leads.
		"chasing_refund": {
			Tell: bot.To{
				bot.Buyer: "I'm sorry about that. Our support team now looks for your {amount}. They have the order, the date and the " +
					"amount, so you don't need to send anything. {support_by}",
				bot.Support: "{buyer} says that a refund hasn't arrived, or isn't right.{holder}\n• Order {order}\n" +
					"• Expected: {amount}. {refund_went}\n• Sent on {sent_at}\n{amount_came}\nPlease find it. {answer_by}",
			},
			Desk:  true,
			Offer: bot.Offers{bot.Buyer: {hasArrived}, bot.Support: {found, takeIt, release, handOver, snooze, wakeNow, toBuyer}},
			After: bot.Waits{
				{Half: "support_answer", Event: "support_reminded"},
				{Full: "support_answer", Event: "support_late", Again: true},
				snoozeOver,
				alertLeadsWait(),
			},
			Rules: []string{"S48", "S77"},
			Then: bot.Moves{
				"arrived":          bot.Go("there").Asking(countRefundTime, countSellersRefundTime).Rules("S78"),
				"refund_found":     bot.Go("explained").Rules("S77"),
				"support_reminded": supportReminded,
				"support_late": bot.Stay().Learning(supportIsLate).Saying(bot.To{
					bot.Support: "{buyer} still waits to hear about a refund of {amount}. The next reminder is {support_answer}.",
					bot.Buyer:   "Our support team is still looking for your refund. I've reminded them.",
				}).Asking(wake),
			},
		},
		"not_missed": {
			Card: bot.To{
				bot.Buyer: "I haven't heard that anything is missing, so I take it that {amount} has arrived. " +
					"If it hasn't, ask for “a person”.",
				bot.Support: "{buyer} hasn't said that {amount} is missing.",
			},
			Rules: []string{"S78"},
		},
		"came_back": {
			Card: bot.To{
				bot.Buyer:   "{amount} didn't reach you and went back to the shop. Our support team is taking care of it.",
				bot.Support: "{amount} has come back to the shop.",
			},
			Rules: []string{"S77"},
		},
		"there": {Card: bot.To{bot.Buyer: "{amount} has arrived.", bot.Support: "{amount} has arrived."}, Rules: []string{"S78"}},
		"explained": {
			Tell:  bot.To{bot.Buyer: "Our support team has found out about your refund of {amount}: {finding_quoted}"},
			Card:  bot.To{bot.Support: "Found: {finding_quoted}"},
			Rules: []string{"S77"},
		},
	},
}
