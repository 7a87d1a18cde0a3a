package main

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"nevermind/store/health"
)

// How often the store is written to for readiness, and how long a part may take to answer.
const (
	probeEvery = time.Second
	probeTime  = 3 * time.Second
)

// mountHealth serves what an operator's machines ask for: /healthz says that the process answers,
// /readyz whether all parts work, /metrics the counts and gauges.
func (s *site) mountHealth(mux *http.ServeMux) {
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "alive") })
	ready := &readiness{parts: s.parts(), now: s.now, log: s.log, wrong: map[string]error{}}
	s.house.ready = ready
	mux.Handle("GET /readyz", ready)
	s.metrics.registry.MustRegister(gauges{s, ready})
	mux.Handle("GET /metrics", s.metrics.handler())
}

// health is the same as a handler of its own.
func (s *site) health() http.Handler {
	mux := http.NewServeMux()
	s.mountHealth(mux)
	return mux
}

// part is something a server cannot work without, and how to ask whether it is able to.
type part struct {
	name  string
	ready func(context.Context) error
}

// parts are the store, which must take a write, support, which must be told what waits for it, and every adapter that has a Ready
// method.
func (s *site) parts() []part {
	parts := []part{{"store", func(ctx context.Context) error {
		return health.Writable(ctx, s.store, s.now())
	}}, {"support", s.engine.SupportReachable}}
	for _, a := range s.adapters {
		if able, ok := a.(interface{ Ready(context.Context) error }); ok {
			parts = append(parts, part{a.Name(), able.Ready})
		}
	}
	return parts
}

// readiness asks the parts, at most once every probeEvery however often it is asked itself. It
// answers /readyz and feeds the gauge of the same name.
type readiness struct {
	parts []part
	now   func() time.Time
	log   *slog.Logger

	mu    sync.Mutex
	at    time.Time
	wrong map[string]error // by the part's name
}

// ServeHTTP answers 200 where all parts are able to work, else 503 and which are not; why stands in the log.
func (r *readiness) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	wrong := r.check()
	if len(wrong) > 0 {
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprintln(w, "not ready:", strings.Join(slices.Sorted(maps.Keys(wrong)), ", "))
		return
	}
	fmt.Fprintln(w, "ready")
}

// check returns what is wrong with which parts, asked afresh where the last answer is older than
// probeEvery. Several requests at once wait for one answer.
func (r *readiness) check() map[string]error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if since := r.now().Sub(r.at); since >= 0 && since < probeEvery {
		return r.wrong
	}
	ctx, cancel := context.WithTimeout(context.Background(), probeTime) // the answer is for everybody who asks this second
	defer cancel()
	wrong := map[string]error{}
	for _, p := range r.parts {
		if err := p.ask(ctx); err != nil {
			wrong[p.name] = err
		}
		r.logChange(p.name, wrong[p.name])
	}
	r.at, r.wrong = r.now(), wrong
	return r.wrong
}

// logChange logs a part's change for better or worse, once.
func (r *readiness) logChange(part string, now error) {
	switch before := r.wrong[part]; {
	case before == nil && now != nil:
		r.log.Warn("not ready", "part", part, slog.Any("why", now))
	case before != nil && now == nil:
		r.log.Info("ready again", "part", part)
	}
}

// ask asks a part, which may neither take longer than ctx nor take the server along by a panic. One
// that never answers leaves its goroutine behind.
func (p part) ask(ctx context.Context) error {
	answer := make(chan error, 1)
	go func() {
		defer func() {
			if r := recover(); r != nil {
				answer <- fmt.Errorf("asking %s: %v", p.name, r)
			}
		}()
		answer <- p.ready(ctx)
	}()
	select {
	case err := <-answer:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}
