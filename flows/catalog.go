package flows

import (
	"nevermind/bot"
	"nevermind/flows/words"
)

// Catalog returns the languages besides English; the error names a file that cannot be read.
func Catalog() (bot.Catalog, error) { return words.Load() }
