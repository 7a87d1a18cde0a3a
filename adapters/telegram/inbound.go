package telegram

import (
	"strings"
	"unicode/utf16"

	"github.com/go-telegram/bot/models"

	"nevermind/bot"
)

// message translates an update into a message; false where it is none for this bot. It is pure.
//
// A callback query is a press, a message is text, a link that was opened, files or something unsupported, and an edit is
// reported as one. In a private chat everything counts; in a group only what is addressed to the bot, and the message is
// marked public. Service messages, other bots and kinds of updates that were not asked for are no messages. Files are not in
// the message yet: chatMessage.attachments names them, and the intake fetches them.
func message(u *update, self identity) (bot.Message, bool) {
	m := bot.Message{ID: messageID(self, u.ID)}
	switch {
	case u.Callback != nil:
		return m, readPress(&m, u.Callback)
	case u.Message != nil:
		return m, readMessage(&m, u.Message, self)
	case u.EditedMessage != nil:
		return m, readEdit(&m, u.EditedMessage, self)
	default:
		return m, false
	}
}

// readPress reads a press. Its account is the one that Telegram names, never what the button carries. Where the query does not
// name the message's chat, the token is enough, and the room is the person's private chat.
func readPress(m *bot.Message, c *callbackQuery) bool {
	if c.From == nil || c.Data == "" {
		return false
	}
	m.Room, m.Account, m.Press = roomOf(c.From.ID), accountOf(c.From.ID), c.Data
	m.Language = c.From.LanguageCode
	if c.Message != nil && c.Message.Chat.ID != 0 {
		m.Room, m.Public = roomOf(c.Message.Chat.ID), c.Message.Chat.Type != models.ChatTypePrivate
	}
	return true
}

// readMessage reads what was written or sent. In a group only what is addressed to the bot counts, and an anonymous
// administrator or a channel there has no account.
func readMessage(m *bot.Message, s *chatMessage, self identity) bool {
	if s.isService() {
		return false
	}
	m.Room, m.Public = roomOf(s.Chat.ID), s.Chat.Type != models.ChatTypePrivate
	if m.Public && !s.addressedTo(self) {
		return false
	}
	if s.From != nil && !s.From.IsBot && s.SenderChat == nil {
		m.Account, m.Language = accountOf(s.From.ID), s.From.LanguageCode
	}
	if m.Account == "" && !m.Public {
		return false
	}
	if s.repliesTo(self) {
		m.ReplyTo, m.ReplyPress = refOf(s.ReplyTo.ID), s.ReplyTo.token()
	}
	m.Text, m.Unsupported = s.typedText(), s.unsupported()
	if !m.Public {
		m.Album = s.AlbumID
	}
	if m.Text, m.Link = cutLinkToken(m.Text); m.Unsupported == bot.Forwarded {
		m.Link = "" // whoever forwards a link has not opened it
	}
	return true
}

// readEdit reads that an earlier message was edited, not what it says now. A live location is edited whenever it moves,
// without anybody writing.
func readEdit(m *bot.Message, s *chatMessage, self identity) bool {
	if s.EditDate == 0 || s.Location != nil || s.Chat.Type != models.ChatTypePrivate || !readMessage(m, s, self) {
		return false
	}
	m.Unsupported, m.Text, m.Link, m.ReplyTo, m.ReplyPress, m.Album = bot.Edited, "", "", "", "", ""
	return true
}

// typedText is what was typed: the text or a file's caption. A command at its beginning loses the bot's name.
func (s *chatMessage) typedText() string {
	if s.Text == "" {
		return s.Caption
	}
	for _, e := range s.Entities {
		if e.Type == models.MessageEntityTypeBotCommand && e.Offset == 0 {
			return withoutBotName(s.Text, e.Length)
		}
	}
	return s.Text
}

// withoutBotName cuts "@bot" off the command that begins a text. The command's length is in UTF-16 units, as Telegram counts.
func withoutBotName(text string, length int) string {
	units := utf16.Encode([]rune(text))
	if length <= 0 || length > len(units) {
		return text
	}
	command, _, _ := strings.Cut(string(utf16.Decode(units[:length])), "@")
	return command + string(utf16.Decode(units[length:]))
}

// addressedTo says whether a message in a group is meant for the bot: a command or a mention with its name, or a reply to it.
func (s *chatMessage) addressedTo(self identity) bool {
	if s.repliesTo(self) {
		return true
	}
	if self.name == "" {
		return false
	}
	units := utf16.Encode([]rune(s.Text))
	for _, e := range s.Entities {
		if e.Offset < 0 || e.Length <= 0 || e.Offset+e.Length > len(units) {
			continue
		}
		_, name, named := strings.Cut(string(utf16.Decode(units[e.Offset:e.Offset+e.Length])), "@")
		switch e.Type {
		case models.MessageEntityTypeBotCommand, models.MessageEntityTypeMention:
			if named && strings.EqualFold(name, self.name) {
				return true
			}
		}
	}
	return false
}

// repliesTo says whether a message replies to one of the bot's.
func (s *chatMessage) repliesTo(self identity) bool {
	return s.ReplyTo != nil && s.ReplyTo.From != nil && s.ReplyTo.From.ID == self.id
}

// unsupported says what a message is besides text and files; empty where it is nothing else. A forward comes first: its words
// are somebody else's, whatever else it is. A kind that is not known has neither text nor files.
func (s *chatMessage) unsupported() bot.Unsupported {
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
	case s.Text == "" && s.Caption == "" && len(s.attachments()) == 0:
		return bot.Other
	default:
		return ""
	}
}

// attachments are the files of a message: where they are at Telegram, not their bytes. Of a photo it is the largest of its
// sizes, which is the last.
func (s *chatMessage) attachments() (files []attachment) {
	if n := len(s.Photo); n > 0 {
		p := s.Photo[n-1]
		files = append(files, attachment{ID: p.FileID, UniqueID: p.FileUniqueID, Name: "photo.jpg", Size: int64(p.FileSize)})
	}
	media := map[string]*attachment{"video.mp4": s.Video, "video-note.mp4": s.VideoNote, "voice.ogg": s.Voice, "audio.mp3": s.Audio}
	for fallback, f := range media {
		if f != nil {
			files = append(files, f.withFallbackName(fallback))
		}
	}
	if s.Document != nil && s.Animation == nil { // a GIF comes as both
		files = append(files, s.Document.withFallbackName("file"))
	}
	return files
}

// withFallbackName names a file that its sender has not named.
func (f attachment) withFallbackName(fallback string) attachment {
	if f.Name == "" {
		f.Name = fallback
	}
	return f
}
