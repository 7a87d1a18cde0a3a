package engine

import (
	"context"
	"fmt"
	"hash/maphash"
	"log/slog"
	"sync"
	"time"

	"nevermind/bot"
)

// turner makes turns: it loads a conversation, lets the pure package turn decide, and commits, one turn at a time for each
// conversation. The receiver, the deliverer, the clock and the people call it, from many goroutines. It promises that a
// turn is committed whole or not at all, that an event counts once (deduplicated by its id), and that a turn made on a
// stale record is made again. Its state is the locks; they only spare work within this process, because the store's
// versions decide between several.
type turner struct {
	*base
	load  *loader
	locks [4096]sync.Mutex // by the key's hash; many more than turns at once, so that few wait for another conversation's
	seed  maphash.Seed
}

// eventOf makes an event of a view, or says in refused why the turn moves nothing: one of bot's Refused constants. It is
// called once for each attempt, with the conversation loaded but not yet who takes part; it may set the view's actor, where
// the event's own Actor is not the whole story (a stranger has no id). It must be pure but for what the view's Look reads.
type eventOf func(v *bot.View) (ev bot.Event, refused string)

// event is the eventOf of an event that is known before the conversation is loaded.
func event(ev bot.Event) eventOf { return func(*bot.View) (bot.Event, string) { return ev, "" } }

// take makes one turn of a conversation and commits it, together with what is already in c. It returns ErrSeen where the
// event was handled before, ErrNone where there is no such conversation and the event begins none, and errTurn where the
// turn itself fails. Whatever it returns but nil, nothing is stored.
//
// What callers put into c is what belongs to the same commit: Handled, the id by which a repeat is known; Said, the message
// as it stands in the room's log; Settle, the task that is over with this turn; LateOutcome. Tasks that are there already
// go before those of the turn.
func (t *turner) take(ctx context.Context, key bot.Key, c bot.Commit, hear eventOf) error {
	took := stopwatch()
	defer t.lock(key)()
	return retryStale(func() error { return t.attempt(ctx, key, c, hear, took) })
}

// lock keeps every other turn out of a conversation; call what it returns to let go. Two conversations whose hashes meet
// wait for each other without need; nobody ever holds two locks, so that cannot be a deadlock.
func (t *turner) lock(key bot.Key) func() {
	m := &t.locks[maphash.String(t.seed, string(key))%uint64(len(t.locks))]
	m.Lock()
	return m.Unlock
}

// attempt loads, decides and commits once. Everything it makes is thrown away where the commit fails: ids and tokens are
// made of a new seed the next time, and the event is heard anew in the conversation as it stands then.
func (t *turner) attempt(ctx context.Context, key bot.Key, c bot.Commit, hear eventOf, took func() time.Duration) error {
	v, err := t.load.view(ctx, key)
	if err != nil {
		return err
	}
	made, err := t.decide(ctx, v, hear)
	if err != nil {
		return err
	}
	t.cfg.CrashPoint(bot.Decided)
	webhooks, err := t.caseWebhooks(ctx, v, &made)
	if err != nil {
		return err
	}
	made.Tasks = append(webhooks, made.Tasks...) // the shop hears where a case stands before what it is to do
	c.At, c.Conversation, c.Terms, c.About = v.Now, &made.Conv, t.terms(&made.Conv), namedBy(v, &made)
	if made.Entry.Seq > 0 {
		c.Entry = &made.Entry
	}
	c.Tasks = append(c.Tasks[:len(c.Tasks):len(c.Tasks)], made.Tasks...)
	if err := t.commit(ctx, &c); err != nil {
		return err
	}
	t.measure(ctx, v, &made, took())
	tellPressAnswer(ctx, made.Tasks)
	return nil
}

// decide hears and makes the turn; nothing is stored. The order matters: the event says who acts and which order it is
// about, so it is heard before they are loaded; whether a record may begin is asked before anything is said about it; and a
// refusal is a turn too, with a line in the journal and a kind word, but it moves nothing and reads no history.
func (t *turner) decide(ctx context.Context, v *bot.View, hear eventOf) (made bot.Turn, err error) {
	err = guard(func() error {
		ev, refused := hear(v)
		switch refused {
		case needsForm:
			return errNeedsForm
		case needsGuess:
			return errNeedsGuess
		case waitsToTell:
			return errUntold
		}
		v.Event = &ev
		if err := t.load.participants(ctx, v); err != nil {
			return err
		}
		if v.Conv.State == "" && !t.load.mayBegin(v) {
			return bot.ErrNone
		}
		if refused != "" {
			made = t.rules.Refuse(v, refused)
			return nil
		}
		if err := t.load.history(ctx, v); err != nil {
			return err
		}
		if made, err = t.rules.Decide(v); err != nil {
			return fmt.Errorf("%w: %w", errTurn, err)
		}
		return nil
	}, func() error { return readFault(v.Look) })
	return made, err
}

// measure tells meter and log of a turn that was committed.
func (t *turner) measure(ctx context.Context, v *bot.View, made *bot.Turn, took time.Duration) {
	ev, entry := &made.Entry.Event, &made.Entry
	t.cfg.Meter.Count("turns", v.Conv.Flow+"/"+cause(ev), 1)
	t.cfg.Meter.Took("turn", v.Conv.Flow, took)
	if entry.Refused != "" {
		t.cfg.Meter.Count("refused", entry.Refused, 1)
	}
	if !t.cfg.Log.Enabled(ctx, slog.LevelDebug) {
		return
	}
	asks := make([]string, len(made.Tasks))
	for i := range made.Tasks {
		asks[i] = bot.Trace(made.Tasks[i].ID)
	}
	t.cfg.Log.Debug("turn", "cause", bot.Trace(ev.ID), "kind", cause(ev), "flow", entry.Flow, "event", ev.Name,
		"from", entry.From, "to", entry.To, "refused", entry.Refused, "tasks", asks, "took", took)
}
