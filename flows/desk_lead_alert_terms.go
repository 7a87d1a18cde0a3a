package flows

import (
	"time"

	"nevermind/bot"
)

// leadAlertTerms are what {names} stand for in words to and about leads.
var leadAlertTerms = map[string]bot.Term{
	"lead_title": func(v *bot.View, r *bot.Person) string { return v.Say(r, "The desk") },
	"lead_told":  leadAlertWords,
	"lead_here": func(v *bot.View, r *bot.Person) string {
		what := "Case {case} has to be answered by {support_answer}. {whose_turn}"
		if v.Conv.ID == "" {
			what = "This has to be answered by {support_answer}. {whose_turn}"
		}
		return v.Sentences(r, v.Say(r, what), v.Say(r, "I say it here because {lead_name}, who leads this desk, has no "+
			"direct chat with me."))
	},
	"lead_name": func(v *bot.View, _ *bot.Person) string { return bot.Clean(v.Fact("lead_name")) },
	"of_about":  func(v *bot.View, _ *bot.Person) string { return bot.Clean(v.Event.Facts["about"]) },
	"of_asker":  func(v *bot.View, _ *bot.Person) string { return bot.Clean(v.Event.Facts["asked_by"]) },
	"of_holder": func(v *bot.View, _ *bot.Person) string { return bot.Clean(v.Event.Facts["held_by"]) },
	"of_due": func(v *bot.View, r *bot.Person) string {
		due, err := time.Parse(time.RFC3339, v.Event.Facts["due"])
		if err != nil {
			return ""
		}
		return formatMoment(v, r, due)
	},
}

// leadAlertWords names to a lead what waits, how long is left, and who has it.
func leadAlertWords(v *bot.View, r *bot.Person) string {
	what := map[string]string{
		"help":    "{of_asker} is waiting for a person.",
		"arrival": "The refund of {of_about} is still missing.",
	}[v.Event.Facts["of_flow"]]
	if what == "" {
		what = "Case {of_about} is waiting for support."
	}
	words := []string{v.Say(r, what), v.Say(r, "Three quarters of the time are over. It has to be answered by {of_due}.")}
	switch {
	case v.Event.Facts["second"] == "wanted":
		words = append(words, v.Say(r, "It waits for a second person besides {of_holder}."))
	case v.Event.Facts["held_by"] == "":
		words = append(words, v.Say(r, "Nobody has taken it yet."))
	default:
		words = append(words, v.Say(r, "{of_holder} has it."))
	}
	if v.Event.Facts["sleeps"] != "" {
		words = append(words, v.Say(r, "It is snoozed."))
	}
	return v.Sentences(r, append(words, v.Say(r, "Its card is in the support channel."))...)
}
