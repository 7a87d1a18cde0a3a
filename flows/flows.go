// Package flows is what Nevermind says and decides, almost only data: one flow, one file.
package flows

import (
	"maps"

	"nevermind/bot"
)

// All returns every flow with what its words and states lean on.
func All() *bot.Flows {
	return &bot.Flows{
		All: []*bot.Flow{
			&reception, &orders, &cases, &orderStage, &cancel, &filing, &form,
			&caseFlow, &problem, &dispute, &withdrawal, &thread, &help, &watch, &arrival, &sealing, &link, &about, &settings, &digest, &tally, &lead,
		},
		Home:     "reception",
		Form:     "form",
		Link:     "link",
		Terms:    allTerms(),
		Windows:  windows,
		Works:    works,
		Notices:  notes,
		Stakes:   stakes,
		Fit:      fit,
		Moment:   moment,
		Commands: commandList,
	}
}

// allTerms are the terms of all files together.
func allTerms() map[string]bot.Term {
	all := maps.Clone(terms)
	maps.Copy(all, disputeTerms)
	maps.Copy(all, sourceTerms)
	maps.Copy(all, deskTerms)
	maps.Copy(all, snoozeTerms)
	maps.Copy(all, leadTerms)
	maps.Copy(all, replyTerms)
	maps.Copy(all, linkTerms)
	maps.Copy(all, withdrawalTerms)
	maps.Copy(all, parcelTerms)
	return all
}

// works are the tasks for the world outside.
var works = map[string]bot.Work{
	"check_order": {Class: bot.EditClass, Expected: checked,
		Outcomes: []string{"order_open", "order_unpaid", "order_locked", "order_had_shipped", "order_was_cancelled"}},
	"cancel_order": {Class: bot.MoneyClass, Shop: true, Expected: cancelledSoon,
		Outcomes: []string{"order_cancelled", "order_had_shipped", "cancel_failed"}},
	"pay_refund": {Class: bot.MoneyClass, Shop: true, // when the shop pays is the shop's to say
		Outcomes: []string{"refund_settled", "refund_failed"}},
	"seal_case":      {Class: bot.EditClass, Optional: true, Expected: comes("case_sealed"), Outcomes: []string{"case_sealed"}},
	"check_tracking": {Class: bot.EditClass, Expected: comes("tracking_checked"), Outcomes: []string{"tracking_checked"}},
	"tell_shop":      {Class: bot.EditClass, Expected: comes("shop_told"), Outcomes: []string{"shop_told"}},
}

// windows are worked out from the order rather than listed in the policy.
var windows = map[string]func(*bot.View) bot.Window{
	"next_morning":   nextMorning,
	"refund_overdue": func(v *bot.View) bot.Window { return v.Policy.Refund(method(v)).Max }, // S68, S71
	"return_by":      returnWindow,
	"case_file":      caseFileWindow,
	"parcel_back":    parcelBackWindow,
	"standstill":     standstillWindow,
	"last_day_near":  lastDayWindow,
	"may_claim":      mayClaimWindow,
	"watch_over":     watchWindow,
	"appeal":         func(v *bot.View) bot.Window { return v.Policy.Appeal },
	"snooze":         snoozeWindow,
	"support_lead":   leadWindow,
	"evidence":       evidenceWindow,
	"undo":           func(v *bot.View) bot.Window { return v.Policy.Windows["undo"] }, // none at all is allowed
}

// notes are said where nothing moved.
var notes = map[string]string{
	bot.RefusedLate:          "That belongs to an earlier step, so nothing was sent and nothing has changed. This is where it stands now.",
	bot.RefusedForged:        "I do not know that button, so nothing has changed.",
	bot.RefusedNotYours:      "That button was offered to somebody else, so nothing has changed.",
	bot.RefusedUsed:          "That is done already; once is enough.",
	bot.RefusedNotUnderstood: "I did not understand that. You can press a button, type what it says, or ask for “a person”.",
	bot.RefusedTooLong:       "That is more than I can read at once: 4,000 characters at most. Nothing has changed; please send it shorter.",
	bot.RefusedUnheard:       "This is closed, so that was not passed on. To write about the order, send me its number; or ask for “a person”.",
	bot.NoticeLateMoney:      "The shop has answered late about case {case}: {late_word}. Nobody waited for it any more, so please check that nothing was paid twice.",
	"shop_contradicted":      shopContradicted,
	"shop_unanswered":        shopUnanswered,
	bot.NoticeUndelivered:    "A message to them could not be delivered and will not be tried again, so they may not know what it says. Please reach them another way.",
	bot.NoticeGivenUp:        "Something that had to be done here has failed for good. It waits for whoever runs this assistant; please see to it by hand until then.",
	string(bot.TooLarge):     fileTooLarge,
	string(bot.Unwanted):     fileUnwanted,
	string(bot.Unfetched):    fileUnfetched,
	bot.RefusedFailed:        "Something went wrong on our side. Your message is kept, and I am trying again.",
}
