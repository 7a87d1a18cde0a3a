package flows

import "nevermind/bot"

// The buttons of buyer and seller in a dispute. To take a solution, whoever made it, is one event; its fact "taken" says
// which of the three it is. Each asks once more whether it is meant, since it settles the dispute for both.
var (
	agreeClaim = bot.Choice{
		Event: "solution_taken", Facts: bot.Facts{"taken": "claim"}, Label: "Agree: {claim_short}", When: undecided,
		Style: bot.Primary,
		Form:  sure("{claim_outcome} That settles it for both of you. Do you agree?", "Yes, I agree"),
	}
	offerSolution = bot.Choice{
		Event: "solution_offered", Label: "Make an offer", Form: solutionForm("solution", "What do you offer?"),
	}
	refuseClaim  = bot.Choice{Event: "claim_refused", Label: "Say no", Form: rejection}
	takeSolution = bot.Choice{
		Event: "solution_taken", Facts: bot.Facts{"taken": "solution"}, Label: "Take the offer: {solution_short}",
		When: solutionThere, Style: bot.Primary,
		Form: sure("{solution_outcome} That settles it for both of you. Take the offer?", "Yes, take it"),
	}
	takeProposal = bot.Choice{
		Event: "solution_taken", Facts: bot.Facts{"taken": "proposal"}, Label: "Take support's: {proposal_short}",
		When: proposalThere, Style: bot.Primary,
		Form: sure("{proposal_outcome} That settles it for both of you. Take it?", "Yes, take it"),
	}
	changeClaim = bot.Choice{
		Event: "claim_changed", Label: "Change what I ask for", Form: solutionForm("claim", "What would you like instead?"),
	}
	changeClaimNow = bot.Choice{
		Event: "claim_changed", Label: "Change what I ask for", When: undecided,
		Form: solutionForm("claim", "What would you like instead?"),
	}
	withdrawDispute = bot.Choice{
		Event: "withdrawn", Label: "Withdraw the case", When: undecided,
		Form: sure("Withdraw the case? You then get no money back. {open_again}", "Yes, withdraw it"),
	}
	appealIt = bot.Choice{
		Event: "appealed", Label: "Ask for another look",
		Form: letter("What was overlooked? Say what is new. Our support team reads it exactly as you write it."),
	}
	refusedIt = bot.Choice{
		Event: "return_left", Label: "I have refused it", When: cond("it is to be refused at the door", func(v *bot.View) bool {
			return v.Fact("way") == "refuse" && v.Fact("left") == "" && undecided.Holds(v)
		}),
	}
	haveIt     = bot.Choice{Event: "parcel_came", Label: "It has reached me after all", When: comesBackItself}
	sayAddress = bot.Choice{Event: "address_given", Label: "Give the return address", Form: addressForm, When: addressMissing}
	leftIt     = bot.Choice{
		Event: "return_left", Label: "{left_label}", When: comesBackItself,
		Form: sure("{left_sure} Once {seller} has it, you get {amount} back. Is that right?", "Yes, that's right"),
	}
	parcelBack = bot.Choice{
		Event: "parcel_back", Label: "The parcel is back", Style: bot.Primary,
		Form: sure("Do you have the parcel, and is it in order? If you say yes, {amount} goes back to {buyer}.", "Yes, it's here"),
	}
	parcelWrong = bot.Choice{Event: "parcel_wrong", Label: "It's back, but not right", Form: func(*bot.View) []bot.Field {
		return []bot.Field{{
			Name: "parcel_fault", Kind: bot.Text, Limit: 600,
			Ask: "What's wrong with it? {buyer} and our support team will read this. Photos from while you unpacked it help you most.",
		}}
	}}
	sentBack = bot.Choice{Event: "return_sent", Label: "I have sent it", Style: bot.Primary, Form: func(*bot.View) []bot.Field {
		return []bot.Field{
			{
				Name: "return_code", Kind: bot.Code,
				Ask: "Which tracking code is on the carrier's receipt? It proves that you sent it.",
			},
			{Name: "return_carrier", Kind: bot.Text, Optional: true, Limit: 60, Ask: "Which carrier has it? You can leave this out."},
		}
	}}
)

// solutionForm asks for a solution: what becomes of the goods, where there are any, and how much goes back.
func solutionForm(name, ask string) bot.Form {
	return func(v *bot.View) []bot.Field {
		words := solutionAsks[name]
		fields := []bot.Field{
			{Name: name + "_kind", Kind: bot.OneOf, Ask: ask, Options: []bot.Option{
				{Value: "keep", Label: words.keep}, {Value: "return", Label: words.giveBack},
			}},
			{Name: name + "_amount", Kind: bot.Amount, Max: mostBack(v), Optional: true, Ask: words.howMuch},
			{
				Name: name + "_note", Kind: bot.Text, Optional: true, Limit: 300,
				Ask: "Add a short reason? It helps them say yes.",
			},
		}
		if v.Fact("problem") == "not_received" {
			return fields[1:]
		}
		return fields
	}
}

// solutionAsks are the words by which each of the three is asked for.
var solutionAsks = map[string]struct{ keep, giveBack, howMuch string }{
	"claim": {"Money back, and I keep it", "Send it back for a refund",
		"How much should come back to you, in {currency}? Leave it out to ask for all {refundable}."},
	"solution": {"Refund, and they keep it", "Refund after a return",
		"How much do you offer to pay back, in {currency}? Leave it out to offer all {refundable}."},
	"proposal": {"Refund, and they keep it", "Refund after a return",
		"How much should go back, in {currency}? Leave it out for all {refundable}."},
}

// What each has put forward, and what follows from it. None of it can be taken while a refund is stuck.
var (
	solutionThere = cond("the seller has offered a solution", func(v *bot.View) bool {
		return v.Fact("solution_kind") != "" && undecided.Holds(v)
	})
	proposalThere = cond("support has suggested a solution", func(v *bot.View) bool {
		return v.Fact("proposal_kind") != "" && undecided.Holds(v) && !needsSecondAgent(v, solutionAmount(v, "proposal"))
	})
	silenceAsksSupport = cond("dispute_silence = support", func(v *bot.View) bool {
		return v.Policy.Choices["dispute_silence"] == "support"
	})
	addressMissing = cond("goods are to be sent, and nobody has said where to", func(v *bot.View) bool {
		return goodsFirst.Holds(v) && returnAddress(v) == "" && v.Fact("way") == "" && v.Fact("return_code") == ""
	})
	goodsFirst      = factIs("agreed_kind", "return")
	comesBackItself = cond("the parcel goes back by itself", func(v *bot.View) bool { return v.Fact("way") != "" })
	ruledAgainst    = factIs("ruling", "nothing")
	mayAppeal       = cond("policy has an appeal", func(v *bot.View) bool {
		return !v.Policy.Appeal.IsZero() && v.Fact("appealed") == ""
	})
)
