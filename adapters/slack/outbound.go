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
		a.stands(channelOf(d.Reply.Room), d.Reply.Card, ref)
		a.moved(channelOf(d.Reply.Room))
	}
	return ref, err
}

func (a *Adapter) send(ctx context.Context, d bot.Delivery) (bot.Ref, error) {
	if _, _, err := a.inside(); err != nil {
		return "", bot.Later{After: callTime}
	}
	channel, r := channelOf(d.Reply.Room), &d.Reply
	threads := channel == a.cfg.Channel
	switch r.Mode {
	case bot.Aside:
		return "", a.aside(ctx, r)
	case bot.Strip:
		return d.Ref, a.strip(ctx, channel, &d)
	case bot.Edit:
		return d.Ref, a.change(ctx, channel, d.Ref, sayingOf(r))
	}
	if d.Attempt <= 1 && a.alone(ctx, r) {
		return "", nil
	}
	if threads && r.Card != "" && d.Ref != "" {
		err := a.change(ctx, channel, d.Ref, sayingOf(r))
		if err == nil {
			_, err = a.post(ctx, &d, channel, d.Ref, news(r))
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
	ref, err := a.post(ctx, &d, channel, thread, sayingOf(r))
	if errors.Is(err, bot.ErrCardGone) { // the thread is gone
		thread = ""
		ref, err = a.post(ctx, &d, channel, "", sayingOf(r))
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
	return ref, a.bring(ctx, &d, channel, thread)
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
	return a.change(ctx, channel, d.Ref, sayingOf(&bare))
}

// change shows a message afresh.
func (a *Adapter) change(ctx context.Context, channel string, ref bot.Ref, s saying) error {
	if err := a.pace.wait(ctx, "", tierUpdate); err != nil {
		return err
	}
	_, _, _, err := a.api.UpdateMessageContext(ctx, channel, string(ref), s.options()...)
	return a.learn(tierUpdate, err)
}

// post says something new, once: where an earlier attempt may have arrived, that is looked for first.
func (a *Adapter) post(ctx context.Context, d *bot.Delivery, channel string, thread bot.Ref, s saying) (bot.Ref, error) {
	if d.Attempt > 1 {
		ref, err := a.sentBefore(ctx, d, channel, thread)
		if ref != "" || err != nil {
			return ref, err
		}
	}
	if err := a.pace.wait(ctx, channel, tierPost); err != nil {
		return "", err
	}
	options := append(s.options(), slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl(), slack.MsgOptionDisableMarkdown(), effect(d.ID))
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
	err = a.learn(channel, err)
	a.twins.ended(d.ID, err)
	return bot.Ref(ts), err
}

// aside says a passing word to whoever pressed, where they pressed.
func (a *Adapter) aside(ctx context.Context, r *bot.Reply) error {
	p, ok := a.remembered(r.Press)
	if !ok {
		return nil // another life's press: nobody waits any more
	}
	err := a.whisper(ctx, p, r.Text)
	if errors.Is(err, bot.ErrGone) || errors.Is(err, bot.ErrRefused) { // whoever pressed is not there: lost without harm
		a.cfg.Meter.Count("asides_lost", name, 1)
		return nil
	}
	return err
}

// alone shows whoever pressed what is for them alone, where it is short and has no buttons: a longer one stands in the
// thread, for what only one person sees is gone when they look away.
func (a *Adapter) alone(ctx context.Context, r *bot.Reply) bool {
	p, known := a.remembered(r.Press)
	if r.Press == "" || !known || len(r.Choices)+len(r.Files) > 0 || utf8.RuneCountInString(r.Text) > shortAlone {
		return false
	}
	return a.whisper(ctx, p, r.Text) == nil
}

// shortAlone is how long something may be that is shown to one person alone.
const shortAlone = 1500

func (a *Adapter) whisper(ctx context.Context, p press, text string) error {
	if err := a.pace.wait(ctx, "", tierWhisper); err != nil {
		return err
	}
	s := sayingOf(&bot.Reply{Text: text})
	options := s.options()
	if p.thread != "" {
		options = append(options, slack.MsgOptionTS(p.thread))
	}
	_, err := a.api.PostEphemeralContext(ctx, p.channel, p.user, options...)
	return a.learn(tierWhisper, err)
}

// learn judges how a call ended, and holds the calls that come next back where Slack asks for that.
func (a *Adapter) learn(lane string, err error) error {
	quiet := limited(err)
	err = judged(err)
	var later bot.Later
	if quiet && errors.As(err, &later) {
		a.cfg.Meter.Count("told_to_wait", name, 1)
		a.pace.hold(lane, later.After)
	}
	return err
}
