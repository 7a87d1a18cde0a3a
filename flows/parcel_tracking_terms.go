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
	"form":      "it does not have the form of a tracking code",
	"digit":     "its check digit is wrong",
	"older":     "the parcel is said to have left before the order was placed",
	"still":     "nothing new was heard of it for a long time",
	"elsewhere": "the carrier sends the parcel to another country than the order's",
	"origin":    "it comes from another country than these sellers send from",
	"twice":     "the same code stands in another case",
}

// codeDoubts says what looks odd about a tracking code, as a reason to ask and never a verdict; empty where nothing does.
func codeDoubts(v *bot.View, r *bot.Person) string {
	doubts := doubtsFound(v, r)
	if len(doubts) == 0 {
		return ""
	}
	words := v.Say(r, "I have looked at the tracking code: ") + strings.Join(doubts, "; ") +
		v.Say(r, ". That is a reason to ask, not a proof.")
	if r.Party() == bot.Buyer {
		return words + v.Say(r, " You can ask {seller} for the carrier's receipt, or have our support team look.")
	}
	return words
}

// doubtsLine is the same as a line of support's card, with how many of the checks it failed.
func doubtsLine(v *bot.View, r *bot.Person) string {
	doubts := doubtsFound(v, r)
	if len(doubts) == 0 {
		return ""
	}
	return "\n• " + v.Say(r, "The tracking code fails ") + strconv.Itoa(len(doubts)) + v.Say(r, " of ") +
		strconv.Itoa(len(doubtWords)) + v.Say(r, " checks: ") + strings.Join(doubts, "; ") + "."
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

// trackingTerm is what is known of the parcel.
func trackingTerm(v *bot.View, r *bot.Person) string {
	o := orderOf(v)
	if o == nil || o.Tracking == "" {
		return v.Say(r, "I do not have a tracking code for it.")
	}
	return v.Say(r, "Its tracking code is ") + strings.TrimSpace(bot.Clean(o.Carrier)+" "+bot.Clean(o.Tracking)) + "."
}
