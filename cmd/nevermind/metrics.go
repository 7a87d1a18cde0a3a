package main

import (
	"net/http"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics is a bot.Meter that Prometheus can read. Parts count under names of their own with one
// label; the tables below say what each is called at /metrics. A count that no table lists is kept
// as other_total.
type metrics struct {
	registry *prometheus.Registry
	counts   map[string]*prometheus.CounterVec
	times    map[string]*prometheus.HistogramVec
	other    *prometheus.CounterVec // what the house counts under a name that is not listed here
	labels   labels
	counting found[prometheus.Counter]
	timing   found[prometheus.Observer]
}

// found remembers which metric a name and its label came to, since every turn counts several times.
type found[M any] struct {
	mu     sync.RWMutex
	byName map[[2]string]M // at most mostFound
}

// mostFound is how many are remembered; the others are looked up each time.
const mostFound = 1000

// find returns the metric of a name and its label, which look makes.
func (f *found[M]) find(what, of string, look func() M) M {
	name := [2]string{what, of}
	f.mu.RLock()
	m, ok := f.byName[name]
	f.mu.RUnlock()
	if ok {
		return m
	}
	m = look()
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.byName == nil {
		f.byName = map[[2]string]M{}
	}
	if len(f.byName) < mostFound {
		f.byName[name] = m
	}
	return m
}

// metric is one thing that is told: its name at /metrics, what it is, and the labels into which its
// one label falls at the slashes.
type metric struct{ name, help, labels string }

// counters is what is counted, by its name in the house.
var counters = map[string]metric{
	"turns": {"turns_total", "Turns committed, by flow and what their event came of.", "flow kind"},
	"refused": {"refused_total", "Turns that moved nothing, by why: late, forged or used presses, words not understood.",
		"note"},
	"sends": {"sends_total", "Attempts to send, by platform and how they ended: done, again, dead.", "adapter end"},
	"twins": {"twins_total", "Messages sent again although the first may have arrived.", "adapter"},
	"hands": {"hands_total", "Attempts at tasks outside, by task and how they ended: done, pending, again, dead.",
		"task end"},
	"dead":             {"dead_total", "Tasks set aside for an operator since the start.", "task"},
	"set_aside":        {"set_aside_total", "Messages whose turn failed by our fault and is made later.", "adapter"},
	"rest":             {"rest_total", "Calls under /v1, by what was called and the status of the answer.", "call status"},
	"clock_jumps":      {"clock_jumps_total", "Times the clock jumped by more than two minutes.", ""},
	"webhooks":         {"webhooks_total", "Tries to tell the shop, by the answer.", "answer"},
	"updates":          {"updates_total", "What platforms sent.", "adapter"},
	"updates_refused":  {"updates_refused_total", "What could not be stored and is left to the platform to send again.", "adapter"},
	"told_to_wait":     {"told_to_wait_total", "Times a platform asked for a slower pace.", "adapter"},
	"forged":           {"forged_total", "Requests that did not come from the platform they claimed.", "adapter"},
	"damaged_records":  {"damaged_records_total", "Damaged records and pages that the daily reading of the store has found.", ""},
	"forgotten":        {"forgotten_total", "Records forgotten by the policy's retention.", ""},
	"adapter_restarts": {"adapter_restarts_total", "Times a platform's receiver stopped and was started again.", "adapter"},
}

// histograms is what takes time, by its name in the house.
var histograms = map[string]metric{
	"turn":          {"turn_seconds", "From taking up an event to its commit.", "flow"},
	"commit":        {"commit_seconds", "One commit of the store.", ""},
	"send":          {"send_seconds", "One attempt to send.", "adapter"},
	"hand":          {"hand_seconds", "One attempt at a task outside.", "task"},
	"rest":          {"rest_seconds", "One call under /v1.", "call"},
	"webhook":       {"webhook_seconds", "One try to tell the shop.", "task"},
	"deadline_late": {"deadline_late_seconds", "How late a deadline was acted on.", "window"},
}

// buckets are the bounds in seconds: from a fast commit to a night that was slept through.
var buckets = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300, 3600, 6 * 3600}

// newMetrics registers all of them, so that each is there as zero before it first happens.
func newMetrics() *metrics {
	m := &metrics{registry: prometheus.NewRegistry(), counts: map[string]*prometheus.CounterVec{},
		times: map[string]*prometheus.HistogramVec{}, labels: labels{seen: map[string]int{}}}
	for what, c := range counters {
		m.counts[what] = prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "nevermind", Name: c.name, Help: c.help},
			strings.Fields(c.labels))
		m.registry.MustRegister(m.counts[what])
	}
	for what, c := range histograms {
		m.times[what] = prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: "nevermind", Name: c.name, Help: c.help,
			Buckets: buckets}, strings.Fields(c.labels))
		m.registry.MustRegister(m.times[what])
	}
	m.other = prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "nevermind", Name: "other_total",
		Help: "What else a part counts."}, []string{"what", "of"})
	build := prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: "nevermind", Name: "build_info",
		Help: "Always 1; which program this is."}, []string{"version", "go"})
	build.WithLabelValues(versionName(), runtime.Version()).Set(1)
	m.registry.MustRegister(m.other, build, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Count adds to a count.
func (m *metrics) Count(what, of string, n int) {
	m.counting.find(what, of, func() prometheus.Counter {
		if c := m.counts[what]; c != nil {
			return c.WithLabelValues(m.labels.split(what, of, counters[what].labels)...)
		}
		return m.other.WithLabelValues(m.labels.split("other", what+"/"+of, "what of")...)
	}).Add(float64(max(n, 0)))
}

// Took adds one duration; one that nobody listed is not kept.
func (m *metrics) Took(what, of string, d time.Duration) {
	if h := m.times[what]; h != nil {
		m.timing.find(what, of, func() prometheus.Observer {
			return h.WithLabelValues(m.labels.split(what, of, histograms[what].labels)...)
		}).Observe(d.Seconds())
	}
}

// handler answers a scrape.
func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4, Timeout: 10 * time.Second})
}

// labels keeps what becomes a label to few plain words: no id, no name, and never more than fit into a memory.
type labels struct {
	mu   sync.Mutex
	seen map[string]int // by what: how many were let in; by what and label: that it was
}

// mostLabels is how many there may be of one thing.
const mostLabels = 200

var plainWord = regexp.MustCompile(`^([a-z][a-z_ .-]{0,39}|[1-5][0-9][0-9])$`)

// split makes as many label values as there are names; what is no plain word is "other".
func (l *labels) split(what, of, names string) []string {
	n := len(strings.Fields(names))
	if n == 0 {
		return nil
	}
	values := make([]string, n)
	copy(values, strings.SplitN(of, "/", n))
	for i, v := range values {
		if !plainWord.MatchString(v) || !l.admit(what, v) {
			values[i] = "other"
		}
	}
	return values
}

// admit lets a label in that was seen before, or while there are fewer than mostLabels.
func (l *labels) admit(what, label string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.seen[what+"/"+label] > 0 {
		return true
	}
	if l.seen[what] >= mostLabels {
		return false
	}
	l.seen[what]++
	l.seen[what+"/"+label]++
	return true
}
