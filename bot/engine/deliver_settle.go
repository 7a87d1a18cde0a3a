package engine

import (
	"cmp"
	"context"
	"errors"
	"log/slog"

	"nevermind/bot"
)

// settler ends leased tasks: it settles them, has them tried later with a backoff, or sets them aside as dead letters and
// tells support. Whoever does a task calls it with the lease; the lease's epoch is the fencing token that keeps out a
// worker whose lease has run out. It has no state.
type settler struct{ *base }

// settle records how an attempt at a task ended, outside of any turn.
func (s *settler) settle(ctx context.Context, l bot.Lease, o bot.Outcome) error {
	err := s.cfg.Store.Settle(ctx, l, s.now(), o)
	if err == nil {
		s.settled()
	}
	if o.Retry > 0 {
		signal(s.tasksDue) // it may become due before all others
	}
	return err
}

// settled follows every commit that has settled a task, alone or with a turn. Its lane may have a new head that is due; whoever
// did the task claims again when that is over.
func (s *settler) settled() { s.cfg.CrashPoint(bot.Settled) }

// finish ends a task whose outcome o was to be settled by the commit of a turn, by the error of that commit. Where the
// event was handled before (ErrSeen) or there is nobody to hear it (ErrNone), the task is settled alone; where the turn
// cannot be made (errTurn), failed says what becomes of the task; any other error is returned, and the task is done again
// when its lease has run out.
func (s *settler) finish(ctx context.Context, l bot.Lease, o bot.Outcome, err error, failed func(why error) error) error {
	switch {
	case err == nil:
		s.settled()
		return nil
	case errors.Is(err, bot.ErrSeen), errors.Is(err, bot.ErrNone):
		return s.settle(ctx, l, o)
	case errors.Is(err, errTurn):
		return failed(err)
	}
	return err
}

// tryLater is what becomes of a task whose turn cannot be made, by a fault of this program: it is tried again with a
// backoff, and in the end it is a dead letter.
func (s *settler) tryLater(ctx context.Context, l bot.Lease) func(why error) error {
	return func(why error) error {
		if err := s.cfg.Store.Attempt(ctx, l); err != nil {
			return err
		}
		if l.Task.Attempts+1 >= mostTries {
			s.cfg.Meter.Count("dead", l.Task.Do, 1)
			s.cfg.Log.Error("a turn is set aside for an operator", "task", bot.Trace(l.Task.ID), slog.Any("why", why))
			return s.giveUp(ctx, l, bot.GivenUp("the turn cannot be made"), bot.NoticeGivenUp, nil)
		}
		return s.settle(ctx, l, bot.RetryAfter(backoff(l.Task.Attempts+1)))
	}
}

// giveUp sets a task aside as a dead letter and says so to support, in the words of a notice with facts in them: about one record
// or person once a day, deduplicated by the id of the message.
func (s *settler) giveUp(ctx context.Context, l bot.Lease, o bot.Outcome, notice string, facts bot.Facts) error {
	desk, err := s.person(ctx, bot.Desk)
	if err != nil {
		return err
	}
	now, about := s.now(), s.about(ctx, &l.Task)
	c := bot.Commit{At: now, Settle: &bot.Settlement{Lease: l, Outcome: o}}
	for _, room := range desk.Rooms {
		id := notice + ":" + about + ":" + now.Format("2006-01-02") + ":" + string(room)
		reply := bot.Reply{Room: room, Mode: bot.New, Title: about, Text: s.notice(desk, notice, facts), Chatter: true}
		if reply.Text != "" {
			c.Tasks = append(c.Tasks, sendTask(id, bot.PostClass, reply, now))
		}
	}
	if err := s.commit(ctx, &c); err != nil {
		return err
	}
	s.settled()
	return nil
}

// about names what a task belongs to, for support: the case, the order, or who spoke last in the talk.
func (s *settler) about(ctx context.Context, t *bot.Task) string {
	key := cmp.Or(t.To, t.From)
	c, err := s.cfg.Store.Conversation(ctx, key)
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
	last, err := s.cfg.Store.Journal(ctx, key, c.Entries-1, 1)
	if err != nil || len(last) == 0 || last[0].Event.Actor == "" {
		return string(key)
	}
	who, err := s.person(ctx, last[0].Event.Actor)
	if err != nil || who.Name == "" {
		return string(last[0].Event.Actor)
	}
	return who.Name
}
