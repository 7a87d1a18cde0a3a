package telegram

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"nevermind/adapters/telegram/telegramtest"
	"nevermind/bot"
)

// TestOwnMenu holds that a chat is shown the menu of whoever it belongs to, once, however often something is said there,
// over a 429 and a restart, and everybody's when it belongs to nobody any more.
func TestChatMenus(t *testing.T) { synctest.Test(t, chatMenuOfItsPerson) }

func chatMenuOfItsPerson(t *testing.T) {
	fake, keep := telegramtest.Within(t), &memoryValues{values: map[string][]byte{}}
	fake.Private(telegramtest.Person{ID: 11, Name: "Lumen"})
	fake.Private(telegramtest.Person{ID: 12, Name: "Ana"})
	var mu sync.Mutex
	own, told := &Menu{Commands: []Command{{"status", "What waits for me"}}}, 0
	fake.Fault = func(c telegramtest.Call) telegramtest.Fault {
		mu.Lock()
		defer mu.Unlock()
		if c.Method != "setMyCommands" || told > 0 {
			return telegramtest.Fault{}
		}
		told++
		return telegramtest.Fault{Code: 429, Words: "Too Many Requests: retry after 7", RetryAfter: 7 * time.Second}
	}
	open := func() *Adapter {
		a := newTestAdapter(t, fake, func(c *Config) {
			c.Values, c.MenuFor = keep, func(_ context.Context, account string) (*Menu, error) {
				mu.Lock()
				defer mu.Unlock()
				if account != "telegram:11" {
					return nil, nil
				}
				return own, nil
			}
		})
		runAdapter(t, a, &recordingInbox{})
		return a
	}
	calls := func() int { return len(fake.Calls("setMyCommands")) + len(fake.Calls("deleteMyCommands")) }
	talk := func(a *Adapter) {
		for _, room := range []bot.Room{"telegram:11", "telegram:12", "telegram:11"} {
			d := newDelivery("You are connected.")
			d.Reply.Room = room
			if _, err := a.Send(t.Context(), d); err != nil {
				t.Error(err)
			}
		}
		sleep(t.Context(), 20*time.Second)
	}
	shows := func(when, want string, n int) {
		t.Helper()
		if got := fake.Menu("setMyCommands", "chat:11/"); !strings.Contains(got, want) || want == "" && got != "" || calls() != n {
			t.Errorf("%s: got %q after %d calls, want %q after %d", when, got, calls(), want, n)
		}
	}
	a := open()
	talk(a)
	shows("told to wait first", "What waits for me", 2)
	talk(a)
	shows("said more", "What waits for me", 2)
	a = open()
	talk(a)
	shows("after a restart", "What waits for me", 2)
	mu.Lock()
	own = &Menu{Commands: []Command{{"status", "Qué me espera"}}}
	mu.Unlock()
	talk(a)
	shows("in another language", "Qué me espera", 3)
	mu.Lock()
	own = nil
	mu.Unlock()
	talk(a)
	talk(a)
	shows("disconnected", "", 4)
	if fake.Menu("setMyCommands", "chat:12/") != "" {
		t.Error("a chat that has everybody's menu got one of its own")
	}
}
