// Package flows is what Nevermind says and decides, almost only data: states, each with what it says to whom, offers, waits
// for and leads to. A support manager should nearly be able to read it.
//
// Files are grouped by what they are about:
//
//	talk_*        talks: what one person in one room has with the assistant
//	case_*        the request to cancel, from asking the seller to its end, and what every case shares
//	dispute_*     goods that have left: solutions, rulings, returns
//	withdrawal_*  the right by law to withdraw from the contract
//	record_*      smaller records that parties share: letters, help, watches, refunds, links, overviews, statistics
//	desk_*        what support's people have among themselves: holding decisions, snoozing, assigning, linking
//	hear_*        how a message becomes an event
//	say_*         words and terms that many flows share
//
// "<flow>_terms.go" is what the {names} in a flow's words stand for; "<flow>_facts.go" what its events teach;
// "<flow>_choices.go" its buttons. Names of flows, states, events and facts are stored, so they are promises: flow "tally"
// is statistics, "digest" the daily overview, "lead" a lead alert, "filing" a file for a case, "thread" the letters,
// "watch" the order watch, "help" a help request, "link" a chat link, and facts that begin with "held_" a decision that is
// held.
package flows

import (
	"maps"

	"nevermind/bot"
)

// All returns every flow with what its words and states lean on.
func All() *bot.Flows {
	return &bot.Flows{
		All: wishesReachSupport(askedHowItWent([]*bot.Flow{
			&reception, &orders, &cases, &complaint, &meaning, &orderStage, &cancel, &fileForCase, &form,
			&caseFlow, &problem, &dispute, &withdrawal, &letters, &helpRequest, &orderWatch, &arrival, &bouncedRefund,
			&sealing, &chatLink, &about,
			&assistant, &proposal,
			&privacyTalk, &ownData, &erasure,
			&settings, &speaking, &dailyOverview, &statistics, &leadAlert,
			&buyerRating, &sellerRating,
		})),
		Home:       "reception",
		Assistants: &assistants,
		Form:       "form",
		DueAgain:   dueAgain,
		WentBack:   wentBack,
		Refund:     "refund",
		Link:       "link",
		Terms:      allTerms(),
		Windows:    windows,
		Works:      works,
		More:       "More",
		Less:       "Less",
		Written:    "{written_in}",
		Notices:    refusals,
		Stakes:     deadlineStakes,
		Fit:        fitField,
		Place:      placeTyped,
		Moment:     formatMoment,
		Meanings:   guessable(),
		Unclear:    unclear,
		Commands:   commandList,
	}
}

// allTerms are the terms of all files together: what the {names} in words stand for. A term gets the view and who reads,
// and returns what they should see; "" where they need not see anything.
func allTerms() map[string]bot.Term {
	all := map[string]bot.Term{}
	for _, terms := range []map[string]bot.Term{
		aboutTerms, assistantTerms, cancelTerms, caseTerms, chatLinkTerms, conversationTerms, decisionTerms, deskCardTerms, deskTerms,
		disputeTerms,
		evidenceRequestTerms, evidenceTerms, filesTerms, forecastTerms, formTerms, helpTerms, languageTerms, leadAlertTerms,
		lettersTerms, linkedCaseTerms, moneyTerms, negotiationTerms, orderStageTerms, parcelTerms, phoneTerms, privacyTerms,
		problemTerms, proposalTerms, refundTerms, replyTerms, returnsTerms, sayTerms, settingsTerms, shippingTerms, silenceTerms,
		snoozeTerms,
		solutionTerms,
		stakesTerms, statisticsTerms, supportEvidenceTerms, supportStateTerms, toldTerms, withdrawalTerms,
	} {
		maps.Copy(all, terms)
	}
	return all
}

// works are the tasks for the world outside, each with the outcomes that a state which starts it must hear. "Soon" is
// the outcome to expect when looking ahead.
var works = map[string]bot.Work{
	"check_order": {Class: bot.EditClass, AsksShop: true, Expected: expectedCheck,
		Outcomes: []string{"order_open", "order_unpaid", "order_locked", "order_had_shipped", "order_was_cancelled"}},
	"cancel_order": {Class: bot.MoneyClass, Shop: true, Expected: expectedCancellation,
		Outcomes: []string{"order_cancelled", "order_had_shipped", "cancel_failed"}},
	"pay_refund": {Class: bot.MoneyClass, Shop: true, ByAttempt: true, // when the shop pays is the shop's to say
		Outcomes: []string{"refund_settled", "refund_failed", "refund_held"}},
	"gather_data": {
		Class: bot.EditClass, Optional: true, Expected: onlyOutcome("data_gathered"), Outcomes: []string{"data_gathered"},
	},
	"erase_person": {Class: bot.EditClass, Optional: true, Expected: onlyOutcome("data_erased"),
		Outcomes: []string{"data_erased", "erasure_refused"}},
	"seal_case": {
		Class:    bot.EditClass,
		Optional: true,
		Expected: onlyOutcome("case_sealed"),
		Outcomes: []string{"case_sealed"},
	},
	"check_tracking": {Class: bot.EditClass, Expected: onlyOutcome("tracking_checked"), Outcomes: []string{"tracking_checked"}},
	"tell_shop":      {Class: bot.EditClass, Expected: onlyOutcome("shop_told"), Outcomes: []string{"shop_told"}},
}

// windows are the deadlines that are worked out from the order or the record rather than listed in the policy.
var windows = map[string]func(*bot.View) bot.Window{
	"next_morning":    nextMorning,
	"refund_overdue":  func(v *bot.View) bot.Window { return v.Policy.Refund(method(v)).Max }, // S68, S71
	"return_by":       returnWindow,
	"case_file":       caseFileWindow,
	"parcel_back":     parcelBackWindow,
	"standstill":      standstillWindow,
	"last_day_near":   lastDayWindow,
	"may_claim":       mayClaimWindow,
	"watch_over":      watchWindow,
	"shipment":        shipmentWindow,
	"appeal":          func(v *bot.View) bot.Window { return v.Policy.Appeal },
	"snooze":          snoozeWindow,
	"support_lead":    leadAlertWindow,
	"evidence":        evidenceWindow,
	"support_answer":  supportAnswerWindow,
	"support_verdict": supportVerdictWindow,
	"shipping_proof":  shippingProofWindow,
	"dispatch_notice": dispatchNoticeWindow,
	"proposal_left":   proposalLeft,
	"undo":            func(v *bot.View) bot.Window { return v.Policy.Windows["undo"] }, // none at all is allowed
}

// refusals are said where nothing moved: a press or message that counts for nothing, a file that was not taken, and what
// could not be delivered or done.
var refusals = map[string]string{
	bot.RefusedLate:      "That button is out of date. Here's where things stand:",
	bot.RefusedLateAgain: "That button is out of date, so nothing was sent.",
	bot.RefusedForged:    "I don't know that button, so nothing has changed.",
	bot.RefusedNotYours:  "That button is for somebody else, so nothing has changed.",
	bot.RefusedUsed:      "Already done. No need to press again.",
	bot.RefusedNotUnderstood: "Sorry, I didn't understand that. Press a button, or type what it says. " +
		"For a person, type “a person”.",
	bot.RefusedTooLong: "That's too long for me: I can read 4,000 characters at once. " +
		"Nothing has changed. Please send it in parts.",
	bot.RefusedUnheard: "This is closed, so I couldn't pass that on. To write about the order, send me its number. " +
		"For a person, type “a person”.",
	bot.NoticeLateMoney: "The shop has answered late about case {case}: {late_word} Nobody was waiting for it any more. " +
		"Please check that nothing was paid twice.",
	"shop_contradicted": shopContradicted,
	"shop_unanswered":   shopUnanswered,
	bot.NoticeUndelivered: "I couldn't deliver a message to them. {untold_why} I won't try again, so they may not know " +
		"what it says. Please reach them another way.",
	bot.NoticeDeskRefused: "{untold_on} has refused a message for you about this, so I can't show it. “My " +
		"requests” shows where it " +
		"stands.",
	bot.NoticeAway: "{untold_on} hasn't taken my messages for {untold_for}. They wait, and go out as soon as it " +
		"takes them. Nobody's " +
		"time to answer runs before the question has reached them.",
	bot.NoticeDeskAway: "The support channel on {untold_on} hasn't taken my messages for {untold_for}, so nobody sees there what " +
		"waits for support. It all comes once the channel takes it; until then, “my requests” shows it here.",
	bot.NoticeOverpaid: "More money has gone back for this order, or is on its way, than was paid. " +
		"Please look in the shop's books, and stop what can still be stopped.",
	bot.NoticeGivenUp: "Something that had to be done here has failed for good. It waits for whoever runs this assistant. " +
		"Until they have looked at it, please see to it by hand.",
	string(bot.TooLarge):  fileTooLarge,
	string(bot.Unwanted):  fileUnwanted,
	string(bot.Unfetched): fileUnfetched,
	string(bot.Unknown):   fileOfStranger,
	string(bot.TooMany):   fileTooMany,
	string(bot.NoRoom):    fileNoRoom,
	string(bot.Quota):     fileQuota,
	bot.RefusedFailed:     "Something went wrong on our side. I have kept your message, and I'm trying again.",
}

// allStates joins the states of a flow that is written in parts; a name that stands in two of them stops the program.
func allStates(parts ...bot.States) bot.States {
	all := bot.States{}
	for _, part := range parts {
		for name, state := range part {
			if _, twice := all[name]; twice {
				panic("flows: the state " + name + " is there twice")
			}
			all[name] = state
		}
	}
	return all
}
