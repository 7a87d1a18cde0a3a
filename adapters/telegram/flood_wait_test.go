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

// TestFlood holds that where every chat gets a 429 it is the bot that waits, over a restart too.
func TestFlood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		memory := &memoryValues{}
		flood := time.Now().Add(40 * time.Second)
		fault := func(telegramtest.Call) telegramtest.Fault {
			if left := time.Until(flood); left > 0 {
				s := int((left + time.Second - 1) / time.Second)
				return tooManyRequests(time.Duration(s) * time.Second)
			}
			return telegramtest.Fault{}
		}
		fake, a := pacedAdapter(t, fault)
		a.cfg.Values, a.sendState.values = memory, memory
		for i := range 40 {
			fake.Private(telegramtest.Person{ID: int64(i + 1), Name: "P"})
			d := newDelivery("hi")
			d.ID, d.Reply.Room = fmt.Sprint(i), roomOf(int64(i+1))
			_, _ = a.Send(t.Context(), d)
		}
		if got := len(fake.Calls("")); got != floodChats {
			t.Errorf("%d calls into a flood, want %d", got, floodChats)
		}
		synctest.Wait()
		_, again := pacedAdapter(t, fault)
		again.cfg.Values = memory
		again.loadFloodWait(t.Context())
		var later bot.Later
		_, err := again.Send(t.Context(), newDelivery("hi"))
		if !errors.As(err, &later) || later.After < 39*time.Second || later.After > 41*time.Second {
			t.Errorf("after a restart: got %v, want to wait some 40 seconds", err)
		}
	})
}
