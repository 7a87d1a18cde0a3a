package slack

import (
	"context"
	"encoding/json"
	"slices"

	"nevermind/bot"
)

// event stores what one event asks for.
func (in *intake) event(ctx context.Context, raw []byte) error {
	var o eventEnvelope
	if err := json.Unmarshal(raw, &o); err != nil {
		return unreadable("not an event")
	}
	switch o.Type {
	case "event_callback":
	// Slack drops events above its limit and never delivers them; there is nothing to store.
	case "app_rate_limited":
		in.cfg.Meter.Count("events_dropped", adapterName, 1)
		in.cfg.Log.Error("slack: events are being dropped, there are too many")
		return nil
	default:
		return unreadable("unknown type")
	}
	if err := in.checkAddressee(o.AppID, o.team(in.self.team)); err != nil {
		return err
	}
	// An event without an id could not be deduplicated, and one without a type says nothing.
	var e event
	if err := json.Unmarshal(o.Event, &e); err != nil || o.EventID == "" || e.Type == "" {
		if err := in.answerUnreadable(ctx, o.EventID, o.Event); err != nil {
			return err
		}
		return unreadable("not an event that is known")
	}
	return in.dispatch(ctx, o.EventID, &e)
}

// answerUnreadable answers a direct message whose event cannot be read as a whole, where it still says who has written it and
// where: with the words for a message that nobody can read. The event itself becomes a dead letter.
func (in *intake) answerUnreadable(ctx context.Context, id string, raw []byte) error {
	var e struct {
		Type    string     `json:"type"`
		Channel idOrObject `json:"channel"`
		User    idOrObject `json:"user"`
		Bot     string     `json:"bot_id"`
	}
	if json.Unmarshal(raw, &e) != nil || id == "" || e.Type != "message" || e.User == "" || e.Bot != "" ||
		string(e.User) == in.self.user || !isDirect(string(e.Channel), "") {
		return nil
	}
	m := bot.Message{ID: in.self.unreadableMessageID(id), Room: room(string(e.Channel)), Unsupported: bot.Other}
	var err error
	if m.Account, err = in.accountOf(ctx, in.session, "", string(e.User)); err != nil {
		return err
	}
	return in.receive(ctx, m)
}

// dispatch handles an event by its type. Only messages are handed to the engine; a type that is not known here is counted.
func (in *intake) dispatch(ctx context.Context, id string, e *event) error {
	switch e.Type {
	case "message":
		return in.messageEvent(ctx, id, e)
	// Opening the home tab only shows something, so it is acknowledged at once.
	case "app_home_opened":
		in.homeOpened(e)
	// Who may decide has changed.
	case "member_joined_channel", "member_left_channel":
		if string(e.Channel) == in.cfg.Channel {
			in.members.invalidate(string(e.User))
			if string(e.User) == in.self.user {
				in.lookAtChannel()
			}
		}
	// We were taken out of a channel, or it has come or gone.
	case "channel_left", "channel_archive", "channel_unarchive", "channel_deleted",
		"group_left", "group_archive", "group_unarchive", "group_deleted":
		if string(e.Channel) == in.cfg.Channel {
			in.lookAtChannel()
		}
	case "user_change":
		in.members.invalidate(string(e.User))
	// From here on every call fails until an operator installs the app again.
	case "app_uninstalled", "tokens_revoked":
		in.cfg.Log.Error("slack: the app was taken off the workspace, or its token is void", "event", e.Type)
		in.cfg.Meter.Count("uninstalled", adapterName, 1)
	default:
		in.unknown("event", e.Type)
	}
	return nil
}

// channelSubtypes are the messages by which a channel tells that it was archived, or is back.
var channelSubtypes = []string{"channel_archive", "channel_unarchive", "group_archive", "group_unarchive"}

// messageEvent hands what somebody typed to the engine. Slack tells us of our own messages too: those confirm a post.
func (in *intake) messageEvent(ctx context.Context, id string, e *event) error {
	if slices.Contains(channelSubtypes, e.Subtype) && string(e.Channel) == in.cfg.Channel {
		in.lookAtChannel()
	}
	if e.Bot != "" || string(e.User) == in.self.user {
		in.sent.observed(e.taskID(), string(e.Channel), e.TS)
		return nil
	}
	m, by, err := in.read(ctx, id, e)
	if err != nil {
		return err
	}
	if m.ID == "" {
		if !slices.Contains(knownSubtypes, e.Subtype) && !slices.Contains(typedSubtypes, e.Subtype) {
			in.unknown("message", e.Subtype)
		}
		return nil
	}
	if err := in.receive(ctx, m); err != nil {
		return err
	}
	if m.Note && m.Unsupported == "" { // a courtesy in the background; the message is stored
		in.inBackground(func(ctx context.Context) { in.confirmNote(ctx, &m, by.TS) })
	}
	return nil
}

// read makes a message of a message event, with whoever sent it and what came with it; one without an id where it is nothing for
// us. By is the author's part of the event.
func (in *intake) read(ctx context.Context, id string, e *event) (m bot.Message, by *event, err error) {
	m, by, ok := in.self.eventMessage(id, e)
	if !ok {
		return bot.Message{}, by, nil
	}
	if m.Account, err = in.accountOf(ctx, in.session, by.team(), string(by.User)); err != nil {
		return m, by, err
	}
	// A note is of no use unless its case is known.
	if m.Note {
		if err := in.checkSender(ctx, &m); err != nil {
			return m, by, err
		}
	}
	return m, by, nameFiles(by, &m)
}
