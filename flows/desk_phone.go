package flows

import (
	"slices"
	"strings"

	"nevermind/bot"
)

// byPhone is support's button for the answer of a buyer or seller who has phoned. It asks what they said, who phoned, and a
// short note; everybody is told that support has answered for them, and the journal keeps who did. The answer then counts
// as if they had pressed it themselves.
var byPhone = bot.Choice{Event: "phoned", Label: "Somebody phoned…", Form: phoneForm,
	When: cond("somebody can answer by phone", canAnswerByPhone)}

// canAnswerByPhone says whether the case stands where somebody's answer by phone would count.
func canAnswerByPhone(v *bot.View) bool {
	return len(phoneAnswersNow(v)) > 0
}

// phonedIn passes the answer on to the case itself, after it was told who has given it. One by which more goes back than one
// person may decide is held first (desk_phone_hold.go).
var phonedIn = bot.Stay().ReadingHistory().Learning(callFacts).Saying(bot.To{bot.Buyer: "{phoned}", bot.Seller: "{phoned}",
	bot.Support: "{phoned}{call_wanted}"}).Asking(passOnCall).Dealing(bot.Support).Rules("S31", "S56", "S91")

// phoneAnswer is one answer that somebody may give by phone.
type phoneAnswer struct {
	value  string // stored with the event
	by     bot.Party
	label  string // among the answers to choose from
	said   string // to everybody, once it is noted
	event  string // what it is to the case
	taken  string // the solution that is taken, if one is
	states []string
	when   *bot.Cond // nil is always
	pays   bool      // whether money goes back by it
}

// phoneAnswers are all that can be said by phone, and where.
var phoneAnswers = []phoneAnswer{
	{"agrees", bot.Seller, "The seller agrees: cancel", "{seller} agrees to cancel.", "seller_accepted", "", []string{
		"case.seeking_seller", "case.awaiting_seller", "case.negotiating", "case.weighing_offer", "case.with_support",
		"case.awaiting_evidence",
	}, undecided, true},
	{"agrees", bot.Seller, "The seller finds it has not left: cancel", "{seller} found that it hasn't left, and agrees to cancel.",
		"seller_accepted", "", []string{"case.checking_tracking"}, notShipped, true},
	{"refuses", bot.Seller, "The seller says no", "{seller} says no.", "seller_rejected", "", []string{
		"case.seeking_seller", "case.awaiting_seller",
	}, nil, false},
	{"takes", bot.Buyer, "The buyer takes the offer", "{buyer} takes the offer.", "offer_taken", "",
		[]string{"case.weighing_offer"}, nil, true},
	{"declines", bot.Buyer, "The buyer declines the offer", "{buyer} doesn't take the offer.", "offer_declined", "",
		[]string{"case.weighing_offer"}, nil, false},
	{"takes", bot.Seller, "The seller takes the offer", "{seller} takes the offer.", "offer_taken", "",
		[]string{"case.weighing_counter"}, nil, true},
	{"declines", bot.Seller, "The seller declines the offer", "{seller} doesn't take the offer.", "offer_declined", "",
		[]string{"case.weighing_counter"}, nil, false},
	{"keeps", bot.Buyer, "The buyer keeps the order", "{buyer} keeps the order.", "order_kept", "", []string{
		"case.checking_tracking", "case.negotiating", "case.weighing_counter",
	}, nil, false},
	{"withdraws", bot.Buyer, "The buyer withdraws the request", "{buyer} withdraws the request.", "withdrawn", "", []string{
		"case.seeking_seller", "case.awaiting_seller", "case.with_support", "case.awaiting_evidence",
	}, undecided, false},
	{"agrees", bot.Seller, "The seller agrees to what the buyer asks", "{seller} agrees to what {buyer} asks for.", "solution_taken",
		"claim", disputeOpenStates, undecided, true},
	{"refuses", bot.Seller, "The seller says no", "{seller} says no.", "claim_refused", "",
		[]string{"dispute.awaiting_seller"}, nil, false},
	{"takes", bot.Buyer, "The buyer takes the seller's offer", "{buyer} takes the offer of {seller}.", "solution_taken", "solution",
		disputeOpenStates, solutionThere, true},
	{"buyer_takes_proposal", bot.Buyer, "The buyer takes support's solution", "{buyer} takes what our support team suggested.",
		"solution_taken", "proposal", disputeOpenStates, proposalThere, true},
	{"seller_takes_proposal", bot.Seller, "The seller takes support's solution", "{seller} takes what our support team suggested.",
		"solution_taken", "proposal", disputeOpenStates, proposalThere, true},
	{"withdraws", bot.Buyer, "The buyer withdraws the case", "{buyer} withdraws the case.", "withdrawn", "",
		disputeOpenStates, undecided, false},
	{"back", bot.Seller, "The seller has the parcel back", "{seller} has the parcel back.", "parcel_back", "", []string{
		"dispute.returning", "dispute.awaiting_parcel",
	}, nil, true},
}

// disputeOpenStates are the states of a dispute in which a solution can be taken.
var disputeOpenStates = []string{
	"dispute.awaiting_seller", "dispute.negotiating", "dispute.with_support", "dispute.awaiting_evidence",
}

// fits says whether the answer belongs where the case stands.
func (a *phoneAnswer) fits(v *bot.View) bool {
	here := func(place string) bool {
		flow, state, _ := strings.Cut(place, ".")
		return state == v.Frame.State && flow == v.Conv.Flow
	}
	return slices.ContainsFunc(a.states, here) && (a.when == nil || a.when.Holds(v))
}

// askWhatWasSaid asks for the answer, and says where one that sends money needs a second person: somebody alone could
// otherwise send by phone what they may not decide.
func askWhatWasSaid(v *bot.View) string {
	if secondForCalls(v) {
		return "What did they say? If it is a yes to money going back, a second person has to confirm it here before it counts, " +
			"since it is more than {second_above} for one order."
	}
	return "What did they say?"
}

// askToNoteCall says before a call is noted what follows.
func askToNoteCall(v *bot.View) string {
	if secondForCalls(v) {
		return "This counts as their own answer, and both sides are told that you noted it; a yes to money going back only once a " +
			"second person has confirmed it. Note it?"
	}
	return "This counts as their own answer, and both sides are told that you noted it. Note it?"
}

// secondForCalls says whether some answer by phone wants a second person where the case stands.
func secondForCalls(v *bot.View) bool {
	return slices.ContainsFunc(phoneAnswersNow(v), func(a phoneAnswer) bool { return a.wantsSecond(v) })
}

// phoneAnswersNow are the answers that can be given where the case stands.
func phoneAnswersNow(v *bot.View) []phoneAnswer {
	var now []phoneAnswer
	for i := range phoneAnswers {
		if phoneAnswers[i].fits(v) {
			now = append(now, phoneAnswers[i])
		}
	}
	return now
}

// phoneForm asks what was said, by whom, and for a note that both sides read.
func phoneForm(v *bot.View) []bot.Field {
	said := bot.Field{Name: "said", Kind: bot.OneOf, Ask: askWhatWasSaid(v)}
	for _, a := range phoneAnswersNow(v) {
		said.Options = append(said.Options, bot.Option{Value: a.value, Label: a.label})
	}
	return []bot.Field{
		said,
		{
			Name: "caller", Kind: bot.Text, Limit: 80,
			Ask: "Who phoned? Please be sure that it's them. The buyer and the seller both read the name.",
		},
		{
			Name: "rejection", Kind: bot.Text, Limit: 600, If: "said=refuses",
			Ask: "Why not? A sentence or two, as they said it. The buyer reads it.",
		},
		{
			Name:  "call_note",
			Kind:  bot.Text,
			Limit: 300,
			Ask:   "What did they say, in a sentence? The buyer and the seller both read it.",
		},
		{
			Name: "sure", Kind: bot.Sure, Options: yesNo("Yes, note it"),
			Ask: askToNoteCall(v),
		},
	}
}

// answerByPhone is the answer that an event is about, a phone call or the confirmation of one; nil where it fits no longer.
func answerByPhone(v *bot.View, e *bot.Event) *phoneAnswer {
	said := e.Facts["said"]
	if e.Name == "call_confirmed" {
		said = v.Fact("phone_said")
	}
	for _, a := range phoneAnswersNow(v) {
		if a.value == said {
			return &a
		}
	}
	return nil
}

// passOnCall tells the case what was answered, on whose behalf; nothing while a second person is wanted.
func passOnCall(v *bot.View, e *bot.Event) (bot.Key, bot.Event) {
	a := answerByPhone(v, e)
	if a == nil || callHeld.Holds(v) {
		return "", bot.Event{}
	}
	facts := callOf(v, e)
	facts["called_for"] = string(a.by)
	if a.taken != "" {
		facts["taken"] = a.taken
	}
	if why := e.Facts["rejection"]; why != "" {
		facts["rejection"] = why
	}
	return v.Conv.Key, bot.Event{Name: a.event, By: bot.Support, Actor: v.Actor.ID, Facts: facts}
}

// callOf is who phoned and what they said, as it was noted now or before.
func callOf(v *bot.View, e *bot.Event) bot.Facts {
	if e.Name == "call_confirmed" {
		return bot.Facts{"caller": v.Fact("phone_caller"), "call_note": v.Fact("phone_note")}
	}
	return bot.Facts{"caller": e.Facts["caller"], "call_note": e.Facts["call_note"]}
}

// calledFor says whether support has given an answer for somebody who phoned.
func calledFor(e *bot.Event) bool { return e.Facts["called_for"] != "" }

// byPhoneFact records beside what an answer teaches whether it was given by phone.
func byPhoneFact(facts bot.Facts, e *bot.Event) bot.Facts {
	facts["by_phone"] = ""
	if calledFor(e) {
		facts["by_phone"] = "yes"
	}
	return facts
}

// phoneTerms are what {names} stand for in words about phone calls.
var phoneTerms = map[string]bot.Term{
	"phoned": phonedWords, "call_wanted": callWanted, "call_confirmation": callConfirmation, "call_said": callSaid,
	"noter":     func(v *bot.View, _ *bot.Person) string { return bot.Clean(v.Fact("noter_name")) },
	"call_most": func(v *bot.View, _ *bot.Person) string { return mostBack(v).String() },
}

// phonedWords tells who has phoned, for whom, what they said, and who has noted it; empty while a second person is wanted.
func phonedWords(v *bot.View, r *bot.Person) string {
	a := answerByPhone(v, v.Event)
	if a == nil || callHeld.Holds(v) {
		return ""
	}
	call := withCall(v, r, a, callOf(v, v.Event))
	if r.Party() == a.by {
		return call.Say(r, "{caller} phoned for you: {note}") + "\n" + v.Sentences(r, v.Say(r, a.said), v.Say(r,
			"Our support team has noted this as your own answer. If it isn't right, please ask for “a person” straight away."))
	}
	return call.Say(r, "{caller} phoned for {side}: {note}") + "\n" + v.Sentences(r, v.Say(r, a.said), sayTo(call, r, bot.To{
		bot.Support: notedBy(v.Event),
		bot.Here: "Our support team has noted this as the answer of {side}. If it isn't right, please ask for “a person” " +
			"straight away.",
	}))
}

// notedBy says who of support has noted a call.
func notedBy(e *bot.Event) string {
	if e.Name == "call_confirmed" {
		return "Noted by {noter}, confirmed by {agent}."
	}
	return "Noted by {agent}."
}

// withCall is the view with who phoned, for which side, and what they said.
func withCall(v *bot.View, r *bot.Person, a *phoneAnswer, call bot.Facts) *bot.View {
	return v.With(bot.Facts{
		"caller": bot.Clean(call["caller"]), "note": quoted(v, r, call["call_note"]), "side": partyName(v, r, a.by),
	})
}
