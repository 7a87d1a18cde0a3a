package telegramtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// do does what a call asks for.
func (s *Server) do(r *http.Request, c *Call) (any, error) {
	switch strings.ToLower(c.Method) {
	case "getme":
		return map[string]any{"id": BotID, "is_bot": true, "first_name": "Nevermind", "username": s.Username}, nil
	case "getupdates":
		return s.getUpdates(r, c)
	case "setwebhook":
		return true, s.setWebhook(c)
	case "deletewebhook":
		s.dropWebhook()
		return true, nil
	case "getwebhookinfo":
		return s.webhookInfo(), nil
	case "sendmessage":
		return s.sendMessage(c)
	case "sendphoto", "senddocument", "sendvideo", "sendvoice", "sendaudio":
		return s.sendFile(c)
	case "editmessagetext":
		return s.editText(c)
	case "editmessagereplymarkup":
		return s.editMarkup(c)
	case "deletemessage":
		return s.deleteMessage(c)
	case "answercallbackquery":
		return s.answerCallback(c)
	case "sendchataction":
		_, err := s.writableChat(c)
		return true, err
	case "setmycommands", "setmydescription", "setmyshortdescription", "deletemycommands":
		return s.setMenu(c)
	case "getfile":
		return s.getFile(c)
	}
	return nil, failure{404, "Not Found: method not found"}
}

// writableChat finds the chat a call is about, if it may be written to.
func (s *Server) writableChat(c *Call) (*Chat, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	chat := s.chats[c.Chat]
	switch {
	case c.Chat == 0:
		return nil, badRequest("chat_id is empty")
	case chat == nil:
		return nil, badRequest("chat not found")
	case chat.blocked && chat.ID > 0:
		return nil, forbidden("bot was blocked by the user")
	case chat.blocked:
		return nil, forbidden("bot was kicked from the group chat")
	case c.number("message_thread_id") != 0 && !chat.topics[c.number("message_thread_id")]:
		return nil, badRequest("message thread not found")
	}
	return chat, nil
}

func (s *Server) sendMessage(c *Call) (any, error) {
	chat, err := s.writableChat(c)
	if err != nil {
		return nil, err
	}
	m := &Message{Chat: c.Chat, Text: sanitize(c.text("text")), Quiet: string(c.Params["disable_notification"]) == "true"}
	if err := s.readContent(c, m, "entities", 4096); err != nil {
		return nil, err
	}
	return s.add(chat, m, c.number("message_thread_id")), nil
}

// readContent reads what a message is besides its text, and refuses what the Bot API refuses.
func (s *Server) readContent(c *Call, m *Message, entities string, most int) error {
	if strings.TrimSpace(m.Text) == "" && most == 4096 {
		return badRequest("message text is empty")
	}
	if utf16Len(m.Text) > most {
		return badRequest("message is too long")
	}
	if err := c.into(entities, &m.Entities); err != nil {
		return err
	}
	for _, e := range m.Entities {
		end := e.Offset + e.Length
		if e.Offset < 0 || e.Length <= 0 || end > utf16Len(m.Text) || splitsRune(m.Text, e.Offset) || splitsRune(m.Text, end) {
			return badRequest("ENTITY_BOUNDS_INVALID")
		}
	}
	if !s.Quiet {
		m.Live = liveEntities(m.Text, m.Entities)
	}
	var k struct {
		Rows [][]Button `json:"inline_keyboard"`
	}
	if err := c.into("reply_markup", &k); err != nil {
		return err
	}
	m.Keyboard = k.Rows
	return checkKeyboard(k.Rows)
}

func checkKeyboard(rows [][]Button) error {
	n := 0
	for _, row := range rows {
		if len(row) > 8 {
			return badRequest("reply markup is too long")
		}
		for _, b := range row {
			n++
			switch {
			case strings.TrimSpace(b.Text) == "":
				return badRequest("can't parse inline keyboard button: Text must be non-empty")
			case len(b.Data) == 0 || len(b.Data) > 64:
				return badRequest("BUTTON_DATA_INVALID")
			}
		}
	}
	if n > 100 {
		return badRequest("reply markup is too long")
	}
	return nil
}

func (s *Server) add(chat *Chat, m *Message, topic int64) any {
	s.mu.Lock()
	m.Topic = topic
	chat.last++
	m.ID, m.Date = chat.last, time.Now()
	chat.messages = append(chat.messages, m)
	if s.Quiet && len(chat.messages) > 2*fewMessages {
		chat.messages = slices.Clone(chat.messages[fewMessages:])
	}
	s.notify()
	wire, copied := m.wire(chat), *m
	s.mu.Unlock()
	for _, told := range []func(Message){s.Heard, s.Shown} {
		if told != nil {
			told(copied)
		}
	}
	return wire
}

// fewMessages are kept of a chat by a server that is Quiet.
const fewMessages = 20

func (s *Server) sendFile(c *Call) (any, error) {
	chat, err := s.writableChat(c)
	if err != nil {
		return nil, err
	}
	kind := strings.ToLower(strings.TrimPrefix(strings.ToLower(c.Method), "send"))
	content, ok := c.Uploads[kind]
	if !ok {
		return nil, badRequest("there is no " + kind + " in the request")
	}
	quiet := string(c.Params["disable_notification"]) == "true"
	m := &Message{Chat: c.Chat, Text: sanitize(c.text("caption")), File: content, Kind: kind, Quiet: quiet}
	if kind == "photo" && len(content) > 10<<20 || len(content) > 50<<20 {
		return nil, failure{413, "Request Entity Too Large"}
	}
	if err := s.readContent(c, m, "caption_entities", 1024); err != nil {
		return nil, err
	}
	return s.add(chat, m, c.number("message_thread_id")), nil
}

// editable finds the message a call wants to change. The bot can change its own messages alone.
func (s *Server) editable(c *Call) (*Chat, *Message, error) {
	chat, err := s.writableChat(c)
	if err != nil {
		return nil, nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range chat.messages {
		if int64(m.ID) == c.number("message_id") && !m.Deleted {
			if m.Mine {
				return nil, nil, badRequest("message can't be edited")
			}
			return chat, m, nil
		}
	}
	return nil, nil, badRequest("message to edit not found")
}

// unchanged refuses an edit that changes nothing.
const unchanged = "message is not modified: specified new message content and reply markup are exactly the same as " +
	"a current content and reply markup of the message"

func (s *Server) editText(c *Call) (any, error) {
	chat, old, err := s.editable(c)
	if err != nil {
		return nil, err
	}
	m := &Message{Chat: c.Chat, Text: sanitize(c.text("text"))}
	if err := s.readContent(c, m, "entities", 4096); err != nil {
		return nil, err
	}
	wire, copied, err := s.replace(chat, old, m)
	if err == nil && s.Shown != nil {
		s.Shown(copied)
	}
	return wire, err
}

// replace puts new content in place of the old, and refuses an edit that changes nothing, as the Bot API does.
func (s *Server) replace(chat *Chat, old, m *Message) (wire any, now Message, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if old.Text == m.Text && same(old.Entities, m.Entities) && same(old.Keyboard, m.Keyboard) {
		return nil, now, badRequest(unchanged)
	}
	old.Text, old.Entities, old.Keyboard, old.Live = m.Text, m.Entities, m.Keyboard, m.Live
	old.Edits++
	s.notify()
	return old.wire(chat), *old, nil
}

func (s *Server) editMarkup(c *Call) (any, error) {
	chat, old, err := s.editable(c)
	if err != nil {
		return nil, err
	}
	var m Message
	m.Text = "x"
	if err := s.readContent(c, &m, "entities", 4096); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if same(old.Keyboard, m.Keyboard) {
		return nil, badRequest(unchanged)
	}
	old.Keyboard = m.Keyboard
	s.notify()
	return old.wire(chat), nil
}

func same(a, b any) bool {
	one, _ := json.Marshal(a)
	two, _ := json.Marshal(b)
	return string(one) == string(two)
}

func (s *Server) deleteMessage(c *Call) (any, error) {
	_, m, err := s.editable(c)
	if err != nil {
		return nil, badRequest("message to delete not found")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	m.Deleted = true
	s.notify()
	return true, nil
}

func (s *Server) answerCallback(c *Call) (any, error) {
	id := c.text("callback_query_id")
	if utf16Len(c.text("text")) > 200 {
		return nil, badRequest("MESSAGE_TOO_LONG")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	a, asked := s.answers[id]
	if !asked || time.Since(a.At) > 150*time.Second && a.Times == 0 {
		return nil, badRequest("query is too old and response timeout expired or query ID is invalid")
	}
	a.Times++
	a.Text, a.Alert = c.text("text"), string(c.Params["show_alert"]) == "true"
	s.answers[id] = a
	s.notify()
	return true, nil
}

func (s *Server) setMenu(c *Call) (any, error) {
	scope := struct {
		Type   string
		ChatID int64 `json:"chat_id"`
	}{Type: "default"}
	if err := c.into("scope", &scope); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if scope.ChatID != 0 {
		scope.Type = fmt.Sprint("chat:", scope.ChatID)
	}
	method, deletes := strings.CutPrefix(strings.ToLower(c.Method), "delete")
	if deletes {
		method = "set" + method
	}
	what := strings.TrimPrefix(method, "setmy")
	if what == "shortdescription" {
		what = "short_description"
	}
	s.menus[method+" "+scope.Type+"/"+c.text("language_code")] = c.Params[what]
	s.notify()
	return true, nil
}

func (s *Server) getFile(c *Call) (any, error) {
	id := c.text("file_id")
	s.mu.Lock()
	defer s.mu.Unlock()
	path := "files/" + id
	content, ok := s.files[path]
	switch {
	case !ok:
		return nil, badRequest("invalid file_id")
	case len(content) > 20<<20:
		return nil, badRequest("file is too big")
	}
	return map[string]any{"file_id": id, "file_unique_id": "u" + id, "file_size": len(content), "file_path": path}, nil
}

// addFile stores what a person sends and returns its file id.
func (s *Server) addFile(content []byte, ending string) string {
	s.nextFile++
	id := fmt.Sprintf("F%d%s", s.nextFile, ending)
	s.files["files/"+id] = content
	return id
}
