package slack_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"nevermind/adapters/slack/slacktest"
	"nevermind/bot"
)

// unknownForm is something that Slack might send one day, and what has to become of it besides its acknowledgement.
type unknownForm struct {
	name    string
	kind    string
	payload map[string]any
	dead    int    // dead letters
	unknown int    // counted, and logged the first time
	dm      string // read in the seller's direct messages
	private string // read by the agent alone in the channel
	body    string // sent along with the acknowledgement
}

// unknownForms are events of a seller, and payloads of no kind that is known.
func unknownForms(dm string) []unknownForm {
	n := 0
	event := func(e map[string]any) map[string]any {
		n++
		return map[string]any{"type": "event_callback", "team_id": slacktest.Team, "api_app_id": slacktest.App,
			"event_id": fmt.Sprint("EvOdd", n), "event": e}
	}
	message := func(channel string, more ...any) map[string]any {
		e := map[string]any{
			"type":    "message",
			"channel": channel,
			"user":    "ULUMEN",
			"team":    slacktest.Team,
			"ts":      fmt.Sprint("9.", n),
			"text":    "hello",
		}
		for i := 0; i < len(more); i += 2 {
			e[more[i].(string)] = more[i+1]
		}
		return event(e)
	}
	const unread, events = "I can't read that kind of message", "events_api"
	return []unknownForm{
		{name: "an unknown event", kind: events, payload: event(map[string]any{"type": "agent_session_stopped"}), unknown: 1},
		{name: "an unknown subtype, direct", kind: events, payload: message(dm, "subtype", "hologram"), dm: unread},
		{name: "an unknown subtype in the channel", kind: events, payload: message(desk, "subtype", "hologram"), unknown: 1},
		{
			name:    "files as an object, direct",
			kind:    events,
			payload: message(dm, "files", map[string]any{"a": 1}),
			dead:    1,
			dm:      unread,
		},
		{name: "a text that is no text, direct", kind: events, payload: message(dm, "text", []any{"x"}), dead: 1, dm: unread},
		{name: "an app's metadata", kind: events, payload: message(desk, "bot_id", "B0OTHER", "metadata",
			map[string]any{"event_type": "x", "event_payload": map[string]any{"id": 7}})},
		{name: "a change of nothing", kind: events, payload: message(dm, "subtype", "message_changed")},
		{
			name: "a command without a trigger",
			kind: "slash_commands",
			dead: 1,
			body: "/nevermind link TOKEN",
			payload: map[string]any{
				"user_id":    "UMIRA",
				"team_id":    slacktest.Team,
				"api_app_id": slacktest.App,
				"command":    "/nevermind",
			},
		},
		{name: "an unknown kind of payload", kind: "telepathy", dead: 1, payload: map[string]any{"type": "x"}},
	}
}

// unknownPresses are interactions of an agent at a card.
func unknownPresses(h *harness, card *slacktest.Message) []unknownForm {
	press := func(change func(payload, action map[string]any)) map[string]any {
		p := h.slack.Pressing("UMIRA", card, "Full refund").Payload
		change(p, p["actions"].([]any)[0].(map[string]any))
		return p
	}
	const noButton, interactive = "I don't know that button", "interactive"
	return []unknownForm{
		{name: "an element of another kind", kind: interactive, unknown: 1, private: noButton,
			payload: press(func(_, a map[string]any) {
				a["type"], a["action_id"], a["selected_option"] = "overflow", "more", map[string]any{"value": "no token of ours"}
				delete(a, "value")
			})},
		{
			name:    "a button without a value",
			kind:    interactive,
			unknown: 1,
			private: noButton,
			payload: press(func(_, a map[string]any) {
				delete(a, "value")
			}),
		},
		{name: "a press without an action", kind: interactive, unknown: 1, payload: press(func(p, _ map[string]any) {
			p["actions"] = []any{}
		})},
		{name: "a button in a view", kind: interactive, unknown: 1, payload: press(func(p, a map[string]any) {
			a["type"] = "datepicker"
			p["container"] = map[string]any{"type": "view", "view_id": "V1"}
			delete(p, "channel")
		})},
		{
			name:    "a value that is no text",
			kind:    interactive,
			dead:    1,
			payload: press(func(_, a map[string]any) { a["value"] = 7 }),
		},
		{name: "a list", kind: interactive, unknown: 1, body: "options", payload: press(func(p, _ map[string]any) {
			p["type"] = "block_suggestion"
		})},
		{name: "an unknown shortcut", kind: interactive, unknown: 1, payload: press(func(p, _ map[string]any) {
			p["type"], p["callback_id"] = "shortcut", "hologram"
		})},
		{name: "an unknown interaction", kind: interactive, dead: 1, payload: press(func(p, _ map[string]any) {
			p["type"] = "gesture"
		})},
		{name: "a form that is none of ours", kind: interactive, dead: 1, payload: press(func(p, _ map[string]any) {
			p["type"], p["view"] = "view_submission", map[string]any{"id": "V1", "callback_id": "x", "private_metadata": ""}
		})},
	}
}

// TestUnknownForms: what nobody expected is acknowledged, answered where somebody waits for an answer, and counted or set
// aside; a second time it changes nothing.
func TestUnknownForms(t *testing.T) {
	t.Parallel()
	h := newHarness(t, false)
	dm, _, card, key := h.sellerAtWork("81000061")
	for _, c := range append(unknownForms(dm), unknownPresses(h, card)...) {
		dead, unknown := h.meter.count("updates_unreadable slack"), h.meter.count("updates_unknown slack")
		direct, private := h.whole(dm, c.dm), len(h.slack.Whispers(desk, "UMIRA"))
		a := h.slack.Raw(c.kind, c.payload)
		if !a.Acked {
			t.Errorf("%s: not acknowledged", c.name)
		}
		if body := fmt.Sprint(a.Body); c.body != "" && !strings.Contains(body, c.body) {
			t.Errorf("%s: answered with %s", c.name, body)
		}
		if n := h.meter.count("updates_unreadable slack") - dead; n != c.dead {
			t.Errorf("%s: %d dead letters, want %d", c.name, n, c.dead)
		}
		if n := h.meter.count("updates_unknown slack") - unknown; n != c.unknown {
			t.Errorf("%s: %d counted, want %d", c.name, n, c.unknown)
		}
		if c.dm != "" {
			h.slack.Until(c.name+" is answered", func() bool { return h.whole(dm, c.dm) == direct+1 })
		}
		if c.private != "" {
			h.slack.Until(c.name+" is answered", func() bool {
				seen := h.slack.Whispers(desk, "UMIRA")
				return len(seen) == private+1 && strings.Contains(seen[private].Shown(), c.private)
			})
		}
	}
	if h.state(key) != "with_support" || h.slack.View("UMIRA") != nil {
		t.Errorf("the case is %s", h.state(key))
	}
	all := unknownForms(dm)
	before := h.meter.count("updates_unknown slack")
	lines := strings.Count(h.logged(), "it is logged once")
	h.slack.Raw(all[0].kind, all[0].payload)
	if h.meter.count("updates_unknown slack") != before+1 || strings.Count(h.logged(), "it is logged once") != lines {
		t.Error("a kind that was logged is not counted alone")
	}
}

// logged is what stands in the log.
func (h *harness) logged() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.log.String()
}

// TestDecode: an event that could not be read is heard once it can be, as it would have been when it came; anything else stays a
// dead letter.
func TestDecode(t *testing.T) {
	t.Parallel()
	h := newHarness(t, false)
	dm, _, card, _ := h.sellerAtWork("81000062")
	ctx := t.Context()
	event := func(id, app, channel, text, thread string) []byte {
		raw, err := json.Marshal(
			map[string]any{"type": "event_callback", "team_id": slacktest.Team, "api_app_id": app, "event_id": id,
				"event": map[string]any{"type": "message", "channel": channel, "user": "ULUMEN", "team": slacktest.Team, "ts": "9.1",
					"text": text, "thread_ts": thread}},
		)
		h.must(err)
		return raw
	}
	for name, c := range map[string]struct {
		raw  []byte
		dead bool
	}{
		"EvWords":   {raw: event("EvWords", slacktest.App, dm, "help", "")},
		"EvForeign": {raw: event("EvForeign", "A0OTHER", dm, "help", ""), dead: true},
		"EvChannel": {raw: event("EvChannel", slacktest.App, desk, "help", ""), dead: true},
		"EvUnknown": {raw: []byte(`{"type":"event_callback","event_id":"EvUnknown","event":{"type":"message","text":["x"]}}`),
			dead: true},
		"EvPress": {raw: []byte(`{"type":"block_actions"}`), dead: true},
	} {
		id := "slack:" + slacktest.App + ":" + slacktest.Team + ":" + name
		h.must(h.engine.Discard(ctx, id, "slack", c.raw, "too new"))
		before := h.whole(dm, "")
		_, err := h.engine.PutBack(ctx, "decode:"+id, "upgraded")
		h.must(err)
		var task bot.TaskRecord
		h.slack.Until(name+" is settled", func() bool {
			task, err = h.store.Task(ctx, "decode:"+id)
			return err == nil && task.State != bot.TaskWaiting
		})
		if dead := task.State == bot.TaskDead; dead != c.dead {
			t.Errorf("%s: the dead letter is %s: %s", name, task.State, task.Outcome.Dead)
		}
		if !c.dead {
			h.slack.Until(name+" is answered", func() bool { return h.whole(dm, "") > before })
		}
	}
	m, err := h.adapter.Decode(event("EvNote", slacktest.App, desk, "a note", card.TS))
	if err != nil || !m.Note || m.Account == "" || m.Text != "a note" {
		t.Errorf("a note is %+v, %v", m, err)
	}
}
