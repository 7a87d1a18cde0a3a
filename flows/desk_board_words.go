package flows

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// say gives a board's words in the reader's language: English where the catalog has none.
func (r *boardReader) say(english string) string {
	if english != "" && r.catalog != nil && r.who.Language != "" && r.who.Language != "en" {
		if words, ok := r.catalog.Text(r.who.Language, english); ok {
			return words
		}
	}
	return english
}

// sayf gives words with something in them; a language may put it elsewhere.
func (r *boardReader) sayf(english string, what ...any) string {
	return fmt.Sprintf(r.say(english), what...)
}

// translated puts what stands on every board into the reader's language; its lines are already.
func (r *boardReader) translated(b Board) Board {
	b.Title, b.Text = r.say(b.Title), r.say(b.Text)
	b.Figures, b.Lists = slices.Clone(b.Figures), slices.Clone(b.Lists)
	for i := range b.Figures {
		b.Figures[i].Words = r.say(b.Figures[i].Words)
	}
	for i := range b.Lists {
		b.Lists[i].Title, b.Lists[i].Empty = r.say(b.Lists[i].Title), r.say(b.Lists[i].Empty)
	}
	return b
}

// moment is a time by the reader's clock, with their language's own names of days and months.
func (r *boardReader) moment(t time.Time) string {
	local := t.In(r.who.Location())
	weekday, month := local.Weekday().String()[:3], local.Month().String()[:3]
	text := strings.Replace(local.Format(r.say("Mon 2 Jan, 15:04")), weekday, r.say(weekday), 1)
	return strings.Replace(text, month, r.say(month), 1)
}
