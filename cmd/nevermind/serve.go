package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
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

// programStart is when the program started; it stands in for the boot time where the system has
// none.
var programStart = time.Now()

// serveCommand is the production server.
type serveCommand struct {
	Serving serveSettings `embed:""`
}

// faults is everything that keeps a server from starting, all at once.
func (c *serveCommand) faults(set *settings) []error {
	faults := append(set.faults(), c.Serving.faults()...)
	if _, err := set.pack(); err != nil {
		faults = append(faults, faultLines(err)...)
	}
	if c.Serving.unreachable() && !set.stored() { // else the keys in the store are looked for first, by wire
		faults = append(faults, errors.New(nothingSet))
	}
	return faults
}

// gcPercent is how much garbage there may be beside what is live, in percent: little is live here,
// and a quarter as many collections save a fifth of the processor under load. GOGC in the
// environment says otherwise.
const gcPercent = 400

// Run serves until ctx ends. It takes its port before it opens the store, so that a wrong address
// changes nothing.
func (c *serveCommand) Run(ctx context.Context, p *program) (err error) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	stopTracing, err := p.trace(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stopTracing()) }()
	listener, err := net.Listen("tcp", c.Serving.address())
	if err != nil {
		return fmt.Errorf("nothing can be served on %s; choose another place with NEVERMIND_LISTEN: %w", c.Serving.address(), err)
	}
	s := &site{program: p, serveSettings: &c.Serving, metrics: newMetrics()}
	if c.Serving.Operations != "" {
		if s.operations, err = net.Listen("tcp", c.Serving.Operations); err != nil {
			return errors.Join(fmt.Errorf("nothing can be served on %s; choose another place with NEVERMIND_OPERATIONS_LISTEN: %w",
				c.Serving.Operations, err), listener.Close())
		}
		defer s.operations.Close() //nolint:errcheck // it is closed with its server
	}
	wire := func(store bot.Store) (*house, error) { return s.wire(ctx, store) }
	if s.house, err = p.openStoreFor(ctx, false, true, wire); err != nil {
		return errors.Join(err, listener.Close())
	}
	err = s.serve(ctx, listener)
	return errors.Join(err, s.store.Close())
}

// wire builds the house of a server: real time, the platforms that are set, and the shop that is
// set. From then on the store is this server's (storeOwner). Adapters and shop are made before the
// engine and get it afterwards.
func (s *site) wire(ctx context.Context, store bot.Store) (*house, error) {
	s.program.now = clockOf(store, s.program.now)
	for _, refuse := range []func(context.Context, bot.Store) error{refuseMovedClock, refuseDemo} {
		if err := refuse(ctx, store); err != nil {
			return nil, err
		}
	}
	blobs, err := s.set.files()
	if err != nil {
		return nil, err
	}
	s.house = &house{store: store, blobs: blobs, console: console.New(), prepare: s.letInAssistants}
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
	counter := newDemoShop(false, s.now)
	do, answers := counter.book.Hands(), ownedByBook
	switch s.Shop.kind() {
	case "":
	case webhookShop:
		do, err = shopHands(ctx, s)
		answers = ownedByWebhook
	default:
		do, err = openConnector(s)
		answers = ownedBySystem
	}
	if err != nil {
		return nil, err
	}
	if err := s.furnish(ctx, s.house, engine.Config{Now: s.now, BootTime: s.bootTime, Adapters: adapters, Hands: do,
		CaseWebhook: s.caseWebhook(), Meter: s.metrics, Listener: s.Listener.open()}); err != nil {
		return nil, err
	}
	if err := s.takePolicy(ctx); err != nil {
		return nil, err
	}
	if s.unreachable() && s.keys.Len() == 0 {
		return nil, usageError{errors.New(nothingSet)}
	}
	counter.Engine = s.engine
	if s.hook != nil {
		s.hook.Attach(s.engine)
	}
	if s.connected != nil {
		s.connected.Attach(connectorEngine{s.engine, store, s.house})
	}
	sharePace(store, adapters)
	return s.house, answers.claim(ctx, store)
}

// clockOf is the clock that counts: the database's, where several servers work on one.
func clockOf(store bot.Store, now func() time.Time) func() time.Time {
	shared, ok := store.(interface {
		Now(by func() time.Time) time.Time
	})
	if !ok {
		return now
	}
	return func() time.Time { return shared.Now(now) }
}

// sharePace tells the platforms how many servers share their pace.
func sharePace(store bot.Store, adapters []bot.Adapter) {
	shared, ok := store.(interface{ OnServers(f func(servers int)) })
	if !ok {
		return
	}
	shared.OnServers(func(servers int) {
		for _, a := range adapters {
			if sharing, ok := a.(bot.Sharing); ok {
				sharing.Share(servers)
			}
		}
	})
}

// refuseMovedClock refuses a store whose clock was moved in the demo: what is to come would come by
// a false time.
func refuseMovedClock(ctx context.Context, store bot.Store) error {
	clock, err := web.OpenClock(ctx, store)
	if err == nil && clock.Offset() != 0 {
		err = errors.New("the clock of this data folder was moved ahead in the demo, and a server lives by the real time; " +
			"choose another folder with NEVERMIND_DATA")
	}
	return err
}

// serve serves HTTP and the control socket until ctx ends, then lets what is under way come to its
// end.
func (s *site) serve(ctx context.Context, listener net.Listener) error {
	page, err := s.front()
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	front := server(s.log, limitBody(page))
	front.ReadTimeout, front.WriteTimeout = bodyTime, answerTime
	if s.operations != nil {
		operations := server(s.log, s.health())
		go operations.Serve(s.operations) //nolint:errcheck // it ends when it is closed, after all else: until then it answers
		defer operations.Close()          //nolint:errcheck // nothing is left to lose
	}
	stopPull := s.pull()
	defer stopPull()
	return s.serveUntil(ctx, s.program, listener, front, func() {
		fmt.Fprintf(s.out, "Nevermind serves on %s: %s\n", pageURL(listener.Addr()), strings.Join(s.entrances(), ", "))
		for _, what := range slices.Sorted(slices.Values(append(s.exposures(listener.Addr()), s.exposed...))) {
			s.log.Warn("more open than it has to be", "what", what)
		}
		s.log.Info("server is up", "listen", listener.Addr().String(), "version", versionName())
		s.tellSupervisor("READY=1")
	}, func() {
		s.log.Info("server stops")
		s.tellSupervisor("STOPPING=1")
	})
}

// tellSupervisor tells systemd, which may not care; the log says where it did not hear.
func (s *site) tellSupervisor(state string) {
	if err := tellSupervisor(state); err != nil {
		s.log.Warn("systemd does not hear us", slog.Any("why", err))
	}
}

// entrances are what people and programs come in by: the adapters that are set, without the
// console, and the shop's API.
func (s *site) entrances() []string {
	ways := []string{}
	for _, a := range s.adapters[1:] {
		ways = append(ways, a.Name())
	}
	if s.APIKey.set() {
		ways = append(ways, "/v1")
	}
	if s.MCP == "on" {
		ways = append(ways, "/mcp")
	}
	return ways
}

// front is everything that is served over HTTP: health, the pages in handlers, each adapter's
// webhooks below its name, and the shop's API under /v1.
func (s *site) front() (http.Handler, error) {
	mux := http.NewServeMux()
	if s.operations == nil {
		s.mountHealth(mux)
	}
	mux.HandleFunc("GET /casefile.key", publishKey(s.casefileKey))
	for _, pattern := range slices.Sorted(maps.Keys(handlers)) {
		h, err := handlers[pattern](s)
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
	return routeAPI(s.api(), mux), nil
}
