package bot

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"
)

// parties are told in this order.
var parties = []Party{Buyer, Seller, Support}

// card tells a party of a record where it stands: news as a new card, anything else in place of the card they have.
func (t *turn) card(p Party, s *State) {
	who := t.v.People[p]
	if who == nil {
		return
	}
	words, news := s.Tell[p], true
	if words == "" {
		words, news = s.Card[p], false
	}
	for _, room := range who.Rooms {
		live := t.isLive(room)
		switch {
		case room == t.guest(): // it has a card of its own
		case words == "" && live:
			t.strip(room)
		case words != "" && news:
			t.newCard(room, who, p, words)
		case words != "" && live:
			t.reply(Reply{Room: room, Mode: Edit, Card: t.out.Conv.Key, Text: t.face(who, words), Choices: t.buttons(p, who, false)}, who)
		}
	}
}

func (t *turn) isLive(room Room) bool { return slices.Contains(t.out.Conv.Live, room) }

// newCard sends a card as a new message; the one before loses its buttons.
func (t *turn) newCard(room Room, who *Person, p Party, words string) {
	if slices.Contains(t.out.Conv.Live, room) {
		t.strip(room)
	} else {
		t.out.Conv.Live = append(t.out.Conv.Live, room)
	}
	t.reply(Reply{Room: room, Mode: New, Card: t.out.Conv.Key, Text: t.face(who, words), Choices: t.buttons(p, who, false)}, who)
}

// deal deals a party's buttons anew while the visit goes on: one still on offer keeps its token. The party's card is edited.
func (t *turn) deal(p Party) {
	who, s, f := t.v.People[p], t.flow.States[t.v.Frame.State], t.v.Frame
	if p == "" || who == nil {
		return
	}
	ofCard := func(o Offer) bool { return o.Party == p && !o.Answer }
	held := f.Offers
	f.Offers = slices.DeleteFunc(slices.Clone(held), ofCard)
	first := len(f.Offers)
	t.offer(p, s.Offer[p])
	for i := first; i < len(f.Offers); i++ {
		o := &f.Offers[i]
		if j := slices.IndexFunc(held, func(h Offer) bool { return ofCard(h) && h.Event == o.Event && h.Words == o.Words }); j >= 0 {
			o.Token, o.Used = held[j].Token, held[j].Used
		}
	}
	t.redraw(p, who)
}

// redraw edits a party's cards to show how it stands now.
func (t *turn) redraw(p Party, who *Person) {
	s := t.flow.States[t.v.Frame.State]
	words := cmp.Or(s.Tell[p], s.Card[p])
	for _, room := range who.Rooms {
		if words != "" && room != t.guest() && t.isLive(room) {
			t.reply(Reply{Room: room, Mode: Edit, Card: t.out.Conv.Key, Text: t.face(who, words), Choices: t.buttons(p, who, false)}, who)
		}
	}
}

func (t *turn) strip(room Room) {
	t.out.Replies = append(t.out.Replies, Reply{Room: room, Mode: Strip, Card: t.out.Conv.Key, From: t.out.Conv.Key})
}

// show sends the card, or a talk's question, afresh to the room something came from.
func (t *turn) show(room Room) {
	s := t.flow.States[t.v.Frame.State]
	if t.flow.Talk {
		t.askAgain(&s)
		return
	}
	p, reader := t.v.Actor.Party(), t.v.Actor
	if room != "" && room == t.guest() {
		p, reader = Here, t.host()
	}
	words := s.Tell[p]
	if words == "" {
		words = s.Card[p]
	}
	if desk := t.v.People[Support]; p == Support && desk != nil {
		reader = desk // what stands in a shared room reads alike for all
	}
	if room != "" && words != "" && t.concerns(room) {
		t.newCard(room, reader, p, words)
	}
}

// askAgain repeats a talk's question as a new message; one that has nothing on offer is asked anew.
func (t *turn) askAgain(s *State) {
	if len(t.v.Frame.Offers) == 0 {
		t.v.Frame.Visit++
		t.choices(s)
	}
	again := *s
	again.News = true
	t.question(&again)
}

// concerns says whether the record is any business of who is in the room that the event came from.
func (t *turn) concerns(room Room) bool { return t.takesPart(t.v.Actor) || room == t.guest() }

// takesPart says whether the record is any of the person's business.
func (t *turn) takesPart(who *Person) bool { return t.out.Conv.takesPart(who) }

// question says a talk's state to its person: after a press in place of the question before, else as a new message.
func (t *turn) question(s *State) {
	room := t.v.Event.Room
	words := s.Tell[t.v.Actor.Party()]
	if words == "" {
		words = s.Tell[Here]
	}
	if words == "" {
		t.hush()
		return
	}
	r := Reply{Room: room, Mode: New, Card: t.out.Conv.Key, Text: t.Say(t.v, t.v.Actor, words), Choices: t.buttons(t.v.Actor.Party(), t.v.Actor, false)}
	live := slices.Contains(t.out.Conv.Live, room)
	switch {
	case live && t.v.Event.Offer != "" && t.v.Event.Text == "" && !s.News && !t.hasAsked(): // pressed, not typed
		r.Mode = Edit
	case live:
		t.strip(room)
	default:
		t.out.Conv.Live = append(t.out.Conv.Live, room)
	}
	t.reply(r, t.v.Actor)
}

// hush takes the buttons of a talk's question away without a word.
func (t *turn) hush() {
	for _, room := range t.out.Conv.Live { // a clock's event comes from no room
		t.strip(room)
	}
}

// hasAsked says whether this turn has sent a question already: the next one is a message of its own.
func (t *turn) hasAsked() bool {
	return slices.ContainsFunc(t.out.Replies, func(r Reply) bool { return r.Card == t.out.Conv.Key && r.Mode != Strip })
}

// speak says a move's words as plain messages, with the words passed on quoted below them.
func (t *turn) speak(m Move) {
	for _, p := range append(parties[:3:3], Here) {
		words, who := m.Says[p], t.v.People[p]
		if words == "" {
			continue
		}
		if p == Here {
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
}

func (t *turn) message(room Room, who *Person, words string, m Move, p Party) {
	if room == "" {
		return
	}
	r := Reply{Room: room, Mode: New, Text: t.Say(t.v, who, words)}
	if m.Attach != nil {
		r.Files = m.Attach(t.v)
	}
	e := t.v.Event
	if m.Alone && p == Here && e.pressed() {
		r.Press = e.ID
	}
	own := p == Here || p == e.By && e.Room == ""
	switch {
	case own && m.Follows != nil:
		r.Choices = t.follow(m.Follows(t.v), who)
	case m.Quote && !own:
		r.Quote, r.Files = quotable(e.Text), t.taken()
		r.Choices = t.answer(m, p, who)
	case m.Quote && e.written():
		r.Quote = quotable(e.Text) // else colleagues would never see what was sent
	}
	t.reply(r, who)
}

// taken are the event's files, less those for which a record has no room any more.
func (t *turn) taken() []File {
	e := t.v.Event
	return slices.DeleteFunc(slices.Clone(e.Files), func(f File) bool { return !t.flow.Talk && !t.out.Conv.brought(f, e.By) })
}

// follow offers buttons below a plain message, to whoever the event came from.
func (t *turn) follow(choices []Choice, who *Person) []Button {
	var buttons []Button
	f := t.v.Frame
	for _, c := range choices {
		o := Offer{Token: t.id(), Party: t.v.Event.By, Event: c.Event, Facts: c.Facts, Form: c.Form != nil, Once: c.Once, Answer: true, Words: c.Label}
		f.Offers = append(f.Offers[:len(f.Offers):len(f.Offers)], o)
		buttons = append(buttons, Button{o.Token, t.Say(t.v, who, c.Label), c.Style})
	}
	return buttons
}

// answer offers the buttons by which a quoted message is answered; their tokens last as long as the visit.
func (t *turn) answer(m Move, p Party, who *Person) []Button {
	var buttons []Button
	f := t.v.Frame
	for _, c := range m.Answers[p] {
		i := slices.IndexFunc(f.Offers, func(o Offer) bool { return o.Answer && o.Party == p && o.Event == c.Event })
		if i < 0 {
			f.Offers = append(f.Offers[:len(f.Offers):len(f.Offers)], Offer{Token: t.id(), Party: p, Event: c.Event, Form: c.Form != nil, Answer: true, Words: c.Label})
			i = len(f.Offers) - 1
		}
		buttons = append(buttons, Button{f.Offers[i].Token, t.Say(t.v, who, c.Label), c.Style})
	}
	return buttons
}

// reply adds what every reply of this conversation carries.
func (t *turn) reply(r Reply, who *Person) {
	if r.Text = strings.TrimRight(r.Text, " \n"); r.Text == "" {
		return
	}
	r.From, r.Language, r.Quiet = t.out.Conv.Key, who.Language, t.quiet(who)
	r.Title = t.Say(t.v, who, t.flow.Title)
	t.out.Replies = append(t.out.Replies, r)
}

// quiet says whether somebody is told without a sound: in their quiet hours, unless something runs out before they are up.
func (t *turn) quiet(who *Person) bool {
	until, quiet := who.QuietUntil(t.v.Now)
	return quiet && !slices.ContainsFunc(t.out.Conv.Deadlines, func(d Deadline) bool { return d.At.Before(until.Add(time.Hour)) })
}

// buttons shows what is on offer to a party; a talk remembers the labels, so that typing one counts as a press.
func (t *turn) buttons(p Party, who *Person, answers bool) []Button {
	var buttons []Button
	offers := t.v.Frame.Offers
	for i := range offers {
		o := &offers[i]
		if o.Party != p || o.Answer != answers {
			continue
		}
		label := o.Label
		if o.Words != "" {
			label = t.Say(t.v, who, o.Words)
		}
		if t.flow.Talk {
			o.Label = label
		}
		buttons = append(buttons, Button{o.Token, label, o.Style})
	}
	return buttons
}

// refuse is the turn that moves nothing: a kind word to whoever tried, where it stands, and a line in the journal.
func (t *turn) refuse(note string) Turn {
	v, room := t.v, t.v.Event.Room
	t.rest()
	switch note {
	case NoteUnheard:
		t.lateMoney()
	case NoteKept:
		t.take(Move{}) // a colleague's files are kept with their note
	}
	words := t.Notes[note]
	if words == "" || room == "" {
		return t.finish(note)
	}
	ours := t.flow.Talk || t.concerns(room)
	r := Reply{Room: room, Mode: New, From: t.out.Conv.Key, Text: t.Say(v, v.Actor, words), Language: v.Actor.Language}
	if v.Event.pressed() {
		r.Mode, r.Press = Aside, v.Event.ID
	} else if ours {
		r.Title = t.Say(v, v.Actor, t.flow.Title)
	}
	if v.Event.Offer != "" && !v.Event.pressed() {
		r.Quote = quotable(v.Event.Text) // what was written in a form is not lost
	}
	t.out.Replies = append(t.out.Replies, r)
	if ours && note != NoteUsed && !slices.Contains(v.Frame.Shown, room) {
		if v.Event.Offer != "" {
			v.Frame.Shown = append(v.Frame.Shown[:len(v.Frame.Shown):len(v.Frame.Shown)], room)
		}
		t.show(room)
	}
	return t.finish(note)
}

// lateMoney tells support that the shop has moved money, or says so, when nobody waited for it any more.
func (t *turn) lateMoney() {
	e, desk := t.v.Event, t.v.People[Support]
	words := t.Notes[e.Name]
	if words == "" && t.aboutMoney(e.Name) {
		words = t.Notes[NoteLateMoney]
	}
	if e.By != Shop || desk == nil || words == "" {
		return
	}
	for _, room := range desk.Rooms {
		t.reply(Reply{Room: room, Mode: New, Text: t.Say(t.v, desk, words)}, desk)
	}
}

// aboutMoney says whether an event is how a task that moves money may end.
func (b *book) aboutMoney(event string) bool {
	for _, w := range b.Works {
		if w.Class == MoneyClass && slices.Contains(w.Outcomes, event) {
			return true
		}
	}
	return false
}

// quotable keeps a person's words as they are, less what could disturb the words around them.
func quotable(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r != '\n' && (unicode.IsControl(r) || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069') {
			return -1
		}
		return r
	}, s))
}
