package flows

import (
	"cmp"
	"maps"
	"strings"

	"nevermind/bot"
)

// What becomes of an order's money while a case or dispute about it is open. Amounts follow the order both ways; whoever
// may act gets a card anew, whose buttons name the new amounts, and what was offered before is late.

// moneyMoves are heard wherever such a record stands.
var moneyMoves = bot.Moves{
	"refund_undone": bot.Stay().Learning(refundUndone).Saying(bot.To{
		bot.Buyer:  "The shop has corrected itself: the money it said it had sent you hasn't gone out. {stake_now}",
		bot.Seller: "The shop has corrected itself: the money it said it had sent back hasn't gone out. {stake_now}",
		bot.Support: "The shop has corrected itself about case {case}: the money it said it had sent back hasn't gone out. " +
			"{stake_now}",
	}).Renewing().Rules("S48"),
	"total_changed": bot.Stay().Learning(amountsFollow).Saying(bot.To{
		bot.Buyer:   "The shop has changed the order, which now comes to {total}. {stake_now}",
		bot.Seller:  "The shop has changed the order, which now comes to {total}. {stake_now}",
		bot.Support: "The shop has changed the order of case {case}, which now comes to {total}. {stake_now}",
	}).Renewing().Rules("S48"),
	"price_adjusted": bot.Stay().Learning(amountsFollow).Saying(bot.To{
		bot.Buyer:   "The shop has changed the price of this order and given back {adjusted} for that. {stake_now}",
		bot.Seller:  "The shop has changed the price of this order and given back {adjusted} for that. {stake_now}",
		bot.Support: "The shop has changed the price in the order of case {case} and given back {adjusted} for that. {stake_now}",
	}).Renewing().Rules("S48"),
	"chargeback_opened": bot.Stay().Saying(bot.To{
		bot.Buyer: "Your bank has asked the shop to give back {charged}. Until that is decided, no refund goes out from here, " +
			"so that nothing is paid twice. Your request stays open.",
		bot.Seller: "The bank of {buyer} has asked the shop to give back {charged}. Until that is decided, no refund goes out " +
			"from here. The request stays open.",
		bot.Support: "A chargeback is open about the order of case {case}: the bank has asked for {charged}. Refunds of this order " +
			"wait until the shop says how it was decided.",
	}).Rules("S48"),
	"chargeback_lost": bot.Stay().Learning(amountsFollow).Saying(chargebackLost).Renewing().Rules("S48"),
	"chargeback_won":  bot.Stay().Learning(amountsFollow).Saying(chargebackWon).Renewing().Rules("S48"),
	"parcel_added": parcelMoved.Saying(bot.To{
		bot.Buyer:   "{another_parcel}",
		bot.Seller:  "{another_parcel}",
		bot.Support: "{another_parcel}",
	}).Rules("S46"),
	"part_shipped": bot.Stay().Saying(bot.To{
		bot.Buyer:   "Part of the order has left: {on_its_way}. What you want to cancel hasn't, so your request stays open.",
		bot.Seller:  "The shop says part of the order has left: {on_its_way}. What {buyer} wants to cancel hasn't.",
		bot.Support: "Part of the order of case {case} has left: {on_its_way}. What {buyer} wants to cancel hasn't.",
	}).Rules("S06"),
}

// shopPaidItself: the shop has sent money back without being asked here.
var shopPaidItself = bot.Stay().Learning(amountsFollow).Saying(bot.To{
	bot.Buyer:   "The shop says it has already sent {refunded} back to you. {still_due}",
	bot.Seller:  "The shop says it has already sent {refunded} back to {buyer}. {still_due}",
	bot.Support: "The shop says about case {case} that it has already sent {refunded} back by itself. {still_due}",
}).Renewing().Rules("S13", "S48")

// How a chargeback was decided.
var (
	chargebackLost = bot.To{
		bot.Buyer:   "Your bank has decided for you and gives you {charged} back. That counts as your refund. {stake_now}",
		bot.Seller:  "The bank has decided for {buyer} and gives {charged} back. That counts as a refund. {stake_now}",
		bot.Support: "The chargeback about the order of case {case} is lost: {charged} counts as paid back. {stake_now}",
	}
	chargebackWon = bot.To{
		bot.Buyer:   "The bank has decided for the shop, so nothing comes back through your bank. {stake_now}",
		bot.Seller:  "The bank has decided for the shop. {stake_now}",
		bot.Support: "The chargeback about the order of case {case} is won, so refunds go on. {stake_now}",
	}
)

// moneyTerms are what {names} stand for in words about money that moves by itself.
var moneyTerms = map[string]bot.Term{
	"stake_now":  stakeNow,
	"adjusted":   func(v *bot.View, _ *bot.Person) string { return ofOrder(v, adjustedAmount) },
	"charged":    func(v *bot.View, _ *bot.Person) string { return ofOrder(v, chargedAmount) },
	"bounce_now": bounceNow,
	"bounce_why": bounceWhy,
	"settled_so": settledSo,

	"charge_opened": chargeOpened,
	"charge_lost":   chargeLost,
}

// stakeNow is what a record is about after its amounts have changed.
func stakeNow(v *bot.View, r *bot.Person) string {
	switch {
	case v.Fact("amount") == "":
		return ""
	case amountOf(v, "amount").IsZero() && v.Order.WasPaid():
		return v.Say(r, "Nothing more is due here.")
	case (v.Fact("agreed") != "" || v.Conv.Flow == "refund") && v.Order.Refundable().Less(amountOf(v, "amount")):
		return v.Say(r, "{amount} was agreed. Our support team now looks at how much can go back.")
	case v.Fact("agreed") != "" || v.Conv.Flow == "refund":
		return v.Say(r, "{amount} is still due.")
	}
	return v.Say(r, "This is now about {amount}.")
}

// settledSo is why money is due, in a sentence of its own before another; empty where a refund has come back.
func settledSo(v *bot.View, r *bot.Person) string {
	switch v.Conv.Flow {
	case "case":
		return agreedTerm(v, r) + " "
	case "dispute":
		return settledHow(v, r) + " "
	}
	return ""
}

// adjustedAmount is what has gone back by price adjustments.
func adjustedAmount(o *bot.Order) string {
	sum := bot.Money{Currency: o.Total.Currency}
	for _, a := range o.Adjustments {
		if a.Type == bot.PriceAdjustment && a.Status != bot.AdjustmentReversed {
			sum = sum.Plus(a.Amount)
		}
	}
	return sum.String()
}

// chargedAmount is what banks have asked for: by chargebacks that are open, or else by those that are lost.
func chargedAmount(o *bot.Order) string {
	sums := map[bot.AdjustmentStatus]bot.Money{}
	for _, a := range o.Adjustments {
		if a.Type == bot.Chargeback {
			sums[a.Status] = bot.Money{Minor: sums[a.Status].Minor + a.Amount.Minor, Currency: o.Total.Currency}
		}
	}
	for _, status := range []bot.AdjustmentStatus{bot.AdjustmentOpen, bot.AdjustmentCompleted, bot.AdjustmentReversed} {
		if sum := sums[status]; !sum.IsZero() {
			return sum.String()
		}
	}
	return bot.Money{Currency: o.Total.Currency}.String()
}

// followed are the facts that name amounts which follow the order's money.
var followed = []string{"asked", "amount", "claim_amount", "solution_amount", "proposal_amount"}

// amountsFollow works the amounts of a record out anew after the order's money has changed, down and up again: what was all
// of it is all of it again, and what was a part stays that part as far as it can still go back. Nothing changes while a
// refund is under way, whose task has its amount: then the shop knows both.
func amountsFollow(v *bot.View, _ *bot.Event) bot.Facts {
	if v.Conv.State == "refunding" || v.Fact("stuck") == "late" {
		return nil
	}
	facts := bot.Facts{}
	for _, name := range followed {
		if m, err := bot.ReadMoney(v.Fact(name)); err == nil {
			maps.Copy(facts, follow(v, name, m))
		}
	}
	if parcelOf(v) != nil {
		facts["parcel_all"] = mostBack(v).String()
	}
	return facts
}

// refundUndone does what amountsFollow does; where support looked into money that was sent twice, there is no more than a
// refund that the shop has not confirmed.
func refundUndone(v *bot.View, e *bot.Event) bot.Facts {
	facts := amountsFollow(v, e)
	if v.Fact("why") == "refund_doubled" && !v.Order.Overpaid() {
		facts = overFacts(facts, bot.Facts{"why": "refund_late"})
	}
	return facts
}

// follow works one amount out anew. A part is remembered under "want_" and its name, as "20.00 USD of 14.90 USD": what was
// meant, and what it came to; that counts as long as the amount is still what it came to.
func follow(v *bot.View, name string, m bot.Money) bot.Facts {
	left := mostBack(v)
	all, before := left, cmp.Or(v.Fact("parcel_all"), v.Fact("could_go_back"))
	if v.Conv.Flow == "case" {
		all = asked(v)
	}
	meant, cameTo, _ := strings.Cut(v.Fact("want_"+name), " of ")
	part, err := bot.ReadMoney(meant)
	known := err == nil && cameTo == m.String()
	if !known {
		part = m
	}
	switch {
	case !known && (m.String() == before || v.Conv.Flow == "case" && m == amountOf(v, "asked")):
		return bot.Facts{name: all.String(), "want_" + name: ""}
	case part.Currency != left.Currency:
		return nil // a person has to name another amount
	}
	now := part
	if left.Less(part) {
		now = left
	}
	return bot.Facts{name: now.String(), "want_" + name: part.String() + " of " + now.String()}
}

// moneyReasons says why a case is with support, where that is about money that waits.
var moneyReasons = map[string][3]string{
	moreDecidedFact: {
		"More was decided about this order meanwhile.", "More was decided about this order meanwhile.",
		"What {decider} decided is not carried out: more was decided about this order meanwhile, and together it is more than " +
			"{second_above}. Please decide again; a second person then confirms it.",
	},
	"refund_held": {
		"{settled_so}Your bank has asked the shop for money of this order, so the refund of {amount} waits until that is decided. " +
			"You still get what was agreed.",
		"{settled_so}The bank of {buyer} has asked the shop for money of this order, so the refund of {amount} waits until that is " +
			"decided.",
		"The refund of {amount} waits: a chargeback of {charged} is open. It goes on by itself when the shop says that the " +
			"chargeback is won; one that is lost counts as paid back.",
	},
	"refund_doubled": {
		"Money of this order has also gone back in another way. You get all that is due, once.",
		"Money of this order has also gone back in another way.",
		"The shop was asked to send {amount}, and money of this order has also gone back in another way: together that is more than " +
			"was paid. Please look in the shop's books and have one of the two stopped. Its answer still counts when it comes.",
	},
	"bank_paid_part": {
		"Your bank has given you part of the money back. {amount} is still due.",
		"The bank has given {buyer} part of the money back. {amount} is still due.",
		"The bank has given a part of the money back. {amount} is still due: you can start the refund again.",
	},
	"due_again": {
		"Money that counted as paid back to you hasn't gone after all, so {amount} is due to you again.",
		"Money that counted as paid back to {buyer} hasn't gone after all, so {amount} is due again.",
		"Money that counted as paid back hasn't gone after all, though case {follows} is closed: {amount} is due again. " +
			"You can have it sent.",
	},
	"came_back": {
		"Your refund of {amount} couldn't be paid out and went back to the shop.",
		"The refund of {amount} has come back to the shop.",
		"A refund of {amount} was done and has come back. {bounce_why} Please choose how it is paid instead.",
	},
}

// How a refund stands that waits for the bank.
var (
	bankAsks   = cond("a chargeback is open", func(v *bot.View) bool { return v.Order != nil && v.Order.RefundsHeld() })
	refundHeld = cond("the refund waits for the bank", func(v *bot.View) bool {
		return v.Fact("why") == "refund_held" && v.Fact("stuck") == "refund"
	})
	heldAndDue = cond("the refund has waited for the bank", func(v *bot.View) bool {
		return v.Fact("stuck") == "" && refundWaited(v)
	})
	heldAndOver = cond("the bank has paid all that was due", func(v *bot.View) bool {
		return stuckRefund.Holds(v) && amountOf(v, "amount").IsZero()
	})
	amountFits = cond("the refund has failed, and its amount can still go back", func(v *bot.View) bool {
		return stuckRefund.Holds(v) && !v.Order.RefundsHeld() && fitsStill(v)
	})
	// An amount in another currency than was decided cannot be held against the second person's limit.
	amountNameable = cond("the refund has failed, its amount cannot go back any more, and one person may name another",
		func(v *bot.View) bool {
			same := amountOf(v, "amount").Currency == v.Order.Refundable().Currency
			unfit := stuckRefund.Holds(v) && !v.Order.RefundsHeld() && !fitsStill(v)
			return unfit && (same || v.Policy.SecondPersonAbove.IsZero())
		})
)

// refundWaited says whether a refund has waited for the bank until this very turn.
func refundWaited(v *bot.View) bool { return v.Fact("why") == "refund_held" }

// fitsStill says whether what is due can go back as the order stands. The refund that has failed may still be posted as
// pending: a case may hear of an end before the order does.
func fitsStill(v *bot.View) bool {
	left, due := v.Order.Refundable(), amountOf(v, "amount")
	for _, p := range v.Order.Book {
		if p.Do == "pay_refund" && p.State == "pending" && p.Amount == due && !p.At.Before(v.Conv.Opened) {
			left = left.Plus(due)
		}
	}
	return due.Currency == left.Currency && !left.Less(due) && !due.IsZero()
}

// heldBecause is learned where a refund was not begun since a chargeback is open.
func heldBecause(v *bot.View, _ *bot.Event) bot.Facts {
	return bot.Facts{"why": "refund_held", "stuck": "refund", "attempt": nextAttempt(v)}
}

// bankRefused lets a refund that has waited for the bank go on, once no chargeback is open.
func bankRefused(v *bot.View, e *bot.Event) bot.Facts {
	facts := amountsFollow(v, e)
	if refundHeld.Holds(v) && !v.Order.RefundsHeld() {
		facts = overFacts(facts, bot.Facts{"stuck": ""})
	}
	return facts
}

// bankPaid takes off what the bank has given back. What is still due of a refund that has waited, support sends.
func bankPaid(v *bot.View, e *bot.Event) bot.Facts {
	facts := amountsFollow(v, e)
	due, err := bot.ReadMoney(cmp.Or(facts["amount"], v.Fact("amount")))
	switch {
	case err != nil:
	case due.IsZero():
		facts = overFacts(facts, bot.Facts{"by_bank": v.Fact("amount")})
	case refundHeld.Holds(v):
		facts = overFacts(facts, bot.Facts{"why": "bank_paid_part"})
	}
	return facts
}

// overFacts lays facts over others, which may be nil.
func overFacts(base, more bot.Facts) bot.Facts {
	all := bot.Facts{}
	maps.Copy(all, base)
	maps.Copy(all, more)
	return all
}

// While a refund is stuck at support, a chargeback that is won lets it go on by itself, and one that is lost ends the record
// where the bank has paid all that was due.
var (
	afterBankRefused = bot.If(heldAndDue, "refunding").Else("with_support").Learning(bankRefused).Saying(chargebackWon).
				Rules("S48", "S75")
	afterBankPaid = bot.If(heldAndOver, "charged_back").Else("with_support").Learning(bankPaid).Saying(chargebackLost).Rules("S48")
)

// chargedBack is the end of a record whose money has gone back by the bank.
var chargedBack = bot.State{
	Tell: bot.To{
		bot.Buyer:  "Your bank has given you back everything that was due, so no more money is sent. This case is closed.",
		bot.Seller: "The bank has given {buyer} back everything that was due. This case is closed.",
	},
	Card:  bot.To{bot.Support: "Closed: the money has gone back by the bank."},
	Rules: []string{"S48"},
}

// nameAmount lets support name what goes back where what was due cannot any more.
var nameAmount = bot.Choice{
	Event: "refund_retried", Label: "Name the amount and send it", When: amountNameable, Style: bot.Primary,
	Form: func(v *bot.View) []bot.Field {
		return []bot.Field{{
			Name: "amount", Kind: bot.Amount, Max: v.Order.Refundable(),
			Ask: "The order has changed since, and {amount} can't go back any more. How much goes back? At most {refundable}.",
		}}
	},
}
