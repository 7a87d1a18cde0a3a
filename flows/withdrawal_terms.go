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

	"case_withdrawn_for_seller": caseWithdrawnForSeller,
	"withdrawn_for_support":     withdrawnForSupport,
	"return_code":               func(v *bot.View, _ *bot.Person) string { return bot.Clean(v.Fact("return_code")) },
	"law_parcel":                lawParcel,
	"money_when":                moneyWhen,
	"withdrawal_means":          withdrawalMeans,
	"withdraw_until":            withdrawUntil,
	"no_withdrawal":             noWithdrawal,
}

// withdrawalReceipt is the receipt: what was declared, by whom, and when. It is given at once, whatever the shop does.
func withdrawalReceipt(v *bot.View, r *bot.Person) string {
	at := v.Now.In(r.Location())
	came := v.With(bot.Facts{"day": formatDate(v, r, at, "Monday 2 January 2006"), "time": at.Format("15:04:05"),
		"zone": at.Format("MST")}).Say(r, "{day}, {time} ({zone})")
	return v.With(bot.Facts{"when": came}).Say(r, "Receipt of your withdrawal from the contract\n"+
		"• Order {order}: {lines_all}, {total}, bought from {seller}\n• Declared by {buyer}\n• Received on {when}\n"+
		"Please keep this message.")
}

// withdrawalCase names the case, and the file that is to be kept; empty where nobody withdrew.
func withdrawalCase(v *bot.View, r *bot.Person) string {
	switch {
	case v.Event.Name == "withdrawn_by_law" && notByLaw.Holds(v):
		return v.Say(r, "I've noted your withdrawal with case {case}. Our support team now sees to it that you get back all "+
			"that is due.")
	case notByLaw.Holds(v), returnOpen.Holds(v):
		return ""
	}
	return v.Say(r, "Your withdrawal is case {case}. A file with everything about it follows. Please keep that too.")
}

// withdrawalNoted tells support of a withdrawal that changes nothing any more; empty where it does.
func withdrawalNoted(v *bot.View, r *bot.Person) string {
	if byLaw.Holds(v) {
		return ""
	}
	return v.Say(r, "{buyer} has withdrawn from the contract by law. Where case {case} stands: {stands}. "+
		"Please see that all the money goes back.")
}

// withdrawalOpen says why there is nothing to declare while something is open.
func withdrawalOpen(v *bot.View, r *bot.Person) string {
	if c := openNow(v); c != nil && c.Facts["law"] == "" {
		return v.Say(r, "The money for this order is already being sent, so there is nothing to withdraw from now. "+
			"If you mean to withdraw all the same, tell “a person”: it counts from the moment you say it.")
	}
	return v.Say(r, "You have already withdrawn from this contract. No need to do it again.")
}

// withdrawnForBuyer is how a request to cancel was withdrawn: the order goes on, or back.
func withdrawnForBuyer(v *bot.View, r *bot.Person) string {
	switch {
	case byLaw.Holds(v):
		return v.Say(r, "Your request {case} is closed, because you have withdrawn from the contract. The order has left, so it goes "+
			"on as a return.")
	case v.Fact("instead") == "problem":
		return v.Say(r, "Your request {case} is closed. Let's look at what is wrong with the goods instead.")
	}
	return v.Say(r, "Your request {case} is withdrawn, and the order goes ahead as before. {ask_again}")
}

// withdrawnForSeller is the same to the seller: the order goes on, or comes back as a return.
func withdrawnForSeller(v *bot.View, r *bot.Person) string {
	switch {
	case byLaw.Holds(v):
		return v.Say(r, "The request to cancel is closed. {buyer} has withdrawn from the contract, as the law allows, and it goes on "+
			"as a return.")
	case v.Fact("instead") == "problem":
		return v.Say(r, "{buyer} no longer wants to cancel this order. They may report a problem with the goods instead.")
	}
	return v.Say(r, "{buyer} no longer wants to cancel. Please go ahead with this order as usual.")
}

// caseWithdrawnForSeller tells a seller that a case about goods is withdrawn, or that a withdrawal by law has taken its place.
func caseWithdrawnForSeller(v *bot.View, r *bot.Person) string {
	if byLaw.Holds(v) {
		return v.Say(r, "Case {case} is closed. {buyer}'s withdrawal from the contract takes its place, so the goods come back to you.")
	}
	return v.Say(r, "{buyer} has withdrawn the case. You don't need to do anything more.")
}

// withdrawnForSupport is the same to support.
func withdrawnForSupport(v *bot.View, r *bot.Person) string {
	switch {
	case byLaw.Holds(v):
		return v.Say(r, "Closed: the buyer has withdrawn by law, and it goes on as a return.")
	case v.Fact("instead") == "problem":
		return v.Say(r, "Closed: the buyer reports a problem with the goods instead.")
	}
	return v.Say(r, "Closed: the buyer keeps the order.")
}

// lawParcel tells a seller what is left to do where the money went back for the proof of sending.
func lawParcel(v *bot.View, r *bot.Person) string {
	if !sentIsEnough.Holds(v) {
		return ""
	}
	return v.Say(r, "The parcel comes with tracking code {return_code}. If it doesn't, or isn't right, tell “a person”.")
}

// moneyWhen says what the money waits for once goods go back: for the goods, or by law for the proof that they were sent.
func moneyWhen(v *bot.View, r *bot.Person) string {
	proof := byLaw.Holds(v) && v.Policy.Choices["withdrawal_refund"] == "sent"
	switch seller := r.Party() == bot.Seller; {
	case seller && proof:
		return v.Say(r, "By law the money goes back once you have the parcel, or once {buyer} shows that it was sent.")
	case seller:
		return v.Say(r, "The money goes back once you have the parcel.")
	case proof:
		return v.Say(r, "Once you give me the tracking code, or {seller} has the parcel, {amount} comes back to {method}.")
	}
	return v.Say(r, "Once {seller} has it, {amount} comes back to {method}.")
}

// withdrawalMeans says what becomes of the goods and the money.
func withdrawalMeans(v *bot.View, r *bot.Person) string {
	words := []string{v.Say(r, "You send the goods back, usually at your own cost. Once they are back you get all the money, "+
		"with what you paid for ordinary delivery."), v.Say(r, goodsExempt)}
	switch o := orderOf(v); {
	case o != nil && !o.HasLeft():
		words = []string{v.Say(r, "The order hasn't left, so it is cancelled and you get all the money back.")}
	case v.Policy.Choices["withdrawal_refund"] == "sent":
		words[0] = v.Say(r, "You send the goods back, usually at your own cost. Once you show that they are sent you get all the "+
			"money, with what you paid for ordinary delivery.")
	}
	if openNow(v) != nil {
		words = append(words, v.Say(r, "What is open about this order ends with it."))
	}
	return v.Sentences(r, words...)
}

// goodsExempt is what the law leaves out.
const goodsExempt = "The law may make an exception for goods made for you, and for sealed ones that were opened."

// withdrawUntil is until when: a day, or a number of days from the delivery.
func withdrawUntil(v *bot.View, r *bot.Person) string {
	o := orderOf(v)
	if o == nil {
		return ""
	}
	if end, known := withdrawalEnd(v, o); known {
		return v.With(bot.Facts{"day": formatDay(v, r, end.Add(-time.Second))}).Say(r, "You can withdraw until the end of {day}.")
	}
	return v.With(bot.Facts{"window": formatWindow(v, r, v.Policy.Windows["withdrawal"])}).
		Say(r, "You can withdraw now, and for {window} after the delivery.")
}

// noWithdrawal says why there is no right to withdraw from an order without a reason.
func noWithdrawal(v *bot.View, r *bot.Person) string {
	o := orderOf(v)
	switch {
	case o == nil || v.Policy.Windows["withdrawal"].IsZero():
		return v.Say(r, "I know of no law that lets you withdraw without a reason, for where this order is delivered.")
	case !o.Delivered.IsZero():
		end, _ := withdrawalEnd(v, o)
		return v.With(bot.Facts{"day": formatDay(v, r, end.Add(-time.Second))}).
			Say(r, "The law let you withdraw from this order without a reason until the end of {day}.")
	}
	return v.Say(r, "There is nothing to withdraw from now. {stage_now}")
}

// lawTerm is why things go ahead where the buyer has withdrawn by law.
func lawTerm(v *bot.View, r *bot.Person) string {
	words := []string{sayTo(v, r, bot.To{
		bot.Buyer: "You have withdrawn from the contract, as the law allows.",
		bot.Here:  "{buyer} has withdrawn from the contract, as the law allows. Nobody has to agree to that.",
	})}
	if v.Conv.State == "refunding" && sentIsEnough.Holds(v) {
		words = append(words, v.Say(r, "It was sent back with tracking code {return_code}, and with that proof the money is due."))
	}
	return v.Sentences(r, words...)
}
