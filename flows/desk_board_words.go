package flows

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"nevermind/bot"
)

// translates says whether the reader's words are looked up in the catalog: there is one, and they do not read English.
func (r *boardReader) translates() bool {
	return r.catalog != nil && r.who.Language != "" && r.who.Language != "en"
}

// say gives a board's words in the reader's language: English where the catalog has none.
func (r *boardReader) say(english string) string {
	if english != "" && r.translates() {
		if words, ok := r.catalog.Text(r.who.Language, english); ok {
			return words
		}
	}
	return english
}

// fill gives words with something in them; a language may put it elsewhere.
func (r *boardReader) fill(english string, values bot.Facts) string {
	return bot.Fill(r.say(english), values)
}

// count gives words for {n} things, in the plural form of the reader's language.
func (r *boardReader) count(n int, one, other string) string {
	words := other
	if n == 1 {
		words = one
	}
	if r.translates() {
		if said, ok := r.catalog.Count(r.who.Language, n, other); ok {
			words = said
		}
	}
	return bot.Fill(words, bot.Facts{"n": strconv.Itoa(n)})
}

// amount writes an amount of money as the reader's language does.
func (r *boardReader) amount(m bot.Money) string {
	if r.translates() {
		return r.catalog.Amount(r.who.Language, m)
	}
	return m.String()
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
	return inTheirZone(r.who, strings.Replace(text, month, r.say(month), 1))
}
