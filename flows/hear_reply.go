package flows

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"nevermind/bot"
)

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

// hearReply hears an answer to a message of a record: it is passed on to the other side. What support types stays among
// colleagues, as everybody in their room is told; to write to a party they press a button.
func hearReply(v *bot.View, m *bot.Message) (bot.Event, bool) {
	if strings.TrimSpace(m.Text) == "" && len(m.Files) == 0 {
		return bot.Event{}, false
	}
	switch {
	case v.Actor.Party() == bot.Support:
		return bot.Event{Name: "support_noted"}, true
	case commandOf(v, m.Text) == "person_asked":
		return bot.Event{Name: "person_asked", Text: m.Text}, true
	}
	return bot.Event{Name: writerOf(v.Actor) + "_wrote"}, true
}
