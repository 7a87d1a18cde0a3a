package flows

import "nevermind/bot"

// solutionTaken turns the solution that was taken, of the three, into what is agreed.
func solutionTaken(v *bot.View, e *bot.Event) bot.Facts {
	return byPhoneFact(settledBy(v, e.Facts["taken"]), e)
}

// settledBy is what is agreed by one of the three solutions: the goods go back first or stay, how much money goes back
// (never more than still can), and in which way the goods come.
func settledBy(v *bot.View, which string) bot.Facts {
	return bot.Facts{"agreed": which, "agreed_kind": v.Fact(which + "_kind"), "amount": solutionAmount(v, which).String(),
		"way": wayOf(v, v.Fact(which+"_kind")), "attempt": nextAttempt(v)}
}

// sellerSilentFacts carries out the buyer's claim where the seller has let the time run out, or says why support has it.
func sellerSilentFacts(v *bot.View, _ *bot.Event) bot.Facts {
	if v.Policy.Choices["dispute_silence"] == "support" {
		return bot.Facts{"why": "seller_silent"}
	}
	facts := settledBy(v, "claim")
	facts["agreed"] = "silent"
	return facts
}

// rulingFacts is what follows from a ruling: all, a part, all after the goods are back, or nothing.
func rulingFacts(v *bot.View, said bot.Facts) bot.Facts {
	facts := bot.Facts{
		"agreed":      "ruling",
		"agreed_kind": "keep",
		"way":         "",
		"amount":      v.Order.Refundable().String(),
		"attempt":     nextAttempt(v),
	}
	if p := withoutChat(v); p != "" {
		facts["untold"], facts["untold_why"] = string(p), bot.UntoldNoChat
	}
	switch said["ruling"] {
	case "part":
		facts["amount"] = cappedAmount(v.Order.Refundable(), said["ruled_amount"])
	case "return":
		facts["agreed_kind"], facts["way"] = "return", wayOf(v, "return")
	case "nothing":
		facts["amount"] = bot.Money{Currency: v.Order.Total.Currency}.String()
	}
	return facts
}

// claimChangedFacts puts the buyer's new claim on the table; one without an amount asks for all that can go back.
func claimChangedFacts(v *bot.View, e *bot.Event) bot.Facts {
	facts := solutionOnTable("claim", "")(v, e)
	facts["asked"] = facts["claim_amount"]
	return facts
}

// solutionOnTable puts a solution on the table with its amount: all that can go back where it names none. "which" is
// "claim", "solution" or "proposal"; "last" is what is said of how the talks got here, if anything.
func solutionOnTable(which, last string) factsOf {
	return func(v *bot.View, _ *bot.Event) bot.Facts {
		facts := bot.Facts{which + "_amount": solutionAmount(v, which).String()}
		if v.Fact(which+"_kind") == "" { // there are no goods to keep or send back
			facts[which+"_kind"] = "keep"
		}
		if last != "" {
			facts["last"] = last
		}
		return facts
	}
}

// appealFacts opens a ruling once more. It is remembered, so that there is no second appeal.
func appealFacts(*bot.View, *bot.Event) bot.Facts {
	return bot.Facts{"appealed": "yes", "why": "appealed", "ruling": "", "agreed": "", "agreed_kind": ""}
}

// solutionAmount is how much goes back by a solution: what it names, or all that still can.
func solutionAmount(v *bot.View, which string) bot.Money {
	most := orderOf(v).Refundable()
	if m, err := bot.ReadMoney(v.Fact(which + "_amount")); err == nil && m.Less(most) {
		return m
	}
	return most
}

// wayOf is how the goods come back: "" is not at all or sent by the buyer, "refuse" at the door, "leave" uncollected. What
// the buyer has said counts until they say that the parcel has reached them: a parcel that the shop calls delivered may be
// one that was refused.
func wayOf(v *bot.View, kind string) string {
	if kind == "return" {
		return v.Fact("way")
	}
	return ""
}

// parcelCame: the parcel has reached the buyer after all, so it has to be sent back.
func parcelCame(*bot.View, *bot.Event) bot.Facts { return bot.Facts{"way": "", "left": ""} }

// returnMissed says why support has goods that nobody has said were sent back; or that a parcel which comes back by itself
// has been waited for already as long as it is stored.
func returnMissed(v *bot.View, _ *bot.Event) bot.Facts {
	if addressMissing.Holds(v) && !byLaw.Holds(v) {
		return bot.Facts{"why": "no_address", "stored": "yes"}
	}
	return bot.Facts{"why": "not_sent_back", "stored": "yes"}
}
