package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"nevermind/bot/engine"

	"nevermind/adapters/casefile"
	"nevermind/adapters/console"
	"nevermind/adapters/slack"
	"nevermind/adapters/web"
	"nevermind/adapters/web/draw"
	"nevermind/bot"
	"nevermind/flows"
	"nevermind/flows/policies"
	"nevermind/store/blob"
	"nevermind/store/bolt"
)

// house is everything wired up around one open store.
type house struct {
	store    bot.Store
	clock    *web.Clock // nil in a server: there time is not moved
	page     *web.Demo  // nil in a server
	console  *console.Adapter
	engine   *engine.Engine
	blobs    *blob.Store
	adapters []bot.Adapter // of a server
	welcome  bool          // whoever an order names is reached on the demo's page
	sample   bool          // the sample marketplace is in the store
	knowing  [256]sync.Mutex
}

// plan is how a house is opened.
type plan struct {
	host    string // the page's, where it is served
	welcome bool
	settle  bool // the book settles refunds at once: nobody is there to do it
	old     bool // the store must be there already
	alive   bool // time passes in it: tasks are done and deadlines fire
	demo    bool
}

// open wires a house up as the demo and the commands need it. The page is an adapter of it even where nobody serves it:
// what is said to those who sit there is kept for when they look.
func (p *program) open(ctx context.Context, plan plan) (*house, error) {
	return p.openStoreFor(plan.old, func(store bot.Store) (*house, error) {
		kept, err := keeperOf(ctx, store)
		if err == nil {
			err = kept.admits(plan)
		}
		if err != nil {
			return nil, err
		}
		plan.settle = plan.settle && kept == nobody
		return p.play(ctx, store, plan)
	})
}

// play wires up a house whose clock can be moved and whose shop sits at the page.
func (p *program) play(ctx context.Context, store bot.Store, plan plan) (*house, error) {
	clock, err := web.OpenClock(ctx, store)
	if err != nil {
		return nil, err
	}
	blobs, err := p.set.files()
	if err != nil {
		return nil, err
	}
	h := &house{
		store: store, blobs: blobs, clock: clock, console: console.New(), welcome: plan.welcome,
		page: web.New(web.Config{Clock: clock, Draw: draw.SVG, Host: plan.host, Log: p.log, Blocks: slack.Blocks}),
	}
	now := func() time.Time { return p.now().Add(clock.Offset()) }
	shop := newCounter(plan.settle, now)
	if err := p.furnish(ctx, h, engine.Config{Now: now, Adapters: []bot.Adapter{h.page, h.console}, Hands: shop.book.Hands()}); err != nil {
		return nil, err
	}
	shop.Engine = h.engine
	h.page.Attach(h.engine, shop)
	return h, nil
}

// openStoreFor opens the store and closes it again where no house comes of it.
func (p *program) openStoreFor(old bool, wire func(bot.Store) (*house, error)) (*house, error) {
	store, err := p.openStore(old)
	if err != nil {
		return nil, err
	}
	h, err := wire(store)
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return h, nil
}

// furnish gives a house its engine: what is the same in every house is added to cfg.
func (p *program) furnish(ctx context.Context, h *house, cfg engine.Config) error {
	pack, err := p.set.pack()
	if err != nil {
		return err
	}
	catalog, err := flows.Catalog()
	if err != nil {
		return err
	}
	cfg.Store, cfg.Flows, cfg.Policy, cfg.Catalog, cfg.Log = h.store, flows.All(), pack.Policy, catalog, p.log
	cfg.Blobs = h.blobs
	cfg.PolicyAt = func(ctx context.Context, version string) (*bot.Policy, error) {
		return keptPolicy(ctx, h.store, version)
	}
	cfg.Hands["seal_case"] = casefile.New(casefile.Config{Store: h.store, Blobs: h.blobs, Seen: flows.Seen, Shown: flows.FactsShown, Now: cfg.Now,
		Checklist: func(c *bot.Conversation) []bot.Shown { return flows.Checklist(pack.Policy, c) }}).Seal
	if h.engine, err = engine.New(ctx, cfg); err != nil {
		return err
	}
	h.console.Attach(h.engine)
	return keepPolicy(ctx, h.store, pack)
}

// keepPolicy keeps the text of every policy that was ever in force, under its version, as the journal names it.
func keepPolicy(ctx context.Context, store bot.Store, pack *policies.Pack) error {
	name := "policy." + pack.Policy.Version
	if _, err := store.Value(ctx, name); !errors.Is(err, bot.ErrNone) {
		return err
	}
	return store.SetValue(ctx, name, pack.Text)
}

// keptPolicy reads a policy that was once in force.
func keptPolicy(ctx context.Context, store bot.Store, version string) (*bot.Policy, error) {
	text, err := store.Value(ctx, "policy."+version)
	if err != nil {
		return nil, err
	}
	pack, err := policies.Load(text, nil)
	if err != nil {
		return nil, err
	}
	return pack.Policy, nil
}

// openStore opens the database and says in a sentence why it cannot.
func (p *program) openStore(old bool) (bot.Store, error) {
	path, err := p.set.database()
	if err != nil {
		return nil, wrongUse{err}
	}
	if _, err := os.Stat(path); old && errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is nothing in %s yet: import orders, or start the demo with --data %[1]s", p.set.folder())
	}
	for _, folder := range []string{p.set.folder(), filepath.Dir(path)} {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return nil, fmt.Errorf("make the data folder: %w", err)
		}
	}
	store, err := bolt.Open(path)
	switch {
	case errors.Is(err, bot.ErrLocked):
		return nil, fmt.Errorf("another nevermind has %s open: a server or demo that runs on it, or a command like this one; stop it, or try again when it is done: %w", path, err)
	case err != nil:
		return nil, err
	}
	return store, nil
}

// control is what the other commands may ask of whoever has the store open.
func (h *house) control() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/console/", h.console.Handler())
	mux.HandleFunc("POST /import", h.importOrders)
	mux.HandleFunc("POST /replay", h.replay)
	mux.HandleFunc("POST /backup", h.backup)
	mux.HandleFunc("POST /deadletter/list", h.deadLetters)
	mux.HandleFunc("POST /deadletter/act", h.actOnLetter)
	return mux
}

// run lets the engine work until stop is called, which waits for what is under way as long as its context lasts.
func (h *house) run(log *slog.Logger, broken chan<- error) (stop func(context.Context)) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
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

// dial reaches the server that runs on the data folder, or else opens the store and answers itself. Only where it is
// alive does time pass in it: tasks are done and deadlines fire.
func (p *program) dial(ctx context.Context, plan plan) (client *http.Client, done func() error, err error) {
	if client, ok := reach(ctx, p.set.folder()); ok {
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
	client, stop := inside(h.control())
	return client, func() error {
		stop()
		stopEngine(context.Background())
		return h.store.Close()
	}, nil
}
