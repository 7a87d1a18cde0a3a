package flows

import "nevermind/bot"

// problemExplaining are the states in which no case can be opened: each says why, and what there is instead.
var problemExplaining = bot.States{
	"having_none": {
		Tell: bot.To{bot.Here: "None of your orders has left its seller yet. " +
			"If you mean another one, send me its number or a link to it."},
		Light: true,
		Offer: bot.Offers{bot.Here: {myOrders, aPerson, back}},
		Then:  bot.Moves{"order_named": bot.Become("problem")},
	},
	"explaining_party": {
		Tell: bot.To{
			bot.Here: "Only the buyer can open a case about goods. Cases that concern you come to this chat. Type “my " +
				"requests” to see them.",
		},
		Light: true,
		Offer: bot.Offers{bot.Here: {back}},
		Then:  bot.Moves{"went_back": bot.Leave()},
	},
	"explaining_not_left": {
		Tell:  bot.To{bot.Here: "This order hasn't left the seller yet. {stage_now}"},
		Light: true,
		Offer: bot.Offers{bot.Here: {
			{Event: "cancel_asked", Label: "Cancel this order", Style: bot.Primary, When: mayStillCancel},
			aPerson,
			back,
		}},
		Rules: []string{"S14", "S18"},
		Then:  bot.Moves{"cancel_asked": bot.Become("cancel")},
	},
	"explaining_over": {
		Tell:  bot.To{bot.Here: "{problem_over}"},
		Light: true,
		Offer: bot.Offers{bot.Here: {aPerson, back}},
		Rules: []string{"S26", "S57", "S59"},
		Then:  bot.Moves{"went_back": bot.Leave()},
	},
	"explaining_hold": {
		Tell:  bot.To{bot.Here: "The shop has put this order on hold. Our support team can tell you what comes next."},
		Light: true,
		Offer: bot.Offers{bot.Here: {aPerson, back}},
		Then:  bot.Moves{"went_back": bot.Leave()},
	},
	// The last day for a case has passed, and that is final (S59).
	"explaining_too_late": {
		Tell: bot.To{
			bot.Here: "I'm sorry: the last day to open a case about this order was {dispute_until}, and after that none can be opened. " +
				"You can still write to {seller}, and a person can look at anything unusual.",
		},
		Light: true,
		Offer: bot.Offers{bot.Here: {aPerson, back}},
		Rules: []string{"S57", "S59"},
		Then:  bot.Moves{"went_back": bot.Leave()},
	},
	// A case about it has ended with a decision; it is not opened again (S59).
	"explaining_verdict": {
		Tell: bot.To{
			bot.Here: "There was a case about this order already, and it's closed for good. It ended like this: {dispute_end}. " +
				"If something new has come up, a person can look at it.",
		},
		Light: true,
		Offer: bot.Offers{bot.Here: {aPerson, back}},
		Rules: []string{"S59"},
		Then:  bot.Moves{"went_back": bot.Leave()},
	},
	"having_asked": {
		Tell:  bot.To{bot.Here: "You already have something open about this order. Shall I show you where it stands?"},
		Light: true,
		Offer: bot.Offers{bot.Here: {{Event: "case_picked", Label: "Show my request", Style: bot.Primary}, back}},
		Then:  bot.Moves{"case_picked": bot.Go("shown").Asking(askOpenCase)},
	},
	// The parcel may still come. The buyer can be told when a case can be opened, and opens none too early.
	"explaining_too_early": {
		Tell: bot.To{bot.Here: "It left on {shipped_on} and may still be on its way. If it doesn't come, you can open a case from " +
			"{dispute_from_day} on. {tracking} {dispute_clock}"},
		Light: true,
		Offer: bot.Offers{bot.Here: {
			{Event: "watch_asked", Label: "Tell me when I can", Style: bot.Primary},
			{Event: "letter_asked", Label: "Write to the seller"},
			aPerson,
			back,
		}},
		Rules: []string{"S57"},
		Then: bot.Moves{
			"watch_asked":  bot.Go("following").Asking(askClaimWatch),
			"letter_asked": bot.Become("order_stage"),
			"went_back":    bot.Go("choosing_problem"),
		},
	},
}
