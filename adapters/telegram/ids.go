package telegram

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"nevermind/bot"
)

// The ids of the adapter. Only this file mints and parses them; to everyone else they are opaque. They are stored, so their
// form never changes:
//
//	room      telegram:CHAT           a group's CHAT is negative
//	account   telegram:USER
//	message   tg:BOT:UPDATE           BOT is the bot's own id; the inbox deduplicates by it
//	          tg:BOT:raw:HASH         an update without a readable id
//	ref       MESSAGE                 a message's id in its chat
const adapterName = "telegram"

// roomOf is the room of a chat.
func roomOf(chat int64) bot.Room { return bot.Room(adapterName + ":" + strconv.FormatInt(chat, 10)) }

// accountOf is the account of a user.
func accountOf(user int64) string { return adapterName + ":" + strconv.FormatInt(user, 10) }

// refOf is the reference to a message.
func refOf(message int64) bot.Ref { return bot.Ref(strconv.FormatInt(message, 10)) }

// messageID is the id of the message that an update brings.
func messageID(self identity, update int64) string {
	return "tg:" + strconv.FormatInt(self.id, 10) + ":" + strconv.FormatInt(update, 10)
}

// rawMessageID is the id of an update of which nothing else may be readable: a hash stands in for an update id that is not.
func rawMessageID(self identity, raw json.RawMessage) string {
	if id, ok := updateID(raw); ok {
		return messageID(self, id)
	}
	sum := sha256.Sum256(raw)
	return "tg:" + strconv.FormatInt(self.id, 10) + ":raw:" + hex.EncodeToString(sum[:16])
}

// updateID reads an update's id and nothing else of it.
func updateID(raw json.RawMessage) (int64, bool) {
	var u struct {
		ID *int64 `json:"update_id"`
	}
	if json.Unmarshal(raw, &u) != nil || u.ID == nil {
		return 0, false
	}
	return *u.ID, true
}

// chatOf parses a room.
func chatOf(r bot.Room) (int64, error) {
	adapter, id, _ := strings.Cut(string(r), ":")
	if adapter != adapterName {
		return 0, errors.New("the room is not Telegram's")
	}
	return parseID(id)
}

// messageOf parses a reference; 0 where it names no message.
func messageOf(r bot.Ref) int64 {
	message, _ := parseID(string(r))
	return message
}

// refIn is the reference to the message that a call has sent, from the call's raw result; empty where that is none.
func refIn(result json.RawMessage) bot.Ref {
	var message struct {
		ID int64 `json:"message_id"`
	}
	if json.Unmarshal(result, &message) != nil || message.ID == 0 {
		return ""
	}
	return refOf(message.ID)
}

// parseID parses the id of a chat, a user or a message; it fails where that is no number.
func parseID(s string) (int64, error) { return strconv.ParseInt(s, 10, 64) }
