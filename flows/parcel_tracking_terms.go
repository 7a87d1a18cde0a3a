package flows

import (
	"strconv"
	"strings"

	"nevermind/bot"
)

// codeDoubted tells of a tracking code that looks odd, and is silent where nothing does (S46, S47).
var codeDoubted = bot.Stay().Saying(bot.To{bot.Buyer: "{code_doubts}", bot.Support: "{code_doubts}"}).Rules("S46", "S47")

// doubtWords are the reasons to doubt a tracking code, by the name that the shop's check gives them. Each is a reason to
// ask, never a verdict (S47).
var doubtWords = map[string]string{
	"form":      "It doesn't have the form of a tracking code.",
	"digit":     "Its check digit is wrong.",
	"older":     "The parcel is said to have left before the order was placed.",
	"still":     "There has been no news of it for a long time.",
	"elsewhere": "The carrier sends the parcel to another country than the order's.",
	"origin":    "It comes from another country than these sellers send from.",
	"twice":     "The same code stands in another case.",
}

// codeDoubts says what looks odd about a tracking code, as a reason to ask and never a verdict; empty where nothing does.
func codeDoubts(v *bot.View, r *bot.Person) string {
	doubts := doubtsFound(v, r)
	if len(doubts) == 0 {
		return ""
	}
	if !codeKnown(v) {
		return sayTo(v, r, bot.To{
			bot.Buyer: "There has been no news of the parcel for a long time. That's a reason to ask, not a proof. You can ask {seller} " +
				"for the carrier's receipt, or ask our support team to look.",
			bot.Here: "There has been no news of the parcel for a long time. That's a reason to ask, not a proof.",
		})
	}
	v = v.With(bot.Facts{"doubts": strings.Join(doubts, "\n• ")})
	if r.Party() == bot.Buyer {
		return v.Say(r, "I've looked at the tracking code, and something is odd:\n• {doubts}\nThat's a reason to ask, not a proof. "+
			"You can ask {seller} for the carrier's receipt, or ask our support team to look.")
	}
	return v.Say(r, "I've looked at the tracking code, and something is odd:\n• {doubts}\nThat's a reason to ask, not a proof.")
}

// doubtsLine is the same as a line of support's card, with how many of the checks it failed.
func doubtsLine(v *bot.View, r *bot.Person) string {
	doubts := doubtsFound(v, r)
	if len(doubts) == 0 {
		return ""
	}
	if !codeKnown(v) {
		return "\n• " + v.Sentences(r, doubts...)
	}
	return "\n• " + v.With(bot.Facts{
		"failed": strconv.Itoa(len(doubts)), "checks": strconv.Itoa(len(doubtWords)), "doubts": v.Sentences(r, doubts...),
	}).Say(r, "The tracking code fails {failed} of {checks} checks. {doubts}")
}

// codeKnown says whether there is a tracking code to doubt: the order's, the one a seller gives as proof, or that of what
// goes back. Without one only the parcel's standing still can be odd.
func codeKnown(v *bot.View) bool {
	return v.Fact("tracking_code") != "" || v.Fact("return_code") != "" || v.Order != nil && v.Order.Tracking != ""
}

// doubtsFound are the doubts of a record in the reader's words.
func doubtsFound(v *bot.View, r *bot.Person) []string {
	var words []string
	for _, d := range strings.Split(v.Fact("doubts"), ",") {
		if doubtWords[d] != "" {
			words = append(words, v.Say(r, doubtWords[d]))
		}
	}
	return words
}

// trackingTerm is what is known of the parcel, with a link to its page at the carrier where the shop gives one.
func trackingTerm(v *bot.View, r *bot.Person) string {
	o, p := orderOf(v), parcelOf(v)
	if o != nil && p == nil {
		switch sent := o.Sent(); len(sent) {
		case 0:
		case 1:
			p = &sent[0]
		default:
			return parcelList(v, r, o)
		}
	}
	if p == nil || p.Code == "" {
		return v.Say(r, "I don't have a tracking code for it.")
	}
	about := v.With(bot.Facts{"code": strings.TrimSpace(bot.Clean(p.Carrier) + " " + bot.Clean(p.Code)), "link": p.URL})
	if p.URL != "" {
		return about.Say(r, "Its tracking code is {code} ({link}).")
	}
	return about.Say(r, "Its tracking code is {code}.")
}

// parcelList lists the parcels of an order that comes in several, and where each stands.
func parcelList(v *bot.View, r *bot.Person, o *bot.Order) string {
	var all []string
	for _, p := range o.Sent() {
		words := "{parcel}, on its way"
		if o.Arrived(&p) {
			words = "{parcel}, delivered"
		}
		all = append(all, withParcel(v, r, &p).Say(r, words))
	}
	return v.With(bot.Facts{"parcels": v.Clauses(r, all)}).Say(r, "It comes in several parcels: {parcels}.")
}
