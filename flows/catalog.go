package flows

import (
	"nevermind/bot"
	"nevermind/flows/words"
)

// Catalog returns the languages besides English; the error names a file that cannot be read.
func Catalog() (bot.Catalog, error) { return words.Load() }

// Mistranslated lists translations that name other {things} than their English words do.
func Mistranslated() []error { return words.Check() }

// LanguageNames are the languages that we speak by their codes, as English calls them.
func LanguageNames() map[string]string {
	names := map[string]string{}
	for _, l := range words.Languages {
		names[l.Code] = l.English
	}
	return names
}
