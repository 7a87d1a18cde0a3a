package telegram

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzUpdate reads whatever comes for an update: nothing panics, it waits in a lane of its own, the same update has the same id
// twice, and what comes of it can be stored.
func FuzzUpdate(f *testing.F) {
	for _, u := range []string{
		`"message":{"message_id":1,"date":1,"chat":{"id":11,"type":"private"},` +
			`"from":{"id":11,"first_name":"Ana","language_code":"es"},"text":"/start abc"}`,
		pressByAna + `"message":{"message_id":5,"date":1,"chat":{"id":11,"type":"private"}}}`,
		`"edited_message":{"message_id":1,"date":1,"chat":{"id":11,"type":"private"},"from":{"id":11},` +
			`"caption":"b","photo":[{"file_id":"x","file_unique_id":"y","width":1,"height":1}]}`,
		`"my_chat_member":{"chat":{"id":-5,"type":"group"},"from":{"id":11},"date":1,` +
			`"old_chat_member":{"status":"left"},"new_chat_member":{"status":"kicked"}}`,
		`"message":null`, `"update_id":9,"message":{"chat":[]}`,
	} {
		f.Add([]byte(`{"update_id":9,` + u + `}`))
	}
	f.Add([]byte(strings.Repeat(`{"message":`, 500)))
	f.Add([]byte(`{"update_id":9223372036854775808}`))
	self := identity{id: 7, name: "nevermind_bot"}
	f.Fuzz(func(t *testing.T, raw []byte) {
		p := parseUpdate(json.RawMessage(raw))
		again := bytes.Clone(raw)
		if p.lane() != parseUpdate(again).lane() || rawMessageID(self, raw) != rawMessageID(self, again) {
			t.Fatal("the same update is not the same twice")
		}
		if p.update == nil {
			return
		}
		m, ours := message(p.update, self)
		if ours && (m.ID == "" || m.Room == "" || m.Account == "") {
			t.Fatalf("a message without an id, a room or an account: %+v", m)
		}
		if !utf8.ValidString(m.Text) {
			t.Fatalf("text that is not UTF-8: %q", m.Text)
		}
	})
}
