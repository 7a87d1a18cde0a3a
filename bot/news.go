package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
)

// tidings makes the tasks that tell the shop what has become of a case: that it is open, has changed, is closed. They
// carry the case as it stands right after the turn, written down in the turn's own commit, so that every try is the same.
func (e *Engine) tidings(ctx context.Context, v *View, t *Turn) ([]Task, error) {
	c := &t.Conv
	if e.cfg.News == nil || !e.book.flows[c.Flow].Case || t.Entry.Note != "" {
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
	journal = slices.DeleteFunc(journal, func(was Entry) bool { return was.Seq >= t.Entry.Seq }) // the commit will be stale
	data := e.cfg.News(c, append(journal, t.Entry), v.Order)
	var tasks []Task
	for _, kind := range kinds {
		sum := sha256.Sum256([]byte(string(c.Key) + "\x00" + strconv.Itoa(t.Entry.Seq) + "\x00" + kind))
		tasks = append(tasks, Task{ID: "N-" + hex.EncodeToString(sum[:10]), Lane: shopLane(c.Key), Do: newsHand, Class: EditClass,
			From: c.Key, Order: c.Order, Facts: Facts{"type": kind, "data": data}, Made: v.Now})
	}
	return tasks, nil
}

// newsHand is the hand that news of a case is given to.
const newsHand = "send_news"

// shopLane is the one lane of everything that a case has for the shop: commands and news keep their order.
func shopLane(key Key) string { return "shop:" + string(key) }
