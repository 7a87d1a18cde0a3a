package engine

import (
	"strings"
	"time"

	"nevermind/bot"
)

// cause is what a turn's event came of, in a word, for meter and log.
func cause(e *bot.Event) string {
	switch {
	case e.Offer != "":
		return "press"
	case e.By == bot.Clock:
		return "deadline"
	case e.By == bot.Shop:
		return "shop"
	case strings.HasPrefix(e.ID, "task:"):
		return "told"
	default:
		return "message"
	}
}

// measureAttempt tells meter and log how an attempt at a task ended; of is the label under which it is counted.
func (b *base) measureAttempt(t *bot.Task, what, of string, o bot.Outcome, took time.Duration) {
	end := "done"
	switch {
	case o.Dead != "":
		end = "dead"
		b.cfg.Meter.Count("dead", t.Do, 1)
	case o.Retry > 0:
		end = "again"
	case o.Pending:
		end = "pending"
	}
	b.cfg.Meter.Count(what+"s", of+"/"+end, 1)
	b.cfg.Meter.Took(what, of, took)
	b.cfg.Log.Debug("attempt", "what", what, "task", bot.Trace(t.ID), "of", of, "attempt", t.Attempts, "end", end, "took", took)
}
