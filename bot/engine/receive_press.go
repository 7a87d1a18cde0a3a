package engine

import (
	"context"

	"nevermind/bot"
)

// ReceivePress is Receive for a press, and says what it is answered with where its turn has been made and committed: the text of
// the reply of mode Aside, empty where there is none. That reply stays a task: whoever answers the press before drops it.
func (e *Engine) ReceivePress(ctx context.Context, m bot.Message) (words string, decided bool, err error) {
	a := &pressAnswer{press: m.ID}
	err = e.Receive(context.WithValue(ctx, pressAnswerKey{}, a), m)
	return a.words, a.decided && err == nil, err
}

// pressAnswer is what a press is answered with, as the commits that are made for it tell.
type pressAnswer struct {
	press, words string
	decided      bool
}

// pressAnswerKey is the context key of a *pressAnswer: the way from Receive to the commit is the same for whoever waits for
// an answer and whoever does not.
type pressAnswerKey struct{}

// tellPressAnswer tells whoever waits for a press's answer what it is, of each turn that is committed.
func tellPressAnswer(ctx context.Context, tasks []bot.Task) {
	a, wanted := ctx.Value(pressAnswerKey{}).(*pressAnswer)
	if !wanted {
		return
	}
	a.decided = true
	for _, t := range tasks {
		if t.Reply != nil && t.Reply.Mode == bot.Aside && t.Reply.Press == a.press {
			a.words = t.Reply.Text
		}
	}
}
