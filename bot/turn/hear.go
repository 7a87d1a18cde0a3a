package turn

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"nevermind/bot"
)

// Cut keeps as much of somebody's words as is read.
func Cut(s string) string {
	if utf8.RuneCountInString(s) <= bot.Longest {
		return s
	}
	return string([]rune(s)[:bot.Longest])
}

// Hear makes an event of a message, or says why it cannot: one of the Refused constants. It is pure for a record; a talk's
// flows read the store besides, through View.Look.
func (r *Ruleset) Hear(v *bot.View, m *bot.Message) (bot.Event, string) {
	applyOverrides(v)
	e := bot.Event{ID: m.ID, By: v.Actor.Party(), Actor: v.Actor.ID, Room: m.Room, Text: m.Text, Files: Received(m)}
	if m.Press != "" {
		return r.pressed(v, m, e)
	}
	if text := m.Heard(); text != m.Text {
		m = new(*m)
		m.Text, e.Text = text, text
	}
	if utf8.RuneCountInString(m.Text) > bot.Longest {
		e.Text = ""
		return e, bot.RefusedTooLong
	}
	if o := labelled(v.Frame.Offers, m.Text); o != nil && len(m.Files) == 0 && r.ByName[v.Frame.Flow].Talk {
		return offered(e, o), ""
	}
	flow := r.ByName[v.Frame.Flow]
	state := flow.States[v.Frame.State]
	for _, hears := range [][]bot.Hear{flow.Before, state.Hear} {
		if ev, ok := heard(hears, v, m, e); ok {
			return ev, ""
		}
	}
	if o := r.numbered(v.Frame.Offers, m.Text); o != nil && len(m.Files) == 0 && flow.Talk {
		return offered(e, o), ""
	}
	if ev, ok := heard(flow.Hear, v, m, e); ok {
		return ev, ""
	}
	if o := named(v.Frame.Offers, m.Text); o != nil && len(m.Files) == 0 && flow.Talk {
		return offered(e, o), ""
	}
	return e, bot.RefusedNotUnderstood
}

// Received are a private message's files with the time they came.
func Received(m *bot.Message) []bot.File {
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
func (r *Ruleset) pressed(v *bot.View, m *bot.Message, e bot.Event) (bot.Event, string) {
	for i := range v.Frame.Offers {
		if o := &v.Frame.Offers[i]; o.Token == m.Press {
			return offered(e, o), ""
		}
	}
	e.Offer = m.Press
	return e, bot.RefusedLate
}

// offered is the event of a press.
func offered(e bot.Event, o *bot.Offer) bot.Event {
	e.Name, e.Offer, e.Facts = o.Event, o.Token, bot.Facts{}
	for k, val := range o.Facts {
		e.Facts[k] = val
	}
	return e
}

func heard(hears []bot.Hear, v *bot.View, m *bot.Message, e bot.Event) (bot.Event, bool) {
	for _, h := range hears {
		if ev, ok := h(v, m); ok {
			e.Name, e.Facts, e.Fields = ev.Name, ev.Facts, ev.Fields
			if ev.Text != "" {
				e.Text = ev.Text
			}
			return e, true
		}
	}
	return e, false
}

// labelled finds the offer whose label was typed, whatever its capitals and punctuation.
func labelled(offers []bot.Offer, text string) *bot.Offer {
	typed := strings.Join(wordsOf(text), " ")
	var found *bot.Offer
	for i := range offers {
		switch o := &offers[i]; {
		case o.Label == "" || typed == "":
		case strings.EqualFold(o.Label, strings.TrimSpace(text)):
			return o
		case found == nil && typed == strings.Join(wordsOf(o.Label), " "):
			found = o
		}
	}
	return found
}

// numbered finds the offer by its place in the question, as it was shown last.
func (r *Ruleset) numbered(offers []bot.Offer, text string) *bot.Offer {
	n, ok := r.placeOf(text)
	shown := shownOf(offers)
	if !ok || n < 1 || n > len(shown) || offers[shown[n-1]].Label == "" {
		return nil
	}
	return &offers[shown[n-1]]
}

// placeOf reads a typed place in a list; without words for it, plain digits alone.
func (r *Ruleset) placeOf(text string) (int, bool) {
	if r.Place != nil {
		return r.Place(text)
	}
	n, err := strconv.Atoi(strings.TrimSpace(text))
	return n, err == nil
}

// named finds the one line of a list in whose label all that was typed stands: "lamp" is "Bamboo lamp · 24.90 USD".
func named(offers []bot.Offer, text string) *bot.Offer {
	typed := wordsOf(text)
	var found *bot.Offer
	for i := range offers {
		o := &offers[i]
		if !o.Listed() || o.Label == "" || len(typed) == 0 || o.Unfolds() {
			continue
		}
		label := wordsOf(o.Label)
		missing := slices.ContainsFunc(typed, func(w string) bool { return !slices.Contains(label, w) })
		switch {
		case missing:
		case found != nil:
			return nil // which of them?
		default:
			found = o
		}
	}
	return found
}

// wordsOf are the words and numbers of a text, in lower case.
func wordsOf(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && r != '\'' && r != '’' && !unicode.IsMark(r)
	})
}
