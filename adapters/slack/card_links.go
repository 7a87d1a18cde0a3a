package slack

import (
	"context"
	"strings"

	"nevermind/bot"
)

// sights knows where the cards of one room stand, and how a person gets there.
type boardView struct {
	base    string // the workspace's address
	channel string
	cards   map[bot.Key]bot.Ref
	say     translator // in the language of whoever looks
}

// address is where a card stands; empty where that is not known.
func (s *boardView) url(card bot.Key) string {
	ref := s.cards[card]
	if s.base == "" || ref == "" {
		return ""
	}
	return s.base + "archives/" + s.channel + "/p" + strings.ReplaceAll(string(ref), ".", "")
}

// How far back cards are looked for, once for each room: newer ones are noted as they are sent.
const (
	historyPage     = 500
	maxHistoryPages = 10
)

// sightsOf finds where the cards of a channel stand.
func (a *Adapter) boardViewFor(ctx context.Context, house Engine, us identity, who *bot.Person, channel string) (*boardView, error) {
	a.mu.Lock()
	_, read := a.cardRefs[channel]
	a.mu.Unlock()
	if !read {
		old, err := readCardRefs(ctx, house.Store(), room(channel))
		if err != nil {
			return nil, err
		}
		a.mu.Lock()
		a.cardRefs[channel] = old
		a.mu.Unlock()
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	s := boardView{base: us.url, channel: channel, cards: map[bot.Key]bot.Ref{}, say: a.translatorIn(who.Language)}
	for card, ref := range a.cardRefs[channel] {
		s.cards[card] = ref
	}
	return &s, nil
}

// cardsSaid reads from what was said in a room where the newest card of each conversation stands.
func readCardRefs(ctx context.Context, store bot.Store, r bot.Room) (map[bot.Key]bot.Ref, error) {
	cards := map[bot.Key]bot.Ref{}
	for before, page := ^uint64(0), 0; page < maxHistoryPages; page++ {
		said, err := store.Said(ctx, r, 0, before, historyPage)
		if err != nil {
			return nil, err
		}
		for i := len(said) - 1; i >= 0; i-- {
			if s := &said[i]; s.Out != nil && s.Out.Card != "" && s.Ref != "" && cards[s.Out.Card] == "" {
				cards[s.Out.Card] = s.Ref
			}
		}
		if len(said) < historyPage {
			break
		}
		before = said[0].Seq
	}
	return cards, nil
}

// stands notes where a card stands now.
func (a *Adapter) recordCard(channel string, card bot.Key, ref bot.Ref) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if cards := a.cardRefs[channel]; cards != nil && card != "" && ref != "" {
		cards[card] = ref
	}
}
