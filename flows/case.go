package flows

import "nevermind/bot"

// caseFlow is a request to cancel an order: what buyer, seller and support have with each other about it, from the
// moment the buyer sends it until the money is on its way back. One order has one open case at the most.
//
// Who takes part: the buyer asks, the seller answers, support decides where the two cannot agree, and the shop cancels
// and pays. Where it can lead: first the order is looked at once more, then the seller is asked (case_asking.go), who
// may say that it has shipped (case_shipping.go); buyer and seller may negotiate (case_negotiating.go); support may have
// the word (case_support.go); the shop carries it out (case_refunding.go). It ends refunded, cancelled without money,
// withdrawn, refused, or overtaken by the order's own course (case_ends.go). Silence has a price that the policy sets: by
// default a seller who does not answer has agreed (S42).
//
// What is heard everywhere, such as letters, files and news of the order, is in case_always.go.
var caseFlow = bot.Flow{
	Name:     "case",
	Case:     true,
	Keeps:    true,
	Files:    mostFiles,
	About:    "A request to cancel, from the moment it is made until the money is on its way back.",
	Title:    "Order {order} · {item}",
	Footer:   cardFooter,
	Born:     []string{"submitted"},
	First:    "opening",
	Evidence: makeEvidence,
	Filed:    []string{"tracking_code"},
	Hear:     []bot.Hear{hearExhibit, hearReply},
	After:    bot.Waits{standstillWait, lastDayWait, letterWait},
	Always:   with(caseAlways, bot.Moves{"letter_waits": remindOfLetter, "proof_asked": proofAskedInCase}),
	States: allStates(caseAsking, caseShipping, caseNegotiating, caseWithSupport, caseCancelling, caseRefunding, caseEnds,
		bot.States{"charged_back": chargedBack}),
}

// shopChanged tells everybody that the shop has put the order on hold, or released it. The case itself stays where it
// is.
var shopChanged = bot.Stay().Saying(bot.To{
	bot.Buyer:   "The shop has changed this order, which is now “{stage}”. Your request stays open.",
	bot.Seller:  "{changed_for_seller}",
	bot.Support: "The shop has changed the order of case {case}, which is now “{stage}”.",
})
