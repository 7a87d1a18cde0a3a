package flows

import "nevermind/bot"

// withdrawal is the talk in which a buyer withdraws from the contract by law: no reason, nobody's consent, two steps and
// a receipt (Directive 2011/83/EU, art. 11a). The policy says for whom and how long: windows.withdrawal.
//
// The buyer chooses the order, sees once more what it is about, and confirms. The receipt, with date and time, comes at
// once, whatever the shop does. What follows is a case that nobody is asked about, if the order has not left, or else a
// dispute that begins with the return; something that is open already becomes one (withdrawal_law.go).
var withdrawal = bot.Flow{
	Name:  "withdrawal",
	About: "The right to withdraw from the contract, where the law gives it: two steps, no reason, and a receipt.",
	Title: "{order_title}",
	Talk:  true,
	First: "confirming",
	Starts: []bot.Way{
		{If: stranger, To: "being_unknown"}, {If: notBuyer, To: "explaining_party"}, {If: nothingToWithdraw, To: "having_none"},
		{If: noOrderNamed, To: "choosing_order"},
		{If: nothingToDeclare, To: "having_asked"}, {If: cannotWithdraw, To: "explaining_over"},
	},
	Before: []bot.Hear{hearFile, hearCommand},
	Hear:   []bot.Hear{hearOrder, hearHelp, hearIntent, hearMeaning},
	Always: with(talkAlways, bot.Moves{"withdrawal_begun": bot.Become("withdrawal")}),
	After:  talkTimeout,
	Facts:  []string{"number"},
	States: bot.States{
		"choosing_order": {
			Tell:  bot.To{bot.Here: "Which order would you like to withdraw from? Choose it here, or send me its number or a link to it."},
			Light: true,
			List:  listWithdrawable,
			Offer: bot.Offers{bot.Here: {more, back}},
			Hear:  []bot.Hear{hearOrder},
			Then: bot.Moves{
				"order_named": bot.Become("withdrawal"),
				"page_turned": bot.Go("choosing_order").Learning(nextPage),
				"more_asked":  bot.Go("choosing_order").Learning(nextPage),
			},
		},
		"being_unknown": beingUnknown,
		"having_none": {
			Tell: bot.To{bot.Here: "I don't see an order of yours that the law lets you withdraw from without a reason. " +
				"If you mean another one, send me its number, or ask for “a person”."},
			Light: true,
			Offer: bot.Offers{bot.Here: {myOrders, aPerson, back}},
			Then:  bot.Moves{"order_named": bot.Become("withdrawal")},
		},
		"explaining_party": {
			Tell:  bot.To{bot.Here: "Only the buyer can withdraw from the contract."},
			Light: true,
			Offer: bot.Offers{bot.Here: {back}},
			Then:  bot.Moves{"went_back": bot.Leave()},
		},
		// The law gives no right now: none where it is delivered to, or its time is over. A person can look at it.
		"explaining_over": {
			Tell:  bot.To{bot.Here: "{no_withdrawal} If you see it otherwise, ask for “a person”."},
			Light: true,
			Offer: bot.Offers{bot.Here: {aPerson, back}},
			Then:  bot.Moves{"went_back": bot.Leave()},
		},
		// It was declared already, or its money is moving: once is enough.
		"having_asked": {
			Tell:  bot.To{bot.Here: "{withdrawal_open}"},
			Light: true,
			Offer: bot.Offers{bot.Here: {{Event: "case_picked", Label: "Show my request", Style: bot.Primary}, aPerson, back}},
			Then:  bot.Moves{"case_picked": bot.Go("shown").Asking(askOpenCase)},
		},
		// The second of the two steps: who withdraws, from which order, and where the money goes. One press declares it.
		"confirming": {
			Tell: bot.To{bot.Here: "You are about to withdraw from the contract for this order:\n\n" +
				"• Order {order}, bought from {seller}: {lines_all}\n• In your name: {me}\n• Back to you: {refundable}\n\n" +
				"You don't need a reason, and {seller} doesn't have to agree. {withdrawal_means}\n\n" +
				"Your receipt, with the date and time, comes here at once. {withdraw_until}"},
			Offer: bot.Offers{bot.Here: {{Event: "confirmed", Label: "Confirm withdrawal", Style: bot.Danger}, keepOrder}},
			Then: bot.Moves{
				"confirmed": bot.If(
					mayWithdraw,
					"sent",
				).Else(
					"explaining_over",
				).Asking(
					openWithdrawal,
					openReturnBeside,
					endOther(1),
					endOther(2),
					endOther(3),
				),
				"order_kept": bot.Go("kept"),
			},
		},
		"sent":  {Tell: bot.To{bot.Here: "{withdrawal_receipt}"}},
		"kept":  {Tell: bot.To{bot.Here: "All right. Nothing was sent, and nothing has changed."}},
		"shown": {Tell: bot.To{bot.Here: "Here it is:"}},
	},
}

// withdrawHere begins the withdrawal from the talk about an order.
var withdrawHere = bot.Choice{Event: "withdrawal_begun", Label: "Withdraw from contract here", When: mayWithdraw}

// withdrawByLaw stands on the cards of a case: the same two steps, in the talk of whoever presses it.
var withdrawByLaw = bot.Choice{Event: "withdrawal_begun", Label: "Withdraw from contract here", When: mayDeclare}

// beginWithdrawal has the talk of whoever asks for it begin the withdrawal.
var beginWithdrawal = bot.Stay().Asking(func(v *bot.View, e *bot.Event) (bot.Key, bot.Event) {
	return bot.TalkKey(e.Room, v.Actor), bot.Event{Name: "withdrawal_begun", Facts: bot.Facts{"order": v.Conv.Order}}
})
