package turn

import (
	"slices"
	"strings"
	"time"

	"nevermind/bot"
)

// speak says a move's words as plain messages, with the words passed on quoted below them.
func (t *turn) speak(m bot.Move) {
	for _, p := range append(bot.Parties[:3:3], bot.Here) {
		words, who := m.Says[p], t.v.People[p]
		if words == "" {
			continue
		}
		if p == bot.Here {
			t.message(t.v.Event.Room, t.host(), words, m, p)
			continue
		}
		if who == nil {
			continue
		}
		for _, room := range who.Rooms {
			t.message(room, who, words, m, p)
		}
	}
	if room := t.guest(); m.Says[bot.Guest] != "" && room != t.v.Event.Room {
		t.message(room, &bot.Person{Language: t.v.Fact("guest_language")}, m.Says[bot.Guest], m, bot.Guest)
	}
}

func (t *turn) message(room bot.Room, who *bot.Person, words string, m bot.Move, p bot.Party) {
	if room == "" {
		return
	}
	r := bot.Reply{Room: room, Mode: bot.New, Text: t.Say(t.v, who, words)}
	if m.Attach != nil {
		r.Files = m.Attach(t.v)
	}
	e := t.v.Event
	if m.Alone && p == bot.Here && e.Pressed() {
		r.Press = e.ID
	}
	own := p == bot.Here || p == e.By && e.Room == ""
	switch {
	case own && m.Follows != nil:
		r.Choices = t.follow(m.Follows(t.v), who)
	case m.Quote && !own:
		r.Quote, r.Files = bot.Quotable(e.Text), t.taken()
		if r.Quote != "" && t.readsOther(who) {
			r.Text += "\n" + t.Say(t.v, who, t.Flows.Written)
		}
		r.Choices = t.answer(m, p, who)
	case m.Quote && e.Written():
		r.Quote = bot.Quotable(e.Text) // else colleagues would never see what was sent
	}
	t.reply(r, who)
}

// readsOther says whether somebody reads another language than whoever has written, as far as is known of both.
func (t *turn) readsOther(who *bot.Person) bool {
	wrote, reads := t.v.Actor.Language, who.Language
	return t.Flows.Written != "" && wrote != "" && reads != "" && t.Speaks(wrote) != t.Speaks(reads)
}

// taken are the event's files, less those for which a record has no room any more.
func (t *turn) taken() []bot.File {
	e := t.v.Event
	return slices.DeleteFunc(slices.Clone(e.Files), func(f bot.File) bool { return !t.flow.Talk && !t.out.Conv.Brought(f, e.By) })
}

// follow offers buttons below a plain message, to whoever the event came from.
func (t *turn) follow(choices []bot.Choice, who *bot.Person) []bot.Button {
	var buttons []bot.Button
	f := t.v.Frame
	for _, c := range choices {
		if !t.here().hears(c.Event) {
			continue
		}
		o := t.newOffer(t.v.Event.By, &c)
		o.Answer = true
		f.Offers = append(f.Offers[:len(f.Offers):len(f.Offers)], o)
		buttons = append(buttons, bot.Button{Token: o.Token, Label: t.Say(t.v, who, c.Label), Style: c.Style})
	}
	return buttons
}

// answer offers the buttons by which a quoted message is answered; their tokens last as long as the visit.
func (t *turn) answer(m bot.Move, p bot.Party, who *bot.Person) []bot.Button {
	var buttons []bot.Button
	f := t.v.Frame
	for _, c := range m.Answers[p] {
		if !t.here().hears(c.Event) {
			continue
		}
		i := slices.IndexFunc(f.Offers, func(o bot.Offer) bool { return o.Answer && o.Party == p && o.Event == c.Event })
		if i < 0 {
			o := t.newOffer(p, &bot.Choice{Event: c.Event, Form: c.Form, Label: c.Label})
			o.Answer = true
			f.Offers = append(f.Offers[:len(f.Offers):len(f.Offers)], o)
			i = len(f.Offers) - 1
		}
		buttons = append(buttons, bot.Button{Token: f.Offers[i].Token, Label: t.Say(t.v, who, c.Label), Style: c.Style})
	}
	return buttons
}

// reply adds what every reply of this conversation carries.
func (t *turn) reply(r bot.Reply, who *bot.Person) {
	if r.Text = strings.TrimRight(r.Text, " \n"); r.Text == "" {
		return
	}
	r.From, r.Language, r.Quiet, r.Last = t.out.Conv.Key, who.Language, t.quiet(who), t.toStranger()
	r.Title = t.Say(t.v, who, t.flow.Title)
	t.out.Replies = append(t.out.Replies, r)
}

// toStranger says whether this is a talk with somebody who belongs to nobody known.
func (t *turn) toStranger() bool { return t.flow.Talk && t.v.Actor.ID == "" }

// quiet says whether somebody is told without a sound: in their quiet hours, unless something runs out before they are up.
func (t *turn) quiet(who *bot.Person) bool {
	until, quiet := who.QuietUntil(t.v.Now)
	soon := func(d bot.Deadline) bool { return d.At.Before(until.Add(time.Hour)) }
	return quiet && !slices.ContainsFunc(t.out.Conv.Deadlines, soon)
}
