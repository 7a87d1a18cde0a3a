package flows

import "nevermind/bot"

// askProof is how a seller asks the buyer to show what they say, before answering (S50). The time to answer runs on.
var askProof = bot.Choice{Event: "proof_asked", Label: "Ask for proof", Form: proofForm, When: undecided}

// proofForm asks what the buyer should show: what is missing from their checklist, or anything else, in words.
func proofForm(v *bot.View) []bot.Field {
	what := bot.Field{Name: "proof_wanted", Kind: bot.OneOf, Ask: "What should {buyer} show?"}
	for _, s := range missingEvidence(v, bot.Buyer) {
		what.Options = append(what.Options, bot.Option{Value: s.ID, Label: s.Label})
	}
	words := bot.Field{
		Name: "text", Kind: bot.Text, Limit: 600, Ask: "What should {buyer} show? They'll read it exactly as you write it.",
	}
	if len(what.Options) == 0 {
		return []bot.Field{words}
	}
	what.Options = append(what.Options, bot.Option{Value: "typed", Label: "Something else"})
	words.If = "proof_wanted=typed"
	return []bot.Field{what, words}
}

// proofAskedFor passes it on. Nothing moves: a buyer who shows nothing has still said what is wrong.
var proofAskedFor = bot.Stay().Learning(setFact("proof_wanted", "")).Quoting(bot.To{
	bot.Buyer: "{proof_asked}", bot.Here: "I've asked {buyer}. {time_runs_on}",
}, map[bot.Party][]bot.Choice{bot.Buyer: {addFiles}}).Rules("S50", "S58")

// proofAsked tells a buyer what the seller would like to see.
func proofAsked(v *bot.View, r *bot.Person) string {
	for _, s := range checklistFor(v, bot.Buyer) {
		if s.ID == v.Event.Facts["proof_wanted"] {
			return v.With(bot.Facts{"proof": v.Say(r, s.Ask)}).Say(r, "Before they answer, {seller} would like to see this: {proof}. "+
				"You don't have to, but it makes your case stronger.")
		}
	}
	return v.Say(r, "Before they answer, {seller} asks you for proof. You don't have to send any, but it makes your case stronger.")
}

// timeRunsOn tells a seller that asking wins no time; empty where no time to answer runs.
func timeRunsOn(v *bot.View, r *bot.Person) string {
	if v.Frame.State != "awaiting_seller" {
		return ""
	}
	return v.Say(r, "Your own time to answer runs on: please answer by {dispute_answer}.")
}
