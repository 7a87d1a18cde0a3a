package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"nevermind/adapters/telegram/telegramtest"
)

// invite makes a one-time link and returns its token.
func (h *telegramHouse) invite(role, id, name string) string {
	h.t.Helper()
	var link struct{ Token string }
	h.call("POST", "/v1/links", `{"role":"`+role+`","id":"`+id+`","name":"`+name+`"}`, &link)
	return link.Token
}

// TestTelegramLinkAttacked: a link counts in the private chat that opens it itself, first, after a yes; whatever else is tried
// with it connects nobody, and its token is nowhere kept or logged.
func TestTelegramLinkAttacked(t *testing.T) {
	plain(t)
	data := t.TempDir()
	h, s := serveTelegram(t, telegramtest.Open(t), data, pollMode)
	h.order("8123456789012345", "b-1", "s-1", "Bamboo lamp")
	ana, eve := h.fake.Private(telegramtest.Person{ID: 11, Name: "Ana"}), h.fake.Private(telegramtest.Person{ID: 13, Name: "Eve"})
	group := h.fake.Group(-100500, telegramtest.Person{ID: 13, Name: "Eve"})
	token := h.invite("buyer", "b-1", "Ana")
	open := "/start " + token
	eve.Send(map[string]any{"text": open, "forward_origin": map[string]any{"type": "hidden_user", "date": 1, "sender_user_name": "Ana"}})
	h.await(eve, "That is forwarded")
	eve.Type("https://t.me/" + h.fake.Username + "?start=" + token)
	group.Type("/start@" + h.fake.Username + " " + token)
	h.await(group, "in a private chat")
	h.fake.Push(`{"update_id":UPDATE_ID,"message":{"message_id":"x","text":"` + open + `"}}`)
	ana.Type(open)
	asked := h.await(ana, "Is that you?")
	eve.Type(open)
	h.await(eve, "That link does not work here")
	eve.PressData(asked.ID, asked.Keyboard[0][0].Data) // a button of another's chat
	h.press(ana, "Yes, that's me")
	h.await(ana, "You are connected")
	eve.Type(open)
	eve.Type("/orders")
	h.await(eve, "cannot show or change any")

	theirs := h.invite("seller", "s-1", "Lumen House") // sent to somebody else, as their own
	ana.Type("/start " + theirs)
	h.await(ana, "Until now this chat belongs to the account of Ana")
	h.press(ana, "Not me")
	h.await(ana, "nothing was connected")
	eve.Type("/start " + theirs)
	ana.Type("/orders")
	h.await(ana, "Which order?")
	h.fake.Until(func() bool { return h.fake.Pending() == 0 })
	for _, words := range []string{"You are connected", "Bamboo lamp", "Is that you?"} {
		if strings.Contains(texts(eve), words) {
			t.Errorf("a stranger hears %q:\n%s", words, texts(eve))
		}
	}
	if strings.Contains(texts(group), "Ana") {
		t.Errorf("a group hears a name:\n%s", texts(group))
	}
	s.stop()
	for _, secret := range []string{token, theirs} {
		if strings.Contains(h.log.String(), secret) {
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
	h := onTelegram(t, pollMode)
	ana, lumen := h.join(11, "buyer", "b-1", "Ana"), h.join(22, "seller", "s-1", "Lumen House")
	shows := func(want string) bool {
		return h.fake.Until(func() bool { return strings.Contains(h.fake.Menu("setMyCommands", "chat:22/"), want) })
	}
	if !shows("What waits for me") || strings.Contains(h.fake.Menu("setMyCommands", "chat:22/"), "My orders") {
		t.Errorf("a seller's menu is %s", h.fake.Menu("setMyCommands", "chat:22/"))
	}
	lumen.Type("/settings")
	h.press(lumen, "Disconnect this chat")
	h.press(lumen, "Yes, disconnect it")
	h.await(lumen, "disconnected")
	if !h.fake.Until(func() bool { return h.fake.Menu("setMyCommands", "chat:22/") == "" }) {
		t.Errorf("a chat that is nobody's has the menu %s", h.fake.Menu("setMyCommands", "chat:22/"))
	}
	ana.Type("/orders")
	h.await(ana, "order")
	if got := h.fake.Menu("setMyCommands", "chat:11/"); got != "" {
		t.Errorf("a buyer's chat has a menu of its own: %s", got)
	}
}
