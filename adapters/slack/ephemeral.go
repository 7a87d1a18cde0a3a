package slack

import (
	"context"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"nevermind/bot"
)

// An ephemeral message is one that a single person sees where they pressed; it is gone when they look away. It is a
// courtesy: one that is lost harms nobody, for whatever matters stands in the card or its thread too.

// place is where somebody pressed, so that they can be answered there.
type place struct{ channel, user, thread string }

// maxPrivate is the longest reply, in characters, that is shown to one person alone; a longer one stands in the thread.
const maxPrivate = 1500

// postEphemeral posts something that only one person sees.
func (a *Adapter) postEphemeral(ctx context.Context, at place, text string) error {
	if err := a.pace.wait(ctx, "", tierEphemeral); err != nil {
		return err
	}
	options := render(&bot.Reply{Text: text}).options()
	if at.thread != "" {
		options = append(options, slack.MsgOptionTS(at.thread))
	}
	_, err := a.api.PostEphemeralContext(ctx, at.channel, at.user, options...)
	return a.callError(tierEphemeral, err)
}

// postAside posts a bot.Aside: a remark to whoever pressed. After a restart nobody knows where that was, and nobody waits.
func (a *Adapter) postAside(ctx context.Context, r *bot.Reply) error {
	at, ok := a.places.get(r.Press)
	if !ok {
		return nil
	}
	if a.outage.away() {
		return fmt.Errorf("%w: Slack is away", bot.ErrNotSent)
	}
	err := a.postEphemeral(ctx, at, r.Text)
	if errors.Is(err, bot.ErrGone) || errors.Is(err, bot.ErrRefused) { // whoever pressed is not there any more
		a.cfg.Meter.Count("asides_lost", adapterName, 1)
		return nil
	}
	return err
}

// postPrivately shows a reply to a press to whoever pressed alone, and says whether it has: only a short one without
// buttons and files.
func (a *Adapter) postPrivately(ctx context.Context, r *bot.Reply) bool {
	at, known := a.places.get(r.Press)
	if r.Press == "" || !known || len(r.Choices)+len(r.Files) > 0 || utf8.RuneCountInString(r.Text) > maxPrivate {
		return false
	}
	return a.postEphemeral(ctx, at, r.Text) == nil
}

// notifyInBackground posts one of this adapter's sentences for an account's person alone, in their language.
func (in *intake) notifyInBackground(at place, account, english string) {
	in.inBackground(func(ctx context.Context) {
		in.postEphemeral(ctx, at, in.translatorFor(ctx, in.session, account)(english)) //nolint:errcheck // ephemeral: lost without harm
	})
}
