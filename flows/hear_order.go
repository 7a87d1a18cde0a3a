package flows

import (
	"maps"
	"strings"
	"unicode/utf8"

	"nevermind/bot"
)

// hearOrder hears an order by its number, in groups or whole, or by a link with its number (S25). With a wish to cancel or a
// complaint beside it, that is what is heard, about this order. A number of six digits and more that is no order of theirs is
// said to be unknown; a shorter one may be anything.
func hearOrder(v *bot.View, m *bot.Message) (bot.Event, bool) {
	if v.Look == nil || utf8.RuneCountInString(m.Text) > 500 {
		return bot.Event{}, false
	}
	text := understand.Digits(m.Text)
	if o, ok := v.Look.OrderByID(bareNumber(text)); ok {
		return bot.Event{Name: "order_named", Facts: bot.Facts{"order": o.ID}}, true
	}
	likely := ""
	for _, c := range orderNumbers(m.Text) {
		if o, ok := v.Look.OrderByID(c.number); ok {
			named := bot.Event{Name: "order_named", Facts: bot.Facts{"order": o.ID}}
			if wish, ok := hearIntent(v, &bot.Message{Text: text}); ok && (wish.Name == "cancel_asked" || wish.Name == "problem_begun") {
				named.Name = wish.Name
				maps.Copy(named.Facts, wish.Facts)
			}
			return named, true
		}
		if c.likely && likely == "" {
			likely = c.number
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
