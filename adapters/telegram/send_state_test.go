package telegram

import (
	"errors"
	"strings"
	"testing"
	"time"

	"nevermind/adapters/telegram/telegramtest"
	"nevermind/bot"
)

// TestLongTextGoesOn holds that a text of several messages goes on where it stopped, over a restart too, and that no
// part is sent twice.
func TestLongTextGoesOn(t *testing.T) {
	fake := telegramtest.Open(t)
	chat := fake.Private(telegramtest.Person{ID: 11, Name: "Ana"})
	n := 0
	fake.Fault = func(c telegramtest.Call) telegramtest.Fault {
		if c.Method != "sendMessage" {
			return telegramtest.Fault{}
		}
		if n++; n == 2 {
			return telegramtest.Fault{Code: 429, Words: "Too Many Requests: retry after 1", RetryAfter: time.Second}
		}
		return telegramtest.Fault{}
	}
	memory := &memoryValues{}
	d := newDelivery(strings.Repeat("A sentence of some length. ", 400))
	d.Reply.Choices = []bot.Button{{Token: "tok", Label: "Go on"}}
	a := newTestAdapter(t, fake, func(c *Config) { c.Values = memory })
	if _, err := a.Send(t.Context(), d); !errors.Is(err, bot.ErrNotSent) {
		t.Fatalf("got %v, want ErrNotSent", err)
	}
	a = newTestAdapter(t, fake, func(c *Config) { c.Values = memory })
	d.Attempt = 2
	ref, err := a.Send(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	for _, m := range chat.Heard() {
		words = append(words, m.Text)
		if (len(m.Labels()) > 0) != (refOf(int64(m.ID)) == ref) {
			t.Errorf("message %d has buttons %q; the last is %s", m.ID, m.Labels(), ref)
		}
	}
	if got := strings.Count(strings.Join(words, " "), "sentence"); got != 400 || len(words) != 3 {
		t.Errorf("got %d sentences in %d messages, want 400 in 3", got, len(words))
	}
	if got := string(memory.values[sendStateName]); strings.Contains(got, "task-1") {
		t.Errorf("what is said is not forgotten: %s", got)
	}
}

// TestMovedGroup follows a group that has become a supergroup: at once, later, and over a restart.
func TestMovedGroup(t *testing.T) {
	fake, memory := telegramtest.Open(t), &memoryValues{}
	fake.Group(-55, telegramtest.Person{ID: 11, Name: "Ana"})
	moved := fake.Group(-10055, telegramtest.Person{ID: 11, Name: "Ana"})
	fake.Fault = func(c telegramtest.Call) telegramtest.Fault {
		if c.Chat != -55 {
			return telegramtest.Fault{}
		}
		return telegramtest.Fault{Code: 400, Words: "Bad Request: group chat was upgraded to a supergroup chat", MigrateTo: -10055}
	}
	a := newTestAdapter(t, fake, func(c *Config) { c.Values = memory })
	for n := range 3 {
		if n == 2 {
			a = newTestAdapter(t, fake, func(c *Config) { c.Values = memory })
		}
		d := newDelivery("Please write to me in a private chat.")
		d.Reply.Room = roomOf(-55)
		if ref, err := a.Send(t.Context(), d); err != nil || ref == "" {
			t.Fatalf("message %d: got %q, %v", n, ref, err)
		}
	}
	if got := len(moved.Heard()); got != 3 {
		t.Errorf("%d messages arrived, want 3", got)
	}
	if got := len(fake.Calls("sendMessage")); got != 4 {
		t.Errorf("%d calls, want 4: it is known after the first", got)
	}
}
