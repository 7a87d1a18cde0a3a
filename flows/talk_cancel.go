package flows

import "nevermind/bot"

// cancelWays choose where the talk begins, by who asks, whether something is open already, and where the order stands;
// the first way that is open counts.
var cancelWays = []bot.Way{
	{If: stranger, To: "being_unknown"}, {If: notBuyer, To: "explaining_party"}, {If: nothingToCancel, To: "having_none"},
	{If: noOrderNamed, To: "choosing_order"}, {If: caseOpen, To: "having_asked"}, {If: refusedBefore, To: "explaining_verdict"},
	{If: orderUnpaid, To: "confirming_unpaid"}, {If: orderLocked, To: "explaining_lock"},
	{If: restUnsure, To: "choosing_rest"}, {If: partOpen, To: "choosing_reason"}, {If: orderShipped, To: "explaining_shipped"},
	{If: orderOver, To: "explaining_over"}, {If: orderFrozen, To: "explaining_hold"}, {If: partUnsure, To: "choosing_lines"},
}

// cancel is the talk in which a buyer makes a request, or learns what there is instead: an order, a reason (S23), and a yes
// to what they see of it before anything is sent. A note and files (S22), some of the order rather than all (S20), and
// another reason can be added at that last look; whoever needs none of them presses three times. An order that is not paid
// needs one yes. It ends with the request sent, or with the order kept and nothing changed.
var cancel = bot.Flow{
	Name:   "cancel",
	About:  "A buyer asks to cancel an order: a reason, and a second look before anything is sent.",
	Title:  "{order_title}",
	Talk:   true,
	First:  "choosing_reason",
	Starts: cancelWays,
	Before: []bot.Hear{hearFile, hearCommand},
	Hear:   []bot.Hear{hearOrder, hearHelp, hearIntent, hearOwnReason, hearMeaning},
	Always: with(talkAlways, bot.Moves{
		"cancel_asked":         bot.Become("cancel"),
		"not_cancelling":       bot.Go("kept"),
		"cancel_asked_unknown": bot.Become("cancel").Saying(bot.To{bot.Here: "{order_unknown}"}).Rules("S25"),
	}),
	After: talkTimeout,
	Facts: []string{"number", "note"},
	States: allStates(cancelExplaining, cancelParts, bot.States{
		// No order was named (S25).
		"choosing_order": {
			Tell:  bot.To{bot.Here: "Which order would you like to cancel? Choose it here, or send me its number or a link to it."},
			Light: true,
			List:  listOrders(mayCancel),
			Offer: bot.Offers{bot.Here: {more, back}},
			Hear:  []bot.Hear{hearOrder},
			Rules: []string{"S19", "S25"},
			Then: bot.Moves{
				"order_named": bot.Become("cancel").Rules("S18"),
				"page_turned": bot.Go("choosing_order").Learning(nextPage),
				"more_asked":  bot.Go("choosing_order").Learning(nextPage),
			},
		},
		// Not paid: a yes cancels it at once (S04, S11).
		"confirming_unpaid": {
			Tell: bot.To{bot.Here: "{whole_unpaid} You haven't paid for this order, so you can cancel it at once: {lines_all}, {total}. " +
				"Nobody has to agree, and there is no penalty. {unpaid_until}\n\nShall I cancel it now?"},
			Offer: bot.Offers{bot.Here: {{Event: "confirmed", Label: "Yes, cancel it", Style: bot.Danger}, keepOrder}},
			Hear:  []bot.Hear{hearYes("confirmed", "order_kept", cancelling)},
			Rules: []string{"S04", "S10", "S11", "Q14"},
			Then:  bot.Moves{"confirmed": bot.Go("sent").Asking(openCase), "order_kept": bot.Go("kept")},
		},
		// The policy's reasons, in its order (S33), each with what it means for the seller, before one is chosen (S34). None is
		// advised: the true one is asked for (S38, Q10). Words of the buyer's own are understood as well (S36, S37, S90).
		"choosing_reason": {
			Tell: bot.To{bot.Here: "{what_can_go}\n\nWhy would you like to cancel? Pick what fits best. Nothing is sent yet.\n\n" +
				"{reasons_mean}"},
			List:  listReasons,
			Offer: bot.Offers{bot.Here: {{Event: "problem_begun", Label: returnOrReport, When: partOpen}, back}},
			Hear:  []bot.Hear{hearReason, hearParts},
			Rules: []string{"S06", "S07", "S23", "S32", "S33", "S34", "S35", "Q4", "Q10"},
			Then: bot.Moves{
				"reason_chosen": bot.If(wordsMissing, "telling_reason").Else("confirming").Learning(restFacts).Rules("S39"),
				"motive_told":   bot.Go("confirming").Learning(restFacts).Rules("S36", "S37", "S90"),
				"parts_named":   bot.Go("choosing_reason").Rules("S20"),
				"parts_unfit":   bot.Stay().Saying(bot.To{bot.Here: "{wanted_unfit}"}).Rules("S20"),
				"went_back":     bot.If(reasonKnown, "confirming").Else("kept"),
			},
		},
		// "Something else" says nothing to the seller without a few words (S23).
		"telling_reason": {
			Tell: bot.To{bot.Here: "What is it? A few words are enough. {seller} reads them as you write them, so that " +
				"they can say yes."},
			Offer: bot.Offers{bot.Here: {{Event: "went_back", Label: "Back"}}},
			Hear:  []bot.Hear{hearFilesAlong, hearWords("note_written", 1000)},
			Rules: []string{"S22", "S23"},
			Then: bot.Moves{
				"note_written":  bot.Go("confirming").Learning(noteFacts),
				"files_brought": bot.Stay().Saying(bot.To{bot.Here: "I have {files_here}. Now a few words, please."}).Rules("S52"),
				"went_back":     bot.Go("choosing_reason").Learning(setFact("reason", "")),
				"too_long":      bot.Stay().Saying(bot.To{bot.Here: tooLong}),
			},
		},
		// A note for the seller, which is optional (S22); files can come along.
		"adding_note": {
			Tell: bot.To{bot.Here: "What should {seller} know? Write it in one message, or send photos. They read it as you write it."},
			Offer: bot.Offers{bot.Here: {
				{Event: "note_left_out", Label: "No note"},
				{Event: "went_back", Label: "Back"},
			}},
			Hear:  []bot.Hear{hearFilesAlong, hearWords("note_written", 1000)},
			Rules: []string{"S22", "S27"},
			Then: bot.Moves{
				"note_written":  bot.Go("confirming").Learning(noteFacts),
				"files_brought": bot.Go("confirming").Rules("S52"),
				"note_left_out": bot.Go("confirming").Learning(setFact("note", "")),
				"went_back":     bot.Go("confirming"),
				"too_long":      bot.Stay().Saying(bot.To{bot.Here: tooLong}),
			},
		},
		// The second look: what, how much comes back, what it costs and what silence means. Nothing has been sent so far. What
		// is typed here, and is no other wish, is the note.
		"confirming": {
			Tell: bot.To{bot.Here: "{before_asking}\n\n" + requestLook},
			Offer: bot.Offers{bot.Here: {
				{Event: "confirmed", Label: "Yes, ask the seller", Style: bot.Primary, When: sellerHasChat},
				{Event: "confirmed", Label: "Yes, send it", Style: bot.Primary, When: sellerHasNoChat},
				keepOrder,
				{Event: "note_asked", Label: "Add a note or photos"},
				{Event: "some_asked", Label: "Only some of it", When: mayChooseParts},
				{Event: "went_back", Label: "Another reason"},
				{Event: "meaning_asked", Label: "What else follows?"},
			}},
			Hear:  []bot.Hear{hearFilesAlong, hearYes("confirmed", "order_kept", sending.and(cancelling)), hearParts},
			Rules: []string{"S21", "S22", "S30", "S34", "S35", "S38", "S81", "S82", "Q1", "Q2", "Q7", "Q10", "Q11"},
			Then: bot.Moves{
				"confirmed":     bot.Go("sent").Asking(openCase).Rules("S19"),
				"went_back":     bot.Go("choosing_reason"),
				"note_asked":    bot.Go("adding_note"),
				"note_written":  bot.Go("confirming").Learning(noteFacts).Rules("S22"),
				"some_asked":    bot.If(partOpen, "choosing_rest").Else("choosing_lines").Learning(unmarkAll).Rules("S20"),
				"parts_named":   bot.Go("confirming").Learning(takeWanted).Rules("S20"),
				"parts_unfit":   bot.Stay().Saying(bot.To{bot.Here: "{wanted_unfit}"}).Rules("S20"),
				"files_brought": bot.Go("confirming").Rules("S52"),
				"meaning_asked": bot.Stay().Saying(bot.To{bot.Here: "{what_follows}"}).Showing().
					Rules("S49", "S80", "S83", "S84", "S85"),
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
		"sent":        {Tell: bot.To{bot.Here: "Thank you, I'm on it."}},
		"letter_sent": {Tell: bot.To{bot.Here: "Thank you."}},
		"kept": {Tell: bot.To{bot.Here: "All right. Nothing was sent, and your order goes on as it is."},
			Rules: []string{"S89"}},
		"watching": {Tell: bot.To{bot.Here: watchingPayment}},
		"shown":    {Tell: bot.To{bot.Here: "Here it is."}},
	}),
}

// requestLook is what a buyer sees of a request before it is sent: what goes, how much comes back, what it costs, and what
// silence means.
const requestLook = "• To cancel: {lines}\n• Reason: {reason}. {reason_means}\n{note_checked}\n" +
	"• Back to you: {amount}{made_up_of}\n• {costs}\n{files_along}\n\n{if_silent} {seller_usually}\n\n{goes_back}\n\n{may_ask}"
