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
	caseCallback = "which"
	caseBlockID  = "which"
)

// shortcut lets an agent make a message of the support channel evidence: of the case in whose thread it stands, else of
// the one they name. Nothing is kept before the form for that is sent.
func (in *intake) evidenceShortcut(ctx context.Context, p *interaction) error {
	if p.Callback != evidenceCallback {
		return nil
	}
	who, err := in.accountOf(ctx, in.engine, in.self, p.team(), p.User.ID)
	if err != nil {
		return err
	}
	record, err := in.recordOfThread(ctx, p.Channel.ID, p.Message.Thread)
	if err != nil {
		return err
	}
	at := place{channel: p.Channel.ID, user: p.User.ID, thread: p.Message.Thread}
	if held, err := in.engine.Store().PersonAt(ctx, who); errors.Is(err, bot.ErrNone) || err == nil && held.Party() != bot.Support {
		return in.refuseEvidence(ctx, p, who, record, at)
	} else if err != nil {
		return err
	}
	say := in.translatorFor(ctx, in.engine, who)
	switch {
	case in.cfg.Channel == "" || p.Channel.ID != in.cfg.Channel:
		in.inBackground(func(ctx context.Context) { in.openNotice(ctx, p.Trigger, say, wordsElsewhere) })
	case p.Message.User == in.self.user || p.Message.Bot == in.self.bot:
		in.inBackground(func(ctx context.Context) { in.postEphemeral(ctx, at, say(wordsOwnWords)) }) //nolint:errcheck // a passing word
	default:
		in.inBackground(func(ctx context.Context) { in.openEvidenceForm(ctx, p, who, record) })
	}
	return nil
}

// recordAt is the record below whose card a thread stands; empty where there is none.
func (in *intake) recordOfThread(ctx context.Context, channel, thread string) (bot.Key, error) {
	if thread == "" {
		return "", nil
	}
	key, err := in.engine.Store().Sender(ctx, room(channel), bot.Ref(thread))
	if errors.Is(err, bot.ErrNone) || key.Kind() == "talk" {
		return "", nil
	}
	return key, err
}

// notTheirs answers somebody who may not make evidence; the case, where there is one, notes that they tried.
func (in *intake) refuseEvidence(ctx context.Context, p *interaction, who string, record bot.Key, at place) error {
	say := in.translatorFor(ctx, in.engine, who)
	switch {
	case record != "":
	case p.Channel.ID == in.cfg.Channel:
		in.inBackground(func(ctx context.Context) { in.postEphemeral(ctx, at, say(wordsNotAgent)) }) //nolint:errcheck // a passing word
		return nil
	default:
		in.inBackground(func(ctx context.Context) { in.openNotice(ctx, p.Trigger, say, wordsNotAgent) })
		return nil
	}
	m := bot.Message{ID: in.messageID("keep:" + p.Message.TS + ":" + p.User.ID + ":" + p.ActionTS), Room: room(p.Channel.ID), Account: who, Keep: bot.Keep{In: record}}
	in.rememberPlace(m.ID, at)
	return in.receive(ctx, m)
}

// offer opens the form by which a message becomes evidence.
func (in *intake) openEvidenceForm(ctx context.Context, p *interaction, who string, record bot.Key) {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	say := in.translatorFor(ctx, in.engine, who)
	s := modalForm{state: modalState{Draft: p.Trigger, Channel: p.Channel.ID, Thread: p.Message.Thread, Label: say(wordsEvidence)}, draft: in.draftOf(ctx, p), say: say}
	in.drafts.add(p.Trigger, s.draft)
	if record != "" {
		if err := in.loadForm(ctx, &s, who, record); err != nil {
			in.cfg.Log.Error("slack: the form for evidence cannot be made", slog.Any("why", err))
			return
		}
	}
	if len(s.fields) == 0 {
		in.openModal(ctx, p.Trigger, s.caseQuestion())
		return
	}
	in.openForm(ctx, p.Trigger, p.User.ID, &s)
}

// fill gives a sheet the form of a record; it has no fields where the record takes no evidence.
func (in *intake) loadForm(ctx context.Context, s *modalForm, who string, record bot.Key) (err error) {
	s.state.Record = record
	s.title, s.fields, err = in.engine.Form(ctx, bot.Message{Room: room(s.state.Channel), Account: who, Keep: bot.Keep{In: record}})
	return err
}

// which asks for the case.
func (s *modalForm) caseQuestion() slack.ModalViewRequest {
	v := s.emptyModal(caseCallback)
	v.Blocks.BlockSet = append(s.draft.blocks(s.say), slack.NewInputBlock(caseBlockID, textObject(s.say(wordsWhich), maxLabel), nil, slack.NewPlainTextInputBlockElement(nil, answerActionID)))
	v.Submit, v.Close = textObject(s.say(wordsContinue), maxTitle), textObject(s.say(wordsCancel), maxTitle)
	return v
}

// chosen goes on with the case that was named.
func (in *intake) caseChosen(ctx context.Context, p *interaction, n modalState) (any, error) {
	who, err := in.accountOf(ctx, in.engine, in.self, p.team(), p.User.ID)
	if err != nil {
		return nil, err
	}
	s := modalForm{state: n, draft: in.drafts.find(n.Draft), say: in.translatorFor(ctx, in.engine, who)}
	if s.draft == nil {
		return slack.NewErrorsViewSubmissionResponse(map[string]string{caseBlockID: s.say(wordsForgotten)}), nil
	}
	record, err := in.engine.Keepable(ctx, submittedAnswers(p.View.State.Values)[caseBlockID])
	if err == nil {
		err = in.loadForm(ctx, &s, who, record)
	}
	if errors.Is(err, bot.ErrNone) || err == nil && len(s.fields) == 0 {
		return slack.NewErrorsViewSubmissionResponse(map[string]string{caseBlockID: s.say(wordsNoSuchCase)}), nil
	}
	if err != nil {
		return nil, err
	}
	return slack.NewUpdateViewSubmissionResponse(ptr(s.modal())), nil
}

// tell says something in a modal of its own, for somebody who may be where we are not.
func (a *Adapter) openNotice(ctx context.Context, trigger string, say translator, english string) {
	v := slack.ModalViewRequest{Type: slack.VTModal, Title: textObject(say(wordsEvidence), maxTitle), Close: textObject(say(wordsClose), maxTitle)}
	v.Blocks.BlockSet = []slack.Block{paragraph(say(english), false)}
	a.openModal(ctx, trigger, v)
}

// show opens a modal; one that cannot be opened is counted.
func (a *Adapter) openModal(ctx context.Context, trigger string, v slack.ModalViewRequest) {
	if _, err := a.api.OpenViewContext(ctx, trigger, v); err != nil {
		a.cfg.Meter.Count("forms_not_opened", name, 1)
		a.cfg.Log.Warn("slack: a form could not be opened", slog.Any("why", sanitizeError(err)))
	}
}
