package bot

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Longest is how many characters of one message are read.
const Longest = 4000

// hear makes an event of a message, or says why it cannot. It is pure.
func (b *book) hear(v *View, m *Message) (Event, string) {
	settle(v)
	e := Event{ID: m.ID, By: v.Actor.Party(), Actor: v.Actor.ID, Room: m.Room, Text: m.Text, Files: received(m)}
	if m.Press != "" {
		return b.pressed(v, m, e)
	}
	if text := m.Heard(); text != m.Text {
		m = new(*m)
		m.Text, e.Text = text, text
	}
	if utf8.RuneCountInString(m.Text) > Longest {
		e.Text = ""
		return e, NoteTooLong
	}
	if o := labelled(v.Frame.Offers, m.Text); o != nil && len(m.Files) == 0 && b.flows[v.Frame.Flow].Talk {
		return offered(e, o), ""
	}
	flow := b.flows[v.Frame.Flow]
	state := flow.States[v.Frame.State]
	for _, hears := range [][]Hear{flow.Before, state.Hear} {
		if ev, ok := heard(hears, v, m, e); ok {
			return ev, ""
		}
	}
	if o := numbered(v.Frame.Offers, m.Text); o != nil && len(m.Files) == 0 && flow.Talk {
		return offered(e, o), ""
	}
	if ev, ok := heard(flow.Hear, v, m, e); ok {
		return ev, ""
	}
	return e, NoteNotUnderstood
}

// received are a private message's files with the time they came.
func received(m *Message) []File {
	if m.Public {
		return nil
	}
	files := slices.Clone(m.Files)
	for i := range files {
		files[i].At = m.At.UTC()
	}
	return files
}

// pressed finds the button among what is on offer; one that is no more is late.
func (b *book) pressed(v *View, m *Message, e Event) (Event, string) {
	for i := range v.Frame.Offers {
		if o := &v.Frame.Offers[i]; o.Token == m.Press {
			return offered(e, o), ""
		}
	}
	e.Offer = m.Press
	return e, NoteLate
}

// offered is the event of a press.
func offered(e Event, o *Offer) Event {
	e.Name, e.Offer, e.Facts = o.Event, o.Token, Facts{}
	for k, val := range o.Facts {
		e.Facts[k] = val
	}
	return e
}

func heard(hears []Hear, v *View, m *Message, e Event) (Event, bool) {
	for _, h := range hears {
		if ev, ok := h(v, m); ok {
			e.Name, e.Facts = ev.Name, ev.Facts
			if ev.Text != "" {
				e.Text = ev.Text
			}
			return e, true
		}
	}
	return e, false
}

// labelled finds the offer whose label was typed.
func labelled(offers []Offer, text string) *Offer {
	text = strings.TrimSpace(text)
	for i := range offers {
		if o := &offers[i]; o.Label != "" && strings.EqualFold(o.Label, text) {
			return o
		}
	}
	return nil
}

// numbered finds the offer by its place in the question.
func numbered(offers []Offer, text string) *Offer {
	n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(text), "."))
	if err != nil || n < 1 || n > len(offers) || offers[n-1].Label == "" {
		return nil
	}
	return &offers[n-1]
}
