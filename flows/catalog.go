package flows

import (
	"nevermind/bot"
	"nevermind/flows/words"
)

// Catalog returns the languages besides English; the error names a file that cannot be read.
func Catalog() (bot.Catalog, error) { return words.Load() }

// Mistranslated lists translations that name other {things} than their English words do.
func Mistranslated() []error { return words.Check() }
