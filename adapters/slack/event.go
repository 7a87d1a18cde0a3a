package slack

import (
	"context"
	"encoding/json"
	"errors"
	"html"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"nevermind/bot"
)

// event takes an event in.
func (in *intake) event(ctx context.Context, raw []byte) error {
	var o outer
	if err := json.Unmarshal(raw, &o); err != nil {
		return strange("not an event")
	}
	switch o.Type {
	case "event_callback":
	case "app_rate_limited":
		in.cfg.Meter.Count("events_dropped", name, 1)
		in.cfg.Log.Error("slack: events are being dropped, there are too many")
		return nil
	default:
		return strange("unknown type")
	}
	team := o.TeamID
	for _, auth := range o.Authorizations { // in a shared channel the event may have come about elsewhere
		if auth.TeamID == in.us.team {
			team = auth.TeamID
		}
	}
	if err := in.ours(o.AppID, team); err != nil {
		return err
	}
	var e inner
	if err := json.Unmarshal(o.Event, &e); err != nil || o.EventID == "" || e.Type == "" {
		return strange("not an event that is known")
	}
	return in.news(ctx, o.EventID, &e)
}

// news does what an event asks for; most ask for nothing.
func (in *intake) news(ctx context.Context, id string, e *inner) error {
	switch e.Type {
	case "message":
		return in.message(ctx, id, e)
	case "app_home_opened":
		in.homeOpened(e)
	case "member_joined_channel", "member_left_channel":
		if string(e.Channel) == in.cfg.Channel {
			in.agents.forget(string(e.User))
		}
	case "user_change":
		in.agents.forget(string(e.User))
	case "app_uninstalled", "tokens_revoked":
		in.cfg.Log.Error("slack: the app was taken off the workspace, or its token is void", "event", e.Type)
		in.cfg.Meter.Count("uninstalled", name, 1)
	}
	return nil
}

// message hands what somebody typed to the house.
func (in *intake) message(ctx context.Context, id string, e *inner) error {
	if e.Bot != "" || string(e.User) == in.us.user {
		in.twins.saw(e.Metadata.Payload[effectID], string(e.Channel), e.TS)
		return nil
	}
	m, by, ok := in.typed(id, e)
	if !ok {
		return nil
	}
	var err error
	if m.Account, err = in.speaker(ctx, in.house, in.us, by.team(), string(by.User)); err != nil {
		return err
	}
	if m.Note {
		if err := in.settled(ctx, &m); err != nil {
			return err
		}
	}
	if err := in.filesOf(ctx, by, &m); err != nil {
		return err
	}
	if err := in.receive(ctx, m); err != nil {
		return err
	}
	switch {
	case m.Note && m.Unsupported == "":
		in.later(func(ctx context.Context) { in.tick(ctx, &m, by.TS) })
	case m.Note && m.Unsupported != bot.Edited && m.Unsupported != bot.Deleted:
		at := press{channel: string(e.Channel), user: string(by.User), thread: by.Thread}
		in.later(func(ctx context.Context) { in.whisper(ctx, at, in.tongueOf(ctx, in.house, m.Account)(wordsNoteFile)) }) //nolint:errcheck // a passing word
	}
	return nil
}

// filesOf keeps what came with a message; below a card only what support's own people send.
func (in *intake) filesOf(ctx context.Context, by *inner, m *bot.Message) error {
	if len(by.Files) == 0 || m.Unsupported == bot.Edited || m.Unsupported == bot.Deleted {
		return nil
	}
	if m.Note {
		who, err := in.house.Store().PersonAt(ctx, m.Account)
		if errors.Is(err, bot.ErrNone) || err == nil && who.Party() != bot.Support {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return in.collect(ctx, by.Files, m)
}

// ticked is the mark below a note that is kept.
const ticked = "white_check_mark"

// tick shows below a note of support's own people that it is kept with the case. It is a courtesy: lost without harm.
func (in *intake) tick(ctx context.Context, m *bot.Message, ts string) {
	who, err := in.house.Store().PersonAt(ctx, m.Account)
	if err != nil || who.Party() != bot.Support {
		return
	}
	if key, err := in.house.Store().Sender(ctx, m.Room, m.ReplyTo); err != nil || key.Kind() == "talk" {
		return
	}
	if err := in.pace.wait(ctx, "", tierReact); err != nil {
		return
	}
	err = in.api.AddReactionContext(ctx, ticked, slack.NewRefToMessage(channelOf(m.Room), ts))
	if err = in.learn(tierReact, err); err != nil {
		in.cfg.Meter.Count("ticks_lost", name, 1)
	}
}

// errEarly says that something answers a message of ours before we know which one that is: Slack is to send it again.
var errEarly = errors.New("slack: it answers a message that is not settled yet")

// settling is how long after it was posted a message of ours may be unknown to the house: the program may have died
// between posting it and storing its name, and finds it again.
const settling = 15 * time.Minute

// settled makes sure that a note for colleagues is not dropped because nobody knows yet below which card it stands.
func (in *intake) settled(ctx context.Context, m *bot.Message) error {
	_, err := in.house.Store().Sender(ctx, m.Room, m.ReplyTo)
	if !errors.Is(err, bot.ErrNone) {
		return err
	}
	seconds, _, _ := strings.Cut(string(m.ReplyTo), ".")
	posted, bad := strconv.ParseInt(seconds, 10, 64)
	if bad == nil && in.cfg.Now().Sub(time.Unix(posted, 0)) < settling {
		in.cfg.Meter.Count("notes_early", name, 1)
		return errEarly
	}
	return nil
}

// typed makes a message of what was typed, and says by whom. In a channel only what stands below one of our own
// messages is ours to read, and that is for colleagues: nothing typed there is ever a command or reaches a customer.
func (in *intake) typed(id string, e *inner) (m bot.Message, by *inner, ok bool) {
	by, edited, deleted := e, false, false
	if e.Subtype == "message_changed" && e.Message != nil {
		by, edited = e.Message, true
		if e.Previous != nil && e.Previous.Text == by.Text {
			return m, nil, false // only its looks have changed
		}
	} else if e.Subtype == "message_deleted" && e.Previous != nil {
		by, deleted = e.Previous, true
	} else if !strings.Contains(" file_share me_message thread_broadcast  ", " "+e.Subtype+" ") {
		return m, nil, false
	}
	if by.Bot != "" || by.User == "" || string(by.User) == in.us.user || string(by.User) == "USLACKBOT" {
		return m, nil, false
	}
	m = bot.Message{ID: in.id(id), Room: room(string(e.Channel)), Text: plain(by.Text)}
	if by.Thread != by.TS {
		m.ReplyTo = bot.Ref(by.Thread)
	}
	switch {
	case !direct(string(e.Channel), e.ChannelType):
		m.Note = true
		switch {
		case edited:
			m.Unsupported = bot.Edited
		case deleted:
			m.Unsupported = bot.Deleted
		}
		return m, by, m.ReplyTo != "" && (m.Text != "" || len(by.Files) > 0 && !edited) && (by.Parent == "" || by.Parent == in.us.user)
	case deleted:
		return m, by, false // what was said to us was said
	case edited:
		m.Unsupported, m.Text = bot.Edited, ""
	case m.Text == "" && len(by.Files) == 0:
		m.Unsupported = bot.Other
	}
	return m, by, true
}

// direct says whether a channel is a direct message with one person.
func direct(channel, kind string) bool {
	return kind == "im" || kind == "" && strings.HasPrefix(channel, "D")
}

// marked finds what Slack marks in a text: people, channels, links.
var marked = regexp.MustCompile(`<([^<>|]*)(?:\|([^<>]*))?>`)

// plain is what was typed, without Slack's marks.
func plain(text string) string {
	text = marked.ReplaceAllStringFunc(text, func(mark string) string {
		parts := marked.FindStringSubmatch(mark)
		what, label := parts[1], parts[2]
		switch {
		case strings.HasPrefix(what, "@"), strings.HasPrefix(what, "#"):
			if label != "" {
				return what[:1] + label
			}
			return what
		case strings.HasPrefix(what, "!"):
			return "@" + strings.TrimPrefix(what, "!")
		case label == "" || strings.HasSuffix(what, label):
			return strings.TrimPrefix(what, "mailto:")
		}
		return label + " (" + what + ")"
	})
	return strings.TrimSpace(html.UnescapeString(text))
}
