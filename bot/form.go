package bot

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Unfit says which answers of a form do not fit, and why, in the language of whoever filled it in.
type Unfit map[string]string

// Error says how many.
func (u Unfit) Error() string { return strconv.Itoa(len(u)) + " answers of a form do not fit" }

// Form is what a platform with forms of its own asks for before a press: what it is about, and its fields, in the
// language of whoever pressed. There are none where the press needs no form, or would not count: Receive answers those. Answers that are in m.Fields
// already are judged as Receive will judge them, but for the last look (Sure), which may still be to come; the error is
// Unfit where one does not fit. Nothing is changed.
func (e *Engine) Form(ctx context.Context, m Message) (title string, fields []Field, err error) {
	actor, err := e.speaker(ctx, m.Account)
	if err != nil {
		return "", nil, err
	}
	form, err := e.formFor(ctx, m, actor)
	if form == nil || err != nil {
		return "", nil, err
	}
	if len(m.Fields) > 0 {
		_, err = e.book.fill(form.fields, m.Fields, actor, false)
	}
	return form.title, form.fields, err
}

// formFor is the form of a press, or of a message that is made evidence; nil where there is none to fill in.
func (e *Engine) formFor(ctx context.Context, m Message, actor *Person) (*asked, error) {
	if m.Keep.In != "" {
		return e.keeping(ctx, &m, actor)
	}
	key, err := e.cfg.Store.Offered(ctx, m.Press)
	if errors.Is(err, ErrNone) || err == nil && key.Kind() == "talk" && key != TalkKey(m.Room, actor) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return e.form(ctx, key, m, actor)
}

// asked is a form as it is opened by a press.
type asked struct {
	key    Key   // whose button it is
	event  Event // the press
	title  string
	fields []Field
}

// form opens the form of a button, if it is on offer to this person and has one.
func (e *Engine) form(ctx context.Context, key Key, m Message, actor *Person) (form *asked, err error) {
	defer func() {
		if r := recover(); r != nil {
			form, err = nil, caught(r)
		}
	}()
	v, err := e.view(ctx, key)
	if err != nil {
		return nil, err
	}
	v.Actor = actor
	ev, note := e.book.hear(v, &m)
	v.Event = &ev
	if note != "" || v.Conv.State == "" {
		return nil, nil
	}
	choice, ok := e.book.choice(v, m.Press, actor.Party())
	if !ok || choice.Form == nil { // most have none
		return nil, nil
	}
	if err := e.cast(ctx, v); err != nil {
		return nil, err
	}
	if v.Agents, err = e.agents(ctx, actor); err != nil {
		return nil, err
	}
	if actor.Party() == Support && v.Conv.Parties[Buyer] != "" {
		v.Others = func() []Conversation { return e.others(ctx, v.Conv.Parties[Buyer]) }
	}
	return e.book.openForm(v, key, &choice, m.Fields), nil
}

// openForm is the form of a choice in the words of whoever caused the view's event, nil where that event does not count;
// words before a last look may tell of what was answered.
func (b *book) openForm(v *View, key Key, c *Choice, given Facts) *asked {
	t := b.begin(v)
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
	return &asked{key, *v.Event, t.Say(t.v, actor, t.flow.Title), fields}
}

// hearAnswers lets the words of a form tell of its answers, where all of them fit.
func (t *turn) hearAnswers(fields []Field, given Facts) {
	facts, err := t.fill(fields, given, t.v.Actor, false)
	if len(given) == 0 || err != nil {
		return
	}
	ev := *t.v.Event
	ev.Text = facts["text"]
	ev.Facts = maps.Clone(ev.Facts)
	if ev.Facts == nil {
		ev.Facts = Facts{}
	}
	maps.Copy(ev.Facts, facts)
	t.v.Event = &ev
}

// mostAgents is how many of support's people can be chosen from.
const mostAgents = 100

// agents are support's people who have an account, for one of them to choose from.
func (e *Engine) agents(ctx context.Context, actor *Person) ([]Person, error) {
	if actor.Party() != Support {
		return nil, nil
	}
	all, err := e.cfg.Store.People(ctx, Support, "", mostAgents)
	return slices.DeleteFunc(all, func(p Person) bool { return p.ID == Desk || len(p.Accounts) == 0 }), err
}

// mostOthers is how many records of a buyer, of one flow, are looked through.
const mostOthers = 100

// others are a buyer's cases of every flow; a read that fails ends the form.
func (e *Engine) others(ctx context.Context, buyer PersonID) []Conversation {
	r := &reader{ctx, e, &Person{ID: Desk}}
	var all []Conversation
	for _, f := range e.cfg.Flows.All {
		if f.Case {
			all = append(all, r.Cases(string(buyer), f.Name, mostOthers)...)
		}
	}
	return all
}

// opened is the event by which a talk begins to ask the form's fields.
func (a *asked) opened(m Message) Event {
	facts := Facts{"form_key": string(a.key), "form_event": a.event.Name, "form_offer": m.Press, "form_title": a.title}
	maps.Copy(facts, a.event.Facts)
	return Event{ID: m.ID, Name: "form_opened", Facts: facts, By: a.event.By, Actor: a.event.Actor, Room: m.Room, Fields: a.fields}
}

// filled makes the turn of a press that brings its form's answers along. Where no form is on offer they count for
// nothing, but what was written is given back.
func (e *Engine) filled(ctx context.Context, key Key, form *asked, m Message, actor *Person, c Commit) error {
	var facts Facts
	if form != nil {
		var err error
		if facts, err = e.book.fill(form.fields, m.Fields, actor, true); err != nil {
			return err
		}
	}
	return e.turnOf(ctx, key, c, func(v *View) (Event, string) {
		v.Actor = actor
		ev, note := e.book.hear(v, &m)
		ev.Text = cut(m.Fields["text"])
		if form == nil {
			v.Event = &ev
			if note == "" && e.book.legal(v) {
				note = NoteForged // the button asks for nothing
			}
			return ev, note
		}
		if note == "" {
			ev.Text = facts["text"]
			maps.Copy(ev.Facts, facts)
			delete(ev.Facts, "text")
		}
		return ev, note
	})
}

// fill reads a form's answers as what its fields ask for: every field, and nothing else.
func (b *book) fill(fields []Field, given Facts, reader *Person, sure bool) (Facts, error) {
	facts, bad := Facts{}, Unfit{}
	for i := range fields {
		f := &fields[i]
		answer, answered := given[f.Name]
		if !f.Asked(given) {
			facts[f.Name] = ""
			continue
		}
		if f.Kind == Sure && !sure && !answered {
			continue
		}
		value, unfit := b.Fit(f, answer)
		if unfit != "" {
			bad[f.Name] = b.unfit(fields, i, answer, unfit, reader)
		}
		if f.Kind != Sure {
			facts[f.Name] = value
		}
	}
	for name := range given {
		if !slices.ContainsFunc(fields, func(f Field) bool { return f.Name == name }) {
			bad[name] = b.Notes[NoteForged]
		}
	}
	if len(bad) > 0 {
		return nil, bad
	}
	return facts, nil
}

// Asked says whether a field is asked, by the answers before it.
func (f *Field) Asked(answers Facts) bool {
	name, value, _ := strings.Cut(f.If, "=")
	return f.If == "" || answers[name] == value
}

// unfit says why an answer does not fit, as the form's talk would at that field.
func (b *book) unfit(fields []Field, i int, answer, why string, reader *Person) string {
	v := View{Conv: &Conversation{}, Frame: &Frame{Flow: b.Flows.Form, Fields: fields, Facts: Facts{"field_no": strconv.Itoa(i)}},
		Actor: reader, Event: &Event{Text: answer}, Renderer: b}
	return b.Say(&v, reader, why)
}

// noted keeps a colleague's words with the record whose message they stand below. Nothing is answered; anybody else's
// words there are nobody's business.
func (e *Engine) noted(ctx context.Context, m Message, actor *Person, c Commit) error {
	key, err := e.cfg.Store.Sender(ctx, m.Room, m.ReplyTo)
	if errors.Is(err, ErrNone) || err == nil && (key.Kind() == "talk" || actor.Party() != Support) {
		return nil
	}
	if err != nil {
		return err
	}
	err = e.turnOf(ctx, key, c, func(v *View) (Event, string) {
		v.Actor = actor
		return Event{ID: m.ID, Name: noteEvent(m.Odd), By: Support, Actor: actor.ID, Room: m.Room, Text: cut(m.Text), Files: received(&m)}, NoteKept
	})
	if errors.Is(err, ErrNone) {
		return nil
	}
	return err
}

// noteEvent is what has become of a note: the journal keeps what it said before.
func noteEvent(odd Odd) string {
	switch odd {
	case Edited:
		return "note_changed"
	case Deleted:
		return "note_deleted"
	}
	return "note_added"
}

// cut keeps as much of somebody's words as is read.
func cut(s string) string {
	if utf8.RuneCountInString(s) <= Longest {
		return s
	}
	return string([]rune(s)[:Longest])
}
