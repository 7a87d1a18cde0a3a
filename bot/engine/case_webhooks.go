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

// tidings makes the tasks that tell the shop what has become of a case: that it is open, has changed, is closed. They
// carry the case as it stands right after the turn, written down in the turn's own commit, so that every try is the same.
func (e *Engine) caseWebhooks(ctx context.Context, v *bot.View, t *bot.Turn) ([]bot.Task, error) {
	c := &t.Conv
	if e.cfg.CaseWebhook == nil || !e.rules.ByName[c.Flow].Case || t.Entry.Refused != "" {
		return nil, nil
	}
	var kinds []string
	switch {
	case v.Conv.State == "":
		kinds = append(kinds, "case.opened")
	case c.Closed.IsZero() && (c.Visit != v.Conv.Visit || !slices.Equal(c.Deadlines, v.Conv.Deadlines)):
		kinds = append(kinds, "case.changed")
	}
	if !c.Closed.IsZero() {
		kinds = append(kinds, "case.closed")
	}
	if len(kinds) == 0 {
		return nil, nil
	}
	journal, err := e.cfg.Store.Journal(ctx, c.Key, 0, t.Entry.Seq)
	if err != nil {
		return nil, err
	}
	journal = slices.DeleteFunc(journal, func(was bot.Entry) bool { return was.Seq >= t.Entry.Seq }) // the commit will be stale
	data := e.cfg.CaseWebhook(c, append(journal, t.Entry), v.Order)
	var tasks []bot.Task
	for _, kind := range kinds {
		tasks = append(tasks, bot.Task{ID: caseWebhookID(c, &t.Entry, kind), Lane: turn.ShopLane(c.Key), Do: caseWebhookHand, Class: bot.EditClass,
			From: c.Key, Order: c.Order, Facts: bot.Facts{"type": kind, "data": data}, Made: v.Now})
	}
	return tasks, nil
}

// newsID names what one turn of a case tells. A turn that is made again, after a restore or in a new data folder, tells
// something else at another time: whoever has kept the id of the first must not take it for a repeat.
func caseWebhookID(c *bot.Conversation, e *bot.Entry, kind string) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{string(c.Key), strconv.Itoa(e.Seq), e.At.Format(time.RFC3339Nano), kind}, "\x00")))
	return "N-" + hex.EncodeToString(sum[:10])
}

// newsHand is the hand that news of a case is given to.
const caseWebhookHand = "send_news"
