package telegram

import (
	"encoding/json"
	"strings"
	"testing"

	"nevermind/bot"
)

// TestTokensOfLinks holds that a one-time token is heard only where the chat has opened the link itself, and stands
// nowhere else.
func TestTokensOfLinks(t *testing.T) {
	const token = "kpIhTPrQefNGE4LDR-nfc05SCHfbMRHBdgcMDfMG5jA"
	for name, c := range map[string]struct {
		update, link string
		ours         bool
	}{
		"opened":               {`"message":{"message_id":5,` + ana + `,"text":"/start ` + token + `"}`, token, true},
		"forwarded":            {`"message":{"message_id":5,` + ana + `,"text":"/start ` + token + `","forward_origin":{"type":"user"}}`, "", true},
		"address forwarded":    {`"message":{"message_id":5,` + ana + `,"text":"https://t.me/shop_bot?start=` + token + `","forward_origin":{"type":"user"}}`, "", true},
		"address pasted":       {`"message":{"message_id":5,` + ana + `,"text":"is this mine? https://t.me/shop_bot?start=` + token + ` ?"}`, "", true},
		"below a picture":      {`"message":{"message_id":5,` + ana + `,"photo":[{"file_id":"a"}],"caption":"tg://resolve?domain=shop_bot&start=` + token + `"}`, "", true},
		"edited in":            {`"edited_message":{"message_id":5,` + ana + `,"edit_date":1700000001,"text":"/start ` + token + `"}`, "", true},
		"an anonymous manager": {`"message":{"message_id":5,"sender_chat":{"id":-100500,"type":"supergroup"},"from":{"id":1087968824,"is_bot":true,"first_name":"Group"},"chat":{"id":-100500,"type":"supergroup"},"date":1,"text":"/start@shop_bot ` + token + `","entities":[{"type":"bot_command","offset":0,"length":15}]}`, token, true},
		"in a channel":         {`"channel_post":{"message_id":5,"text":"/start ` + token + `"}`, "", false},
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
	a := &Adapter{inbox: h, problems: map[string]string{}, reported: map[string]string{}, cfg: Config{Meter: bot.Unmetered{}}}
	for _, raw := range []string{
		`{"update_id":1,"message":{"message_id":"x","text":"/start ` + token + `"}}`, `{"update_id":2,"message":{"message_id":"x","text":"/START@Shop_bot\n ` + token + `"}}`,
		`{"update_id":3,"message":{"message_id":"x","text":"/start\u0020` + token + `"}}`, `{"update_id":4,"message":{"message_id":"x","text":"https://t.me/shop_bot?start=` + token + `"}}`,
	} {
		if err := a.intake(t.Context(), json.RawMessage(raw)); err != nil {
			t.Fatal(err)
		}
	}
	if len(h.discarded) != 4 || strings.Contains(strings.Join(h.discarded, " "), token) {
		t.Errorf("got %q", h.discarded)
	}
}
