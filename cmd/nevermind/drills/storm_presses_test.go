package drills

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"nevermind/adapters/telegram/telegramtest"
	"nevermind/bot"
)

// TestThousandPresses presses one button a thousand times from ten chats at once, in made-up time through the whole house:
// one transition, and the others get a polite word.
func TestThousandPresses(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sc := newScene(t, "webhook", "", nil)
		h, order := sc.house, "8123456789012345"
		h.Order(order, "b-1", "s-1", "Bamboo lamp")
		ana := h.Join(1011, "buyer", "b-1", "Ana")
		var sellers []*telegramtest.Chat
		for i := range 10 {
			sellers = append(sellers, h.Join(int64(1100+i), "seller", "s-1", "Lumen House"))
		}
		h.Ask(ana, order)
		var cards []telegramtest.Message
		for _, chat := range sellers { // the first press changes every card
			cards = append(cards, h.Await(chat, "would like to cancel"))
		}
		var queries []string
		var mu sync.Mutex
		var all sync.WaitGroup
		for i, chat := range sellers {
			all.Go(func() {
				for range 100 {
					q := chat.PressData(cards[i].ID, cards[i].Keyboard[0][0].Data)
					mu.Lock()
					queries = append(queries, q)
					mu.Unlock()
				}
			})
		}
		all.Wait()
		sc.settle()
		answered, polite := 0, 0
		for _, q := range queries {
			if a := sc.fake.AnswerTo(q); a.Times == 1 {
				answered++
				if a.Text != "" {
					polite++
				}
			}
		}
		if answered != 1000 || polite < 500 { // no word goes with the press behind which something else was said in the chat
			t.Errorf("got %d answered, %d of them with a word; want 1000, and most", answered, polite)
		}
		if got := strings.Count(ana.Texts(), "Lumen House agreed. I've asked the shop"); got != 1 {
			t.Errorf("the buyer hears of %d agreements, want 1:\n%s", got, ana.Texts())
		}
		sc.accepted(order, 1)
	})
}

// accepted fails unless a seller has agreed so often to the first case of an order.
func (sc *scene) accepted(order string, want int) {
	sc.t.Helper()
	entries, err := sc.store.Journal(sc.t.Context(), bot.Key(fmt.Sprintf("case/%s/0", order)), 0, 10_000)
	sc.must(err)
	got := 0
	for _, e := range entries {
		if e.Event.Name == "seller_accepted" && e.Refused == "" {
			got++
		}
	}
	if got != want {
		sc.t.Errorf("%d transitions, want %d", got, want)
	}
}
