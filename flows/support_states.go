package flows

import "nevermind/bot"

// A case and a dispute wait for support in the same way: what stands here is said, offered and heard in both.

// supportWaits are the deadlines while support has the word: it is reminded at half of its time, when that is over, and
// again, each time after twice as long; the policy may end what nobody decides; leads are alerted, a decision goes out
// once it can no longer be undone, and what is snoozed wakes.
var supportWaits = bot.Waits{
	{Half: "support_answer", Event: "support_reminded"},
	{Full: "support_answer", Event: "support_late", Again: true},
	{Full: "support_verdict", Event: "support_silent", When: silenceEndsIt, Judges: true},
	undoWait,
	snoozeOver,
	alertLeadsWait(),
}

// supportMoves are heard while support has the word.
var supportMoves = bot.Moves{
	"support_reminded": supportReminded,
	// Nobody else pays for support's delay: the buyer is told, and support is reminded again after twice as long. Where the
	// policy ends what nobody decides, all are told when, and how.
	"support_late": bot.Stay().Learning(supportIsLate).Saying(bot.To{
		bot.Support: "Case {case} is still waiting, and the time to answer is over. {whose_turn} {next_reminder} {silence_end}",
		bot.Buyer:   "Our support team needs longer than they meant to. I've reminded them. {meanwhile} {silence_end}",
		bot.Seller:  "{silence_end_seller}",
	}).Rules("S31"),
	"person_asked": bot.Stay().Quoting(bot.To{
		bot.Here:    "Your case is already with our support team, and I've told them that you asked. {support_by}",
		bot.Support: "{asker} asks for a person about case {case}.",
	}, answers).Rules("S91"),
}

// What buyer and seller write while support has the word goes to support alone.
var (
	buyerAdds = bot.Stay().Quoting(bot.To{
		bot.Support: "{buyer} adds:",
		bot.Here:    "I've passed it on to our support team. {files_left_out}",
	}, answers)
	sellerAdds = bot.Stay().Quoting(bot.To{
		bot.Support: "{seller} adds:",
		bot.Here:    "I've passed it on to our support team. {files_left_out}",
	}, answers)
)

// addSomething lets a side write to support, or send files, as the event "buyer_wrote" or "seller_wrote".
func addSomething(event string) bot.Choice {
	ask := "What should our support team know? Send words, photos, videos, documents or a voice message."
	return bot.Choice{Event: event, Label: "Add something", Form: bringFiles(ask)}
}

// evidenceTell is said while a side has been asked for evidence (S50, S52, S60).
var evidenceTell = bot.To{
	bot.Buyer:   "{evidence_buyer}",
	bot.Seller:  "{evidence_seller}",
	bot.Support: "{evidence_side} was asked for this: {evidence_quoted} They have until {evidence}.{holder}",
}

// whileAsking are support's buttons while a side has been asked for evidence.
var whileAsking = []bot.Choice{
	confirmCall, dropCall, dontWait, takeIt, showConversation, showFiles, toBuyer, toSeller, cannedReply, release, handOver, byPhone,
	askForecast,
}

// evidenceMoves lead back to support: with an answer, once the time is over, or because support does not wait.
var evidenceMoves = bot.Moves{
	"evidence_given": bot.Go("with_support").Learning(setFact("why", "evidence_given")).
		Quoting(bot.To{bot.Support: "{evidence_answer}", bot.Here: "{files_left_out}"}, nil).Rules("S52"),
	"evidence_late": bot.Go("with_support").Learning(evidenceTimeOver).Rules("S60"),
	"went_on":       bot.Go("with_support").Learning(setFact("why", "went_on")),
	"buyer_untold":  untold(bot.Buyer),
	"seller_untold": untold(bot.Seller),
}
