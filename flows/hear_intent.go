package flows

import (
	"regexp"
	"strings"

	"nevermind/bot"
)

// intents are looked for in free English words when nothing else was heard; the first one that fits counts. The order
// matters: who asks how something works wants no person, and who complains wants no list.
var intents = []struct {
	event string
	words *regexp.Regexp
}{
	{
		"about_asked",
		regexp.MustCompile(`\bhow long\b|\bhow (does|do) (it|this|that|refunds?|cancell?\w*|you) work` +
			`|\bwhat (can|do) you do|\bwhat happens (if|when)\b`),
	},
	{
		"person_asked",
		regexp.MustCompile(`\b(human|real person|an? (agent|person|operator)|someone real` +
			`|representative|support team|customer (service|support)|speak (to|with)|talk (to|with))\b`),
	},
	{
		"problem_begun",
		regexp.MustCompile(`\b(broken|damaged|faulty|defective|fake|counterfeit|wrong (item|size|colou?r|one)` +
			`|not as described|missing (part|item)s?|(something|part|item)s? (is|are) missing` +
			`|never (came|arrived)|(has|did|does)( not|n't) (come|arrived?)|send (it|them) back|return (it|this|the)|dispute)\b`),
	},
	{"cases_asked", regexp.MustCompile(`\b(refund|money back|my (request|case)s?|reimburse\w*)\b`)},
	{"cancel_asked", regexp.MustCompile(`\b(cancel\w*|call off|changed my mind|(do not|don't|no longer) (want|need))\b`)},
	{"orders_asked", regexp.MustCompile(`\b(orders?|parcel|package|delivery|shipp\w*|where is|track\w*)\b`)},
	{"language_asked", regexp.MustCompile(`\b(language|deutsch)\b|español|français|português|русский|中文|العربية`)},
	{"thanked", regexp.MustCompile(`^(thanks?|thank you|thx|cheers|great|perfect|ok(ay)?|bye|goodbye)\b`)},
	{"greeted", regexp.MustCompile(`^(hi|hello|hey|good (morning|afternoon|evening)|start)\b`)},
}

// negatedCancel is what turns a wish to cancel into its opposite: a wrong cancellation is worse than one more question.
var negatedCancel = regexp.MustCompile(`(\b(not|dont|never|without|instead of)|n't)\b.{0,30}\bcancel`)

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
		}
		return bot.Event{Name: i.event}, true
	}
	return bot.Event{}, false
}

// hearHelp hears what is meant for support while a question to them is open: words that ask for nothing else are passed
// on rather than not understood.
func hearHelp(v *bot.View, m *bot.Message) (bot.Event, bool) {
	wish, ok := hearIntent(v, m)
	asks := ok && wish.Name != "greeted" && wish.Name != "thanked"
	if asks || strings.TrimSpace(m.Text) == "" || v.Look == nil || v.Actor.ID == "" {
		return bot.Event{}, false
	}
	if len(v.Look.Cases("open:"+string(v.Actor.ID), "help", 1)) == 0 {
		return bot.Event{}, false
	}
	return bot.Event{Name: "help_written"}, true
}
