package engine

import (
	"errors"
	"strings"
	"time"

	"nevermind/bot"
)

// kind is what a turn's event came of, in a word.
func kind(e *bot.Event) string {
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

// ended tells operator and meter how an attempt at a task ended; what is under the label of.
func (e *Engine) ended(t *bot.Task, what, of string, o bot.Outcome, took time.Duration) {
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
	e.cfg.Log.Debug("attempt", "what", what, "task", bot.Trace(t.ID), "of", of, "attempt", t.Attempts, "end", end)
}

// unclear says whether a send may have arrived although it failed, so that a repeat may be a second copy.
func unclear(err error) bool {
	return err != nil && !errors.Is(err, bot.ErrNotSent) && !errors.Is(err, bot.ErrGone) && !errors.Is(err, bot.ErrRefused)
}
