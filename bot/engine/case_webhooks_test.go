package engine_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"nevermind/bot"
)

// listener opens a house whose shop listens to news, and returns what it was told: data by webhook id.
func listener(h *house, told map[string]string) {
	var mu sync.Mutex
	h.news = func(c *bot.Conversation, _ []bot.Entry, _ *bot.Order) string { return c.State }
	h.wrap = func(hands map[string]bot.Hand) {
		hands["send_news"] = func(_ context.Context, t bot.Task) (bot.Outcome, error) {
			mu.Lock()
			defer mu.Unlock()
			news := t.Facts["type"] + " " + t.Facts["data"] + " " + t.Made.Format(time.RFC3339Nano)
			if before, ok := told[t.ID]; ok && before != news {
				h.t.Errorf("%s was %q and is now %q: whoever keeps ids drops it as a repeat", t.ID, before, news)
			}
			told[t.ID] = news
			return bot.Outcome{}, nil
		}
	}
	h.reopen()
}

// TestNewsAfterALoss: a case that goes on from a backup, or begins again where its data was lost, has the same key and
// counts its turns as before, but what it tells is news.
func TestNewsAfterALoss(t *testing.T) {
	told := map[string]string{}
	for later, end := range []string{"Withdraw my request", "Remind the seller"} {
		h := newHouse(t)
		h.move(time.Duration(later) * time.Hour)
		listener(h, told)
		h.order("8123456789012345")
		h.ask("8123456789012345")
		h.say(h.press("end", "fake:b-1", "fake:buyer:b-1", end))
	}
	if len(told) < 4 {
		t.Errorf("told %d, want both cases' news", len(told))
	}
}
