package flows

import (
	"cmp"
	"strconv"
	"strings"
	"unicode/utf8"

	"nevermind/bot"
)

// formTerms are what {names} stand for in the talk that asks the fields of a form.
var formTerms = map[string]bot.Term{
	"unfit": func(v *bot.View, r *bot.Person) string { return v.Say(r, v.Fact("unfit")) },
	"unfit_length": func(v *bot.View, _ *bot.Person) string {
		return strconv.Itoa(utf8.RuneCountInString(strings.TrimSpace(v.Event.Text)))
	},
	"unfit_limit": func(v *bot.View, _ *bot.Person) string {
		return ofField(v, func(f *bot.Field) string { return strconv.Itoa(fieldLimit(cmp.Or(typedField(v, f), f))) })
	},
	"unfit_currency": func(v *bot.View, _ *bot.Person) string {
		return ofField(v, func(f *bot.Field) string { return f.Max.Currency })
	},
	"unfit_most": func(v *bot.View, _ *bot.Person) string {
		return ofField(v, func(f *bot.Field) string { return f.Max.String() })
	},
	"unfit_example": func(v *bot.View, _ *bot.Person) string {
		return ofField(v, func(f *bot.Field) string { return example(f.Max) })
	},
	"amount_readings": amountReadings,
	"limit":           func(v *bot.View, _ *bot.Person) string { return v.Event.Facts["limit"] },
	"field":           fieldAsk,
}

// fieldAsk is what is asked now; before a last yes, all that was answered stands above it once more, and so does what the words
// had answered that opened the form.
func fieldAsk(v *bot.View, r *bot.Person) string {
	return ofField(v, func(f *bot.Field) string {
		if f.Kind == bot.Files && filesSent.Holds(v) {
			return v.Say(r, "You can send more, or end with a few words, or press “That is all”.")
		}
		switch {
		case f.Kind == bot.Sure:
			return answersSoFar(v) + talkDecisionPreview(v, r) + f.Ask
		case v.Event.Name == "form_opened": // words may have answered some of it
			return answersSoFar(v) + f.Ask
		}
		return f.Ask
	})
}

// ofField says something of the field that is being asked.
func ofField(v *bot.View, say func(*bot.Field) string) string {
	if f := currentField(v); f != nil {
		return say(f)
	}
	return ""
}

// answersSoFar lists a form's answers so far, one a line.
func answersSoFar(v *bot.View) string {
	var lines strings.Builder
	for _, f := range v.Frame.Fields {
		value := bot.Clean(v.Fact(f.Name))
		for _, o := range f.Options {
			if o.Value == value {
				value = v.Say(v.Actor, o.Label)
			}
		}
		switch {
		case f.Kind == bot.Sure || value == "" || !f.Asked(v.Frame.Facts):
			continue
		case f.Kind == bot.Text:
			value = v.With(bot.Facts{"quotation": value}).Say(v.Actor, "“{quotation}”")
		}
		lines.WriteString("• " + value + "\n")
	}
	return lines.String()
}
