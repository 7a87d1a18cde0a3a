package slack

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"nevermind/bot"
)

// adapterName is the first part of rooms, accounts and message ids, and the label of every count.
const adapterName = "slack"

// room is a Slack channel as the engine names it: "slack:C0123".
func room(channel string) bot.Room { return bot.Room(adapterName + ":" + channel) }

// channelOf is the Slack channel of a room that room has made.
func channelOf(r bot.Room) string { return string(r)[len(adapterName+":"):] }

// accountID is the account of a member of a team: "slack:T0123/U0123".
func accountID(team, user string) string { return adapterName + ":" + team + "/" + user }

// visitorAccount is the account of somebody who may read but not decide. It differs from accountID, so that a former agent
// no longer acts as the person whom they once were.
func visitorAccount(team, user string) string { return accountID(team, user) + "/visitor" }

// Message ids. Each is the same however often Slack delivers the same thing, so that receiving is idempotent; it names the
// app and the team, since two installations may share a store. It names no account, since journals keep it for ever. The forms
// are stored with what was handled: never change them.

// messageID is the id of a message made of something that Slack identifies itself: an event or a slash command.
func (i identity) messageID(of string) string {
	return adapterName + ":" + i.app + ":" + i.team + ":" + of
}

// pressMessageID is the id of one press of one button; the same person pressing again is another.
func (i identity) pressMessageID(messageTS, user, actionID, actionTS string) string {
	return i.messageID(strings.Join([]string{messageTS, i.unnamed(user, messageTS), actionID, actionTS}, ":"))
}

// unnamed is a hash that tells apart the users of one message or modal, and does not contain their account.
func (i identity) unnamed(user, of string) string {
	sum := sha256.Sum256([]byte(i.messageID(of + ":" + user)))
	return hex.EncodeToString(sum[:8])
}

// viewMessageID is the id of one state of one modal that was sent; the hash changes with every update of the modal.
func (i identity) viewMessageID(view, hash, user string) string {
	return i.messageID("view:" + view + ":" + hash + ":" + i.unnamed(user, view))
}

// evidenceMessageID is the id of one use of the evidence shortcut by somebody who may not use it.
func (i identity) evidenceMessageID(messageTS, user, actionTS string) string {
	return i.messageID("keep:" + messageTS + ":" + i.unnamed(user, messageTS) + ":" + actionTS)
}

// unreadableMessageID is the id of the message that stands for an event which cannot be read: the event's own is its dead
// letter's.
func (i identity) unreadableMessageID(event string) string { return i.messageID("odd:" + event) }

// deadLetterID is the id of a payload that cannot be read: of its event or trigger where it has one, else a hash.
func (i identity) deadLetterID(raw []byte) string {
	var p struct {
		EventID string `json:"event_id"`
		Trigger string `json:"trigger_id"`
	}
	if json.Unmarshal(raw, &p) == nil && p.EventID+p.Trigger != "" {
		return i.messageID(p.EventID + p.Trigger)
	}
	sum := sha256.Sum256(raw)
	return i.messageID("raw:" + hex.EncodeToString(sum[:16]))
}

// The action ids of our buttons begin so; what follows only makes them unique within a message or view.
const (
	pressActionPrefix = "press/" // a reply's choice; the value is its token
	homeActionPrefix  = "home/"  // a button of the home tab; the value is homeTarget
)

// homeTarget is the value of a button in the home tab: the list and the page that it leads to.
func homeTarget(list string, page int) string { return list + "/" + strconv.Itoa(page) }

// parseHomeTarget reads homeTarget.
func parseHomeTarget(value string) (list string, page int, ok bool) {
	list, number, _ := strings.Cut(value, "/")
	page, err := strconv.Atoi(number)
	return list, page, err == nil
}

// Callback ids: of the shortcut, as the app's manifest names it, and of our modals.
const (
	evidenceCallback = "make_evidence" // the message shortcut
	formCallback     = "form"          // a modal that shows a form's fields
	caseCallback     = "which"         // a modal that asks which case a message is evidence of
)

// Blocks of our modals: a form's field is the block of its name, with one action. caseCallback has one block.
const (
	answerActionID = "answer"
	caseBlockID    = "which"
)

// Every message that we post carries the id of its task as metadata, 128 random bits that only the app can read. By it an
// earlier attempt is found again.
const (
	metadataType   = "nevermind_sent"
	metadataTaskID = "id"
)

// withTaskID adds the metadata to a call that posts.
func withTaskID(task string) slack.MsgOption {
	return slack.MsgOptionMetadata(slack.SlackMetadata{EventType: metadataType, EventPayload: map[string]any{metadataTaskID: task}})
}

// timeOf is when a message was posted, to the second: a ts is "seconds.sequence". The zero time where it is none.
func timeOf(ts string) time.Time {
	seconds, _, _ := strings.Cut(ts, ".")
	n, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.Unix(n, 0).UTC()
}
