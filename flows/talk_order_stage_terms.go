package flows

import "nevermind/bot"

// orderStageTerms are what {names} stand for in words about where an order stands.
var orderStageTerms = map[string]bot.Term{
	"number":        func(v *bot.View, _ *bot.Person) string { return bot.Clean(bot.Shorten(v.Event.Facts["number"], 40)) },
	"stage_now":     stageNow,
	"over":          stageNow,
	"instead":       insteadTerm,
	"gone":          goneTerm,
	"ask_now":       askNow,
	"open_case":     openCaseTerm,
	"order_unknown": orderUnknown,
	"stages":        stagesTerm,
	"deliver_by":    deliverBy,
	"case_until":    caseUntil,
	"pay_here":      payHere,
	"gone_back":     goneBack,
	"ship_missed":   shipMissed,
}

// insteadTerm is what there is instead of cancelling, once an order has shipped (S06, S07, S63–S66, Q4).
func insteadTerm(v *bot.View, r *bot.Person) string {
	o := orderOf(v)
	if o != nil && o.Stage == bot.Delivered {
		return v.Say(r, "You can write to {seller} and ask for a return, or ask our support team. "+
			"If something is wrong with it, don't confirm to the shop yet that you received it.")
	}
	return v.Say(r, "You can ask {seller} to take it back or to give a discount, or refuse the parcel when it comes. "+
		"Your money comes back once they have the parcel again, so it's quicker to write first.")
}

// goneBack says how much of the money has gone back already; empty where none has.
func goneBack(v *bot.View, r *bot.Person) string {
	sum := moneySentBack(orderOf(v))
	if sum.IsZero() {
		return ""
	}
	return v.With(bot.Facts{"sum": sum.String()}).Say(r, "{sum} of it has gone back.")
}

// stageNow is where the order stands, in a sentence.
func stageNow(v *bot.View, r *bot.Person) string {
	o := orderOf(v)
	if o == nil {
		return ""
	}
	switch o.Stage {
	case bot.Cancelled:
		return v.Sentences(r, v.Say(r, "This order is cancelled."), moneyOfCancelled(v, r))
	case bot.Completed:
		return v.Say(r, "This order is completed, so it can no longer be cancelled. "+
			"If something is wrong, write to the seller or ask for a person.")
	case bot.Verifying:
		return v.Say(r, "Its payment is still being confirmed, and until then it can't be cancelled.")
	case bot.Frozen:
		return v.Say(r, "The shop has put it on hold. Our support team can tell you why.")
	case bot.Unpaid:
		return v.Say(r, "It isn't paid, so it can be cancelled at once.")
	case bot.Processing:
		return v.Say(r, "It can be cancelled.")
	}
	return v.Sentences(r, v.Say(r, "It has shipped, so it can no longer be cancelled."), insteadTerm(v, r))
}

// goneTerm says of an order that has left, or a part of it, that it cannot be cancelled any more (S06, S07).
func goneTerm(v *bot.View, r *bot.Person) string {
	gone := v.Say(r, "This order has left the seller, so it can no longer be cancelled.")
	switch o := orderOf(v); {
	case o.Stage == bot.Delivered:
		return v.Say(r, "This order has been delivered, so it can no longer be cancelled.")
	case partOpen.Holds(v):
		parts := bot.Facts{"on_its_way": partWords(v, r, o, leftParts(o)), "not_left": partWords(v, r, o, choosable(v))}
		gone = v.With(parts).Say(r,
			"On its way, so it can no longer be cancelled: {on_its_way}. You can still ask to cancel the rest: {not_left}.")
	case o.Stage == bot.PartShipped:
		gone = v.Say(r, "A part of this order has left the seller, so it can no longer be cancelled.")
	}
	return v.Sentences(r, gone, deliverBy(v, r), trackingTerm(v, r))
}

// leftParts is what has left of an order, line by line, and is not cancelled.
func leftParts(o *bot.Order) (all []bot.Part) {
	for n := range o.Items {
		if left := o.Quantities(n).Shipped; left > 0 {
			all = append(all, bot.Part{ID: o.Items[n].ID, Quantity: left})
		}
	}
	return all
}

// askNow says whether it is time to ask, or done already: the earlier the better, as long as it is early (S45).
func askNow(v *bot.View, r *bot.Person) string {
	if anyCaseOpen.Holds(v) {
		return v.Say(r, "Your request to cancel it is open. I can show you where it stands.")
	}
	early := ""
	fresh := v.Policy.After(v.Policy.Windows["fresh_order"], orderOf(v).Placed, r.Location())
	if v.Now.Before(fresh) {
		early = v.Say(r, "Sellers agree more readily soon after an order.")
	}
	return v.Sentences(r, v.Say(r, "If you want to cancel it, it's best to ask now: once it has shipped, it's too late."), early,
		v.Say(r, "{seller} has {answer_time} to answer."))
}

// openCaseTerm says whether a request is open about the order at hand.
func openCaseTerm(v *bot.View, r *bot.Person) string {
	switch {
	case !anyCaseOpen.Holds(v):
		return v.Say(r, "No request or case about it is open.")
	case openNow(v) != nil && openNow(v).Flow == "dispute":
		return v.Say(r, "A case about the goods is open.")
	}
	return v.Say(r, "A request to cancel it is open.")
}

// orderUnknown is said where a number belongs to none of somebody's orders (S25).
func orderUnknown(v *bot.View, r *bot.Person) string {
	if r.ID == "" {
		return v.Say(r, "I don't know yet which orders are yours, so I can't look for {number}. {get_link}")
	}
	return v.Say(r, "I can't find an order {number} among yours. Please check the number, or choose from “my orders”.")
}
