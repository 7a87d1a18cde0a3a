package telegram

import (
	"errors"
	"sync/atomic"
	"testing"

	"nevermind/adapters/telegram/telegramtest"
	"nevermind/bot"
)

// TestNoButtonsNoCall holds that no call is made to take buttons off a message that has none, and that the call is made
// wherever the message may have some.
func TestNoButtonsNoCall(t *testing.T) {
	fake := telegramtest.Open(t)
	chat := fake.Private(telegramtest.Person{ID: 11, Name: "Ana"})
	buttons := []bot.Button{{Token: "tok", Label: "Withdraw"}}
	var cut atomic.Bool
	fake.Fault = func(telegramtest.Call) telegramtest.Fault { return telegramtest.Fault{CutAfter: cut.Load()} }
	stripped := func() int { return len(fake.Calls("editMessageReplyMarkup")) }
	for name, c := range map[string]struct {
		sent, edited []bot.Button
		edit         bool
		cut          bool // the edit ends unclear
		restarted    bool
		calls        int
	}{
		"sent without":               {calls: 0},
		"sent with":                  {sent: buttons, calls: 1},
		"lost in an edit":            {sent: buttons, edit: true, calls: 0},
		"got in an edit":             {edit: true, edited: buttons, calls: 1},
		"perhaps lost in an edit":    {sent: buttons, edit: true, cut: true, calls: 1},
		"perhaps got in an edit":     {edit: true, edited: buttons, cut: true, calls: 1},
		"not known after a restart":  {restarted: true, calls: 1},
		"known for this message":     {sent: buttons, edit: true, edited: buttons, calls: 1},
		"long text without a button": {edit: true, calls: 0},
	} {
		a := newTestAdapter(t, fake, nil)
		d := newDelivery(name)
		d.Reply.Choices = c.sent
		ref, err := a.Send(t.Context(), d)
		if err != nil {
			t.Fatal(name, err)
		}
		d.Ref = ref
		if c.edit {
			cut.Store(c.cut)
			d.Reply.Mode, d.Reply.Choices, d.Reply.Text = bot.Edit, c.edited, name+", changed"
			if _, err := a.Send(t.Context(), d); c.cut != (err != nil) {
				t.Fatal(name, err)
			}
			cut.Store(false)
		}
		if c.restarted {
			a = newTestAdapter(t, fake, nil)
		}
		before := stripped()
		d.Reply.Mode = bot.Strip
		for range 2 { // at most one call for both: after the first it has none
			if got, err := a.Send(t.Context(), d); err != nil || got != ref {
				t.Errorf("%s: got %q, %v", name, got, err)
			}
		}
		if made := stripped() - before; made != c.calls || len(chat.Last().Labels()) != 0 {
			t.Errorf("%s: %d calls, want %d; its buttons are %q", name, made, c.calls, chat.Last().Labels())
		}
	}
}

// TestNoButtonsNoTurn holds that what makes no call does not wait for its turn either.
func TestNoButtonsNoTurn(t *testing.T) {
	fake := telegramtest.Open(t)
	fake.Private(telegramtest.Person{ID: 11, Name: "Ana"})
	a := newTestAdapter(t, fake, func(c *Config) { c.InChat = 0.001 })
	d := newDelivery("hello")
	ref, err := a.Send(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	var later bot.Later
	if err := a.Turn(t.Context(), d); !errors.As(err, &later) {
		t.Errorf("got %v, want a bot.Later: the chat has had its share", err)
	}
	d.Reply.Mode, d.Ref = bot.Strip, ref
	if err := a.Turn(t.Context(), d); err != nil {
		t.Errorf("it waits for its turn: %v", err)
	}
}
