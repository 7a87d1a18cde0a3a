package words

import (
	"testing"

	"nevermind/bot"
)

// TestMatch: a platform's tag leads to the language that its reader reads, and never to a neighbour's.
func TestMatch(t *testing.T) {
	for tag, want := range map[string]string{
		"en": "en", "en-GB": "en", "es": "es", "es-MX": "es", "es_419": "es", "pt": "pt-BR", "pt-PT": "pt-BR", "PT-br": "pt-BR",
		"zh": "zh-Hans", "zh-CN": "zh-Hans", "zh-hans": "zh-Hans", "zh-TW": "zh-Hans", "de-AT": "de", "ar-EG": "ar", "fr-CA": "fr",
		"ru": "ru", "uk": "", "uk-UA": "", "be": "", "pl": "", "": "", "und": "", "nonsense!": "",
	} {
		if got := Match(tag); got != want {
			t.Errorf("%q is %q, want %q", tag, got, want)
		}
	}
}

// TestAmounts: amounts have each language's own marks, and always all of the currency's decimals.
func TestAmounts(t *testing.T) {
	c := &Catalog{}
	for _, m := range []struct {
		code, currency string
		minor          int64
		want           string
	}{
		{"en", "USD", 2490, "24.90 USD"}, {"de", "EUR", 123450, "1.234,50\u00a0EUR"}, {"es", "EUR", 2490, "24,90\u00a0EUR"},
		{"fr", "USD", 123450000, "1\u00a0234\u00a0500,00\u00a0USD"}, {"ru", "RUB", 1234567, "12\u00a0345,67\u00a0RUB"},
		{"pt-BR", "BRL", 123450, "BRL\u00a01.234,50"}, {"pt", "BRL", 5, "BRL\u00a00,05"},
		{"zh-Hans", "CNY", 123450, "CNY\u00a01,234.50"},
		{"ar", "USD", 2490, "24.90\u00a0USD"}, {"de", "JPY", 2490, "2.490\u00a0JPY"}, {"ar", "KWD", 24900, "24.900\u00a0KWD"},
	} {
		if got := c.Amount(m.code, bot.Money{Minor: m.minor, Currency: m.currency}); got != m.want {
			t.Errorf("%s: got %q, want %q", m.code, got, m.want)
		}
	}
}
