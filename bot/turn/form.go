package turn

import (
	"maps"
	"slices"
	"strconv"

	"nevermind/bot"
)

// asked is a form as it is opened by a press.
type OpenForm struct {
	key    bot.Key   // whose button it is
	event  bot.Event // the press
	Title  string
	Fields []bot.Field
}

// openForm is the form of a choice in the words of whoever caused the view's event, nil where that event does not count;
// words before a last look may tell of what was answered.
func (b *Ruleset) OpenForm(v *bot.View, key bot.Key, c *bot.Choice, given bot.Facts) *OpenForm {
	t := b.Begin(v)
	if t.illegal() != "" {
		return nil
	}
	actor, fields := t.v.Actor, c.Form(t.v)
	t.hearAnswers(fields, given)
	for i := range fields {
		fields[i].Ask = t.Say(t.v, actor, fields[i].Ask)
		fields[i].Options = slices.Clone(fields[i].Options)
		for j := range fields[i].Options {
			fields[i].Options[j].Label = t.Say(t.v, actor, fields[i].Options[j].Label)
		}
	}
	return &OpenForm{key, *v.Event, t.Say(t.v, actor, t.flow.Title), fields}
}

// hearAnswers lets the words of a form tell of its answers, where all of them fit.
func (t *turn) hearAnswers(fields []bot.Field, given bot.Facts) {
	facts, err := t.FillForm(fields, given, t.v.Actor, false)
	if len(given) == 0 || err != nil {
		return
	}
	ev := *t.v.Event
	ev.Text = facts["text"]
	ev.Facts = maps.Clone(ev.Facts)
	if ev.Facts == nil {
		ev.Facts = bot.Facts{}
	}
	maps.Copy(ev.Facts, facts)
	t.v.Event = &ev
}

// opened is the event by which a talk begins to ask the form's fields.
func (a *OpenForm) Event(m bot.Message) bot.Event {
	facts := bot.Facts{"form_key": string(a.key), "form_event": a.event.Name, "form_offer": m.Press, "form_title": a.Title}
	maps.Copy(facts, a.event.Facts)
	return bot.Event{ID: m.ID, Name: "form_opened", Facts: facts, By: a.event.By, Actor: a.event.Actor, Room: m.Room, Fields: a.Fields}
}

// fill reads a form's answers as what its fields ask for: every field, and nothing else.
func (b *Ruleset) FillForm(fields []bot.Field, given bot.Facts, reader *bot.Person, sure bool) (bot.Facts, error) {
	facts, bad := bot.Facts{}, bot.Unfit{}
	for i := range fields {
		f := &fields[i]
		answer, answered := given[f.Name]
		if !f.Asked(given) {
			facts[f.Name] = ""
			continue
		}
		if f.Kind == bot.Sure && !sure && !answered {
			continue
		}
		value, unfit := b.Fit(f, answer)
		if unfit != "" {
			bad[f.Name] = b.unfit(fields, i, answer, unfit, reader)
		}
		if f.Kind != bot.Sure {
			facts[f.Name] = value
		}
	}
	for name := range given {
		if !slices.ContainsFunc(fields, func(f bot.Field) bool { return f.Name == name }) {
			bad[name] = b.Notices[bot.RefusedForged]
		}
	}
	if len(bad) > 0 {
		return nil, bad
	}
	return facts, nil
}

// unfit says why an answer does not fit, as the form's talk would at that field.
func (b *Ruleset) unfit(fields []bot.Field, i int, answer, why string, reader *bot.Person) string {
	v := bot.View{Conv: &bot.Conversation{}, Frame: &bot.Frame{Flow: b.Flows.Form, Fields: fields, Facts: bot.Facts{"field_no": strconv.Itoa(i)}},
		Actor: reader, Event: &bot.Event{Text: answer}, Renderer: b}
	return b.Say(&v, reader, why)
}

// choice finds the choice behind an offer of a flow's place: below a letter the one that answers it, below other words the
// one that follows them, else the state's own.
func (b *Ruleset) Choice(v *bot.View, token string, p bot.Party) (bot.Choice, bool) {
	f := v.Frame
	i := slices.IndexFunc(f.Offers, func(o bot.Offer) bool { return o.Token == token })
	if i < 0 {
		return bot.Choice{}, false
	}
	o, flow := f.Offers[i], b.ByName[f.Flow]
	s := flow.States[f.State]
	choices := slices.Concat(s.Offer[p], s.Offer[bot.Here])
	if o.Answer {
		choices = nil
		for _, moves := range []bot.Moves{s.Then, flow.Always} {
			for _, event := range slices.Sorted(maps.Keys(moves)) {
				choices = append(choices, moves[event].Answers[p]...)
				if moves[event].Follows != nil {
					choices = append(choices, moves[event].Follows(v)...)
				}
			}
		}
	}
	i = slices.IndexFunc(choices, func(c bot.Choice) bool { return c.Event == o.Event && c.Label == o.Words })
	if i < 0 {
		return bot.Choice{}, false
	}
	return choices[i], true
}
