package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"nevermind/adapters/telegram/telegramtest"
)

// invite makes a one-time link and returns its token.
func invite(h *telegramtest.House, role, id, name string) string {
	h.T.Helper()
	var link struct{ Token string }
	h.Call("POST", "/v1/links", `{"role":"`+role+`","id":"`+id+`","name":"`+name+`"}`, &link)
	return link.Token
}

// TestTelegramLinkAttacked: a link counts in the private chat that opens it itself, first, after a yes; whatever else is tried
// with it connects nobody, and its token is nowhere kept or logged.
func TestTelegramLinkAttacked(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	h, s := serveTelegram(t, telegramtest.Open(t), data, pollMode)
	h.Order("8123456789012345", "b-1", "s-1", "Bamboo lamp")
	ana, eve := h.Fake.Private(telegramtest.Person{ID: 11, Name: "Ana"}), h.Fake.Private(telegramtest.Person{ID: 13, Name: "Eve"})
	group := h.Fake.Group(-100500, telegramtest.Person{ID: 13, Name: "Eve"})
	token := invite(h, "buyer", "b-1", "Ana")
	open := "/start " + token
	eve.Send(map[string]any{"text": open, "forward_origin": map[string]any{"type": "hidden_user", "date": 1,
		"sender_user_name": "Ana"}})
	h.Await(eve, "That's a forwarded message")
	eve.Type("https://t.me/" + h.Fake.Username + "?start=" + token)
	group.Type("/start@" + h.Fake.Username + " " + token)
	h.Await(group, "in a private chat")
	h.Fake.Push(`{"update_id":UPDATE_ID,"message":{"message_id":"x","text":"` + open + `"}}`)
	ana.Type(open)
	asked := h.Await(ana, "Is that you?")
	eve.Type(open)
	h.Await(eve, "That link doesn't work here")
	eve.PressData(asked.ID, asked.Keyboard[0][0].Data) // a button of another's chat
	h.Press(ana, "Yes, that's me")
	h.Await(ana, "You're connected")
	eve.Type(open)
	eve.Type("/orders")
	h.Await(eve, "can't show or change any")

	theirs := invite(h, "seller", "s-1", "Lumen House") // sent to somebody else, as their own
	ana.Type("/start " + theirs)
	h.Await(ana, "This chat belongs to the account of Ana now. If you say yes, it leaves that one.")
	h.Press(ana, "Not me")
	h.Await(ana, "nothing was connected")
	eve.Type("/start " + theirs)
	ana.Type("/orders")
	h.Await(ana, "Which order?")
	h.Fake.Until(func() bool { return h.Fake.Pending() == 0 })
	for _, words := range []string{"You're connected", "Bamboo lamp", "Is that you?"} {
		if strings.Contains(eve.Texts(), words) {
			t.Errorf("a stranger hears %q:\n%s", words, eve.Texts())
		}
	}
	if strings.Contains(group.Texts(), "Ana") {
		t.Errorf("a group hears a name:\n%s", group.Texts())
	}
	s.stop()
	for _, secret := range []string{token, theirs} {
		if strings.Contains(h.Log.String(), secret) {
			t.Error("a token is in the log")
		}
		err := filepath.Walk(data, func(path string, f os.FileInfo, err error) error {
			if err != nil || !f.Mode().IsRegular() {
				return err
			}
			kept, err := os.ReadFile(path)
			if strings.Contains(string(kept), secret) {
				t.Errorf("a token is in %s", f.Name())
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// TestTelegramSellersMenu: a seller's chat shows what sellers have use for, from when it is connected until it is disconnected.
func TestTelegramSellersMenu(t *testing.T) {
	t.Parallel()
	h := onTelegram(t, pollMode)
	ana, lumen := h.Join(11, "buyer", "b-1", "Ana"), h.Join(22, "seller", "s-1", "Lumen House")
	shows := func(want string) bool {
		return h.Fake.Until(func() bool { return strings.Contains(h.Fake.Menu("setMyCommands", "chat:22/"), want) })
	}
	if !shows("What waits for me") || strings.Contains(h.Fake.Menu("setMyCommands", "chat:22/"), "My orders") {
		t.Errorf("a seller's menu is %s", h.Fake.Menu("setMyCommands", "chat:22/"))
	}
	lumen.Type("/settings")
	h.Press(lumen, "Disconnect this chat")
	h.Press(lumen, "Yes, disconnect it")
	h.Await(lumen, "disconnected")
	if !h.Fake.Until(func() bool { return h.Fake.Menu("setMyCommands", "chat:22/") == "" }) {
		t.Errorf("a chat that is nobody's has the menu %s", h.Fake.Menu("setMyCommands", "chat:22/"))
	}
	ana.Type("/orders")
	h.Await(ana, "order")
	if got := h.Fake.Menu("setMyCommands", "chat:11/"); got != "" {
		t.Errorf("a buyer's chat has a menu of its own: %s", got)
	}
}
