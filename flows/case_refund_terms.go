package flows

import "nevermind/bot"

// refundTerms are what {names} stand for in words about money that goes back.
var refundTerms = map[string]bot.Term{
	"refunded": func(v *bot.View, _ *bot.Person) string {
		return ofOrder(v, func(o *bot.Order) string { return o.Refunded.String() })
	},
	"still_due": func(v *bot.View, r *bot.Person) string {
		if orderOf(v).Refundable().IsZero() {
			return v.Say(r, "Nothing more can come back.")
		}
		return v.Say(r, "At most {refundable} can still come back.")
	},
	"full":       func(v *bot.View, _ *bot.Person) string { return fullAmount(v).String() },
	"coupon":     couponTerm,
	"back_where": backWhere,
	"sent_how":   sentHow,
	"sent_before": func(v *bot.View, r *bot.Person) string {
		if v.Fact("sent") == "" {
			return ""
		}
		return v.Fact("sent") + v.Say(r, " was sent before. ")
	},
	"late_word":      func(v *bot.View, r *bot.Person) string { return shopWord(v, r, v.Event.Name) },
	"said_first":     func(v *bot.View, r *bot.Person) string { return shopWord(v, r, v.Event.Facts["said_first"]) },
	"said_now":       func(v *bot.View, r *bot.Person) string { return shopWord(v, r, v.Event.Facts["said_now"]) },
	"nothing_owed":   nothingOwed,
	"finding_quoted": func(v *bot.View, _ *bot.Person) string { return quoted(v.Fact("finding")) },
	"amount_came":    amountCame,
}

// shopWord is what the shop says of a command, late or twice.
func shopWord(v *bot.View, r *bot.Person, outcome string) string {
	switch outcome {
	case "refund_settled":
		return v.Say(r, "it has sent {amount}")
	case "refund_failed":
		return v.Say(r, "it could not send {amount}")
	case "order_cancelled":
		return v.Say(r, "it has cancelled the order")
	}
	return v.Say(r, "it did not cancel the order")
}

// backWhere is where money shows once it is back.
func backWhere(v *bot.View, r *bot.Person) string {
	if ref := v.Fact("reference"); ref != "" {
		return v.Say(r, "the way our support team has paid it: ") + "“" + bot.Clean(ref) + "”"
	}
	mine := r.Party() == bot.Buyer
	if shares := sharesOf(v, amountOf(v, "amount")); len(shares) > 1 {
		return v.Say(r, "the way it was paid")
	}
	switch method(v) {
	case "card":
		return v.Say(r, map[bool]string{true: "on your card", false: "on the card"}[mine])
	case "bank":
		return v.Say(r, map[bool]string{true: "in your bank account", false: "in the bank account"}[mine])
	case "wallet":
		return v.Say(r, map[bool]string{true: "in your wallet", false: "in the wallet"}[mine])
	case "gift_card":
		return v.Say(r, map[bool]string{true: "on your gift card", false: "on the gift card"}[mine])
	}
	return v.Say(r, "the way it was paid")
}

// sentHow is who has sent the money, and how.
func sentHow(v *bot.View, r *bot.Person) string {
	if ref := v.Fact("reference"); ref != "" {
		return v.Say(r, "Our support team has paid {amount} back to you: ") + quoted(ref)
	}
	return v.Say(r, "The shop has sent {amount} to {method}.")
}

// nothingOwed says why no money comes back.
func nothingOwed(v *bot.View, r *bot.Person) string {
	if v.Order.WasPaid() {
		return v.Say(r, "All that was paid has gone back already, so nothing more is due.")
	}
	if r.Party() == bot.Buyer {
		return v.Say(r, "Nothing had been paid, so no money has to come back. There is no penalty.")
	}
	return v.Say(r, "Nothing had been paid.")
}

// couponTerm says what happens to a coupon (S79, S80, Q5): only money that was paid is sent back.
func couponTerm(v *bot.View, r *bot.Person) string {
	o := orderOf(v)
	if o == nil || o.Coupon.Code == "" || v.Fact("cancels") == "no" || v.Fact("lines") != "" { // the order, or a part of it, goes on
		return ""
	}
	if o.Coupon.Used {
		return v.Say(r, "Your coupon was used, and only money that was paid is sent back; whether the coupon comes "+
			"back is the shop's to say.")
	}
	return v.Say(r, "Your coupon was not used and stays yours.")
}
