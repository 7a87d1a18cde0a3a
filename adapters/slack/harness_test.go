package slack_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"nevermind/bot/engine"

	"nevermind/adapters/shop"
	"nevermind/adapters/slack"
	"nevermind/adapters/slack/slacktest"
	"nevermind/bot"
	"nevermind/flows"
	"nevermind/flows/policies"
	"nevermind/store/bolt"
)

const desk = "C0DESK"

// harness is the real engine on a real store and the adapter against a fake Slack, with Slack for support and a pocket
// phone for buyer and seller.
type harness struct {
	t         *testing.T
	slack     *slacktest.Slack
	adapter   *slack.Adapter
	engine    *engine.Engine
	store     *bolt.Store
	dir       string
	log       bytes.Buffer
	meter     meter
	cfg       slack.Config
	wrap      func(bot.Store) bot.Store
	stop      func()
	pingEvery time.Duration
	debounce  time.Duration

	mu    sync.Mutex
	ahead time.Duration
	told  map[bot.Room][]bot.Delivery
}

// now is the clock of the engine and of Slack.
func (h *harness) now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return time.Now().Add(h.ahead)
}

func (h *harness) move(d time.Duration) {
	h.mu.Lock()
	h.ahead += d
	h.mu.Unlock()
	h.engine.Wake()
}

// newHarness starts it in Socket Mode, or in HTTP mode.
func newHarness(t *testing.T, http bool, change ...func(*harness)) *harness {
	t.Helper()
	h := &harness{t: t, dir: t.TempDir(), told: map[bot.Room][]bot.Delivery{}, meter: meter{counts: map[string]int{}}}
	h.slack = slacktest.New(t, h.now)
	for _, p := range []slacktest.Person{
		{ID: "UMIRA", Name: "Mira", Locale: "en-GB", Zone: "Europe/London"},
		{ID: "UJONAS", Name: "Jonas"},
		{ID: "UGUEST", Name: "Gus", Guest: true},
		{ID: "UFAR", Name: "Far", Team: "T0OTHER"},
		{ID: "UOUT", Name: "Otto"},
	} {
		h.slack.Person(p)
	}
	h.slack.Channel(desk, "UMIRA", "UJONAS", "UGUEST", "UFAR")
	h.cfg = slack.Config{BotToken: slacktest.BotToken, API: h.slack.API(), Channel: desk, Now: h.now, History: true, Meter: &h.meter,
		Log: slog.New(slog.NewJSONHandler(&lockedLog{h: h}, nil))}
	if http {
		h.cfg.SigningSecret = slacktest.Secret
	} else {
		h.cfg.AppToken = slacktest.AppToken
	}
	for _, c := range change {
		c(h)
	}
	h.start()
	t.Cleanup(func() { h.stop() })
	if http {
		server := httptest.NewServer(h.adapter.Handler())
		t.Cleanup(server.Close)
		h.slack.Deliver(server.URL)
	}
	h.putPerson(bot.Person{ID: "buyer:b-1", Name: "Ana", Language: "en", Accounts: []string{"pocket:b-1"},
		Rooms: []bot.Room{"pocket:b-1"}})
	h.putPerson(bot.Person{ID: "seller:s-1", Name: "Lumen", Language: "en", Accounts: []string{"pocket:s-1"},
		Rooms: []bot.Room{"pocket:s-1"}})
	return h
}

// start starts the engine on what is stored.
func (h *harness) start() {
	h.t.Helper()
	store, err := bolt.Open(filepath.Join(h.dir, "db"), bolt.NoSync())
	h.must(err)
	pack, err := policies.Default()
	h.must(err)
	pack.Policy.Leads = h.cfg.Leads
	pack.Policy.Windows["undo"] = bot.Window{} // what is decided goes out at once
	h.adapter, err = slack.New(h.cfg)
	h.must(err)
	if h.pingEvery > 0 {
		h.adapter.SetPingInterval(h.pingEvery)
	}
	if h.debounce > 0 {
		h.adapter.SetHomeDebounce(h.debounce)
	}
	book := &shop.Book{Now: h.now}
	h.store = store
	var kept bot.Store = store
	if h.wrap != nil {
		kept = h.wrap(store)
	}
	h.engine, err = engine.New(h.t.Context(), engine.Config{Store: kept, Flows: flows.All(), Policy: pack.Policy, Now: h.now,
		Adapters: []bot.Adapter{h.adapter, h}, Hands: book.Hands(), Log: h.cfg.Log})
	h.must(err)
	book.Shelf = h.engine
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); h.engine.Run(ctx) }()
	h.stop = sync.OnceFunc(func() {
		cancel()
		<-done
		store.Close()
	})
	h.slack.Until("the adapter is ready", func() bool { return h.adapter.Ready(h.t.Context()) == nil })
}

// lockedLog is the engine's log.
type lockedLog struct{ h *harness }

func (l *lockedLog) Write(p []byte) (int, error) {
	l.h.mu.Lock()
	defer l.h.mu.Unlock()
	return l.h.log.Write(p)
}

func (h *harness) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *harness) putPerson(p bot.Person) {
	h.t.Helper()
	_, err := h.engine.PutPerson(h.t.Context(), p)
	h.must(err)
}

// Name, Run and Send make the harness a platform too: everybody's pocket.
func (h *harness) Name() string { return "pocket" }

func (h *harness) Run(ctx context.Context, _ bot.Inbox) error { <-ctx.Done(); return nil }

func (h *harness) Send(_ context.Context, d bot.Delivery) (bot.Ref, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.told[d.Reply.Room] = append(h.told[d.Reply.Room], d)
	if d.Ref != "" && d.Reply.Mode != bot.New {
		return d.Ref, nil
	}
	return bot.Ref(fmt.Sprint(len(h.told[d.Reply.Room]))), nil
}

// tap waits for a button in a pocket and presses it.
func (h *harness) tap(who, label string) {
	h.t.Helper()
	room, token := bot.Room("pocket:"+who), h.button(who, label)
	h.must(h.engine.Receive(h.t.Context(), bot.Message{ID: who + token, Room: room, Account: string(room), Press: token}))
}

// button waits for a button in a pocket.
func (h *harness) button(who, label string) (token string) {
	h.t.Helper()
	room := bot.Room("pocket:" + who)
	h.slack.Until(who+" can press "+label, func() bool {
		h.mu.Lock()
		defer h.mu.Unlock()
		for _, d := range slices.Backward(h.told[room]) {
			for _, b := range d.Reply.Choices {
				if b.Label == label {
					token = b.Token
					return true
				}
			}
		}
		return false
	})
	return token
}

// write sends words from a pocket.
func (h *harness) write(who, text string) {
	h.t.Helper()
	room := bot.Room("pocket:" + who)
	h.must(h.engine.Receive(h.t.Context(), bot.Message{ID: who + text, Room: room, Account: string(room), Text: text}))
}

// reads waits until somebody has read the words.
func (h *harness) reads(who, words string) bot.Reply {
	h.t.Helper()
	var found bot.Reply
	h.slack.Until(who+" reads "+words, func() bool {
		h.mu.Lock()
		defer h.mu.Unlock()
		i := slices.IndexFunc(h.told[bot.Room("pocket:"+who)], func(d bot.Delivery) bool {
			return bytes.Contains([]byte(d.Reply.Text+d.Reply.Quote), []byte(words))
		})
		if i >= 0 {
			found = h.told[bot.Room("pocket:"+who)][i].Reply
		}
		return i >= 0
	})
	return found
}

// sellerOnSlack gives a seller an account and direct messages on Slack, and returns the channel.
func (h *harness) sellerOnSlack(id bot.PersonID) (dm string) {
	h.t.Helper()
	h.slack.Person(slacktest.Person{ID: "ULUMEN", Name: "Lumen"})
	dm = h.slack.Direct("ULUMEN")
	h.putPerson(bot.Person{ID: id, Name: "Lumen", Accounts: []string{"slack:T0NEVER/ULUMEN"},
		Rooms: []bot.Room{bot.Room("slack:" + dm)}})
	return dm
}

// askToCancel has the buyer ask the seller of a new order to cancel it.
func (h *harness) askToCancel(order string, seller bot.PersonID) {
	h.t.Helper()
	usd := func(minor int64) bot.Money { return bot.Money{Minor: minor, Currency: "USD"} }
	at := h.now()
	_, err := h.engine.PutOrder(h.t.Context(), bot.Order{
		ID: order, Buyer: "buyer:b-1", Seller: seller, Stage: bot.Processing, Method: "card",
		Placed: at.Add(-48 * time.Hour), Paid: at.Add(-47 * time.Hour), Updated: at.Add(-47 * time.Hour),
		Total: usd(2490), Shipping: usd(250),
		Items: []bot.Item{{ID: "1", Title: "Lamp <!channel> & co", Quantity: 1, Price: usd(2240)}},
	})
	h.must(err)
	h.write("b-1", "cancel "+order)
	for _, label := range []string{"I don't need it any more", "Leave it out", "Yes, ask the seller"} {
		h.tap("b-1", label)
	}
}

// dispute brings an order's case before support and returns its card in the channel.
func (h *harness) dispute(order string) (bot.Key, *slacktest.Message) {
	h.t.Helper()
	h.askToCancel(order, "seller:s-1")
	h.tap("s-1", "Say no")
	h.reads("s-1", "Why not?")
	h.write("s-1", "packed "+order)
	h.reads("b-1", "haven't settled this by")
	h.tap("b-1", "Let support decide")
	var card *slacktest.Message
	h.slack.Until("the case is on the desk", func() bool {
		card = h.card(order)
		return card != nil && slices.ContainsFunc(card.Buttons(), func(b slacktest.Button) bool { return b.Label == "Partial refund" })
	})
	h.slack.Until("the card is known by name", func() bool {
		_, err := h.store.Sender(h.t.Context(), bot.Room("slack:"+desk), bot.Ref(card.TS))
		return err == nil
	})
	return bot.Key("case/" + order + "/0"), card
}

// card is the message in the channel that stands for an order's case.
func (h *harness) card(order string) *slacktest.Message {
	for _, m := range slices.Backward(h.slack.Messages(desk)) {
		if bytes.Contains([]byte(m.Shown()), []byte(order)) {
			return &m
		}
	}
	return nil
}

func (h *harness) state(key bot.Key) string {
	c, err := h.store.Conversation(h.t.Context(), key)
	h.must(err)
	return c.State
}

// notes counts the journal's turns of an event by why they moved nothing; "" is those that moved.
func (h *harness) notes(key bot.Key, event string) map[string]int {
	entries, err := h.store.Journal(h.t.Context(), key, 0, 10_000)
	h.must(err)
	n := map[string]int{}
	for _, e := range entries {
		if e.Event.Name == event {
			n[e.Refused]++
		}
	}
	return n
}

// meter counts in memory.
type meter struct {
	mu     sync.Mutex
	counts map[string]int
}

func (m *meter) Count(what, of string, n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.counts[what+" "+of] += n
}

func (m *meter) Took(string, string, time.Duration) {}

func (m *meter) count(name string) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.counts[name]
}

// deliveries are what was said to somebody so far.
func (h *harness) deliveries(r bot.Room) []bot.Delivery {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.told[r])
}
