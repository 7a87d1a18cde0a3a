package flows

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"nevermind/bot"
)

// factsOf works out facts from an event.
type factsOf = func(v *bot.View, e *bot.Event) bot.Facts

// setFact keeps one fact.
func setFact(name, value string) factsOf {
	return func(*bot.View, *bot.Event) bot.Facts { return bot.Facts{name: value} }
}

// cancelledWithSupport: the order is cancelled while support has the case. What was agreed stands where it was we who asked for
// it, and money that is under way is not sent twice.
func cancelledWithSupport(v *bot.View, e *bot.Event) bot.Facts {
	switch v.Fact("stuck") {
	case "cancel":
		return bot.Facts{"stuck": ""}
	case "":
		return shopCancelledAll(v, e)
	}
	return nil
}

// refundSent: the shop has sent what was agreed. Where the order was to go on and the shop has cancelled it since, the rest is
// due as well, and a task of its own sends it.
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

// shopHasCancelled: the shop has cancelled what it was asked to. An order that was not paid when this was asked may have been
// paid since, and then all of it goes back.
func shopHasCancelled(v *bot.View, _ *bot.Event) bot.Facts {
	if v.Fact("agreed") != "unpaid" {
		return nil
	}
	return bot.Facts{"amount": v.Order.Refundable().String()}
}

// amountIfPaidSince: an order that was not paid when the request was made has been paid since, so there is money to ask for.
func amountIfPaidSince(v *bot.View, _ *bot.Event) bot.Facts {
	if !amountOf(v, "asked").IsZero() {
		return nil
	}
	all := v.Order.Refundable().String()
	return bot.Facts{"amount": all, "asked": all}
}

// amountLeft: the shop has paid some of it back by itself, so no more than the rest is asked for. Money that is under way
// already is the shop's to judge.
func amountLeft(v *bot.View, _ *bot.Event) bot.Facts {
	if v.Conv.State == "refunding" {
		return nil
	}
	facts := bot.Facts{}
	for _, name := range []string{"amount", "asked"} {
		if left := v.Order.Refundable(); left.Less(amountOf(v, name)) {
			facts[name] = left.String()
		}
	}
	return facts
}

// stuckBecause keeps that the shop has not done what it was asked.
func stuckBecause(why, what string) factsOf {
	return func(*bot.View, *bot.Event) bot.Facts { return bot.Facts{"why": why, "stuck": what} }
}

// stuckUnanswered: the shop was asked for three days, and has not answered.
func stuckUnanswered(v *bot.View, _ *bot.Event) bot.Facts {
	switch v.Fact("stuck") {
	case "cancel":
		return bot.Facts{"why": "cancel_unanswered"}
	case "late":
		return bot.Facts{"why": "refund_unanswered"}
	}
	return nil
}

// sellerAgreed: the seller says yes to what was asked, whatever was offered meanwhile.
func sellerAgreed(v *bot.View, _ *bot.Event) bot.Facts {
	return bot.Facts{"agreed": "accepted", "amount": v.Fact("asked"), "offer_kind": "", "cancels": "yes"}
}

// shopCancelledAll: the shop has cancelled the whole order, so all of it goes back.
func shopCancelledAll(v *bot.View, _ *bot.Event) bot.Facts {
	return bot.Facts{"agreed": "shop", "amount": v.Order.Refundable().String(), "lines": "", "stuck": ""}
}

// hadShipped: the shop cannot cancel, for the parcel has left; nothing is stuck by that.
func hadShipped(v *bot.View, _ *bot.Event) bot.Facts {
	facts := bot.Facts{"shop_says": "shipped", "stuck": "", "attempt": nextAttempt(v)} // that cancellation has failed
	switch {
	case v.Fact("verdict") != "":
		facts["cancels"] = "no"
	case byLaw.Holds(v):
		facts["why"] = "law_shipped"
	}
	return facts
}

// sellerRejected: the seller has said no.
func sellerRejected(*bot.View, *bot.Event) bot.Facts { return bot.Facts{"last": "rejected"} }

// offerMade: an offer is on the table; the one before is off it.
func offerMade(_ *bot.View, e *bot.Event) bot.Facts { return bot.Facts{"offer_by": string(e.By)} }

// offerTaken turns an offer that was taken into what goes back.
func offerTaken(v *bot.View, _ *bot.Event) bot.Facts {
	amount, cancels := amountOf(v, "offer_amount"), "yes"
	switch v.Fact("offer_kind") {
	case "discount":
		cancels = "no"
	case "costs":
		amount = amountOf(v, "asked").Minus(amount)
	}
	if left := v.Order.Refundable(); left.Less(amount) {
		amount = left // the shop has paid some of it by itself meanwhile
	}
	return bot.Facts{"agreed": "offer", "amount": amount.String(), "cancels": cancels}
}

// shopConfirmedShipping: the shop says that the parcel has left; "now" where it had not said so before.
func shopConfirmedShipping(v *bot.View, _ *bot.Event) bot.Facts {
	if v.Fact("shop_says") == "shipped" {
		return bot.Facts{"confirmed": ""}
	}
	return bot.Facts{"shop_says": "shipped", "confirmed": "now"}
}

// sellerClaimsShipped: the seller says so, the shop has not.
func sellerClaimsShipped(*bot.View, *bot.Event) bot.Facts { return bot.Facts{"shop_says": ""} }

// verdictFacts is what follows from what support has decided; it is never changed.
func verdictFacts(v *bot.View, said bot.Facts) bot.Facts {
	facts := bot.Facts{"verdict": v.Fact("held"), "agreed": "verdict", "cancels": cmp.Or(said["cancels"], "no"), "attempt": nextAttempt(v)}
	switch v.Fact("held") {
	case "full":
		facts["amount"] = fullAmount(v).String()
	case "partial":
		facts["amount"] = cappedAmount(v.Order.Refundable(), said["amount"])
	}
	return facts
}

// retryFacts starts another task only where the last one has failed, or was to cancel and has been given up; one that is
// merely late keeps its id.
func retryFacts(v *bot.View, _ *bot.Event) bot.Facts {
	facts := bot.Facts{"stuck": ""}
	if strings.HasSuffix(v.Fact("why"), "_failed") || v.Fact("why") == "cancel_unanswered" {
		facts["attempt"] = nextAttempt(v)
	}
	return facts
}

// nextAttempt gives the next task that moves money an id of its own: a person has started it.
func nextAttempt(v *bot.View) string {
	n, _ := strconv.Atoi(v.Fact("attempt"))
	return strconv.Itoa(n + 1)
}

// letterFacts keeps who wrote last, and the last eight letters for support to read.
func letterFacts(v *bot.View, e *bot.Event) bot.Facts {
	text := shorten(bot.Clean(e.Text), 300)
	if len(e.Files) > 0 {
		text = strings.TrimSpace(text + " (" + fileWords(v, &bot.Person{}, e.Files) + ")")
	}
	letters := strings.Split(v.Fact("letters")+"\n"+string(e.By)+" "+text, "\n")
	letters = letters[max(0, len(letters)-8):]
	return bot.Facts{"last_writer": string(e.By), "letters": strings.TrimPrefix(strings.Join(letters, "\n"), "\n")}
}

// evidenceAskedFacts keeps who has been asked, for which line of the checklist if for one, and since when.
func evidenceAskedFacts(v *bot.View, e *bot.Event) bot.Facts {
	of, proof, _ := strings.Cut(e.Facts["evidence_of"], " ")
	return bot.Facts{"evidence_of": of, "evidence_proof": proof, "evidence_since": v.Now.UTC().Format(time.RFC3339Nano)}
}

// evidenceTimeOver: the time to answer is over; something may have come all the same.
func evidenceTimeOver(v *bot.View, _ *bot.Event) bot.Facts {
	if evidenceFiles(v, v.Actor) != "" {
		return bot.Facts{"why": "evidence_in"}
	}
	return bot.Facts{"why": "evidence_late"}
}

// allFiles are a case's files.
func allFiles(v *bot.View) []bot.File {
	var files []bot.File
	for _, x := range v.Conv.Exhibits {
		files = append(files, x.File)
	}
	return files
}

// askerWroteLast: whoever asked support has the last word.
func askerWroteLast(*bot.View, *bot.Event) bot.Facts { return bot.Facts{"last_writer": ""} }

// noteFacts keeps what the buyer wrote for the seller.
func noteFacts(_ *bot.View, e *bot.Event) bot.Facts {
	return bot.Facts{"note": strings.TrimSpace(e.Text)}
}

// nextPage turns a page of a list.
func nextPage(v *bot.View, _ *bot.Event) bot.Facts { return bot.Facts{"page": nextPageOf(v)} }

// markLine marks a line of the order, or takes the mark away.
func markLine(v *bot.View, e *bot.Event) bot.Facts {
	marked := map[string]bool{}
	for _, id := range markedLines(v) {
		marked[id] = true
	}
	marked[e.Facts["line"]] = !marked[e.Facts["line"]]
	var ids []string
	for _, item := range openLines(orderOf(v)) {
		if marked[item.ID] {
			ids = append(ids, item.ID)
		}
	}
	return bot.Facts{"lines": strings.Join(ids, ","), "line": ""}
}
