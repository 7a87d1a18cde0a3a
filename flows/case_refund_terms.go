package flows

import "nevermind/bot"

// refundTerms are what {names} stand for in words about money that goes back.
var refundTerms = map[string]bot.Term{
	"refunded": func(v *bot.View, _ *bot.Person) string {
		return ofOrder(v, func(o *bot.Order) string { // the shop may have taken it back since, to a nothing without a currency
			return bot.Money{Minor: o.Refunded.Minor, Currency: o.Total.Currency}.String()
		})
	},
	"still_due": func(v *bot.View, r *bot.Person) string {
		switch o := orderOf(v); {
		case o.Overpaid():
			return v.Say(r, "With what is on its way, more goes back than was paid. Our support team looks at it.")
		case o.Refundable().IsZero():
			return v.Say(r, "Nothing is left to refund.")
		}
		return v.Say(r, "Up to {refundable} can still be refunded.")
	},
	"full":         func(v *bot.View, _ *bot.Person) string { return fullAmount(v).String() },
	"coupon":       couponTerm,
	"sent_how":     sentHow,
	"refund_went":  refundWent,
	"account_word": accountWord,
	"sent_before": func(v *bot.View, r *bot.Person) string {
		if v.Fact("sent") == "" {
			return ""
		}
		return v.With(bot.Facts{"before": v.Fact("sent")}).Say(r, "{before} was sent before.")
	},
	"late_word":      func(v *bot.View, r *bot.Person) string { return shopWord(v, r, v.Event.Name) },
	"said_first":     func(v *bot.View, r *bot.Person) string { return shopWord(v, r, v.Event.Facts["said_first"]) },
	"said_now":       func(v *bot.View, r *bot.Person) string { return shopWord(v, r, v.Event.Facts["said_now"]) },
	"nothing_owed":   nothingOwed,
	"finding_quoted": func(v *bot.View, r *bot.Person) string { return quoted(v, r, v.Fact("finding")) },
	"amount_came":    amountCame,
}

// shopWord is what the shop says of a command, late or twice.
func shopWord(v *bot.View, r *bot.Person, outcome string) string {
	switch outcome {
	case "refund_settled":
		return v.Say(r, "It has sent {amount}.")
	case "refund_failed":
		return v.Say(r, "It couldn't send {amount}.")
	case "order_cancelled":
		return v.Say(r, "It has cancelled the order.")
	}
	return v.Say(r, "It did not cancel the order.")
}

// sentHow is who has sent the money, and how.
func sentHow(v *bot.View, r *bot.Person) string {
	if ref := v.Fact("reference"); ref != "" {
		return v.With(bot.Facts{"how": quoted(v, r, ref)}).Say(r, "Our support team has paid you {amount} another way: {how}")
	}
	return v.Say(r, "The shop has sent {amount} to {method}.")
}

// accountWord says where the shop confirms a refund; empty where it was paid another way (S78).
func accountWord(v *bot.View, r *bot.Person) string {
	if v.Fact("reference") != "" {
		return ""
	}
	return v.Say(r, "Please look in your account at the shop too: the confirmation appears there.")
}

// refundWent says, once a refund is sent, where it went to.
func refundWent(v *bot.View, r *bot.Person) string {
	if ref := v.Fact("reference"); ref != "" {
		return v.With(bot.Facts{"how": quoted(v, r, ref)}).Say(r, "Our support team has paid it another way: {how}")
	}
	if r.Party() == bot.Buyer {
		return v.Say(r, "The shop sent it to {method}.")
	}
	return v.Say(r, "The shop sent it by {method_plain}.")
}

// nothingOwed says why no money comes back.
func nothingOwed(v *bot.View, r *bot.Person) string {
	if v.Order.WasPaid() {
		return v.Say(r, "Everything that was paid has already gone back, so nothing more is due.")
	}
	if r.Party() == bot.Buyer {
		return v.Say(r, "You hadn't paid anything, so no money has to come back. There is no penalty.")
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
		return v.Say(r, "You get back what you paid in money. Whether you can use your coupon again is for the shop to say.")
	}
	return v.Say(r, "You didn't use your coupon here, so it stays yours.")
}
