package telegram

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"nevermind/adapters/telegram/telegramtest"
	"nevermind/bot"
)

// TestFlood holds that where everybody is told to wait it is the bot that waits, over a restart too.
func TestFlood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		memory := &memoryValues{}
		flood := time.Now().Add(40 * time.Second)
		fault := func(telegramtest.Call) telegramtest.Fault {
			if left := time.Until(flood); left > 0 {
				s := int((left + time.Second - 1) / time.Second)
				return telegramtest.Fault{Code: 429, Words: fmt.Sprint("Too Many Requests: retry after ", s), RetryAfter: time.Duration(s) * time.Second}
			}
			return telegramtest.Fault{}
		}
		fake, a := pacedAdapter(t, fault)
		a.cfg.Values, a.sendState.values = memory, memory
		for i := range 40 {
			fake.Private(telegramtest.Person{ID: int64(i + 1), Name: "P"})
			_, _ = a.Send(t.Context(), bot.Delivery{ID: fmt.Sprint(i), Attempt: 1, Reply: bot.Reply{Room: roomOf(int64(i + 1)), Mode: bot.New, Text: "hi"}})
		}
		if got := len(fake.Calls("")); got != floodChats {
			t.Errorf("%d calls into a flood, want %d", got, floodChats)
		}
		synctest.Wait()
		_, again := pacedAdapter(t, fault)
		again.cfg.Values = memory
		again.loadFloodWait(t.Context())
		var later bot.Later
		if _, err := again.Send(t.Context(), newDelivery("hi")); !errors.As(err, &later) || later.After < 39*time.Second || later.After > 41*time.Second {
			t.Errorf("after a restart: got %v, want to wait some 40 seconds", err)
		}
	})
}
