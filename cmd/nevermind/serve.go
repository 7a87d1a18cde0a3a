package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"nevermind/bot/engine"

	"nevermind/adapters/console"
	"nevermind/adapters/web"
	"nevermind/bot"
)

// begun is when the program started, by a clock that nobody sets.
var begun = time.Now()

type serveCommand struct {
	Serving serving `embed:""`
}

// unfit is everything that keeps a server from starting, all at once.
func (c *serveCommand) unfit(set *settings) []error {
	faults := append(set.faults(), c.Serving.faults()...)
	if _, err := set.pack(); err != nil {
		faults = append(faults, split(err)...)
	}
	if c.Serving.alone() {
		faults = append(faults, errors.New(nothingSet))
	}
	return faults
}

// garbage is how much of it there may be beside what is live, in percent: little is live here, and a quarter as many
// collections save a fifth of the processor under load. GOGC in the environment says otherwise.
const garbage = 400

// Run serves until it is told to stop.
func (c *serveCommand) Run(ctx context.Context, p *program) (err error) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbage)
	}
	listener, err := net.Listen("tcp", c.Serving.address())
	if err != nil {
		return fmt.Errorf("nothing can be served on %s; choose another place with NEVERMIND_LISTEN: %w", c.Serving.address(), err)
	}
	s := &site{program: p, serving: &c.Serving, metrics: newMetrics()}
	if s.house, err = p.openStoreFor(false, func(store bot.Store) (*house, error) { return s.wire(ctx, store) }); err != nil {
		return errors.Join(err, listener.Close())
	}
	err = s.serve(ctx, listener)
	return errors.Join(err, s.store.Close())
}

// wire builds the house of a server: real time, the platforms that are set, and the shop that is set.
func (s *site) wire(ctx context.Context, store bot.Store) (*house, error) {
	if err := unmoved(ctx, store); err != nil {
		return nil, err
	}
	blobs, err := s.set.files()
	if err != nil {
		return nil, err
	}
	s.house = &house{store: store, blobs: blobs, console: console.New()}
	adapters := []bot.Adapter{s.console}
	for _, open := range platforms {
		a, err := open(ctx, s)
		if err != nil {
			return nil, err
		}
		if a != nil {
			adapters = append(adapters, a)
		}
	}
	s.adapters = adapters
	counter := newCounter(false, s.now)
	do, answers := counter.book.Hands(), byBook
	if s.Shop.WebhookURL != "" {
		var err error
		if do, err = hands(ctx, s); err != nil {
			return nil, err
		}
		answers = byWebhook
	}
	if err := s.furnish(ctx, s.house, engine.Config{Now: s.now, BootTime: s.passed, Adapters: adapters, Hands: do, CaseWebhook: s.news(), Meter: s.metrics}); err != nil {
		return nil, err
	}
	counter.Engine = s.engine
	if s.hook != nil {
		s.hook.Attach(s.engine)
	}
	return s.house, answers.keep(ctx, store)
}

// unmoved refuses a store whose clock was moved in the demo: what is to come would come by a false time.
func unmoved(ctx context.Context, store bot.Store) error {
	clock, err := web.OpenClock(ctx, store)
	if err == nil && clock.Offset() != 0 {
		err = errors.New("the clock of this data folder was moved ahead in the demo, and a server lives by the real time; choose another folder with NEVERMIND_DATA")
	}
	return err
}

// serve serves HTTP and the control socket until ctx ends, then lets what is under way come to its end.
func (s *site) serve(ctx context.Context, listener net.Listener) error {
	page, err := s.front()
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	control, err := listenControl(s.set.folder())
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	ended := make(chan error, 3)
	front := server(s.log, limit(page))
	front.ReadTimeout, front.WriteTimeout = bodyTime, answerTime
	servers := []*http.Server{start(front, listener, ended), start(server(s.log, s.control()), control, ended)}
	stopEngine := s.run(s.log, ended)
	fmt.Fprintf(s.out, "Nevermind serves on %s: %s\n", pageURL(listener.Addr()), strings.Join(s.ways(), ", "))
	if s.set.Key.set() || s.set.KeyFile != "" {
		s.log.Warn("a key is set, but this version does not seal records yet")
	}
	s.log.Info("server is up", "listen", listener.Addr().String(), "version", versionName())
	select {
	case <-ctx.Done():
		err = nil
	case err = <-ended:
	}
	s.log.Info("server stops")
	return errors.Join(err, drain(servers, stopEngine), removeControl(s.set.folder()))
}

// ways is what people and programs come in by.
func (s *site) ways() []string {
	ways := []string{}
	for _, a := range s.adapters[1:] {
		ways = append(ways, a.Name())
	}
	if s.APIKey.set() {
		ways = append(ways, "/v1")
	}
	return ways
}

// front is everything that is served over HTTP.
func (s *site) front() (http.Handler, error) {
	mux := http.NewServeMux()
	s.mountHealth(mux)
	for _, pattern := range slices.Sorted(maps.Keys(doors)) {
		h, err := doors[pattern](s)
		if err != nil {
			return nil, err
		}
		mux.Handle(pattern, h)
	}
	for _, a := range s.adapters {
		if h, ok := a.(interface{ Handler() http.Handler }); ok && a.Name() != s.console.Name() {
			mux.Handle("/"+a.Name()+"/", h.Handler())
		}
	}
	return beside(s.api(), mux), nil
}
