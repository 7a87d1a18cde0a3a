package flows

import (
	"strings"

	"nevermind/bot"
)

// solutionTerms are what {names} stand for in words about what buyer and seller ask and offer, and what comes of it. Each
// is one of three: "claim", what the buyer asks for; "solution", what the seller offers; "proposal", what support suggests.
var solutionTerms = map[string]bot.Term{
	"claim":            solutionSaid("claim"),
	"solution":         solutionSaid("solution"),
	"proposal":         solutionSaid("proposal"),
	"claim_outcome":    solutionOutcome("claim"),
	"solution_outcome": solutionOutcome("solution"),
	"proposal_outcome": solutionOutcome("proposal"),
	"claim_short":      func(v *bot.View, r *bot.Person) string { return solutionShort(v, r, "claim") },
	"solution_short":   func(v *bot.View, r *bot.Person) string { return solutionShort(v, r, "solution") },
	"proposal_short":   func(v *bot.View, r *bot.Person) string { return solutionShort(v, r, "proposal") },
	"where_both_stand": whereBothStand,
	"taking_settles":   takingSettles,
	"talks_so_far":     talksSoFar,
	"ruling_open":      func(v *bot.View, r *bot.Person) string { return rulingSaid(v, r, false) },
	"settled_how":      settledHow,
	"refund_why":       refundWhy,
}

// solutionWords say each of the three, and what comes of it, by what becomes of the goods: kept by the buyer, not there at
// all ("money"), or sent back first. {sum} is the money.
var solutionWords = map[string]map[string]bot.To{
	"claim": {
		"keep": {
			bot.Buyer: "You ask for {sum} back and keep the goods.",
			bot.Here:  "{buyer} asks for {sum} back and keeps the goods.",
		},
		"money": {bot.Buyer: "You ask for {sum} back.", bot.Here: "{buyer} asks for {sum} back."},
		"return": told("You ask for {sum} back once {seller} has the goods.", "{buyer} asks for {sum} back once you have the goods.",
			"{buyer} asks for {sum} back once {seller} has the goods."),
	},
	"solution": {
		"keep": told("{seller} offers {sum} back, and you keep the goods.", "You offer {sum} back, and {buyer} keeps the goods.",
			"{seller} offers {sum} back, and {buyer} keeps the goods."),
		"money": {bot.Seller: "You offer {sum} back.", bot.Here: "{seller} offers {sum} back."},
		"return": {
			bot.Seller: "You offer {sum} back once you have the goods.",
			bot.Here:   "{seller} offers {sum} back once they have the goods.",
		},
	},
	"proposal": {
		"keep": told(
			"Our support team suggests {sum} back, and you keep the goods.",
			"Our support team suggests {sum} back, and {buyer} keeps the goods.",
			"Support suggests {sum} back, and {buyer} keeps the goods.",
		),
		"money": {bot.Support: "Support suggests {sum} back.", bot.Here: "Our support team suggests {sum} back."},
		"return": told("Our support team suggests {sum} back once {seller} has the goods.",
			"Our support team suggests {sum} back once you have the goods.", "Support suggests {sum} back once {seller} has the goods."),
	},
	"outcome": {
		"keep": {bot.Buyer: "You get {sum} back and keep the goods.", bot.Here: "{buyer} gets {sum} back and keeps the goods."},
		"sent": told("You get {sum} back. You don't have to wait until {seller} has the parcel.",
			"{buyer} gets {sum} back now. The parcel still comes back to you.",
			"{buyer} gets {sum} back now. The parcel still comes back to {seller}."),
		"money": {bot.Buyer: "You get {sum} back.", bot.Here: "{buyer} gets {sum} back."},
		"return": told("You get {sum} back once {seller} has the goods.", "{buyer} gets {sum} back once you have the goods.",
			"{buyer} gets {sum} back once {seller} has the goods."),
	},
}

// solutionSaid says who asks, offers or suggests what.
func solutionSaid(which string) bot.Term {
	return func(v *bot.View, r *bot.Person) string {
		return saySum(v, r, which, v.Fact(which+"_kind"), amountLaid(v, which))
	}
}

// solutionOutcome says what comes of it, once it is agreed.
func solutionOutcome(which string) bot.Term {
	return func(v *bot.View, r *bot.Person) string {
		return saySum(v, r, "outcome", v.Fact(which+"_kind"), amountLaid(v, which))
	}
}

// saySum says one of solutionWords for goods that are kept or go back, with the money.
func saySum(v *bot.View, r *bot.Person, words, kind, sum string) string {
	goods := "keep"
	switch {
	case kind == "return":
		goods = "return"
	case v.Fact("problem") == "not_received":
		goods = "money"
	case words == "outcome" && (v.Fact("left") != "" || v.Fact("return_code") != ""):
		goods = "sent"
	}
	return sayTo(v.With(bot.Facts{"sum": sum}), r, solutionWords[words][goods])
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
	sum := v.With(bot.Facts{"sum": amountLaid(v, which)})
	if v.Fact(which+"_kind") == "return" {
		return sum.Say(r, "{sum} on return")
	}
	return sum.Say(r, "{sum} back")
}

// whereBothStand lists what each side asks or offers, and what support suggests, with the words that go with it.
func whereBothStand(v *bot.View, r *bot.Person) string {
	lines := []string{v.Say(r, "Where you both stand:")}
	if r.Party() == bot.Support {
		lines[0] = v.Say(r, "Where both stand:")
	}
	for _, which := range []string{"claim", "solution", "proposal"} {
		if v.Fact(which+"_kind") == "" {
			continue
		}
		note := ""
		if v.Fact(which+"_note") != "" {
			note = quoted(v, r, v.Fact(which+"_note"))
		}
		lines = append(lines, "• "+v.Sentences(r, solutionSaid(which)(v, r), note))
	}
	return strings.Join(lines, "\n")
}

// takingSettles says what it means to take what another has put forward; empty where there is nothing to take.
func takingSettles(v *bot.View, r *bot.Person) string {
	if r.Party() == bot.Buyer && !solutionThere.Holds(v) && !proposalThere.Holds(v) {
		return ""
	}
	return sayTo(v, r, bot.To{
		bot.Seller: "If you agree to what {buyer} asks for, that settles it for both of you.",
		bot.Here:   "If you take an offer, that settles it for both of you.",
	})
}

// talksSoFar is the news in the talks: who has said no, or put something new forward.
func talksSoFar(v *bot.View, r *bot.Person) string {
	news := v.Fact("last")
	if v.Event != nil && v.Event.Name == "claim_changed" {
		news = v.Event.Name
	}
	switch news {
	case "claim_refused":
		return sayTo(v.With(bot.Facts{"why": quoted(v, r, v.Fact("rejection"))}), r, bot.To{
			bot.Seller: "You said no: {why}", bot.Here: "{seller} said no: {why}",
		})
	case "claim_changed":
		return sayTo(
			v,
			r,
			bot.To{bot.Buyer: "I've told {seller} what you ask for now.", bot.Here: "{buyer} asks for something else now."},
		)
	case "solution_offered":
		return sayTo(v, r, told("{seller} has an offer for you.", "I've told {buyer} what you offer.", "{seller} has made an offer."))
	case "proposed":
		return sayTo(v, r, bot.To{
			bot.Support: "Support has suggested a solution.", bot.Here: "Our support team suggests a solution.",
		})
	}
	return ""
}

// rulingSaid is what support has decided, and why. Whoever it goes against is told so kindly; "final" says that nothing
// more can be done about it.
func rulingSaid(v *bot.View, r *bot.Person, final bool) string {
	outcome := saySum(v, r, "outcome", v.Fact("agreed_kind"), v.Fact("amount"))
	if v.Fact("ruling") == "nothing" {
		outcome = v.Say(r, "No money goes back.")
	}
	words := bot.To{
		bot.Buyer:   "{sorry} Our support team has decided. {outcome} Their reasons: {grounds_quoted}",
		bot.Seller:  "{sorry} Our support team has decided. {outcome} Their reasons: {grounds_quoted}",
		bot.Support: "Decided: {outcome} {grounds_quoted}",
	}
	if final {
		words[bot.Buyer] = "{sorry} Our support team has decided. {outcome} The decision is final; here is why: {grounds_quoted}"
		words[bot.Seller] = words[bot.Buyer]
	}
	return sayTo(v.With(bot.Facts{"outcome": outcome, "sorry": sorryFor(v, r)}), r, words)
}

// sorryFor is one honest sentence to the side that a ruling goes against; empty to the other.
func sorryFor(v *bot.View, r *bot.Person) string {
	nothing, part := v.Fact("ruling") == "nothing", v.Fact("ruling") == "part"
	switch {
	case r.Party() == bot.Buyer && part && amountOf(v, "amount").Less(amountOf(v, "claim_amount")):
		return v.Say(r, "I know this isn't all you hoped for.")
	case r.Party() == bot.Buyer && nothing, r.Party() == bot.Seller && !nothing:
		return v.Say(r, "I know this isn't what you hoped for.")
	}
	return ""
}

// settledHow is why things go ahead as they do, and what comes of it.
func settledHow(v *bot.View, r *bot.Person) string {
	switch agreed := v.Fact("agreed"); agreed {
	case "law":
		return lawTerm(v, r)
	case "policy_back":
		return sayTo(v, r, settledWords[agreed])
	case "claim", "silent", "policy":
		return v.Sentences(r, sayTo(v, r, settledWords[settledKey(v)]), solutionOutcome("claim")(v, r))
	case "solution", "policy_offer":
		return v.Sentences(r, sayTo(v, r, settledWords[agreed]), solutionOutcome("solution")(v, r))
	case "proposal":
		return v.Sentences(r, sayTo(v, r, settledWords[agreed]), solutionOutcome("proposal")(v, r))
	}
	return rulingSaid(v, r, true)
}

// refundWhy is why the shop sends the money now: the goods are back where they had to be first, or as it was settled.
func refundWhy(v *bot.View, r *bot.Person) string {
	if v.Fact("agreed") == "law" || !goodsFirst.Holds(v) {
		return settledHow(v, r)
	}
	return sayTo(v, r, bot.To{bot.Seller: "You have the goods back.", bot.Here: "{seller} has the goods back."})
}

// settledKey tells an agreement by phone from others.
func settledKey(v *bot.View) string {
	if v.Fact("agreed") == "claim" && v.Fact("by_phone") != "" {
		return "by_phone"
	}
	return v.Fact("agreed")
}

// settledWords say why things go ahead, by the fact "agreed".
var settledWords = map[string]bot.To{
	"claim":    {bot.Seller: "You have agreed.", bot.Here: "{seller} has agreed."},
	"by_phone": {bot.Seller: "You agreed by phone.", bot.Here: "{seller} agreed by phone."},
	"silent":   {bot.Seller: "You didn't answer in time.", bot.Here: "{seller} didn't answer in time."},
	"solution": told("You took the offer of {seller}.", "{buyer} took your offer.", "{buyer} took the offer of {seller}."),
	"proposal": {bot.Support: "What support suggested is agreed.", bot.Here: "What our support team suggested is agreed."},
	"policy": {
		bot.Buyer: "Our support team didn't decide within {support_verdict_time}. By this marketplace's rules you get " +
			"what you ask for.",
		bot.Here: "Nobody decided within {support_verdict_time}. By this marketplace's rules {buyer} gets what they ask for.",
	},
	"policy_offer": {
		bot.Seller: "Nobody decided within {support_verdict_time}. By this marketplace's rules your offer counts.",
		bot.Here:   "Nobody decided within {support_verdict_time}. By this marketplace's rules {seller}'s offer counts.",
	},
	"policy_back": {
		bot.Buyer: "Our support team didn't decide within {support_verdict_time}. By this marketplace's rules you get {amount} back.",
		bot.Here:  "Nobody decided within {support_verdict_time}. By this marketplace's rules {buyer} gets {amount} back.",
	},
}
