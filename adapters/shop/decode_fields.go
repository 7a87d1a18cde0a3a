package shop

import (
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"nevermind/bot"
)

// idForm is what ids of orders, people and lines are made of.
var idForm = regexp.MustCompile(`^[A-Za-z0-9._:-]{1,64}$`)

// text reads a string on one line, of at most limit characters; it is empty where it is left out or wrong.
func (f *flatDocument) text(name string, limit int, needed bool) string {
	v, given := f.take(name, word)
	switch {
	case v.text == "":
		// take has reported a value of the wrong type already.
		if needed && (given || !f.lastFaultIs(name)) {
			f.addFault(name, "missing", "it is needed")
		}
	case utf8.RuneCountInString(v.text) > limit:
		f.addFault(name, fmt.Sprintf("%d characters are too many", utf8.RuneCountInString(v.text)),
			fmt.Sprintf("at most %d fit", limit))
	case strings.ContainsFunc(v.text, unprintable):
		f.addFault(name, "there is a control character in it", "write plain text on one line")
	default:
		return v.text
	}
	return ""
}

// lastFaultIs says whether the last fault is about this field already, so that one mistake is named once.
func (f *flatDocument) lastFaultIs(name string) bool {
	return len(f.faults) > 0 && f.faults[len(f.faults)-1].Field == name
}

// unprintable says whether a character would break a line or a terminal: control characters and line separators.
func unprintable(c rune) bool { return unicode.IsControl(c) || c == '\u2028' || c == '\u2029' }

// id reads an id that is needed.
func (f *flatDocument) id(name string) string {
	s := f.text(name, 64, true)
	if s != "" && !idForm.MatchString(s) {
		f.addValueFault(name, s, 64, "not an id", "write letters, digits and . _ : -, at most 64")
		return ""
	}
	return s
}

// currency reads an ISO 4217 code of which the number of decimals is known.
func (f *flatDocument) currency(name string) string {
	s := f.text(name, 40, true)
	if s == "" {
		return ""
	}
	if _, err := bot.ParseMoney("0", s); err != nil {
		f.addValueFault(name, s, 12, "not a currency", "write an ISO 4217 code such as USD")
		return ""
	}
	return s
}

// money reads a decimal string in a currency. Where the currency itself is at fault only the form of the field is checked,
// and the amount is zero.
func (f *flatDocument) money(name, currency string, needed bool) bot.Money {
	s := f.text(name, 40, needed)
	if s == "" || currency == "" {
		return bot.Money{Currency: currency}
	}
	m, err := bot.ParseMoney(s, currency)
	if err != nil {
		f.addValueFault(name, s, 24, "not an amount of "+currency, "write a decimal string like "+strconv.Quote(example(currency)))
	}
	return m
}

// example is an amount with all the decimals that the currency has.
func example(currency string) string { return bot.Money{Minor: 24900, Currency: currency}.Amount() }

// time reads an instant in RFC 3339, in UTC; years outside 2000 to 2199 are taken for typing errors.
func (f *flatDocument) time(name string, needed bool) time.Time {
	s := f.text(name, 40, needed)
	if s == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339, s)
	// Stored, a typing error in the year would make deadlines that never pass, or have passed at once.
	if err != nil || t.UTC().Year() < 2000 || t.UTC().Year() > 2199 {
		f.addValueFault(name, s, 40, "not a time", "write it like 2026-11-20T09:00:00Z")
		return time.Time{}
	}
	return t.UTC()
}

// count reads a quantity, 1 to 100,000.
func (f *flatDocument) count(name string) int {
	v, ok := f.take(name, number)
	if !ok {
		if !f.lastFaultIs(name) {
			f.addFault(name, "missing", "it is needed")
		}
		return 0
	}
	n, ok := wholeNumber(v.text)
	if !ok || n < 1 {
		f.addValueFault(name, v.text, 24, "not a quantity", "write a whole number from 1 to 100000")
		return 0
	}
	return n
}

// wholeNumber reads a whole number from 0 to the most of one line that an order may have.
func wholeNumber(text string) (int, bool) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > bot.MaxQuantity {
		return 0, false
	}
	return n, true
}

// truth reads true or false; false where it is left out.
func (f *flatDocument) truth(name string) bool {
	v, ok := f.take(name, truth)
	if !ok {
		return false
	}
	if v.text != "true" && v.text != "false" {
		f.addValueFault(name, v.text, 12, "neither true nor false", "write true or false")
	}
	return v.text == "true"
}

// link reads the address of a picture, http or https.
func (f *flatDocument) link(name string) string {
	return f.webAddress(name, "not the address of a picture")
}

// address reads the address of a page, http or https.
func (f *flatDocument) address(name string) string {
	return f.webAddress(name, "not the address of a page")
}

func (f *flatDocument) webAddress(name, wrong string) string {
	s := f.text(name, 2048, false)
	if s == "" {
		return ""
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		f.addValueFault(name, s, 60, wrong, "write https://…, or leave it empty")
		return ""
	}
	return s
}

// latest is the last of some instants; the zero time counts as the earliest.
func latest(times ...time.Time) (last time.Time) {
	for _, t := range times {
		if t.After(last) {
			last = t
		}
	}
	return last
}
