package slack

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"nevermind/bot"
)

var fuzzed = identity{team: "T1", app: "A1", user: "UBOT", bot: "B1", url: "https://x.slack.com/"}

func storable(t *testing.T, m *bot.Message) {
	t.Helper()
	if m.ID == "" || m.Room == "" || !utf8.ValidString(m.Text) {
		t.Fatalf("it cannot be stored: %+v", m)
	}
}

// FuzzEvent reads whatever comes for a signed event or command: nothing panics, and a message that comes of it can be stored.
func FuzzEvent(f *testing.F) {
	for _, e := range []string{
		`{"type":"message","channel":"D1","channel_type":"im","user":"U1","text":"cancel &amp; <@U2>","ts":"1.2"}`,
		`{"type":"message","subtype":"message_changed","channel":"C1",` +
			`"message":{"user":"U1","text":"b","ts":"1.2"},"previous_message":{"text":"a"}}`,
		`{"type":"message","subtype":"message_deleted","channel":"C1","previous_message":{"user":"U1","thread_ts":"1.1","ts":"1.2"}}`,
		`{"type":"message","subtype":"file_share","channel":"D1","channel_type":"im","user":{"id":"U1"},"files":[{"id":"F1"},{}]}`,
		`{"type":"app_home_opened","user":"U1"}`, `[]`, `null`,
	} {
		f.Add([]byte(`{"type":"event_callback","team_id":"T1","api_app_id":"A1","event_id":"Ev1","event":` + e + `}`))
	}
	f.Add([]byte(`{"type":"url_verification","challenge":"x"}`))
	f.Add([]byte("command=%2Fnevermind&text=link+abc&user_id=U1&channel_id=D1&team_id=T1"))
	f.Add([]byte(strings.Repeat(`{"event":`, 300)))
	f.Fuzz(func(t *testing.T, body []byte) {
		_, _, _, _ = parseCommandBody(body)
		_, payload, _, err := parseEventBody(body)
		var o eventEnvelope
		var e event
		if err != nil || payload == nil || json.Unmarshal(payload, &o) != nil || json.Unmarshal(o.Event, &e) != nil {
			return
		}
		_ = o.team("T1")
		if m, by, ok := fuzzed.eventMessage("Ev1", &e); ok {
			if by == nil {
				t.Fatal("a message of nobody")
			}
			storable(t, &m)
		}
	})
}

// FuzzInteraction reads whatever comes for a signed press or modal: nothing panics, a press has a token, and what comes of it
// can be stored.
func FuzzInteraction(f *testing.F) {
	for _, p := range []string{
		`{"type":"block_actions","user":{"id":"U1"},"container":{"channel_id":"C1","message_ts":"1.2"},` +
			`"actions":[{"action_id":"a","type":"button","value":"tok","action_ts":"1"}]}`,
		`{"type":"block_actions","actions":[{"type":"static_select","selected_option":{"value":"tok","text":{"text":"x"}}},{}]}`,
		`{"type":"view_submission","user":{"id":"U1"},"view":{"id":"V1","hash":"h","private_metadata":"{}",` +
			`"state":{"values":{"b":{"a":{"type":"plain_text_input","value":"5"}}}}}}`,
		`{"type":"shortcut","user":7}`, `null`, `{"actions":{}}`,
	} {
		f.Add([]byte(p))
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		var p interaction
		if json.Unmarshal(payload, &p) != nil {
			return
		}
		for i := range p.Actions {
			m, _, ok := fuzzed.pressMessage(&p, &p.Actions[i])
			if ok && m.Press == "" {
				t.Fatal("a press of nothing")
			}
			if ok {
				storable(t, &m)
			}
			_ = p.Actions[i].label()
		}
		m := fuzzed.formMessage(&p, &modalState{Channel: "C1", Press: "tok"})
		storable(t, &m)
	})
}
