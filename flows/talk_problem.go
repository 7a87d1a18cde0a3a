package flows

import "nevermind/bot"

// problem is the talk in which a buyer says what is wrong with goods that have left, and what they ask.
var problem = bot.Flow{
	Name: "problem",
	About: "Goods that have shipped: what is wrong or no longer wanted, what the buyer asks, and a second look " +
		"before anything is sent.",
	Title: "{order_title}",
	Talk:  true,
	First: "choosing_problem",
	Starts: []bot.Way{
		{If: notBuyer, To: "explaining_party"}, {If: nothingShipped, To: "having_none"}, {If: noOrderNamed, To: "choosing_order"},
		{If: caseOpen, To: "having_asked"},
		{If: disputeEnded, To: "explaining_verdict"}, {If: notLeft, To: "explaining_not_left"},
		{If: orderFrozen, To: "explaining_hold"},
		{If: orderOver, To: "explaining_over"}, {If: disputeTooLate, To: "explaining_too_late"},
	},
	Before: []bot.Hear{hearFile, hearCommand},
	Hear:   []bot.Hear{hearOrder, hearHelp, hearIntent},
	Always: with(talkAlways, bot.Moves{"problem_begun": bot.Become("problem")}),
	After:  talkTimeout,
	Facts:  []string{"number"},
	States: bot.States{
		"choosing_order": {
			Tell:  bot.To{bot.Here: "Which order is it about? Choose it here, or send its number or a link to it."},
			Light: true,
			List:  listOrders(hasLeft),
			Offer: bot.Offers{bot.Here: {more, back}},
			Hear:  []bot.Hear{hearOrder},
			Rules: []string{"S25"},
			Then:  bot.Moves{"order_named": bot.Become("problem"), "more_asked": bot.Go("choosing_order").Learning(nextPage)},
		},
		"having_none": {
			Tell: bot.To{bot.Here: "I see no order of yours that has left a seller. " +
				"If you mean another one, send me its number or a link to it."},
			Light: true,
			Offer: bot.Offers{bot.Here: {myOrders, aPerson, back}},
			Then:  bot.Moves{"order_named": bot.Become("problem")},
		},
		"explaining_party": {
			Tell: bot.To{bot.Here: "Only the buyer can open a case about goods. Cases that concern you come to this chat, " +
				"and “my requests” shows them."},
			Light: true,
			Offer: bot.Offers{bot.Here: {back}},
			Then:  bot.Moves{"went_back": bot.Leave()},
		},
		"explaining_not_left": {
			Tell:  bot.To{bot.Here: "This order has not left the seller yet. {stage_now}"},
			Light: true,
			Offer: bot.Offers{bot.Here: {
				{Event: "cancel_asked", Label: "Cancel this order", Style: bot.Primary, When: mayStillCancel},
				aPerson,
				back,
			}},
			Rules: []string{"S14", "S18"},
			Then:  bot.Moves{"cancel_asked": bot.Become("cancel")},
		},
		"explaining_over": {
			Tell:  bot.To{bot.Here: "{problem_over}"},
			Light: true,
			Offer: bot.Offers{bot.Here: {aPerson, back}},
			Rules: []string{"S26", "S57", "S59"},
			Then:  bot.Moves{"went_back": bot.Leave()},
		},
		"explaining_hold": {
			Tell:  bot.To{bot.Here: "The shop has put this order on hold, so only our support team can say what comes next."},
			Light: true,
			Offer: bot.Offers{bot.Here: {aPerson, back}},
			Then:  bot.Moves{"went_back": bot.Leave()},
		},
		"explaining_too_late": {
			Tell: bot.To{bot.Here: "A case about this order could be opened until {dispute_until}. " +
				"That has passed, and it is not opened again afterwards. You can still write to {seller}, and a person can " +
				"look at anything unusual."},
			Light: true,
			Offer: bot.Offers{bot.Here: {aPerson, back}},
			Rules: []string{"S57", "S59"},
			Then:  bot.Moves{"went_back": bot.Leave()},
		},
		"explaining_verdict": {
			Tell: bot.To{bot.Here: "There has been a case about this order, and it is closed for good: {dispute_end}. " +
				"If something new has come up, a person can look at it."},
			Light: true,
			Offer: bot.Offers{bot.Here: {aPerson, back}},
			Rules: []string{"S59"},
			Then:  bot.Moves{"went_back": bot.Leave()},
		},
		"having_asked": {
			Tell:  bot.To{bot.Here: "Something is open about this order already. Shall I show you where it stands?"},
			Light: true,
			Offer: bot.Offers{bot.Here: {{Event: "case_picked", Label: "Show my request", Style: bot.Primary}, back}},
			Then:  bot.Moves{"case_picked": bot.Go("shown").Asking(askOpenCase)},
		},
		"choosing_problem": {
			Tell: bot.To{bot.Here: "I am sorry that something is wrong. What is it? Please choose what is true; I show you what it " +
				"means before anything is sent. {dispute_clock}"},
			List:  listProblems,
			Offer: bot.Offers{bot.Here: {withdrawHere, back}},
			Rules: []string{"S06", "S07", "S14", "S57", "S59"},
			Then: bot.Moves{
				"problem_chosen": bot.If(unwanted, "choosing_way").ElseIf(tooEarly, "explaining_too_early").
					ElseIf(notReceived, "telling_story").Else("choosing_solution").Learning(allBack),
				"went_back": bot.Go("kept"),
			},
		},
		"explaining_too_early": {
			Tell: bot.To{bot.Here: "It left {shipped_on}, and may still be on its way: a case because it has not come can be opened " +
				"from {dispute_from_day}. {tracking} {dispute_clock}"},
			Light: true,
			Offer: bot.Offers{bot.Here: {
				{Event: "watch_asked", Label: "Tell me when it can", Style: bot.Primary},
				{Event: "letter_asked", Label: "Write to the seller"},
				aPerson,
				back,
			}},
			Rules: []string{"S57"},
			Then: bot.Moves{
				"watch_asked":  bot.Go("following").Asking(askClaimWatch),
				"letter_asked": bot.Become("order_stage"),
				"went_back":    bot.Go("choosing_problem"),
			},
		},
		"choosing_way": {
			Tell: bot.To{bot.Here: "Once it has left, the money comes back only after {seller} has the goods again. " +
				"{ways} Which will it be?"},
			Offer: bot.Offers{bot.Here: {refuseAtDoor, leaveThere, sendBack, {Event: "went_back", Label: "Back"}}},
			Rules: []string{"S06", "S63", "S64", "S65", "S66", "Q4", "Q12"},
			Then: bot.Moves{
				"way_chosen": bot.Go("telling_story").Learning(backFirst),
				"went_back":  bot.Go("choosing_problem"),
			},
		},
		"choosing_solution": {
			Tell:  bot.To{bot.Here: "What would put it right? At most {refundable} can come back."},
			Offer: bot.Offers{bot.Here: {claimPart, claimReturn, claimAll, {Event: "went_back", Label: "Back"}}},
			Rules: []string{"S53", "S56"},
			Then: bot.Moves{
				"solution_chosen": bot.If(partAsked, "naming_amount").Else("telling_story"),
				"went_back":       bot.Go("choosing_problem"),
			},
		},
		"naming_amount": {
			Tell: bot.To{bot.Here: "How much should come back, in {currency}? At most {refundable}. " +
				"What matches the damage is agreed to soonest."},
			Offer: bot.Offers{bot.Here: {{Event: "went_back", Label: "Back"}}},
			Hear:  []bot.Hear{hearClaim},
			Rules: []string{"S56"},
			Then: bot.Moves{
				"amount_named": bot.Go("telling_story"),
				"amount_unfit": bot.Stay().Saying(bot.To{bot.Here: "Please write only an amount in {currency}: more than nothing, " +
					"and {refundable} at most."}),
				"went_back": bot.Go("choosing_solution"),
			},
		},
		"telling_story": {
			Tell:  bot.To{bot.Here: "{story_ask} {what_helps}"},
			Offer: bot.Offers{bot.Here: {{Event: "went_back", Label: "Back"}}},
			Hear:  []bot.Hear{hearFilesAlong, hearWords("story_told", 1000)},
			Rules: []string{"S23", "S46", "S50", "S52", "S53", "S58", "S62"},
			Then: bot.Moves{
				"story_told": bot.Go("confirming").Learning(storyFacts),
				"files_brought": bot.Stay().Saying(bot.To{bot.Here: "I have {files_here}, and it goes along. " +
					"Now your words, please, in one message."}).Rules("S52", "S58"),
				"too_long":  bot.Stay().Saying(bot.To{bot.Here: tooLong}),
				"went_back": bot.Go("choosing_problem"),
			},
		},
		"confirming": {
			Tell: bot.To{bot.Here: "Please check before I send it to {seller}:\n\n• What: {problem}\n• You ask: {claim}\n{preview}\n" +
				"• Your words: {story_quoted}{files_along}\n\n{seller} has {dispute_answer_time} to answer. " +
				"If they do not, {on_dispute_silence}. " +
				"If you two cannot agree, support decides.{no_receipt}{way_conflict}"},
			Offer: bot.Offers{bot.Here: {
				{Event: "confirmed", Label: "Yes, send it", Style: bot.Primary},
				{Event: "went_back", Label: "Change something"},
				keepOrder,
			}},
			Hear:  []bot.Hear{hearFilesAlong},
			Rules: []string{"S22", "S57", "S63", "S65", "S67", "S81", "S82", "Q7", "Q10", "Q12"},
			Then: bot.Moves{
				"confirmed":     bot.Go("sent").Asking(openDispute),
				"files_brought": bot.Go("confirming").Rules("S52"),
				"went_back":     bot.Go("choosing_problem"),
				"order_kept":    bot.Go("kept"),
			},
		},
		"following": {Tell: bot.To{bot.Here: followingSaid}},
		"sent":      {Tell: bot.To{bot.Here: "Thank you, I am on it."}},
		"kept":      {Tell: bot.To{bot.Here: "All right, nothing was sent and nothing has changed."}},
		"shown":     {Tell: bot.To{bot.Here: "Here it is."}},
	},
}
