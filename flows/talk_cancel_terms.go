package flows

import (
	"strconv"

	"nevermind/bot"
)

// cancelTerms are what {names} stand for in the talk about cancelling.
var cancelTerms = map[string]bot.Term{
	"count_lines": func(v *bot.View, _ *bot.Person) string { return strconv.Itoa(len(openLines(orderOf(v)))) },
	"before_asking": func(v *bot.View, r *bot.Person) string {
		if noChatWithSeller(v) {
			return v.Say(r, "Please check before I send your request. {seller} has no chat with me, so our support team and "+
				"the shop are told instead:")
		}
		return v.Say(r, "Please check before I ask {seller}:")
	},
	"who_answers":  whoAnswers,
	"costs":        costsTerm,
	"made_up_of":   madeUpOf,
	"what_follows": whatFollows,
	"refusal": func(v *bot.View, _ *bot.Person) string {
		if c := refusal(v); c != nil {
			return quoted(c.Facts["grounds"])
		}
		return ""
	},
	"whole_only":  wholeOnly,
	"which_lines": whichLines,
	"how_many":    howMany,
	"goes_back":   goesBack,
	"on_its_way":  func(v *bot.View, _ *bot.Person) string { return ofOrder(v, onItsWayParts) },
	"not_left":    func(v *bot.View, _ *bot.Person) string { return partWords(orderOf(v), choosable(v)) },
}

// noChatWithSeller says whether the seller of the order at hand cannot be asked.
func noChatWithSeller(v *bot.View) bool {
	o := orderOf(v)
	return o != nil && v.Look != nil && !v.Look.Person(o.Seller).Reachable()
}

// whoAnswers says how long the seller has, and what follows if they say nothing; or who decides where they cannot be asked.
func whoAnswers(v *bot.View, r *bot.Person) string {
	if noChatWithSeller(v) {
		return v.Say(r, "If nobody has reached {seller} within {answer_time}, our support team decides, which takes longer.")
	}
	return v.Say(r, "{seller} has {answer_time} to answer. If they do not, {on_silence}. {seller_usually}")
}

// costsTerm says what asking costs: nothing before it ships, unless this seller keeps a fee (S81, S82, Q7).
func costsTerm(v *bot.View, r *bot.Person) string {
	o := orderOf(v)
	if o == nil {
		return ""
	}
	for _, f := range v.Policy.Fees {
		if f.Seller == "" || bot.NewPersonID(bot.Seller, f.Seller) == o.Seller {
			return v.Say(r, "Cost: none is certain; {seller} may keep a fee of ") + f.Amount.String() + v.Say(r, ", as their terms say.")
		}
	}
	return v.Say(r, "Cost: none, as long as it has not shipped.")
}

// whatFollows is what else a cancellation leads to, beyond the money, and what can hold it up (S21, S30, S80, S83–S85).
func whatFollows(v *bot.View, r *bot.Person) string {
	words := v.Say(r, "What else follows if the order is cancelled:\n• It may be sold out or dearer if you want it again; "+
		"what is in your basket now is not kept for you.\n• It stays in your purchase history, as cancelled.")
	if len(markedLines(v)) > 0 {
		words += v.Say(r, "\n• The rest of the order goes on, and may ship later than planned.")
	}
	switch o := orderOf(v); {
	case o != nil && o.Coupon.Code != "" && o.Coupon.Used:
		words += v.Say(r, "\n• Your coupon is not paid out in money. Some shops credit it, some do not; the shop decides.")
	case o != nil && o.Coupon.Code != "":
		words += v.Say(r, "\n• Your coupon was not used, and stays yours.")
	}
	return words + v.Say(r, "\n• {seller} may ask you for something first, such as a form or a picture. "+
		"Please answer soon: a request that lacks something may not be considered.") +
		sparing(v, r) + v.Say(r, "\nIf you do nothing, the order goes on as it is.")
}

// sparing says how a seller can be spared the fine that the reason may cost them; empty where it may cost none (S49).
func sparing(v *bot.View, r *bot.Person) string {
	if reason, _ := v.Policy.Reason(v.Fact("reason")); !reason.Fine {
		return ""
	}
	return v.Say(r, "\n• The reason may cost {seller} a fine. To spare them that, you can keep the order for now, write to them, "+
		"explain, and wait for their answer; it may ship meanwhile.")
}

// wholeOnly says that this marketplace cancels no single lines, where there are several.
func wholeOnly(v *bot.View, r *bot.Person) string {
	if v.Policy.Choices["lines"] != "whole" || len(openLines(orderOf(v))) < 2 {
		return ""
	}
	return v.Say(r, "This marketplace cancels whole orders only, so this is about all of it: {lines_all}. ")
}
