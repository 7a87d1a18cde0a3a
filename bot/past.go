package bot

import (
	"context"
	"slices"
	"strconv"
	"strings"
)

// A move that reads the past is shown what the records about its order have gone through. How much of each there was
// stands in the event, so that a replay reads the very same.
const pastFact = "past"

// readsPast says whether the event's move reads the past.
func (b *book) readsPast(v *View) bool {
	f := b.flows[v.Conv.Flow]
	m, heard := f.move(v.Conv.State, v.Event.Name)
	return heard && m.Past && !f.Talk
}

// recollect gives a view the past that its event names; where it names none, all there is now.
func (e *Engine) recollect(ctx context.Context, v *View) error {
	if !e.book.readsPast(v) {
		return nil
	}
	if v.Event.Facts[pastFact] == "" {
		marks, err := e.marks(ctx, v.Conv)
		if err != nil {
			return err
		}
		ev := *v.Event
		ev.Facts = Facts{pastFact: marks}
		for name, value := range v.Event.Facts {
			ev.Facts[name] = value
		}
		v.Event = &ev
	}
	for mark := range strings.FieldsSeq(v.Event.Facts[pastFact]) {
		key, length, _ := strings.Cut(mark, "=")
		n, err := strconv.Atoi(length)
		if err != nil {
			continue
		}
		entries, err := e.cfg.Store.Journal(ctx, Key(key), 0, n)
		if err != nil {
			return err
		}
		v.Past = append(v.Past, entries...)
	}
	slices.SortStableFunc(v.Past, func(a, b Entry) int { return a.At.Compare(b.At) })
	return nil
}

// mostPast is how many records about one order are read.
const mostPast = 100

// marks says how long the journal of each record about the order is: "case/8123/0=14 thread/8123/0=3".
func (e *Engine) marks(ctx context.Context, c *Conversation) (string, error) {
	keys, err := e.cfg.Store.Find(ctx, "order:"+c.Order, "", mostPast)
	if err != nil {
		return "", err
	}
	marks := []string{string(c.Key) + "=" + strconv.Itoa(c.Entries)}
	for _, key := range keys {
		if key == c.Key {
			continue
		}
		other, err := e.cfg.Store.Conversation(ctx, key)
		if err != nil {
			return "", err
		}
		marks = append(marks, string(key)+"="+strconv.Itoa(other.Entries))
	}
	return strings.Join(marks, " "), nil
}
