package slack

import (
	"context"
	"errors"
	"log/slog"

	"github.com/slack-go/slack"

	"nevermind/bot"
)

// evidenceShortcut lets an agent make a message of the support channel evidence: of the case in whose thread it stands, else
// of the case that they name in a first modal. Nothing is evidence before the form is sent.
func (in *intake) evidenceShortcut(ctx context.Context, p *interaction) error {
	if p.Callback != evidenceCallback {
		in.unknown("shortcut", p.Callback)
		return nil
	}
	account, err := in.accountOf(ctx, in.session, p.team(), p.User.ID)
	if err != nil {
		return err
	}
	// Where the message stands in a case's thread, the case is known, and it records an attempt by somebody who may not.
	record, err := in.recordOfThread(ctx, p.Channel.ID, p.Message.Thread)
	if err != nil {
		return err
	}
	at := place{channel: p.Channel.ID, user: p.User.ID, thread: p.Message.Thread}
	agent, err := in.isAgent(ctx, account)
	switch {
	case err != nil:
		return err
	case !agent:
		return in.refuseEvidence(ctx, p, account, record, at)
	// The shortcut is offered in every channel of the workspace; what is said elsewhere was not said to the support team.
	case in.cfg.Channel == "" || p.Channel.ID != in.cfg.Channel:
		in.openNotice(p.Trigger, account, wordsElsewhere)
	// A card or a line of ours repeats what the case knows already.
	case p.Message.User == in.self.user || p.Message.Bot == in.self.bot:
		in.notifyInBackground(at, account, wordsOwnWords)
	default:
		in.inBackground(func(ctx context.Context) { in.openEvidenceForm(ctx, p, account, record) })
	}
	return nil
}

// recordOfThread returns the case below whose card a thread stands; empty where it stands below something else.
func (in *intake) recordOfThread(ctx context.Context, channel, thread string) (bot.Key, error) {
	if thread == "" {
		return "", nil
	}
	key, err := in.records.Sender(ctx, room(channel), bot.Ref(thread))
	if errors.Is(err, bot.ErrNone) || key.Kind() == "talk" {
		return "", nil
	}
	return key, err
}

// refuseEvidence answers somebody who may not make evidence. In a case's thread the engine answers, since the case records
// that they tried.
func (in *intake) refuseEvidence(ctx context.Context, p *interaction, account string, record bot.Key, at place) error {
	if record == "" {
		if p.Channel.ID == in.cfg.Channel {
			in.notifyInBackground(at, account, wordsNotAgent)
		} else {
			in.openNotice(p.Trigger, account, wordsNotAgent)
		}
		return nil
	}
	m := bot.Message{ID: in.self.evidenceMessageID(p.Message.TS, p.User.ID, p.ActionTS), Room: room(p.Channel.ID), Account: account,
		Evidence: bot.EvidenceOf{Record: record}}
	in.places.put(m.ID, at)
	return in.receive(ctx, m)
}

// openEvidenceForm opens the form by which a message becomes evidence of a case, or, where none is known or the known one
// takes no evidence, the modal that asks which case it is.
func (in *intake) openEvidenceForm(ctx context.Context, p *interaction, account string, record bot.Key) {
	ctx, cancel := context.WithTimeout(ctx, triggerTimeout)
	defer cancel()
	say := in.translatorFor(ctx, in.session, account)
	f := modalForm{
		state: modalState{Draft: p.Trigger, Channel: p.Channel.ID, Thread: p.Message.Thread, Label: say(wordsEvidence)},
		draft: in.draftOf(ctx, p), say: say,
	}
	// The trigger is unique, so it serves as the draft's key; the modal carries only that.
	in.drafts.put(p.Trigger, f.draft)
	if record != "" {
		if err := in.loadForm(ctx, &f, account, record); err != nil {
			in.cfg.Log.Error("slack: the form for evidence cannot be made", slog.Any("why", err))
			return
		}
	}
	if len(f.fields) == 0 {
		in.openModal(ctx, p.Trigger, f.caseQuestion()) //nolint:errcheck // counted and logged there
		return
	}
	in.openForm(ctx, p.Trigger, p.User.ID, &f)
}

// loadForm gives a modal the fields of a case's evidence form; none where the case takes no evidence.
func (in *intake) loadForm(ctx context.Context, f *modalForm, account string, record bot.Key) (err error) {
	f.state.Record = record
	f.title, f.fields, err = in.engine.Form(ctx,
		bot.Message{Room: room(f.state.Channel), Account: account, Evidence: bot.EvidenceOf{Record: record}})
	return err
}

// caseQuestion is the modal that asks which case a message is evidence of.
func (f *modalForm) caseQuestion() slack.ModalViewRequest {
	v := f.emptyModal(caseCallback)
	name := slack.NewPlainTextInputBlockElement(nil, answerActionID)
	question := slack.NewInputBlock(caseBlockID, textObject(f.say(wordsWhich), maxLabel), nil, name)
	v.Blocks.BlockSet = append(f.draft.blocks(f.say), question)
	v.Submit, v.Close = textObject(f.say(wordsContinue), maxTitle), textObject(f.say(wordsCancel), maxTitle)
	return v
}

// caseChosen turns the modal that asked for the case into that case's form.
func (in *intake) caseChosen(ctx context.Context, p *interaction, state *modalState) (answer any, err error) {
	account, err := in.accountOf(ctx, in.session, p.team(), p.User.ID)
	if err != nil {
		return nil, err
	}
	draft, known := in.drafts.get(state.Draft)
	f := modalForm{state: *state, draft: draft, say: in.translatorFor(ctx, in.session, account)}
	if !known {
		return slack.NewErrorsViewSubmissionResponse(map[string]string{caseBlockID: f.say(wordsForgotten)}), nil
	}
	record, err := in.engine.EvidenceRecord(ctx, submittedAnswers(p.View.State.Values)[caseBlockID])
	if err == nil {
		err = in.loadForm(ctx, &f, account, record)
	}
	if errors.Is(err, bot.ErrNone) || err == nil && len(f.fields) == 0 {
		return slack.NewErrorsViewSubmissionResponse(map[string]string{caseBlockID: f.say(wordsNoSuchCase)}), nil
	}
	if err != nil {
		return nil, err
	}
	return slack.NewUpdateViewSubmissionResponse(new(f.modal())), nil
}

// openNotice says something in a modal of its own, in the background: to somebody in a channel where we may not post.
func (in *intake) openNotice(trigger, account, english string) {
	in.inBackground(func(ctx context.Context) {
		say := in.translatorFor(ctx, in.session, account)
		v := slack.ModalViewRequest{Type: slack.VTModal, Blocks: slack.Blocks{BlockSet: []slack.Block{paragraph(say(english), false)}}}
		v.Title, v.Close = textObject(say(wordsEvidence), maxTitle), textObject(say(wordsClose), maxTitle)
		in.openModal(ctx, trigger, v) //nolint:errcheck // counted and logged there
	})
}
