package slacktest

import (
	"slices"
	"strings"
	"time"
)

// Command lets somebody type a slash command.
func (s *Slack) Command(user, channel, text string) Answer {
	s.mu.Lock()
	payload := map[string]any{"token": "t", "team_id": s.people[user].Team, "team_domain": "never", "channel_id": channel,
		"channel_name": "x", "user_id": user,
		"user_name": strings.ToLower(s.people[user].Name), "command": "/nevermind", "text": text, "api_app_id": App,
		"response_url": s.newAnswerURL(), "trigger_id": s.newTrigger(user)}
	s.mu.Unlock()
	s.checkInbound("SlashCommand", payload)
	a := s.deliver(&delivery{kind: "slash_commands", payload: payload})
	blocks, _ := a.Body["blocks"].([]any)
	s.checkBlocks("the answer to a command", blocks)
	if text := str(a.Body["text"]); len(a.Body) > 0 && (text == "" || len(blocks) > 50 || a.Body["response_type"] != "ephemeral") {
		s.t.Errorf("slacktest: the answer to %q is %s", text, abridged(a.Body))
	}
	return a
}

// trigger is what a form may be opened with: once, within three seconds.
type trigger struct {
	user  string
	until time.Time
	used  bool
}

// newTrigger mints a trigger for somebody; s.mu is held.
func (s *Slack) newTrigger(user string) string {
	id := s.id("trigger.")
	s.triggers[id] = &trigger{user: user, until: s.now().Add(3 * time.Second)}
	return id
}

// newAnswerURL mints a response_url; s.mu is held.
func (s *Slack) newAnswerURL() string {
	id := s.id("answer")
	s.answers[id] = &answerURL{until: s.now().Add(30 * time.Minute), left: 5}
	return s.http.URL + "/answer/" + id
}

// Pressing is a press as it is delivered, so that it can be delivered again.
type Pressing struct {
	Payload map[string]any
	s       *Slack
}

// Send delivers the press.
func (p *Pressing) Send() Answer {
	return p.s.deliver(&delivery{kind: "interactive", payload: p.Payload})
}

// Press lets somebody press the button of a message with a label.
func (s *Slack) Press(user string, m *Message, label string) Answer {
	s.t.Helper()
	return s.Pressing(user, m, label).Send()
}

// Pressing makes a press without delivering it.
func (s *Slack) Pressing(user string, m *Message, label string) *Pressing {
	s.t.Helper()
	i := slices.IndexFunc(m.Buttons(), func(b Button) bool { return b.Label == label })
	if i < 0 {
		s.t.Fatalf("there is no button %q below %q, only %v", label, m.Shown(), m.Buttons())
	}
	b := m.Buttons()[i]
	s.mu.Lock()
	p := s.people[user]
	message := map[string]any{"type": "message", "ts": m.TS, "user": BotUser, "text": m.Text, "bot_id": Bot}
	container := map[string]any{"type": "message", "message_ts": m.TS, "channel_id": m.Channel, "is_ephemeral": false}
	if m.Thread != "" {
		message["thread_ts"], container["thread_ts"] = m.Thread, m.Thread
	}
	if m.Channel == "" {
		container = map[string]any{"type": "view", "view_id": m.TS}
	}
	payload := map[string]any{
		"type": "block_actions", "team": map[string]any{"id": Team, "domain": "never"}, "user": map[string]any{"id": user,
			"username": strings.ToLower(p.Name), "team_id": p.Team},
		"api_app_id": App, "token": "t", "container": container, "trigger_id": s.newTrigger(user), "response_url": s.newAnswerURL(),
		"channel": map[string]any{"id": m.Channel, "name": "x"}, "message": message,
		"actions": []any{map[string]any{"type": "button", "action_id": b.Action, "block_id": b.Block, "value": b.Value,
			"action_ts": s.ts(), "text": map[string]any{"type": "plain_text", "text": b.Label}}},
	}
	if m.Channel == "" {
		delete(payload, "channel")
		delete(payload, "message")
		delete(payload, "response_url")
		payload["view"] = map[string]any{"id": m.TS, "type": "home", "callback_id": "", "private_metadata": "", "blocks": m.Blocks,
			"state": map[string]any{"values": map[string]any{}}}
	} else {
		s.mu.Unlock()
		s.checkInbound("BlockAction", payload)
		s.mu.Lock()
	}
	s.mu.Unlock()
	return &Pressing{payload, s}
}

// Shortcut lets somebody use a message shortcut, by its callback id.
func (s *Slack) Shortcut(user, channel, ts, callback string) Answer {
	s.t.Helper()
	return s.Shortcutting(user, channel, ts, callback).Send()
}

// Shortcutting makes the use of a shortcut without delivering it.
func (s *Slack) Shortcutting(user, channel, ts, callback string) *Pressing {
	s.t.Helper()
	s.mu.Lock()
	m, p := s.message(channel, ts), s.people[user]
	if m == nil {
		s.mu.Unlock()
		s.t.Fatalf("there is no message %s in %s", ts, channel)
	}
	message := map[string]any{"type": "message", "user": m.User, "team": s.people[m.User].Team, "text": m.Text, "ts": m.TS}
	if m.User == BotUser {
		message["bot_id"] = Bot
	}
	if m.Thread != "" {
		message["thread_ts"] = m.Thread
	}
	if len(m.Files) > 0 {
		var files []any
		for _, f := range m.Files {
			files = append(files, s.sentObject(&f))
		}
		message["files"] = files
	}
	payload := map[string]any{"type": "message_action", "callback_id": callback, "trigger_id": s.newTrigger(user),
		"message_ts": m.TS, "action_ts": s.ts(), "response_url": s.newAnswerURL(), "token": "t",
		"team": map[string]any{"id": Team, "domain": "never"}, "user": p.object(),
		"channel": map[string]any{"id": channel, "name": "x"}, "message": message, "api_app_id": App, "is_enterprise_install": false}
	s.mu.Unlock()
	s.checkInbound("MessageShortcut", payload)
	return &Pressing{payload, s}
}

// object is a person as an interaction names them.
func (p Person) object() map[string]any {
	return map[string]any{"id": p.ID, "name": strings.ToLower(p.Name), "username": strings.ToLower(p.Name), "team_id": p.Team}
}
