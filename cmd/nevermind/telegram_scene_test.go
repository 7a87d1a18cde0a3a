package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"nevermind/adapters/telegram/telegramtest"
	"nevermind/bot"
	"nevermind/flows/transcript"
)

// scene is nevermind serve, in this process and over real HTTP, with a fake Telegram for buyers and sellers, a desk for
// support, and a clock that is moved by hand.
type scene struct {
	t       *testing.T
	fake    *telegramtest.Server
	house   *telegramHouse
	site    *site // as serve has wired it
	store   *watched
	desk    *supportDesk
	chats   map[string]*telegramtest.Chat
	ever    []offered         // every button anybody was seen to have
	ids     map[int64][]int   // by chat: what the fake called its messages, as far as they were not looked at
	looked  int               // calls of the fake looked at
	pressed map[string]string // who, by the query
	links   []string          // one-time tokens, newest last
	last    bot.Message
	sent    int
	spice   *spice // nil where people write what the transcript says
	late    bool   // a press since the last look was answered only after a second

	mu   sync.Mutex
	gone map[int64]*telegramtest.Fault // chats that take nothing any more, which nobody tells us
	time time.Time
	shop string // "down", "silent", or empty where it works
}

// scenes are the ones that play now, by the data folder of their server.
var scenes sync.Map

// inScene gives a server that belongs to a scene its desk, its shop, and a store that tells when nothing is left to do.
func init() {
	platforms = append(platforms, func(_ context.Context, s *site) (bot.Adapter, error) {
		if sc, ok := scenes.Load(s.set.folder()); ok {
			return sc.(*scene).wire(s), nil
		}
		return nil, nil
	})
	elsewhere := shopHands
	shopHands = func(ctx context.Context, s *site) (map[string]bot.Hand, error) {
		if sc, ok := scenes.Load(s.set.folder()); ok {
			return sc.(*scene).hands(), nil
		}
		return elsewhere(ctx, s)
	}
}

func newScene(t *testing.T, mode, policy string) *scene {
	return newSpicedScene(t, mode, policy, nil)
}

// newSpicedScene is a scene in which names, titles and sentences are the next ones of others.
func newSpicedScene(t *testing.T, mode, policy string, next func() string) *scene {
	sc := &scene{t: t, fake: telegramtest.Open(t), chats: map[string]*telegramtest.Chat{}, pressed: map[string]string{}, ids: map[int64][]int{}, gone: map[int64]*telegramtest.Fault{}, time: transcript.Opening}
	data := t.TempDir()
	sc.desk = &supportDesk{}
	sc.fake.Heard, sc.fake.Fault = sc.hear, sc.refuse
	scenes.Store(data, sc)
	t.Cleanup(func() { scenes.Delete(data) })
	args := []string{"--api-key", "k", "--log", "error", "--telegram-token", sc.fake.Token, "--telegram-api", sc.fake.URL(),
		"--telegram-mode", mode, "--telegram-rate", "0", "--telegram-chat-rate", "0",
		"--shop-webhook-url", "http://127.0.0.1:9/never-asked", "--shop-webhook-secret", shopSecret}
	if mode == webhookMode {
		at := freePort(t)
		args = append(args, "--listen", at, "--public-url", "http://"+at)
	}
	if policy != "" {
		file := filepath.Join(t.TempDir(), "policy.yaml")
		if err := os.WriteFile(file, []byte(policy), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, "--policy", file)
	}
	s, log := serveBy(t, sc.now, data, args...)
	sc.house = &telegramHouse{t, sc.fake, s.url, log}
	if !sc.fake.Until(sc.isReady) {
		t.Fatal("not ready:", log)
	}
	if next != nil {
		sc.spice = &spice{next: next, house: sc.house}
		sc.desk.alike = sc.spice.alike
	}
	sc.furnish()
	return sc
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

// isReady asks the platforms themselves: /readyz asks them once a second of a time that stands still.
func (sc *scene) isReady() bool {
	for _, a := range sc.site.adapters {
		if able, ok := a.(interface{ Ready(context.Context) error }); ok && able.Ready(sc.t.Context()) != nil {
			return false
		}
	}
	return true
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

// wire takes part in how serve is wired: time is what the scene says it is.
func (sc *scene) wire(s *site) bot.Adapter {
	sc.site, sc.store = s, &watched{Store: s.store, leased: map[string]bool{}}
	s.store, s.bootTime = sc.store, nil
	return sc.desk
}

// hands are the order book's, of a shop that can be down.
func (sc *scene) hands() map[string]bot.Hand {
	c := newDemoShop(false, sc.now)
	attach := sync.OnceFunc(func() { c.Engine = sc.site.engine })
	does := c.book.Hands()
	for do, hand := range does {
		does[do] = func(ctx context.Context, t bot.Task) (bot.Outcome, error) {
			attach()
			switch sc.shopIs() {
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
	does["send_news"] = func(context.Context, bot.Task) (bot.Outcome, error) { return bot.Finished(), nil }
	return does
}

// givenUp posts a refund, asks for nothing, and gives up.
func givenUp(ctx context.Context, t bot.Task, hand bot.Hand) (bot.Outcome, error) {
	if t.Do == "pay_refund" {
		if o, err := hand(ctx, t); err != nil || !o.Pending {
			return o, err
		}
	}
	return bot.GivenUpAs("shop_unanswered", "the shop has not answered"), nil
}

func (sc *scene) shopIs() string {
	sc.mu.Lock()
	defer sc.mu.Unlock()
	return sc.shop
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
	sc.site.engine.Wake()
}

func (sc *scene) must(err error) {
	sc.t.Helper()
	if err != nil {
		sc.t.Fatal(err)
	}
}

func (sc *scene) person(p bot.Person) {
	sc.t.Helper()
	_, err := sc.site.engine.PutPerson(sc.t.Context(), sc.spice.person(p))
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
func (sc *scene) settle() {
	sc.t.Helper()
	enough := time.After(time.Minute)
	for {
		changed := sc.store.change()
		if sc.isStill() {
			return
		}
		select {
		case <-changed:
		case <-time.After(2 * time.Millisecond): // an update may be on its way
		case <-enough:
			next, _ := sc.store.NextTask(sc.t.Context())
			sc.t.Fatalf("after a minute there is still something to do: %d updates, next task %v at %v, at work on %s\n%s",
				sc.fake.Pending(), next, sc.now(), sc.store.at(), sc.house.log)
		}
	}
}

func (sc *scene) isStill() bool {
	before := sc.store.steps()
	if sc.fake.Pending() > 0 || sc.store.busy() {
		return false
	}
	task, err := sc.store.Store.NextTask(sc.t.Context())
	deadline, wrong := sc.store.Store.NextDeadline(sc.t.Context())
	if err != nil || wrong != nil {
		return false
	}
	now := sc.now()
	due := func(at time.Time) bool { return !at.IsZero() && !at.After(now) }
	return (sc.store.isHeld() || !due(task) && !due(deadline)) && sc.store.steps() == before
}

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

// watched is a store that knows whether anybody is at work, and that can keep everybody from it.
type watched struct {
	bot.Store

	mu      sync.Mutex
	inside  int // calls under way
	leased  map[string]bool
	n       int
	changed chan struct{}
	held    bool // nobody gets anything to do
}

func (w *watched) enter() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.inside++
	w.n++
}

func (w *watched) leave() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.inside--; w.changed != nil {
		close(w.changed)
		w.changed = nil
	}
}

// change is closed when somebody has done something.
func (w *watched) change() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.changed == nil {
		w.changed = make(chan struct{})
	}
	return w.changed
}

func (w *watched) over(task string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.leased, task)
}

func (w *watched) busy() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.inside > 0 || len(w.leased) > 0
}

func (w *watched) at() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return fmt.Sprint(w.inside, w.leased)
}

func (w *watched) steps() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.n
}

func (w *watched) isHeld() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.held
}

func (w *watched) hold(held bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.held = held
}

// Claim leases tasks, unless they are held.
func (w *watched) Claim(ctx context.Context, now time.Time, n int, lease time.Duration) ([]bot.Lease, error) {
	w.enter()
	defer w.leave()
	if w.isHeld() {
		return nil, nil
	}
	leases, err := w.Store.Claim(ctx, now, n, lease)
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, l := range leases {
		w.leased[l.Task.ID] = true
	}
	return leases, err
}

// NextTask is in an hour while tasks are held.
func (w *watched) NextTask(ctx context.Context) (time.Time, error) {
	if w.isHeld() {
		return time.Time{}, nil
	}
	return w.Store.NextTask(ctx)
}

// Due lists deadlines, unless they are held.
func (w *watched) Due(ctx context.Context, now time.Time, n int) ([]bot.DueDeadline, error) {
	if w.isHeld() {
		return nil, nil
	}
	return w.Store.Due(ctx, now, n)
}

// Settle ends a task.
func (w *watched) Settle(ctx context.Context, l bot.Lease, now time.Time, o bot.Outcome) error {
	w.enter()
	defer w.leave()
	err := w.Store.Settle(ctx, l, now, o)
	w.over(l.Task.ID)
	return err
}

// Commit makes a change; it may end a task.
func (w *watched) Commit(ctx context.Context, c *bot.Commit) error {
	w.enter()
	defer w.leave()
	err := w.Store.Commit(ctx, c)
	if c.Settle != nil && (err == nil || errors.Is(err, bot.ErrFenced)) {
		w.over(c.Settle.Lease.Task.ID)
	}
	return err
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
			d.bubbles[i].reply.Choices = nil
		default:
			b := d.bubbles[i]
			b.mark, b.reply, b.tokens = mark, r, append(b.tokens, r.Choices...)
			d.news = append(d.news, b)
		}
		return s.Ref, nil
	}
	d.n++
	b := &deskBubble{bot.Ref(fmt.Sprint(d.n)), mark, r, r.Choices}
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
		buttons := b.reply.Choices
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
