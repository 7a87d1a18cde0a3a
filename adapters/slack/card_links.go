package slack

import (
	"context"
	"maps"
	"strings"

	"nevermind/bot"
)

// cardLinks makes links to the cards of one channel.
type cardLinks struct {
	workspace string // its address, with a slash at the end
	channel   string
	refs      map[bot.Key]bot.Ref
}

// url is where a case's card stands; empty where that is not known.
func (l *cardLinks) url(card bot.Key) string {
	ref := l.refs[card]
	if l.workspace == "" || ref == "" {
		return ""
	}
	return l.workspace + "archives/" + l.channel + "/p" + strings.ReplaceAll(string(ref), ".", "")
}

// cardLinksIn makes the links of a channel. The first time it reads from the store where the cards stand; after that
// recordCard notes each as it is sent.
func (a *Adapter) cardLinksIn(ctx context.Context, s *session, channel string) (cardLinks, error) {
	a.mu.Lock()
	_, read := a.cardRefs[channel]
	a.mu.Unlock()
	if !read {
		old, err := readCardRefs(ctx, s.records, room(channel))
		if err != nil {
			return cardLinks{}, err
		}
		a.mu.Lock()
		a.cardRefs[channel] = old
		a.mu.Unlock()
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return cardLinks{workspace: s.self.url, channel: channel, refs: maps.Clone(a.cardRefs[channel])}, nil
}

// How far back the history of a room is searched for cards.
const (
	historyPage     = 500 // entries read at once
	maxHistoryPages = 10
)

// readCardRefs returns the newest card of each case in a room, from the history of what was said there.
func readCardRefs(ctx context.Context, records Records, r bot.Room) (map[bot.Key]bot.Ref, error) {
	refs := map[bot.Key]bot.Ref{}
	for before, page := ^uint64(0), 0; page < maxHistoryPages; page++ {
		said, err := records.Said(ctx, r, 0, before, historyPage)
		if err != nil {
			return nil, err
		}
		// Newest first, so the first card found of a case is its present one.
		for i := len(said) - 1; i >= 0; i-- {
			if s := &said[i]; s.Out != nil && s.Out.Card != "" && s.Ref != "" && refs[s.Out.Card] == "" {
				refs[s.Out.Card] = s.Ref
			}
		}
		if len(said) < historyPage {
			break
		}
		before = said[0].Seq
	}
	return refs, nil
}

// recordCard notes where a case's card stands now, in a channel that was read before.
func (a *Adapter) recordCard(channel string, card bot.Key, ref bot.Ref) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if refs := a.cardRefs[channel]; refs != nil && card != "" && ref != "" {
		refs[card] = ref
	}
}
