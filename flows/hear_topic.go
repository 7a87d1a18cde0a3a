package flows

import (
	"strings"

	"nevermind/bot"
)

// hearTopic hears which of the topics somebody asks about in words of their own.
func hearTopic(_ *bot.View, m *bot.Message) (bot.Event, bool) {
	text := plainWords(m.Text)
	for _, t := range []struct{ event, words string }{
		{"topic_refunds", "refund"}, {"topic_refunds", "money"}, {"topic_silence", "answer"}, {"topic_silence", "reply"},
		{"topic_terms", "rules"}, {"topic_terms", "terms"}, {"topic_terms", "policy"}, {"topic_stages", "cancel"},
		{"topic_connected", "connect"},
	} {
		if strings.Contains(text, t.words) &&
			(strings.Contains(text, "how") || strings.Contains(text, "what") || strings.Contains(text, "when")) {
			return bot.Event{Name: t.event}, true
		}
	}
	return bot.Event{}, false
}
