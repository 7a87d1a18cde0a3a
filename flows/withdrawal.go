package flows

import (
	"time"

	"nevermind/bot"
)

// withdrawal is the talk in which a buyer withdraws from the contract by law: no reason, nobody's consent, two steps and
// a receipt (Directive 2011/83/EU, art. 11a). The policy says for whom: windows.withdrawal.
var withdrawal = bot.Flow{
	Name:  "withdrawal",
	About: "The right to withdraw from the contract, where the law gives it: two steps, no reason, and a receipt.",
	Title: "{order_title}",
	Talk:  true,
	First: "confirming",
	Starts: []bot.Way{
		{If: stranger, To: "being_unknown"}, {If: notBuyer, To: "explaining_party"}, {If: nothingToWithdraw, To: "having_none"}, {If: noOrderNamed, To: "choosing_order"},
		{If: caseOpen, To: "having_asked"}, {If: cannotWithdraw, To: "explaining_over"},
	},
	Before: []bot.Hear{hearFile, hearCommand},
	Hear:   []bot.Hear{hearOrder, hearHelp, hearIntent},
	Always: with(talkManners, bot.Moves{"withdrawal_begun": bot.Become("withdrawal")}),
	After:  talkAfter,
	Facts:  []string{"number"},
	States: bot.States{
		"choosing_order": {
			Tell:  bot.To{bot.Here: "From which order would you like to withdraw? Choose it here, or send its number or a link to it."},
			Light: true,
			List:  listWithdrawable,
			Offer: bot.Offers{bot.Here: {more, back}},
			Hear:  []bot.Hear{hearOrder},
			Then:  bot.Moves{"order_named": bot.Become("withdrawal"), "more_asked": bot.Go("choosing_order").Learning(nextPage)},
		},
		"being_unknown": beingUnknown,
		"having_none": {
			Tell:  bot.To{bot.Here: "I see no order of yours that the law lets you withdraw from without a reason. If you mean another one, send me its number; and “a person” can look at it."},
			Light: true,
			Offer: bot.Offers{bot.Here: {myOrders, aPerson, back}},
			Then:  bot.Moves{"order_named": bot.Become("withdrawal")},
		},
		"explaining_party": {
			Tell:  bot.To{bot.Here: "Only the buyer can withdraw from the contract."},
			Light: true,
			Offer: bot.Offers{bot.Here: {back}},
			Then:  bot.Moves{"went_back": bot.Leave()},
		},
		"explaining_over": {
			Tell:  bot.To{bot.Here: "{no_withdrawal} If you think otherwise, tell “a person”."},
			Light: true,
			Offer: bot.Offers{bot.Here: {aPerson, back}},
			Then:  bot.Moves{"went_back": bot.Leave()},
		},
		"having_asked": {
			Tell:  bot.To{bot.Here: "Something is open about this order already. You can end that first, and then withdraw here; or tell “a person” that you withdraw from the contract, which counts from the moment you say it."},
			Light: true,
			Offer: bot.Offers{bot.Here: {{Event: "case_picked", Label: "Show my request", Style: bot.Primary}, aPerson, back}},
			Then:  bot.Moves{"case_picked": bot.Go("shown").Asking(askOpenCase)},
		},
		"confirming": {
			Tell: bot.To{bot.Here: "You are about to withdraw from the contract for this order:\n\n• Order {order}, bought from {seller}: {lines_all}\n• In your name: {me}\n• Back to you: {refundable}\n\nYou need give no reason, and {seller} need not agree. {withdrawal_means} " +
				"The receipt, with the date and time, comes to this chat at once. You can withdraw {withdraw_until}."},
			Offer: bot.Offers{bot.Here: {{Event: "confirmed", Label: "Confirm withdrawal", Style: bot.Danger}, keepOrder}},
			Then:  bot.Moves{"confirmed": bot.Go("sent").Asking(openWithdrawal), "order_kept": bot.Go("kept")},
		},
		"sent":  {Tell: bot.To{bot.Here: "{withdrawal_receipt}"}},
		"kept":  {Tell: bot.To{bot.Here: "All right, nothing was sent and nothing has changed."}},
		"shown": {Tell: bot.To{bot.Here: "Here it is."}},
	},
}

var withdrawHere = bot.Choice{Event: "withdrawal_begun", Label: "Withdraw from contract here", When: mayWithdraw}

// Who may withdraw, and who has.
var (
	mayWithdraw       = cond("the law lets the buyer withdraw", func(v *bot.View) bool { o := orderOf(v); return o != nil && withdrawable(v, o) })
	cannotWithdraw    = cond("the law gives no right to withdraw now", func(v *bot.View) bool { return !mayWithdraw.Holds(v) })
	nothingToWithdraw = cond("there is no order to withdraw from", func(v *bot.View) bool { return orderOf(v) == nil && len(listWithdrawable(v)) == 0 })
	byLaw             = fact("law", "yes")
	notByLaw          = cond("it is not a withdrawal by law", func(v *bot.View) bool { return !byLaw.Holds(v) })
)

func listWithdrawable(v *bot.View) []bot.Choice {
	return listOrders(func(o *bot.Order) bool { return withdrawable(v, o) })(v)
}

// withdrawable says whether an order's buyer may withdraw now: it is paid, not over, and its time is not up.
func withdrawable(v *bot.View, o *bot.Order) bool {
	if v.Policy.For(o).Windows["withdrawal"].IsZero() || !o.WasPaid() || o.Stage == bot.Cancelled || o.Stage == bot.Frozen || o.Refundable().IsZero() {
		return false
	}
	end, known := withdrawalEnd(v, o)
	return !known || v.Now.Before(end)
}

// withdrawalEnd is when the right to withdraw ends: with the last of the days after the delivery, or with the next
// business day where that is none; false while the order is not there.
func withdrawalEnd(v *bot.View, o *bot.Order) (time.Time, bool) {
	if o.Delivered.IsZero() {
		return time.Time{}, false
	}
	w := v.Policy.For(o).Windows["withdrawal"]
	if w.BusinessDays > 0 {
		return v.Policy.After(w, o.Delivered, v.Actor.Location()), true
	}
	came, zone := o.Delivered.In(v.Actor.Location()), v.Actor.Location()
	before := time.Date(came.Year(), came.Month(), came.Day()+int(w.Length/(24*time.Hour))-1, 12, 0, 0, 0, zone)
	last := v.Policy.Calendar.Add(before, 1, zone).In(zone)
	return time.Date(last.Year(), last.Month(), last.Day()+1, 0, 0, 0, 0, zone), true
}

// openWithdrawal opens the record: a return once the order has left, else a cancellation that nobody is asked about.
func openWithdrawal(v *bot.View, _ *bot.Event) (bot.Key, bot.Event) {
	o := orderOf(v)
	all := o.Refundable().String()
	facts := bot.Facts{"order": o.ID, "id": v.NewID("C"), "law": "yes", "agreed": "law", "cancels": "yes", "kind": "cancellation", "amount": all, "asked": all}
	if !o.HasLeft() {
		return v.Look.CaseKey("case", o.ID), bot.Event{Name: "submitted", Facts: facts}
	}
	for name, value := range map[string]string{"kind": "return", "problem": "unwanted", "claim_kind": "return", "agreed_kind": "return", "claim_amount": all} {
		facts[name] = value
	}
	if stillOnItsWay.Holds(v) {
		facts["way"] = "refuse"
	}
	return v.Look.CaseKey("dispute", o.ID), bot.Event{Name: "dispute_opened", Facts: facts}
}

// receipt is said to whoever has withdrawn by law, and to nobody else.
var receipt = bot.To{bot.Buyer: "{withdrawal_case}"}

// unlessByLaw asks only where it is no withdrawal by law: a right is not counted.
func unlessByLaw(ask bot.Ask) bot.Ask {
	return func(v *bot.View, e *bot.Event) (bot.Key, bot.Event) {
		if byLaw.Holds(v) {
			return "", bot.Event{}
		}
		return ask(v, e)
	}
}

// sealReceipt has the case's sealed file made and sent to the buyer: what the receipt says, to keep.
func sealReceipt(v *bot.View, e *bot.Event) (bot.Key, bot.Event) {
	buyer := v.People[bot.Buyer]
	if notByLaw.Holds(v) || buyer == nil {
		return "", bot.Event{}
	}
	asks := *v
	asks.Actor = buyer
	return sealingOf(&asks, &bot.Event{}, v.Conv)
}

// withdrawalTerms are what {names} stand for in words about withdrawing.
var withdrawalTerms = map[string]bot.Term{
	"withdrawal_receipt": withdrawalReceipt,
	"withdrawal_case":    withdrawalCase,
	"withdrawal_means":   withdrawalMeans,
	"withdraw_until":     withdrawUntil,
	"no_withdrawal":      noWithdrawal,
	"else_closed":        elseClosed,
}

// withdrawalReceipt is the receipt: what was declared, by whom, and when. It is given at once, whatever the shop does.
func withdrawalReceipt(v *bot.View, r *bot.Person) string {
	at := v.Now.In(r.Location())
	return v.Say(r, "Receipt of your withdrawal from the contract\n• Order {order}: {lines_all}, {total}, bought from {seller}\n• Declared by {buyer}\n• Received on ") +
		dated(v, r, at, "Monday 2 January 2006") + ", " + at.Format("15:04:05") + " (" + at.Format("MST") + ")" + v.Say(r, "\nPlease keep this message.")
}

// withdrawalCase names the case, and the file that is to be kept; empty where nobody withdrew.
func withdrawalCase(v *bot.View, r *bot.Person) string {
	if notByLaw.Holds(v) {
		return ""
	}
	return v.Say(r, "Your withdrawal is case {case}. Its file, with a seal, follows: please keep it too.")
}

// withdrawalMeans says what becomes of the goods and the money.
func withdrawalMeans(v *bot.View, r *bot.Person) string {
	if o := orderOf(v); o != nil && !o.HasLeft() {
		return v.Say(r, "The order has not left, so it is cancelled and all the money goes back.")
	}
	return v.Say(r, "The goods go back first: you send them, usually at your own cost, and then all the money comes back, with what you paid for ordinary delivery. Goods made for you, and sealed ones that were opened, may be exempt by law.")
}

// withdrawUntil is until when: a day, or a number of days from the delivery.
func withdrawUntil(v *bot.View, r *bot.Person) string {
	o := orderOf(v)
	if o == nil {
		return ""
	}
	if end, known := withdrawalEnd(v, o); known {
		return v.Say(r, "until the end of ") + day(v, r, end.Add(-time.Second))
	}
	return v.Say(r, "now, and for ") + span(v, r, v.Policy.Windows["withdrawal"]) + v.Say(r, " after the delivery")
}

// noWithdrawal says why there is no right to withdraw from an order without a reason.
func noWithdrawal(v *bot.View, r *bot.Person) string {
	o := orderOf(v)
	switch {
	case o == nil || v.Policy.Windows["withdrawal"].IsZero():
		return v.Say(r, "For where this order is delivered I know of no law that lets you withdraw without a reason.")
	case !o.Delivered.IsZero():
		return v.Say(r, "The law lets you withdraw from this order without a reason only {withdraw_until}.")
	}
	return v.Say(r, "There is nothing to withdraw from now.") + " " + stageNow(v, r)
}

// elseClosed says what happens where the goods are not sent back in time.
func elseClosed(v *bot.View, r *bot.Person) string {
	if byLaw.Holds(v) {
		return v.Say(r, "support looks into it")
	}
	return v.Say(r, "the case closes and the money stays with {seller}")
}

// lawTerm is why things go ahead where the buyer has withdrawn by law.
func lawTerm(v *bot.View, r *bot.Person) string {
	if r.Party() == bot.Buyer {
		return v.Say(r, "You have withdrawn from the contract, as the law allows.")
	}
	return v.Say(r, "{buyer} has withdrawn from the contract, as the law allows; nobody has to agree to that.")
}
