package flows

import "nevermind/bot"

// snoozeTerms are what {names} stand for in words about a record that is put aside.
var snoozeTerms = map[string]bot.Term{
	"snooze_said": snoozeSaid,
	"snooze_most": func(v *bot.View, r *bot.Person) string {
		if _, due := supportAnswerDue(v); due {
			return v.Say(r, "It comes back at the latest when support has to answer: {support_answer}.")
		}
		return ""
	},
	"snooze_until": func(v *bot.View, r *bot.Person) string {
		until, _, _, _ := Snoozed(v.Conv)
		return formatMoment(v, r, until)
	},
	"snoozer":    func(v *bot.View, _ *bot.Person) string { return bot.Clean(v.Fact("snooze_by")) },
	"snooze_why": func(v *bot.View, r *bot.Person) string { return quoted(v, r, v.Fact("snooze_why")) },
	"answer_still": func(v *bot.View, r *bot.Person) string {
		if _, due := supportAnswerDue(v); due {
			return v.Say(r, "Support still has to answer by {support_answer}.")
		}
		return ""
	},
	"woken": func(v *bot.View, r *bot.Person) string {
		if v.Fact("woke") == "" || v.Fact("woken_by") == "support_late" { // that has been said
			return ""
		}
		return v.Say(r, "Something has happened, so this is awake before the time that {snoozer} had chosen. {answer_still}")
	},
	"slept": func(v *bot.View, r *bot.Person) string {
		return v.Say(r, "This is awake again. {snoozer} had snoozed it until now: {snooze_why} {answer_still}")
	},
}

// snoozedWords says on the card that somebody has put it aside; empty where nobody has.
func snoozedWords(v *bot.View, r *bot.Person) string {
	if !isSnoozed.Holds(v) {
		return ""
	}
	return v.Say(r, "Snoozed by {snoozer} until {snooze_until}: {snooze_why}")
}

// snoozeSaid tells whoever has pressed until when it is put aside, or why it is not.
func snoozeSaid(v *bot.View, r *bot.Person) string {
	if !isSnoozed.Holds(v) {
		return v.Say(r, "That time has already passed, so nothing is snoozed.")
	}
	if !wakesByItself.Holds(v) {
		return v.Say(r, "Snoozed until support has to answer, {snooze_until}: that time doesn't move. "+
			"It comes back then, or as soon as somebody writes or something happens.")
	}
	return v.Say(r, "Snoozed until {snooze_until}. It comes back then, or as soon as somebody writes or something happens.")
}

// snoozedLabel says in support's list until when a record is put aside.
func snoozedLabel(v *bot.View, c *bot.Conversation) string {
	until, _, _, ok := Snoozed(c)
	if v.Actor.Party() != bot.Support || !ok {
		return ""
	}
	date := formatDate(v, v.Actor, until.In(v.Actor.Location()), "Monday 2 January, 15:04")
	return " · " + v.With(bot.Facts{"date": date}).Say(v.Actor, "snoozed until {date}")
}
