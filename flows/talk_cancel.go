package flows

import "nevermind/bot"

// cancelWays choose where the talk begins, by who asks, whether something is open already, and where the order stands;
// the first way that is open counts.
var cancelWays = []bot.Way{
	{If: stranger, To: "being_unknown"}, {If: notBuyer, To: "explaining_party"}, {If: nothingToCancel, To: "having_none"},
	{If: noOrderNamed, To: "choosing_order"}, {If: caseOpen, To: "having_asked"}, {If: refusedBefore, To: "explaining_verdict"},
	{If: orderUnpaid, To: "confirming_unpaid"}, {If: orderLocked, To: "explaining_lock"},
	{If: partOpen, To: "choosing_rest"}, {If: orderShipped, To: "explaining_shipped"},
	{If: orderOver, To: "explaining_over"}, {If: orderFrozen, To: "explaining_hold"}, {If: severalLines, To: "choosing_lines"},
}

// cancel is the talk in which a buyer makes a request, or learns what there is instead. They choose the order, its lines
// if it has several, a reason (S23) and a note if they like (S22), and see once more what it would bring and cost before
// anything is sent. An order that is not paid needs one yes. It ends with the request sent, or with the order kept and
// nothing changed.
var cancel = bot.Flow{
	Name:   "cancel",
	About:  "A buyer asks to cancel an order: which lines, why, a note, and a second look before anything is sent.",
	Title:  "{order_title}",
	Talk:   true,
	First:  "choosing_reason",
	Starts: cancelWays,
	Before: []bot.Hear{hearFile, hearCommand},
	Hear:   []bot.Hear{hearOrder, hearHelp, hearIntent},
	Always: with(talkAlways, bot.Moves{"cancel_asked": bot.Become("cancel")}),
	After:  talkTimeout,
	Facts:  []string{"number", "note"},
	States: allStates(cancelExplaining, bot.States{
		// No order was named (S25).
		"choosing_order": {
			Tell:  bot.To{bot.Here: "Which order would you like to cancel? Choose it here, or send its number or a link to it."},
			Light: true,
			List:  listOrders(mayCancel),
			Offer: bot.Offers{bot.Here: {more, back}},
			Hear:  []bot.Hear{hearOrder},
			Rules: []string{"S19", "S25"},
			Then:  bot.Moves{"order_named": bot.Become("cancel").Rules("S18"), "more_asked": bot.Go("choosing_order").Learning(nextPage)},
		},
		// Not paid: a yes cancels it at once (S04, S11).
		"confirming_unpaid": {
			Tell: bot.To{bot.Here: "This order is not paid, so you can cancel it at once: {lines_all}, {total}. " +
				"Nobody has to agree, and there is no penalty. If you do nothing, it is cancelled by itself {unpaid_until}. " +
				"Shall I cancel it now?"},
			Offer: bot.Offers{bot.Here: {{Event: "confirmed", Label: "Yes, cancel it", Style: bot.Danger}, keepOrder}},
			Rules: []string{"S04", "S10", "S11", "Q14"},
			Then:  bot.Moves{"confirmed": bot.Go("sent").Asking(openCase), "order_kept": bot.Go("kept")},
		},
		// An order of several lines: all of it or some, where the policy allows that (S20).
		"choosing_lines": {
			Tell: bot.To{bot.Here: "{which_lines}"},
			List: listLines,
			Offer: bot.Offers{bot.Here: {
				{Event: "all_chosen", Label: "All of it", Style: bot.Primary},
				{Event: "lines_chosen", Label: "Only the marked ones", When: linesMarked},
				back,
			}},
			Rules: []string{"S20"},
			Then: bot.Moves{
				"line_marked":  bot.If(askHowMany, "choosing_quantity").Else("choosing_lines").Learning(markLine),
				"all_chosen":   bot.Go("choosing_reason").Learning(chooseAll),
				"lines_chosen": bot.Go("choosing_reason"),
			},
		},
		// How many of a line that the shop counts (S20).
		"choosing_quantity": {
			Tell:  bot.To{bot.Here: "{how_many}"},
			List:  listQuantities,
			Offer: bot.Offers{bot.Here: {back}},
			Hear:  []bot.Hear{hearQuantity},
			Rules: []string{"S20"},
			Then: bot.Moves{
				"quantity_chosen": bot.If(partOpen, "choosing_rest").Else("choosing_lines").Learning(quantityFacts),
				"quantity_unfit":  bot.Stay().Saying(bot.To{bot.Here: "There are not that many. {how_many}"}),
				"went_back":       bot.If(partOpen, "choosing_rest").Else("choosing_lines").Learning(setFact("line", "")),
			},
		},
		// A part of the order has left, and cannot be cancelled any more; the rest can (S06, S20).
		"choosing_rest": {
			Tell: bot.To{bot.Here: "On its way, so it cannot be cancelled any more: {on_its_way}.\nNot shipped yet: {not_left}.\n" +
				"Would you like to cancel all of that, or only some? Mark what you no longer want."},
			List: listLines,
			Offer: bot.Offers{bot.Here: {
				{Event: "all_chosen", Label: "All that has not shipped", Style: bot.Primary},
				{Event: "lines_chosen", Label: "Only the marked ones", When: linesMarked},
				{Event: "problem_begun", Label: "Give it back or complain"},
				back,
			}},
			Rules: []string{"S06", "S07", "S20", "Q4"},
			Then: bot.Moves{
				"line_marked":  bot.If(askHowMany, "choosing_quantity").Else("choosing_rest").Learning(markLine),
				"all_chosen":   bot.Go("choosing_reason").Learning(chooseAll),
				"lines_chosen": bot.Go("choosing_reason"),
			},
		},
		// The policy's reasons, in its order (S33). None is advised: the true one is asked for (S38, Q10). Words of the
		// buyer's own are understood as well (S36, S37, S90).
		"choosing_reason": {
			Tell: bot.To{bot.Here: "{whole_only}Why would you like to cancel? Please give the true reason, whichever it is. " +
				"I will show you what it means before anything is sent."},
			List:  listReasons,
			Offer: bot.Offers{bot.Here: {back}},
			Hear:  []bot.Hear{hearReason},
			Rules: []string{"S23", "S32", "S33", "Q10"},
			Then: bot.Moves{
				"reason_chosen": bot.Go("adding_note").Rules("S39"),
				"motive_told":   bot.Go("confirming").Rules("S36", "S37", "S90"),
				"went_back":     bot.If(partOpen, "choosing_rest").ElseIf(severalLines, "choosing_lines").Else("kept"),
			},
		},
		// A note for the seller, which is optional (S22); files can come along.
		"adding_note": {
			Tell: bot.To{bot.Here: "Is there anything {seller} should know? Write it in one message, clear and polite: it helps. " +
				"Or leave it out."},
			Offer: bot.Offers{bot.Here: {{Event: "note_left_out", Label: "Leave it out"}, {Event: "went_back", Label: "Back"}}},
			Hear:  []bot.Hear{hearFilesAlong, hearWords("note_written", 1000)},
			Rules: []string{"S22", "S27"},
			Then: bot.Moves{
				"note_written": bot.Go("confirming").Learning(noteFacts),
				"files_brought": bot.Stay().Saying(bot.To{bot.Here: "I have {files_here}, and it goes along with your request. " +
					"Write a few words to it, or press “Leave it out”."}).Rules("S52"),
				"note_left_out": bot.Go("confirming").Learning(func(*bot.View, *bot.Event) bot.Facts { return bot.Facts{"note": ""} }),
				"went_back":     bot.Go("choosing_reason"),
				"too_long":      bot.Stay().Saying(bot.To{bot.Here: tooLong}),
			},
		},
		// The second look: what, how much comes back, what it costs and what silence means. Nothing has been sent so far.
		"confirming": {
			Tell: bot.To{bot.Here: "{before_asking}\n\n• What: {lines}\n• Back to you: {amount}{made_up_of}\n• Reason: {reason}. " +
				"{reason_means}\n• {costs}{files_along}\n{note_checked}\n\n{seller} has {answer_time} to answer. " +
				"If they do not, {on_silence}. {seller_usually} " +
				"{goes_back}{measured} {coupon}"},
			Offer: bot.Offers{bot.Here: {
				{Event: "confirmed", Label: "Yes, ask the seller", Style: bot.Primary},
				{Event: "went_back", Label: "Change something"},
				{Event: "meaning_asked", Label: "What else follows?"},
				doNothing,
			}},
			Hear:  []bot.Hear{hearFilesAlong},
			Rules: []string{"S22", "S34", "S35", "S38", "S81", "S82", "Q1", "Q2", "Q7", "Q10", "Q11"},
			Then: bot.Moves{
				"confirmed":     bot.Go("sent").Asking(openCase).Rules("S19"),
				"went_back":     bot.Go("choosing_reason"),
				"files_brought": bot.Go("confirming").Rules("S52"),
				"meaning_asked": bot.Stay().Saying(bot.To{bot.Here: "{what_follows}"}).Showing().
					Rules("S21", "S30", "S49", "S80", "S83", "S84", "S85"),
				"order_kept": bot.Go("kept"),
			},
		},
		// It has shipped: instead of asking to cancel, one message goes to the seller (S44).
		"writing_letter": {
			Tell: bot.To{bot.Here: "What shall I pass on to {seller}? You can ask whether they would take the parcel " +
				"back or give a discount."},
			Offer: bot.Offers{bot.Here: {back}},
			Hear:  []bot.Hear{hearWords("letter_written", 2000)},
			Then: bot.Moves{
				"letter_written": bot.Go("letter_sent").Asking(sendLetter),
				"too_long":       bot.Stay().Saying(bot.To{bot.Here: tooLong}),
			},
		},
		"sent":        {Tell: bot.To{bot.Here: "Thank you, I am on it."}},
		"letter_sent": {Tell: bot.To{bot.Here: "Thank you."}},
		"kept":        {Tell: bot.To{bot.Here: "All right, nothing was sent and nothing has changed."}, Rules: []string{"S89"}},
		"watching": {Tell: bot.To{bot.Here: "I will tell you here the moment the payment is confirmed and " +
			"the order can be cancelled."}},
		"shown": {Tell: bot.To{bot.Here: "Here it is."}},
	}),
}
