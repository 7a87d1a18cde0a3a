package flows

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"nevermind/bot"
	"nevermind/flows/understand"
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

// fitAmount reads an amount as people write it (bot.ReadMoneyAs): "10", "10.50", "10,50", "$10" or "10 USD". One that can
// mean two amounts is asked again.
func fitAmount(f *bot.Field, text string) (value, unfit string) {
	all := amountsIn(text, f.Max.Currency)
	switch {
	case len(all) == 0:
		return "", "I can't read that as an amount in {unfit_currency}. Please write only the number, for instance {unfit_example}."
	case len(all) > 1:
		return "", amountInTwoWays
	case all[0].IsZero():
		return "", "The amount has to be more than nothing. Please write another."
	case f.Max.Less(all[0]):
		return "", "That is more than can go back: {unfit_most} at most. Please write another amount."
	}
	return all[0].String(), ""
}

// amountsIn are the amounts that words can mean: as they stand, or the one among other words.
func amountsIn(text, currency string) []bot.Money {
	if all := bot.ReadMoneyAs(understand.Digits(text), currency); len(all) > 0 {
		return all
	}
	all, _ := bot.MoneyIn(text, currency)
	return all
}

// amountInTwoWays is said of an amount that can mean two.
const amountInTwoWays = "I can read that in two ways: {amount_readings}. Please write the one that you mean, just so."

// amountReadings are the amounts that what was written can mean.
func amountReadings(v *bot.View, r *bot.Person) string {
	currency := ""
	if o := orderOf(v); o != nil {
		currency = o.Total.Currency
	}
	if field := ofField(v, func(f *bot.Field) string { return f.Max.Currency }); field != "" {
		currency = field
	}
	var words []string
	for _, m := range amountsIn(v.Event.Text, currency) {
		words = append(words, v.Amount(r, m))
	}
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return v.With(bot.Facts{"these": v.List(r, words[:last]), "last": words[last]}).Say(r, "{these} or {last}")
}

// example is an amount that would fit, half of the most.
func example(most bot.Money) string {
	return bot.Money{Minor: max(1, most.Minor/2), Currency: most.Currency}.Amount()
}

// fitCode reads a tracking code: letters and digits, eight to forty (S46).
func fitCode(text string) (value, unfit string) {
	code := strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(understand.Digits(text)))
	for _, r := range code {
		if (r < 'A' || r > 'Z') && (r < '0' || r > '9') {
			code = ""
			break
		}
	}
	if len(code) < 8 || len(code) > 40 || understand.CountDigits(code) < 4 {
		return "", "That doesn't look like a tracking code: it has eight to forty letters and digits. " +
			"Please copy it from the carrier's receipt."
	}
	return code, ""
}

// fitTime takes a time as it was written, if it can be read: what it means is worked out when it counts.
func fitTime(text string) (value, unfit string) {
	if _, ok := parseTime(text, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), morningHour); !ok || len(text) > 40 {
		return "", "I can't read that as a time. Please write it like “14:30”, “tomorrow 9:00”, “Monday”, " +
			"“28 November” or “in 2 hours”."
	}
	return text, ""
}
