package turn

import (
	"maps"
	"slices"
	"strconv"

	"nevermind/bot"
)

// OpenForm is a form as it is opened by a press: what it is about and its fields, in the words of whoever pressed.
type OpenForm struct {
	key    bot.Key   // whose button it is
	event  bot.Event // the press
	Title  string
	Fields []bot.Field
}

// FormOf is the form of a choice in the words of whoever caused the view's event, nil where that event does not count;
// words before a last look may tell of what was answered.
func (r *Ruleset) FormOf(v *bot.View, key bot.Key, c *bot.Choice, given bot.Facts) *OpenForm {
	t := r.begin(v)
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

// Event is the event by which a talk begins to ask the form's fields.
func (f *OpenForm) Event(m bot.Message) bot.Event {
	facts := bot.Facts{"form_key": string(f.key), "form_event": f.event.Name, "form_offer": m.Press, "form_title": f.Title}
	maps.Copy(facts, f.event.Facts)
	return bot.Event{ID: m.ID, Name: "form_opened", Facts: facts, Fields: f.Fields,
		By: f.event.By, Actor: f.event.Actor, Room: m.Room}
}

// FillForm reads a form's answers as what its fields ask for: every field, and nothing else.
func (r *Ruleset) FillForm(fields []bot.Field, given bot.Facts, reader *bot.Person, sure bool) (bot.Facts, error) {
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
		value, unfit := r.Fit(f, answer)
		if unfit != "" {
			bad[f.Name] = r.unfit(fields, i, answer, unfit, reader)
		}
		if f.Kind != bot.Sure {
			facts[f.Name] = value
		}
	}
	for name := range given {
		if !slices.ContainsFunc(fields, func(f bot.Field) bool { return f.Name == name }) {
			bad[name] = r.Notices[bot.RefusedForged]
		}
	}
	if len(bad) > 0 {
		return nil, bad
	}
	return facts, nil
}

// unfit says why an answer does not fit, as the form's talk would at that field.
func (r *Ruleset) unfit(fields []bot.Field, i int, answer, why string, reader *bot.Person) string {
	v := bot.View{Conv: &bot.Conversation{},
		Frame: &bot.Frame{Flow: r.Flows.Form, Fields: fields, Facts: bot.Facts{"field_no": strconv.Itoa(i)}},
		Actor: reader, Event: &bot.Event{Text: answer}, Renderer: r}
	return r.Say(&v, reader, why)
}

// Choice finds the choice behind an offer of a flow's place: below a letter the one that answers it, below other words the
// one that follows them, else the state's own.
func (r *Ruleset) Choice(v *bot.View, token string, p bot.Party) (bot.Choice, bool) {
	f := v.Frame
	i := slices.IndexFunc(f.Offers, func(o bot.Offer) bool { return o.Token == token })
	if i < 0 {
		return bot.Choice{}, false
	}
	o, flow := f.Offers[i], r.ByName[f.Flow]
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
	same := func(c bot.Choice) bool { return c.Event == o.Event }
	i = slices.IndexFunc(choices, func(c bot.Choice) bool { return same(c) && c.Label == o.Words })
	if i < 0 {
		i = slices.IndexFunc(choices, same) // its label has been reworded since it was offered
	}
	if i < 0 {
		return bot.Choice{}, false
	}
	return choices[i], true
}
