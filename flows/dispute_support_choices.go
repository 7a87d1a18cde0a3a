package flows

import "nevermind/bot"

// The buttons of support in a dispute: a ruling, or a solution that each side can take.
var (
	ruleAll = bot.Choice{
		Event: "ruled", Facts: bot.Facts{"ruling": "all"}, Label: "Full refund", When: mayDecide, Style: bot.Primary,
		Form: rulingForm(
			"{will_read}{others_hold}{buyer} gets {refundable} back and keeps the goods. {undo_after} Decide this?",
			"{will_read}{others_hold}{buyer} gets {refundable} back. {undo_after} Decide this?",
		),
	}
	rulePart = bot.Choice{
		Event: "ruled", Facts: bot.Facts{"ruling": "part"}, Label: "Partial refund", When: mayDecide,
		Form: func(v *bot.View) []bot.Field {
			howMuch := bot.Field{
				Name: "ruled_amount", Kind: bot.Amount, Max: mostBack(v),
				Ask: "How much should go back, in {currency}? It should match what is wrong. At most {refundable}.",
			}
			return append([]bot.Field{howMuch},
				rulingForm(
					"{will_read}{others_hold}{buyer} gets that back and keeps the goods. {undo_after} Decide this?",
					"{will_read}{others_hold}{buyer} gets that back. {undo_after} Decide this?",
				)(v)...)
		},
	}
	ruleReturn = bot.Choice{
		Event: "ruled", Facts: bot.Facts{"ruling": "return"}, Label: "Refund after a return",
		When: cond("no money is stuck, no decision is held, and there are goods to return", func(v *bot.View) bool {
			return mayDecide.Holds(v) && v.Fact("problem") != "not_received"
		}),
		Form: rulingForm(
			"{will_read}{others_hold}{buyer} gets {refundable} back once {seller} has the goods. {undo_after} Decide this?",
			"",
		),
	}
	ruleNothing = bot.Choice{
		Event: "ruled", Facts: bot.Facts{"ruling": "nothing"}, Label: "Refuse", When: mayDecide, Style: bot.Danger,
		Form: rulingForm(
			"{will_read}{others_hold}No money goes back. {undo_after} Decide this?",
			"{will_read}{others_hold}No money goes back. {undo_after} Decide this?",
		),
	}
	propose = bot.Choice{
		Event: "proposed", Label: "Suggest a solution", When: maySuggest,
		Form: solutionForm("proposal", "What do you suggest? Each side can take it."),
	}
)

// maySuggest: whoever takes a suggestion sends the money on its way, so one person may suggest only what one may decide. Above
// that support decides, and a second person confirms it.
var maySuggest = cond("support may decide, and one person may about all of it", func(v *bot.View) bool {
	return mayDecide.Holds(v) && !needsSecondAgent(v, mostBack(v))
})

// rulingForm asks for the reasons, and once more below what both sides will read: what comes of it, where the buyer has
// goods and where nothing has come.
func rulingForm(asks, withoutGoods string) bot.Form {
	return func(v *bot.View) []bot.Field {
		ask := asks
		if v.Fact("problem") == "not_received" {
			ask = withoutGoods
		}
		return []bot.Field{grounds, {
			Name: "sure", Kind: bot.Sure, Ask: ask,
			Options: yesNo("Yes, decide this"),
		}}
	}
}
