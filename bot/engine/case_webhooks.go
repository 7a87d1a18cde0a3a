package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"

	"nevermind/bot"
	"nevermind/bot/turn"
)

// caseWebhookHand is the hand that case webhooks are given to. The name is stored: a promise.
const caseWebhookHand = bot.DoWebhook

// caseWebhooks makes the tasks that tell the shop what has become of a case: that it is open, has changed, is closed. They
// carry the case as it stands right after the turn, stored in the turn's own commit (an outbox), so that every attempt
// sends the same. They stand in the case's one lane for the shop, before the commands of the same turn: the shop hears
// where a case stands before it is asked to do something for it. A refused turn changes nothing and tells nothing.
func (t *turner) caseWebhooks(ctx context.Context, v *bot.View, made *bot.Turn) ([]bot.Task, error) {
	c := &made.Conv
	if t.cfg.CaseWebhook == nil || !t.rules.ByName[c.Flow].Case || made.Entry.Refused != "" {
		return nil, nil
	}
	kinds := caseWebhookKinds(v.Conv, c)
	if len(kinds) == 0 {
		return nil, nil
	}
	journal, err := t.cfg.Store.Journal(ctx, c.Key, 0, made.Entry.Seq)
	if err != nil {
		return nil, err
	}
	journal = slices.DeleteFunc(journal, func(was bot.Entry) bool { return was.Seq >= made.Entry.Seq }) // the commit will be stale
	data := t.cfg.CaseWebhook(c, append(journal, made.Entry), v.Order)
	var tasks []bot.Task
	for _, kind := range kinds {
		tasks = append(tasks, bot.Task{
			ID: caseWebhookID(c, &made.Entry, kind), Lane: turn.ShopLane(c.Key), Do: caseWebhookHand, Class: bot.EditClass,
			From: c.Key, Order: c.Order, Facts: bot.Facts{"type": kind, "data": data}, Made: v.Now,
		})
	}
	return tasks, nil
}

// caseWebhookKinds names what a turn has made of a case, by how it stood before and stands now.
func caseWebhookKinds(before, now *bot.Conversation) []string {
	var kinds []string
	switch {
	case before.State == "":
		kinds = append(kinds, "case.opened")
	case now.Closed.IsZero() && (now.Visit != before.Visit || !slices.Equal(now.Deadlines, before.Deadlines)):
		kinds = append(kinds, "case.changed")
	}
	if !now.Closed.IsZero() {
		kinds = append(kinds, "case.closed")
	}
	return kinds
}

// caseWebhookID is the idempotency key of one webhook. A turn that is made again after a restore, or in a new data folder,
// tells something else at another time, so the time is part of the id: a receiver that has stored the first id must not
// take the second webhook for a repeat.
func caseWebhookID(c *bot.Conversation, e *bot.Entry, kind string) string {
	parts := []string{string(c.Key), strconv.Itoa(e.Seq), e.At.Format(time.RFC3339Nano), kind}
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return "N-" + hex.EncodeToString(sum[:10])
}
