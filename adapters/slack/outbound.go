package slack

import (
	"context"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"nevermind/bot"
)

// Send says one reply. In the support channel every case is a thread below its one card: what would be a new card is
// that card changed and a line below it, and a plain message of the case stands there too. In direct messages a plain message
// stands below the card as well, and is sent to the conversation besides: whoever answers it there, answers the case.
func (a *Adapter) Send(ctx context.Context, d bot.Delivery) (bot.Ref, error) {
	ref, err := a.send(ctx, d)
	if err == nil && d.Reply.Card != "" {
		a.recordCard(channelOf(d.Reply.Room), d.Reply.Card, ref)
		a.cardChanged(channelOf(d.Reply.Room))
	}
	return ref, err
}

func (a *Adapter) send(ctx context.Context, d bot.Delivery) (bot.Ref, error) {
	if _, _, err := a.running(); err != nil {
		return "", bot.Later{After: callTimeout}
	}
	channel, r := channelOf(d.Reply.Room), &d.Reply
	threads := channel == a.cfg.Channel
	switch r.Mode {
	case bot.Aside:
		return "", a.postAside(ctx, r)
	case bot.Strip:
		return d.Ref, a.strip(ctx, channel, &d)
	case bot.Edit:
		return d.Ref, a.update(ctx, channel, d.Ref, render(r))
	}
	if d.Attempt <= 1 && a.postPrivately(ctx, r) {
		return "", nil
	}
	if threads && r.Card != "" && d.Ref != "" {
		err := a.update(ctx, channel, d.Ref, render(r))
		if err == nil {
			_, err = a.post(ctx, &d, channel, d.Ref, renderUpdate(r))
			return d.Ref, err
		}
		if !errors.Is(err, bot.ErrCardGone) {
			return "", err
		}
	}
	thread := bot.Ref("")
	if r.Card == "" && (threads || r.From.Kind() != "talk") {
		thread = d.Under
	}
	ref, err := a.post(ctx, &d, channel, thread, render(r))
	if errors.Is(err, bot.ErrCardGone) { // the thread is gone
		thread = ""
		ref, err = a.post(ctx, &d, channel, "", render(r))
	}
	if err != nil || len(r.Files) == 0 {
		return ref, err
	}
	switch {
	case !threads:
		thread = "" // files cannot be shown in both places
	case thread == "":
		thread = ref
	}
	return ref, a.uploadFiles(ctx, &d, channel, thread)
}

// strip takes the buttons off a card. Slack can only show it whole; where nobody knows what it says, the buttons stay,
// and who presses one hears that it is late.
func (a *Adapter) strip(ctx context.Context, channel string, d *bot.Delivery) error {
	was, err := d.Was(ctx)
	if err != nil {
		return fmt.Errorf("%w: %w", bot.ErrNotSent, err)
	}
	if was == nil {
		a.cfg.Meter.Count("buttons_left", name, 1)
		return nil
	}
	bare := *was
	bare.Choices = nil
	return a.update(ctx, channel, d.Ref, render(&bare))
}

// change shows a message afresh.
func (a *Adapter) update(ctx context.Context, channel string, ref bot.Ref, s content) error {
	if err := a.pace.wait(ctx, "", tierUpdate); err != nil {
		return err
	}
	_, _, _, err := a.api.UpdateMessageContext(ctx, channel, string(ref), s.options()...)
	return a.callError(tierUpdate, err)
}

// post says something new, once: where an earlier attempt may have arrived, that is looked for first.
func (a *Adapter) post(ctx context.Context, d *bot.Delivery, channel string, thread bot.Ref, s content) (bot.Ref, error) {
	if d.Attempt > 1 {
		ref, err := a.findEarlierPost(ctx, d, channel, thread)
		if ref != "" || err != nil {
			return ref, err
		}
	}
	if err := a.pace.wait(ctx, channel, tierPost); err != nil {
		return "", err
	}
	options := append(s.options(), slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl(), slack.MsgOptionDisableMarkdown(), withTaskID(d.ID))
	if thread != "" {
		options = append(options, slack.MsgOptionTS(string(thread)))
	}
	if thread != "" && channel != a.cfg.Channel {
		options = append(options, slack.MsgOptionBroadcast()) // below its card, and where a person looks
	}
	_, ts, err := a.api.PostMessageContext(ctx, channel, options...)
	if err == nil && ts == "" {
		err = errUnclear
	}
	err = a.callError(channel, err)
	a.sent.attempted(d.ID, err)
	return bot.Ref(ts), err
}

// aside says a passing word to whoever pressed, where they pressed.
func (a *Adapter) postAside(ctx context.Context, r *bot.Reply) error {
	p, ok := a.placeOf(r.Press)
	if !ok {
		return nil // another life's press: nobody waits any more
	}
	err := a.postEphemeral(ctx, p, r.Text)
	if errors.Is(err, bot.ErrGone) || errors.Is(err, bot.ErrRefused) { // whoever pressed is not there: lost without harm
		a.cfg.Meter.Count("asides_lost", name, 1)
		return nil
	}
	return err
}

// alone shows whoever pressed what is for them alone, where it is short and has no buttons: a longer one stands in the
// thread, for what only one person sees is gone when they look away.
func (a *Adapter) postPrivately(ctx context.Context, r *bot.Reply) bool {
	p, known := a.placeOf(r.Press)
	if r.Press == "" || !known || len(r.Choices)+len(r.Files) > 0 || utf8.RuneCountInString(r.Text) > maxPrivate {
		return false
	}
	return a.postEphemeral(ctx, p, r.Text) == nil
}

// shortAlone is how long something may be that is shown to one person alone.
const maxPrivate = 1500

func (a *Adapter) postEphemeral(ctx context.Context, p place, text string) error {
	if err := a.pace.wait(ctx, "", tierEphemeral); err != nil {
		return err
	}
	s := render(&bot.Reply{Text: text})
	options := s.options()
	if p.thread != "" {
		options = append(options, slack.MsgOptionTS(p.thread))
	}
	_, err := a.api.PostEphemeralContext(ctx, p.channel, p.user, options...)
	return a.callError(tierEphemeral, err)
}

// learn judges how a call ended, and holds the calls that come next back where Slack asks for that.
func (a *Adapter) callError(lane string, err error) error {
	quiet := rateLimited(err)
	err = classify(err)
	var later bot.Later
	if quiet && errors.As(err, &later) {
		a.cfg.Meter.Count("told_to_wait", name, 1)
		a.pace.backOff(lane, later.After)
	}
	return err
}
