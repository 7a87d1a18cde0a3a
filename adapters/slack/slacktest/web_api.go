package slacktest

import (
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Fault is how a call ends other than well.
type Fault struct {
	Error      string // ok:false
	Status     int    // an HTTP status; with RetryAfter for 429
	RetryAfter int    // seconds
	Cut        bool   // done, and the connection cut before the answer
	Lost       bool   // not done, and the connection cut
	Hang       bool   // not done, and no answer ever
}

// Fail lets the next call of a method end so; several wait in line.
func (s *Slack) Fail(method string, faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults[method] = append(s.faults[method], faults...)
}

// fault takes the next fault of a method from its line; the zero value where none waits.
func (s *Slack) fault(method string) Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.faults[method]) == 0 {
		return Fault{}
	}
	f := s.faults[method][0]
	s.faults[method] = s.faults[method][1:]
	return f
}

// instead answers a call with a fault that leaves it undone, and says whether there is one. Cut is none: the call is done.
func (f Fault) instead(w http.ResponseWriter, r *http.Request) bool {
	switch {
	case f.Hang:
		<-r.Context().Done()
	case f.Lost:
		panic(http.ErrAbortHandler)
	case f.Status != 0:
		if f.RetryAfter > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(f.RetryAfter))
		}
		w.WriteHeader(f.Status)
		reply(w, map[string]any{"ok": false, "error": "ratelimited"})
	case f.Error != "":
		reply(w, map[string]any{"ok": false, "error": f.Error})
	default:
		return false
	}
	return true
}

// call answers a call of the Web API.
func (s *Slack) call(w http.ResponseWriter, r *http.Request) {
	method := r.PathValue("method")
	args, err := readArguments(r)
	if err != nil {
		s.fail("%s: %v", method, err)
		http.Error(w, "bad request", http.StatusBadRequest)
		return
	}
	token := BotToken
	if method == "apps.connections.open" {
		token = AppToken
	}
	if r.Header.Get("Authorization") != "Bearer "+token && args["token"] != token {
		reply(w, map[string]any{"ok": false, "error": "invalid_auth"})
		return
	}
	delete(args, "token")
	s.checkCall(method, args)
	s.mu.Lock()
	s.calls = append(s.calls, Call{method, args})
	s.notify()
	s.mu.Unlock()
	f := s.fault(method)
	if f.instead(w, r) {
		return
	}
	do := methods[method]
	if do == nil {
		reply(w, map[string]any{"ok": false, "error": "unknown_method"})
		return
	}
	s.mu.Lock()
	answer, fault, then := do(s, args)
	s.notify()
	s.mu.Unlock()
	s.notifyPosted(method, args, answer)
	if o, ok := answer["file"].(map[string]any); ok {
		s.checkFile(o)
	}
	if f.Cut {
		if then != nil {
			s.echoLater(then)
		}
		panic(http.ErrAbortHandler)
	}
	if fault != "" {
		reply(w, map[string]any{"ok": false, "error": fault})
		return
	}
	if answer == nil {
		answer = map[string]any{}
	}
	answer["ok"] = true
	reply(w, answer)
	if then != nil {
		s.echoLater(then)
	}
}

// reply answers a call with JSON.
func reply(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(v)
}

// readArguments reads a call's arguments, from JSON or a form, with the types that their schema has.
func readArguments(r *http.Request) (map[string]any, error) {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	args := map[string]any{}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind == "application/json" {
		if len(raw) == 0 {
			return args, nil
		}
		return args, json.Unmarshal(raw, &args)
	}
	form, err := url.ParseQuery(string(raw))
	if err != nil {
		return nil, err
	}
	for name, all := range form {
		args[name] = formValue(name, all[0])
	}
	return args, nil
}

// formValue reads a form's field as what it stands for.
func formValue(name, value string) any {
	switch name {
	case "blocks", "metadata", "attachments", "view", "files":
		var v any
		if json.Unmarshal([]byte(value), &v) == nil {
			return v
		}
	case "mrkdwn", "unfurl_links", "unfurl_media", "link_names", "reply_broadcast", "as_user", "return_im", "include_locale",
		"include_all_metadata", "include_num_members", "inclusive", "prevent_creation":
		return value == "true" || value == "1"
	case "limit", "length", "count", "page":
		if n, err := strconv.Atoi(value); err == nil {
			return n
		}
	}
	return value
}

// method does a call: its answer, or an error's name, and what follows. s.mu is held.
type method func(s *Slack, args map[string]any) (answer map[string]any, fault string, then func())

// methods are the calls that this Slack knows.
var methods = map[string]method{
	"auth.test": func(*Slack, map[string]any) (map[string]any, string, func()) {
		return map[string]any{"url": "https://never.slack.test/", "team": "Never", "user": "nevermind", "team_id": Team,
			"user_id": BotUser, "bot_id": Bot}, "", nil
	},
	"bots.info": func(*Slack, map[string]any) (map[string]any, string, func()) {
		return map[string]any{"bot": map[string]any{"id": Bot, "app_id": App, "user_id": BotUser, "name": "nevermind"}}, "", nil
	},
	"chat.postMessage":             postMessage,
	"chat.update":                  update,
	"chat.postEphemeral":           postEphemeral,
	"chat.delete":                  deleteMessage,
	"conversations.open":           openDirect,
	"conversations.info":           channelInfo,
	"conversations.members":        members,
	"conversations.history":        history,
	"conversations.replies":        history,
	"users.info":                   userInfo,
	"files.getUploadURLExternal":   uploadURL,
	"files.completeUploadExternal": completeUpload,
	"files.info":                   fileInfo,
	"views.open":                   openView,
	"views.publish":                publishHome,
	"reactions.add":                react,
	"apps.connections.open": func(s *Slack, _ map[string]any) (map[string]any, string, func()) {
		return map[string]any{"url": "ws" + strings.TrimPrefix(s.http.URL, "http") + "/socket/" + s.id("ticket")}, "", nil
	},
}

// channelOf finds the channel that is written to.
func (s *Slack) channelOf(args map[string]any) (*channel, string) {
	c := s.channels[str(args["channel"])]
	switch {
	case c == nil:
		return nil, "channel_not_found"
	case c.archived:
		return nil, "is_archived"
	case !c.members[BotUser]:
		return nil, "not_in_channel"
	}
	return c, ""
}

// postMessage is chat.postMessage; the app hears of its own message, as of every one.
func postMessage(s *Slack, args map[string]any) (map[string]any, string, func()) {
	c, fault := s.channelOf(args)
	if fault != "" {
		return nil, fault, nil
	}
	thread := str(args["thread_ts"])
	if thread != "" && s.message(str(args["channel"]), thread) == nil {
		return nil, "thread_not_found", nil
	}
	m := &Message{Channel: str(args["channel"]), TS: s.ts(), Thread: thread, User: BotUser, Text: str(args["text"]),
		Blocks: s.withBlockIDs(args["blocks"])}
	m.Metadata, _ = args["metadata"].(map[string]any)
	m.Aloud = args["reply_broadcast"] == true
	c.messages = append(c.messages, m)
	return map[string]any{"channel": m.Channel, "ts": m.TS, "message": map[string]any{"ts": m.TS}}, "", s.echo(m, "")
}

// withBlockIDs gives blocks the ids that Slack gives them.
func (s *Slack) withBlockIDs(blocks any) []any {
	all, _ := blocks.([]any)
	for _, b := range all {
		if block, ok := b.(map[string]any); ok && block["block_id"] == nil {
			block["block_id"] = s.id("b")
		}
	}
	return all
}

// update is chat.update: only of the app's own messages, and only with a text that is short enough.
func update(s *Slack, args map[string]any) (map[string]any, string, func()) {
	if _, fault := s.channelOf(args); fault != "" {
		return nil, fault, nil
	}
	m := s.message(str(args["channel"]), str(args["ts"]))
	switch {
	case m == nil:
		return nil, "message_not_found", nil
	case m.User != BotUser:
		return nil, "cant_update_message", nil
	case len([]rune(str(args["text"]))) > 4000:
		return nil, "msg_too_long", nil
	}
	m.Text, m.Edits = str(args["text"]), m.Edits+1
	if blocks, ok := args["blocks"]; ok {
		m.Blocks = s.withBlockIDs(blocks)
	}
	return map[string]any{"channel": m.Channel, "ts": m.TS, "text": m.Text}, "", s.echo(m, "message_changed")
}

// postEphemeral is chat.postEphemeral: only for a member of the channel.
func postEphemeral(s *Slack, args map[string]any) (map[string]any, string, func()) {
	c, fault := s.channelOf(args)
	if fault != "" {
		return nil, fault, nil
	}
	if !c.members[str(args["user"])] {
		return nil, "user_not_in_channel", nil
	}
	m := &Message{Channel: str(args["channel"]), TS: s.ts(), Thread: str(args["thread_ts"]), User: BotUser, Text: str(args["text"]),
		Blocks: s.withBlockIDs(args["blocks"]), Only: str(args["user"])}
	c.messages = append(c.messages, m)
	return map[string]any{"message_ts": m.TS}, "", nil
}

// react is reactions.add.
func react(s *Slack, args map[string]any) (map[string]any, string, func()) {
	m := s.message(str(args["channel"]), str(args["timestamp"]))
	switch {
	case m == nil:
		return nil, "message_not_found", nil
	case slices.Contains(m.Ticks, str(args["name"])):
		return nil, "already_reacted", nil
	}
	m.Ticks = append(m.Ticks, str(args["name"]))
	return nil, "", nil
}

// deleteMessage is chat.delete.
func deleteMessage(s *Slack, args map[string]any) (map[string]any, string, func()) {
	c, fault := s.channelOf(args)
	if fault != "" {
		return nil, fault, nil
	}
	before := len(c.messages)
	c.messages = slices.DeleteFunc(c.messages, func(m *Message) bool { return m.TS == str(args["ts"]) })
	if len(c.messages) == before {
		return nil, "message_not_found", nil
	}
	return map[string]any{"channel": args["channel"], "ts": args["ts"]}, "", nil
}

// openDirect is conversations.open, for one user.
func openDirect(s *Slack, args map[string]any) (map[string]any, string, func()) {
	user := str(args["users"])
	if _, ok := s.people[user]; !ok {
		return nil, "user_not_found", nil
	}
	id := "D" + user
	if s.channels[id] == nil {
		s.channels[id] = &channel{members: map[string]bool{BotUser: true, user: true}}
	}
	return map[string]any{"channel": map[string]any{"id": id, "is_im": true, "user": user}}, "", nil
}

// channelInfo is conversations.info.
func channelInfo(s *Slack, args map[string]any) (map[string]any, string, func()) {
	id := str(args["channel"])
	c := s.channels[id]
	if c == nil {
		return nil, "channel_not_found", nil
	}
	return map[string]any{"channel": map[string]any{"id": id, "name": "x", "is_channel": true, "is_archived": c.archived,
		"is_member": c.members[BotUser]}}, "", nil
}

// members is conversations.members, in pages of two.
func members(s *Slack, args map[string]any) (map[string]any, string, func()) {
	c, fault := s.channelOf(args)
	if fault != "" {
		return nil, fault, nil
	}
	var all []string
	for m := range c.members {
		all = append(all, m)
	}
	slices.Sort(all)
	at, _ := strconv.Atoi(str(args["cursor"]))
	end, next := min(at+2, len(all)), "" // small pages, so that they are turned
	if end < len(all) {
		next = strconv.Itoa(end)
	}
	return map[string]any{"members": all[at:end], "response_metadata": map[string]any{"next_cursor": next}}, "", nil
}

// history is conversations.history and conversations.replies, without ephemeral messages.
func history(s *Slack, args map[string]any) (map[string]any, string, func()) {
	c, fault := s.channelOf(args)
	if fault != "" {
		return nil, fault, nil
	}
	thread := str(args["ts"])
	var all []any
	for _, m := range c.messages {
		if m.Only == "" && (m.Thread == thread || m.TS == thread) {
			one := map[string]any{"type": "message", "ts": m.TS, "user": m.User, "text": m.Text}
			if m.Metadata != nil && args["include_all_metadata"] == true {
				one["metadata"] = m.Metadata
			}
			all = append(all, one)
		}
	}
	if thread == "" {
		slices.Reverse(all)
	}
	return map[string]any{"messages": all, "has_more": false}, "", nil
}

// userInfo is users.info.
func userInfo(s *Slack, args map[string]any) (map[string]any, string, func()) {
	p, ok := s.people[str(args["user"])]
	if !ok {
		return nil, "user_not_found", nil
	}
	return map[string]any{"user": map[string]any{"id": p.ID, "team_id": p.Team, "name": strings.ToLower(p.Name), "real_name": p.Name,
		"deleted": p.Deleted, "tz": p.Zone,
		"locale": p.Locale, "is_restricted": p.Guest, "is_stranger": p.Team != Team,
		"profile": map[string]any{"display_name": p.Name}}}, "", nil
}

// answerURL is a response_url: five uses in half an hour.
type answerURL struct {
	until time.Time
	left  int
}

// useAnswerURL takes one use of a response_url.
func (s *Slack) useAnswerURL(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.answers[r.PathValue("id")]
	if u == nil || u.left == 0 || s.now().After(u.until) {
		http.Error(w, "expired_url", http.StatusNotFound)
		return
	}
	u.left--
	io.WriteString(w, "ok")
}
