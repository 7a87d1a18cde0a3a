package flows

import "nevermind/bot"

// caseFlow is what buyer, seller and support have with each other about one cancelled order.
var caseFlow = bot.Flow{
	Name:   "case",
	Case:   true,
	Files:  mostFiles,
	About:  "A request to cancel, from the moment it is made until the money is on its way back.",
	Title:  "Order {order} · {item}",
	Foot:   cardFooter,
	Born:   []string{"submitted"},
	First:  "opening",
	Keep:   makeEvidence,
	Filed:  []string{"tracking_code"},
	Hear:   []bot.Hear{hearExhibit, hearReply},
	After:  bot.Waits{standstillWait, lastDayWait},
	Always: caseAlways,
	States: allStates(caseAsking, caseNegotiating, caseWithSupport, caseCancelling, caseRefunding, caseEnds),
}

// shopChanged tells that the shop has put an order on hold, or let it go again.
var shopChanged = bot.Stay().Saying(bot.To{
	bot.Buyer:   "The shop has changed the order: it stands at “{stage}” now. Your request stands.",
	bot.Seller:  "{changed_for_seller}",
	bot.Support: "The shop has changed the order of case {case}: it stands at “{stage}” now.",
})
