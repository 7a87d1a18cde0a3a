package flows

import (
	"slices"
	"strings"

	"nevermind/bot"
)

// cancelTerms are what {names} stand for in the talk about cancelling.
var cancelTerms = map[string]bot.Term{
	"before_asking": func(v *bot.View, r *bot.Person) string {
		if sellerHasNoChat.Holds(v) {
			return v.Say(r, "Please check before I send your request. {seller} has no chat with me, so I tell our support team and "+
				"the shop instead.")
		}
		return v.Say(r, "Please check before I ask {seller}:")
	},
	"if_silent":    ifSilent,
	"request_open": requestOpen,
	"may_ask":      mayAsk,
	"reasons_mean": reasonsMean,
	"costs":        costsTerm,
	"made_up_of":   madeUpOf,
	"what_follows": whatFollows,
	"refusal": func(v *bot.View, r *bot.Person) string {
		if c := refusal(v); c != nil {
			return quoted(v, r, c.Facts["grounds"])
		}
		return ""
	},
	"what_can_go": whatCanGo,

	"wanted_unfit": wantedUnfit,
	"whole_unpaid": func(v *bot.View, r *bot.Person) string {
		if v.Fact("wanted") == "" {
			return ""
		}
		return v.Say(r, "As long as it isn't paid, an order can only be cancelled as a whole.")
	},
	"which_lines": whichLines,
	"how_many":    howMany,
	"goes_back":   goesBack,
	"on_its_way": func(v *bot.View, r *bot.Person) string {
		return ofOrder(v, func(o *bot.Order) string { return onItsWayParts(v, r, o) })
	},
	"not_left": func(v *bot.View, r *bot.Person) string { return partWords(v, r, orderOf(v), choosable(v)) },
}

// ifSilent promises what follows if the seller does not answer, as the policy has it (S42, Q1), or cannot be asked (S31).
func ifSilent(v *bot.View, r *bot.Person) string {
	if sellerHasNoChat.Holds(v) {
		return v.Say(r, "If nobody has reached {seller} within {answer_time}, our support team decides, which takes longer.")
	}
	if v.Policy.Choices["seller_silence"] == "approve" {
		return v.Say(r, "{seller} has {answer_time} to answer. If they don't, your request is approved automatically.")
	}
	return v.Say(r, "{seller} has {answer_time} to answer. If they don't, our support team decides.")
}

// mayAsk says what can hold a request up: what the seller asks for first (S21, S30).
func mayAsk(v *bot.View, r *bot.Person) string {
	return v.Say(r, "{seller} may first ask you for something, such as a form or a photo. Please answer quickly: "+
		"a request that lacks something may not be considered.")
}

// reasonsMean says what the reasons mean for the seller, before one is chosen (S34, S35, Q10).
func reasonsMean(v *bot.View, r *bot.Person) string {
	if slices.ContainsFunc(v.Policy.Reasons, func(reason bot.Reason) bool { return reason.Fine }) {
		return v.Say(r, "A star (*) means that the reason counts against {seller}, who may be fined. If they say no, "+
			"our support team looks at the facts. Reasons without a star cost nobody anything.")
	}
	return v.Say(r, "None of these counts against {seller}, and there is no penalty for you.")
}

// costsTerm says what asking costs: nothing before it ships, unless this seller keeps a fee (S81, S82, Q7).
func costsTerm(v *bot.View, r *bot.Person) string {
	for _, f := range feesOf(v) {
		return v.With(bot.Facts{"sum": f.Amount.String()}).
			Say(r, "Cost: {seller} may keep a fee of {sum}, as their terms say (possible). Nothing else is taken off.")
	}
	return v.Say(r, "Cost: nothing, as long as it hasn't shipped (certain).")
}

// feesOf are the fees that the seller of the order at hand may keep back.
func feesOf(v *bot.View) []bot.Fee {
	o := orderOf(v)
	if o == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(v.Policy.Fees), func(f bot.Fee) bool {
		return f.Seller != "" && bot.NewPersonID(bot.Seller, f.Seller) != o.Seller
	})
}

// whatFollows is what else a cancellation leads to, beyond the money (S49, S68, S80, S83–S85, Q2).
func whatFollows(v *bot.View, r *bot.Person) string {
	lines := []string{
		"What else follows:",
		"• Your money: {seller} has {answer_time} to answer, and the shop {refund_send_time} to send it. Then it takes " +
			"{refund_interval} until you see it. {measured}",
		"• It may be sold out, or cost more, if you want it again. The shop may be able to tell you when it is back in stock.",
		"• It stays in your purchase history, as cancelled.",
	}
	if len(markedLines(v)) > 0 {
		lines = append(lines, "• The rest of your order goes on. It may ship later than planned.")
	}
	if reason, _ := v.Policy.Reason(v.Fact("reason")); reason.Fine { // S49
		lines = append(lines, "• {seller} may be fined for this reason. To spare them that, you can keep the order and write to them "+
			"first. It may ship in the meantime.")
	}
	lines = append(lines, "If you do nothing, your order goes on as it is.")
	for i, line := range lines {
		lines[i] = v.Say(r, line)
	}
	return strings.Join(lines, "\n")
}

// whatCanGo says, before a reason is asked for, what of the order the request can be about: all of it where this marketplace
// cancels no single lines, or what has not left (S20).
func whatCanGo(v *bot.View, r *bot.Person) string {
	switch {
	case v.Policy.Choices["lines"] != "whole" && wantedSaid(v, r) != "":
		return wantedSaid(v, r)
	case partOpen.Holds(v):
		return v.Say(r, "Part of this order is on its way, so it can no longer be cancelled: {on_its_way}. "+
			"I can ask for the rest: {not_left}.")
	case v.Policy.Choices["lines"] == "whole" && (len(openLines(orderOf(v))) > 1 || v.Fact("wanted") != ""):
		return v.Say(r, "This marketplace cancels whole orders only, so this is about all of it: {lines_all}.")
	}
	return ""
}
