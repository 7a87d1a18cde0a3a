package slack

import (
	"cmp"
	"html"
	"regexp"
	"slices"
	"strings"

	"nevermind/bot"
)

// Everything in this file is pure: what Slack sent, as far as payload.go reads it, becomes a bot.Message or is not for us.
// The account and the time are filled in by the caller, since finding out who acts takes calls.

// typedSubtypes are the subtypes of messages that people write; the empty one is a plain message.
var typedSubtypes = []string{"", "file_share", "me_message", "thread_broadcast"}

// knownSubtypes are those that ask for nothing: what is told of a channel, and messages of others than people.
var knownSubtypes = []string{
	"assistant_app_thread", "bot_add", "bot_message", "bot_remove", "channel_archive", "channel_canvas_updated",
	"channel_convert_to_private", "channel_convert_to_public", "channel_join", "channel_leave", "channel_name",
	"channel_posting_permissions", "channel_purpose", "channel_topic", "channel_unarchive", "document_mention",
	"ekm_access_denied", "file_comment", "file_mention", "group_archive", "group_join", "group_leave", "group_name", "group_purpose",
	"group_topic", "group_unarchive", "huddle_thread", "joiner_notification", "joiner_notification_for_inviter", "message_changed",
	"message_deleted", "message_replied", "pinned_item", "reminder_add", "reply_broadcast", "sh_room_created", "tombstone",
	"unpinned_item",
}

// eventMessage makes a message of a message event, and returns the author's part of the event: of an edit or a deletion
// that is the inner message. ok is false where the event is nothing for us.
//
// In a channel only what stands below one of our own messages is ours to read. It is a note among colleagues (m.Note):
// nothing typed in a channel is ever a command, and none of it reaches a customer.
func (i identity) eventMessage(id string, e *event) (m bot.Message, by *event, ok bool) {
	by, edited, deleted, other := e, false, false, false
	switch {
	case e.Subtype == "message_changed" && e.Message != nil:
		if e.Previous != nil && e.Previous.Text == e.Message.Text {
			return m, nil, false // an attachment or a reaction has changed, not what it says
		}
		by, edited = e.Message, true
	// A deletion carries the message as it was.
	case e.Subtype == "message_deleted" && e.Previous != nil:
		by, deleted = e.Previous, true
	// A change that does not say what has become of the message, and what people do not type.
	case slices.Contains(knownSubtypes, e.Subtype):
		return m, nil, false
	// What somebody sent us directly is answered, though nobody knows what it is.
	case !slices.Contains(typedSubtypes, e.Subtype):
		if !isDirect(string(e.Channel), e.ChannelType) {
			return m, nil, false
		}
		other = true
	}
	if by.Bot != "" || by.User == "" || string(by.User) == i.user || string(by.User) == "USLACKBOT" {
		return m, nil, false
	}
	m = bot.Message{ID: i.messageID(id), Room: room(string(e.Channel)), Text: plainText(by.Text)}
	// The first message of a thread names itself as the thread.
	if by.Thread != by.TS {
		m.ReplyTo = bot.Ref(by.Thread)
	}
	if !isDirect(string(e.Channel), e.ChannelType) {
		m.Note = true
		switch {
		case edited:
			m.Unsupported = bot.Edited
		case deleted:
			m.Unsupported = bot.Deleted
		}
		// The author of the thread's first message has to be us, where Slack names them.
		says, below := m.Text != "" || len(by.Files) > 0 && !edited, by.Parent == "" || by.Parent == i.user
		return m, by, m.ReplyTo != "" && says && below
	}
	switch {
	case deleted:
		return m, by, false // a direct message that was answered cannot be taken back
	// What it says now is not acted on; the engine tells the person so.
	case edited:
		m.Unsupported, m.Text = bot.Edited, ""
	case other:
		m.Unsupported, m.Text = bot.Other, ""
	case m.Text == "" && len(by.Files) == 0:
		m.Unsupported = bot.Other
	}
	return m, by, true
}

// pressMessage makes a message of what somebody pressed or chose below a message, and says where. The token alone says what it
// is, so that an element of a kind not known here is answered too. ok is false where there is no message: in a view.
func (i identity) pressMessage(p *interaction, act *action) (m bot.Message, at place, ok bool) {
	channel, ts, thread := p.Container.Channel, p.Container.TS, p.Container.Thread
	if channel == "" {
		channel = p.Channel.ID
	}
	if ts == "" {
		ts = p.Message.TS
	}
	if thread == "" {
		thread = p.Message.Thread
	}
	if channel == "" {
		return m, at, false
	}
	id := i.pressMessageID(ts, p.User.ID, act.ID, cmp.Or(act.TS, p.Trigger))
	m = bot.Message{ID: id, Room: room(channel), Press: act.token()}
	return m, place{channel: channel, user: p.User.ID, thread: thread}, true
}

// formMessage makes a message of a modal that was sent: the press that opened it, with the answers.
func (i identity) formMessage(p *interaction, s *modalState) bot.Message {
	return bot.Message{ID: i.viewMessageID(p.View.ID, p.View.Hash, p.User.ID), Room: room(s.Channel), Press: s.Press,
		Fields: submittedAnswers(p.View.State.Values)}
}

// submittedAnswers are a modal's answers by field; a field that was left empty is there with an empty answer. nil where the
// modal has no fields.
func submittedAnswers(v viewAnswers) bot.Facts {
	var facts bot.Facts
	for block, actions := range v {
		a, ok := actions[answerActionID]
		if !ok {
			continue
		}
		if facts == nil {
			facts = bot.Facts{}
		}
		switch {
		case a.Value != nil:
			facts[block] = *a.Value
		case a.Selected != nil:
			facts[block] = a.Selected.Value
		default:
			facts[block] = ""
		}
	}
	return facts
}

// isDirect says whether a channel is a direct message with one person. Not every payload names the channel's type.
func isDirect(channel, channelType string) bool {
	return channelType == "im" || channelType == "" && strings.HasPrefix(channel, "D")
}

// markup finds what Slack writes between angle brackets in a text: people, channels, links, with or without a label.
var markup = regexp.MustCompile(`<([^<>|]*)(?:\|([^<>]*))?>`)

// plainText is a text as it was typed: Slack's markup and its HTML entities are turned back.
func plainText(text string) string {
	text = markup.ReplaceAllStringFunc(text, func(mark string) string {
		parts := markup.FindStringSubmatch(mark)
		target, label := parts[1], parts[2]
		switch {
		case strings.HasPrefix(target, "@"), strings.HasPrefix(target, "#"):
			if label != "" {
				return target[:1] + label
			}
			return target
		case strings.HasPrefix(target, "!"):
			return "@" + strings.TrimPrefix(target, "!")
		case label == "" || strings.HasSuffix(target, label):
			return strings.TrimPrefix(target, "mailto:")
		}
		return label + " (" + target + ")"
	})
	return strings.TrimSpace(html.UnescapeString(text))
}
