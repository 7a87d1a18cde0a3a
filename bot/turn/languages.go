package turn

import (
	"strings"

	"nevermind/bot"
)

// translates says whether a reader's words are looked up in the catalog: there is one, and they do not read English.
func (r *Ruleset) translates(reader *bot.Person) bool {
	return r.catalog != nil && reader.Language != "" && reader.Language != "en"
}

// Speaks returns which of the languages a platform's tag means; empty where it is none of them, or where only English is there.
func (r *Ruleset) Speaks(tag string) string {
	if r.catalog == nil || tag == "" {
		return ""
	}
	return r.catalog.Speaks(tag)
}

// Translates says whether English words are there in a reader's own language.
func (r *Ruleset) Translates(reader *bot.Person, english string) bool {
	if !r.translates(reader) {
		return false
	}
	_, ok := r.catalog.Text(reader.Language, english)
	return ok
}

// translated is English words in the reader's language, else as they are. A {name} that a flow has put behind whole words, such
// as "{decision_void}", is no part of what the catalog knows them by.
func (r *Ruleset) translated(reader *bot.Person, words string) string {
	text, ok := r.catalog.Text(reader.Language, words)
	if ok {
		return text
	}
	if i := strings.LastIndexByte(words, '{'); i > 0 && strings.HasSuffix(words, "}") {
		if text, ok := r.catalog.Text(reader.Language, words[:i]); ok {
			return text + words[i:]
		}
	}
	return words
}

// written is what a {name} stands for as the reader's language writes it: an amount with its own decimal mark, and inside words
// that run from right to left all else kept apart from them.
func (r *Ruleset) written(reader *bot.Person, value string, rtl bool) string {
	if r.translates(reader) && looksLikeMoney(value) {
		if m, err := bot.ReadMoney(value); err == nil {
			value = r.catalog.Amount(reader.Language, m)
		}
	}
	if rtl {
		value = bot.Isolate(value)
	}
	return value
}

// looksLikeMoney says whether a value can be an amount as Money writes it: "24.90 USD".
func looksLikeMoney(s string) bool {
	return len(s) > 4 && s[len(s)-4] == ' ' && s[0] >= '0' && s[0] <= '9'
}

// Amount writes an amount of money for a reader.
func (r *Ruleset) Amount(reader *bot.Person, m bot.Money) string {
	if r.translates(reader) {
		return r.catalog.Amount(reader.Language, m)
	}
	return m.String()
}

// Join puts pieces into a row for a reader.
func (r *Ruleset) Join(reader *bot.Person, after bot.Mark, items []string) string {
	if r.translates(reader) {
		return r.catalog.Join(reader.Language, after, items)
	}
	return bot.Join(after, items)
}
