package flows

import (
	"maps"
	"regexp"

	"nevermind/bot"
)

// intents are looked for in free English words when nothing else was heard; the first one that fits counts. The order
// matters: who asks how something works wants no person, who complains wants no list, and who wants to cancel to have their
// money back wants to cancel.
var intents = []struct {
	event string
	facts bot.Facts
	words *regexp.Regexp
}{
	{"about_asked", nil, regexp.MustCompile(`\bhow long\b|\bhow (does|do) (it|this|that|refunds?|cancell?\w*|you) work` +
		`|\bwhat (can|do) you do|\bwhat happens (if|when)\b`)},
	{"person_asked", nil, regexp.MustCompile(`\b(human|real person|an? (agent|person|operator|manager|supervisor)|someone real` +
		`|representative|support team|customer (service|support)|speak (to|with)|talk (to|with))\b`)},
	{"address_asked", nil, regexp.MustCompile(`\b(change|wrong|new|another|different|update|correct)\b.{0,25}\baddress\b` +
		`|\baddress\b.{0,15}\b(wrong|changed|is not|isn't)\b`)},
	{"complaint_made", nil, regexp.MustCompile(`\b(complain\w*|escalat\w*|unfair|rude|scam\w*|fraud\w*` +
		`|cheat\w*|report (the|this|a) seller)\b`)},
	{"problem_begun", nil, regexp.MustCompile(`\b(broken|damaged|faulty|defective|fake|counterfeit|wrong (item|size|colou?r|one)` +
		`|not as described|missing (part|item)s?|(something|part|item)s? (is|are) missing` +
		`|never (came|arrived)|(has|did|does)( not|n't) (come|arrived?)|send (it|them) back|return (it|this|the)|dispute` +
		`|(something|anything) is wrong|a problem with|not working|doesn't work|does not work)\b`)},
	{"cancel_asked", nil, regexp.MustCompile(`\b(cancel|cancelling|canceling|cancellation|call off|changed my mind` +
		`|(do not|don't|no longer) (want|need))\b`)},
	{"cases_asked", bot.Facts{"wants": "money"}, regexp.MustCompile(`\b(refund\w*|money|reimburse\w*` +
		`|paid back|pay me back|charged back)\b`)},
	{"cases_asked", nil, regexp.MustCompile(`\b(my (request|case|claim)s?)\b`)},
	{"cancel_asked", nil, regexp.MustCompile(`\bcancel\w*`)},
	{"parcel_sought", nil, regexp.MustCompile(`\bwhere('s| is| are)\b|\btrack\w*\b|\bwhen (will|does|is) (it|my|the)\b` +
		`|\bhas (it|my \w+) (shipped|been sent|left)\b`)},
	{"orders_asked", nil, regexp.MustCompile(`\b(orders?|parcels?|packages?|delivery|shipp\w*)\b`)},
	{"language_asked", nil, regexp.MustCompile(`\b(language|deutsch)\b|español|français|português|русский|中文|العربية`)},
	{"thanked", nil, regexp.MustCompile(`^(thanks?|thank you|thx|cheers|great|perfect|ok(ay)?|bye|goodbye)\b`)},
	{"greeted", nil, regexp.MustCompile(`^(hi|hello|hey|good (morning|afternoon|evening)|start)\b`)},
}

// negatedCancel is what turns a wish to cancel into its opposite: a wrong cancellation is worse than one more question.
var negatedCancel = regexp.MustCompile(`(\b(not|dont|never|without|instead of)|n't)\b.{0,30}\bcancel`)

// asksToCancel says whether free words ask to cancel something.
func asksToCancel(text string) bool {
	text = plainWords(text)
	if negatedCancel.MatchString(text) {
		return false
	}
	for _, i := range intents {
		if i.event == "cancel_asked" && i.words.MatchString(text) {
			return true
		}
	}
	return false
}

// hearIntent hears what somebody wants from free words.
func hearIntent(v *bot.View, m *bot.Message) (bot.Event, bool) {
	text := plainWords(m.Text)
	for _, i := range intents {
		switch {
		case !i.words.MatchString(text):
			continue
		case i.event == "cancel_asked" && negatedCancel.MatchString(text):
			return bot.Event{Name: "not_cancelling"}, true
		case i.event == "cancel_asked" && v.Look != nil:
			return withWanted(v, bot.Event{Name: i.event}, m.Text), true
		case i.event == "parcel_sought":
			return seekParcel(v), true
		case i.event == "about_asked":
			topic, _ := hearTopic(v, m)
			return bot.Event{Name: i.event, Facts: bot.Facts{"topic": topic.Name}}, true
		}
		return bot.Event{Name: i.event, Facts: maps.Clone(i.facts)}, true
	}
	return bot.Event{}, false
}

// seekParcel is what somebody wants who asks where their parcel is: the order that the talk is about, or the one that is under
// way; where there are several, the list of them.
func seekParcel(v *bot.View) bot.Event {
	if v.Look == nil {
		return bot.Event{Name: "orders_asked"}
	}
	sought := ""
	if o := orderOf(v); o != nil {
		sought = o.ID
	} else if v.Actor.Party() == bot.Buyer {
		for _, o := range v.Look.Orders(0, mostLookedAt) {
			if o.Stage == bot.Cancelled || o.Stage == bot.Completed {
				continue
			}
			if sought != "" {
				return bot.Event{Name: "orders_asked"}
			}
			sought = o.ID
		}
	}
	if sought == "" {
		return bot.Event{Name: "orders_asked"}
	}
	return bot.Event{Name: "order_named", Facts: bot.Facts{"order": sought}}
}
