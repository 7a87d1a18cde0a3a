package flows

import "nevermind/bot"

// problem is the talk in which a buyer says what is wrong with goods that have left, or that they no longer want them,
// and what would put it right. They choose the problem and a solution, tell it in their own words, with photos if they
// like (S58), and see once more what it means before anything is sent. Goods that are only unwanted go back first (S06).
// It ends with the dispute opened, or with nothing sent.
var problem = bot.Flow{
	Name: "problem",
	About: "Goods that have shipped: what is wrong or no longer wanted, what the buyer asks, and a second look " +
		"before anything is sent.",
	Title: "{order_title}",
	Talk:  true,
	First: "choosing_problem",
	Starts: []bot.Way{
		{If: notBuyer, To: "explaining_party"}, {If: nothingShipped, To: "having_none"}, {If: noOrderNamed, To: "choosing_order"},
		{If: parcelUnnamed, To: "choosing_parcel"}, {If: caseOpen, To: "having_asked"},
		{If: disputeEnded, To: "explaining_verdict"}, {If: notLeft, To: "explaining_not_left"},
		{If: orderFrozen, To: "explaining_hold"},
		{If: orderOver, To: "explaining_over"}, {If: disputeTooLate, To: "explaining_too_late"},
		{If: tooEarly, To: "explaining_too_early"}, {If: contentsUnknown, To: "naming_amount"}, {If: notReceived, To: "telling_story"},
		{If: problemTold, To: "choosing_solution"}, // said at first: "the lamp came broken"
	},
	Before: []bot.Hear{hearFile, hearCommand},
	Hear:   []bot.Hear{hearOrder, hearHelp, hearIntent, hearMeaning},
	Always: with(talkAlways, bot.Moves{
		"problem_begun":         bot.Become("problem"),
		"problem_begun_unknown": bot.Become("problem").Saying(bot.To{bot.Here: "{order_unknown}"}).Rules("S25"),
	}),
	After: talkTimeout,
	Facts: []string{"number"},
	States: allStates(problemExplaining, choosingParcel, bot.States{
		"choosing_order": {
			Tell:  bot.To{bot.Here: "Which order is it about? Choose it here, or send its number or a link to it."},
			Light: true,
			List:  listOrders(hasLeft),
			Offer: bot.Offers{bot.Here: {more, back}},
			Hear:  []bot.Hear{hearOrder},
			Rules: []string{"S25"},
			Then: bot.Moves{
				"order_named": bot.Become("problem"),
				"page_turned": bot.Go("choosing_order").Learning(nextPage),
				"more_asked":  bot.Go("choosing_order").Learning(nextPage),
			},
		},
		// What is wrong. What can only be seen on unpacking is offered once the parcel is there.
		"choosing_problem": {
			Tell:  bot.To{bot.Here: "Of course. What happened? Pick what fits best. Nothing is sent yet.\n{dispute_clock}"},
			List:  listProblems,
			Offer: bot.Offers{bot.Here: {withdrawHere, back}},
			Rules: []string{"S06", "S07", "S14", "S57", "S59"},
			Then: bot.Moves{
				"problem_chosen": bot.If(unwanted, "choosing_way").ElseIf(tooEarly, "explaining_too_early").
					ElseIf(contentsUnknown, "naming_amount").ElseIf(notReceived, "telling_story").Else("choosing_solution").
					Learning(allBack),
				"went_back": bot.Go("kept"),
			},
		},
		// How unwanted goods come back: refused at the door, left uncollected, or sent (S63, S64, S66).
		"choosing_way": {
			Tell:  bot.To{bot.Here: "You get your money back once {seller} has the goods again. How will they get there?\n{ways}"},
			Offer: bot.Offers{bot.Here: {refuseAtDoor, leaveThere, sendBack, {Event: "went_back", Label: "Back"}}},
			Rules: []string{"S06", "S63", "S64", "S65", "S66", "Q4", "Q12"},
			Then: bot.Moves{
				"way_chosen": bot.Go("telling_story").Learning(backFirst),
				"went_back":  bot.Go("choosing_problem"),
			},
		},
		// A part of the money, all of it after a return, or all of it (S53, S56).
		"choosing_solution": {
			Tell:  bot.To{bot.Here: "What would put it right? You can get up to {refundable} back."},
			Offer: bot.Offers{bot.Here: {claimPart, claimReturn, claimAll, {Event: "went_back", Label: "Back"}}},
			Rules: []string{"S53", "S56"},
			Then: bot.Moves{
				"solution_chosen": bot.If(partAsked, "naming_amount").Else("telling_story"),
				"went_back":       bot.Go("choosing_problem"),
			},
		},
		// How much, if it is a part.
		"naming_amount": {
			Tell: bot.To{bot.Here: "How much should come back to you, in {currency}? At most {refundable}. " +
				"An amount that matches what is wrong is agreed to soonest."},
			Offer: bot.Offers{bot.Here: {{Event: "went_back", Label: "Back"}}},
			Hear:  []bot.Hear{hearClaim},
			Rules: []string{"S56"},
			Then: bot.Moves{
				"amount_named":   bot.Go("telling_story"),
				"amount_unclear": bot.Stay().Saying(bot.To{bot.Here: amountInTwoWays}),
				"amount_unfit": bot.Stay().Saying(
					bot.To{bot.Here: "Please write just an amount in {currency}: more than 0, and at most {refundable}."},
				),
				"went_back": bot.If(notReceived, "choosing_problem").Else("choosing_solution"),
			},
		},
		// The buyer's own words, and what proof would help (S46, S50, S52, S62).
		"telling_story": {
			Tell:  bot.To{bot.Here: "{story_ask}\n{what_helps}"},
			Offer: bot.Offers{bot.Here: {{Event: "went_back", Label: "Back"}}},
			Hear:  []bot.Hear{hearFilesAlong, hearWords("story_told", 1000)},
			Rules: []string{"S23", "S46", "S50", "S52", "S53", "S58", "S62"},
			Then: bot.Moves{
				"story_told": bot.Go("confirming").Learning(storyFacts),
				"files_brought": bot.Stay().Saying(bot.To{bot.Here: "Thank you: {files_here} will go along. " +
					"Now please tell me about it, in one message."}).Rules("S52", "S58"),
				"too_long":  bot.Stay().Saying(bot.To{bot.Here: tooLong}),
				"went_back": bot.Go("choosing_problem"),
			},
		},
		// The second look. Nothing has been sent so far.
		"confirming": {
			Tell: bot.To{bot.Here: "Please check before I send it to {seller}:\n\n• {problem}\n• {claim}\n{preview}\n" +
				"• Your words: {story_quoted}\n{files_along}\n\n{seller} has {dispute_answer_time} to answer. {if_no_answer}\n" +
				"{no_receipt} {way_conflict}"},
			Offer: bot.Offers{bot.Here: {
				{Event: "confirmed", Label: "Yes, send it", Style: bot.Primary},
				{Event: "went_back", Label: "Change something"},
				{Event: "order_kept", Label: "Don't send it"},
			}},
			Hear:  []bot.Hear{hearFilesAlong, hearYes("confirmed", "order_kept", sending)},
			Rules: []string{"S22", "S57", "S63", "S65", "S67", "S81", "S82", "Q7", "Q10", "Q12"},
			Then: bot.Moves{
				"confirmed":     bot.Go("sent").Asking(openDispute),
				"files_brought": bot.Go("confirming").Rules("S52"),
				"went_back":     bot.Go("choosing_problem"),
				"order_kept":    bot.Go("kept"),
			},
		},
		"following": {Tell: bot.To{bot.Here: followingSaid}},
		"sent":      {Tell: bot.To{bot.Here: "Thank you, I'm on it."}},
		"kept":      {Tell: bot.To{bot.Here: "All right, nothing was sent and nothing has changed."}},
		"shown":     {Tell: bot.To{bot.Here: "Here it is."}},
	}),
}
