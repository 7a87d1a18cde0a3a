package flows

import (
	"maps"

	"nevermind/bot"
)

// bouncedRefund is what buyer and support have with each other about a refund that was done and has come back: the account
// is closed, the card has expired; or about money that had counted as paid back and has not gone, see dueAgain. It follows a
// case that is over, whose short name is the fact "follows". Support chooses how the money is paid instead; the shop sends it
// again, or support pays it another way and notes how.
var bouncedRefund = bot.Flow{
	Name:    "refund",
	Case:    true,
	Keeps:   true,
	About:   "A refund that was done and has come back: how it is paid instead.",
	Title:   "Order {order} · {item}",
	Footer:  cardFooter,
	Born:    []string{"refund_bounced", "refund_due"},
	Without: []bot.Party{bot.Seller},
	First:   "with_support",
	Hear:    []bot.Hear{hearReply},
	Always: wakingSnoozed(with(joined(assignmentMoves, without(moneyMoves, "parcel_added", "part_shipped")), bot.Moves{
		"refund_bounced": bot.Stay().Learning(bounceAdded).Saying(bot.To{
			bot.Buyer:   "Another refund of this order has come back as well. {stake_now}",
			bot.Support: "Another refund of order {order} has come back as well. {stake_now}",
		}).Renewing().Rules("S77"),
		"order_refunded": shopPaidItself,
		"card_asked":     bot.Stay().Showing(),
		"ahead_asked":    tellForecast,
		"buyer_wrote": bot.Stay().Quoting(bot.To{
			bot.Support: "{buyer} writes about a refund of {amount}:",
			bot.Here:    "I've passed it on to our support team.",
		}, arrivalAnswers),
		"support_to_buyer": bot.Stay().
			Quoting(bot.To{bot.Buyer: "Our support team writes about your refund:", bot.Here: "Sent to {buyer}."}, arrivalAnswers),
		"support_noted": bot.Stay().Saying(bot.To{bot.Here: "Noted for colleagues only."}),
		"person_asked": bot.Stay().Quoting(bot.To{
			bot.Here:    "Our support team already has it, and I've told them that you asked.",
			bot.Support: "{asker} asks for a person about case {case}.",
		}, arrivalAnswers).Rules("S91"),
		"buyer_left": bot.Stay().Saying(bot.To{bot.Support: "I can no longer reach {buyer} by chat, and a refund of {amount} has " +
			"come back. Please reach them another way."}),
	})),
	States: allStates(bot.States{
		// Support chooses how the money is paid instead; nobody else can be waited for.
		"with_support": {
			Tell: bot.To{
				bot.Buyer: "{why_buyer} {bounce_now}",
				bot.Support: "{why_support}{holder}\n• {buyer}, order {order}, after case {follows}\n" +
					"• Paid: {total} by {method_plain}; up to {refundable} can go back.",
			},
			Desk: true,
			Offer: bot.Offers{
				bot.Support: {
					payAgain, nameAmount, paidOtherwise, takeIt, release, handOver, snooze, wakeNow, toBuyer,
				},
				bot.Buyer: {writeSupport, askForecast, aPerson},
			},
			After: bot.Waits{
				{Half: "support_answer", Event: "support_reminded"},
				{Full: "support_answer", Event: "support_late", Again: true},
				snoozeOver,
				alertLeadsWait(),
			},
			Rules: []string{"S48", "S60", "S77"},
			Then: wakingSnoozed(with(stuckRefundMoves(bounceSent), bot.Moves{
				"support_reminded": supportReminded,
				"support_late": bot.Stay().Saying(bot.To{
					bot.Support: "{buyer} still waits to hear how a refund of {amount} is paid. The next reminder is {support_answer}.",
					bot.Buyer:   "Our support team is still finding a way to pay your refund. I've reminded them.",
				}),
			})),
		},
	}, withoutLaw(refundStates(bot.State{
		Tell: bot.To{
			bot.Buyer: "I've asked the shop to send {amount} to {method} once more. It should be there by {refund_by}.",
		},
		Card:  bot.To{bot.Support: "The shop is asked to send {amount} back once more."},
		Rules: []string{"S68", "S75"},
	}, bounceSent, bot.State{
		Tell: bot.To{bot.Buyer: "{sent_how} It should be there by {refund_by}. " +
			"You don't need to do anything. I'll ask you whether it has come."},
		Rules: []string{"S68", "S78"},
	})), bot.States{"charged_back": withoutSeller(chargedBack)}),
	Facts: []string{"follows"},
}

// withoutLaw leaves out of refunding the withdrawal by law, which is about goods, and letters to the seller.
func withoutLaw(states bot.States) bot.States {
	s := states["refunding"]
	s.Then = without(s.Then, "withdrawn_by_law")
	s.Offer = bot.Offers{bot.Buyer: {askForecast, aPerson}, bot.Support: {toBuyer, askForecast}}
	states["refunding"] = s
	return states
}

// withoutSeller leaves out what a state says to the seller.
func withoutSeller(s bot.State) bot.State {
	s.Tell = maps.Clone(s.Tell)
	delete(s.Tell, bot.Seller)
	return s
}

// bounceSent leads to the end once the money is sent again.
var bounceSent = bot.Go("refunded").Asking(watchArrival)

// The buttons about a refund that has come back.
var (
	payAgain = bot.Choice{
		Event: "refund_retried", Label: "Send it again the same way", When: amountFits, Style: bot.Primary,
		Form: sure("I'll ask the shop to send {amount} the same way once more. Go on?", "Yes, send it"),
	}
	writeSupport = bot.Choice{
		Event: "buyer_wrote", Label: "Write to support", Form: letter("What should our support team know? They'll read it exactly " +
			"as you write it."),
	}
)

// bounceAdded adds a further refund that has come back to what is due, unless the shop is just sending it.
func bounceAdded(v *bot.View, e *bot.Event) bot.Facts {
	more, err := bot.ReadMoney(e.Facts["amount"])
	due := amountOf(v, "amount")
	if err != nil || more.Currency != due.Currency || v.Conv.State == "refunding" {
		return nil
	}
	return bot.Facts{"amount": due.Plus(more).String()}
}

// bounceNow is what support does about a refund that has come back.
func bounceNow(v *bot.View, r *bot.Person) string {
	if v.Fact("why") != "came_back" {
		return supportNow(v, r)
	}
	return v.Say(r, "Our support team now finds another way to pay you. Please don't send card or account numbers here. "+
		"If they need any, they will tell you a safe way.")
}

// bounceWhy is why a refund has come back, as the shop said it; empty where it did not.
func bounceWhy(v *bot.View, r *bot.Person) string {
	if v.Fact("failure") == "" {
		return ""
	}
	return v.With(bot.Facts{"why": quoted(v, r, v.Fact("failure"))}).Say(r, "The shop says why: {why}")
}
