package flows

import "nevermind/bot"

// sharedMoves are what a case hears wherever it stands besides.
var sharedMoves = joined(assignmentMoves, cannedMoves, linkedMoves, moneyMoves, toldMoves, callHoldMoves)

// caseAlways is what every case hears wherever it stands, unless a state says otherwise. In this order: a second request
// about the same order, withdrawals by law, letters between the parties, files and evidence, letters of support and
// notes among its people, news of the order from the shop, and people who are reached or lost by chat. Letters go to the
// other side at once and are kept for support to read (S28, S29). What happens wakes a case that support has snoozed.
var caseAlways = wakingSnoozed(with(sharedMoves, bot.Moves{
	"submitted": bot.Stay().
		Saying(bot.To{bot.Here: "You have already asked to cancel this order, so nothing was sent twice. Here's where things stand:"}).
		Showing(),
	"withdrawal_begun": beginWithdrawal,
	"withdrawn_by_law": cancelledByLaw,
	"card_asked":       bot.Stay().Showing().Rules("S76"),
	"ahead_asked":      tellForecast,
	"buyer_wrote": bot.Stay().Quoting(bot.To{
		bot.Seller:  "{buyer} writes about this order:",
		bot.Here:    "{letter_fate} {files_left_out}",
		bot.Support: "{letter_for_support}",
	}, answers).Learning(letterFacts).Restarting("letter_answer").Rules("S27", "S28", "S29"),
	"seller_wrote": bot.Stay().Quoting(bot.To{
		bot.Buyer: "{seller} writes about this order:",
		bot.Here:  "Sent to {buyer}. {files_left_out}",
	}, answers).Learning(sellersLetter).Restarting("letter_answer").Rules("S28", "S32"),
	"file_added": bot.Stay().Quoting(bot.To{
		bot.Buyer:   "{files_for_buyer}",
		bot.Seller:  "{files_for_seller}",
		bot.Support: "{files_for_support}",
		bot.Here:    "{files_received}",
	}, answers).
		Following(askWhatFilesShow).Rules("S46", "S50", "S52", "S58"),
	"files_shown": bot.Stay().Quoting(bot.To{
		bot.Buyer:   "{files_received}",
		bot.Seller:  "{files_for_seller}",
		bot.Support: "{files_for_support}",
	}, answers).
		Following(askWhatFilesShow).Rules("S52", "S58"),
	"proof_named": bot.Stay().Learning(proofFacts).
		Saying(bot.To{bot.Here: "{proof_noted}", bot.Support: "{proof_for_support}"}).Rules("S46", "S50", "S52", "S58", "S62"),
	"evidence_kept":   evidenceMade,
	"talk_asked":      conversationAsked,
	"case_file_asked": bot.Stay().Asking(askSealing).Saying(bot.To{bot.Here: sealingSaid}),
	"files_asked": bot.Stay().Saying(bot.To{bot.Here: "These are all the files of case " +
		"{case}:{exhibit_list}"}).Attaching(allFiles),
	"support_to_buyer": bot.Stay().
		Quoting(bot.To{bot.Buyer: "Our support team writes about this order:", bot.Here: "Sent to {buyer}."}, answers).Rules("S60"),
	"support_to_seller": bot.Stay().
		Quoting(bot.To{bot.Seller: "Our support team writes about this order:", bot.Here: "{sent_to_seller}"}, answers).Rules("S60"),
	"support_noted": bot.Stay().Saying(bot.To{bot.Here: "Noted for colleagues only. To write to the buyer or the " +
		"seller, use the buttons."}),
	"phoned": phonedIn,
	"person_asked": bot.Stay().Quoting(bot.To{
		bot.Here:    "I've told our support team. They can see this request, and will write to you here.",
		bot.Support: "{asker} asks for a person about case {case}. Where it stands: {stands}.",
	}, answers).Rules("S51", "S91"),
	"order_unlocked":   shopChanged,
	"order_shipped":    bot.Stay(),
	"order_delivered":  bot.Stay().Restarting("last_day_near"),
	"parcel_delivered": bot.Stay().Learning(parcelMovedFacts).Restarting("standstill", "last_day_near").Dealing(bot.Support),
	"stood_still":      parcelStoodStill,
	"last_day_neared":  lastDayNeared.Saying(bot.To{bot.Buyer: "{last_day_word}"}),
	"tracking_changed": parcelMoved.Saying(bot.To{
		bot.Buyer:  "{parcel_news}",
		bot.Seller: "{parcel_news}",
	}).Rules("S46", "S47"),
	"order_refunded":  shopPaidItself,
	"order_changed":   shopChanged,
	"order_cancelled": bot.Stay(),
	"order_had_shipped": bot.Stay().Learning(setFact("shop_says", "shipped")).Saying(bot.To{
		bot.Buyer:   "The shop says the order had already left, so it isn't cancelled. You get your money back all the same.",
		bot.Seller:  "The shop says the order had already left, so it isn't cancelled. The money goes back all the same.",
		bot.Support: "The shop says the order of case {case} had already left, so it was not cancelled.",
	}),
	"shop_contradicted": bot.Stay().Saying(bot.To{bot.Support: shopContradicted}),
	"shop_unanswered":   bot.Stay().Learning(stuckUnanswered).Saying(bot.To{bot.Support: shopUnanswered}),
	"seller_reached": bot.Stay().
		Saying(bot.To{bot.Seller: "{buyer} has asked to cancel {lines}. Type “my requests” to see it and answer."}),
	"buyer_reached": bot.Stay().Saying(bot.To{bot.Buyer: "You can follow your request {case} here from now on. Type “my " +
		"requests” to see it."}),
	"seller_left": bot.Stay().Saying(bot.To{
		bot.Support: "{left_for_support}",
		bot.Buyer:   "{left_for_buyer}",
	}).Rules("S31"),
	"buyer_left":    bot.Stay().Saying(bot.To{bot.Support: "{left_for_support}"}),
	"not_delivered": bot.Stay().Saying(bot.To{bot.Support: "{undelivered}"}),
}))
