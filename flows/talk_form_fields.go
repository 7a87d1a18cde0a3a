package flows

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"nevermind/bot"
)

// fitField reads an answer as what the field asks for, or says why it is not that. A button on a platform with forms of
// its own is checked by the same rules.
func fitField(f *bot.Field, answer string) (value, unfit string) {
	answer = strings.TrimSpace(answer)
	if answer == "" {
		if f.Optional {
			return "", ""
		}
		return "", "Please answer this; nothing goes on without it."
	}
	switch f.Kind {
	case bot.Text, bot.Files:
		return fitText(f, answer)
	case bot.Amount:
		return fitAmount(f, answer)
	case bot.Code:
		return fitCode(answer)
	case bot.Time:
		return fitTime(answer)
	}
	options := f.Options
	if f.Kind == bot.Sure {
		options = options[:1]
	}
	if !slices.ContainsFunc(options, func(o bot.Option) bool { return o.Value == answer }) {
		return "", "Please choose one of the answers that are offered."
	}
	return answer, ""
}

// fieldLimit is how many characters a field takes.
func fieldLimit(f *bot.Field) int { return cmp.Or(f.Limit, 1000) }

// fitText takes any text up to the field's limit.
func fitText(f *bot.Field, text string) (value, unfit string) {
	if utf8.RuneCountInString(text) > fieldLimit(f) {
		return "", "That is {unfit_length} characters, and at most {unfit_limit} can be passed on. Nothing was sent; please shorten it."
	}
	return text, ""
}

// fitAmount reads "10", "10.50", "10,50", "$10" or "10 USD".
func fitAmount(f *bot.Field, text string) (value, unfit string) {
	currency := f.Max.Currency
	s := strings.ToUpper(asciiDigits(text))
	s = strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(s), currency), currency))
	s = strings.TrimSpace(strings.Trim(s, signs[currency]+" "))
	if strings.Count(s, ",") == 1 && !strings.Contains(s, ".") {
		s = strings.Replace(s, ",", ".", 1)
	}
	m, err := bot.ParseMoney(s, currency)
	switch {
	case err != nil:
		return "", "I cannot read that as an amount in {unfit_currency}. Please write only the number, for instance {unfit_example}."
	case m.IsZero():
		return "", "The amount has to be more than nothing. Please write another."
	case f.Max.Less(m):
		return "", "That is more than can go back: {unfit_most} at most. Please write another amount."
	}
	return m.String(), ""
}

// signs are what people write for a currency; another one's sign is not read as it.
var signs = map[string]string{"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "CNY": "¥", "BRL": "R$"}

// example is an amount that would fit, half of the most.
func example(most bot.Money) string {
	return bot.Money{Minor: max(1, most.Minor/2), Currency: most.Currency}.Amount()
}

// fitCode reads a tracking code: letters and digits, eight to forty (S46).
func fitCode(text string) (value, unfit string) {
	code := strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(asciiDigits(text)))
	for _, r := range code {
		if (r < 'A' || r > 'Z') && (r < '0' || r > '9') {
			code = ""
			break
		}
	}
	if len(code) < 8 || len(code) > 40 || countDigits(code) < 4 {
		return "", "That does not look like a tracking code: eight to forty letters and digits. " +
			"Please copy it from the carrier's receipt."
	}
	return code, ""
}

// fitTime takes a time as it was written, if it can be read: what it means is worked out when it counts.
func fitTime(text string) (value, unfit string) {
	if _, ok := parseTime(text, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), morningHour); !ok || len(text) > 40 {
		return "", "I cannot read that as a time. Please write it like “14:30”, “tomorrow 9:00”, “Monday”, " +
			"“28 November” or “in 2 hours”."
	}
	return text, ""
}
