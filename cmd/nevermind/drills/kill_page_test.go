package drills

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"nevermind/adapters/web"
	"nevermind/bot"
	"nevermind/flows"
)

// killSeed makes the same moments of death again, as far as two runs of a machine are alike.
const killSeed = "NEVERMIND_KILL_SEED"

// kills is how often the program is killed.
func kills() int {
	if long {
		return 200
	}
	return 10
}

// TestKill kills the program at random while twenty people talk to it, and starts it again on the same data: nothing is
// lost and nothing happens twice.
func TestKill(t *testing.T) {
	onlyInCI(t)
	t.Parallel()
	seed, _ := strconv.ParseUint(os.Getenv(killSeed), 10, 64)
	t.Logf("%s=%d", killSeed, seed)
	data, begun := t.TempDir(), time.Now()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	l := newLoad(newPlatform())
	d := &deaths{t: t, load: l, data: data, dice: rand.New(rand.NewPCG(seed, 0))}
	d.furnish()
	wrong := make(chan error, len(l.all))
	var talking sync.WaitGroup
	for _, c := range l.all {
		talking.Go(func() {
			if err := c.play(ctx); err != nil {
				wrong <- err
				cancel()
			}
		})
	}
	d.killAll(ctx)
	last := d.live()
	l.set(func() { l.allowed = 1 << 30 })
	enough := time.AfterFunc(patience, cancel)
	defer enough.Stop()
	talking.Wait()
	close(wrong)
	for err := range wrong {
		t.Error(err)
	}
	if !t.Failed() {
		d.replayAll()
	}
	d.end(last)
	finish(t, storedIn(data), d.live, d.end)
	d.report(time.Since(begun))
	if !t.Failed() {
		newAudit(t, l, data).all()
	}
}

// deaths is a program that is killed again and again.
type deaths struct {
	*load
	t      *testing.T
	data   string
	dice   *rand.Rand
	starts []time.Duration
	unborn int // killed before it was up
	cut    int // requests under way when it was killed
	idle   int // lives in which nothing was stored within a second
	early  int // messages stored by the last kill
}

// furnish loads the sample marketplace, whose agents sit at the desk, and the twenty orders.
func (d *deaths) furnish() {
	first := begin(d.t, d.data)
	d.up(first)
	command(d.t, "20 orders kept, 0 bad lines", "import", marketplace(d.t, d.orders()), "--data", d.data)
	d.end(first)
}

// up waits until a life is served.
func (d *deaths) up(l *life) {
	d.t.Helper()
	begun := time.Now()
	url := l.up(d.t)
	d.starts = append(d.starts, time.Since(begun))
	d.set(func() { d.url = url })
}

// live begins a life and waits until it is served.
func (d *deaths) live() *life {
	l := begin(d.t, d.data)
	d.up(l)
	return l
}

// killAll ends one life after the other. So many messages are let through in each that the last are on their way at the
// last kill.
func (d *deaths) killAll(ctx context.Context) {
	all := 0
	for _, c := range d.all {
		all += c.steps.acts
	}
	for n := range kills() {
		if ctx.Err() != nil {
			return
		}
		l, open := begin(d.t, d.data), func() { d.allowed = 1 + (n+1)*all/kills() }
		if d.dice.IntN(8) == 0 {
			d.unborn++
			d.moment(ctx, 2*d.starts[0])
		} else {
			d.up(l)
			d.work(ctx, open)
		}
		d.set(open)
		d.cut += int(d.flying.Load())
		d.down()
		l.kill()
		l.sound(d.t, n)
	}
	d.set(func() { d.early = d.stored })
}

// work lets messages through to a life. It may die of the first of them; else it stores something, if there is anything
// to store, and has a moment for what follows from it.
func (d *deaths) work(ctx context.Context, open func()) {
	before := 0
	d.set(func() { before = d.stored; open() })
	if d.dice.IntN(2) == 0 {
		d.moment(ctx, 6*time.Millisecond)
		return
	}
	soon, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	if d.until(soon, func() bool { return d.stored > before || d.passed == d.stored }) != nil {
		d.idle++
	}
	d.moment(ctx, 60*time.Millisecond)
}

// moment is a random one within a time.
func (d *deaths) moment(ctx context.Context, within time.Duration) {
	select {
	case <-time.After(time.Duration(d.dice.Int64N(int64(within)))):
	case <-ctx.Done():
	}
}

// replayAll makes every turn of every case again, through the control socket.
func (d *deaths) replayAll() {
	for _, c := range d.all {
		command(d.t, "every one the same", "replay", string(c.key()), "--data", d.data)
	}
}

// end lets a life end in peace.
func (d *deaths) end(l *life) {
	d.t.Helper()
	d.down()
	l.end(d.t)
	if text := l.errs.String(); text != "" {
		d.t.Errorf("the end: %s, want silence", text)
	}
}

func (d *deaths) report(took time.Duration) {
	slices.Sort(d.starts)
	n := len(d.starts)
	d.t.Logf("%d kills in %v: %d while starting, %d requests cut, %d waited for a second in vain; "+
		"%d of %d messages stored by the last kill, %d repeats",
		kills(), took.Round(time.Second), d.unborn, d.cut, d.idle, d.early, d.stored, d.repeated.Load())
	d.t.Logf("up again in %v (median), %v (p90), %v (most)", d.starts[n/2].Round(time.Millisecond),
		d.starts[n*9/10].Round(time.Millisecond), d.starts[n-1].Round(time.Millisecond))
}

// audit looks at what is stored after all of it.
type audit struct {
	t       *testing.T
	load    *load
	data    string
	store   bot.Store
	heard   map[string]int // how often an event of this id stands in a journal
	journal map[bot.Key][]bot.Entry
	told    map[bot.Room][]bot.Said
}

func newAudit(t *testing.T, l *load, data string) *audit {
	store, err := openStored(data)
	must(t, err)
	t.Cleanup(func() { store.Close() })
	a := &audit{t: t, load: l, data: data, store: store, heard: map[string]int{}, journal: map[bot.Key][]bot.Entry{},
		told: map[bot.Room][]bot.Said{}}
	for _, c := range l.all {
		a.read(c.key())
	}
	for r := range l.rooms {
		a.read(bot.Key("talk/" + r))
		a.told[r], err = store.Said(t.Context(), r, 0, 0, 1<<20)
		a.must(err)
	}
	mira := l.all[0].people[agent] // who shares a room has a talk of their own
	a.read(bot.Key("talk/" + string(web.RoomOf(mira)) + "#" + string(mira)))
	return a
}

func (a *audit) must(err error) {
	a.t.Helper()
	if err != nil {
		a.t.Fatal(err)
	}
}

// read takes up a journal; no event counts twice in it.
func (a *audit) read(key bot.Key) {
	entries, err := a.store.Journal(a.t.Context(), key, 0, 1<<20)
	a.must(err)
	a.journal[key] = entries
	seen := map[string]bool{}
	for _, e := range entries {
		a.heard[e.Event.ID]++
		if seen[e.Event.ID] {
			a.t.Errorf("%s: event %s counts twice", key, e.Event.ID)
		}
		seen[e.Event.ID] = true
	}
}

func (a *audit) all() {
	for _, c := range a.load.all {
		a.led(c)
		a.paid(c)
		a.kept(c)
		a.news(c)
	}
	a.sound()
}

// led sees that the case stands where its script leads, and that there is no other.
func (a *audit) led(c *conversation) {
	got, err := a.store.Conversation(a.t.Context(), c.key())
	a.must(err)
	if got.State != c.state || c.refund != "" && got.Facts["amount"] != c.refund {
		a.t.Errorf("order %s, %s: the case is %s with %s, want %s with %s", c.order, c.name, got.State, got.Facts["amount"], c.state,
			c.refund)
	}
	keys, err := a.store.Find(a.t.Context(), "order:"+c.order, "", 10)
	a.must(err)
	keys = slices.DeleteFunc(keys, func(k bot.Key) bool { return k.Kind() != "case" })
	if len(keys) != 1 {
		a.t.Errorf("order %s, %s: got cases %v, want one", c.order, c.name, keys)
	}
}

// paid sees that the order was cancelled once and the money went back once.
func (a *audit) paid(c *conversation) {
	o, err := a.store.Order(a.t.Context(), c.order)
	a.must(err)
	var got, want []string
	for _, p := range o.Book {
		amount := ""
		if p.Do == "pay_refund" {
			amount = " " + p.Amount.String()
		}
		got = append(got, p.Do+" "+p.State+amount)
	}
	if c.refund != "" {
		want = append(want, "cancel_order done")
		for range c.failed {
			want = append(want, "pay_refund failed "+c.refund)
		}
		want = append(want, "pay_refund done "+c.refund)
	}
	if !slices.Equal(got, want) {
		a.t.Errorf("order %s, %s: the book has %q, want %q", c.order, c.name, got, want)
	}
}

// kept sees that each message was heard once and stands once in its room.
func (a *audit) kept(c *conversation) {
	for _, id := range c.sent {
		if a.heard[id] != 1 {
			a.t.Errorf("order %s, %s: message %s stands in %d journals, want 1", c.order, c.name, id, a.heard[id])
		}
		said := 0
		for _, s := range a.told[c.inRoom[id]] {
			if s.In != nil && s.In.ID == id {
				said++
			}
		}
		if said != 1 {
			a.t.Errorf("order %s, %s: message %s stands in its room %d times, want once", c.order, c.name, id, said)
		}
	}
	for key, entries := range a.journal {
		for _, e := range entries {
			if e.Refused != "" && (slices.Contains(c.sent, e.Event.ID) || key == c.key() && e.Event.Actor != "") {
				a.t.Errorf("order %s, %s: %s of %s was refused by %s in %s: %s", c.order, c.name, e.Event.ID, e.Event.Actor, key, e.From,
					e.Refused)
			}
		}
	}
}

// news sees that each room was told everything that the case's journal has to tell, each once, and that it was sent.
func (a *audit) news(c *conversation) {
	least, most := c.owed(a.journal[c.key()])
	for _, who := range c.people {
		r, got := web.RoomOf(who), 0
		for _, s := range a.told[r] {
			if s.Out == nil || s.Out.From != c.key() {
				continue
			}
			if s.Out.Mode == bot.New {
				got++
			}
			if s.State != bot.TaskDone {
				a.t.Errorf("order %s, %s: what %s was told is %s: %.80s", c.order, c.name, r, s.State, s.Out.Text)
			}
		}
		if got < least[r] || got > most[r] {
			a.t.Errorf("order %s, %s: %s was told %d things by the case, want %d to %d", c.order, c.name, r, got, least[r], most[r])
		}
	}
}

// owed counts what a journal has to tell each room. Words that are one placeholder alone may come out empty.
func (c *conversation) owed(entries []bot.Entry) (least, most map[bot.Room]int) {
	least, most = map[bot.Room]int{}, map[bot.Room]int{}
	say := func(words string, r bot.Room) {
		if words == "" || r == "" {
			return
		}
		most[r]++
		if !strings.HasPrefix(words, "{") || !strings.HasSuffix(words, "}") {
			least[r]++
		}
	}
	parties := map[bot.Party]bot.Room{}
	for i, p := range []bot.Party{bot.Buyer, bot.Seller, bot.Support} {
		parties[p] = web.RoomOf(c.people[i])
	}
	all := flows.All().All
	flow := all[slices.IndexFunc(all, func(f *bot.Flow) bool { return f.Name == "case" })]
	for _, e := range entries {
		move := bot.Go(e.To)
		if e.From != "" && e.Refused == "" {
			var ok bool
			if move, ok = flow.States[e.From].Then[e.Event.Name]; !ok {
				move = flow.Always[e.Event.Name]
			}
		}
		for p, words := range move.Says {
			if p == bot.Here {
				say(words, e.Event.Room)
			} else {
				say(words, parties[p])
			}
		}
		if move.Kind == bot.Goes && e.Refused == "" {
			for p, words := range flow.States[e.To].Tell {
				say(words, parties[p])
			}
		}
	}
	return least, most
}

// sound sees that nothing is left to do, the indexes are right and every page of the file is whole.
func (a *audit) sound() {
	fixed, err := a.store.Rebuild(a.t.Context())
	if fixed != 0 || err != nil {
		a.t.Errorf("the indexes: %d entries were wrong (%v)", fixed, err)
	}
	next, err := a.store.NextTask(a.t.Context())
	if !next.IsZero() || err != nil {
		a.t.Errorf("a task still waits, until %v (%v)", next, err)
	}
	a.must(a.store.Close())
	db, err := bbolt.Open(filepath.Join(a.data, "nevermind.db"), 0o600, &bbolt.Options{ReadOnly: true})
	a.must(err)
	defer db.Close()
	a.must(db.View(func(tx *bbolt.Tx) error {
		for err := range tx.Check() {
			a.t.Errorf("the file: %v", err)
		}
		return nil
	}))
}
