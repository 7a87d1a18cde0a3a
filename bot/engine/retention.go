package engine

import (
	"context"
	"errors"
	"log/slog"
	"reflect"
	"time"

	"nevermind/bot"
)

// retainer forgets what the policy keeps only for a time. It goes through the store once a day, over bot.Store alone, and deletes
// in small batches; cut short, the next day does the rest. The housekeeper calls it. It has no state.
type retainer struct{ *base }

// kept says since when what is over must have ended to be kept, by what it is; the zero time is for ever.
type kept struct{ tasks, rooms, cases, obliged time.Time }

// keptAt is what a policy keeps at a moment.
func keptAt(p *bot.Policy, now time.Time) kept {
	since := func(what string) time.Time {
		w := p.Retention[what]
		switch {
		case w.IsZero():
			return time.Time{}
		case w.BusinessDays > 0:
			return now.Add(-time.Duration(w.BusinessDays) * 2 * 24 * time.Hour) // there are not half as many
		}
		return now.Add(-w.Length)
	}
	return kept{since("tasks"), since("rooms"), since("cases"), since("obliged")}
}

// over says whether something ended before that; never where that is no time.
func over(at, before time.Time) bool { return !before.IsZero() && at.Before(before) }

// keptApart is the fact that says since when a closed record is kept apart: without words, found by its order alone.
const keptApart = "kept_apart"

// look forgets what is over now, and says how many records that were.
func (r *retainer) look(ctx context.Context) (forgotten int, err error) {
	w := &forgetting{retainer: r, ctx: ctx, kept: keptAt(r.cfg.Policy, r.now())}
	if w.kept == (kept{}) {
		return 0, nil
	}
	err = r.cfg.Store.Each(ctx, w.record)
	if flushed := w.flush(); err == nil || errors.Is(err, bot.ErrBroken) { // what is damaged stays, and is told elsewhere
		err = flushed
	}
	return w.forgotten, err
}

// forgetting is one walk through the store.
type forgetting struct {
	*retainer
	ctx context.Context
	kept
	gone      []bot.Record
	forgotten int
	owner     bot.Key // of the task looked at last
	fate      fate    // what becomes of what that one has asked for
}

// fate is what becomes of the tasks of a record.
type fate int

const (
	stays fate = iota
	losesWords
	goes
)

// record looks at one record.
func (f *forgetting) record(x bot.Record) error {
	switch {
	case x.Order != nil:
		return f.order(x.Order)
	case x.Conversation != nil:
		return f.conversation(x.Conversation)
	case x.Task != nil:
		return f.task(x.Task)
	case x.Said != nil && over(x.Said.At, f.rooms):
		return f.forget(x)
	}
	return nil
}

// batch is how many records are deleted together.
const forgetBatch = 100

func (f *forgetting) forget(x bot.Record) error {
	if f.gone = append(f.gone, x); len(f.gone) < forgetBatch {
		return nil
	}
	return f.flush()
}

// flush deletes what was found.
func (f *forgetting) flush() error {
	n, err := f.cfg.Store.Forget(f.ctx, f.gone...)
	f.forgotten, f.gone = f.forgotten+n, nil
	return err
}

// order forgets an order with all records about it, once all of them have been closed for long enough. They go together: turns
// read the others' history. Where it was paid and law obliges to keep that, they are kept apart until then.
func (f *forgetting) order(o *bot.Order) error {
	if !over(o.Updated, f.until(o)) {
		return nil
	}
	records, last, err := f.recordsOf(o.ID)
	if err != nil || last.IsZero() && len(records) > 0 {
		return err
	}
	if last.Before(o.Updated) {
		last = o.Updated
	}
	switch {
	case !over(last, f.until(o)):
		return nil
	case !o.Paid.IsZero() && !f.obliged.IsZero() && !over(last, f.obliged):
		return f.keepApart(o, records)
	}
	for i := range records {
		if err := f.forget(bot.Record{Conversation: &records[i]}); err != nil {
			return err
		}
	}
	return f.forget(bot.Record{Order: o})
}

// until is before when an order and its records must have ended to go, or to be kept apart: those of a buyer or seller who was
// erased go when law obliges no more, though closed cases are kept for ever.
func (f *forgetting) until(o *bot.Order) time.Time {
	if !f.cases.IsZero() || f.obliged.IsZero() {
		return f.cases
	}
	for _, id := range []bot.PersonID{o.Buyer, o.Seller} {
		if who, err := f.cfg.Store.Person(f.ctx, id); err == nil && who.WasErased() {
			return f.obliged
		}
	}
	return time.Time{}
}

// recordsOf are all records about an order, and when the last one was closed; the zero time where one is open.
func (f *forgetting) recordsOf(order string) (all []bot.Conversation, last time.Time, err error) {
	for after := bot.Key(""); ; {
		keys, err := f.cfg.Store.Find(f.ctx, "order:"+order, after, 100)
		if err != nil || len(keys) == 0 {
			return all, last, err
		}
		for _, after = range keys {
			c, err := f.cfg.Store.Conversation(f.ctx, after)
			switch {
			case errors.Is(err, bot.ErrNone):
				continue
			case err != nil:
				return nil, last, err
			case c.Closed.IsZero():
				return []bot.Conversation{c}, time.Time{}, nil
			case c.Closed.After(last):
				last = c.Closed
			}
			all = append(all, c)
		}
	}
}

// keepApart takes all words out of an order and its records. What is left are numbers, amounts, times and decisions, whose
// journal holds; its files are named by nothing any more, and it is found by its order alone.
func (f *forgetting) keepApart(o *bot.Order, records []bot.Conversation) error {
	for i := range records {
		c := &records[i]
		if c.Facts[keptApart] != "" {
			continue
		}
		if err := f.cfg.Store.ForgetWords(f.ctx, c.Key); err != nil {
			return err
		}
		bare, _ := c.CutPersonal()
		bare.PutPersonal(nil)
		bare.Facts[keptApart] = f.now().Format(time.DateOnly)
		if err := f.changed(&bot.Commit{At: f.now(), Conversation: &bare, Terms: []string{"order:" + o.ID}}); err != nil {
			return err
		}
	}
	bare, _ := o.CutPersonal()
	bare.PutPersonal(nil)
	if reflect.DeepEqual(&bare, o) {
		return nil
	}
	return f.changed(&bot.Commit{At: f.now(), Order: &bare})
}

// changed commits a record unless it has changed meanwhile: then it is not over.
func (f *forgetting) changed(c *bot.Commit) error {
	err := f.commit(f.ctx, c)
	if errors.Is(err, bot.ErrStale) {
		return nil
	}
	if err == nil {
		f.forgotten++
	}
	return err
}

// conversation forgets a talk in which nobody has said anything for long, and a record about no order that is known.
func (f *forgetting) conversation(c *bot.Conversation) error {
	flow := f.rules.ByName[c.Flow]
	switch {
	case c.Key.Kind() == "talk":
		at, err := f.lastTurn(c)
		if err != nil || !over(at, f.rooms) {
			return err
		}
	case flow == nil, c.Closed.IsZero(), !over(c.Closed, f.cases):
		return nil
	case c.Order != "":
		if _, err := f.cfg.Store.Order(f.ctx, c.Order); !errors.Is(err, bot.ErrNone) {
			return err // it goes with its order
		}
		_, last, err := f.recordsOf(c.Order)
		if err != nil || last.IsZero() || !over(last, f.cases) || !f.obliged.IsZero() && !over(last, f.obliged) {
			return err
		}
	}
	return f.forget(bot.Record{Conversation: c})
}

// lastTurn is when a conversation's last turn was.
func (f *forgetting) lastTurn(c *bot.Conversation) (time.Time, error) {
	last, err := f.cfg.Store.Journal(f.ctx, c.Key, c.Entries-1, 1)
	if err != nil || len(last) == 0 {
		return c.Opened, err
	}
	return last[0].At, nil
}

// task forgets a task with the record that asked for it, a message in a chat with the chat, and else what is set aside and nobody
// has put back. One that moves money goes with its record alone.
func (f *forgetting) task(t *bot.TaskRecord) error {
	if t.State == bot.TaskWaiting {
		return nil
	}
	fate, err := f.fateOf(t.Task.From)
	switch {
	case err != nil:
		return err
	case fate == goes, fate == losesWords && t.Task.Reply != nil:
	case fate == losesWords && hasWords(t.Task.Facts):
		return f.cfg.Store.ForgetWords(f.ctx, t.Task.From, t.Task.ID)
	case t.Task.Class == bot.MoneyClass, t.State == bot.TaskPending:
		return nil
	case t.Task.Reply != nil && !f.ofRecord(t.Task.From) && over(t.At, f.rooms):
	case t.State == bot.TaskDead && over(t.At, f.tasks):
	default:
		return nil
	}
	return f.forget(bot.Record{Task: t})
}

// hasWords says whether facts are about people.
func hasWords(facts bot.Facts) bool {
	for name := range facts {
		if bot.PersonalFact(name) {
			return true
		}
	}
	return false
}

// ofRecord says whether a conversation is a record, whose tasks go with it.
func (f *forgetting) ofRecord(key bot.Key) bool {
	flow := f.rules.ByName[key.Kind()]
	return flow != nil && !flow.Talk
}

// fateOf is what becomes of what a record has asked for. Records come before tasks, so those that were forgotten are gone.
func (f *forgetting) fateOf(owner bot.Key) (fate, error) {
	if !f.ofRecord(owner) || f.cases.IsZero() && f.obliged.IsZero() {
		return stays, nil
	}
	if owner == f.owner {
		return f.fate, nil
	}
	if err := f.flush(); err != nil {
		return stays, err
	}
	c, err := f.cfg.Store.Conversation(f.ctx, owner)
	f.owner, f.fate = owner, stays
	switch {
	case errors.Is(err, bot.ErrNone):
		f.fate = goes
	case errors.Is(err, bot.ErrBroken):
	case err != nil:
		return stays, err
	case c.Facts[keptApart] != "":
		f.fate = losesWords
	}
	return f.fate, nil
}

// Retain forgets what the policy keeps no longer, and says how many records; Run does so once a day.
func (e *Engine) Retain(ctx context.Context) (forgotten int, err error) {
	return (&retainer{e.base}).look(ctx)
}

// retain says what was forgotten.
func (h *housekeeper) retain(ctx context.Context) {
	n, err := (&retainer{h.base}).look(ctx)
	if err != nil && ctx.Err() == nil {
		h.cfg.Log.Error("forget what is kept no longer", slog.Any("why", err))
	}
	if n > 0 {
		h.cfg.Log.Info("forgotten by the policy's retention", "records", n)
	}
	h.cfg.Meter.Count("forgotten", "", n)
}
