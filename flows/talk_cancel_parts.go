package flows

import "nevermind/bot"

// cancelParts are the states in which a buyer says that only some of an order is to be cancelled (S20): which lines, and how
// many of a line that the shop counts. They are reached from the last look, and lead back to it.
var cancelParts = bot.States{
	"choosing_lines": {
		Tell: bot.To{bot.Here: "{which_lines}"},
		List: listLines,
		Offer: bot.Offers{bot.Here: {
			{Event: "lines_chosen", Label: "Only the marked ones", Style: bot.Primary, When: linesMarked},
			{Event: "all_chosen", Label: "All of it"},
			back,
		}},
		Hear:  []bot.Hear{hearParts},
		Rules: []string{"S20"},
		Then: with(partsChosen, bot.Moves{
			"parts_named": bot.Go("choosing_lines").Learning(takeWanted),
			"line_marked": bot.If(askHowMany, "choosing_quantity").Else("choosing_lines").Learning(markLine),
		}),
	},
	// How many of a line that the shop counts.
	"choosing_quantity": {
		Tell:  bot.To{bot.Here: "{how_many}"},
		List:  listQuantities,
		Offer: bot.Offers{bot.Here: {back}},
		Hear:  []bot.Hear{hearQuantity},
		Rules: []string{"S20"},
		Then: bot.Moves{
			"quantity_chosen": bot.If(partOpen, "choosing_rest").Else("choosing_lines").Learning(quantityFacts),
			"quantity_unfit":  bot.Stay().Saying(bot.To{bot.Here: "There aren't that many. {how_many}"}),
			"went_back":       bot.If(partOpen, "choosing_rest").Else("choosing_lines").Learning(setFact("line", "")),
		},
	},
	// A part of the order has left, and cannot be cancelled any more; the rest can (S06).
	"choosing_rest": {
		Tell: bot.To{bot.Here: "On its way, so it can no longer be cancelled: {on_its_way}.\nNot shipped yet: {not_left}.\n\n" +
			"Mark what you no longer want."},
		List: listLines,
		Offer: bot.Offers{bot.Here: {
			{Event: "lines_chosen", Label: "Only the marked ones", Style: bot.Primary, When: linesMarked},
			{Event: "all_chosen", Label: "All that has not shipped"},
			{Event: "problem_begun", Label: returnOrReport},
			back,
		}},
		Hear:  []bot.Hear{hearParts},
		Rules: []string{"S06", "S07", "S20", "Q4"},
		Then: with(partsChosen, bot.Moves{
			"parts_named": bot.Go("choosing_rest").Learning(takeWanted),
			"line_marked": bot.If(askHowMany, "choosing_quantity").Else("choosing_rest").Learning(markLine),
		}),
	},
}

// partsChosen leads back to the last look; who stood here in an older version, without a reason, is asked for one.
var partsChosen = bot.Moves{
	"all_chosen":   bot.If(reasonKnown, "confirming").Else("choosing_reason").Learning(chooseAll),
	"lines_chosen": bot.If(reasonKnown, "confirming").Else("choosing_reason").Learning(takeMarked),
	"went_back":    bot.If(reasonKnown, "confirming").Else("kept").Learning(restFacts),
	"parts_unfit":  bot.Stay().Saying(bot.To{bot.Here: "{wanted_unfit}"}),
}
