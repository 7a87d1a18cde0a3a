package flows

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode"

	"nevermind/bot"
)

// commandList is what can be typed everywhere, with what it does for whom; platforms show it in their menus.
var commandList = []bot.Command{
	{Name: "start", About: bot.To{bot.Here: "Start again"}},
	{Name: "orders", About: bot.To{bot.Buyer: "My orders"}},
	{Name: "cancel", About: bot.To{bot.Buyer: "Cancel an order"}},
	{Name: "problem", About: bot.To{bot.Buyer: "Something is wrong with my order"}},
	{
		Name: "status",
		About: bot.To{
			bot.Buyer:   "My open requests and refunds",
			bot.Seller:  "What waits for me",
			bot.Support: "What waits for us",
		},
	},
	{Name: "seller", About: bot.To{bot.Buyer: "Write to a seller", bot.Seller: "What waits for me"}},
	{
		Name:  "settings",
		About: bot.To{bot.Buyer: "Time zone, quiet hours, chats", bot.Seller: "Time zone, quiet hours, daily overview, chats"},
	},
	{Name: "language", About: bot.To{bot.Here: "Language"}},
	{Name: "privacy", About: bot.To{bot.Here: "What is kept about you, and why"}},
	{Name: "about", About: bot.To{bot.Here: "How it works"}},
	{Name: "person", About: bot.To{bot.Buyer: "Talk to our support team", bot.Seller: "Talk to our support team"}},
	{Name: "help", About: bot.To{bot.Here: "What you can say"}},
}

// WithAssistants is what we say and decide where buyers may connect an assistant of their own: the menus of platforms show
// how.
func WithAssistants(f *bot.Flows) *bot.Flows {
	f.Commands = append(
		slices.Clone(f.Commands),
		bot.Command{Name: "assistant", About: bot.To{bot.Buyer: "Your own AI assistant"}},
	)
	return f
}

// commandWords are understood everywhere, before anything else: a word alone, or a platform's command, and the event it
// is. In other languages the translations of these words count as well.
var commandWords = map[string]string{
	"/start":                      "greeted",
	"start again":                 "stopped",
	"start over":                  "stopped",
	"restart":                     "stopped",
	"stop":                        "stopped",
	"menu":                        "stopped",
	"/stop":                       "stopped",
	"nevermind":                   "stopped",
	"never mind":                  "stopped",
	"forget it":                   "stopped",
	"back":                        "went_back",
	"/back":                       "went_back",
	"go back":                     "went_back",
	"help":                        "help_asked",
	"/help":                       "help_asked",
	"/orders":                     "orders_asked",
	"my orders":                   "orders_asked",
	"/cancel":                     "cancel_asked",
	"/status":                     "cases_asked",
	"my requests":                 "cases_asked",
	"what waits for me":           "cases_asked",
	"what waits for us":           "cases_asked",
	"open requests":               "cases_asked",
	"open cases":                  "cases_asked",
	"what happens next":           "cases_asked",
	"what if nobody moves":        "cases_asked",
	"problem":                     "problem_begun",
	"/problem":                    "problem_begun",
	"complaint":                   "complaint_made",
	"complain":                    "complaint_made",
	"escalate":                    "complaint_made",
	"a person":                    "person_asked",
	"a person please":             "person_asked",
	"a person, please":            "person_asked", // as its button says it, for the catalog
	"human":                       "person_asked",
	"agent":                       "person_asked",
	"/person":                     "person_asked",
	"withdraw from contract":      "withdrawal_begun",
	"withdraw from contract here": "withdrawal_begun",
	"withdraw from the contract":  "withdrawal_begun",
	"/language":                   "language_asked",
	"language":                    "language_asked",
	"/seller":                     "seller_asked",
	"/privacy":                    "privacy_asked",
	"privacy":                     "privacy_asked",
	"/settings":                   "settings_asked",
	"settings":                    "settings_asked",
	"/assistant":                  "assistant_asked",
	"my assistant":                "assistant_asked",
	"/about":                      "about_asked",
	"how it works":                "about_asked",
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
	if event, ok := commandTyped(m.Text, typed); ok {
		return bot.Event{Name: event}, true
	}
	if v.Actor.Language == "" || v.Actor.Language == "en" {
		return bot.Event{}, false
	}
	for _, english := range slices.Sorted(maps.Keys(commandWords)) {
		if !strings.HasPrefix(english, "/") && slices.Contains(inOwnWords(v, english), typed) {
			return bot.Event{Name: commandWords[english]}, true
		}
	}
	return bot.Event{}, false
}

// inOwnWords is how the catalog says an English command in the language of whoever types: as it stands, or as a button's label,
// which begins with a capital.
func inOwnWords(v *bot.View, english string) []string {
	label := strings.ToUpper(english[:1]) + english[1:]
	return []string{plainWords(v.Say(v.Actor, english)), plainWords(v.Say(v.Actor, label))}
}

// commandTyped is what is asked by a text that is a command, or by the first of several: "what waits for us, my requests".
func commandTyped(text, typed string) (string, bool) {
	if event, ok := commandWords[typed]; ok {
		return event, true
	}
	first := ""
	for part := range strings.SplitSeq(text, ",") {
		event, ok := commandWords[plainWords(part)]
		if !ok {
			return "", false
		}
		first = cmp.Or(first, event)
	}
	return first, first != ""
}

// plainWords is what was typed in lower case, without the punctuation around and between words and without what cannot
// be seen. All hearers compare this.
func plainWords(text string) string {
	text = strings.ReplaceAll(strings.ToLower(text), "’", "'")
	fields := strings.FieldsFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(".,!?;:…،؟؛，。！？；：、¡¿", r) || unicode.Is(unicode.Cf, r)
	})
	return strings.Join(fields, " ")
}
