package flows

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"nevermind/bot"
)

// commandWords are understood everywhere, before anything else: a word alone, or a platform's command.
var commandWords = map[string]string{
	"/start": "greeted", "start again": "stopped", "start over": "stopped", "restart": "stopped", "stop": "stopped", "menu": "stopped", "/stop": "stopped",
	"nevermind": "stopped", "never mind": "stopped", "forget it": "stopped",
	"back": "went_back", "/back": "went_back", "go back": "went_back",
	"help": "help_asked", "/help": "help_asked",
	"/orders": "orders_asked", "my orders": "orders_asked",
	"/cancel": "cancel_asked",
	"/status": "cases_asked", "my requests": "cases_asked", "what waits for me": "cases_asked", "what waits for us": "cases_asked",
	"open requests": "cases_asked", "open cases": "cases_asked",
	"a person": "person_asked", "a person please": "person_asked", "human": "person_asked", "agent": "person_asked", "/person": "person_asked",
	"withdraw from contract": "withdrawal_begun", "withdraw from contract here": "withdrawal_begun", "withdraw from the contract": "withdrawal_begun",
	"/language": "language_asked", "language": "language_asked",
	"/seller":  "seller_asked",
	"/privacy": "privacy_asked", "privacy": "privacy_asked",
	"/settings": "settings_asked", "settings": "settings_asked",
	"/about": "about_asked", "how it works": "about_asked",
}

// hearCommand hears a command or a word that means the same everywhere.
func hearCommand(v *bot.View, m *bot.Message) (bot.Event, bool) {
	switch {
	case m.Public:
		return bot.Event{Name: "met_in_public"}, true
	case m.Link != "":
		return bot.Event{Name: "link_spent"}, true
	}
	if odd, ok := hearUnsupported(m); ok {
		return odd, true
	}
	typed := plainWords(m.Text)
	if typed == "/seller" && (v.Actor.Party() == bot.Seller || v.Actor.Party() == bot.Support) {
		typed = "/status"
	}
	if event, ok := commandWords[typed]; ok {
		return bot.Event{Name: event}, true
	}
	if v.Actor.Language == "" || v.Actor.Language == "en" {
		return bot.Event{}, false
	}
	for _, english := range slices.Sorted(maps.Keys(commandWords)) {
		if plainWords(v.Say(v.Actor, english)) == typed {
			return bot.Event{Name: commandWords[english]}, true
		}
	}
	return bot.Event{}, false
}

// plainWords is what was typed, in lower case, less the punctuation around and between words.
func plainWords(text string) string {
	text = strings.ReplaceAll(strings.ToLower(text), "’", "'")
	fields := strings.FieldsFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(".,!?;:…", r) || unicode.Is(unicode.Cf, r)
	})
	return strings.Join(fields, " ")
}

// intents are looked for in free words when nothing else was heard; the first one that fits counts.
var intents = []struct {
	event string
	words *regexp.Regexp
}{
	{"about_asked", regexp.MustCompile(`\bhow long\b|\bhow (does|do) (it|this|that|refunds?|cancell?\w*|you) work|\bwhat (can|do) you do|\bwhat happens (if|when)\b`)},
	{"person_asked", regexp.MustCompile(`\b(human|real person|an? (agent|person|operator)|someone real|representative|support team|customer (service|support)|speak (to|with)|talk (to|with))\b`)},
	{"problem_begun", regexp.MustCompile(`\b(broken|damaged|faulty|defective|fake|counterfeit|wrong (item|size|colou?r|one)|not as described|missing (part|item)s?|(something|part|item)s? (is|are) missing|never (came|arrived)|(has|did|does)( not|n't) (come|arrived?)|send (it|them) back|return (it|this|the)|dispute)\b`)},
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
func hearIntent(_ *bot.View, m *bot.Message) (bot.Event, bool) {
	text := plainWords(m.Text)
	for _, i := range intents {
		switch {
		case !i.words.MatchString(text):
			continue
		case i.event == "cancel_asked" && negatedCancel.MatchString(text):
			return bot.Event{Name: "not_cancelling"}, true
		}
		return bot.Event{Name: i.event}, true
	}
	return bot.Event{}, false
}

// hearHelp hears what is meant for support while a question to them is open: words that ask for nothing else.
func hearHelp(v *bot.View, m *bot.Message) (bot.Event, bool) {
	wish, ok := hearIntent(v, m)
	if ok && wish.Name != "greeted" && wish.Name != "thanked" || strings.TrimSpace(m.Text) == "" || v.Look == nil || v.Actor.ID == "" {
		return bot.Event{}, false
	}
	if len(v.Look.Cases("open:"+string(v.Actor.ID), "help", 1)) == 0 {
		return bot.Event{}, false
	}
	return bot.Event{Name: "help_written"}, true
}

// orderNumbers finds what could be an order's number, alone or in a pasted link.
var orderNumbers = regexp.MustCompile(`[A-Za-z0-9]+(?:[-._:][A-Za-z0-9]+)*`)

// hearOrder hears an order by its number or by a link with its number in it (S25). With a wish to cancel or a
// complaint beside it, that is what is heard.
func hearOrder(v *bot.View, m *bot.Message) (bot.Event, bool) {
	if v.Look == nil || utf8.RuneCountInString(m.Text) > 500 {
		return bot.Event{}, false
	}
	text := asciiDigits(m.Text)
	if o, ok := v.Look.OrderByID(bareNumber(text)); ok {
		return bot.Event{Name: "order_named", Facts: bot.Facts{"order": o.ID}}, true
	}
	likely := ""
	for _, word := range orderNumbers.FindAllString(text, 40) {
		digits := countDigits(word)
		if digits < 4 || len(word) > 64 {
			continue
		}
		if o, ok := v.Look.OrderByID(word); ok {
			event := "order_named"
			if wish, ok := hearIntent(v, &bot.Message{Text: text}); ok && (wish.Name == "cancel_asked" || wish.Name == "problem_begun") {
				event = wish.Name
			}
			return bot.Event{Name: event, Facts: bot.Facts{"order": o.ID}}, true
		}
		if digits >= 6 && likely == "" {
			likely = word
		}
	}
	if likely == "" {
		return bot.Event{}, false
	}
	return bot.Event{Name: "order_unknown", Facts: bot.Facts{"number": likely}}, true
}

// bareNumber is a number that nothing else is said with, however short: "A-1", "#12", "Order 12".
func bareNumber(text string) string {
	if before, after, ok := strings.Cut(strings.TrimSpace(text), " "); ok && strings.EqualFold(before, "order") {
		text = after
	}
	return strings.TrimPrefix(strings.TrimSpace(text), "#")
}

// asciiDigits writes every digit of any script as 0–9 and drops what cannot be seen.
func asciiDigits(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		case r >= '٠' && r <= '٩':
			return r - '٠' + '0'
		case r >= '۰' && r <= '۹':
			return r - '۰' + '0'
		case unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, s)
}

func countDigits(s string) int {
	n := 0
	for _, r := range s {
		if r >= '0' && r <= '9' {
			n++
		}
	}
	return n
}

// hearWords takes whatever was written, up to so many characters, as it is.
func hearWords(event string, limit int) bot.Hear {
	return func(v *bot.View, m *bot.Message) (bot.Event, bool) {
		text := strings.TrimSpace(m.Text)
		switch n := utf8.RuneCountInString(text); {
		case n == 0 && len(m.Files) > 0 && takesFiles[v.Frame.Flow+"."+v.Frame.State]:
			return bot.Event{Name: event}, true
		case n == 0:
			return bot.Event{}, false
		case n > limit:
			return bot.Event{Name: "too_long", Facts: bot.Facts{"limit": strconv.Itoa(limit)}}, true
		}
		return bot.Event{Name: event, Text: text}, true
	}
}

// hearReply hears an answer to a message of a record: it is passed on to the other side. What support types stays
// among colleagues.
func hearReply(v *bot.View, m *bot.Message) (bot.Event, bool) {
	if strings.TrimSpace(m.Text) == "" && len(m.Files) == 0 {
		return bot.Event{}, false
	}
	switch {
	case v.Actor.Party() == bot.Support:
		return bot.Event{Name: "support_noted"}, true
	case commandWords[plainWords(m.Text)] == "person_asked":
		return bot.Event{Name: "person_asked", Text: m.Text}, true
	}
	return bot.Event{Name: string(v.Actor.Party()) + "_wrote"}, true
}
