package main

import (
	"context"
	"sync"
	"time"

	"nevermind/bot"
)

// weekReport is the report of the present week for whoever looks often: it is made at most every few minutes, and whoever asks
// does not wait long for it. The zero value has none yet.
type weekReport struct {
	mu     sync.Mutex
	all    bot.ReportGroup
	from   time.Time     // Monday, as the report's weeks begin
	made   time.Time     // zero while there is none
	making chan struct{} // closed when the one that is being made is there; nil while none is
}

// How old a week's report may be, how long somebody waits for a newer one, and how long it may take.
const (
	weekFresh   = 10 * time.Minute
	weekWait    = time.Second
	weekPatient = 5 * time.Minute
)

// monday is when the week of a moment began, by ISO 8601 in UTC.
func monday(at time.Time) time.Time {
	at = at.UTC()
	return time.Date(at.Year(), at.Month(), at.Day()-(int(at.Weekday())+6)%7, 0, 0, 0, 0, time.UTC)
}

// group is what came of the week's requests; false while nobody has counted them.
func (w *weekReport) group(ctx context.Context, now time.Time,
	makeReport func(context.Context, bot.ReportQuery) (bot.Report, error)) (bot.ReportGroup, bool) {
	from := monday(now)
	w.mu.Lock()
	if w.making == nil && (!w.from.Equal(from) || now.Sub(w.made) > weekFresh) {
		w.making = make(chan struct{})
		go w.make(context.WithoutCancel(ctx), from, now, makeReport)
	}
	making := w.making
	w.mu.Unlock()
	if making != nil {
		wait := time.NewTimer(weekWait)
		defer wait.Stop()
		select {
		case <-making:
		case <-wait.C:
		case <-ctx.Done():
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.all, !w.made.IsZero() && w.from.Equal(from)
}

// make counts the week's requests. Where that fails there is none until somebody asks again.
func (w *weekReport) make(ctx context.Context, from, now time.Time,
	makeReport func(context.Context, bot.ReportQuery) (bot.Report, error)) {
	ctx, cancel := context.WithTimeout(ctx, weekPatient)
	defer cancel()
	r, err := makeReport(ctx, bot.ReportQuery{From: from, By: "week"})
	w.mu.Lock()
	defer w.mu.Unlock()
	if err == nil {
		w.all, w.from, w.made = r.All, from, now
	}
	close(w.making)
	w.making = nil
}
