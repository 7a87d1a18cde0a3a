package flows

import (
	"slices"
	"time"
	"unicode"
	"unicode/utf8"

	"nevermind/bot"
)

// A clock that decides against somebody does not run while they could not be told, or could not answer. Which clocks these
// are stands with their state (Judges). Whoever was told late has that much more time, and so have all after an outage of the
// assistant itself; everybody concerned hears until when. Whoever cannot be told at all is not judged by a clock: support
// decides.

// toldMoves are heard in every case.
var toldMoves = bot.Moves{
	bot.ToldLate:   bot.Stay().MakingUp().Learning(laterProof).Saying(toAll("{told_late}")).Rules("S31", "S41"),
	bot.OutageOver: bot.Stay().MakingUp().Learning(laterProof).Saying(toAll("{was_away}")).Rules("S31", "S41"),
}

// toAll says the same to all three.
func toAll(words string) bot.To {
	return bot.To{bot.Buyer: words, bot.Seller: words, bot.Support: words}
}

// untold is where it leads that a party cannot be told what a clock would hold against them.
func untold(p bot.Party) bot.Move {
	return bot.Go("with_support").Learning(setFact("why", bot.Untold(p))).Rules("S31")
}

// laterProof moves on the time by which a seller has to prove that a parcel has left, by as much as is made up for.
func laterProof(v *bot.View, e *bot.Event) bot.Facts {
	said, err := time.Parse(time.RFC3339, v.Fact("shipping_said"))
	by, wrong := time.ParseDuration(e.Facts["away"])
	if err != nil || wrong != nil || v.Frame.State != "checking_tracking" {
		return nil
	}
	return bot.Facts{"shipping_said": said.Add(by).UTC().Format(time.RFC3339)}
}

// toldTerms are what {names} stand for in words about what came late, or not at all.
var toldTerms = map[string]bot.Term{
	"told_late":        toldLateTerm,
	"was_away":         wasAwayTerm,
	"untold_why":       untoldWhy,
	"untold_name":      untoldName,
	"ruling_waits":     rulingWaits,
	"undelivered":      undelivered,
	"left_for_support": leftForSupport,
	"left_for_buyer":   leftForBuyer,
	"untold_on":        func(v *bot.View, _ *bot.Person) string { return platformName(v.Fact("untold_on")) },
	"untold_for":       func(v *bot.View, r *bot.Person) string { return lengthOf(v, r, v.Fact("untold_for")) },
	"late_by":          func(v *bot.View, r *bot.Person) string { return lengthOf(v, r, v.Event.Facts["away"]) },
	"judged_by": func(v *bot.View, r *bot.Person) string {
		at, _ := judgingClock(v)
		return formatMoment(v, r, at)
	},
	"judged": func(v *bot.View, r *bot.Person) string {
		_, who := judgingClock(v)
		return partyName(v, r, who[0])
	},
}

// judgingClock is when the clock runs out that decides against somebody where the record stands, and against whom; nobody
// where there is none.
func judgingClock(v *bot.View) (at time.Time, against []bot.Party) {
	for _, d := range v.Conv.Deadlines {
		if who := v.Renderer.Judged(v, d); len(who) > 0 && (at.IsZero() || d.At.Before(at)) {
			at, against = d.At, who
		}
	}
	return at, against
}

// toldLateTerm tells everybody that one of them was told late, and until when they have time now.
func toldLateTerm(v *bot.View, r *bot.Person) string {
	_, judged := judgingClock(v)
	told := bot.Party(v.Event.Facts["told"])
	switch {
	case len(judged) == 0 || told == bot.Support && r.Party() != bot.Support:
		return ""
	case r.Party() == told:
		return v.Say(r, "My message about this reached you {late_by} late. You have that much more time, until {judged_by}.")
	case r.Party() == bot.Support && told == bot.Seller:
		return v.Say(r, "In case {case} my message reached {seller} {late_by} late, so they now have until {judged_by}.")
	case r.Party() == bot.Support:
		return v.Say(r, "In case {case} my message reached {buyer} {late_by} late, so they now have until {judged_by}.")
	case told == bot.Seller:
		return v.Say(r, "My message reached {seller} {late_by} late. So that this doesn't count against them, they now have until "+
			"{judged_by}.")
	}
	return v.Say(r, "My message reached {buyer} {late_by} late. So that this doesn't count against them, they now have until "+
		"{judged_by}.")
}

// wasAwayTerm tells everybody that the assistant was not there, and until when whoever has to answer has time now.
func wasAwayTerm(v *bot.View, r *bot.Person) string {
	_, judged := judgingClock(v)
	switch {
	case slices.Contains(judged, r.Party()) && r.Party() == bot.Support:
		return v.Say(r, "I couldn't be reached for a while, so case {case} waits for you until {judged_by}.")
	case slices.Contains(judged, r.Party()):
		return v.Say(r, "I couldn't be reached for a while. You have that much more time, until {judged_by}.")
	case len(judged) == 0 || judged[0] == bot.Support:
		return ""
	case r.Party() == bot.Support && len(judged) > 1:
		return v.Say(r, "I couldn't be reached for a while, so both sides of case {case} now have until {judged_by}.")
	case r.Party() == bot.Support:
		return v.Say(r, "I couldn't be reached for a while, so {judged} now has until {judged_by} in case {case}.")
	}
	return v.Say(r, "I couldn't be reached for a while. So that this doesn't count against {judged}, they now have until "+
		"{judged_by}.")
}

// untoldWhy is why somebody could not be told.
func untoldWhy(v *bot.View, r *bot.Person) string {
	switch v.Fact("untold_why") {
	case bot.UntoldNoChat:
		return v.Say(r, "They have no chat with me.")
	case bot.UntoldRefused:
		return v.Say(r, "Their chat doesn't take my messages.")
	case bot.UntoldUnsent:
		return v.Say(r, "My message was set aside before it was sent.")
	}
	return v.Say(r, "{untold_on} hasn't taken my message for {untold_for}.")
}

// undelivered tells support that a message could not be delivered; empty for a card of somebody because of whom the case is with
// support already.
func undelivered(v *bot.View, r *bot.Person) string {
	if of := v.Event.Facts["untold_card"]; of != "" && v.Conv.State == "with_support" && v.Fact("why") == bot.Untold(bot.Party(of)) {
		return ""
	}
	return v.Say(r, "A message about case {case} couldn't be delivered. {untold_why} Please reach them another way.")
}

// leftForSupport tells support that a side has no chat any more; empty where a clock ran against it, for then the case comes to
// support and says so.
func leftForSupport(v *bot.View, r *bot.Person) string {
	seller := v.Event.Name == "seller_left"
	switch {
	case seller && judges(v, bot.Seller), !seller && judges(v, bot.Buyer):
		return ""
	case seller:
		return v.Say(r, "{seller} can no longer be reached by chat, and case {case} is open. It stands at: {stands}. "+
			"Please reach them another way.")
	}
	return v.Say(r, "{buyer} can no longer be reached by chat, and case {case} is open. It stands at: {stands}. It goes on without "+
		"them; what they should know has to reach them another way.")
}

// leftForBuyer tells the buyer that the seller has no chat any more, unless the case comes to support.
func leftForBuyer(v *bot.View, r *bot.Person) string {
	if judges(v, bot.Seller) {
		return ""
	}
	return v.Say(r, "{seller} has no chat with me any more. Our support team knows; the times I have told you stand.")
}

// judges says whether a clock runs that decides against a party.
func judges(v *bot.View, p bot.Party) bool {
	_, judged := judgingClock(v)
	return slices.Contains(judged, p)
}

// platformName is what people call a platform.
func platformName(adapter string) string {
	first, size := utf8.DecodeRuneInString(adapter)
	return string(unicode.ToUpper(first)) + adapter[size:]
}

// lengthOf is a stored duration in words: "3 hours".
func lengthOf(v *bot.View, r *bot.Person, stored string) string {
	d, _ := time.ParseDuration(stored)
	return formatWindow(v, r, bot.Window{Length: d})
}
