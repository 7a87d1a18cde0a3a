package flows

import (
	"slices"

	"nevermind/bot"
)

// cond names a question about what a turn may look at. The name is read in drawings and in flows/README.md, so it says
// what holds.
func cond(name string, holds func(v *bot.View) bool) *bot.Cond {
	return &bot.Cond{Name: name, Holds: holds}
}

// stageIs asks whether the order at hand stands at one of these stages; false where there is no order.
func stageIs(name string, stages ...bot.Stage) *bot.Cond {
	return cond(name, func(v *bot.View) bool {
		o := orderOf(v)
		return o != nil && slices.Contains(stages, o.Stage)
	})
}

// factIs asks whether a fact has this value; an empty fact and one that was never learned are the same.
func factIs(name, value string) *bot.Cond {
	return cond(name+" is "+value, func(v *bot.View) bool { return v.Fact(name) == value })
}

// What the order at hand is like, and what is open about it.
var (
	orderUnpaid     = stageIs("the order is not paid", bot.Unpaid)
	orderLocked     = stageIs("the payment is being confirmed", bot.Verifying)
	orderPrepared   = stageIs("the order is being prepared", bot.Processing)
	orderShipped    = stageIs("the order has shipped", bot.PartShipped, bot.Shipped, bot.Delivered)
	orderOver       = stageIs("the order is over", bot.Cancelled, bot.Completed)
	orderFrozen     = stageIs("the order is on hold", bot.Frozen)
	noOrderNamed    = cond("no order is named", func(v *bot.View) bool { return orderOf(v) == nil })
	nothingToCancel = cond("no order can be cancelled", func(v *bot.View) bool {
		return orderOf(v) == nil && len(listOrders(mayCancel)(v)) == 0
	})
	notBuyer = cond("it is not the buyer who asks", func(v *bot.View) bool {
		p := v.Actor.Party()
		return p == bot.Seller || p == bot.Support
	})
	noOrders      = cond("there is no order", func(v *bot.View) bool { return len(v.Look.Orders(0, 1)) == 0 })
	noCases       = cond("nothing is open", func(v *bot.View) bool { return len(openRecords(v)) == 0 })
	hasCases      = cond("something is open", func(v *bot.View) bool { return v.Look != nil && len(openRecords(v)) > 0 })
	noCaseOpen    = cond("no request is open", func(v *bot.View) bool { return !caseOpen.Holds(v) })
	refusedBefore = cond("support has refused it before", func(v *bot.View) bool { return refusal(v) != nil })
	caseOpen      = cond("a request is open", func(v *bot.View) bool { return inTheWay(v) != nil })
	anyCaseOpen   = cond("something is open about the order", func(v *bot.View) bool { return openNow(v) != nil })
)

// answerDue holds in letters about an order while the buyer has the last word.
var answerDue = factIs("last_writer", string(bot.Buyer))

// askerWaits asks about a question to support: whoever asked has the last word so far.
var askerWaits = cond("whoever asked waits for an answer", func(v *bot.View) bool {
	return v.Fact("last_writer") != string(bot.Support)
})

// How a case stands: who can be reached, what is owed, what was decided, what the shop has not done.
var (
	sellerUnreachable = cond("the seller has no chat", func(v *bot.View) bool { return !v.People[bot.Seller].Reachable() })
	sellerReachable   = cond("the seller has a chat", func(v *bot.View) bool { return v.People[bot.Seller].Reachable() })
	owed              = cond("money is owed", func(v *bot.View) bool { return v.Order.WasPaid() && !amountOf(v, "amount").IsZero() })
	restDue           = factIs("rest", "due")
	offerPays         = cond("something would go back", func(v *bot.View) bool { return !offerBack(v).IsZero() })
	offerKeepsOrder   = factIs("offer_kind", "discount")
	cancelsOrder      = factIs("cancels", "yes")
	decided           = cond("support has decided", func(v *bot.View) bool { return v.Fact("verdict") != "" })
	undecided         = cond("no money is stuck", func(v *bot.View) bool { return v.Fact("stuck") == "" })
	verdictRefused    = factIs("verdict", "refused")
	stuckCancel       = factIs("stuck", "cancel")
	stuckCancelOwed   = cond("a cancellation is stuck, and money is owed", func(v *bot.View) bool {
		return stuckCancel.Holds(v) && owed.Holds(v)
	})
	stuckRefund = factIs("stuck", "refund")
	moneyOut    = cond("a refund is stuck", func(v *bot.View) bool {
		s := v.Fact("stuck")
		return s == "refund" || s == "late"
	})
	hasFiles    = cond("there are files", func(v *bot.View) bool { return len(v.Conv.Exhibits) > 0 })
	notShipped  = cond("the shop has not confirmed it", func(v *bot.View) bool { return v.Fact("shop_says") != "shipped" })
	askedBuyer  = factIs("evidence_of", "buyer")
	askedSeller = factIs("evidence_of", "seller")
)

// stranger holds for somebody whose account belongs to nobody that is known.
var stranger = cond("it is a stranger", func(v *bot.View) bool { return v.Actor.ID == "" })
