package drills

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"nevermind/bot/engine"

	"nevermind/adapters/casefile"
	"nevermind/adapters/shop"
	"nevermind/adapters/shop/hook"
	"nevermind/adapters/shop/hook/hooktest"
	"nevermind/adapters/shop/rest"
	"nevermind/adapters/telegram"
	"nevermind/adapters/telegram/telegramtest"
	"nevermind/bot"
	"nevermind/bot/turn"
	"nevermind/flows"
	"nevermind/flows/policies"
	"nevermind/flows/transcript"
	"nevermind/store/blob"
	"nevermind/store/bolt"
)

// scene is a whole house in a bubble of testing/synctest: a fake Telegram for buyers and sellers, a desk for support, the
// shop's API, and a clock that is moved by hand.
type scene struct {
	t       *testing.T
	fake    *telegramtest.Server
	house   *telegramtest.House // how the shop calls the house
	engine  *engine.Engine
	store   *holding
	blobs   *blob.Store
	shop    *hook.Shop
	desk    *supportDesk
	chats   map[string]*telegramtest.Chat
	ever    []offered            // every button anybody was seen to have
	ids     map[int64][]int      // by chat: what the fake called its messages, as far as they were not looked at
	looked  int                  // calls of the fake looked at
	pressed map[string]string    // who, by the query
	links   []string             // one-time tokens, newest last
	own     transcript.Assistant // Ana's
	last    bot.Message
	sent    int
	spice   *spice // nil where people write what the transcript says

	mu     sync.Mutex
	gone   map[int64]*telegramtest.Fault // chats that take nothing any more, which nobody tells us
	time   time.Time
	shopIs string // "down", "silent", or empty where it works
}

// newScene opens a house with a policy, which Telegram reaches by "poll" or "webhook". Names, titles and sentences in it
// are what next says, where it is not nil.
func newScene(t *testing.T, mode, policy string, next func() string) *scene {
	sc := &scene{t: t, fake: telegramtest.Within(t), desk: &supportDesk{}, time: transcript.Opening,
		chats: map[string]*telegramtest.Chat{}, pressed: map[string]string{}, ids: map[int64][]int{},
		gone: map[int64]*telegramtest.Fault{}}
	sc.fake.Heard, sc.fake.Fault = sc.hear, sc.refuse
	log := &loud{}
	adapter := sc.open(mode, policy, log)
	sc.house = &telegramtest.House{T: t, Fake: sc.fake, URL: "http://house.test", Log: log,
		Do: telegramtest.Directly(rest.New(rest.Config{ //nolint:bodyclose // telegramtest.House closes each body
			Key: telegramtest.HouseKey, Engine: sc.engine, Put: sc.engine.PutOrder, End: sc.shop.End, Bot: adapter.Username,
		}))}
	if next != nil {
		sc.spice = &spice{next: next}
		sc.desk.alike = sc.spice.alike
	}
	sc.furnish()
	return sc
}

// made are the flows made ready under the built-in policy. They never change, so the scenes share them.
var made = sync.OnceValues(func() (*turn.Ruleset, error) {
	words, err := flows.Catalog()
	if err != nil {
		return nil, err
	}
	pack, err := policies.Default()
	if err != nil {
		return nil, err
	}
	return turn.Prepare(flows.All(), pack.Policy, words)
})

func ruleset(t testing.TB) *turn.Ruleset {
	t.Helper()
	rules, err := made()
	must(t, err)
	return rules
}

// open wires the house up and runs it until the test ends.
func (sc *scene) open(mode, policy string, log *loud) *telegram.Adapter {
	sc.t.Helper()
	dir := sc.t.TempDir()
	store, err := bolt.Open(filepath.Join(dir, "db"), bolt.NoSync())
	sc.must(err)
	sc.store = &holding{Store: store}
	sc.blobs, err = blob.Open("file:" + filepath.Join(dir, "files"))
	sc.must(err)
	pack, err := policies.Read([]byte(policy))
	sc.must(err)
	pack.Policy.Choices["assistants"] = "on"
	sc.shop, err = hook.New(hook.Config{URL: "http://shop.test", Secret: hooktest.Secret, Now: sc.now})
	sc.must(err)
	logger := slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelError}))
	cfg := telegram.Config{Token: sc.fake.Token, API: sc.fake.URL(), Client: sc.fake.Reach(), Blobs: sc.blobs, Values: sc.store,
		Log: logger}
	if mode == "webhook" {
		cfg.Webhook, cfg.Secret = "https://house.test/telegram/webhook", "a-secret"
	}
	adapter, err := telegram.New(cfg)
	sc.must(err)
	mux := http.NewServeMux()
	mux.Handle("/telegram/", adapter.Handler())
	sc.fake.Hook = mux
	book := &shop.Book{Now: sc.now}
	ctx, cancel := context.WithCancel(context.Background())
	sc.engine, err = engine.New(ctx, engine.Config{Store: sc.store, Ruleset: ruleset(sc.t), Policy: pack.Policy,
		Now:      sc.now,
		Adapters: []bot.Adapter{adapter, sc.desk}, Hands: sc.hands(book, pack.Policy), Blobs: sc.blobs, Log: logger})
	sc.must(err)
	book.Shelf = sc.engine
	sc.shop.Attach(sc.engine)
	ended := make(chan error, 1)
	go func() { ended <- sc.engine.Run(ctx) }()
	sc.t.Cleanup(func() {
		cancel()
		sc.must(errors.Join(<-ended, store.Close()))
	})
	synctest.Wait()
	sc.must(adapter.Ready(sc.t.Context()))
	return adapter
}

// refuse refuses what is for a chat that is gone.
func (sc *scene) refuse(c telegramtest.Call) telegramtest.Fault {
	sc.mu.Lock()
	defer sc.mu.Unlock()
	if f := sc.gone[c.Chat]; f != nil {
		return *f
	}
	return telegramtest.Fault{}
}

// furnish gives the cast their rooms.
func (sc *scene) furnish() {
	for i, who := range []string{"Ana", "Ben", "Cem", "Phone", "Lumen", "Far", "Nobody"} {
		sc.chats[who] = sc.fake.Private(telegramtest.Person{ID: int64(11 + i), Name: who})
	}
	sc.person(bot.Person{ID: bot.Desk, Rooms: []bot.Room{deskRoom}})
	for _, who := range transcript.AtHome {
		sc.link(who)
	}
	sc.person(transcript.Cast["Far"])
	sc.settle()
	sc.seen()
}

// hands are the order book's, of a shop that can be down.
func (sc *scene) hands(book *shop.Book, p *bot.Policy) map[string]bot.Hand {
	does := book.Hands()
	for do, hand := range does {
		does[do] = func(ctx context.Context, t bot.Task) (bot.Outcome, error) {
			switch sc.stands() {
			case "silent":
				if do == "cancel_order" || do == "pay_refund" {
					return givenUp(ctx, t, hand)
				}
			case "down":
				return bot.Outcome{}, errors.New("the shop is down")
			}
			return hand(ctx, t)
		}
	}
	does["seal_case"] = casefile.New(casefile.Config{Store: sc.store, Blobs: sc.blobs, Seen: flows.Seen, Shown: flows.FactsShown,
		Key:       ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)),
		Now:       sc.now,
		Checklist: func(c *bot.Conversation) []bot.Shown { return flows.Checklist(p, c) }}).Seal
	return does
}

// givenUp posts a refund, asks for nothing, and gives up.
func givenUp(ctx context.Context, t bot.Task, hand bot.Hand) (bot.Outcome, error) {
	if t.Do == "pay_refund" {
		if o, err := hand(ctx, t); err != nil || !o.Pending {
			return o, err
		}
	}
	return bot.Outcome{Dead: "the shop has not answered", Event: "shop_unanswered"}, nil
}

// stands is how the shop is.
func (sc *scene) stands() string {
	sc.mu.Lock()
	defer sc.mu.Unlock()
	return sc.shopIs
}

func (sc *scene) now() time.Time {
	sc.mu.Lock()
	defer sc.mu.Unlock()
	return sc.time
}

// at moves the clock and has the house look at it.
func (sc *scene) at(now time.Time) {
	sc.mu.Lock()
	sc.time = now
	sc.mu.Unlock()
	sc.engine.Wake()
}

func (sc *scene) must(err error) {
	sc.t.Helper()
	if err != nil {
		sc.t.Fatal(err)
	}
}

func (sc *scene) person(p bot.Person) {
	sc.t.Helper()
	_, err := sc.engine.PutPerson(sc.t.Context(), sc.spice.person(p))
	sc.must(err)
}

// link gives somebody of the cast their account and room.
func (sc *scene) link(who string) {
	p := transcript.Cast[who]
	p.Accounts = []string{sc.account(who)}
	if p.Party() != bot.Support {
		p.Rooms = []bot.Room{bot.Room(sc.account(who))}
	}
	sc.person(p)
}

// account is who somebody is where they talk.
func (sc *scene) account(who string) string {
	if chat := sc.chats[who]; chat != nil {
		return fmt.Sprint("telegram:", chat.ID)
	}
	return "stage:" + strings.ToLower(who)
}

// settle waits until nothing is left to do at the present time.
func (sc *scene) settle() { synctest.Wait() }

// move moves the clock on, stopping at each deadline on the way.
func (sc *scene) move(d time.Duration) {
	sc.t.Helper()
	end := sc.now().Add(d)
	for {
		next, err := sc.store.NextDeadline(sc.t.Context())
		sc.must(err)
		task, err := sc.store.NextTask(sc.t.Context())
		sc.must(err)
		if next.IsZero() || !task.IsZero() && task.Before(next) {
			next = task
		}
		if next.IsZero() || next.After(end) {
			break
		}
		if next.After(sc.now()) {
			sc.at(next)
		}
		sc.settle()
	}
	sc.at(end)
	sc.settle()
}

// holding is a store that can keep everybody from work.
type holding struct {
	bot.Store
	held atomic.Bool
}

// Claim leases tasks, unless they are held.
func (h *holding) Claim(ctx context.Context, now time.Time, n int, lease time.Duration) ([]bot.Lease, error) {
	if h.held.Load() {
		return nil, nil
	}
	return h.Store.Claim(ctx, now, n, lease)
}

// NextTask says that there is none while tasks are held.
func (h *holding) NextTask(ctx context.Context) (time.Time, error) {
	if h.held.Load() {
		return time.Time{}, nil
	}
	return h.Store.NextTask(ctx)
}

// Due lists deadlines, unless they are held.
func (h *holding) Due(ctx context.Context, now time.Time, n int) ([]bot.DueDeadline, error) {
	if h.held.Load() {
		return nil, nil
	}
	return h.Store.Due(ctx, now, n)
}

const deskRoom = bot.Room("stage:desk")

// supportDesk is the platform where support sits: everything said there is kept.
type supportDesk struct {
	mu      sync.Mutex
	bubbles []*deskBubble
	news    []*deskBubble
	n       int
	alike   func(shown, label string) bool // where names are others than the transcript's; nil where they are not
}

// deskBubble is one message at the desk.
type deskBubble struct {
	ref    bot.Ref
	mark   string
	reply  bot.Reply
	tokens []bot.Button // every button it ever had
}

// Name is what the desk's room begins with.
func (d *supportDesk) Name() string { return "stage" }

// Run receives nothing: the scene hands in what agents say.
func (d *supportDesk) Run(ctx context.Context, _ bot.Inbox) error { <-ctx.Done(); return nil }

// Send shows a reply at the desk.
func (d *supportDesk) Send(_ context.Context, s bot.Delivery) (bot.Ref, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	r, mark := s.Reply, map[bot.Mode]string{bot.New: "←", bot.Edit: "✎", bot.Aside: "~"}[s.Reply.Mode]
	if r.Mode == bot.Edit || r.Mode == bot.Strip {
		i := slices.IndexFunc(d.bubbles, func(b *deskBubble) bool { return b.ref == s.Ref })
		switch {
		case i < 0:
			return "", bot.ErrCardGone
		case r.Mode == bot.Strip:
			d.bubbles[i].reply.Choices, d.bubbles[i].reply.Behind = nil, nil
		default:
			b := d.bubbles[i]
			b.mark, b.reply, b.tokens = mark, r, append(b.tokens, slices.Concat(r.Choices, r.Behind)...)
			d.news = append(d.news, b)
		}
		return s.Ref, nil
	}
	d.n++
	b := &deskBubble{bot.Ref(fmt.Sprint(d.n)), mark, r, slices.Concat(r.Choices, r.Behind)}
	if r.Mode != bot.Aside {
		d.bubbles = append(d.bubbles, b)
	}
	d.news = append(d.news, b)
	return b.ref, nil
}

// token finds a button at the desk by its label.
func (d *supportDesk) token(label string, ever bool) (string, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, b := range slices.Backward(d.bubbles) {
		buttons := slices.Concat(b.reply.Choices, b.reply.Behind)
		if ever {
			buttons = b.tokens
		}
		for _, c := range slices.Backward(buttons) {
			if shown := transcript.Still(c.Label); shown == label || d.alike != nil && d.alike(shown, label) {
				return c.Token, true
			}
		}
	}
	return "", false
}

// quoted is the last message there with somebody's words, or else the last card of a record.
func (d *supportDesk) quoted() bot.Ref {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, b := range slices.Backward(d.bubbles) {
		if b.reply.Quote != "" {
			return b.ref
		}
	}
	for _, b := range slices.Backward(d.bubbles) {
		if b.reply.From.Kind() != "talk" {
			return b.ref
		}
	}
	return ""
}

// said is what was said at the desk since it was asked last, as it stands now.
func (d *supportDesk) said() (all []*bubble) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, b := range d.news {
		all = append(all, bubbleOf(b.mark, &b.reply))
	}
	d.news = nil
	return all
}
