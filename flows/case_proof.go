package flows

import "nevermind/bot"

// The seller may ask the buyer to show something before they answer, such as what is wrong, or a better offer (S50). It
// is a question like any other: nobody has to, and no clock stops for it.
var (
	askProofInCase = bot.Choice{
		Event: "proof_asked", Label: "Ask for proof", When: sellerReachable,
		Form: letter("What would you like {buyer} to show you? They'll read it exactly as you write it."),
	}
	proofAskedInCase = bot.Stay().Quoting(bot.To{
		bot.Buyer: "{seller} would like to see something first. Photos or files often help:",
		bot.Here:  "I've asked {buyer}. {next_says}",
	}, proofAnswers).Rules("S50")

	// proofAnswers stand below the question.
	proofAnswers = map[bot.Party][]bot.Choice{bot.Buyer: {addFiles, answers[bot.Buyer][0]}}
)
