package flows

import (
	"strings"

	"nevermind/bot"
)

// reasonLabel is the reason as the policy words it.
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
		return v.Say(r, "It counts against {seller}, who may be fined. If they say no, our support team looks at the facts.")
	case reason.Fault == bot.Seller:
		return v.Say(r, "It counts against {seller}, without a fine.")
	}
	return v.Say(r, "It doesn't count against {seller}, and there is no penalty for you.")
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
	return v.Say(r, "This doesn't count against you.")
}

// ifNoted is these words where the buyer has left a note; empty where not.
func ifNoted(v *bot.View, r *bot.Person, words string) string {
	if strings.TrimSpace(v.Fact("note")) == "" {
		return ""
	}
	return v.Say(r, words)
}

// noteQuoted is the buyer's note on a line of its own, in the reader's quotation marks; empty where there is none.
func noteQuoted(v *bot.View, r *bot.Person) string {
	if strings.TrimSpace(v.Fact("note")) == "" {
		return ""
	}
	return "\n" + v.With(bot.Facts{"quotation": bot.Clean(v.Fact("note"))}).Say(r, "“{quotation}”")
}
