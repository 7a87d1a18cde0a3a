package slack

import (
	"context"
	"strings"

	"nevermind/bot"
)

// sights knows where the cards of one room stand, and how a person gets there.
type sights struct {
	base    string // the workspace's address
	channel string
	cards   map[bot.Key]bot.Ref
	say     tongue // in the language of whoever looks
}

// address is where a card stands; empty where that is not known.
func (s *sights) address(card bot.Key) string {
	ref := s.cards[card]
	if s.base == "" || ref == "" {
		return ""
	}
	return s.base + "archives/" + s.channel + "/p" + strings.ReplaceAll(string(ref), ".", "")
}

// How far back cards are looked for, once for each room: newer ones are noted as they are sent.
const (
	saidPage  = 500
	saidPages = 10
)

// sightsOf finds where the cards of a channel stand.
func (a *Adapter) sightsOf(ctx context.Context, house House, us self, who *bot.Person, channel string) (*sights, error) {
	a.mu.Lock()
	_, read := a.stand[channel]
	a.mu.Unlock()
	if !read {
		old, err := cardsSaid(ctx, house.Store(), room(channel))
		if err != nil {
			return nil, err
		}
		a.mu.Lock()
		a.stand[channel] = old
		a.mu.Unlock()
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	s := sights{base: us.url, channel: channel, cards: map[bot.Key]bot.Ref{}, say: a.tongue(who.Language)}
	for card, ref := range a.stand[channel] {
		s.cards[card] = ref
	}
	return &s, nil
}

// cardsSaid reads from what was said in a room where the newest card of each conversation stands.
func cardsSaid(ctx context.Context, store bot.Store, r bot.Room) (map[bot.Key]bot.Ref, error) {
	cards := map[bot.Key]bot.Ref{}
	for before, page := ^uint64(0), 0; page < saidPages; page++ {
		said, err := store.Said(ctx, r, 0, before, saidPage)
		if err != nil {
			return nil, err
		}
		for i := len(said) - 1; i >= 0; i-- {
			if s := &said[i]; s.Out != nil && s.Out.Card != "" && s.Ref != "" && cards[s.Out.Card] == "" {
				cards[s.Out.Card] = s.Ref
			}
		}
		if len(said) < saidPage {
			break
		}
		before = said[0].Seq
	}
	return cards, nil
}

// stands notes where a card stands now.
func (a *Adapter) stands(channel string, card bot.Key, ref bot.Ref) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if cards := a.stand[channel]; cards != nil && card != "" && ref != "" {
		cards[card] = ref
	}
}
