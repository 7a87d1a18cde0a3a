package flows

import (
	"strconv"

	"nevermind/bot"
)

// factsOf works out what is learned from an event; a value "" forgets the fact. It is pure: it looks at the view and the
// event alone.
type factsOf = func(v *bot.View, e *bot.Event) bot.Facts

// setFact learns one fact with a fixed value.
func setFact(name, value string) factsOf {
	return func(*bot.View, *bot.Event) bot.Facts { return bot.Facts{name: value} }
}

// intOrZero reads a count that is kept in a fact; what is no number counts as none.
func intOrZero(s string) int { n, _ := strconv.Atoi(s); return n }
