package telegramtest

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf16"
)

// Chat is a chat as the person in it sees it; they act in it by its methods, each of which makes the update that the Bot API
// would send. The server's lock guards it. Its id is the person's own in a private chat, and negative in a group.
type Chat struct {
	ID       int64
	Kind     string // "private", "group", "supergroup"
	Person   Person
	server   *Server
	last     int // id of the last message
	blocked  bool
	messages []*Message
	topics   map[int64]bool // open ones, by their thread's id
	unfolded map[[2]int]bool
}

// Person is somebody on Telegram.
type Person struct {
	ID       int64
	Name     string
	Language string // "es"; may be empty
}

// Message is one message as it stands in a chat now.
type Message struct {
	ID       int
	Chat     int64
	Mine     bool // the person's own
	Date     time.Time
	Text     string
	Entities []Entity
	Live     []string // what Telegram would make touchable in it: mentions, links, commands, tags
	Keyboard [][]Button
	Kind     string // "photo", "document" …; empty is text
	File     []byte
	Quiet    bool
	Topic    int64 // 0 is none
	Edits    int
	Deleted  bool
}

// Entity is a mark on part of a text, in UTF-16 units.
type Entity struct {
	Type   string `json:"type"`
	Offset int    `json:"offset"`
	Length int    `json:"length"`
	URL    string `json:"url,omitempty"`
}

// Button is one button below a message.
type Button struct {
	Text  string `json:"text"`
	Data  string `json:"callback_data"`
	Style string `json:"style,omitempty"`
}

// Private is the chat of a person with the bot; Start opens it.
func (s *Server) Private(p Person) *Chat { return s.chat(p.ID, "private", p) }

// Group is a group in which a person acts. Its id is negative.
func (s *Server) Group(id int64, p Person) *Chat { return s.chat(id, "supergroup", p) }

func (s *Server) chat(id int64, kind string, p Person) *Chat {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.chats[id] == nil {
		s.chats[id] = &Chat{ID: id, Kind: kind, Person: p, server: s}
	}
	return s.chats[id]
}

// Messages are all messages that stand in the chat, oldest first.
func (c *Chat) Messages() []Message {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	var all []Message
	for _, m := range c.messages {
		if !m.Deleted {
			all = append(all, *m)
		}
	}
	return all
}

// Heard are the bot's messages that stand in the chat.
func (c *Chat) Heard() []Message {
	return slices.DeleteFunc(c.Messages(), func(m Message) bool { return m.Mine })
}

// Newest are at most so many of the last messages that stand in the chat, oldest first.
func (c *Chat) Newest(most int) []Message {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	var all []Message
	for _, m := range slices.Backward(c.messages) {
		if len(all) == most {
			break
		}
		if !m.Deleted {
			all = append(all, *m)
		}
	}
	slices.Reverse(all)
	return all
}

// Last is the bot's last message; empty where it has said nothing.
func (c *Chat) Last() Message {
	all := c.Heard()
	if len(all) == 0 {
		return Message{}
	}
	return all[len(all)-1]
}

// Await waits for a message of the bot with the words in it and returns it; false where none comes.
func (c *Chat) Await(words string) (found Message, ok bool) {
	ok = c.server.Until(func() bool {
		for _, m := range c.Heard() {
			if strings.Contains(Seen(m.Text), words) {
				found = m
				return true
			}
		}
		return false
	})
	return found, ok
}

// Seen is a text without what nobody sees: the word joiners and isolates that the adapter puts into it.
func Seen(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\u2060' || r >= '\u2066' && r <= '\u2069' {
			return -1
		}
		return r
	}, text)
}

// Type sends a text. A command at its beginning is marked as one.
func (c *Chat) Type(text string) int64 { return c.Send(map[string]any{"text": text}) }

// Reply answers one of the bot's messages.
func (c *Chat) Reply(to int, text string) int64 {
	return c.Answer(to, map[string]any{"text": text})
}

// Photo sends a picture, in two sizes.
func (c *Chat) Photo(content []byte, caption string) int64 {
	s := c.server
	s.mu.Lock()
	small, large := s.addFile(content[:min(len(content), 10)], ".jpg"), s.addFile(content, ".jpg")
	s.mu.Unlock()
	size := func(id string, n int) map[string]any {
		return map[string]any{"file_id": id, "file_unique_id": "u" + id, "width": 90, "height": 90, "file_size": n}
	}
	return c.Send(map[string]any{"caption": caption, "photo": []any{size(small, 10), size(large, len(content))}})
}

// Document sends a file.
func (c *Chat) Document(fileName string, content []byte) int64 {
	return c.Send(c.server.Attached(fileName, content))
}

// Album sends files as one album, an update each, the first with the caption and as an answer to a message where that is
// not 0, and returns the ids of the updates.
func (c *Chat) Album(caption string, to int, parts ...map[string]any) (updates []int64) {
	c.server.mu.Lock()
	album := fmt.Sprint("1", c.server.nextUpdate)
	c.server.mu.Unlock()
	for i, p := range parts {
		p["media_group_id"] = album
		if i > 0 {
			caption, to = "", 0
		}
		p["caption"] = caption
		updates = append(updates, c.Answer(to, p))
	}
	return updates
}

// Answer sends a message, whatever it may be, in answer to one of the bot's, where that is not 0.
func (c *Chat) Answer(to int, fields map[string]any) int64 {
	if to != 0 {
		fields["reply_to_message"] = c.repliedTo(to)
	}
	return c.Send(fields)
}

// repliedTo is the bot's message that an answer is to, as an update shows it: with its buttons.
func (c *Chat) repliedTo(id int) map[string]any {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	for _, m := range c.messages {
		if m.ID == id && !m.Mine {
			return m.wire(c)
		}
	}
	return map[string]any{"message_id": id, "date": 1, "chat": c.wire(),
		"from": map[string]any{"id": BotID, "is_bot": true, "first_name": "Nevermind"}}
}

// Attached is a file as a message has it: what Send takes, for more to be added.
func (s *Server) Attached(fileName string, content []byte) map[string]any {
	s.mu.Lock()
	id := s.addFile(content, "")
	s.mu.Unlock()
	file := map[string]any{"file_id": id, "file_unique_id": "u" + id, "file_name": fileName, "file_size": len(content)}
	return map[string]any{"document": file}
}

// Send sends whatever else a message may be ("sticker", "location" …), and returns the update's id.
func (c *Chat) Send(fields map[string]any) int64 {
	s := c.server
	s.mu.Lock()
	defer s.mu.Unlock()
	c.last++
	m := &Message{ID: c.last, Chat: c.ID, Mine: true, Date: time.Now()}
	wire := map[string]any{"message_id": m.ID, "date": m.Date.Unix(), "chat": c.wire(), "from": c.Person.wire()}
	for k, v := range fields {
		wire[k] = v
	}
	m.Text, _ = wire["text"].(string)
	if e := commandIn(m.Text); e.Length > 0 && wire["entities"] == nil {
		wire["entities"] = []Entity{e}
	}
	c.messages = append(c.messages, m)
	return s.update(c.ID, "message", wire)
}

// Edit changes one of the person's own messages.
func (c *Chat) Edit(id int, text string) int64 {
	s := c.server
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now().Unix()
	return s.update(c.ID, "edited_message", map[string]any{
		"message_id": id, "date": now, "edit_date": now, "chat": c.wire(), "from": c.Person.wire(), "text": text,
	})
}

// Press presses the button with this label on the newest message that has it, and returns the query's id; empty where
// there is none.
func (c *Chat) Press(label string) string {
	all := c.Heard()
	for i := len(all) - 1; i >= 0; i-- {
		for _, row := range all[i].Keyboard {
			for _, b := range row {
				if Seen(b.Text) == label {
					return c.PressData(all[i].ID, b.Data)
				}
			}
		}
	}
	return ""
}

// Unfold presses More below the newest message that has it, as somebody does who looks for a button. Of each version of a
// message it does so once.
func (c *Chat) Unfold() {
	if c.unfolded == nil {
		c.unfolded = map[[2]int]bool{}
	}
	for _, m := range slices.Backward(c.Heard()) {
		version := [2]int{m.ID, m.Edits}
		for _, row := range m.Keyboard {
			for _, b := range row {
				if b.Text == "More" && !c.unfolded[version] {
					c.unfolded[version] = true
					c.PressData(m.ID, b.Data)
					return
				}
			}
		}
	}
}

// PressData presses a button by what it carries, below a message that need not have it any more.
func (c *Chat) PressData(message int, data string) string {
	s := c.server
	s.mu.Lock()
	defer s.mu.Unlock()
	id := fmt.Sprintf("Q%d", s.nextUpdate)
	s.answers[id] = Answer{At: time.Now()}
	s.update(c.Person.ID+3<<33, "callback_query", map[string]any{
		"id": id, "from": c.Person.wire(), "chat_instance": "1", "data": data,
		"message": map[string]any{"message_id": message, "date": time.Now().Unix(), "chat": c.wire(),
			"from": map[string]any{"id": BotID, "is_bot": true, "first_name": "Nevermind"}}})
	return id
}

// Topic opens a topic of the chat, in which the bot may write from then on, or removes it. TypeIn types in it.
func (c *Chat) Topic(id int64, open bool) {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	if c.topics == nil {
		c.topics = map[int64]bool{}
	}
	c.topics[id] = open
}

// TypeIn sends a text in a topic.
func (c *Chat) TypeIn(topic int64, text string) int64 {
	return c.Send(map[string]any{"text": text, "message_thread_id": topic, "is_topic_message": true})
}

// Block blocks the bot; Unblock lets it write again.
func (c *Chat) Block() { c.member(true, "kicked") }

// Vanish blocks the bot without its being told: the update is lost, as one that waits for over a day is.
func (c *Chat) Vanish() {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	c.blocked = true
}

// Unblock lets the bot write again.
func (c *Chat) Unblock() { c.member(false, "member") }

func (c *Chat) member(blocked bool, status string) {
	s := c.server
	s.mu.Lock()
	defer s.mu.Unlock()
	c.blocked = blocked
	me := map[string]any{"id": BotID, "is_bot": true, "first_name": "Nevermind"}
	s.update(c.ID, "my_chat_member", map[string]any{"chat": c.wire(), "from": c.Person.wire(), "date": time.Now().Unix(),
		"old_chat_member": map[string]any{"status": "member", "user": me},
		"new_chat_member": map[string]any{"status": status, "user": me}})
}

// Labels are a message's buttons by their labels, row by row.
func (m Message) Labels() (labels []string) {
	for _, row := range m.Keyboard {
		for _, b := range row {
			labels = append(labels, Seen(b.Text))
		}
	}
	return labels
}

// wire is the message as the Bot API returns it.
func (m *Message) wire(c *Chat) map[string]any {
	w := map[string]any{"message_id": m.ID, "date": m.Date.Unix(), "chat": c.wire(), "text": m.Text,
		"from": map[string]any{"id": BotID, "is_bot": true, "first_name": "Nevermind"}}
	if len(m.Entities) > 0 {
		w["entities"] = m.Entities
	}
	if len(m.Keyboard) > 0 {
		w["reply_markup"] = map[string]any{"inline_keyboard": m.Keyboard}
	}
	return w
}

func (c *Chat) wire() map[string]any {
	if c.Kind == "private" {
		return map[string]any{"id": c.ID, "type": "private", "first_name": c.Person.Name}
	}
	return map[string]any{"id": c.ID, "type": c.Kind, "title": "A group"}
}

func (p Person) wire() map[string]any {
	w := map[string]any{"id": p.ID, "is_bot": false, "first_name": p.Name}
	if p.Language != "" {
		w["language_code"] = p.Language
	}
	return w
}

// commandIn is the mark of a command at the beginning of a text, if there is one.
func commandIn(text string) Entity {
	word, _, _ := strings.Cut(text, " ")
	if len(word) < 2 || word[0] != '/' {
		return Entity{}
	}
	return Entity{Type: "bot_command", Length: len(utf16.Encode([]rune(word)))}
}
