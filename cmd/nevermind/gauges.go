package main

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"

	"nevermind/store/health"
)

// gauges are read from the store when somebody asks for them (store/health measures), so that they
// cost nothing in between.
type gauges struct {
	*site
	ready *readiness
}

// describe names one gauge.
func describe(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("nevermind_"+name, help, labels, nil)
}

var (
	waitingTasks = describe("tasks_waiting",
		"Tasks that wait, by lane: room, conv, shop, work, fetch, album, again, decode, damaged.", "lane")
	lateTasks       = describe("tasks_late_seconds", "How long the longest overdue task of a kind has been due.", "lane")
	overdueDeadline = describe("deadline_overdue_seconds", "How long the earliest deadline has been due without being acted on.")
	deadLetters     = describe("dead_letters",
		"Tasks that are set aside and wait for an operator: nevermind deadletter list. Counted up to 1000.")
	storeBytes   = describe("store_bytes", "The size of the database.")
	storeSchema  = describe("store_schema", "The version of the stored form.")
	clockTrusted = describe("clock_trusted",
		"1 while the clock agrees with the time that has really passed; while 0, no deadline moves money.")
	partReady = describe("ready", "Whether a part is able to work, as /readyz says.", "part")
)

// Describe names all of them.
func (g gauges) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{waitingTasks, lateTasks, overdueDeadline, deadLetters, storeBytes, storeSchema,
		clockTrusted, partReady} {
		to <- d
	}
}

// Collect reads them within probeTime. What the store does not answer is left out, and /readyz
// tells that.
func (g gauges) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), probeTime)
	defer cancel()
	say := func(d *prometheus.Desc, v float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	figures := health.Measure(ctx, g.store, g.now())
	for _, lane := range figures.Lanes {
		say(waitingTasks, float64(lane.Waiting), lane.Kind)
		say(lateTasks, lane.Late.Seconds(), lane.Kind)
	}
	if late := figures.Overdue; late != nil {
		say(overdueDeadline, late.Seconds())
	}
	if dead := figures.Dead; dead != nil {
		say(deadLetters, float64(*dead))
	}
	if kept, err := g.set.storage(); err == nil {
		if bytes := kept.size(ctx, g.store); bytes > 0 {
			say(storeBytes, float64(bytes))
		}
	}
	say(storeSchema, float64(figures.Schema))
	say(clockTrusted, one(g.engine.ClockTrusted()))
	wrong := g.ready.check()
	for _, p := range g.ready.parts {
		say(partReady, one(wrong[p.name] == nil), p.name)
	}
}

// one is 1 for yes and 0 for no, as Prometheus has it.
func one(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}
