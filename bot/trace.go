package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"strings"
	"time"
)

// Trace is a short hash by which the log names a message or a task: the ids themselves may say who or where somebody
// is. What is done about one under another id ("task:…", "outcome:…", "again:…") has the trace of the one.
func Trace(id string) string {
	for {
		kind, rest, _ := strings.Cut(id, ":")
		switch kind {
		case "task", "outcome", "again", "once more", "sorry", "undelivered":
			id = rest
			continue
		}
		sum := sha256.Sum256([]byte(id))
		return hex.EncodeToString(sum[:4])
	}
}

// kind is what a turn's event came of, in a word.
func kind(e *Event) string {
	switch {
	case e.Offer != "":
		return "press"
	case e.By == Clock:
		return "deadline"
	case e.By == Shop:
		return "shop"
	case strings.HasPrefix(e.ID, "task:"):
		return "told"
	default:
		return "message"
	}
}

// turned tells operator and meter of a turn that was committed.
func (e *Engine) turned(ctx context.Context, v *View, t *Turn, took time.Duration) {
	ev, entry := &t.Entry.Event, &t.Entry
	e.cfg.Meter.Count("turns", v.Conv.Flow+"/"+kind(ev), 1)
	e.cfg.Meter.Took("turn", v.Conv.Flow, took)
	if entry.Note != "" {
		e.cfg.Meter.Count("refused", entry.Note, 1)
	}
	if !e.cfg.Log.Enabled(ctx, slog.LevelDebug) {
		return
	}
	asks := make([]string, len(t.Tasks))
	for i := range t.Tasks {
		asks[i] = Trace(t.Tasks[i].ID)
	}
	e.cfg.Log.Debug("turn", "cause", Trace(ev.ID), "kind", kind(ev), "flow", entry.Flow, "event", ev.Name, "from", entry.From, "to", entry.To,
		"note", entry.Note, "tasks", asks)
}

// ended tells operator and meter how an attempt at a task ended; what is under the label of.
func (e *Engine) ended(t *Task, what, of string, o Outcome, took time.Duration) {
	end := "done"
	switch {
	case o.Dead != "":
		end = "dead"
		e.cfg.Meter.Count("dead", t.Do, 1)
	case o.Retry > 0:
		end = "again"
	case o.Pending:
		end = "pending"
	}
	e.cfg.Meter.Count(what+"s", of+"/"+end, 1)
	e.cfg.Meter.Took(what, of, took)
	e.cfg.Log.Debug("attempt", "what", what, "task", Trace(t.ID), "of", of, "attempt", t.Attempts, "end", end)
}

// unclear says whether a send may have arrived although it failed, so that a repeat may be a second copy.
func unclear(err error) bool {
	return err != nil && !errors.Is(err, ErrNotSent) && !errors.Is(err, ErrGone) && !errors.Is(err, ErrRefused)
}
