package flows

import "nevermind/bot"

// The buttons of support in a dispute: a ruling, or a solution that each side can take.
var (
	ruleAll = bot.Choice{
		Event: "ruled", Facts: bot.Facts{"ruling": "all"}, Label: "Full refund", When: mayDecide, Style: bot.Primary,
		Form: rulingForm("{buyer} gets {refundable} back and keeps the goods."),
	}
	rulePart = bot.Choice{
		Event: "ruled", Facts: bot.Facts{"ruling": "part"}, Label: "Partial refund", When: mayDecide,
		Form: func(v *bot.View) []bot.Field {
			howMuch := bot.Field{
				Name: "ruled_amount", Kind: bot.Amount, Max: v.Order.Refundable(),
				Ask: "How much should go back, in {currency}? It should match what is wrong. At most {refundable}.",
			}
			return append([]bot.Field{howMuch}, rulingForm("{buyer} gets that back and keeps the goods.")(v)...)
		},
	}
	ruleReturn = bot.Choice{
		Event: "ruled", Facts: bot.Facts{"ruling": "return"}, Label: "Refund after a return", When: mayDecide,
		Form: rulingForm("{buyer} gets {refundable} back once {seller} has the goods."),
	}
	ruleNothing = bot.Choice{
		Event: "ruled", Facts: bot.Facts{"ruling": "nothing"}, Label: "Refuse", When: mayDecide, Style: bot.Danger,
		Form: rulingForm("No money goes back."),
	}
	propose = bot.Choice{
		Event: "proposed", Label: "Suggest a solution", When: mayDecide,
		Form: solutionForm("proposal", "What do you suggest? Each side can take it."),
	}
)

// rulingForm asks for the grounds, and once more below what both sides will read.
func rulingForm(what string) bot.Form {
	return func(*bot.View) []bot.Field {
		return []bot.Field{grounds, {
			Name: "sure", Kind: bot.Sure, Ask: "{will_read}{others_hold}" + what + " {undo_after} Decide this?",
			Options: yesNo("Yes, decide this"),
		}}
	}
}
