package flows

import (
	"slices"
	"strings"
	"time"

	"nevermind/bot"
)

// aboutTerms are what {names} stand for in words about where rules come from.
var aboutTerms = map[string]bot.Term{
	"refund_times": refundTimes,
	"sources_said": sourcesSaid,
	"slow_fault":   slowFault,
	"terms_here":   termsHere,
	"unpaid_time":  func(v *bot.View, r *bot.Person) string { return formatWindow(v, r, v.Policy.Windows["unpaid_expires"]) },
}

// questions are what the sources disagree about (Q1–Q14), each with what counts here: its label, and words in which
// terms stand.
var questions = []struct{ id, label, acts string }{
	{"Q1", "How long the seller has", "A seller has {answer_time} to answer. {silence_means}"},
	{
		"Q2", "How long a refund takes",
		"It takes as long as the way you paid does.\n{refund_times}\nI follow it, and ask you whether it is there.",
	},
	{
		"Q3", "While a payment is confirmed",
		"An order that isn't paid can be cancelled at once. While its payment is being confirmed nobody can, and I can tell you " +
			"the moment that is over.",
	},
	{
		"Q4", "Cancelling after shipping",
		"Once it has left, it isn't cancelled. I offer what there is instead: refusing the parcel, sending it back, " +
			"or a case about the goods.",
	},
	{
		"Q5", "What becomes of a coupon",
		"Only money that was paid goes back. A code that wasn't used stays yours. Whether a used one is credited is for the shop " +
			"to say, so I promise nothing.",
	},
	{"Q6", "How long preparing takes", "The order's own date counts, where the shop gives one. Where it gives none, I say so."},
	{"Q7", "What it costs", "Before anything is sent I show every item that I know of, each marked as certain or possible."},
	{
		"Q8", "Write first or ask first",
		"You can do both at once: your note goes to the seller together with the request. You can also write first, from the order.",
	},
	{"Q9", "Where the buttons are", "You need none of the shop's. " +
		"What can be done with an order is offered here, below that order."},
	{
		"Q10", "Which reason to give",
		"Give the true one. I show what each reason means before anything is sent, and never advise one that isn't so.",
	},
	{"Q11", "Whose fault slowness is", "{slow_fault}"},
	{
		"Q12", "Not collecting a parcel",
		"A parcel is stored for {parcel_storage_time}. Where that is longer than a case can be opened, I say so. " +
			"The case is then opened first, and waits for the parcel.",
	},
	{
		"Q13", "What becomes of my data",
		"What I keep, and the shop's account, are two things. “Privacy” says what I keep. " +
			"The shop deletes the account, and that can't be undone.",
	},
	{"Q14", "When an unpaid order ends", "It ends {unpaid_time} after the order, not after it went into the basket."},
}

// sourcesDiffer holds where the policy says what its sources say.
var sourcesDiffer = cond("the policy says what its sources say", func(v *bot.View) bool { return len(v.Policy.Claims) > 0 })

// listQuestions lists the questions that the policy has claims about.
func listQuestions(v *bot.View) []bot.Choice {
	var choices []bot.Choice
	for _, q := range questions {
		if len(claimsOf(v, q.id)) > 0 {
			choices = append(choices, bot.Choice{
				Event: "question_picked", Label: v.Say(v.Actor, q.label), Facts: bot.Facts{"question": q.id},
			})
		}
	}
	return choices
}

// claimsOf are the sources' claims about one question.
func claimsOf(v *bot.View, question string) []bot.Claim {
	return slices.DeleteFunc(slices.Clone(v.Policy.Claims), func(c bot.Claim) bool { return c.Question != question })
}

// sourcesSaid is what each source says of a question, what counts here, and what has been measured here (Q1–Q14).
func sourcesSaid(v *bot.View, r *bot.Person) string {
	var words strings.Builder
	for _, q := range questions {
		if q.id != v.Fact("question") {
			continue
		}
		words.WriteString(v.With(bot.Facts{"question": v.Say(r, q.label)}).Say(r, "{question}: the sources differ.") + "\n")
		for _, c := range claimsOf(v, q.id) {
			words.WriteString("• " + v.Say(r, c.Says) + " (" + sourceOf(v, r, c) + ")\n")
		}
		words.WriteString("\n" + v.Say(r, "What counts here:") + "\n" + v.Say(r, q.acts))
		words.WriteString(measuredHere(v, r, q.id))
	}
	return words.String()
}

// sourceOf is who says it, and when it was read; the numbers of the rules stand only where nothing else does.
func sourceOf(v *bot.View, r *bot.Person, c bot.Claim) string {
	who := slices.DeleteFunc(slices.Clone(c.Source), isRule)
	if len(who) == 0 {
		who = c.Source
	}
	words := v.List(r, who)
	if at, err := time.Parse(time.DateOnly, c.Seen); err == nil {
		return v.With(bot.Facts{"whose": words, "date": formatDate(v, r, at, "2 January 2006")}).Say(r, "{whose}, read on {date}")
	}
	return words
}

// isRule says whether a source is named by a rule's number, such as S41.
func isRule(s string) bool {
	return len(s) > 1 && (s[0] == 'S' || s[0] == 'Q') && strings.Trim(s[1:], "0123456789") == ""
}

// slowFault is whose fault the policy calls it when an order is slow (Q11).
func slowFault(v *bot.View, r *bot.Person) string {
	reason, listed := v.Policy.Reason("too_slow")
	switch {
	case !listed:
		return v.Say(r, "This marketplace has no such reason.")
	case reason.Fault == bot.Buyer:
		return v.Say(r, "This marketplace counts it as the buyer's decision, so the seller isn't fined for it.")
	}
	return v.Say(r, "This marketplace counts it as the seller's failing.")
}

// termsHere says whose rules are in force, and that they change (S16, S88).
func termsHere(v *bot.View, r *bot.Person) string {
	return v.With(bot.Facts{"rules": bot.Clean(v.Policy.Name), "version": v.Policy.Version}).
		Say(r, "I go by the rules of “{rules}”, "+
			"version {version}. Marketplaces change their rules, and sellers differ: some give more time, some keep a fee, "+
			"some ask for a form first. Please do what they ask: a request that lacks something may not be considered.\n\n"+
			"What I show with an order is what counts for it now. Every step of a request is kept with the rules it was made under. "+
			"Please read the shop's own terms too. If they say something else, ask for “a person”.")
}
