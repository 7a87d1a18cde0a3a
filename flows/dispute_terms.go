package flows

import (
	"strings"

	"nevermind/bot"
)

// disputeTerms are what {names} stand for in words about goods.
var disputeTerms = map[string]bot.Term{
	"problem":             problemTerm,
	"story_quoted":        storyQuoted,
	"claim":               func(v *bot.View, r *bot.Person) string { return solutionWords(v, r, "claim") },
	"solution":            func(v *bot.View, r *bot.Person) string { return solutionWords(v, r, "solution") },
	"proposal":            func(v *bot.View, r *bot.Person) string { return solutionWords(v, r, "proposal") },
	"claim_short":         func(v *bot.View, r *bot.Person) string { return solutionShort(v, r, "claim") },
	"solution_short":      func(v *bot.View, r *bot.Person) string { return solutionShort(v, r, "solution") },
	"proposal_short":      func(v *bot.View, r *bot.Person) string { return solutionShort(v, r, "proposal") },
	"table":               tableTerm,
	"talks_so_far":        talksSoFar,
	"ruling":              rulingTerm,
	"parcel_fault_quoted": func(v *bot.View, _ *bot.Person) string { return quoted(v.Fact("parcel_fault")) },
	"settled_how":         settledHow,
	"way_seller":          waySeller,
	"ways":                waysTerm,
	"way_conflict":        storageConflict,
	"parcel_said":         parcelSaid,
	"parcel_storage_time": func(v *bot.View, r *bot.Person) string { return formatWindow(v, r, v.Policy.Windows["parcel_storage"]) },
	"dispute_answer_time": func(v *bot.View, r *bot.Person) string { return formatWindow(v, r, v.Policy.Windows["dispute_answer"]) },
	"on_dispute_silence":  onDisputeSilence,
	"no_receipt":          noReceipt,
	"open_again":          openAgain,
	"dispute_clock":       disputeClock,
	"dispute_until": func(v *bot.View, r *bot.Person) string {
		last, _ := lastDay(v)
		return formatDay(v, r, last)
	},
	"dispute_from_day": func(v *bot.View, r *bot.Person) string {
		first, _ := firstDay(v)
		return formatDay(v, r, first)
	},
	"shipped_on":     func(v *bot.View, r *bot.Person) string { return v.Say(r, "on ") + formatDay(v, r, orderOf(v).Shipped) },
	"dispute_end":    disputeEnd,
	"problem_over":   problemOver,
	"preview":        claimPreview,
	"what_helps":     whatHelps,
	"story_ask":      storyAsk,
	"return_how":     returnHow,
	"return_awaited": returnAwaited,
	"left_label": func(v *bot.View, r *bot.Person) string {
		return v.Say(r, map[string]string{"refuse": "I have refused it", "leave": "I leave it there"}[v.Fact("way")])
	},
	"left_sure": func(v *bot.View, r *bot.Person) string {
		return v.Say(r, map[string]string{"refuse": "You have refused the parcel, and the carrier takes it back.", "leave": "You do not collect the parcel; it goes back after {parcel_storage_time} in storage."}[v.Fact("way")])
	},
}

// problemTerm is what is wrong, as a heading.
func problemTerm(v *bot.View, r *bot.Person) string {
	for _, p := range problems {
		if p.id == v.Fact("problem") {
			return v.Say(r, problemWords[p.id])
		}
	}
	return v.Say(r, "something is wrong with the goods")
}

var problemWords = map[string]string{
	"not_received": "the parcel has not come", "damaged": "it is damaged", "not_as_described": "it is not as described",
	"incomplete": "something is missing", "counterfeit": "it may be a fake", "unwanted": "it is no longer wanted",
}

// storyQuoted is what the buyer has told of it; who withdraws by law need tell nothing.
func storyQuoted(v *bot.View, _ *bot.Person) string {
	if v.Fact("story") == "" {
		return ""
	}
	return quoted(v.Fact("story"))
}

// solutionWords is one of the three solutions in full.
func solutionWords(v *bot.View, r *bot.Person, which string) string {
	amount := amountLaid(v, which)
	if v.Fact(which+"_kind") == "return" {
		return v.Say(r, "the goods go back, and then ") + amount + v.Say(r, " comes back")
	}
	if v.Fact("problem") == "not_received" {
		return amount + v.Say(r, " comes back")
	}
	return amount + v.Say(r, " comes back, and ") + nothingSentBack(v, r)
}

// nothingSentBack is that nothing is sent back, as each side says it.
func nothingSentBack(v *bot.View, r *bot.Person) string {
	if r.Party() == bot.Buyer {
		return v.Say(r, "you keep the goods")
	}
	return v.Say(r, "the goods stay with the buyer")
}

// amountLaid is how much a solution names; in the buyer's talk, before it is sent, all that can go back where it names none.
func amountLaid(v *bot.View, which string) string {
	if s := v.Fact(which + "_amount"); s != "" {
		return s
	}
	return solutionAmount(v, which).String()
}

// solutionShort is one of them on a button.
func solutionShort(v *bot.View, r *bot.Person, which string) string {
	if v.Fact(which+"_kind") == "return" {
		return v.Say(r, "return, then ") + amountLaid(v, which)
	}
	return amountLaid(v, which) + v.Say(r, " back")
}

// tableTerm lists what lies on the table, whoever put it there, with the most that can go back.
func tableTerm(v *bot.View, r *bot.Person) string {
	var lines strings.Builder
	for _, s := range []struct{ which, who, mine string }{{"claim", "{buyer} asks: ", "You ask: "}, {"solution", "{seller} offers: ", "You offer: "}, {"proposal", "Support suggests: ", "Support suggests: "}} {
		if v.Fact(s.which+"_kind") == "" {
			continue
		}
		who := s.who
		if s.which == "claim" && r.Party() == bot.Buyer || s.which == "solution" && r.Party() == bot.Seller {
			who = s.mine
		}
		lines.WriteString("• " + v.Say(r, who) + solutionWords(v, r, s.which) + ".")
		if note := v.Fact(s.which + "_note"); note != "" {
			lines.WriteString(" " + quoted(note))
		}
		lines.WriteString("\n")
	}
	return strings.TrimSuffix(lines.String(), "\n")
}

// talksSoFar is how the talks got to where they are.
func talksSoFar(v *bot.View, r *bot.Person) string {
	mine := r.Party()
	switch v.Fact("last") {
	case "claim_refused":
		if mine == bot.Seller {
			return v.Say(r, "You have refused: ") + quoted(v.Fact("rejection"))
		}
		return v.Say(r, "{seller} has refused: ") + quoted(v.Fact("rejection"))
	case "proposed":
		return v.Say(r, "Support suggests a solution. This lies on the table:")
	}
	return v.Say(r, "This lies on the table:")
}

// rulingTerm is what support has decided, in a sentence.
func rulingTerm(v *bot.View, r *bot.Person) string {
	switch {
	case v.Fact("ruling") == "nothing":
		return v.Say(r, "no money goes back.")
	case v.Fact("agreed_kind") == "return":
		return v.Say(r, "the goods go back, and then {amount}.")
	}
	if v.Fact("problem") == "not_received" {
		return v.Say(r, "{amount} goes back.")
	}
	return v.Say(r, "{amount} goes back, and ") + nothingSentBack(v, r) + "."
}

// settledHow is why things go ahead as they do.
func settledHow(v *bot.View, r *bot.Person) string {
	switch v.Fact("agreed") {
	case "claim":
		if r.Party() == bot.Seller {
			return v.Say(r, "You have agreed: {claim}.")
		}
		return v.Say(r, "{seller} has agreed: {claim}.")
	case "silent":
		if r.Party() == bot.Seller {
			return v.Say(r, "You did not answer in time, so it goes as {buyer} asked: {claim}.")
		}
		return v.Say(r, "{seller} did not answer in time, so it goes as the buyer asked: {claim}.")
	case "solution":
		return v.Say(r, "What {seller} offered is agreed: {solution}.")
	case "law":
		return lawTerm(v, r)
	case "proposal":
		return v.Say(r, "What support suggested is agreed: {proposal}.")
	}
	return v.Say(r, "Support has decided: {ruling} {grounds_quoted} The decision is final.")
}

// waySeller tells a seller how the goods will come back by themselves.
func waySeller(v *bot.View, r *bot.Person) string {
	switch v.Fact("way") {
	case "refuse":
		return v.Say(r, " They mean to refuse the parcel when it comes.")
	case "leave":
		return v.Say(r, " They mean not to collect the parcel, which then comes back after its time in storage.")
	}
	return ""
}

// waysTerm says what each way back means (S63–S66).
func waysTerm(v *bot.View, r *bot.Person) string {
	words := v.Say(r, "Send it back unopened: you keep the carrier's receipt and tracking code as proof, and usually pay for the way back.")
	if !stillOnItsWay.Holds(v) {
		return words
	}
	return v.Say(r, "Refuse it at the door: the carrier takes it back at once. Do not collect it: it is stored for {parcel_storage_time} and then goes back. ") + words
}

// returnHow tells a buyer what to do with the goods.
func returnHow(v *bot.View, r *bot.Person) string {
	switch v.Fact("way") {
	case "refuse":
		return v.Say(r, "Please refuse the parcel when it comes, and tell me with the button. If it is there already, send it back unopened and give me the tracking code.")
	case "leave":
		return v.Say(r, "Please leave the parcel where it is stored, and tell me with the button. If you have it already, send it back unopened and give me the tracking code.")
	}
	return v.Say(r, "Please send it back to {seller} by {return_by}, unopened if it still is, keep the carrier's receipt, and give me the tracking code: it is your proof.")
}

// returnAwaited tells a seller what comes back, and when.
func returnAwaited(v *bot.View, r *bot.Person) string {
	if v.Fact("way") != "" {
		return v.Say(r, "{buyer} refuses the parcel or leaves it, so that it comes back by itself.")
	}
	return v.Say(r, "{buyer} has until {return_by} to send it back, and I will tell you the tracking code.")
}

// parcelSaid is how the parcel comes back.
func parcelSaid(v *bot.View, r *bot.Person) string {
	switch v.Fact("way") {
	case "refuse":
		return v.Say(r, "The parcel was refused at the door and goes back by itself.")
	case "leave":
		return v.Say(r, "The parcel is not collected and goes back by itself once its time in storage is over.")
	}
	return v.Say(r, "The parcel is on its way back, tracking code ") + strings.TrimSpace(bot.Clean(v.Fact("return_carrier"))+" "+v.Fact("return_code")) + "."
}

// onDisputeSilence is what the policy lets follow when a seller does not answer.
func onDisputeSilence(v *bot.View, r *bot.Person) string {
	if v.Policy.Choices["dispute_silence"] == "support" {
		return v.Say(r, "support decides")
	}
	if r.Party() == bot.Buyer {
		return v.Say(r, "it goes as you ask")
	}
	return v.Say(r, "it goes as the buyer asks")
}

// noReceipt warns a buyer, in a further sentence, not to confirm that all is well (S57).
func noReceipt(v *bot.View, r *bot.Person) string {
	if r.Party() != bot.Buyer || v.Fact("stuck") != "" || v.Fact("problem") == "unwanted" && stillOnItsWay.Holds(v) {
		return ""
	}
	return v.Say(r, " Please do not confirm the receipt to the shop while this is open.")
}

// openAgain says until when a case that is withdrawn can be opened anew; empty where it cannot.
func openAgain(v *bot.View, r *bot.Person) string {
	last, known := lastDay(v)
	switch {
	case known && v.Now.After(last):
		return v.Say(r, " It cannot be opened again: the last day for that was {dispute_until}.")
	case known:
		return v.Say(r, " You can open it again until {dispute_until}, and not after that.")
	}
	return v.Say(r, " You can open it again while the receipt is not confirmed.")
}

// disputeEnd is how an earlier case about the order ended.
func disputeEnd(v *bot.View, r *bot.Person) string {
	if c := endedDispute(v); c != nil {
		return v.Say(r, stateWords[c.State])
	}
	return ""
}

// problemOver says why no case can be opened about an order that is over.
func problemOver(v *bot.View, r *bot.Person) string {
	if orderOf(v).Stage == bot.Completed {
		return v.Say(r, "You have confirmed that you received this order, so it is completed and no case can be opened about it any more. You can still write to the seller, and a person can look at anything unusual.")
	}
	return stageNow(v, r)
}

// storyAsk asks for the buyer's own words.
func storyAsk(v *bot.View, r *bot.Person) string {
	switch v.Fact("problem") {
	case "unwanted":
		return v.Say(r, "What should {seller} know? Write it in one message; they and support read it as it is. Please do not unpack it: goods that were not opened are taken back soonest.")
	case "not_received":
		return v.Say(r, "What do you know of the parcel? Write it in one message; {seller} and support read it as it is.")
	}
	return v.Say(r, "Please describe it in one message: what you ordered, what came, and when you saw it. {seller} and support will read it as it is.")
}

// disputeSupportReasons says why a case about goods is with support, besides what caseSupportReasons says: to the buyer, the seller, support.
var disputeSupportReasons = map[string][3]string{
	"seller_unreachable": {"{seller} has no chat with me, so our support team takes it on at once.", "A buyer has opened a case about this order.", "A case for you: {seller} cannot be reached by chat. Please tell them another way."},
	"on_hold":            {"The shop has put this order on hold.", "The shop has put this order on hold, and {buyer} has opened a case about it.", "A case for you: the shop has put the order on hold."},
	"not_sent_back":      {"I have not heard that the goods were sent back.", "{buyer} has not said that the goods were sent back.", "A case for you: {buyer} withdrew by law, and has not said that the goods were sent back."},
	"proof_odd":          {"Thank you. The tracking code needs a look before the money goes back.", "{buyer} says that the goods are on their way back, with tracking code {return_code}.", "A case for you: {buyer} withdrew by law and gives tracking code {return_code} as proof that the goods were sent. Something about it looks odd. If it stands, all the money is due now, whether or not the parcel is back."},
	"parcel_wrong":       {"{seller} says that the parcel is back, but not right: {parcel_fault_quoted}", "I have told support what is wrong with the parcel.", "A case for you: the parcel is back, but {seller} says that it is not right: {parcel_fault_quoted}"},
	"parcel_missing":     {"{seller} has not said that the parcel is back.", "You have not said whether the parcel is back.", "A case for you: nobody has said that the parcel is back. {parcel_said}"},
	"appealed":           {"The decision is looked at again.", "The decision is looked at again.", "A case for you: an appeal. Your next decision is final."},
}

// supportReason is why a case is with support.
func supportReason(v *bot.View) [3]string {
	if words, ok := disputeSupportReasons[v.Fact("why")]; ok {
		return words
	}
	return caseSupportReasons[v.Fact("why")]
}
