package flows

import "nevermind/bot"

// cancelExplaining are the states in which nothing can be asked: each says why, and what there is instead.
var cancelExplaining = bot.States{
	"being_unknown": beingUnknown,
	"having_none": {
		Tell: bot.To{bot.Here: "I see no order of yours that could be cancelled. " +
			"If you mean another one, send me its number or a link to it."},
		Light: true,
		Offer: bot.Offers{bot.Here: {myOrders, aPerson, back}},
		Then:  bot.Moves{"order_named": bot.Become("cancel").Rules("S25")},
	},
	"explaining_party": {
		Tell: bot.To{
			bot.Seller: "Only the buyer can ask to cancel. If you can't send an order, cancel it in the shop. A request that is open " +
				"about it is settled by that. To write to the buyer, send me the order's number.",
			bot.Here: "Only the buyer can ask to cancel. Cases that need support come to this room, and “my requests” shows them.",
		},
		Light: true,
		Offer: bot.Offers{bot.Here: {back}},
		Then:  bot.Moves{"went_back": bot.Leave()},
	},
	"explaining_lock": {
		Tell: bot.To{bot.Here: "Your payment for this order is still being confirmed, and until it is through nobody can cancel " +
			"it. With some banks that takes several days. I can tell you when the payment is confirmed; then you can ask at once."},
		Light: true,
		Offer: bot.Offers{bot.Here: {tellWhenOpen, aPerson, back}},
		Rules: []string{"S09", "Q3"},
		Then:  bot.Moves{"watch_asked": bot.Go("watching").Asking(askWatch)},
	},
	"explaining_shipped": {
		Tell:  bot.To{bot.Here: "{gone} {instead}"},
		Light: true,
		Offer: bot.Offers{bot.Here: {giveBack, withdrawHere, {Event: "letter_asked", Label: "Write to the seller"}, aPerson, back}},
		Rules: []string{"S06", "S07", "Q4"},
		Then:  bot.Moves{"letter_asked": bot.Go("writing_letter").Rules("S44")},
	},
	"explaining_over": {
		Tell:  bot.To{bot.Here: "{over}"},
		Light: true,
		Offer: bot.Offers{bot.Here: {aPerson, back}},
		Then:  bot.Moves{"went_back": bot.Leave()},
	},
	"explaining_verdict": {
		Tell: bot.To{bot.Here: "Our support team has decided about this order: {refusal} That decision is final, so I can't ask " +
			"{seller} again. If something new has come up, a person can look at it."},
		Light: true,
		Offer: bot.Offers{bot.Here: {aPerson, back}},
		Rules: []string{"S56", "S59"},
		Then:  bot.Moves{"went_back": bot.Go("kept")},
	},
	"explaining_hold": {
		Tell: bot.To{bot.Here: "The shop has put this order on hold, so it can't be cancelled now. " +
			"Our support team can tell you why and what comes next."},
		Light: true,
		Offer: bot.Offers{bot.Here: {aPerson, back}},
		Then:  bot.Moves{"went_back": bot.Leave()},
	},
	"having_asked": {
		Tell: bot.To{bot.Here: "You have already asked about this order, and that request is still open. " +
			"Shall I show you where it stands?"},
		Light: true,
		Offer: bot.Offers{bot.Here: {{Event: "case_picked", Label: "Show my request", Style: bot.Primary}, back}},
		Then:  bot.Moves{"case_picked": bot.Go("shown").Asking(askOpenCase)},
	},
}
