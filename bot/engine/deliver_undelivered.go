package engine

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"nevermind/bot"
)

// roomGone is why a message is dead whose reader has left.
const roomGone = "the room is gone"

// undelivered settles a message that will never arrive. Its record hears of it and tells support, in the same commit;
// where no record can, support is told all the same.
func (e *Engine) undelivered(ctx context.Context, l bot.Lease, o bot.Outcome) error {
	t := l.Task
	told := false
	if o.Dead == roomGone {
		var err error
		if told, err = e.blockedBySend(ctx, &t); err != nil {
			return err
		}
	}
	left := o.Dead == roomGone && t.From.Kind() == "talk" // in the middle of talking: nobody waits for the answer
	if t.Reply.Mode != bot.New || t.Reply.Chatter || left || told {
		return e.settle(ctx, l, o)
	}
	if e.wouldHear(ctx, t.From, "not_delivered") && !e.atDesk(ctx, t.Reply.Room) {
		ev := bot.Event{ID: "undelivered:" + t.ID, Name: "not_delivered", By: bot.Shop, Facts: bot.Facts{"room": t.Reply.Room.Adapter()}}
		err := e.turnOf(ctx, t.From, bot.Commit{Handled: ev.ID, Settle: &bot.Settlement{l, o}}, func(v *bot.View) (bot.Event, string) { return ev, "" })
		switch {
		case errors.Is(err, bot.ErrSeen): // it died before
			return e.settle(ctx, l, o)
		case !errors.Is(err, bot.ErrNone) && !errors.Is(err, errTurn):
			return err
		}
	}
	return e.tellDesk(ctx, l, o, bot.NoticeUndelivered)
}

// wouldHear says whether a record, as it stands, does something on an event.
func (e *Engine) wouldHear(ctx context.Context, key bot.Key, event string) bool {
	c, err := e.cfg.Store.Conversation(ctx, key)
	f := e.rules.ByName[c.Flow]
	if err != nil || f == nil || f.Talk || !c.Closed.IsZero() {
		return false
	}
	_, here := f.States[c.State].Then[event]
	_, always := f.Always[event]
	return here || always
}

// atDesk says whether a room is support's.
func (e *Engine) atDesk(ctx context.Context, room bot.Room) bool {
	desk, err := e.person(ctx, bot.Desk)
	return err == nil && slices.Contains(desk.Rooms, room)
}

// tellDesk settles a task that is dead and says so to support, about one record or person once a day.
func (e *Engine) tellDesk(ctx context.Context, l bot.Lease, o bot.Outcome, note string) error {
	desk, err := e.person(ctx, bot.Desk)
	if err != nil {
		return err
	}
	now, about, words := e.Now(), e.about(ctx, &l.Task), e.rules.Notices[note]
	c := bot.Commit{At: now, Settle: &bot.Settlement{l, o}}
	for _, room := range desk.Rooms {
		if words == "" || l.Task.Reply != nil && l.Task.Reply.Room == room {
			continue // support cannot be told in the room that is gone
		}
		c.Tasks = append(c.Tasks, bot.Task{
			ID: note + ":" + about + ":" + now.Format("2006-01-02") + ":" + string(room), Lane: "room:" + string(room), Do: "send",
			Class: bot.PostClass, Reply: &bot.Reply{Room: room, Mode: bot.New, Title: about, Text: words, Chatter: true}, Made: now,
		})
	}
	if err := e.commit(ctx, &c); err != nil {
		return err
	}
	e.cfg.CrashPoint(bot.Settled)
	signal(e.wake)
	return nil
}

// about names what a task belongs to, for support: the case, the order, or who spoke last in the talk.
func (e *Engine) about(ctx context.Context, t *bot.Task) string {
	key := cmp.Or(t.To, t.From)
	c, err := e.cfg.Store.Conversation(ctx, key)
	switch {
	case err != nil && t.Reply == nil:
		return cmp.Or(t.Order, string(key), t.Do)
	case err != nil:
		return t.Reply.Room.Adapter()
	case c.ID != "" && c.Order != "":
		return c.ID + " · " + c.Order
	case c.ID != "" || c.Order != "":
		return cmp.Or(c.ID, c.Order)
	}
	last, err := e.cfg.Store.Journal(ctx, key, c.Entries-1, 1)
	if err != nil || len(last) == 0 || last[0].Event.Actor == "" {
		return string(key)
	}
	who, err := e.person(ctx, last[0].Event.Actor)
	if err != nil || who.Name == "" {
		return string(last[0].Event.Actor)
	}
	return who.Name
}
