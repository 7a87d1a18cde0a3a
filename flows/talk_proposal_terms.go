package flows

import (
	"maps"
	"slices"
	"strings"
	"time"

	"nevermind/bot"
)

// What an assistant suggests, as long as it can be done and its time is not over.
var (
	inTime          = cond("its time is not over", func(v *bot.View) bool { return v.Now.Before(timeFact(v, "until")) })
	proposesUnpaid  = proposes("an unpaid order is to be cancelled", bot.ProposeRequest, unpaidFits)
	proposesRequest = proposes("a request is suggested", bot.ProposeRequest, requestFits)
	proposesAnswer  = proposes("an answer is suggested", bot.ProposeAnswer, func(v *bot.View) bool {
		return v.Fact("form_offer") != "" && openCaseKey(v) != ""
	})
	proposesWords = proposes("words are suggested", bot.ProposeWords, func(v *bot.View) bool {
		return strings.TrimSpace(v.Fact("words")) != ""
	})
	suggestsTaking    = answerIs("taking it is suggested", "take")
	suggestsDeclining = answerIs("declining it is suggested", "decline")
	suggestsCounter   = answerIs("another offer is suggested", "counter")
)

// proposes asks whether a proposal of a kind can be shown now: about an order of the buyer's own, in time.
func proposes(name string, kind bot.ProposalKind, fits func(v *bot.View) bool) *bot.Cond {
	return cond(name, func(v *bot.View) bool {
		return v.Fact("kind") == string(kind) && v.Actor.Party() == bot.Buyer && orderOf(v) != nil && inTime.Holds(v) && fits(v)
	})
}

// answerIs asks which answer is suggested, by the event of its button.
func answerIs(name, answer string) *bot.Cond {
	return cond(name, func(v *bot.View) bool { return slices.Contains(assistants.Answers[answer], v.Fact("form_event")) })
}

// unpaidFits says whether an order that is not paid can be cancelled at a yes.
func unpaidFits(v *bot.View) bool { return orderUnpaid.Holds(v) && !caseOpen.Holds(v) }

// requestFits says whether the talk about cancelling would come to its last look with what is suggested: the order stands so
// that it can be asked for, nothing is open about it, the reason is one of the policy's, and so many are there.
func requestFits(v *bot.View) bool {
	if _, known := v.Policy.Reason(v.Fact("reason")); !known || wordsMissing.Holds(v) {
		return false
	}
	for _, not := range []*bot.Cond{caseOpen, refusedBefore, orderUnpaid, orderLocked, orderOver, orderFrozen} {
		if not.Holds(v) {
			return false
		}
	}
	if orderShipped.Holds(v) && !partOpen.Holds(v) || len([]rune(v.Fact("note"))) > longestNote {
		return false
	}
	return partsFit(v)
}

// longestNote is how many characters a note to the seller may have.
const longestNote = 1000

// partsFit says whether what is to be cancelled can be so: of each line no more than is left, and only whole lines where the
// shop does not count them. Naming nothing means all, except where a part has left.
func partsFit(v *bot.View) bool {
	o := orderOf(v)
	if v.Fact("lines") == "" {
		return !partOpen.Holds(v)
	}
	if v.Policy.Choices["lines"] == "whole" {
		return false
	}
	parts, _ := o.Named(v.Frame.Facts)
	open := choosable(v)
	for _, p := range parts {
		n := slices.IndexFunc(open, func(c bot.Part) bool { return c.ID == p.ID })
		if n < 0 || p.Quantity > open[n].Quantity || p.Quantity < open[n].Quantity && !isCounted(o, p.ID) {
			return false
		}
	}
	return len(parts) > 0
}

// through adds to an event of the buyer's that their assistant had suggested it, and in which proposal.
func through(v *bot.View, ev bot.Event) bot.Event {
	if ev.Facts == nil {
		ev.Facts = bot.Facts{}
	}
	ev.Facts[bot.Through] = "assistant " + v.Fact("proposal")
	return ev
}

// openCaseThrough sends the request that was suggested, as the chat sends its own.
func openCaseThrough(v *bot.View, e *bot.Event) (bot.Key, bot.Event) {
	key, ev := openCase(v, e)
	ev.Files = nil
	return key, through(v, ev)
}

// pressThrough presses the button that was suggested; what it is worth by then, its record decides.
func pressThrough(v *bot.View, _ *bot.Event) (bot.Key, bot.Event) {
	ev := bot.Event{Name: v.Fact("form_event"), Offer: v.Fact("form_offer"), Facts: bot.Facts{}}
	for name, value := range v.Frame.Facts {
		if field, ok := strings.CutPrefix(name, "field_"); ok {
			ev.Facts[field] = value
		}
	}
	return bot.Key(v.Fact("form_key")), through(v, ev)
}

// wordsThrough passes on the words that were suggested.
func wordsThrough(v *bot.View, e *bot.Event) (bot.Key, bot.Event) {
	letter := *e
	letter.Text, letter.Files = v.Fact("words"), nil
	key, ev := sendLetter(v, &letter)
	return key, through(v, ev)
}

// proposalDone tells the record of the assistant what became of its proposal.
func proposalDone(outcome string) bot.Ask {
	return func(v *bot.View, _ *bot.Event) (bot.Key, bot.Event) {
		owner := v.Conv.Parties[bot.Here]
		return bot.Key("assistant/" + string(owner)), bot.Event{Name: "proposal_ended", By: bot.Buyer, Actor: owner,
			Facts: bot.Facts{"proposal": v.Fact("proposal"), "outcome": outcome}}
	}
}

// proposalUnfit tells the record of the assistant at once where its proposal, shown a moment ago to be fit, is not asked.
func proposalUnfit(v *bot.View, e *bot.Event) (bot.Key, bot.Event) {
	talk := *v
	talk.Frame = &bot.Frame{Flow: "proposal", Facts: e.Facts}
	if slices.ContainsFunc(proposalWays, func(w bot.Way) bool { return w.If.Holds(&talk) }) {
		return "", bot.Event{}
	}
	talk.Conv = &bot.Conversation{Parties: map[bot.Party]bot.PersonID{bot.Here: e.Actor}}
	return proposalDone("unfit")(&talk, e)
}

// proposalLeft is how long a proposal can still be answered.
func proposalLeft(v *bot.View) bot.Window {
	return bot.Window{Length: max(timeFact(v, "until").Sub(v.Now), time.Second)}
}

// proposalTerms are what {names} stand for in an assistant's questions.
var proposalTerms = map[string]bot.Term{
	"suggested_words":  func(v *bot.View, r *bot.Person) string { return quoted(v, r, v.Fact("words")) },
	"suggested_answer": suggestedAnswer,
	"suggested_note":   suggestedNote,
}

// suggestedAnswer is the last look at an answer to an offer: what the chat shows before the yes, or the offer it is about.
func suggestedAnswer(v *bot.View, r *bot.Person) string {
	if suggestsTaking.Holds(v) {
		return v.Fact("form_look")
	}
	about := caseSuggested(v)
	if about == nil {
		return ""
	}
	offer := bot.Facts{"offer_there": offerWords(about, r)}
	if suggestsDeclining.Holds(v) {
		return v.With(offer).Say(r, "Say no to this offer: {offer_there}")
	}
	return v.With(offer).Say(r, "Make this offer: {offer_there}{suggested_note}")
}

// suggestedNote is the reason that goes with another offer; empty where none does.
func suggestedNote(v *bot.View, r *bot.Person) string {
	if note := v.Fact("field_offer_note"); note != "" {
		return " " + quoted(v, r, note)
	}
	return ""
}

// caseSuggested is the view of the case whose button is suggested, with the answers that are suggested along; nil where there
// is none.
func caseSuggested(v *bot.View) *bot.View {
	for _, c := range openCases(v) {
		if string(c.Key) != v.Fact("form_key") {
			continue
		}
		facts := maps.Clone(c.Facts)
		for name, value := range v.Frame.Facts {
			if field, ok := strings.CutPrefix(name, "field_"); ok && value != "" {
				facts[field] = value
			}
		}
		if kept := v.Fact("field_offer_kept"); kept != "" {
			facts["offer_amount"] = kept
		}
		about := *v
		c.Facts = facts
		about.Conv, about.Frame = &c, &c.Frame
		return &about
	}
	return nil
}
