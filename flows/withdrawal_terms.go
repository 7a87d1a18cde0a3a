package flows

import (
	"time"

	"nevermind/bot"
)

// withdrawalTerms are what {names} stand for in words about withdrawing.
var withdrawalTerms = map[string]bot.Term{
	"withdrawal_receipt":   withdrawalReceipt,
	"withdrawal_case":      withdrawalCase,
	"withdrawal_noted":     withdrawalNoted,
	"withdrawal_open":      withdrawalOpen,
	"withdrawn_for_buyer":  withdrawnForBuyer,
	"withdrawn_for_seller": withdrawnForSeller,
	"withdrawn_for_support": func(v *bot.View, r *bot.Person) string {
		if byLaw.Holds(v) {
			return v.Say(r, "Closed: the buyer has withdrawn by law, and it goes on as a return.")
		}
		return v.Say(r, "Closed: the buyer keeps the order.")
	},
	"return_code":      func(v *bot.View, _ *bot.Person) string { return bot.Clean(v.Fact("return_code")) },
	"law_parcel":       lawParcel,
	"money_when":       moneyWhen,
	"withdrawal_means": withdrawalMeans,
	"withdraw_until":   withdrawUntil,
	"no_withdrawal":    noWithdrawal,
	"else_closed":      elseClosed,
}

// withdrawalReceipt is the receipt: what was declared, by whom, and when. It is given at once, whatever the shop does.
func withdrawalReceipt(v *bot.View, r *bot.Person) string {
	at := v.Now.In(r.Location())
	return v.Say(r, "Receipt of your withdrawal from the contract\n• Order {order}: {lines_all}, {total}, bought from {seller}\n"+
		"• Declared by {buyer}\n• Received on ") +
		formatDate(v, r, at, "Monday 2 January 2006") + ", " + at.Format("15:04:05") + " (" + at.Format("MST") + ")" +
		v.Say(r, "\nPlease keep this message.")
}

// withdrawalCase names the case, and the file that is to be kept; empty where nobody withdrew.
func withdrawalCase(v *bot.View, r *bot.Person) string {
	switch {
	case v.Event.Name == "withdrawn_by_law" && notByLaw.Holds(v):
		return v.Say(r, "I have noted your withdrawal with case {case}. Its money is being seen to already; our support team knows, "+
			"in case something is left over.")
	case notByLaw.Holds(v), returnOpen.Holds(v):
		return ""
	}
	return v.Say(r, "Your withdrawal is case {case}. Its file, with a seal, follows: please keep it too.")
}

// withdrawalNoted tells support of a withdrawal that changes nothing any more; empty where it does.
func withdrawalNoted(v *bot.View, r *bot.Person) string {
	if byLaw.Holds(v) {
		return ""
	}
	return v.Say(r, "{buyer} has declared the withdrawal from the contract by law, while case {case} stands at: {stands}. "+
		"Please see that all the money goes back.")
}

// withdrawalOpen says why there is nothing to declare while something is open.
func withdrawalOpen(v *bot.View, r *bot.Person) string {
	if c := openNow(v); c != nil && c.Facts["law"] == "" {
		return v.Say(r, "The money for this order is being seen to already, so I declare nothing now. "+
			"If you mean to withdraw from the contract all the same, tell “a person”: it counts from the moment you say it.")
	}
	return v.Say(r, "You have withdrawn from the contract for this order already; once is enough.")
}

// withdrawnForBuyer is how a request to cancel was withdrawn: the order goes on, or back.
func withdrawnForBuyer(v *bot.View, r *bot.Person) string {
	if byLaw.Holds(v) {
		return v.Say(r, "Your request {case} is closed: you have withdrawn from the contract, and since the order has "+
			"left, it goes on as a return.")
	}
	return v.Say(r, "Your request {case} is withdrawn, and the order goes on as before.{ask_again}")
}

// withdrawnForSeller is the same to the seller: the order goes on, or comes back as a return.
func withdrawnForSeller(v *bot.View, r *bot.Person) string {
	if byLaw.Holds(v) {
		return v.Say(r, "The request to cancel is closed: {buyer} has withdrawn from the contract, as the law allows, "+
			"and it goes on as a return.")
	}
	return v.Say(r, "{buyer} no longer wants to cancel. Please go on with this order as usual.")
}

// lawParcel tells a seller what is left to do where the money went back for the proof of sending.
func lawParcel(v *bot.View, r *bot.Person) string {
	if !sentIsEnough.Holds(v) {
		return ""
	}
	return v.Say(r, " The parcel comes with tracking code {return_code}. If it does not, or is not right, tell “a person”.")
}

// moneyWhen says what the money waits for once goods go back: for the goods, or by law for the proof that they were sent.
func moneyWhen(v *bot.View, r *bot.Person) string {
	proof := byLaw.Holds(v) && v.Policy.Choices["withdrawal_refund"] == "sent"
	switch seller := r.Party() == bot.Seller; {
	case seller && proof:
		return v.Say(r, "By law the money goes back once you have the parcel, or once {buyer} shows that it was "+
			"sent, whichever is first.")
	case seller:
		return v.Say(r, "The money goes back once you have the parcel.")
	case proof:
		return v.Say(r, "Once you give me the tracking code, or {seller} has the parcel, {amount} comes back to {method}.")
	}
	return v.Say(r, "Once {seller} has it, {amount} comes back to {method}.")
}

// withdrawalMeans says what becomes of the goods and the money.
func withdrawalMeans(v *bot.View, r *bot.Person) string {
	words := v.Say(r, "The goods go back first: you send them, usually at your own cost, and then all the money comes back, "+
		"with what you paid for ordinary delivery. Goods made for you, and sealed ones that were opened, may be exempt by law.")
	switch o := orderOf(v); {
	case o != nil && !o.HasLeft():
		words = v.Say(r, "The order has not left, so it is cancelled and all the money goes back.")
	case v.Policy.Choices["withdrawal_refund"] == "sent":
		words = v.Say(r, "The goods go back first: you send them, usually at your own cost, and all the money comes back, with what "+
			"you paid for ordinary delivery, as soon as you show that you have sent them. "+
			"Goods made for you, and sealed ones that were opened, may be exempt by law.")
	}
	if openNow(v) != nil {
		words += v.Say(r, " What is open about this order ends with it.")
	}
	return words
}

// withdrawUntil is until when: a day, or a number of days from the delivery.
func withdrawUntil(v *bot.View, r *bot.Person) string {
	o := orderOf(v)
	if o == nil {
		return ""
	}
	if end, known := withdrawalEnd(v, o); known {
		return v.Say(r, "until the end of ") + formatDay(v, r, end.Add(-time.Second))
	}
	return v.Say(r, "now, and for ") + formatWindow(v, r, v.Policy.Windows["withdrawal"]) + v.Say(r, " after the delivery")
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
	proof := ""
	if v.Conv.State == "refunding" && sentIsEnough.Holds(v) {
		proof = v.Say(r, " It was sent back with tracking code {return_code}, and with that proof the money is due.")
	}
	if r.Party() == bot.Buyer {
		return v.Say(r, "You have withdrawn from the contract, as the law allows.") + proof
	}
	return v.Say(r, "{buyer} has withdrawn from the contract, as the law allows; nobody has to agree to that.") + proof
}
