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

// menuOfLumen is what Config.MenuFor answers: a menu for telegram:11, everybody's for all others.
type menuOfLumen struct {
	mu   sync.Mutex
	menu *Menu
}

func (m *menuOfLumen) set(menu *Menu) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.menu = menu
}

func (m *menuOfLumen) of(_ context.Context, account string) (*Menu, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if account != "telegram:11" {
		return nil, nil
	}
	return m.menu, nil
}

// TestChatMenus holds that a chat is shown the menu of whoever it belongs to, once, however often something is said there,
// over a 429 and a restart, and everybody's when it belongs to nobody any more.
func TestChatMenus(t *testing.T) { synctest.Test(t, chatMenuOfItsPerson) }

func chatMenuOfItsPerson(t *testing.T) {
	fake, values := telegramtest.Within(t), &memoryValues{values: map[string][]byte{}}
	fake.Private(telegramtest.Person{ID: 11, Name: "Lumen"})
	fake.Private(telegramtest.Person{ID: 12, Name: "Ana"})
	var refuse sync.Once
	fake.Fault = func(c telegramtest.Call) (f telegramtest.Fault) {
		if c.Method == "setMyCommands" {
			refuse.Do(func() { f = tooManyRequests(7 * time.Second) })
		}
		return f
	}
	own := &menuOfLumen{menu: &Menu{Commands: []Command{{"status", "What waits for me"}}}}
	open := func() *Adapter {
		a := newTestAdapter(t, fake, func(c *Config) { c.Values, c.MenuFor = values, own.of })
		runAdapter(t, a, &recordingInbox{})
		return a
	}
	shows := func(when, want string, calls int) {
		t.Helper()
		got, n := fake.Menu("setMyCommands", "chat:11/"), len(fake.Calls("setMyCommands"))+len(fake.Calls("deleteMyCommands"))
		if !strings.Contains(got, want) || want == "" && got != "" || n != calls {
			t.Errorf("%s: got %q after %d calls, want %q after %d", when, got, n, want, calls)
		}
	}
	a := open()
	sendToBoth(t, a)
	shows("after a 429", "What waits for me", 2)
	sendToBoth(t, a)
	shows("said more", "What waits for me", 2)
	a = open()
	sendToBoth(t, a)
	shows("after a restart", "What waits for me", 2)
	own.set(&Menu{Commands: []Command{{"status", "Qué me espera"}}})
	sendToBoth(t, a)
	shows("in another language", "Qué me espera", 3)
	own.set(nil)
	sendToBoth(t, a)
	sendToBoth(t, a)
	shows("disconnected", "", 4)
	if fake.Menu("setMyCommands", "chat:12/") != "" {
		t.Error("a chat that has everybody's menu got one of its own")
	}
}

// sendToBoth sends messages to two chats, and lets the time pass in which their menus are set.
func sendToBoth(t *testing.T, a *Adapter) {
	t.Helper()
	for _, room := range []bot.Room{"telegram:11", "telegram:12", "telegram:11"} {
		d := newDelivery("You are connected.")
		d.Reply.Room = room
		if _, err := a.Send(t.Context(), d); err != nil {
			t.Error(err)
		}
	}
	sleep(t.Context(), 20*time.Second)
}
