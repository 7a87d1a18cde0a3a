package flows

import "nevermind/bot"

// caseEnds are the ends of a case besides "refunded". A state without Then is an end: nothing is offered or heard there.
var caseEnds = bot.States{
	// The order is cancelled and no money is owed: it was never paid, or all of it has gone back already (S04, S11).
	"cancelled": {
		Tell: bot.To{
			bot.Buyer:  "{what_is_cancelled} {nothing_owed} Your receipt is {case}.",
			bot.Seller: "{what_is_cancelled} {nothing_owed} {what_ships}",
		},
		Card:  bot.To{bot.Support: "Closed. {what_is_cancelled} {nothing_owed}{decided_by}"},
		Rules: []string{"S04", "S11"},
	},
	// The buyer has withdrawn the request, or keeps the order. It can be asked again as long as nothing has shipped. Or a
	// withdrawal by law has taken its place, and goes on as a return.
	"withdrawn": {
		Tell: bot.To{bot.Buyer: "{withdrawn_for_buyer}", bot.Seller: "{withdrawn_for_seller}"},
		Card: bot.To{bot.Support: "{withdrawn_for_support}"},
	},
	// Support has refused. The decision is final: no further request about the order is taken (S59). Or support has never
	// decided, and the policy ends that for the seller: then the buyer can ask again.
	"refused": {
		Tell: bot.To{
			bot.Buyer:  "{refused_for_buyer}",
			bot.Seller: "{refused_for_seller}",
		},
		Card:  bot.To{bot.Support: "{closed_refused}"},
		Rules: []string{"S56", "S59"},
	},
	// The order changed just before the seller was asked, so nothing was sent to anybody.
	"overtaken": {
		Tell: bot.To{bot.Buyer: "The order changed just before I could ask {seller}, so I sent nothing. {stage_now}"},
		Card: bot.To{
			bot.Seller:  "The request was not sent: the order had changed.",
			bot.Support: "Closed: the order changed before the request was sent.",
		},
		Rules: []string{"S06", "S07", "S09"},
	},
}
