package telegram

import (
	"encoding/json"
	"strings"
	"testing"

	"nevermind/adapters/telegram/telegramtest"
)

// TestTokensOfLinks holds that a one-time token is read only where the chat has opened the link itself, and stands
// in no text and no dead letter.
func TestTokensOfLinks(t *testing.T) {
	const token = "kpIhTPrQefNGE4LDR-nfc05SCHfbMRHBdgcMDfMG5jA"
	const address = "https://t.me/shop_bot?start=" + token
	for name, c := range map[string]struct {
		update, link string
		ours         bool
	}{
		"opened":            {fromAna(`"text":"/start ` + token + `"`), token, true},
		"forwarded":         {fromAna(`"text":"/start ` + token + `","forward_origin":{"type":"user"}`), "", true},
		"address forwarded": {fromAna(`"text":"` + address + `","forward_origin":{"type":"user"}`), "", true},
		"address pasted":    {fromAna(`"text":"is this mine? ` + address + ` ?"`), "", true},
		"below a picture": {
			fromAna(`"photo":[{"file_id":"a"}],"caption":"tg://resolve?domain=shop_bot&start=` + token + `"`), "", true},
		"edited in": {editedByAna + `"text":"/start ` + token + `"}`, "", true},
		"an anonymous manager": {
			`"message":{"message_id":5,` + anonymous + `,"text":"/start@shop_bot ` + token + `",` + command + `15}]}`, token, true},
		"in a channel": {`"channel_post":{"message_id":5,"text":"/start ` + token + `"}`, "", false},
	} {
		var u update
		if err := json.Unmarshal([]byte(`{"update_id":9,`+c.update+`}`), &u); err != nil {
			t.Fatal(err)
		}
		m, ours := message(&u, self)
		if ours != c.ours || m.Link != c.link || strings.Contains(m.Text, token) {
			t.Errorf("%s: got %+v (%v)", name, m, ours)
		}
		if m.Link != "" && m.Room != "telegram:11" && !m.Public {
			t.Errorf("%s: a link counts in private only: %+v", name, m)
		}
	}
	h := &recordingInbox{}
	a := newTestAdapter(t, telegramtest.Within(t), nil)
	a.inbox = h
	for _, raw := range []string{
		`{"update_id":1,"message":{"message_id":"x","text":"/start ` + token + `"}}`,
		`{"update_id":2,"message":{"message_id":"x","text":"/START@Shop_bot\n ` + token + `"}}`,
		`{"update_id":3,"message":{"message_id":"x","text":"/start\u0020` + token + `"}}`,
		`{"update_id":4,"message":{"message_id":"x","text":"` + address + `"}}`,
	} {
		if err := a.intake(t.Context(), parseUpdate(json.RawMessage(raw))); err != nil {
			t.Fatal(err)
		}
	}
	if len(h.discarded) != 4 || strings.Contains(strings.Join(h.discarded, " "), token) {
		t.Errorf("got %q", h.discarded)
	}
}
