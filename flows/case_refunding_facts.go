package flows

import (
	"strconv"
	"strings"

	"nevermind/bot"
)

// cancelledWithSupport: the order is cancelled while support has the case. If a cancellation was stuck, that has done
// it, and what was agreed stands; if nothing was stuck, the shop has cancelled by itself. A refund that is under way is
// not asked for twice.
func cancelledWithSupport(v *bot.View, e *bot.Event) bot.Facts {
	switch v.Fact("stuck") {
	case "cancel":
		return bot.Facts{"stuck": ""}
	case "":
		return shopCancelledAll(v, e)
	}
	return nil
}

// refundSent: the shop has sent what was agreed. Where the order was to go on and the shop has cancelled it since, the
// rest is due as well, and a task of its own sends it ("rest" is then "due").
func refundSent(v *bot.View, e *bot.Event) bot.Facts {
	left := v.Order.Refundable()
	if e.Name == "paid_otherwise" && v.Fact("stuck") == "refund" {
		left = left.Minus(amountOf(v, "amount")) // the shop does not know of it
	}
	if v.Order.Stage != bot.Cancelled || !leavesPartToShip(v) || left.IsZero() {
		return bot.Facts{"rest": ""}
	}
	return bot.Facts{"rest": "due", "sent": v.Fact("amount"), "amount": left.String(), "lines": "", "cancels": "yes",
		"agreed": "shop", "stuck": "", "reference": "", "attempt": nextAttempt(v)}
}

// leavesPartToShip says whether what was agreed leaves a part of the order to be shipped: a discount, or single lines.
func leavesPartToShip(v *bot.View) bool {
	return v.Fact("cancels") == "no" || v.Fact("lines") != "" && v.Fact("agreed") != "verdict"
}

// shopHasCancelled: the shop has cancelled what it was asked to. An order that was not paid when the buyer asked may
// have been paid since; then all of it goes back.
func shopHasCancelled(v *bot.View, _ *bot.Event) bot.Facts {
	if v.Fact("agreed") != "unpaid" {
		return nil
	}
	return bot.Facts{"amount": v.Order.Refundable().String()}
}

// amountIfPaidSince works out the amount anew for an order that was not paid when the request was made, and has been
// paid since.
func amountIfPaidSince(v *bot.View, _ *bot.Event) bot.Facts {
	if !amountOf(v, "asked").IsZero() {
		return nil
	}
	all := v.Order.Refundable().String()
	return bot.Facts{"amount": all, "asked": all}
}

// stuckBecause records that the shop has not done what it was asked: why, for people to read, and what is stuck:
// "cancel", "refund" (it has failed) or "late" (nobody knows).
func stuckBecause(why, what string) factsOf {
	return func(*bot.View, *bot.Event) bot.Facts { return bot.Facts{"why": why, "stuck": what} }
}

// unlessMoneyOut is for what the shop answers late to a cancellation or a check: while a refund is stuck nothing follows from it,
// so that no second one is asked for.
func unlessMoneyOut(learn factsOf) factsOf {
	return func(v *bot.View, e *bot.Event) bot.Facts {
		if moneyOut.Holds(v) {
			return nil
		}
		return learn(v, e)
	}
}

// stuckUnanswered: the shop was asked for three days and has not answered; the reason shown says so.
func stuckUnanswered(v *bot.View, _ *bot.Event) bot.Facts {
	switch v.Fact("stuck") {
	case "cancel":
		return bot.Facts{"why": "cancel_unanswered"}
	case "late":
		return bot.Facts{"why": "refund_unanswered"}
	}
	return nil
}

// retryFacts starts a new task only where the last one has failed, or was a cancellation that was given up. A refund
// that is merely late keeps its task's id, so that the shop, which knows the id, cannot pay twice.
func retryFacts(v *bot.View, _ *bot.Event) bot.Facts {
	facts := bot.Facts{"stuck": ""}
	if strings.HasSuffix(v.Fact("why"), "_failed") || v.Fact("why") == "cancel_unanswered" {
		facts["attempt"] = nextAttempt(v)
	}
	return facts
}

// nextAttempt gives the next task that moves money an id of its own. It is used only where a person has started it
// again, or where something else is to be paid.
func nextAttempt(v *bot.View) string {
	n, _ := strconv.Atoi(v.Fact("attempt"))
	return strconv.Itoa(n + 1)
}
