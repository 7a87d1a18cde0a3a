package flows

import (
	"strconv"
	"strings"

	"nevermind/bot"
)

// form asks the fields of a button's form one by one, on platforms without forms of their own, then presses the button
// with the answers. An answer that does not fit is said to be so and asked again. Before a last question everything that
// was answered stands above it once more. It ends with the button pressed, or with nothing sent.
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
			Tell: bot.To{bot.Here: "{field}"},
			List: listOptions,
			Offer: bot.Offers{bot.Here: {
				{Event: "field_answered", Label: "That is all", Style: bot.Primary, When: filesSent},
				{Event: "field_left_out", Label: "Leave it out", When: fieldOptional},
				{Event: "went_back", Label: "Back", When: fieldOpen},
			}},
			Hear: []bot.Hear{hearSure, hearField},
			Then: bot.Moves{
				"field_answered": bot.If(fieldsLeft, "asking").ElseIf(allPassed, "passed").Else("pressed").
					Learning(nextField).Asking(pressOn),
				"field_left_out": bot.If(fieldsLeft, "asking").Else("pressed").
					Learning(nextField).Asking(pressOn),
				"files_sent":  bot.Go("asking").Learning(setFact("files_sent", "yes")).Asking(passFiles),
				"field_unfit": bot.Stay().Saying(bot.To{bot.Here: "{unfit}"}).Showing(),
				"declined":    bot.Go("let_be"),
				"went_back":   bot.Go("let_be"),
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

// How far a form is filled in.
var (
	fieldsLeft    = cond("more is asked", func(v *bot.View) bool { return currentField(v) != nil })
	fieldOptional = cond("it may be left out", func(v *bot.View) bool { f := currentField(v); return f != nil && f.Optional })
	filesSent     = factIs("files_sent", "yes")
	allPassed     = cond("everything is passed on", func(v *bot.View) bool {
		return filesSent.Holds(v) && v.Fact("text") == "" && v.Fact("form_event") != "evidence_given"
	})
	fieldOpen = cond("it is no yes or no", func(v *bot.View) bool { f := currentField(v); return f != nil && f.Kind != bot.Sure })
)

// nextField goes on to the next field that is asked by the answers so far.
func nextField(v *bot.View, _ *bot.Event) bot.Facts {
	n := intOrZero(v.Fact("field_no")) + 1
	for n < len(v.Frame.Fields) && (!v.Frame.Fields[n].Asked(v.Frame.Facts) || v.Fact(v.Frame.Fields[n].Name) != "") {
		n++ // it is not asked, or was answered with the one before
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

// hearSure hears a yes or no in words to a last question.
func hearSure(v *bot.View, m *bot.Message) (bot.Event, bool) {
	f := currentField(v)
	if f == nil || f.Kind != bot.Sure {
		return bot.Event{}, false
	}
	e, ok := hearYes("field_answered", "declined", lastLook{})(v, m)
	if ok && e.Name == "field_answered" {
		e.Facts = bot.Facts{f.Name: f.Options[0].Value}
	}
	return e, ok
}

// hearField reads an answer as what the field asks for, or says why it does not fit.
func hearField(v *bot.View, m *bot.Message) (bot.Event, bool) {
	f := currentField(v)
	text := strings.TrimSpace(m.Text)
	if f == nil || text == "" {
		return bot.Event{}, false
	}
	facts, typed := bot.Facts{}, typedField(v, f)
	if typed == nil {
		return bot.Event{}, false
	} else if typed != f {
		facts[f.Name] = "other"
	}
	value, unfit := fitField(typed, text)
	if unfit != "" {
		return bot.Event{Name: "field_unfit", Facts: bot.Facts{"unfit": unfit}}, true
	}
	facts[typed.Name] = value
	return bot.Event{Name: "field_answered", Facts: facts}, true
}

// typedField is the field that typed words answer: the one being asked, or where that is a choice with "other" among its
// options, the one that would then ask for words; nil where nothing is to be typed.
func typedField(v *bot.View, f *bot.Field) *bot.Field {
	if f.Kind != bot.OneOf && f.Kind != bot.Sure {
		return f
	}
	for i := range v.Frame.Fields {
		if v.Frame.Fields[i].If == f.Name+"=other" {
			return &v.Frame.Fields[i]
		}
	}
	return nil
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
		case !f.Asked(v.Frame.Facts):
			ev.Facts[f.Name] = ""
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
