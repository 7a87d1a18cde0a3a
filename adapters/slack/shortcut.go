package slack

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/slack-go/slack"

	"nevermind/bot"
)

// whichCall marks the modal that asks for the case a message is evidence of, and whichID its one field.
const (
	whichCall = "which"
	whichID   = "which"
)

// shortcut lets an agent make a message of the support channel evidence: of the case in whose thread it stands, else of
// the one they name. Nothing is kept before the form for that is sent.
func (in *intake) shortcut(ctx context.Context, p *interaction) error {
	if p.Callback != keepCall {
		return nil
	}
	who, err := in.speaker(ctx, in.house, in.us, p.team(), p.User.ID)
	if err != nil {
		return err
	}
	record, err := in.recordAt(ctx, p.Channel.ID, p.Message.Thread)
	if err != nil {
		return err
	}
	at := press{channel: p.Channel.ID, user: p.User.ID, thread: p.Message.Thread}
	if held, err := in.house.Store().PersonAt(ctx, who); errors.Is(err, bot.ErrNone) || err == nil && held.Party() != bot.Support {
		return in.notTheirs(ctx, p, who, record, at)
	} else if err != nil {
		return err
	}
	say := in.tongueOf(ctx, in.house, who)
	switch {
	case in.cfg.Channel == "" || p.Channel.ID != in.cfg.Channel:
		in.later(func(ctx context.Context) { in.tell(ctx, p.Trigger, say, wordsElsewhere) })
	case p.Message.User == in.us.user || p.Message.Bot == in.us.bot:
		in.later(func(ctx context.Context) { in.whisper(ctx, at, say(wordsOwnWords)) }) //nolint:errcheck // a passing word
	default:
		in.later(func(ctx context.Context) { in.offer(ctx, p, who, record) })
	}
	return nil
}

// recordAt is the record below whose card a thread stands; empty where there is none.
func (in *intake) recordAt(ctx context.Context, channel, thread string) (bot.Key, error) {
	if thread == "" {
		return "", nil
	}
	key, err := in.house.Store().Sender(ctx, room(channel), bot.Ref(thread))
	if errors.Is(err, bot.ErrNone) || key.Kind() == "talk" {
		return "", nil
	}
	return key, err
}

// notTheirs answers somebody who may not make evidence; the case, where there is one, notes that they tried.
func (in *intake) notTheirs(ctx context.Context, p *interaction, who string, record bot.Key, at press) error {
	say := in.tongueOf(ctx, in.house, who)
	switch {
	case record != "":
	case p.Channel.ID == in.cfg.Channel:
		in.later(func(ctx context.Context) { in.whisper(ctx, at, say(wordsNotAgent)) }) //nolint:errcheck // a passing word
		return nil
	default:
		in.later(func(ctx context.Context) { in.tell(ctx, p.Trigger, say, wordsNotAgent) })
		return nil
	}
	m := bot.Message{ID: in.id("keep:" + p.Message.TS + ":" + p.User.ID + ":" + p.ActionTS), Room: room(p.Channel.ID), Account: who, Evidence: bot.EvidenceOf{Record: record}}
	in.remember(m.ID, at)
	return in.receive(ctx, m)
}

// offer opens the form by which a message becomes evidence.
func (in *intake) offer(ctx context.Context, p *interaction, who string, record bot.Key) {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	say := in.tongueOf(ctx, in.house, who)
	s := sheet{note: note{Clip: p.Trigger, Channel: p.Channel.ID, Thread: p.Message.Thread, Label: say(wordsEvidence)}, clip: in.clipOf(ctx, p), say: say}
	in.clips.add(p.Trigger, s.clip)
	if record != "" {
		if err := in.fill(ctx, &s, who, record); err != nil {
			in.cfg.Log.Error("slack: the form for evidence cannot be made", slog.Any("why", err))
			return
		}
	}
	if len(s.fields) == 0 {
		in.show(ctx, p.Trigger, s.which())
		return
	}
	in.open(ctx, p.Trigger, p.User.ID, &s)
}

// fill gives a sheet the form of a record; it has no fields where the record takes no evidence.
func (in *intake) fill(ctx context.Context, s *sheet, who string, record bot.Key) (err error) {
	s.note.Keep = record
	s.title, s.fields, err = in.house.Form(ctx, bot.Message{Room: room(s.note.Channel), Account: who, Evidence: bot.EvidenceOf{Record: record}})
	return err
}

// which asks for the case.
func (s *sheet) which() slack.ModalViewRequest {
	v := s.frame(whichCall)
	v.Blocks.BlockSet = append(s.clip.shown(s.say), slack.NewInputBlock(whichID, words(s.say(wordsWhich), longLabel), nil, slack.NewPlainTextInputBlockElement(nil, answerID)))
	v.Submit, v.Close = words(s.say(wordsContinue), longTitle), words(s.say(wordsCancel), longTitle)
	return v
}

// chosen goes on with the case that was named.
func (in *intake) chosen(ctx context.Context, p *interaction, n note) (any, error) {
	who, err := in.speaker(ctx, in.house, in.us, p.team(), p.User.ID)
	if err != nil {
		return nil, err
	}
	s := sheet{note: n, clip: in.clips.find(n.Clip), say: in.tongueOf(ctx, in.house, who)}
	if s.clip == nil {
		return slack.NewErrorsViewSubmissionResponse(map[string]string{whichID: s.say(wordsForgotten)}), nil
	}
	record, err := in.house.Keepable(ctx, given(p.View.State.Values)[whichID])
	if err == nil {
		err = in.fill(ctx, &s, who, record)
	}
	if errors.Is(err, bot.ErrNone) || err == nil && len(s.fields) == 0 {
		return slack.NewErrorsViewSubmissionResponse(map[string]string{whichID: s.say(wordsNoSuchCase)}), nil
	}
	if err != nil {
		return nil, err
	}
	return slack.NewUpdateViewSubmissionResponse(ptr(s.view())), nil
}

// tell says something in a modal of its own, for somebody who may be where we are not.
func (a *Adapter) tell(ctx context.Context, trigger string, say tongue, english string) {
	v := slack.ModalViewRequest{Type: slack.VTModal, Title: words(say(wordsEvidence), longTitle), Close: words(say(wordsClose), longTitle)}
	v.Blocks.BlockSet = []slack.Block{paragraph(say(english), false)}
	a.show(ctx, trigger, v)
}

// show opens a modal; one that cannot be opened is counted.
func (a *Adapter) show(ctx context.Context, trigger string, v slack.ModalViewRequest) {
	if _, err := a.api.OpenViewContext(ctx, trigger, v); err != nil {
		a.cfg.Meter.Count("forms_not_opened", name, 1)
		a.cfg.Log.Warn("slack: a form could not be opened", slog.Any("why", plainError(err)))
	}
}
