package flows_test

import (
	"errors"
	"slices"

	"nevermind/bot"
)

// conserves looks after a line: a conversation has one live card in a room at most, every button of it would be accepted
// from whoever sees it, and no order gets back more than was paid.
func (s *stage) conserves() {
	s.money()
	if !s.held { // else what follows is still to be sent
		s.cards()
	}
}

// cards checks every card that is on show.
func (s *stage) cards() {
	s.t.Helper()
	for room, bubbles := range s.bubbles {
		if s.shut(room) {
			continue // nothing there can be changed until they are back
		}
		live := map[bot.Key]bool{}
		for _, b := range bubbles {
			if b.reply.Card == "" || len(b.reply.Choices) == 0 {
				continue // a letter's answer is no card: it may come late, and is told so
			}
			if live[b.reply.Card] {
				s.t.Errorf("%s has two live cards of %s", room, b.reply.Card)
			}
			live[b.reply.Card] = true
			for _, c := range b.reply.Choices {
				if !s.offered(room, b.reply.Card, c.Token) {
					s.t.Errorf("%s shows [%s] of %s, which nobody would accept", room, c.Label, b.reply.Card)
				}
			}
		}
	}
}

// shut says whether a room is known to take nothing any more, or is gone without our knowing.
func (s *stage) shut(room bot.Room) bool {
	p, err := s.store.PersonAt(s.t.Context(), string(room))
	return s.gone[room] != nil || err == nil && slices.Contains(p.Shut, room)
}

// offerMade says whether a button is on offer in that room now.
func (s *stage) offered(room bot.Room, key bot.Key, token string) bool {
	c, err := s.store.Conversation(s.t.Context(), key)
	s.must(err)
	return slices.ContainsFunc(c.Offers, func(o bot.Offer) bool {
		return o.Token == token && slices.Contains(s.inRoom(room), o.Party)
	})
}

// inRoom is whom a room belongs to now: on the stage, a person's account and room are named alike.
func (s *stage) inRoom(room bot.Room) []bot.Party {
	if room == "stage:desk" {
		return []bot.Party{bot.Here, bot.Support}
	}
	p, err := s.store.PersonAt(s.t.Context(), string(room))
	if errors.Is(err, bot.ErrNone) {
		return []bot.Party{bot.Here, ""}
	}
	s.must(err)
	return []bot.Party{bot.Here, p.Party()}
}

// money checks every order of the play.
func (s *stage) money() {
	s.t.Helper()
	for _, id := range s.orders {
		o, err := s.engine.Order(s.t.Context(), id)
		s.must(err)
		back := bot.Money{Currency: o.Total.Currency}
		for _, p := range o.Book {
			if p.Do == "pay_refund" && p.State != "failed" && p.State != "bounced" {
				back = back.Plus(p.Amount)
			}
		}
		if o.Total.Less(back) || !o.WasPaid() && !back.IsZero() {
			s.t.Errorf("order %s: %s goes back of %s paid", id, back, o.Total)
		}
	}
}
