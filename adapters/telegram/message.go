package telegram

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/go-telegram/bot/models"

	"nevermind/bot"
)

// me is who we are on Telegram: the id is in the token, the name is asked for at start.
type me struct {
	id   int64
	name string // without @; empty until it is known
}

// message makes a message of an update, or says that it is none for us. It is pure. Files are not in it yet: files
// names them.
func message(u *update, who me) (bot.Message, bool) {
	m := bot.Message{ID: "tg:" + strconv.FormatInt(who.id, 10) + ":" + strconv.FormatInt(u.ID, 10)}
	switch {
	case u.Callback != nil:
		return m, pressed(&m, u.Callback)
	case u.Message != nil:
		return m, heard(&m, u.Message, who)
	case u.EditedMessage != nil:
		return m, edited(&m, u.EditedMessage, who)
	default:
		return m, false
	}
}

// pressed reads a press. Who pressed is the account that Telegram names, never what the button says.
func pressed(m *bot.Message, c *callback) bool {
	if c.Message == nil || c.From == nil || c.Data == "" {
		return false
	}
	m.Room, m.Account, m.Press = roomOf(c.Message.Chat.ID), accountOf(c.From.ID), c.Data
	m.Public = c.Message.Chat.Type != models.ChatTypePrivate
	return true
}

// heard reads what was written or sent.
func heard(m *bot.Message, s *said, who me) bool {
	if s.serves() {
		return false
	}
	m.Room, m.Public = roomOf(s.Chat.ID), s.Chat.Type != models.ChatTypePrivate
	if m.Public && !s.meant(who) {
		return false
	}
	if s.From != nil && !s.From.IsBot && s.SenderChat == nil { // an anonymous administrator or a channel is nobody
		m.Account = accountOf(s.From.ID)
	}
	if m.Account == "" && !m.Public {
		return false
	}
	if s.ReplyTo != nil && s.ReplyTo.From != nil && s.ReplyTo.From.ID == who.id {
		m.ReplyTo = refOf(s.ReplyTo.ID)
	}
	m.Text, m.Unsupported = s.words(who), s.odd()
	if !m.Public {
		m.Album = s.AlbumID
	}
	if m.Text, m.Link = linkOut(m.Text); m.Unsupported == bot.Forwarded {
		m.Link = "" // who passes a link on has not opened it
	}
	return true
}

// edited reads that an earlier message was changed: a live location moves without anybody writing.
func edited(m *bot.Message, s *said, who me) bool {
	if s.EditDate == 0 || s.Location != nil || s.Chat.Type != models.ChatTypePrivate || !heard(m, s, who) {
		return false
	}
	m.Unsupported, m.Text, m.Link, m.ReplyTo, m.Album = bot.Edited, "", "", "", ""
	return true
}

// words is what was typed: the text or the caption, a command without the name of the bot behind it.
func (s *said) words(who me) string {
	if s.Text == "" {
		return s.Caption
	}
	for _, e := range s.Entities {
		if e.Type == models.MessageEntityTypeBotCommand && e.Offset == 0 {
			return withoutName(s.Text, e.Length)
		}
	}
	return s.Text
}

// withoutName takes "@bot" off the command at the beginning; length is in UTF-16 units, as Telegram counts.
func withoutName(text string, length int) string {
	units := utf16.Encode([]rune(text))
	if length <= 0 || length > len(units) {
		return text
	}
	command, _, _ := strings.Cut(string(utf16.Decode(units[:length])), "@")
	return command + string(utf16.Decode(units[length:]))
}

// linkOut takes the one-time token out of "/start TOKEN", and out of an address that was pasted, which opens nothing.
func linkOut(text string) (rest, token string) {
	words := strings.Fields(text)
	if len(words) < 2 || !strings.EqualFold(words[0], "/start") {
		return pasted.ReplaceAllString(text, "${1}…"), ""
	}
	return words[0], words[1]
}

// Where a token may stand: in an address, and in an update that cannot be read.
var (
	pasted  = regexp.MustCompile(`(?i)([?&]start(?:group)?=)[A-Za-z0-9_-]+`)
	started = regexp.MustCompile(`(?i)(/start(?:@[a-z0-9_]+)?(?:\s|\\[nrt]|\\u00[02][0-9a-d])+)[A-Za-z0-9_-]+`)
)

// withoutTokens is a raw update without what may be a one-time token.
func withoutTokens(raw []byte) []byte {
	return pasted.ReplaceAll(started.ReplaceAll(raw, []byte("${1}…")), []byte("${1}…"))
}

// meant says whether something in a group is meant for us: a command, our name, or an answer to what we said there.
func (s *said) meant(who me) bool {
	if s.ReplyTo != nil && s.ReplyTo.From != nil && s.ReplyTo.From.ID == who.id {
		return true
	}
	if who.name == "" {
		return false
	}
	units := utf16.Encode([]rune(s.Text))
	for _, e := range s.Entities {
		if e.Offset < 0 || e.Length <= 0 || e.Offset+e.Length > len(units) {
			continue
		}
		word := string(utf16.Decode(units[e.Offset : e.Offset+e.Length]))
		_, name, named := strings.Cut(word, "@")
		switch e.Type {
		case models.MessageEntityTypeBotCommand, models.MessageEntityTypeMention:
			if named && strings.EqualFold(name, who.name) {
				return true
			}
		}
	}
	return false
}

// odd says what a message is besides text and files.
func (s *said) odd() bot.Unsupported {
	switch {
	case s.ForwardOrigin != nil:
		return bot.Forwarded
	case s.Sticker != nil, s.Dice != nil, s.Game != nil, s.Animation != nil:
		return bot.Sticker
	case s.Location != nil, s.Venue != nil:
		return bot.Place
	case s.Contact != nil:
		return bot.Contact
	case s.Poll != nil:
		return bot.Poll
	case s.Text == "" && s.Caption == "" && len(s.files()) == 0:
		return bot.Other
	default:
		return ""
	}
}

// serves says whether the message only tells of the chat.
func (s *said) serves() bool {
	v := &s.service
	for _, raw := range [][]byte{v.NewMembers, v.LeftMember, v.Pinned, v.AutoDelete, v.WriteAllowed, v.Background, v.NewPhoto, v.ForumCreated,
		v.ForumEdited, v.ForumClosed, v.ForumReopened, v.VideoChat, v.VideoChatOver, v.Boost} {
		if raw != nil {
			return true
		}
	}
	return v.MigrateTo != 0 || v.MigrateFrom != 0 || v.NewTitle != "" || v.PhotoDeleted || v.GroupCreated || v.SuperCreated
}

// lane is the queue an update waits in: what is said in one chat is taken in order, and so are the presses there.
func (u *update) lane() string {
	switch {
	case u.Callback != nil && u.Callback.From != nil:
		return "press:" + strconv.FormatInt(u.Callback.From.ID, 10)
	case u.Message != nil:
		return "chat:" + strconv.FormatInt(u.Message.Chat.ID, 10)
	case u.EditedMessage != nil:
		return "chat:" + strconv.FormatInt(u.EditedMessage.Chat.ID, 10)
	case u.MyChatMember != nil:
		return "chat:" + strconv.FormatInt(u.MyChatMember.Chat.ID, 10)
	default:
		return ""
	}
}

const name = "telegram"

func roomOf(chat int64) bot.Room     { return bot.Room(name + ":" + strconv.FormatInt(chat, 10)) }
func accountOf(user int64) string    { return name + ":" + strconv.FormatInt(user, 10) }
func refOf(message int64) bot.Ref    { return bot.Ref(strconv.FormatInt(message, 10)) }
func number(s string) (int64, error) { return strconv.ParseInt(s, 10, 64) }
