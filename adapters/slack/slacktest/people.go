package slacktest

import (
	"slices"
	"strings"
)

// event wraps an event as Slack does; s.mu is held.
func (s *Slack) event(e map[string]any) *delivery {
	return &delivery{kind: "events_api", payload: map[string]any{"token": "t", "team_id": Team, "api_app_id": App,
		"type": "event_callback", "event_id": s.id("Ev"),
		"event_time": s.now().Unix(), "event": e, "is_ext_shared_channel": false,
		"authorizations": []any{map[string]any{"team_id": Team, "user_id": BotUser, "is_bot": true}}}}
}

// echo tells the app of its own message.
func (s *Slack) echo(m *Message, subtype string) func() {
	if s.quiet {
		return nil
	}
	e := map[string]any{"type": "message", "channel": m.Channel, "channel_type": channelType(m.Channel), "user": BotUser,
		"bot_id": Bot, "app_id": App, "team": Team,
		"text": m.Text, "ts": m.TS, "event_ts": m.TS}
	if m.Thread != "" {
		e["thread_ts"], e["parent_user_id"] = m.Thread, BotUser
	}
	if m.Metadata != nil {
		e["metadata"] = m.Metadata
	}
	if subtype == "message_changed" {
		e = map[string]any{"type": "message", "subtype": subtype, "hidden": true, "channel": m.Channel,
			"channel_type": channelType(m.Channel), "ts": m.TS, "event_ts": m.TS,
			"message": e, "previous_message": map[string]any{"type": "message", "text": "", "user": BotUser, "bot_id": Bot, "ts": m.TS}}
	}
	p := s.event(e)
	return func() { s.deliver(p) }
}

// Settle waits until the app has been told of all its own messages.
func (s *Slack) Settle() {
	for {
		s.mu.Lock()
		left, changed := s.echoing, s.changed
		s.mu.Unlock()
		if left == 0 {
			return
		}
		<-changed
	}
}

// echoLater tells the app of a message of its own while the call that made it is answered.
func (s *Slack) echoLater(tell func()) {
	s.mu.Lock()
	s.echoing++
	s.mu.Unlock()
	go func() {
		tell()
		s.mu.Lock()
		defer s.mu.Unlock()
		s.echoing--
		s.notify()
	}()
}

// channelType is a channel's type as events name it.
func channelType(channel string) string {
	if strings.HasPrefix(channel, "D") {
		return "im"
	}
	return "channel"
}

// Say lets somebody type in a channel, below a message where thread names one, and returns the message's name.
func (s *Slack) Say(user, channel, thread, text string) string {
	s.t.Helper()
	return s.SayWith(user, channel, thread, text, nil)
}

// SayWith lets somebody type in a channel and send files along, by their names.
func (s *Slack) SayWith(user, channel, thread, text string, files map[string][]byte) string {
	s.t.Helper()
	s.mu.Lock()
	c := s.channels[channel]
	if c == nil {
		s.mu.Unlock()
		s.t.Fatalf("there is no channel %s", channel)
	}
	m := &Message{Channel: channel, TS: s.ts(), Thread: thread, User: user, Text: text}
	c.messages = append(c.messages, m)
	e := map[string]any{"type": "message", "channel": channel, "channel_type": channelType(channel), "user": user,
		"team": s.people[user].Team, "text": text,
		"ts": m.TS, "event_ts": m.TS, "client_msg_id": s.id("c")}
	if thread != "" {
		e["thread_ts"] = thread
		if root := s.message(channel, thread); root != nil {
			e["parent_user_id"] = root.User
		}
	}
	if len(files) > 0 {
		e["subtype"] = "file_share"
		e["files"] = s.attach(m, files)
	}
	p := s.event(e)
	s.notify()
	s.mu.Unlock()
	if len(files) == 0 {
		s.checkInbound("GenericMessageEvent", e)
	}
	s.deliver(p)
	return m.TS
}

// Edit lets somebody change what they typed.
func (s *Slack) Edit(user, channel, ts, text string) {
	s.mu.Lock()
	m := s.message(channel, ts)
	before := m.Text
	m.Text, m.Edits = text, m.Edits+1
	now := map[string]any{"type": "message", "user": user, "team": Team, "text": text, "ts": ts,
		"edited": map[string]any{"user": user, "ts": s.ts()}}
	was := map[string]any{"type": "message", "user": user, "team": Team, "text": before, "ts": ts}
	if m.Thread != "" {
		now["thread_ts"], now["parent_user_id"] = m.Thread, BotUser
	}
	p := s.event(map[string]any{"type": "message", "subtype": "message_changed", "hidden": true, "channel": channel,
		"channel_type": channelType(channel),
		"ts":           s.ts(), "event_ts": s.ts(), "message": now, "previous_message": was})
	s.mu.Unlock()
	s.deliver(p)
}

// Delete lets somebody take back what they typed.
func (s *Slack) Delete(user, channel, ts string) {
	s.mu.Lock()
	m := s.message(channel, ts)
	was := map[string]any{"type": "message", "user": user, "team": Team, "text": m.Text, "ts": ts}
	if m.Thread != "" {
		was["thread_ts"], was["parent_user_id"] = m.Thread, BotUser
	}
	c := s.channels[channel]
	c.messages = slices.DeleteFunc(c.messages, func(o *Message) bool { return o == m })
	p := s.event(map[string]any{"type": "message", "subtype": "message_deleted", "hidden": true, "channel": channel,
		"channel_type": channelType(channel),
		"ts":           s.ts(), "event_ts": s.ts(), "deleted_ts": ts, "previous_message": was})
	s.mu.Unlock()
	s.deliver(p)
}

// Join and Leave move somebody into a channel and out of it.
func (s *Slack) Join(user, channel string) {
	s.changeMembership(user, channel, "member_joined_channel")
}

// Leave takes somebody out of a channel.
func (s *Slack) Leave(user, channel string) { s.changeMembership(user, channel, "member_left_channel") }

// changeMembership moves somebody, and tells the app.
func (s *Slack) changeMembership(user, channel, what string) {
	s.mu.Lock()
	s.channels[channel].members[user] = what == "member_joined_channel"
	if what == "member_left_channel" {
		delete(s.channels[channel].members, user)
	}
	p := s.event(map[string]any{"type": what, "user": user, "channel": channel, "channel_type": "C", "team": Team,
		"event_ts": s.ts()})
	s.mu.Unlock()
	s.deliver(p)
}
