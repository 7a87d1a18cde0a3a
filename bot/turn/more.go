package turn

import (
	"slices"

	"nevermind/bot"
)

// The most that a message has in sight: acts, and lines of a list to choose from. What does not fit is behind More. Offers
// stand in the order in which people want them, so what is behind More is what is wanted least.
const (
	mostActs  = 4
	mostLines = 10
)

// offers shows in a reply what is on offer to a party: what comes first, and More where that is not all; or, unfolded, the
// rest, and Less. A talk remembers the labels, so that typing one counts as a press, also of what is behind More.
func (t *turn) offers(r bot.Reply, p bot.Party, who *bot.Person) bot.Reply {
	first, rest := split(t.v.Frame.Offers, func(o *bot.Offer) bool { return o.Party == p })
	if len(rest) == 0 {
		r.Choices = t.draw(first, who)
		return r
	}
	more, less := t.toggle(p, bot.Unfolded, t.More), t.toggle(p, bot.Folded, t.Less)
	shown, hidden := t.draw(first, who), t.draw(rest, who)
	if t.unfolded {
		t.v.Frame.Offers[more].Label = ""
		r.Choices = append(hidden, t.draw([]int{less}, who)...)
		return r
	}
	t.v.Frame.Offers[less].Label = ""
	r.Choices, r.Behind = append(shown, t.draw([]int{more}, who)...), hidden
	return r
}

// split tells what is in sight of a party's offers from what is behind More, as indexes.
func split(offers []bot.Offer, theirs func(*bot.Offer) bool) (first, rest []int) {
	acts, lines := 0, 0
	for i := range offers {
		o := &offers[i]
		if o.Answer || o.Unfolds() || !theirs(o) {
			continue
		}
		n, most := &acts, mostActs
		if o.Listed() {
			n, most = &lines, mostLines
		}
		if *n++; *n <= most {
			first = append(first, i)
		} else {
			rest = append(rest, i)
		}
	}
	return first, rest
}

// shownOf are the indexes of what a talk's question shows, in the order in which it stands there. The one of More and Less
// that has a label is the one that is shown.
func shownOf(offers []bot.Offer) []int {
	first, rest := split(offers, func(*bot.Offer) bool { return true })
	toggle := slices.IndexFunc(offers, func(o bot.Offer) bool { return o.Unfolds() && o.Label != "" })
	switch {
	case len(rest) == 0 || toggle < 0:
		return append(first, rest...)
	case offers[toggle].Event == bot.Folded:
		return append(rest, toggle)
	}
	return append(first, toggle)
}

// toggle is the index of one of the two buttons that show other buttons. It keeps its token while the visit lasts.
func (t *turn) toggle(p bot.Party, event, label string) int {
	f := t.v.Frame
	i := slices.IndexFunc(f.Offers, func(o bot.Offer) bool { return o.Party == p && o.Event == event })
	if i < 0 {
		i = len(f.Offers)
		f.Offers = append(f.Offers[:i:i], t.newOffer(p, &bot.Choice{Event: event, Label: label}))
	}
	return i
}

// draw makes buttons of offers. One of them asks for attention, and one warns; with more, neither would.
func (t *turn) draw(offers []int, who *bot.Person) []bot.Button {
	var buttons []bot.Button
	styled := map[bot.Style]bool{bot.Plain: true}
	for _, i := range offers {
		o := &t.v.Frame.Offers[i]
		label, style := o.Label, o.Style
		if o.Words != "" {
			label = t.Say(t.v, who, o.Words)
		}
		if t.flow.Talk {
			o.Label = label
		}
		if styled[style] {
			style = bot.Plain
		}
		styled[style] = true
		buttons = append(buttons, bot.Button{Token: o.Token, Label: label, Style: style})
	}
	return buttons
}

// unfold shows, in place, what is behind More, or again what comes first. Nothing moves: the visit goes on, every button
// stays good, and no line of the journal tells of it.
func (t *turn) unfold(more bool) bot.Turn {
	s, room := t.flow.States[t.v.Frame.State], t.v.Event.Room
	t.unfolded = more
	if t.flow.Talk {
		s.NewMessage = false
		t.question(&s)
		return t.look()
	}
	if p, reader, words := t.cardIn(room, &s); words != "" {
		t.sayCard(bot.Edit, room, p, reader, t.cardText(reader, words))
	}
	return t.look()
}
