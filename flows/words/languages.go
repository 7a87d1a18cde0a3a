package words

import (
	"slices"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"

	"nevermind/bot"
)

// Language is one that Nevermind speaks.
type Language struct {
	Code string // as its file is named, "pt-BR"
	Name string // as its own speakers call it
	// English is how it is called in English; the catalog has it in the other languages.
	English string
	Other   []string // what else it is called by those who speak it
}

// Languages are all that Nevermind speaks, as somebody chooses from them.
var Languages = []Language{
	{"en", "English", "English", []string{"inglés", "inglês", "anglais", "englisch", "английский", "英语", "英文"}},
	{"es", "Español", "Spanish", []string{"espanol", "castellano"}},
	{"pt-BR", "Português (Brasil)", "Portuguese", []string{"português", "português do brasil", "brasileiro"}},
	{"fr", "Français", "French", []string{"francais"}},
	{"de", "Deutsch", "German", nil},
	{"ru", "Русский", "Russian", []string{"по-русски", "русский язык"}},
	{"zh-Hans", "简体中文", "Chinese", []string{"中文", "汉语", "普通话", "mandarin"}},
	{"ar", "العربية", "Arabic", []string{"عربي", "عربية", "اللغة العربية"}},
}

// Match returns which of the languages a tag means, whatever its region: "pt" and "pt-PT" are pt-BR, "zh-CN" is zh-Hans,
// "es-MX" is es. Empty where it is none of them. Only the base language decides: x/text's matcher takes Ukrainian for Russian.
func Match(tag string) string {
	for _, l := range Languages {
		if strings.EqualFold(l.Code, tag) {
			return l.Code
		}
	}
	t, err := language.Parse(strings.ReplaceAll(tag, "_", "-"))
	if err != nil {
		return ""
	}
	base, sure := t.Base()
	if sure < language.High {
		return ""
	}
	for _, l := range Languages {
		if code, _, _ := strings.Cut(l.Code, "-"); code == base.String() {
			return l.Code
		}
	}
	return ""
}

// Speaks returns which of the languages a platform's tag means; empty where it is none of them.
func (c *Catalog) Speaks(tag string) string { return Match(tag) }

// codeFirst are the languages that write a currency's code before the number (CLDR: Portuguese of Brazil, Chinese).
var codeFirst = []string{"pt-BR", "zh-Hans"}

// noBreak holds an amount and its currency on one line.
const noBreak = "\u00a0"

// Amount writes an amount of money with the language's marks, as CLDR has them: "1.234,50 USD" in German.
func (c *Catalog) Amount(code string, m bot.Money) string {
	code = Match(code)
	if code == "" || code == "en" || m.Minor < 0 {
		return m.String()
	}
	minor := m.Minor
	for range bot.Digits(m.Currency) {
		minor /= 10
	}
	digits := c.number(code, minor)
	if _, decimals, some := strings.Cut(m.Amount(), "."); some {
		digits += decimalMark(code) + decimals
	}
	if slices.Contains(codeFirst, code) {
		return m.Currency + noBreak + digits
	}
	return digits + noBreak + m.Currency
}

// number writes a whole number, in the digits that everybody reads.
func (c *Catalog) number(code string, n int64) string {
	return printer(code).Sprint(number.Decimal(n))
}

// decimalMark is what stands between a number's whole and its decimals.
func decimalMark(code string) string {
	return strings.Trim(printer(code).Sprint(number.Decimal(1.5, number.Scale(1))), "15")
}

// printer writes numbers in a language, in European digits: those of the dates and counts beside them.
func printer(code string) *message.Printer {
	tag := language.MustParse(code)
	latin, err := tag.SetTypeForKey("nu", "latn")
	if err != nil {
		latin = tag
	}
	return message.NewPrinter(latin)
}

// between is what stands between two pieces of a row, where it is not English's own.
var between = map[string]map[bot.Mark]string{
	"zh-Hans": {bot.Comma: "、", bot.Semicolon: "；", bot.FullStop: ""},
	"ar":      {bot.Comma: "، ", bot.Semicolon: "؛ "},
}

// Join puts pieces into a row: "a, b, c".
func (c *Catalog) Join(code string, after bot.Mark, items []string) string {
	if mark, ok := between[Match(code)][after]; ok {
		return strings.Join(items, mark)
	}
	return bot.Join(after, items)
}
