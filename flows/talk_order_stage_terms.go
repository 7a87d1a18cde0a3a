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
}

// insteadTerm is what there is instead of cancelling, once an order has shipped (S06, S07, S63–S66, Q4).
func insteadTerm(v *bot.View, r *bot.Person) string {
	o := orderOf(v)
	if o != nil && o.Stage == bot.Delivered {
		return v.Say(r, "What you can do: write to the seller and ask for a return, or ask our support team. "+
			"If something is wrong with it, do not confirm that you received it yet.")
	}
	return v.Say(r, "What you can do: ask the seller to take it back or to give a discount, or refuse the parcel when it comes. "+
		"Money only comes back once the seller has the parcel again, so writing first is quicker.")
}

// stageNow is where the order stands, in a sentence.
func stageNow(v *bot.View, r *bot.Person) string {
	o := orderOf(v)
	if o == nil {
		return ""
	}
	switch o.Stage {
	case bot.Cancelled:
		if o.Paid.IsZero() {
			return v.Say(r, "This order is cancelled. It had not been paid, so no money has to come back.")
		}
		return v.Say(r, "This order is cancelled. If money for it has not come back, ask for a person.")
	case bot.Completed:
		return v.Say(r, "This order is completed, so it can no longer be cancelled. "+
			"If something is wrong, write to the seller or ask for a person.")
	case bot.Verifying:
		return v.Say(r, "Its payment is being confirmed, and until that is through it cannot be cancelled.")
	case bot.Frozen:
		return v.Say(r, "The shop has put it on hold; our support team can tell you why.")
	case bot.Unpaid:
		return v.Say(r, "It is not paid, so it can be cancelled at once.")
	case bot.Processing:
		return v.Say(r, "It can be cancelled.")
	}
	return v.Say(r, "It has shipped, so it can no longer be cancelled. ") + insteadTerm(v, r)
}

// goneTerm says of an order that has left, or a part of it, that it cannot be cancelled any more (S06, S07).
func goneTerm(v *bot.View, r *bot.Person) string {
	switch orderOf(v).Stage {
	case bot.Delivered:
		return v.Say(r, "This order has been delivered, so it can no longer be cancelled.")
	case bot.PartShipped:
		return v.Say(r, "A part of this order has left the seller, so it can no longer be cancelled. ") + trackingTerm(v, r)
	}
	return v.Say(r, "This order has left the seller, so it can no longer be cancelled. ") + trackingTerm(v, r)
}

// askNow says whether it is time to ask, or done already: the earlier the better, as long as it is early (S45).
func askNow(v *bot.View, r *bot.Person) string {
	if anyCaseOpen.Holds(v) {
		return v.Say(r, "Your request to cancel it is open; I can show you where it stands.")
	}
	early := ""
	if by := orderOf(v).ShipBy; by.IsZero() || v.Now.Before(by) {
		early = v.Say(r, "sellers agree more readily soon after an order, and ")
	}
	return v.Say(r, "Now is a good time to ask if you want to cancel: ") + early +
		v.Say(r, "once it has shipped, it is too late. {seller} then has {answer_time} to agree.")
}

// openCaseTerm says whether a request is open about the order at hand.
func openCaseTerm(v *bot.View, r *bot.Person) string {
	if anyCaseOpen.Holds(v) {
		return v.Say(r, "A request to cancel it is open.")
	}
	return v.Say(r, "Nobody has asked to cancel it.")
}

// orderUnknown is said where a number belongs to none of somebody's orders (S25).
func orderUnknown(v *bot.View, r *bot.Person) string {
	if r.ID == "" {
		return v.Say(r, "I do not know yet whose orders are yours, so I cannot look for {number}. {get_link}")
	}
	return v.Say(r, "I find no order {number} among yours. Please check the number, or choose from “my orders”.")
}
