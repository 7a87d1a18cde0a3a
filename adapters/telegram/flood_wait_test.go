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

// TestChatWaitsOutliveARestart holds that a chat which Telegram wants left alone is so after a restart, and no other is.
func TestChatWaitsOutliveARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		memory := &memoryValues{}
		fake, a := pacedAdapter(t, func(c telegramtest.Call) telegramtest.Fault {
			return tooManyRequests(time.Duration(c.Chat) * time.Second)
		})
		a.cfg.Values = memory
		for _, chat := range []int64{5, 40} {
			fake.Private(telegramtest.Person{ID: chat, Name: "P"})
			d := newDelivery("hi")
			d.ID, d.Reply.Room = fmt.Sprint(chat), roomOf(chat)
			_, _ = a.Send(t.Context(), d)
		}
		sleep(t.Context(), 2*saveDelay)
		_, again := pacedAdapter(t, nil)
		again.cfg.Values = memory
		again.loadChatWaits(t.Context())
		for chat, most := range map[int64]time.Duration{5: 3 * time.Second, 40: 38 * time.Second, 41: 0} {
			d := newDelivery("hi")
			d.Reply.Room = roomOf(chat)
			var later bot.Later
			if errors.As(again.Turn(t.Context(), d), &later); later.After.Round(time.Second) != most {
				t.Errorf("chat %d: to wait %v after a restart, want %v", chat, later.After, most)
			}
		}
	})
}

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
