package flows

import (
	"slices"
	"time"

	"nevermind/bot"
)

// withdrawable says whether an order's buyer may withdraw now: the policy gives a right where it is delivered to, the
// order is paid and neither cancelled nor on hold, money can still go back, and the time is not up.
func withdrawable(v *bot.View, o *bot.Order) bool {
	if v.Policy.For(o).Windows["withdrawal"].IsZero() || !o.WasPaid() || o.Stage == bot.Cancelled || o.Stage == bot.Frozen ||
		o.Refundable().IsZero() {
		return false
	}
	end, known := withdrawalEnd(v, o)
	return !known || v.Now.Before(end)
}

// declarable says whether a withdrawal still changes an open case: it is none yet, and no money of it is moving or stuck.
func declarable(c *bot.Conversation) bool {
	moving := slices.Contains([]string{"opening", "cancelling", "refunding"}, c.State)
	return c.Facts["law"] == "" && c.Facts["stuck"] == "" && !moving
}

// buyersZone is where the buyer is, by whose days the time to withdraw, and that for a case, is counted.
func buyersZone(v *bot.View) *time.Location {
	if buyer := v.People[bot.Buyer]; buyer != nil {
		return buyer.Location()
	}
	return v.Actor.Location()
}

// withdrawalEnd is when the right to withdraw ends, in the buyer's zone: with the last of the days after the delivery,
// or with the next business day where that is none; false while the order is not there, since the days have not begun.
func withdrawalEnd(v *bot.View, o *bot.Order) (time.Time, bool) {
	if o.Delivered.IsZero() {
		return time.Time{}, false
	}
	w := v.Policy.For(o).Windows["withdrawal"]
	if w.BusinessDays > 0 {
		return v.Policy.After(w, o.Delivered, buyersZone(v)), true
	}
	zone := buyersZone(v)
	came := o.Delivered.In(zone)
	before := time.Date(came.Year(), came.Month(), came.Day()+int(w.Length/(24*time.Hour))-1, 12, 0, 0, 0, zone)
	last := v.Policy.Calendar.Add(before, 1, zone).In(zone)
	return time.Date(last.Year(), last.Month(), last.Day()+1, 0, 0, 0, 0, zone), true
}

// openWithdrawal tells the case that is open about the order, or opens the record: a return once the order has left, else
// a cancellation that nobody is asked about.
func openWithdrawal(v *bot.View, e *bot.Event) (bot.Key, bot.Event) {
	o := orderOf(v)
	switch open := openCaseKey(v); {
	case cannotWithdraw.Holds(v):
		return "", bot.Event{}
	case open != "":
		return open, bot.Event{Name: "withdrawn_by_law", Facts: bot.Facts{"return_open": opensBeside(v)}}
	case o.HasLeft():
		return openReturn(v, e)
	}
	facts := cancelByLaw(o)
	facts["order"], facts["id"], facts["kind"] = o.ID, v.NewID("C"), "cancellation"
	return v.Look.CaseKey("case", o.ID), bot.Event{Name: "submitted", Facts: facts}
}

// openReturnBeside opens the return where what is open is a request to cancel, and the order has left since.
func openReturnBeside(v *bot.View, e *bot.Event) (bot.Key, bot.Event) {
	if cannotWithdraw.Holds(v) || opensBeside(v) == "" {
		return "", bot.Event{}
	}
	return openReturn(v, e)
}

// opensBeside is "yes" where a return has to be opened beside a request to cancel, which it takes the place of; else
// empty.
func opensBeside(v *bot.View) string {
	if openCaseKey(v).Kind() == "case" && orderOf(v).HasLeft() {
		return "yes"
	}
	return ""
}

// openReturn opens the record by which goods go back after a withdrawal.
func openReturn(v *bot.View, _ *bot.Event) (bot.Key, bot.Event) {
	o := orderOf(v)
	facts := returnByLaw(o)
	facts["order"], facts["id"], facts["kind"], facts["problem"] = o.ID, v.NewID("C"), "return", "unwanted"
	return v.Look.CaseKey("dispute", o.ID), bot.Event{Name: "dispute_opened", Facts: facts}
}

// cancelByLaw is what a withdrawal makes of an order that has not left: all of it is cancelled, and all the money goes back.
func cancelByLaw(o *bot.Order) bot.Facts {
	all := o.Refundable().String()
	return bot.Facts{"law": "yes", "agreed": "law", "cancels": "yes", "amount": all, "asked": all}
}

// returnByLaw is what a withdrawal makes of an order that has left: all of it goes back, and then all the money.
func returnByLaw(o *bot.Order) bot.Facts {
	facts, all := cancelByLaw(o), o.Refundable().String()
	facts["agreed_kind"], facts["claim_kind"], facts["claim_amount"] = "return", "return", all
	facts["claim_note"], facts["way"] = "", ""
	if o.Delivered.IsZero() && o.Stage != bot.Completed {
		facts["way"] = "refuse"
	}
	return facts
}

// A withdrawal in the middle of a case ends whatever was being talked about: nobody has to agree, and nothing is weighed.
var (
	cancelledByLaw = bot.If(moneyStuck, "with_support").ElseIf(returnOpen, "withdrawn").ElseIf(orderHasLeft, "with_support").
			Else("cancelling").
			Learning(lawfully(cancelByLaw)).Asking(sealReceipt).Saying(lawNoted).Rules("S14")
	returnedByLaw = bot.If(moneyStuck, "with_support").ElseIf(sentIsEnough, "checking_proof").
			ElseIf(onItsWayBack, "awaiting_parcel").Else("returning").
			Learning(lawfully(returnByLaw)).Asking(sealReceipt).Saying(lawNoted).Rules("S14")
	notedByLaw = bot.Stay().Saying(lawNoted)
	lawNoted   = bot.To{bot.Buyer: "{withdrawal_case}", bot.Support: "{withdrawal_noted}"}
)

// lawfully makes an open case a withdrawal by law, unless its money is stuck already; then support sees to all of it.
func lawfully(facts func(*bot.Order) bot.Facts) factsOf {
	return func(v *bot.View, _ *bot.Event) bot.Facts {
		if moneyStuck.Holds(v) {
			return nil
		}
		all := facts(v.Order)
		all["lines"], all["offer_kind"], all["attempt"], all["why"] = "", "", nextAttempt(v), "law_shipped"
		if v.Fact("return_code") != "" {
			all["way"] = ""
		}
		return all
	}
}

// lawReceipt names the case to whoever has withdrawn by law; nothing is said to anybody else.
var lawReceipt = bot.To{bot.Buyer: "{withdrawal_case}"}

// lawReceiptOrWord says the same, or a friendly word to a buyer who asks often.
var lawReceiptOrWord = bot.To{bot.Buyer: "{withdrawal_case} {often_word}"}

// unlessByLaw asks only where it is no withdrawal by law: the use of a right is not counted against anybody.
func unlessByLaw(ask bot.Ask) bot.Ask {
	return func(v *bot.View, e *bot.Event) (bot.Key, bot.Event) {
		if byLaw.Holds(v) {
			return "", bot.Event{}
		}
		return ask(v, e)
	}
}

// sealReceipt has the case's sealed file made and sent to the buyer, who can keep it as a durable medium.
func sealReceipt(v *bot.View, e *bot.Event) (bot.Key, bot.Event) {
	buyer := v.People[bot.Buyer]
	if notByLaw.Holds(v) || buyer == nil || returnOpen.Holds(v) { // the return has a file of its own
		return "", bot.Event{}
	}
	asks := *v
	asks.Actor = buyer
	return sealingRequest(&asks, &bot.Event{}, v.Conv)
}
