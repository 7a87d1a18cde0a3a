package telegram

import (
	"sync"

	"nevermind/bot"
)

// duplicateCards finds the duplicates of cards. The Bot API has no idempotency key: where an attempt to send ends unclear, the
// next may send the message a second time. Both copies carry the same button tokens, so a press on the copy that is not the
// card gives it away, and intake takes its buttons off.
//
// It lives in memory alone: after a restart a duplicate keeps its buttons, and presses on them count like the card's. It is
// safe for concurrent use.
type duplicateCards struct {
	mu      sync.Mutex
	unclear map[string]bool  // deliveries of which a copy may have arrived
	cards   map[string]int64 // the message that is the card, by button token
	order   []string         // the tokens of cards, oldest first
}

// maxDuplicateTokens bounds the memory of cards.
const maxDuplicateTokens = 1000

// newDuplicateCards makes it empty: after a start no duplicate is known.
func newDuplicateCards() *duplicateCards {
	return &duplicateCards{unclear: map[string]bool{}, cards: map[string]int64{}}
}

// attempted is called when an attempt has ended: the delivery is over, or a copy may have arrived, or neither.
func (dc *duplicateCards) attempted(delivery string, over, unclear bool) {
	dc.mu.Lock()
	defer dc.mu.Unlock()
	switch {
	case over:
		delete(dc.unclear, delivery)
	case unclear:
		dc.unclear[delivery] = true
	}
}

// isUnclear says whether an attempt of the delivery has ended unclear since the start.
func (dc *duplicateCards) isUnclear(delivery string) bool {
	dc.mu.Lock()
	defer dc.mu.Unlock()
	return dc.unclear[delivery]
}

// remember says which message is the card with these buttons, of which there may be a duplicate.
func (dc *duplicateCards) remember(buttons []bot.Button, message int64) {
	dc.mu.Lock()
	defer dc.mu.Unlock()
	for _, b := range buttons {
		dc.cards[b.Token] = message
		dc.order = append(dc.order, b.Token)
	}
	for len(dc.order) > maxDuplicateTokens {
		delete(dc.cards, dc.order[0])
		dc.order = dc.order[1:]
	}
}

// isDuplicate says whether a button was pressed on a message that is a duplicate of the button's card.
func (dc *duplicateCards) isDuplicate(token string, message int64) bool {
	dc.mu.Lock()
	defer dc.mu.Unlock()
	card, ok := dc.cards[token]
	return ok && card != message
}
