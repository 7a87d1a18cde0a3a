package flows

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"nevermind/bot"
)

// form asks the fields of a button's form one by one, then presses the button with them.
var form = bot.Flow{
	Name:   "form",
	About:  "Asks what a button needs, one thing at a time, where the platform has no forms of its own.",
	Title:  "{form_title}",
	Talk:   true,
	First:  "asking",
	Before: []bot.Hear{hearFormFile, hearCommand},
	Always: with(talkAlways, bot.Moves{"form_opened": bot.Become("form")}), // one that is left half filled is not missed
	After:  talkTimeout,
	Facts:  []string{"form_title"},
	States: bot.States{
		"asking": {
			Tell:  bot.To{bot.Here: "{field}"},
			List:  listOptions,
			Offer: bot.Offers{bot.Here: {{Event: "field_answered", Label: "That is all", Style: bot.Primary, When: filesSent}, {Event: "field_left_out", Label: "Leave it out", When: fieldOptional}, {Event: "went_back", Label: "Back", When: fieldOpen}}},
			Hear:  []bot.Hear{hearField},
			Then: bot.Moves{
				"field_answered": bot.If(fieldsLeft, "asking").ElseIf(allPassed, "passed").Else("pressed").Learning(nextField).Asking(pressOn),
				"field_left_out": bot.If(fieldsLeft, "asking").Else("pressed").Learning(nextField).Asking(pressOn),
				"files_sent":     bot.Go("asking").Learning(setFact("files_sent", "yes")).Asking(passFiles),
				"field_unfit":    bot.Stay().Saying(bot.To{bot.Here: "{unfit}"}).Showing(),
				"declined":       bot.Go("let_be"),
				"went_back":      bot.Go("let_be"),
			},
		},
		"pressed": {}, // whoever the form was for speaks next
		"passed":  {Tell: bot.To{bot.Here: "Thank you. Everything you have sent is passed on."}},
		"let_be":  {Tell: bot.To{bot.Here: "All right, nothing was sent."}},
	},
}

// currentField is the one being asked; nil when all are answered.
func currentField(v *bot.View) *bot.Field {
	n, _ := strconv.Atoi(v.Fact("field_no"))
	if n >= len(v.Frame.Fields) {
		return nil
	}
	return &v.Frame.Fields[n]
}

var (
	fieldsLeft    = cond("more is asked", func(v *bot.View) bool { return currentField(v) != nil })
	fieldOptional = cond("it may be left out", func(v *bot.View) bool { f := currentField(v); return f != nil && f.Optional })
	filesSent     = factIs("files_sent", "yes")
	allPassed     = cond("everything is passed on", func(v *bot.View) bool {
		return filesSent.Holds(v) && v.Fact("text") == "" && v.Fact("form_event") != "evidence_given"
	})
	fieldOpen = cond("it is no yes or no", func(v *bot.View) bool { f := currentField(v); return f != nil && f.Kind != bot.Sure })
)

func nextField(v *bot.View, _ *bot.Event) bot.Facts {
	n := intOrZero(v.Fact("field_no")) + 1
	for n < len(v.Frame.Fields) && !v.Frame.Fields[n].Asked(v.Frame.Facts) {
		n++
	}
	return bot.Facts{"field_no": strconv.Itoa(n), "unfit": ""}
}

// listOptions are the answers to choose from.
func listOptions(v *bot.View) []bot.Choice {
	f := currentField(v)
	if f == nil {
		return nil
	}
	var choices []bot.Choice
	for i, o := range f.Options {
		c := bot.Choice{Event: "field_answered", Label: o.Label, Facts: bot.Facts{f.Name: o.Value}}
		if f.Kind == bot.Sure && i > 0 {
			c = bot.Choice{Event: "declined", Label: o.Label}
		}
		choices = append(choices, c)
	}
	return choices
}

// hearField reads an answer as what the field asks for, or says why it does not fit.
func hearField(v *bot.View, m *bot.Message) (bot.Event, bool) {
	f := currentField(v)
	text := strings.TrimSpace(m.Text)
	if f == nil || text == "" {
		return bot.Event{}, false
	}
	if f.Kind == bot.OneOf || f.Kind == bot.Sure {
		return bot.Event{}, false
	}
	value, unfit := fitField(f, text)
	if unfit != "" {
		return bot.Event{Name: "field_unfit", Facts: bot.Facts{"unfit": unfit}}, true
	}
	return bot.Event{Name: "field_answered", Facts: bot.Facts{f.Name: value}}, true
}

// fitField reads an answer as what the field asks for, or says why it is not that.
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
		return "", "That does not look like a tracking code: eight to forty letters and digits. Please copy it from the carrier's receipt."
	}
	return code, ""
}

// pressOn presses the button that the form belongs to, once everything is answered.
func pressOn(v *bot.View, e *bot.Event) (bot.Key, bot.Event) {
	n, _ := strconv.Atoi(v.Fact("field_no"))
	if n < len(v.Frame.Fields) {
		return "", bot.Event{}
	}
	ev := bot.Event{Name: v.Fact("form_event"), Offer: v.Fact("form_offer"), Facts: bot.Facts{}}
	for _, f := range v.Frame.Fields {
		switch value := v.Fact(f.Name); {
		case f.Name == "text":
			ev.Text = value
		case f.Kind != bot.Sure:
			ev.Facts[f.Name] = value
		}
	}
	if allPassed.Holds(v) {
		return "", bot.Event{}
	}
	ev.Files = e.Files
	return bot.Key(v.Fact("form_key")), ev
}

// passFiles passes on what has come while more may come: nothing is lost where the form is left, and the time counts.
func passFiles(v *bot.View, e *bot.Event) (bot.Key, bot.Event) {
	return bot.Key(v.Fact("form_key")), bot.Event{Name: "file_added", Text: e.Text, Files: e.Files}
}
