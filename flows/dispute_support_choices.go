package flows

import "nevermind/bot"

// The buttons of support in a dispute: a ruling, or a solution that each side can take.
var (
	ruleAll = bot.Choice{
		Event: "ruled", Facts: bot.Facts{"ruling": "all"}, Label: "All the money back", When: mayDecide, Style: bot.Primary,
		Form: func(*bot.View) []bot.Field {
			return []bot.Field{grounds, confirmRuling("{refundable} goes back, and the goods stay where they are. Decide so?")}
		},
	}
	rulePart = bot.Choice{
		Event: "ruled", Facts: bot.Facts{"ruling": "part"}, Label: "Part of the money", When: mayDecide,
		Form: func(v *bot.View) []bot.Field {
			return []bot.Field{
				{
					Name: "ruled_amount", Kind: bot.Amount,
					Ask: "How much goes back, in proportion to what is wrong? At most {refundable}.", Max: v.Order.Refundable(),
				},
				grounds,
				confirmRuling("The buyer keeps the goods. Decide so?"),
			}
		},
	}
	ruleReturn = bot.Choice{
		Event: "ruled", Facts: bot.Facts{"ruling": "return"}, Label: "Money after the return", When: mayDecide,
		Form: func(*bot.View) []bot.Field {
			return []bot.Field{
				grounds, confirmRuling("The buyer sends it back, and {refundable} goes back once the seller has it. Decide so?"),
			}
		},
	}
	ruleNothing = bot.Choice{
		Event: "ruled", Facts: bot.Facts{"ruling": "nothing"}, Label: "Refuse", When: mayDecide, Style: bot.Danger,
		Form: func(*bot.View) []bot.Field {
			return []bot.Field{grounds, confirmRuling("Nothing goes back. Decide so?")}
		},
	}
	propose = bot.Choice{
		Event: "proposed", Label: "Suggest a solution", When: mayDecide,
		Form: solutionForm("proposal", "What do you suggest? Each side can take it."),
	}
)

// confirmRuling asks once more before a ruling, below what both sides will read.
func confirmRuling(what string) bot.Field {
	return bot.Field{Name: "sure", Kind: bot.Sure, Ask: "{will_read}{others_hold}" + what, Options: yesNo("Yes, decide so")}
}
