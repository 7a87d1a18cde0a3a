package flows

import "nevermind/bot"

// disputeEnds are the ends of a dispute besides "refunded".
var disputeEnds = bot.States{
	// The buyer has withdrawn the case. It can be opened again until the last day for it.
	"withdrawn": {
		Tell: bot.To{
			bot.Buyer:  "Your case {case} is withdrawn. {open_again}",
			bot.Seller: "{case_withdrawn_for_seller}",
		},
		Card:  bot.To{bot.Support: "Closed: the buyer has withdrawn it."},
		Rules: []string{"S59"},
	},
	// Support has ruled that nothing goes back, and no appeal is left. That is final (S59). Or support has never decided,
	// and the policy ends that for the seller.
	"refused": {
		Tell: bot.To{
			bot.Buyer:  "{no_money_for_buyer}",
			bot.Seller: "{no_money_for_seller}",
		},
		Card:  bot.To{bot.Support: "{closed_refused}"},
		Rules: []string{"S56", "S59"},
	},
	// The goods were not sent back in time, so nothing goes back (S26, S63).
	"not_returned": {
		Tell: bot.To{
			bot.Buyer: "I'm sorry: I haven't heard that you sent it back in time. The case is closed for good, without a refund. " +
				"If you did send it, ask for “a person” and have the carrier's receipt ready.",
			bot.Seller: "{buyer} didn't send it back in time. The case is closed for good, and no money goes back.",
		},
		Card:  bot.To{bot.Support: "Closed: it was not sent back in time."},
		Rules: []string{"S26", "S59", "S63"},
	},
	// The order turned out not to have left, so nothing was sent to anybody.
	"not_shipped": {
		Tell: bot.To{bot.Buyer: "The order changed just now, so I haven't sent your case. {stage_now}"},
		Card: bot.To{
			bot.Seller:  "The case wasn't sent, because the order had changed.",
			bot.Support: "Closed: the order had changed before the case was sent.",
		},
		Rules: []string{"S18"},
	},
}
