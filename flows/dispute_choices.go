package flows

import "nevermind/bot"

// The buttons of buyer and seller in a dispute. To take a solution, whoever made it, is one event; its fact "taken" says
// which of the three it is. Each asks once more whether it is meant, since it settles the dispute for both.
var (
	agreeClaim = bot.Choice{
		Event: "solution_taken", Facts: bot.Facts{"taken": "claim"}, Label: "Agree: {claim_short}", When: undecided,
		Style: bot.Primary,
		Form:  sure("You agree to what {buyer} asks: {claim}. That settles it for both sides. Go on?", "Yes, I agree"),
	}
	offerSolution = bot.Choice{
		Event: "solution_offered", Label: "Offer a solution", Form: solutionForm("solution", "What do you offer?"),
	}
	refuseClaim  = bot.Choice{Event: "claim_refused", Label: "Refuse", Form: rejection("{buyer}")}
	takeSolution = bot.Choice{
		Event: "solution_taken", Facts: bot.Facts{"taken": "solution"}, Label: "Take the seller's: {solution_short}",
		When: solutionThere, Style: bot.Primary,
		Form: sure("You take what {seller} offers: {solution}. That settles it for both sides. Go on?", "Yes, take it"),
	}
	takeProposal = bot.Choice{
		Event: "solution_taken", Facts: bot.Facts{"taken": "proposal"}, Label: "Take support's: {proposal_short}",
		When: proposalThere, Style: bot.Primary,
		Form: sure("You take what support suggests: {proposal}. That settles it for both sides. Go on?", "Yes, take it"),
	}
	changeClaim = bot.Choice{
		Event: "claim_changed", Label: "Change what I ask", Form: solutionForm("claim", "What do you ask now?"),
	}
	changeClaimNow = bot.Choice{
		Event: "claim_changed", Label: "Change what I ask", When: undecided,
		Form: solutionForm("claim", "What do you ask now?"),
	}
	withdrawDispute = bot.Choice{
		Event: "withdrawn", Label: "Withdraw the case", When: undecided,
		Form: sure("Withdraw the case? Nothing goes back then.{open_again}", "Yes, withdraw it"),
	}
	appealIt = bot.Choice{
		Event: "appealed", Label: "Ask to look again",
		Form: letter("What was overlooked? Say what is new; support reads it as it is."),
	}
	refusedIt = bot.Choice{
		Event: "return_left", Label: "I have refused it", When: cond("it is to be refused at the door", func(v *bot.View) bool {
			return v.Fact("way") == "refuse" && v.Fact("left") == "" && undecided.Holds(v)
		}),
	}
	haveIt     = bot.Choice{Event: "parcel_came", Label: "It has reached me after all", When: comesBackItself}
	sayAddress = bot.Choice{Event: "address_given", Label: "Say where it goes back to", Form: addressForm, When: addressMissing}
	leftIt     = bot.Choice{
		Event: "return_left", Label: "{left_label}", When: comesBackItself,
		Form: sure("{left_sure} Once {seller} has it, {amount} comes back. Go on?", "Yes, that is so"),
	}
	parcelBack = bot.Choice{
		Event: "parcel_back", Label: "The parcel is back", Style: bot.Primary,
		Form: sure("You say that you have the parcel and that it is in order. {amount} then goes back to {buyer}. Go on?",
			"Yes, it is here"),
	}
	parcelWrong = bot.Choice{Event: "parcel_wrong", Label: "It is back, but not right", Form: func(*bot.View) []bot.Field {
		return []bot.Field{{
			Name: "parcel_fault", Kind: bot.Text, Ask: "What is wrong with it? Support and {buyer} will read this.", Limit: 600,
		}}
	}}
	sentBack = bot.Choice{Event: "return_sent", Label: "I have sent it", Style: bot.Primary, Form: func(*bot.View) []bot.Field {
		return []bot.Field{
			{
				Name: "return_code", Kind: bot.Code,
				Ask: "Which tracking code is on the carrier's receipt? It is your proof that you sent it.",
			},
			{Name: "return_carrier", Kind: bot.Text, Optional: true, Limit: 60, Ask: "Which carrier has it? Or leave it out."},
		}
	}}
)

// solutionForm asks for a solution: what becomes of the goods, and how much goes back.
func solutionForm(name, ask string) bot.Form {
	return func(v *bot.View) []bot.Field {
		return []bot.Field{
			{Name: name + "_kind", Kind: bot.OneOf, Ask: ask, Options: []bot.Option{
				{Value: "keep", Label: "Money back, goods kept"},
				{Value: "return", Label: "Goods go back, then the money"},
			}},
			{
				Name: name + "_amount", Kind: bot.Amount, Max: v.Order.Refundable(), Optional: true,
				Ask: "How much goes back, in {currency}? Leave it out for all of {refundable}.",
			},
			{
				Name: name + "_note", Kind: bot.Text, Optional: true, Limit: 300,
				Ask: "Why so? A word helps the others to say yes; they read it as it is. Or leave it out.",
			},
		}
	}
}

// What lies on the table, and what follows from it. None of it can be taken while a refund is stuck.
var (
	solutionThere = cond("the seller has offered a solution", func(v *bot.View) bool {
		return v.Fact("solution_kind") != "" && undecided.Holds(v)
	})
	proposalThere = cond("support has suggested a solution", func(v *bot.View) bool {
		return v.Fact("proposal_kind") != "" && undecided.Holds(v)
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
