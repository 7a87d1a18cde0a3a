package telegram

import (
	"encoding/json"
	"strconv"

	"github.com/go-telegram/bot/models"
)

// update is an update of the Bot API. It declares only the fields that the adapter reads, so that a field of a new kind or
// form elsewhere cannot make it unreadable. At most one of its pointers is set.
type update struct {
	ID            int64          `json:"update_id"`
	Message       *chatMessage   `json:"message"`
	EditedMessage *chatMessage   `json:"edited_message"`
	Callback      *callbackQuery `json:"callback_query"`
	MyChatMember  *memberUpdate  `json:"my_chat_member"`
}

// memberUpdate says that the bot's own membership of a chat has changed: in a private chat, that the person has blocked the
// bot ("kicked") or unblocked it ("member").
type memberUpdate struct {
	Chat models.Chat  `json:"chat"`
	From *models.User `json:"from"`
	New  struct {
		Status string `json:"status"`
	} `json:"new_chat_member"`
}

// canWrite says whether the bot may write in a private chat from now on; known is false where the update does not tell.
func (m *memberUpdate) canWrite() (can, known bool) {
	if m.Chat.Type != models.ChatTypePrivate || m.From == nil {
		return false, false
	}
	return m.New.Status == "member", m.New.Status == "member" || m.New.Status == "kicked"
}

// chatMessage is a message of the Bot API. What is only looked for, not read, is left raw: a new form of it is still there.
// From is who sent it and SenderChat the chat in whose name, for anonymous administrators and channels. Dates are Unix
// seconds. ThreadID is the topic in which it stands; in a group without topics, where InTopic is false, a chain of replies.
// AlbumID is shared by the messages of an album, each of which has one file. An animation is a GIF.
type chatMessage struct {
	ID            int64                  `json:"message_id"`
	From          *models.User           `json:"from"`
	SenderChat    *models.Chat           `json:"sender_chat"`
	Date          int64                  `json:"date"`
	EditDate      int64                  `json:"edit_date"`
	Chat          models.Chat            `json:"chat"`
	ThreadID      int64                  `json:"message_thread_id"`
	InTopic       bool                   `json:"is_topic_message"`
	ForwardOrigin json.RawMessage        `json:"forward_origin"`
	ReplyTo       *repliedTo             `json:"reply_to_message"`
	AlbumID       string                 `json:"media_group_id"`
	Text          string                 `json:"text"`
	Entities      []models.MessageEntity `json:"entities"`
	Caption       string                 `json:"caption"`

	Photo     []models.PhotoSize `json:"photo"`
	Video     *attachment        `json:"video"`
	VideoNote *attachment        `json:"video_note"`
	Document  *attachment        `json:"document"`
	Voice     *attachment        `json:"voice"`
	Audio     *attachment        `json:"audio"`
	Animation *attachment        `json:"animation"`

	Sticker  json.RawMessage `json:"sticker"`
	Dice     json.RawMessage `json:"dice"`
	Game     json.RawMessage `json:"game"`
	Location json.RawMessage `json:"location"`
	Venue    json.RawMessage `json:"venue"`
	Contact  json.RawMessage `json:"contact"`
	Poll     json.RawMessage `json:"poll"`

	serviceMessage
}

// serviceMessage holds the fields of a service message: one that tells of the chat instead of being sent by somebody.
type serviceMessage struct {
	NewMembers    json.RawMessage `json:"new_chat_members"`
	LeftMember    json.RawMessage `json:"left_chat_member"`
	Pinned        json.RawMessage `json:"pinned_message"`
	AutoDelete    json.RawMessage `json:"message_auto_delete_timer_changed"`
	WriteAllowed  json.RawMessage `json:"write_access_allowed"`
	Background    json.RawMessage `json:"chat_background_set"`
	MigrateTo     int64           `json:"migrate_to_chat_id"`
	MigrateFrom   int64           `json:"migrate_from_chat_id"`
	NewTitle      string          `json:"new_chat_title"`
	NewPhoto      json.RawMessage `json:"new_chat_photo"`
	PhotoDeleted  bool            `json:"delete_chat_photo"`
	GroupCreated  bool            `json:"group_chat_created"`
	SuperCreated  bool            `json:"supergroup_chat_created"`
	ForumCreated  json.RawMessage `json:"forum_topic_created"`
	ForumEdited   json.RawMessage `json:"forum_topic_edited"`
	ForumClosed   json.RawMessage `json:"forum_topic_closed"`
	ForumReopened json.RawMessage `json:"forum_topic_reopened"`
	VideoChat     json.RawMessage `json:"video_chat_started"`
	VideoChatOver json.RawMessage `json:"video_chat_ended"`
	Boost         json.RawMessage `json:"boost_added"`
}

// isService says whether the message is a service message.
func (s *chatMessage) isService() bool {
	v := &s.serviceMessage
	for _, raw := range [][]byte{
		v.NewMembers, v.LeftMember, v.Pinned, v.AutoDelete, v.WriteAllowed, v.Background, v.NewPhoto, v.ForumCreated, v.ForumEdited,
		v.ForumClosed, v.ForumReopened, v.VideoChat, v.VideoChatOver, v.Boost,
	} {
		if raw != nil {
			return true
		}
	}
	return v.MigrateTo != 0 || v.MigrateFrom != 0 || v.NewTitle != "" || v.PhotoDeleted || v.GroupCreated || v.SuperCreated
}

// repliedTo is the message that a message replies to. Its text is not read: the engine knows by its id what it said, or by its
// buttons, where the id is not known yet.
type repliedTo struct {
	ID       int64           `json:"message_id"`
	From     *models.User    `json:"from"`
	Keyboard json.RawMessage `json:"reply_markup"` // an inlineKeyboard
}

// token is what the first of the message's buttons carries; empty where it has none.
func (r *repliedTo) token() string {
	var k inlineKeyboard
	_ = json.Unmarshal(r.Keyboard, &k)
	for _, row := range k.Rows {
		for _, b := range row {
			if b.Data != "" {
				return b.Data
			}
		}
	}
	return ""
}

// attachment is a file as a message names it; Size is in bytes and 0 where Telegram does not tell.
type attachment struct {
	ID       string `json:"file_id"`
	UniqueID string `json:"file_unique_id"`
	Name     string `json:"file_name"`
	Type     string `json:"mime_type"`
	Size     int64  `json:"file_size"`
}

// callbackQuery is a press on a button. Data is what the button carries. Message is absent where the query names the message by
// an inline_message_id alone: by way of another chat, and in the bot's own messages by its setting callback_query_mode.
type callbackQuery struct {
	ID      string          `json:"id"`
	From    *models.User    `json:"from"`
	Message *pressedMessage `json:"message"`
	Data    string          `json:"data"`
}

// pressedMessage is the message below which a button was pressed. It holds only its ids, and the date 0, where it is too old.
type pressedMessage struct {
	ID       int64       `json:"message_id"`
	Date     int64       `json:"date"`
	Chat     models.Chat `json:"chat"`
	ThreadID int64       `json:"message_thread_id"`
	InTopic  bool        `json:"is_topic_message"`
}

// UnmarshalJSON leaves the message empty where it has a form that is not known: the press counts by its token.
func (m *pressedMessage) UnmarshalJSON(raw []byte) error {
	type plain pressedMessage
	var p plain
	if json.Unmarshal(raw, &p) == nil {
		*m = pressedMessage(p)
	}
	return nil
}

// missing is the field that a press needs and does not have.
func (c *callbackQuery) missing() string {
	if c.From == nil {
		return "from"
	}
	return "data"
}

// parsedUpdate is an update on its way to the inbox: as it came and, where it can be read, parsed once.
type parsedUpdate struct {
	id     int64 // 0 where it has none
	raw    json.RawMessage
	update *update // nil where it cannot be read
	open   bool    // it came by a webhook call, whose response may answer a press
}

// parseUpdate parses an update. Of one that cannot be read it finds the id, if it has one.
func parseUpdate(raw json.RawMessage) parsedUpdate {
	p := parsedUpdate{raw: raw}
	var u update
	if json.Unmarshal(raw, &u) == nil {
		p.update, p.id = &u, u.ID
	}
	if p.id == 0 {
		p.id, _ = updateID(raw)
	}
	return p
}

// lane names the lane in which a polled update waits for the inbox: messages of one chat are stored in order, and so are the
// presses of one person, which overtake messages.
func (p parsedUpdate) lane() string {
	u := p.update
	switch {
	case u == nil:
		return "unreadable"
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
