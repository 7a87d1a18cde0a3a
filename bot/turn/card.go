package turn

import (
	"cmp"
	"slices"

	"nevermind/bot"
)

// guest is the room of somebody who takes part in a record without being anybody yet; empty where there is none. What
// is theirs stands under Here.
func (t *turn) guest() bot.Room { return bot.Room(t.v.Fact("guest")) }

// guestReader is the guest as a reader: in the language that their platform named, else in that of whoever they may turn out to
// be.
func (t *turn) guestReader() *bot.Person {
	if language := t.v.Fact("guest_language"); language != "" {
		return &bot.Person{Language: language}
	}
	return t.host()
}

// guestCard tells the guest of a record where it stands, as card does the parties.
func (t *turn) guestCard(s *bot.State) {
	room := t.guest()
	if room == "" {
		return
	}
	t.offer(bot.Here, s.Offer[bot.Here])
	live := t.isLive(room)
	switch words := s.Tell[bot.Here]; {
	case words != "":
		t.newCard(room, t.guestReader(), bot.Here, words)
	case live && s.Card[bot.Here] != "":
		t.sayCard(bot.Edit, room, bot.Here, t.guestReader(), t.Say(t.v, t.guestReader(), s.Card[bot.Here]))
	case live:
		t.strip(room)
	}
}

// host is whose language what stands under Here is said in: a stranger's is not known, so the one they may turn out to be.
func (t *turn) host() *bot.Person {
	if t.flow.Talk || t.v.Actor.ID != "" {
		return t.v.Actor
	}
	for _, p := range bot.Parties[:2] {
		if who := t.v.People[p]; who != nil {
			return who
		}
	}
	if language := t.v.Fact("guest_language"); language != "" {
		return &bot.Person{Language: language}
	}
	return t.v.Actor
}

// card tells a party of a record where it stands: news as a new card, anything else in place of the card they have.
func (t *turn) card(p bot.Party, s *bot.State) {
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
			t.sayCard(bot.Edit, room, p, who, t.cardText(who, words))
		}
	}
}

// isLive says whether the conversation has a card with buttons in a room.
func (t *turn) isLive(room bot.Room) bool { return slices.Contains(t.out.Conv.Live, room) }

// newCard sends a card as a new message; the one before loses its buttons.
func (t *turn) newCard(room bot.Room, who *bot.Person, p bot.Party, words string) {
	if t.isLive(room) {
		t.strip(room)
	} else {
		t.out.Conv.Live = append(t.out.Conv.Live, room)
	}
	t.sayCard(bot.New, room, p, who, t.cardText(who, words))
}

// sayCard says the conversation's card in a room, with the buttons that the party has now.
func (t *turn) sayCard(mode bot.Mode, room bot.Room, p bot.Party, who *bot.Person, text string) {
	t.reply(t.offers(bot.Reply{Room: room, Mode: mode, Card: t.out.Conv.Key, Text: text}, p, who), who)
}

// deal deals a party's buttons anew while the visit goes on: one still on offer keeps its token. The party's card is edited.
func (t *turn) deal(p bot.Party) {
	who, s, f := t.v.People[p], t.flow.States[t.v.Frame.State], t.v.Frame
	if p == "" || who == nil {
		return
	}
	ofCard := func(o bot.Offer) bool { return o.Party == p && !o.Answer && !o.Unfolds() }
	held := f.Offers
	f.Offers = slices.DeleteFunc(slices.Clone(held), ofCard)
	first := len(f.Offers)
	t.offer(p, s.Offer[p])
	for i := first; i < len(f.Offers); i++ {
		o := &f.Offers[i]
		same := func(h bot.Offer) bool { return ofCard(h) && h.Event == o.Event && h.Words == o.Words }
		if j := slices.IndexFunc(held, same); j >= 0 {
			o.Token, o.Used = held[j].Token, held[j].Used
		}
	}
	t.redraw(p, who)
}

// renew sends every party's card anew while the visit goes on: its offers get tokens of their own, so that a press on what
// was offered before is late.
func (t *turn) renew() {
	s, f := t.flow.States[t.v.Frame.State], t.v.Frame
	f.Offers = slices.DeleteFunc(slices.Clone(f.Offers), func(o bot.Offer) bool { return !o.Answer })
	f.Shown, t.renewed = nil, true
	for _, p := range bot.Parties {
		t.offer(p, s.Offer[p])
		t.card(p, &s)
	}
	t.guestCard(&s)
}

// redraw edits a party's cards to show how it stands now.
func (t *turn) redraw(p bot.Party, who *bot.Person) {
	s := t.flow.States[t.v.Frame.State]
	words := cmp.Or(s.Tell[p], s.Card[p])
	for _, room := range who.Rooms {
		if words != "" && room != t.guest() && t.isLive(room) {
			t.sayCard(bot.Edit, room, p, who, t.cardText(who, words))
		}
	}
}

// strip takes the buttons off the card in a room; stripping is idempotent.
func (t *turn) strip(room bot.Room) {
	t.out.Replies = append(t.out.Replies, bot.Reply{Room: room, Mode: bot.Strip, Card: t.out.Conv.Key, From: t.out.Conv.Key,
		Last: t.toStranger()})
}

// show sends the card, or a talk's question, afresh to the room something came from.
func (t *turn) show(room bot.Room) {
	s := t.flow.States[t.v.Frame.State]
	if t.flow.Talk {
		t.askAgain(&s)
		return
	}
	if p, reader, words := t.cardIn(room, &s); words != "" {
		t.newCard(room, reader, p, words)
	}
}

// cardIn is whose card of a record stands in the room something came from, who reads it, and its words; they are empty where
// the room may show none.
func (t *turn) cardIn(room bot.Room, s *bot.State) (p bot.Party, reader *bot.Person, words string) {
	p, reader = t.v.Actor.Party(), t.v.Actor
	if room != "" && room == t.guest() {
		p, reader = bot.Here, t.host()
	}
	if desk := t.v.People[bot.Support]; p == bot.Support && desk != nil {
		reader = desk // what stands in a shared room reads alike for all
	}
	if room == "" || !t.concerns(room) || p != bot.Here && t.ofAnother(room, p) {
		return p, reader, ""
	}
	return p, reader, cmp.Or(s.Tell[p], s.Card[p])
}

// ofAnother says whether a room is another party's and not the actor's own: a card stays with those it was made for,
// whoever presses there.
func (t *turn) ofAnother(room bot.Room, p bot.Party) bool {
	if slices.Contains(t.v.Actor.Rooms, room) {
		return false
	}
	for party, who := range t.v.People {
		if party != p && who != nil && slices.Contains(who.Rooms, room) {
			return true
		}
	}
	return false
}

// concerns says whether the record is any business of who is in the room that the event came from.
func (t *turn) concerns(room bot.Room) bool { return t.takesPart(t.v.Actor) || room == t.guest() }

// takesPart says whether the record is any of the person's business.
func (t *turn) takesPart(who *bot.Person) bool { return t.out.Conv.TakesPart(who) }
