package flows

import (
	"nevermind/bot"
	"nevermind/flows/words"
)

// speaking is where somebody chooses the language in which they are spoken to. What they choose goes before their app's
// language, and that before the one that the shop gives for them. A stranger has nowhere to keep a choice: their app decides.
var speaking = bot.Flow{
	Name:   "language",
	About:  "The language in which somebody is spoken to.",
	Talk:   true,
	First:  "choosing_language",
	Starts: []bot.Way{{If: stranger, To: "following_app"}},
	Before: []bot.Hear{hearFile, hearCommand},
	Hear:   []bot.Hear{hearOrder, hearHelp, hearIntent},
	Always: with(talkAlways, bot.Moves{
		"setting_changed": bot.Leave().Saying(bot.To{bot.Here: "From now on I write to you in this language."}),
	}),
	After: talkTimeout,
	Facts: []string{"number"},
	States: bot.States{
		"choosing_language": {
			Tell:  bot.To{bot.Here: "Which language do you want to read here? Choose it, or write its name."},
			List:  listLanguages,
			Offer: bot.Offers{bot.Here: {back}},
			Hear:  []bot.Hear{hearLanguage},
			Then: bot.Moves{
				"language_chosen": bot.Stay().Asking(chosenSetting("language")),
				"went_back":       bot.Leave(),
			},
		},
		"following_app": {
			Tell: bot.To{bot.Here: "I write to you in your app's language, where I speak it. I speak {languages}. " +
				"Once this chat is connected, you can choose."},
			Light: true,
			Offer: bot.Offers{bot.Here: {aPerson, back}},
			Then:  bot.Moves{"went_back": bot.Leave()},
		},
	},
}

// listLanguages shows each language by its own name.
func listLanguages(*bot.View) []bot.Choice {
	var choices []bot.Choice
	for _, l := range words.Languages {
		choices = append(choices, bot.Choice{Event: "language_chosen", Label: l.Name, Facts: bot.Facts{"language": l.Code}})
	}
	return choices
}

// hearLanguage hears a language's name: its own, the English one, or that in the language of whoever writes.
func hearLanguage(v *bot.View, m *bot.Message) (bot.Event, bool) {
	typed := plainWords(m.Text)
	for _, l := range words.Languages {
		names := append([]string{l.Name, l.English, l.Code, v.Say(v.Actor, l.English)}, l.Other...)
		for _, name := range names {
			if typed != "" && typed == plainWords(name) {
				return bot.Event{Name: "language_chosen", Facts: bot.Facts{"language": l.Code}}, true
			}
		}
	}
	return bot.Event{}, false
}

// languageTerms are what {names} stand for in words about languages.
var languageTerms = map[string]bot.Term{
	"languages": func(v *bot.View, r *bot.Person) string {
		var names []string
		for _, l := range words.Languages {
			names = append(names, l.Name)
		}
		return together(v, r, names)
	},
	"language": func(v *bot.View, r *bot.Person) string { return languageName(v, r, r.Language) },
	"written_in": func(v *bot.View, r *bot.Person) string {
		return v.With(bot.Facts{"language": languageName(v, r, v.Actor.Language)}).Say(r, "These words are written in: {language}.")
	},
}
