package flows

import (
	"strings"
	"unicode/utf8"

	"nevermind/bot"
)

// onSilence is what the policy lets follow when a seller does not answer (S42, Q1).
func onSilence(v *bot.View, r *bot.Person) string {
	if v.Policy.Choices["seller_silence"] == "approve" {
		return v.Say(r, "the request counts as approved")
	}
	return v.Say(r, "support decides")
}

func reasonLabel(v *bot.View, r *bot.Person) string {
	reason, ok := v.Policy.Reason(v.Fact("reason"))
	if !ok {
		return v.Say(r, "none given")
	}
	return v.Say(r, reason.Label)
}

// reasonMeans says honestly what a reason leads to, without advising another one (S34, S35, S38, Q10).
func reasonMeans(v *bot.View, r *bot.Person) string {
	reason, _ := v.Policy.Reason(v.Fact("reason"))
	switch {
	case reason.Fine:
		return v.Say(r, "This counts as the seller's fault and they may be fined, so some say no; support looks at the facts then.")
	case reason.Fault == bot.Seller:
		return v.Say(r, "This counts as the seller's fault.")
	}
	return v.Say(r, "This does not count against the seller, and there is no penalty for you.")
}

// faultTerm tells a seller what the reason means for them (S34, S35).
func faultTerm(v *bot.View, r *bot.Person) string {
	reason, _ := v.Policy.Reason(v.Fact("reason"))
	switch {
	case reason.Fine:
		return v.Say(r, "By this marketplace's rules the reason counts as yours, and there may be a fine.")
	case reason.Fault == bot.Seller:
		return v.Say(r, "By this marketplace's rules the reason counts as yours.")
	}
	return v.Say(r, "This does not count against you.")
}

func ifNoted(v *bot.View, r *bot.Person, words string) string {
	if strings.TrimSpace(v.Fact("note")) == "" {
		return ""
	}
	return v.Say(r, words)
}

// offerWords is the offer on the table (S44, S54).
func offerWords(v *bot.View, r *bot.Person) string {
	amount := v.Fact("offer_amount")
	switch v.Fact("offer_kind") {
	case "discount":
		return v.Say(r, "the order goes on, and ") + amount + v.Say(r, " comes back")
	case "partial":
		return v.Say(r, "the order is cancelled, and ") + amount + v.Say(r, " comes back")
	case "costs":
		rest := amountOf(v, "asked").Minus(amountOf(v, "offer_amount"))
		return v.Say(r, "the order is cancelled, ") + amount + v.Say(r, " is kept back for costs, and ") + rest.String() + v.Say(r, " comes back")
	}
	return ""
}

// offerNote is the word that came with the offer; empty where none did.
func offerNote(v *bot.View, r *bot.Person) string {
	if v.Fact("offer_note") == "" {
		return ""
	}
	return " " + quoted(v.Fact("offer_note"))
}

// couponTerm says what happens to a coupon (S79, S80, Q5): only money that was paid is sent back.
func couponTerm(v *bot.View, r *bot.Person) string {
	o := orderOf(v)
	if o == nil || o.Coupon.Code == "" || v.Fact("cancels") == "no" || v.Fact("lines") != "" { // the order, or a part of it, goes on
		return ""
	}
	if o.Coupon.Used {
		return v.Say(r, "Your coupon was used, and only money that was paid is sent back; whether the coupon comes back is the shop's to say.")
	}
	return v.Say(r, "Your coupon was not used and stays yours.")
}

// quoted is what somebody wrote, in quotation marks, ending with one full stop.
func quoted(s string) string {
	s = strings.TrimSpace(bot.Clean(s))
	if last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(s, "\u2069")); strings.ContainsRune(".!?…", last) {
		return "“" + s + "”"
	}
	return "“" + s + "”."
}

// askAgain is empty where it is too late to ask again.
func askAgain(v *bot.View, r *bot.Person) string {
	if v.Order.Stage != bot.Processing {
		return ""
	}
	return v.Say(r, " You can ask again as long as it has not shipped.")
}
