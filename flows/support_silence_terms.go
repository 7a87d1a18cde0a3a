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
	"on_support_silence": onSupportSilence,
	"ended_for_support":  endedForSupport,
	"refused_for_buyer": refusedFor("Our support team has decided not to cancel this order: {grounds_quoted} This decision is " +
		"final, and the order goes on."),
	"refused_for_seller": refusedFor("Support has decided that the order goes on: {grounds_quoted} This decision is final. " +
		"Please go on as usual."),
	"no_money_for_buyer": refusedFor("Our support team has decided that no money goes back: {grounds_quoted} This decision is " +
		"final, and the case cannot be opened again."),
	"no_money_for_seller": refusedFor("Support has decided that no money goes back: {grounds_quoted} This decision is final."),
	"closed_refused":      refusedFor("Closed: refused. {grounds_quoted}{decided_by}"),
	"support_verdict_time": func(v *bot.View, r *bot.Person) string {
		return formatWindow(v, r, v.Policy.Windows["support_verdict"])
	},
}

// supportBy tells buyer or seller when support means to answer; once that is over, when it is reminded again.
func supportBy(v *bot.View, r *bot.Person) string {
	if supportLateNow.Holds(v) {
		return v.Say(r, "They are later than they meant to be.{next_reminder}{silence_end}")
	}
	return v.Say(r, "They mean to answer by {support_answer}.")
}

// nextReminder says, in a further sentence, when support is reminded again; empty where the case ends before.
func nextReminder(v *bot.View, r *bot.Person) string {
	end, ends := verdictEnds(v)
	due, reminded := supportAnswerDue(v)
	switch {
	case !reminded || ends && !due.Before(end):
		return ""
	case r.Party() == bot.Support:
		return v.Say(r, " The next reminder is {support_answer}.")
	}
	return v.Say(r, " I remind them again on {support_answer}.")
}

// answerBy tells support the same.
func answerBy(v *bot.View, r *bot.Person) string {
	due, err := time.Parse(time.RFC3339, v.Fact("support_due"))
	if !supportLateNow.Holds(v) || err != nil {
		return v.Say(r, "Please answer by {support_answer}.")
	}
	return v.Say(r, "Please answer now. It was due on ") + formatInstant(v, r, due) + "." + silenceEnd(v, r)
}

// meanwhileTerm is what a buyer should know while support takes long: the nearest thing that may happen to them (S59).
func meanwhileTerm(v *bot.View, r *bot.Person) string {
	switch last, known := lastDay(v); {
	case v.Conv.Flow != "case" || v.Order == nil:
	case stillUnshipped(v):
		return v.Say(r, "Your request stays open. Careful: if the order ships first, it can no longer be cancelled; I tell you "+
			"straight away.")
	case known && v.Now.Before(last) && v.Order.HasLeft():
		return v.Say(r, "Your request stays open. If something is wrong with the goods, a case about them can be opened until "+
			"{dispute_until}; for that, withdraw this request first.")
	}
	return v.Say(r, "Your case stays open.")
}

// silenceEnd says, in a further sentence, when and how it ends if nobody decides; empty where it does not.
func silenceEnd(v *bot.View, r *bot.Person) string {
	if !silenceEndsIt.Holds(v) {
		return ""
	}
	return v.Say(r, " If nobody has decided by {support_verdict}, {on_support_silence}.")
}

// silenceEndSeller tells the same to a seller, who hears nothing else of support's delay.
func silenceEndSeller(v *bot.View, r *bot.Person) string {
	if !silenceEndsIt.Holds(v) {
		return ""
	}
	return v.Say(r, "Support needs longer than they meant to.{silence_end}")
}

// onSupportSilence is what follows, in a clause, where support never decides.
func onSupportSilence(v *bot.View, r *bot.Person) string {
	switch mine := r.Party() == bot.Buyer; {
	case v.Conv.Flow == "case" && silenceForSeller.Holds(v):
		return v.Say(r, "the order goes on and nothing goes back")
	case v.Conv.Flow == "case" && mine:
		return v.Say(r, "your request is granted")
	case v.Conv.Flow == "case":
		return v.Say(r, "the request is granted")
	case silenceForSeller.Holds(v) && v.Fact("solution_kind") != "":
		return v.Say(r, "it goes as {seller} has offered")
	case silenceForSeller.Holds(v):
		return v.Say(r, "nothing goes back")
	case goodsFirst.Holds(v):
		return v.Say(r, "{amount} goes back")
	case mine:
		return v.Say(r, "it goes as you ask")
	}
	return v.Say(r, "it goes as {buyer} asks")
}

// endedForSupport tells support that a case has ended without them.
func endedForSupport(v *bot.View, r *bot.Person) string {
	words := v.Say(r, "Nobody has decided case {case} within {support_verdict_time}, so it has ended as the policy says: ")
	switch v.Fact("ended_for") {
	case "seller":
		return words + v.Say(r, "nothing goes back.")
	case "both":
		return words + v.Say(r, "as {seller} has offered, {solution}.")
	}
	return words + v.Say(r, "{amount} goes back.")
}

// refusedFor is a term for the end of a case without money: these words where support has refused it, and others where
// its silence has ended it.
func refusedFor(words string) bot.Term {
	return func(v *bot.View, r *bot.Person) string {
		if !endedForSeller.Holds(v) {
			return v.Say(r, words)
		}
		switch {
		case r.Party() == bot.Support:
			return v.Say(r, "Closed: nobody had decided within {support_verdict_time}, so nothing goes back.")
		case r.Party() == bot.Seller && v.Conv.Flow == "case":
			return v.Say(r, "Support has not decided within {support_verdict_time}. By this marketplace's rules the order goes on and "+
				"nothing goes back. Please go on as usual.")
		case r.Party() == bot.Seller:
			return v.Say(r, "Support has not decided within {support_verdict_time}. By this marketplace's rules the case ends, and "+
				"nothing goes back.")
		case v.Conv.Flow == "case":
			return v.Say(r, "I am sorry: our support team has not decided within {support_verdict_time}. By this marketplace's rules "+
				"your request ends with that, and the order goes on.{ask_again} If you think that is wrong, ask for “a person”.")
		}
		return v.Say(r, "I am sorry: our support team has not decided within {support_verdict_time}. By this marketplace's rules the "+
			"case ends with that, and no money goes back. If you think that is wrong, ask for “a person”.")
	}
}
