package slacktest

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// event wraps an event as Slack does; s.mu is held.
func (s *Slack) event(e map[string]any) *delivery {
	return &delivery{kind: "events_api", payload: map[string]any{"token": "t", "team_id": Team, "api_app_id": App, "type": "event_callback", "event_id": s.id("Ev"),
		"event_time": s.now().Unix(), "event": e, "is_ext_shared_channel": false, "authorizations": []any{map[string]any{"team_id": Team, "user_id": BotUser, "is_bot": true}}}}
}

// echo tells the app of its own message.
func (s *Slack) echo(m *Message, subtype string) func() {
	if s.quiet {
		return nil
	}
	e := map[string]any{"type": "message", "channel": m.Channel, "channel_type": channelType(m.Channel), "user": BotUser, "bot_id": Bot, "app_id": App, "team": Team,
		"text": m.Text, "ts": m.TS, "event_ts": m.TS}
	if m.Thread != "" {
		e["thread_ts"], e["parent_user_id"] = m.Thread, BotUser
	}
	if m.Metadata != nil {
		e["metadata"] = m.Metadata
	}
	if subtype == "message_changed" {
		e = map[string]any{"type": "message", "subtype": subtype, "hidden": true, "channel": m.Channel, "channel_type": channelType(m.Channel), "ts": m.TS, "event_ts": m.TS,
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
	e := map[string]any{"type": "message", "channel": channel, "channel_type": channelType(channel), "user": user, "team": s.people[user].Team, "text": text,
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
	now := map[string]any{"type": "message", "user": user, "team": Team, "text": text, "ts": ts, "edited": map[string]any{"user": user, "ts": s.ts()}}
	was := map[string]any{"type": "message", "user": user, "team": Team, "text": before, "ts": ts}
	if m.Thread != "" {
		now["thread_ts"], now["parent_user_id"] = m.Thread, BotUser
	}
	p := s.event(map[string]any{"type": "message", "subtype": "message_changed", "hidden": true, "channel": channel, "channel_type": channelType(channel),
		"ts": s.ts(), "event_ts": s.ts(), "message": now, "previous_message": was})
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
	p := s.event(map[string]any{"type": "message", "subtype": "message_deleted", "hidden": true, "channel": channel, "channel_type": channelType(channel),
		"ts": s.ts(), "event_ts": s.ts(), "deleted_ts": ts, "previous_message": was})
	s.mu.Unlock()
	s.deliver(p)
}

// Join and Leave move somebody into a channel and out of it.
func (s *Slack) Join(user, channel string) {
	s.changeMembership(user, channel, "member_joined_channel")
}

// Leave takes somebody out of a channel.
func (s *Slack) Leave(user, channel string) { s.changeMembership(user, channel, "member_left_channel") }

func (s *Slack) changeMembership(user, channel, what string) {
	s.mu.Lock()
	s.channels[channel].members[user] = what == "member_joined_channel"
	if what == "member_left_channel" {
		delete(s.channels[channel].members, user)
	}
	p := s.event(map[string]any{"type": what, "user": user, "channel": channel, "channel_type": "C", "team": Team, "event_ts": s.ts()})
	s.mu.Unlock()
	s.deliver(p)
}

// Command lets somebody type a slash command.
func (s *Slack) Command(user, channel, text string) Answer {
	s.mu.Lock()
	payload := map[string]any{"token": "t", "team_id": s.people[user].Team, "team_domain": "never", "channel_id": channel, "channel_name": "x", "user_id": user,
		"user_name": strings.ToLower(s.people[user].Name), "command": "/nevermind", "text": text, "api_app_id": App, "response_url": s.newAnswerURL(), "trigger_id": s.newTrigger(user)}
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

func (s *Slack) newTrigger(user string) string {
	id := s.id("trigger.")
	s.triggers[id] = &trigger{user: user, until: s.now().Add(3 * time.Second)}
	return id
}

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
		"type": "block_actions", "team": map[string]any{"id": Team, "domain": "never"}, "user": map[string]any{"id": user, "username": strings.ToLower(p.Name), "team_id": p.Team},
		"api_app_id": App, "token": "t", "container": container, "trigger_id": s.newTrigger(user), "response_url": s.newAnswerURL(),
		"channel": map[string]any{"id": m.Channel, "name": "x"}, "message": message,
		"actions": []any{map[string]any{"type": "button", "action_id": b.Action, "block_id": b.Block, "value": b.Value, "action_ts": s.ts(), "text": map[string]any{"type": "plain_text", "text": b.Label}}},
	}
	if m.Channel == "" {
		delete(payload, "channel")
		delete(payload, "message")
		delete(payload, "response_url")
		payload["view"] = map[string]any{"id": m.TS, "type": "home", "callback_id": "", "private_metadata": "", "blocks": m.Blocks, "state": map[string]any{"values": map[string]any{}}}
	} else {
		s.mu.Unlock()
		s.checkInbound("BlockAction", payload)
		s.mu.Lock()
	}
	s.mu.Unlock()
	return &Pressing{payload, s}
}

// View is a modal as it stands before somebody.
type View struct {
	ID, Hash, User string
	Title          string
	Errors         map[string]string // by field
	shape          map[string]any
	filled         map[string]any // block id to value
	s              *Slack
}

func openView(s *Slack, args map[string]any) (map[string]any, string, func()) {
	t := s.triggers[str(args["trigger_id"])]
	switch {
	case t == nil:
		return nil, "invalid_trigger_id", nil
	case t.used:
		return nil, "exchanged_trigger_id", nil
	case s.now().After(t.until):
		return nil, "expired_trigger_id", nil
	}
	t.used = true
	v := &View{ID: s.id("V"), User: t.user, s: s}
	shape, _ := args["view"].(map[string]any)
	v.update(shape)
	s.views[t.user] = v
	return map[string]any{"view": map[string]any{"id": v.ID, "hash": v.Hash}}, "", nil
}

// take shows another shape; what was filled in stays where the block and its answer are the same. s.mu is held.
func (v *View) update(shape map[string]any) {
	kept := v.filled
	v.shape, v.Hash, v.filled, v.Errors = shape, v.s.id("h"), map[string]any{}, nil
	title, _ := shape["title"].(map[string]any)
	v.Title = str(title["text"])
	for _, f := range v.inputs() {
		if was, ok := kept[f.block]; ok {
			v.filled[f.block] = was
		} else if f.given != "" {
			v.filled[f.block] = f.given
		}
	}
}

type field struct {
	block, label, action, kind, given string
	optional                          bool
	options                           map[string]string // label to value
	most                              int
}

// inputs are the fields of a view.
func (v *View) inputs() []field {
	var all []field
	blocks, _ := v.shape["blocks"].([]any)
	for _, b := range blocks {
		block, _ := b.(map[string]any)
		if block["type"] != "input" {
			continue
		}
		label, _ := block["label"].(map[string]any)
		e, _ := block["element"].(map[string]any)
		most, _ := e["max_length"].(float64)
		f := field{block: str(block["block_id"]), label: str(label["text"]), action: str(e["action_id"]), kind: str(e["type"]), given: str(e["initial_value"]), options: map[string]string{}, most: int(most)}
		f.optional, _ = block["optional"].(bool)
		options, _ := e["options"].([]any)
		for _, o := range options {
			option, _ := o.(map[string]any)
			text, _ := option["text"].(map[string]any)
			f.options[str(text["text"])] = str(option["value"])
		}
		if initial, ok := e["initial_option"].(map[string]any); ok {
			f.given = str(initial["value"])
		}
		all = append(all, f)
	}
	return all
}

// View is the modal that stands before somebody; nil where there is none.
func (s *Slack) View(user string) *View {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.views[user]
}

// AwaitView waits for a modal.
func (s *Slack) AwaitView(user string) *View {
	s.t.Helper()
	s.Until(user+" sees a form", func() bool { return s.View(user) != nil })
	return s.View(user)
}

// Shown is what a person reads in the modal besides its fields.
func (v *View) Shown() string {
	blocks, _ := v.shape["blocks"].([]any)
	return shown(blocks)
}

// Submit is what stands on the button that sends the modal.
func (v *View) Submit() string {
	text, _ := v.shape["submit"].(map[string]any)
	return str(text["text"])
}

// Labels are the labels of the fields.
func (v *View) Labels() []string {
	var all []string
	for _, f := range v.inputs() {
		all = append(all, f.label)
	}
	return all
}

// Private is what the modal carries along unseen.
func (v *View) Private() string { return str(v.shape["private_metadata"]) }

// Fill answers the field whose label begins so: by typing, or by choosing the option with that label.
func (v *View) Fill(label, value string) *View {
	v.s.t.Helper()
	for _, f := range v.inputs() {
		if !strings.HasPrefix(f.label, label) {
			continue
		}
		if len(f.options) > 0 {
			chosen, ok := f.options[value]
			if !ok {
				v.s.t.Fatalf("%q has no option %q, only %v", f.label, value, f.options)
			}
			value = chosen
		}
		v.filled[f.block] = value
		return v
	}
	v.s.t.Fatalf("the form %q has no field %q, only %v", v.Title, label, v.Labels())
	return v
}

// Send sends the modal, and shows what comes back: errors, another shape, or nothing.
func (v *View) Send() Answer {
	v.s.t.Helper()
	p := v.Sending()
	a := v.s.deliver(&delivery{kind: "interactive", payload: p})
	v.s.mu.Lock()
	defer v.s.mu.Unlock()
	if !a.Acked {
		return a
	}
	switch a.Body["response_action"] {
	case "errors":
		v.Errors = map[string]string{}
		errs, _ := a.Body["errors"].(map[string]any)
		for block, why := range errs {
			v.Errors[block] = str(why)
			if !slices.ContainsFunc(v.inputs(), func(f field) bool { return f.block == block }) {
				v.s.t.Errorf("slacktest: an error is told at %q, which is no field", block)
			}
		}
	case "update":
		shape, _ := a.Body["view"].(map[string]any)
		v.s.mu.Unlock()
		v.s.checkCall("views.update", map[string]any{"view": shape, "view_id": v.ID})
		v.s.mu.Lock()
		v.update(shape)
	case nil, "clear":
		delete(v.s.views, v.User)
	default:
		v.s.t.Errorf("slacktest: the answer %v is not known", a.Body)
	}
	v.s.notify()
	return a
}

// Sending is what sending the modal delivers.
func (v *View) Sending() map[string]any {
	v.s.t.Helper()
	values := map[string]any{}
	for _, f := range v.inputs() {
		given := str(v.filled[f.block])
		if given == "" && !f.optional {
			v.s.t.Fatalf("Slack does not send a form without %q", f.label)
		}
		if f.most > 0 && len([]rune(given)) > f.most {
			v.s.t.Fatalf("Slack lets nobody type %d characters in %q", len([]rune(given)), f.label)
		}
		one := map[string]any{"type": f.kind}
		switch {
		case f.kind != "plain_text_input" && given == "":
			one["selected_option"] = nil
		case f.kind != "plain_text_input":
			one["selected_option"] = map[string]any{"value": given, "text": map[string]any{"type": "plain_text", "text": given, "emoji": true}}
		case given == "":
			one["value"] = nil
		default:
			one["value"] = given
		}
		values[f.block] = map[string]any{f.action: one}
	}
	v.s.mu.Lock()
	p := v.s.people[v.User]
	view := map[string]any{"id": v.ID, "team_id": Team, "app_id": App, "bot_id": Bot, "hash": v.Hash, "state": map[string]any{"values": values},
		"root_view_id": v.ID, "previous_view_id": nil, "app_installed_team_id": Team, "external_id": "", "callback_id": "", "private_metadata": "", "clear_on_close": false, "notify_on_close": false}
	for name, x := range v.shape {
		view[name] = x
	}
	payload := map[string]any{"type": "view_submission", "team": map[string]any{"id": Team, "domain": "never"}, "user": map[string]any{"id": v.User, "name": strings.ToLower(p.Name), "username": strings.ToLower(p.Name), "team_id": p.Team},
		"api_app_id": App, "token": "t", "trigger_id": v.s.newTrigger(v.User), "view": view, "response_urls": []any{}}
	v.s.mu.Unlock()
	v.s.checkInbound("ViewSubmitAction", payload)
	return payload
}

// String is the modal as a person sees it.
func (v *View) String() string {
	out := fmt.Sprintf("[[ %s ]]\n%s\n", v.Title, v.Shown())
	for _, f := range v.inputs() {
		out += fmt.Sprintf("  %s: %v\n", f.label, v.filled[f.block])
	}
	return out + "  [" + v.Submit() + "]\n"
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
			files = append(files, s.fileObject(&f))
		}
		message["files"] = files
	}
	payload := map[string]any{"type": "message_action", "callback_id": callback, "trigger_id": s.newTrigger(user), "message_ts": m.TS, "action_ts": s.ts(), "response_url": s.newAnswerURL(), "token": "t",
		"team": map[string]any{"id": Team, "domain": "never"}, "user": map[string]any{"id": user, "name": strings.ToLower(p.Name), "username": strings.ToLower(p.Name), "team_id": p.Team},
		"channel": map[string]any{"id": channel, "name": "x"}, "message": message, "api_app_id": App, "is_enterprise_install": false}
	s.mu.Unlock()
	s.checkInbound("MessageShortcut", payload)
	return &Pressing{payload, s}
}
