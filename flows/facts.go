package flows

import (
	"strconv"

	"nevermind/bot"
)

// factsOf works out facts from an event.
type factsOf = func(v *bot.View, e *bot.Event) bot.Facts

// setFact keeps one fact.
func setFact(name, value string) factsOf {
	return func(*bot.View, *bot.Event) bot.Facts { return bot.Facts{name: value} }
}

func intOrZero(s string) int { n, _ := strconv.Atoi(s); return n } // what is no number counts as none
