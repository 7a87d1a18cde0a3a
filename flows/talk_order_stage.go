package flows

import "nevermind/bot"

// orderStage says where an order stands, what can still be done, and by when (S17, S18). It begins in the state that
// fits the order, and offers only what is possible there: to cancel, to withdraw by law, to write to the other side, to
// have it followed, or to complain. A seller and support see the order without the buyer's buttons.
var orderStage = bot.Flow{
	Name:  "order_stage",
	About: "Where an order stands (S01–S18), what can still be done, and by when.",
	Title: "Order {order} · {item}",
	Talk:  true,
	First: "showing_processing",
	Starts: []bot.Way{
		{If: notBuyer, To: "showing_to_others"}, {If: orderUnpaid, To: "showing_unpaid"}, {If: orderLocked, To: "showing_locked"},
		{If: orderShipped, To: "showing_shipped"},
		{If: orderOver, To: "showing_over"}, {If: orderFrozen, To: "showing_frozen"},
	},
	Before: []bot.Hear{hearFile, hearCommand},
	Hear:   []bot.Hear{hearOrder, hearHelp, hearIntent, hearMeaning},
	Always: with(talkAlways, bot.Moves{
		"letter_begun":    bot.Go("writing_letter").Rules("S27", "S28"),
		"case_picked":     bot.Go("shown").Asking(askOpenCase).Rules("S76"),
		"case_file_asked": bot.Stay().Asking(askLastSealing).Saying(bot.To{bot.Here: sealingSaid}).Rules("S52"),
		"watch_asked": bot.If(orderShipped, "following").ElseIf(orderPrepared, "watching_shipment").Else("watching").Asking(askWatch).
			Rules("S08", "S09", "S47", "S57"),
	}),
	After: talkTimeout,
	Facts: []string{"number"},
	States: bot.States{
		// Placed and not paid: it can be cancelled at once (S04, S11).
		"showing_unpaid": {
			Tell: bot.To{bot.Here: "{stages}\n\nThis order is placed but not paid: {lines_all}, {total}. {unpaid_until}\n\n" +
				"{pay_here}"},
			Light: true,
			Offer: bot.Offers{bot.Here: {cancelThis, writeToSeller, back}},
			Rules: []string{"S01", "S04", "S10", "S11", "S15", "Q14"},
			Then:  bot.Moves{"went_back": bot.Become("orders")},
		},
		// Its payment is being confirmed: nobody can cancel it now (S09).
		"showing_locked": {
			Tell: bot.To{bot.Here: "{stages}\n\nYour payment for this order is still being confirmed: {lines_all}, {total}. " +
				"That usually takes a few hours, with some banks several days. Until then, nobody can cancel the order. " +
				"After that you can ask for it, and nothing is lost by waiting."},
			Light: true,
			Offer: bot.Offers{bot.Here: {tellWhenOpen, writeToSeller, back}},
			Rules: []string{"S01", "S02", "S09", "Q3"},
			Then:  bot.Moves{"went_back": bot.Become("orders")},
		},
		// Being prepared: the buyer can ask, and the seller decides (S05).
		"showing_processing": {
			Tell: bot.To{bot.Here: "{stages}\n\n{seller} is preparing this order: {lines_all}, {total}. {gone_back} " +
				"{ship_by} {deliver_by}\n\n{ask_now}"},
			Light: true,
			Offer: bot.Offers{bot.Here: {cancelThis, withdrawHere, showCase, writeToSeller, tellWhenShips, caseFileThen, back}},
			Rules: []string{"S01", "S03", "S05", "S08", "S13", "S15", "S16", "S17", "S18", "S32", "S45", "Q6"},
			Then:  bot.Moves{"went_back": bot.Become("orders")},
		},
		// It has left: there is giving back, not cancelling (S06, S14).
		"showing_shipped": {
			Tell:  bot.To{bot.Here: "{stages}\n\n{lines_all}, {total}. {gone_back} {gone}\n\n{instead} {case_until}"},
			Light: true,
			Offer: bot.Offers{bot.Here: {
				somethingWrong, cancelTheRest, withdrawHere, showCase, writeToSeller, followParcel, aPerson, back,
			}},
			Rules: []string{"S01", "S06", "S07", "S57", "Q4"},
			Then:  bot.Moves{"went_back": bot.Become("orders")},
		},
		// Cancelled or completed.
		"showing_over": {
			Tell:  bot.To{bot.Here: "{stages}\n\n{over}"},
			Light: true,
			Offer: bot.Offers{bot.Here: {showCase, withdrawHere, writeToSeller, caseFileThen, aPerson, back}},
			Rules: []string{"S01", "S48"},
			Then:  bot.Moves{"went_back": bot.Become("orders")},
		},
		// On hold by the shop: only support knows why.
		"showing_frozen": {
			Tell: bot.To{bot.Here: "The shop has put this order on hold, so neither you nor the seller can change it now. " +
				"Our support team can tell you why and what comes next."},
			Light: true,
			Offer: bot.Offers{bot.Here: {aPerson, back}},
			Then:  bot.Moves{"went_back": bot.Become("orders")},
		},
		// The seller and support look at a buyer's order.
		"showing_to_others": {
			Tell: bot.To{
				bot.Seller: "{stages}\n\n{buyer} bought this from you: {lines_all}, {total}. Its status: {stage}. {open_case}",
				bot.Here: "{stages}\n\n{buyer} bought this from {seller}: {lines_all}, {total}, paid by {method_plain}. " +
					"Its status: {stage}. {open_case}",
			},
			Light: true,
			Offer: bot.Offers{bot.Seller: {showCase, writeToTheBuyer, caseFileThen, back}, bot.Here: {showCase, caseFileThen, back}},
			Then:  bot.Moves{"went_back": bot.Leave()},
		},
		// One message is passed on to the other side, with files if there are any.
		"writing_letter": {
			Tell: bot.To{
				bot.Seller: "What shall I pass on to {buyer}? Write it in one message. I keep a copy, so no screenshots needed.",
				bot.Here:   "What shall I pass on to {seller}? Write it in one message. I keep a copy, so no screenshots needed.",
			},
			Offer: bot.Offers{bot.Here: {back}},
			Hear:  []bot.Hear{hearWords("letter_written", 2000)},
			Rules: []string{"S29", "Q8"},
			Then: bot.Moves{
				"letter_written": bot.Go("sent").Asking(sendLetter).Rules("S28"),
				"too_long":       bot.Stay().Saying(bot.To{bot.Here: tooLong}),
				"went_back":      bot.Become("order_stage"),
			},
		},
		"watching":          {Tell: bot.To{bot.Here: watchingPayment}},
		"watching_shipment": {Tell: bot.To{bot.Here: "I'll tell you here when this order ships. {ship_by}"}},
		"following":         {Tell: bot.To{bot.Here: followingSaid}},
		"sent":              {Tell: bot.To{bot.Here: "Thank you."}},
		"shown":             {Tell: bot.To{bot.Here: "Here it is."}},
	},
}

// What can be done with an order from here.
var (
	cancelThis      = bot.Choice{Event: "cancel_asked", Label: "Cancel this order", Style: bot.Primary, When: noCaseOpen}
	cancelTheRest   = bot.Choice{Event: "cancel_asked", Label: "Cancel the rest", When: restToCancel}
	showCase        = bot.Choice{Event: "case_picked", Label: "Show the request", Style: bot.Primary, When: anyCaseOpen}
	caseFileThen    = bot.Choice{Event: "case_file_asked", Label: "Send me the case file", When: hadCase}
	writeToTheBuyer = bot.Choice{Event: "letter_begun", Label: "Write to the buyer"}

	writeToSeller = bot.Choice{Event: "letter_begun", Label: "Write to the seller"}
)
