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
	{"Q1", "How long the seller has", "a seller has {answer_time} to answer; if they do not, {on_silence}."},
	{
		"Q2", "How long a refund takes",
		"as long as it takes by the way you paid:\n{refund_times}I follow it, and ask you whether it is there.",
	},
	{
		"Q3", "While a payment is confirmed",
		"an order that is not paid can be cancelled at once; while its payment is being confirmed nobody can, and I can tell you " +
			"the moment that is over.",
	},
	{
		"Q4", "Cancelling after shipping",
		"once it has left, it is not cancelled. I offer what there is instead: refusing the parcel, sending it back, " +
			"or a case about the goods.",
	},
	{
		"Q5", "What becomes of a coupon",
		"only money that was paid goes back. A code that was not used stays yours; whether a used one is credited is for the shop " +
			"to say, so I promise nothing.",
	},
	{"Q6", "How long preparing takes", "the order's own date, where the shop gives one. Where it gives none, I say so."},
	{"Q7", "What it costs", "before anything is sent I show every item that I know of, each marked as certain or possible."},
	{
		"Q8", "Write first or ask first",
		"both at once: your note goes to the seller together with the request. You can also write first, from the order.",
	},
	{"Q9", "Where the buttons are", "you need none of the shop's. " +
		"What can be done with an order is offered here, below that order."},
	{
		"Q10", "Which reason to give",
		"the true one. I show what each reason means before anything is sent, and never advise one that is not so.",
	},
	{"Q11", "Whose fault slowness is", "{slow_fault}"},
	{
		"Q12", "Not collecting a parcel",
		"a parcel is stored for {parcel_storage_time}, and I say it aloud where that is longer than a case can be opened. " +
			"The case is then opened first, and waits for the parcel.",
	},
	{
		"Q13", "What becomes of my data",
		"what I keep, and the shop's account, are two things: “privacy” says what I keep. " +
			"Deleting the account is done at the shop, and cannot be undone.",
	},
	{"Q14", "When an unpaid order ends", "{unpaid_time} from the order, not from the basket."},
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
		words.WriteString(v.Say(r, q.label) + v.Say(r, ": the sources differ.\n"))
		for _, c := range claimsOf(v, q.id) {
			words.WriteString("• " + v.Say(r, c.Says) + " (" + sourceOf(v, r, c) + ")\n")
		}
		words.WriteString(v.Say(r, "What counts here: ") + strings.TrimSuffix(v.Say(r, q.acts), "\n"))
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
	words := strings.Join(who, ", ")
	if at, err := time.Parse(time.DateOnly, c.Seen); err == nil {
		words += v.Say(r, "; read on ") + formatDate(v, r, at, "2 January 2006")
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
		return v.Say(r, "this marketplace has no such reason.")
	case reason.Fault == bot.Buyer:
		return v.Say(r, "this marketplace counts it as the buyer's decision, so the seller is not fined for it.")
	}
	return v.Say(r, "this marketplace counts it as the seller's failing.")
}

// termsHere says whose rules are in force, and that they change (S16, S88).
func termsHere(v *bot.View, r *bot.Person) string {
	return v.Say(r, "I go by the rules of “") + bot.Clean(v.Policy.Name) + v.Say(r, "”, version ") + v.Policy.Version +
		v.Say(r, ". Marketplaces change their rules, and sellers differ: some give more time, some keep a fee, some ask for a form "+
			"or another step first. Please do what they ask: a request that lacks something may not be considered. "+
			"What I show you with an order is what counts for that order and its seller now; of a request, every step is kept with the "+
			"version it was made under. Please read the shop's present terms too: where they say something else, ask for “a person”.")
}
