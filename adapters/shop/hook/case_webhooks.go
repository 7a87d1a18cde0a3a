package hook

import (
	"context"
	"encoding/json"

	"nevermind/bot"
)

// SendCaseWebhook tells the shop what has become of a case: case.opened, case.changed or case.closed. It is a hand like a
// command's, on the same lane, so that the shop gets both in the order in which they were decided. Any answer of the two
// hundreds settles it, and nobody hears of its outcome.
func (s *Shop) SendCaseWebhook(ctx context.Context, t bot.Task) (bot.Outcome, error) {
	text, err := caseWebhookBody(&t)
	if err != nil {
		return bot.GivenUp("cannot be written"), nil //nolint:nilerr // it becomes a dead letter for an operator
	}
	if a := s.attempt(ctx, &t, text); !a.accepted() {
		return s.retryOrGiveUp(&t, a.retryAfter), nil
	}
	return bot.Outcome{}, nil
}

// caseWebhookBody has the case as the task stores it: written in the commit of the turn that the webhook is about.
func caseWebhookBody(t *bot.Task) ([]byte, error) {
	return encode(t.Facts["type"], t, json.RawMessage(t.Facts["data"]))
}
