package main

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"sync"
	"time"

	"nevermind/bot/engine"

	"nevermind/adapters/casefile"
	"nevermind/adapters/console"
	"nevermind/adapters/shop/rest"
	"nevermind/adapters/slack"
	"nevermind/adapters/web"
	"nevermind/bot"
	"nevermind/flows"
	"nevermind/flows/drawing"
	"nevermind/flows/policies"
	"nevermind/store/blob"
)

// house is everything wired up around one open store: the engine with its flows and adapters, and
// in the demo the page and a clock that can be moved. open and wire make it; its owner closes the
// store when the servers and the engine are done. Its methods answer what arrives over the control
// socket.
type house struct {
	store       bot.Store
	clock       *web.Clock // nil in a server: there time is not moved
	page        *web.Demo  // nil in a server
	console     *console.Adapter
	engine      *engine.Engine
	blobs       *blob.Store
	casefileKey ed25519.PrivateKey            // with which case files are signed
	adapters    []bot.Adapter                 // of a server
	keys        *rest.Keys                    // of the shop's API
	ready       *readiness                    // of a server
	pack        *policies.Pack                // the policy in force
	asFound     bool                          // under the policy that was in force last, whatever is set now
	unnamed     bool                          // as found, and the store names no policy that was in force
	prepare     func(*bot.Flows, *bot.Policy) // what a server lets in besides; nil is nothing
	welcome     bool                          // whoever an order names is reached on the demo's page
	sample      bool                          // the sample marketplace is in the store
	personLocks [256]sync.Mutex
	asked       *settings // what the program was told
	said        *slog.Logger
	rotating    sync.Mutex
}

// plan is how a command wants its house opened. The zero plan opens or makes a store in which time
// does not pass.
type plan struct {
	host    string // the page's, where it is served
	welcome bool
	settle  bool // the book settles refunds at once: nobody is there to do it
	old     bool // the store must be there already
	alive   bool // time passes in it: tasks are done and deadlines fire
	demo    bool
	asFound bool // under the policy that was in force last, whatever is set now
}

// open wires a house up as the demo and the commands need it. Where a server owns the store it
// refuses plans that would act for the server's shop. The page is an adapter of the house even
// where nobody serves it: what is said to those who sit there is kept for when they look.
func (p *program) open(ctx context.Context, plan plan) (*house, error) {
	return p.openStoreFor(ctx, plan.old, plan.demo, func(store bot.Store) (*house, error) {
		kept, err := ownerOf(ctx, store)
		if err == nil {
			err = kept.admits(plan)
		}
		if err == nil && plan.alive {
			err = refuseBesideServers(store)
		}
		if err != nil {
			return nil, err
		}
		plan.settle = plan.settle && (kept == ownedByNobody || kept == ownedByDemo)
		return p.play(ctx, store, plan)
	})
}

// play wires up a house whose clock can be moved and whose shop sits at the page. The page and the
// shop get the engine once it is made, since each needs the other.
func (p *program) play(ctx context.Context, store bot.Store, plan plan) (*house, error) {
	clock, err := web.OpenClock(ctx, store)
	if err != nil {
		return nil, err
	}
	blobs, err := p.set.files()
	if err != nil {
		return nil, err
	}
	catalog, err := flows.Catalog()
	if err != nil {
		return nil, fmt.Errorf("words: %w", err)
	}
	pack, err := p.set.pack()
	if err != nil {
		return nil, err
	}
	var h *house
	h = &house{
		store: store, blobs: blobs, clock: clock, console: console.New(), welcome: plan.welcome, asFound: plan.asFound,
		page: web.New(web.Config{Clock: clock, Drawing: drawing.SVG, Host: plan.host, Log: p.log, Blocks: slack.Blocks,
			Names: pageNames(pack.Policy), Words: catalog, Laboratory: func(ctx context.Context, text string) (bot.Laboratory, error) {
				return h.tryPolicy(ctx, text)
			}, Report: func(ctx context.Context, q bot.ReportQuery) (bot.Report, error) { return h.makeReport(ctx, q) }}),
	}
	now := func() time.Time { return p.now().Add(clock.Offset()) }
	shop := newDemoShop(plan.settle, now)
	if err := p.furnish(ctx, h, engine.Config{Now: now, Adapters: []bot.Adapter{h.page, h.console},
		Hands: shop.book.Hands()}); err != nil {
		return nil, err
	}
	shop.Engine, shop.seat = h.engine, h.giveSeat
	h.page.Attach(h.engine, shop)
	if plan.alive {
		err = h.takePolicy(ctx)
	}
	return h, err
}

// openStoreFor opens the store and closes it again where wire makes no house of it. old: the store
// must be there already.
func (p *program) openStoreFor(ctx context.Context, old, serves bool, wire func(bot.Store) (*house, error)) (*house, error) {
	store, err := p.openStore(ctx, old, serves)
	if err != nil {
		return nil, err
	}
	h, err := wire(store)
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return h, nil
}

// furnish gives a house its engine. cfg holds what differs between demo and server; furnish adds
// what is the same: store, flows, words, policy, files, and the sealing of case files.
func (p *program) furnish(ctx context.Context, h *house, cfg engine.Config) error {
	h.asked, h.said = p.set, p.log
	pack, err := h.policy(ctx)
	if err != nil {
		return err
	}
	h.pack = pack
	catalog, err := flows.Catalog()
	if err != nil {
		return err
	}
	said := flows.All()
	if h.prepare != nil {
		h.prepare(said, pack.Policy)
	}
	cfg.Store, cfg.Flows, cfg.Policy, cfg.Catalog, cfg.Log = h.store, said, pack.Policy, catalog, p.log
	cfg.Blobs = h.blobs
	cfg.PolicyAt = func(ctx context.Context, version string) (*bot.Policy, error) {
		pack, err := storedPolicy(ctx, h.store, version)
		if err != nil {
			return nil, err
		}
		return pack.Policy, nil
	}
	if h.casefileKey, err = casefileKey(ctx, h.store); err != nil {
		return err
	}
	if h.keys, err = rest.OpenKeys(ctx, h.store, p.now); err != nil {
		return err
	}
	cfg.Hands["seal_case"] = casefile.New(casefile.Config{Store: h.store, Blobs: h.blobs, Seen: flows.Seen,
		Shown: flows.FactsShown, Now: cfg.Now, Key: h.casefileKey, Words: catalog, Languages: flows.LanguageNames(),
		Names: flows.CaseFileNames(), Fact: func(c *bot.Conversation, o *bot.Order, name, value string) string {
			return flows.FactSaid(h.engine.Policies().Of(c), o, name, value)
		},
		Checklist: func(c *bot.Conversation) []bot.Shown { return flows.Checklist(h.engine.Policies().Of(c), c) }}).Seal
	maps.Copy(cfg.Hands, h.peopleHands(p.log))
	if h.engine, err = engine.New(ctx, cfg); err != nil {
		return err
	}
	h.console.Attach(h.engine)
	if h.asFound {
		return nil // whoever only looks keeps nothing
	}
	return storePolicy(ctx, h.store, pack)
}

// control is what the other commands may ask of whoever has the store open. The socket is the
// owner's alone (mode 0600), so a request is not authenticated further.
func (h *house) control() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/console/", h.console.Handler())
	mux.HandleFunc("POST /health", h.alive)
	mux.HandleFunc("POST /keys/add", h.addKey)
	mux.HandleFunc("POST /keys/list", h.listKeys)
	mux.HandleFunc("POST /keys/revoke", h.revokeKey)
	mux.HandleFunc("POST /import", h.importOrders)
	mux.HandleFunc("POST /replay", h.replay)
	mux.HandleFunc("POST /report", h.report)
	mux.HandleFunc("POST /policy/compare", h.comparePolicy)
	mux.HandleFunc("POST /lab", h.lab)
	mux.HandleFunc("POST /erase", h.erase)
	mux.HandleFunc("POST /rotate", h.rotate)
	mux.HandleFunc("POST /backup", h.backup)
	mux.HandleFunc("POST /deadletter/list", h.deadLetters)
	mux.HandleFunc("POST /deadletter/act", h.actOnDeadLetter)
	return mux
}

// run lets the engine work until stop is called, which waits for what is under way as long as its
// context lasts. An engine that ends by itself is sent to broken, where somebody waits for it.
func (h *house) run(log *slog.Logger, broken chan<- error) (stop func(context.Context)) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go h.encryptFiles(ctx, log)
	go func() {
		defer close(ended)
		if err := h.engine.Run(ctx); err != nil {
			log.Error("the engine stopped", slog.Any("why", err))
			select {
			case broken <- err:
			default: // nobody waits for it
			}
		}
	}()
	return func(wait context.Context) {
		cancel()
		select {
		case <-ended:
		case <-wait.Done():
			log.Warn("what was under way is left to the next start")
		}
	}
}

// encryptFiles encrypts the files that are plain still, or under an older key.
func (h *house) encryptFiles(ctx context.Context, log *slog.Logger) {
	n, err := h.blobs.EncryptAll(ctx)
	switch {
	case err != nil && ctx.Err() == nil:
		log.Error("files are not encrypted", slog.Any("why", err))
	case n > 0:
		log.Info("files were encrypted", "files", n)
	}
}

// dial reaches the server that runs on the data folder, or else opens the store and answers itself.
// Only where the plan is alive does time pass then: tasks are done and deadlines fire. done ends
// all of it.
func (p *program) dial(ctx context.Context, plan plan) (client *http.Client, done func() error, err error) {
	if client, ok := dialServer(ctx, p.set.folder()); ok {
		return client, func() error { client.CloseIdleConnections(); return nil }, nil
	}
	h, err := p.open(ctx, plan)
	if err != nil {
		return nil, nil, err
	}
	stopEngine := func(context.Context) {}
	if plan.alive {
		stopEngine = h.run(p.log, nil)
	}
	client, stop := serveInProcess(h.control())
	return client, func() error {
		stop()
		stopEngine(context.Background())
		return h.store.Close()
	}, nil
}
