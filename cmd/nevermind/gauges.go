package main

import (
	"context"
	"os"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// gauges are read from the store when somebody asks for them.
type gauges struct {
	*site
	ready *readiness
}

func describe(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("nevermind_"+name, help, labels, nil)
}

var (
	waitingTasks    = describe("tasks_waiting", "Tasks in the lanes of a kind: room (messages), conv (events), work (tasks outside).", "lane")
	lateTasks       = describe("tasks_late_seconds", "How long the longest overdue task of a kind has been due.", "lane")
	overdueDeadline = describe("deadline_overdue_seconds", "How long the earliest deadline has been due without being acted on.")
	deadLetters     = describe("dead_letters", "Tasks that are set aside and wait for an operator: nevermind deadletter list. Counted up to 1000.")
	storeBytes      = describe("store_bytes", "The database file's size.")
	storeSchema     = describe("store_schema", "The version of the stored form.")
	clockTrusted    = describe("clock_trusted", "1 while the clock agrees with the time that has really passed; while 0, no deadline moves money.")
	partReady       = describe("ready", "Whether a part is able to work, as /readyz says.", "part")
)

// mostDead is how many dead letters are counted: an operator who has so many needs no better figure.
const mostDead = 1000

// Describe names all of them.
func (g gauges) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{waitingTasks, lateTasks, overdueDeadline, deadLetters, storeBytes, storeSchema, clockTrusted, partReady} {
		to <- d
	}
}

// Collect reads them; what the store does not answer is left out, and /readyz tells that.
func (g gauges) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), probeTime)
	defer cancel()
	say := func(d *prometheus.Desc, v float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	now := g.now()
	if queues, err := g.store.Queues(ctx, now); err == nil {
		for _, q := range queues {
			say(waitingTasks, float64(q.Waiting), q.Kind)
			say(lateTasks, overdue(now, q.Since), q.Kind)
		}
	}
	if next, err := g.store.NextDeadline(ctx); err == nil {
		say(overdueDeadline, overdue(now, next))
	}
	if dead, err := g.store.Dead(ctx, 0, mostDead); err == nil {
		say(deadLetters, float64(len(dead)))
	}
	if path, err := g.set.database(); err == nil {
		if file, err := os.Stat(path); err == nil {
			say(storeBytes, float64(file.Size()))
		}
	}
	say(storeSchema, float64(g.store.Schema()))
	say(clockTrusted, one(g.engine.ClockTrusted()))
	wrong := g.ready.look()
	for _, p := range g.ready.parts {
		say(partReady, one(wrong[p.name] == nil), p.name)
	}
}

// overdue is how many seconds ago something was due; 0 where it is not due yet, or where there is nothing.
func overdue(now, due time.Time) float64 {
	if due.IsZero() {
		return 0
	}
	return max(0, now.Sub(due).Seconds())
}

func one(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}
