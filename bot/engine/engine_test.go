package engine_test

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"nevermind/bot/engine"

	"nevermind/adapters/shop"
	"nevermind/bot"
	"nevermind/flows"
	"nevermind/flows/policies"
	"nevermind/store/bolt"
)

// harness is an engine on a real store, with a platform that remembers what it was told.
type harness struct {
	t       testing.TB
	dir     string
	store   bot.Store
	opens   func() (bot.Store, error) // nil is bolt in dir
	broken  *brokenStore              // nil fails nothing
	engine  *engine.Engine
	book    *shop.Book
	at      func(bot.CrashPoint)
	wrap    func(map[string]bot.Hand)
	flows   *bot.Flows // nil is flows.All
	policy  string     // empty is the built-in one
	webhook func(*bot.Conversation, []bot.Entry, *bot.Order) string
	fail    func(d bot.Delivery) error // how a send ends
	turn    func(d bot.Delivery) error // whether its turn has come; nil is always

	fetch func(bot.PendingFile) (bot.File, error) // how fetching a file ends; nil is well
	leads []string                                // of support
	more  []bot.Adapter                           // further platforms

	listener bot.Listener // nil is nobody
	log      *slog.Logger
	sync     bool                                                           // the disk is waited for
	passed   func() time.Duration                                           // by a clock that nobody sets
	policyAt func(ctx context.Context, version string) (*bot.Policy, error) // nil knows only the present one

	poison bot.Key       // the conversation that cannot be loaded
	reads  *failingReads // nil reads everything

	mu      sync.Mutex
	now     time.Time
	told    []bot.Delivery
	fetched []string // every attempt at a file
	rooms   map[bot.Room][]bot.Delivery
}

func newHarness(t testing.TB) *harness { return newHarnessOn(t, nil) }

// newHarnessOn is one over a store; nil is bolt.
func newHarnessOn(t testing.TB, opens func() (bot.Store, error)) *harness {
	h := &harness{t: t, dir: t.TempDir(), opens: opens, now: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC),
		rooms: map[bot.Room][]bot.Delivery{}}
	h.open()
	t.Cleanup(func() { h.store.Close() })
	h.person("support:desk", "fake:desk")
	h.person("support:mira", "")
	h.person("buyer:b-1", "fake:b-1")
	h.person("seller:s-1", "fake:s-1")
	return h
}

func (h *harness) open() {
	store, err := h.openStore()
	h.must(err)
	pack, err := policies.Read([]byte(h.policy))
	h.must(err)
	pack.Policy.Leads = h.leads
	h.store, h.book = store, &shop.Book{Now: h.clock}
	hands := h.book.Hands()
	if h.wrap != nil {
		h.wrap(hands)
	}
	if h.flows == nil {
		h.flows = flows.All()
	}
	h.engine, err = engine.New(
		context.Background(),
		engine.Config{
			Store:       h.faulty(&poisoned{store, h.poison}),
			Flows:       h.flows,
			Policy:      pack.Policy,
			Now:         h.clock,
			BootTime:    h.passed,
			Adapters:    append([]bot.Adapter{h}, h.more...),
			Hands:       hands,
			CrashPoint:  h.at,
			Log:         h.log,
			Listener:    h.listener,
			CaseWebhook: h.webhook,
			PolicyAt:    h.policyAt,
		},
	)
	h.must(err)
	h.book.Shelf = h.engine
}

func (h *harness) openStore() (bot.Store, error) {
	switch {
	case h.opens != nil:
		return h.opens()
	case h.sync:
		return bolt.Open(filepath.Join(h.dir, "db"))
	}
	return bolt.Open(filepath.Join(h.dir, "db"), bolt.NoSync())
}

// faulty is the store with the faults that the test asks for.
func (h *harness) faulty(s bot.Store) bot.Store {
	if h.broken != nil {
		h.broken = &brokenStore{Store: s} // a new one: the one before may still be read by what a killed process left running
		s = h.broken
	}
	if h.reads == nil {
		return s
	}
	h.reads.Store = s
	return h.reads
}

// reopen is a restart.
func (h *harness) reopen() {
	h.must(h.store.Close())
	h.open()
}

func (h *harness) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *harness) clock() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

func (h *harness) move(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
}

func (h *harness) person(id bot.PersonID, rooms ...bot.Room) {
	p := bot.Person{ID: id, Name: string(id), Language: "en", Accounts: []string{"fake:" + string(id)}}
	for _, r := range rooms {
		if r != "" {
			p.Rooms = append(p.Rooms, r)
		}
	}
	_, err := h.engine.PutPerson(context.Background(), p)
	h.must(err)
}

// order puts a paid order that is being prepared.
func (h *harness) order(id string) {
	usd := func(minor int64) bot.Money { return bot.Money{Minor: minor, Currency: "USD"} }
	_, err := h.engine.PutOrder(
		context.Background(),
		bot.Order{ID: id, Buyer: "buyer:b-1", Seller: "seller:s-1", Stage: bot.Processing,
			Method: "card", Placed: h.now.Add(-48 * time.Hour), Paid: h.now.Add(-47 * time.Hour), Updated: h.now.Add(-47 * time.Hour),
			Total: usd(2490), Shipping: usd(250), Items: []bot.Item{{ID: "1", Title: "Lamp", Quantity: 1, Price: usd(2240)}}},
	)
	h.must(err)
}

// Name, Run and Send make the harness a platform.
func (h *harness) Name() string { return "fake" }

func (h *harness) Run(ctx context.Context, _ bot.Inbox) error { <-ctx.Done(); return nil }

// Turn makes it one with a pace.
func (h *harness) Turn(_ context.Context, d bot.Delivery) error {
	if h.turn == nil {
		return nil
	}
	return h.turn(d)
}

// Fetch makes it one whose files come after their messages.
func (h *harness) Fetch(_ context.Context, f bot.PendingFile) (bot.File, error) {
	h.mu.Lock()
	h.fetched = append(h.fetched, f.Ref)
	h.mu.Unlock()
	if h.fetch != nil {
		return h.fetch(f)
	}
	return bot.File{Name: f.Name, Type: "image/jpeg", Size: 1, Hash: fmt.Sprintf("%064x", f.Ref)}, nil
}

func (h *harness) Send(_ context.Context, d bot.Delivery) (bot.Ref, error) {
	if h.fail != nil {
		if err := h.fail(d); err != nil {
			return "", err
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.told = append(h.told, d)
	if d.Reply.Mode == bot.Strip {
		d.Reply.Choices, d.Reply.Behind = nil, nil
	}
	h.rooms[d.Reply.Room] = append(h.rooms[d.Reply.Room], d)
	if d.Ref != "" && d.Reply.Mode != bot.New {
		return d.Ref, nil
	}
	return bot.Ref(fmt.Sprint(len(h.told))), nil
}

// button finds the newest button with a label in a room.
func (h *harness) button(room bot.Room, label string) string {
	h.t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, d := range slices.Backward(h.rooms[room]) {
		for _, c := range slices.Concat(d.Reply.Choices, d.Reply.Behind) {
			if c.Label == label {
				return c.Token
			}
		}
	}
	h.t.Fatalf("%s has no button %q", room, label)
	return ""
}

// press makes the message of a press; the account is the room's person unless another is named.
func (h *harness) press(id string, room bot.Room, account, label string) bot.Message {
	return bot.Message{ID: id, Room: room, Account: account, Press: h.button(room, label)}
}

// say lets the buyer send words or press, and does all that follows.
func (h *harness) say(m bot.Message) {
	h.t.Helper()
	h.must(h.engine.Receive(context.Background(), m))
	h.must(h.engine.Drain(context.Background()))
}

// ask walks the buyer to an open case about the order.
func (h *harness) ask(order string) {
	room, who := bot.Room("fake:b-1"), "fake:buyer:b-1"
	h.say(bot.Message{ID: order + "-1", Room: room, Account: who, Text: "cancel " + order})
	h.say(h.press(order+"-2", room, who, "I don't need it any more"))
	h.say(h.press(order+"-4", room, who, "Yes, ask the seller"))
}

func (h *harness) state(key bot.Key) string {
	c, err := h.store.Conversation(context.Background(), key)
	h.must(err)
	return c.State
}

// moves counts the journal's turns that led somewhere on an event.
func (h *harness) moves(key bot.Key, event string) int {
	entries, err := h.store.Journal(context.Background(), key, 0, 100_000)
	h.must(err)
	n := 0
	for _, e := range entries {
		if e.Event.Name == event && e.Refused == "" {
			n++
		}
	}
	return n
}
