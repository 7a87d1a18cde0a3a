package telegram

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"nevermind/adapters/telegram/telegramtest"
	"nevermind/bot"
)

// TestCards sends a card, edits it in place, and takes its buttons away.
func TestCards(t *testing.T) {
	fake := telegramtest.Open(t)
	chat := fake.Private(telegramtest.Person{ID: 11, Name: "Ana"})
	a := newTestAdapter(t, fake, nil)
	d := newDelivery("Where it stands")
	d.Reply.Choices = []bot.Button{{Token: "tok", Label: "Withdraw"}}
	ref, err := a.Send(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	d.Ref, d.Reply.Mode, d.Reply.Text, d.Reply.Title = ref, bot.Edit, "It moved", "Order 8"
	for range 2 { // the same edit twice is one
		if again, err := a.Send(t.Context(), d); err != nil || again != ref {
			t.Fatalf("edit: got %q, %v", again, err)
		}
	}
	if m := chat.Last(); m.Text != "Order 8\nIt moved" || m.Edits != 1 || len(m.Labels()) != 1 || len(m.Entities) != 1 {
		t.Errorf("after the edit: got %+v", m)
	}
	d.Reply.Mode = bot.Strip
	if _, err := a.Send(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if m := chat.Last(); m.Text != "Order 8\nIt moved" || len(m.Labels()) != 0 {
		t.Errorf("after the strip: got %+v", m)
	}
}

// TestReplyUnderItsCard holds that a message of a record is shown as a reply to the record's card, the first page alone, and sent
// all the same where the card was deleted.
func TestReplyUnderItsCard(t *testing.T) {
	fake := telegramtest.Open(t)
	fake.Private(telegramtest.Person{ID: 11, Name: "Ana"})
	a := newTestAdapter(t, fake, func(c *Config) { c.Blobs = &memoryBlobs{} })
	d := newDelivery(strings.Repeat("A long letter. ", 400))
	d.Under, d.Reply.Files = "4711", []bot.File{{Name: "lamp.jpg", Type: "image/jpeg", Size: 9, Hash: "x"}}
	for _, d := range []bot.Delivery{d, newDelivery("A talk.")} {
		if _, err := a.Send(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for _, c := range fake.Calls("sendMessage") {
		got = append(got, string(c.Params["reply_parameters"]))
	}
	want := []string{`{"message_id":4711,"allow_sending_without_reply":true}`, "", ""}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q: the first alone below the card", got, want)
	}
}

// TestEntitiesRefused holds that a text goes out without entities where Telegram refuses them, once, and that one it refuses
// either way is refused.
func TestEntitiesRefused(t *testing.T) {
	for name, c := range map[string]struct {
		always bool
		mode   bot.Mode
		want   error
	}{
		"then taken": {false, bot.New, nil}, "never taken": {true, bot.New, bot.ErrRefused},
		"edit, then taken": {false, bot.Edit, nil}, "edit, never taken": {true, bot.Edit, bot.ErrRefused},
	} {
		fake := telegramtest.Open(t)
		chat := fake.Private(telegramtest.Person{ID: 11, Name: "Ana"})
		a := newTestAdapter(t, fake, nil)
		d := newDelivery("hello")
		d.Reply.Title = "Order 8"
		if c.mode == bot.Edit {
			ref, err := a.Send(t.Context(), d)
			if err != nil {
				t.Fatal(err)
			}
			d.Ref, d.Reply.Mode, d.Reply.Text = ref, bot.Edit, "changed"
		}
		calls := 0
		fake.Fault = func(call telegramtest.Call) telegramtest.Fault {
			if calls++; c.always || call.Params["entities"] != nil {
				return telegramtest.Fault{Code: 400, Words: "Bad Request: can't parse entities: offset is out of range"}
			}
			return telegramtest.Fault{}
		}
		if _, err := a.Send(t.Context(), d); !errors.Is(err, c.want) || calls != 2 {
			t.Errorf("%s: got %v after %d calls, want %v after 2", name, err, calls, c.want)
		}
		if m := chat.Last(); c.want == nil && (!strings.HasPrefix(m.Text, "Order 8\n") || len(m.Entities) != 0) {
			t.Errorf("%s: got %+v", name, m)
		}
	}
}
