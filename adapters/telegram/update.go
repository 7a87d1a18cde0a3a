package telegram

import (
	"encoding/json"

	"github.com/go-telegram/bot/models"
)

// update is what we read of an update: only what we use, so that nothing new elsewhere in it can stand in the way.
type update struct {
	ID            int64          `json:"update_id"`
	Message       *chatMessage   `json:"message"`
	EditedMessage *chatMessage   `json:"edited_message"`
	Callback      *callbackQuery `json:"callback_query"`
	MyChatMember  *memberUpdate  `json:"my_chat_member"`
}

// membership is what we may do in a chat from now on: in a private one, whether we are blocked.
type memberUpdate struct {
	Chat models.Chat  `json:"chat"`
	From *models.User `json:"from"`
	New  struct {
		Status string `json:"status"`
	} `json:"new_chat_member"`
}

// door says whether we may write in a private chat from now on; false, false where it says nothing of that.
func (m *memberUpdate) canWrite() (open, told bool) {
	if m.Chat.Type != models.ChatTypePrivate || m.From == nil {
		return false, false
	}
	return m.New.Status == "member", m.New.Status == "member" || m.New.Status == "kicked"
}

// said is what we read of a message.
type chatMessage struct {
	ID            int64                  `json:"message_id"`
	From          *models.User           `json:"from"`
	SenderChat    *models.Chat           `json:"sender_chat"`
	Date          int64                  `json:"date"`
	EditDate      int64                  `json:"edit_date"`
	Chat          models.Chat            `json:"chat"`
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

// service is what tells of the chat rather than being said by somebody.
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

// repliedTo is the message that one answers.
type repliedTo struct {
	ID   int64        `json:"message_id"`
	From *models.User `json:"from"`
}

// attached is a file as a message names it.
type attachment struct {
	ID       string `json:"file_id"`
	UniqueID string `json:"file_unique_id"`
	Name     string `json:"file_name"`
	Type     string `json:"mime_type"`
	Size     int64  `json:"file_size"`
}

// callback is a press.
type callbackQuery struct {
	ID      string       `json:"id"`
	From    *models.User `json:"from"`
	Message *struct {    // absent below what was sent by way of another chat; only its ids where it is too old
		ID   int64       `json:"message_id"`
		Chat models.Chat `json:"chat"`
	} `json:"message"`
	Data string `json:"data"`
}
