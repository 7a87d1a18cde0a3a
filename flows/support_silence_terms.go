package flows

import (
	"time"

	"nevermind/bot"
)

// silenceTerms are what {names} stand for in words about support that takes long.
var silenceTerms = map[string]bot.Term{
	"support_by":         supportBy,
	"answer_by":          answerBy,
	"next_reminder":      nextReminder,
	"meanwhile":          meanwhileTerm,
	"silence_end":        silenceEnd,
	"silence_end_seller": silenceEndSeller,
	"ended_for_support":  endedForSupport,
	"refused_for_buyer": refusedFor(
		"I know this isn't what you hoped for. Our support team has decided that the order goes ahead. " +
			"The decision is final; here is why: {grounds_quoted}",
	),
	"refused_for_seller": refusedFor(
		"Our support team has decided that the order goes ahead, so please go on as usual. Their reasons: " +
			"{grounds_quoted}",
	),
	"no_money_for_buyer": refusedFor(
		"I know this isn't what you hoped for. Our support team has decided that no money goes back, and the " +
			"case can't be opened again. The decision is final; here is why: {grounds_quoted}",
	),
	"no_money_for_seller": refusedFor(
		"Our support team has decided that no money goes back. The case is closed for good. Their reasons: " +
			"{grounds_quoted}",
	),
	"closed_refused": refusedFor("Closed: refused. {grounds_quoted}{decided_by}"),
	"support_verdict_time": func(v *bot.View, r *bot.Person) string {
		return formatWindow(v, r, v.Policy.Windows["support_verdict"])
	},
}

// supportBy tells buyer or seller when support means to answer; once that is over, when it is reminded again. While money
// is stuck there is nothing to answer.
func supportBy(v *bot.View, r *bot.Person) string {
	switch {
	case supportLateNow.Holds(v):
		return v.Say(r, "They're later than they meant to be. {silence_end}")
	case r.Party() == bot.Seller && v.Fact("stuck") != "":
		return ""
	}
	return v.Say(r, "They mean to answer by {support_answer}.")
}

// nextReminder says when support is reminded again; empty where the case ends before.
func nextReminder(v *bot.View, r *bot.Person) string {
	end, ends := verdictEnds(v)
	due, reminded := supportAnswerDue(v)
	if !reminded || ends && !due.Before(end) {
		return ""
	}
	return sayTo(v, r, bot.To{
		bot.Support: "The next reminder comes on {support_answer}.", bot.Here: "I'll remind them again on {support_answer}.",
	})
}

// answerBy tells support that it is late, and since when; before that the card's footer says all there is to say.
func answerBy(v *bot.View, r *bot.Person) string {
	due, err := time.Parse(time.RFC3339, v.Fact("support_due"))
	if !supportLateNow.Holds(v) || err != nil {
		return ""
	}
	return v.Sentences(r,
		v.With(bot.Facts{"due": formatInstant(v, r, due)}).Say(r, "Please answer now. It was due on {due}."),
		silenceEnd(v, r),
	)
}

// meanwhileTerm is what a buyer should know while support takes long: the nearest thing that may happen to them (S59).
func meanwhileTerm(v *bot.View, r *bot.Person) string {
	switch last, known := lastDay(v); {
	case v.Conv.Flow != "case" || v.Order == nil:
	case stillUnshipped(v):
		return v.Say(
			r,
			"Your request stays open. Careful: if it ships first, it can no longer be cancelled. I'll tell you straight away.",
		)
	case known && v.Now.Before(last) && v.Order.HasLeft():
		return v.Say(r, "Your request stays open. Careful: {dispute_until} is the last day to open a case about the goods themselves.")
	}
	return v.Say(r, "Your case stays open. You don't need to do anything.")
}

// silenceEnd says when and how it ends if nobody decides; empty where it does not.
func silenceEnd(v *bot.View, r *bot.Person) string {
	end, ends := verdictEnds(v)
	if !ends || !silenceEndsIt.Holds(v) {
		return ""
	}
	return ifNeverDecided(v.At(end), r)
}

// silenceEndSeller tells the same to a seller, who hears nothing else of support's delay.
func silenceEndSeller(v *bot.View, r *bot.Person) string {
	if !silenceEndsIt.Holds(v) {
		return ""
	}
	return v.Say(r, "Our support team needs longer than they meant to. {silence_end}")
}

// endedForSupport tells support that a case has ended without them.
func endedForSupport(v *bot.View, r *bot.Person) string {
	words := "Nobody decided case {case} within {support_verdict_time}, so it has ended as the policy says: " +
		"{buyer} gets {amount} back."
	switch v.Fact("ended_for") {
	case "seller":
		words = "Nobody decided case {case} within {support_verdict_time}, so it has ended as the policy says: no money goes back."
	case "both":
		words = "Nobody decided case {case} within {support_verdict_time}, so it has ended as the policy says. {solution_outcome}"
	}
	return v.Say(r, words)
}

// refusedFor is a term for the end of a case without money: these words where support has refused it, and others where
// its silence has ended it.
func refusedFor(words string) bot.Term {
	return func(v *bot.View, r *bot.Person) string {
		switch {
		case !endedForSeller.Holds(v):
			return v.Say(r, words)
		case v.Conv.Flow == caseFlow.Name:
			return sayTo(v, r, told("I'm sorry: our support team didn't decide within {support_verdict_time}. "+
				"By this marketplace's rules your request ends here, and the order goes ahead. {ask_again} "+
				"If you think that's wrong, ask for “a person”.",
				"Our support team didn't decide within {support_verdict_time}. By this marketplace's rules the order goes ahead, and no "+
					"money goes back. Please go on as usual.",
				"Closed: nobody decided within {support_verdict_time}, so no money goes back."))
		}
		return sayTo(
			v,
			r,
			told("I'm sorry: our support team didn't decide within {support_verdict_time}. By this marketplace's rules your "+
				"case ends here, and you get no money back. If you think that's wrong, ask for “a person”.",
				"Our support team didn't decide within {support_verdict_time}. By this marketplace's rules the case ends here, and no money "+
					"goes back.",
				"Closed: nobody decided within {support_verdict_time}, so no money goes back."),
		)
	}
}
