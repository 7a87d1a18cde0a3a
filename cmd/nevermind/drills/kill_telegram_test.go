package drills

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"nevermind/adapters/telegram/telegramtest"
	"nevermind/bot"
)

// rushKills is how often the program is killed: 200 times in a drill, or NEVERMIND_KILLS times.
func rushKills() int {
	if n, err := strconv.Atoi(os.Getenv("NEVERMIND_KILLS")); err == nil {
		return n
	}
	if long {
		return 200
	}
	return 4
}

// TestTelegramKill kills nevermind serve at random while fifty people talk to it on Telegram, in turns by polling and by
// webhook: no update is lost, nothing is decided twice, and what people are told twice is rare and counted.
func TestTelegramKill(t *testing.T) {
	onlyInCI(t)
	t.Parallel()
	d := newSlaughter(t)
	d.opens = storedIn(d.data)
	d.goesOn(d.kill)
}

// TestTelegramKillRush is the same at twice that pace, with lives of up to 1.2 seconds, and people in a hurry, so that many more
// updates come in each; NEVERMIND_KILLS=150 is how often it is killed.
func TestTelegramKillRush(t *testing.T) {
	if !long {
		t.Skip("half an hour: by make drills")
	}
	d := newSlaughter(t)
	d.opens = storedIn(d.data)
	d.rush()
	d.goesOn(d.kill)
}

// rush has people press each button two to four times at once: all but one of the presses come late, and each must be taken once
// and decide nothing. How many messages a death finds sent and not settled grows with the pace at which they go out, so that is
// only twice the default.
func (d *slaughter) rush() {
	d.many, d.each, d.eager, d.longest = 60, 3+rushKills()/8, true, 1200*time.Millisecond
	d.where = append(d.where, "--telegram-rate", "60", "--telegram-chat-rate", "0")
}

// taps is how often somebody presses a button.
func (d *slaughter) taps() int {
	if !d.eager {
		return 1
	}
	return 2 + rand.IntN(3)
}

// newSlaughter is a server on a file that nobody has killed yet.
func newSlaughter(t *testing.T) *slaughter {
	seed, _ := strconv.ParseUint(os.Getenv(killSeed), 10, 64)
	d := &slaughter{
		t:    t,
		fake: telegramtest.Open(t),
		data: t.TempDir(),
		at:   telegramtest.FreeAddress(t),
		dice: rand.New(rand.NewPCG(seed, 1)), longest: 300 * time.Millisecond,
		told: map[copyOf]heard{},
		many: pairsAtOnce, each: 2,
	}
	if long {
		d.each = 60 // at Telegram's pace each takes a pair some seconds
	}
	d.fake.Heard = d.hear
	return d
}

// goesOn has fifty people talk while it is killed again and again, by polling and by webhook, and looks at what came of it.
func (d *slaughter) goesOn(kill func(ctx context.Context, mode string)) {
	t := d.t
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Minute+time.Duration(rushKills())*3*time.Second)
	defer cancel()
	first := d.live("webhook")
	d.furnish()
	var talking sync.WaitGroup
	for _, p := range d.pairs {
		talking.Go(func() { p.talk(ctx) })
	}
	began := time.Now()
	d.end(first)
	for n := range rushKills() {
		kill(ctx, []string{"poll", "webhook"}[n%2])
		if n%100 == 99 {
			t.Logf("%d kills in %v", n+1, time.Since(began).Round(time.Second))
		}
	}
	took := time.Since(began)
	d.over.Store(true)
	last := d.live("poll")
	talking.Wait()
	if !d.fake.Until(func() bool { return d.fake.Pending() == 0 }) {
		t.Errorf("%d updates are still not taken", d.fake.Pending())
	}
	d.quiet()
	d.look(last)
	d.end(last)
	finish(t, d.opens, func() *life { return d.live("poll") }, d.end)
	d.audit(took)
}

// slaughter is a server that is killed again and again.
type slaughter struct {
	t     *testing.T
	fake  *telegramtest.Server
	data  string
	at    string   // where it listens
	where []string // the settings of its store; none is a file in data
	opens func() (bot.Store, error)
	dice  *rand.Rand
	many  int  // pairs at once
	each  int  // orders that each can cancel
	eager bool // buttons are pressed several times at once, and a life begins with its first message
	pairs []*pair
	over  atomic.Bool // nobody begins anything new
	blows int         // how often its database was killed

	longest  time.Duration // a life
	starting time.Duration // until a life was served, all of them together
	inFlight int           // messages that death may find sent and not settled; one where a commit is quick

	mu      sync.Mutex
	life    int
	told    map[copyOf]heard
	counted map[int]tally // by life: what its metric said
	updates []int64
}

// copyOf is one message in a chat.
type copyOf struct {
	chat int64
	id   int
}

// heard is when a message came, and in which life of the server.
type heard struct {
	telegramtest.Message
	life int
	at   time.Time
}

// tally is what the metric of twins said when it was looked at last.
type tally struct {
	twins int
	at    time.Time
}

// live begins a life and waits until it is served.
func (d *slaughter) live(mode string) *life {
	d.t.Helper()
	l := beginAs(d.t, append([]string{"serve", "--data", d.data, "--listen", d.at, "--public-url", "http://" + d.at, "--api-key",
		telegramtest.HouseKey, "--log", "error",
		"--telegram-token", d.fake.Token, "--telegram-api", d.fake.URL(), "--telegram-mode", mode}, d.where...)...)
	d.mu.Lock()
	d.life++
	d.mu.Unlock()
	begun := time.Now()
	l.up(d.t)
	d.starting += time.Since(begun)
	return l
}

// kill begins a life and ends it within a third of a second, or as long as it may last, now and then before it is ready.
func (d *slaughter) kill(ctx context.Context, mode string) {
	d.t.Helper()
	l := d.live(mode)
	if d.eager && d.dice.IntN(8) > 0 { // else it may die before it has done anything
		untilWorks(func() int {
			d.mu.Lock()
			defer d.mu.Unlock()
			return len(d.told)
		})
	}
	end := time.Now().Add(time.Duration(d.dice.Int64N(int64(d.longest))))
	for time.Now().Before(end) && ctx.Err() == nil {
		d.look(l)
		<-time.After(min(25*time.Millisecond, max(0, time.Until(end))))
	}
	l.kill()
	if text := l.errs.String(); strings.Contains(text, "panic") {
		d.t.Errorf("life %d: %s", d.life, text)
	}
}

// untilWorks waits until a life has said something; it may have nothing to say.
func untilWorks(said func() int) {
	for before, end := said(), time.Now().Add(5*time.Second); said() == before && time.Now().Before(end); {
		<-time.After(5 * time.Millisecond)
	}
}

var twinsTotal = regexp.MustCompile(`nevermind_twins_total\{adapter="telegram"\} (\d+)`)

// look reads the metric of twins.
func (d *slaughter) look(*life) {
	at := time.Now()
	answer, err := http.Get("http://" + d.at + "/metrics")
	if err != nil {
		return
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return
	}
	n := 0
	if m := twinsTotal.FindSubmatch(text); m != nil {
		n, _ = strconv.Atoi(string(m[1]))
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.counted == nil {
		d.counted = map[int]tally{}
	}
	d.counted[d.life] = tally{n, at}
}

func (d *slaughter) hear(m telegramtest.Message) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.told[copyOf{m.Chat, m.ID}] = heard{m, d.life, time.Now()}
}

// quiet waits until nothing has been said for a second.
func (d *slaughter) quiet() {
	for before := -1; ; {
		d.mu.Lock()
		n := len(d.told)
		d.mu.Unlock()
		if n == before {
			return
		}
		before = n
		<-time.After(time.Second)
	}
}

func (d *slaughter) end(l *life) {
	d.t.Helper()
	l.end(d.t)
}

// pair is a buyer and a seller, and the orders between them.
type pair struct {
	d             *slaughter
	buyer, seller *telegramtest.Chat
	orders        []string
	asked         int // so many of them were cancelled
}

const pairsAtOnce = 25

// furnish links people and puts their orders.
func (d *slaughter) furnish() {
	h := &telegramtest.House{T: d.t, Fake: d.fake, URL: "http://" + d.at, Log: &loud{}}
	for i := range d.many {
		b, s := fmt.Sprint("kb-", i), fmt.Sprint("ks-", i)
		p := &pair{d: d}
		for j := range d.each {
			p.orders = append(p.orders, fmt.Sprint(9_000_000+10_000*i+j))
			h.Order(p.orders[j], b, s, "Bamboo lamp")
		}
		p.buyer, p.seller = h.Join(int64(10_000+i), "buyer", b, "Ana"), h.Join(int64(20_000+i), "seller", s, "Lumen House")
		d.pairs = append(d.pairs, p)
	}
}

// talk cancels one order after the other, until it is over.
func (p *pair) talk(ctx context.Context) {
	for _, order := range p.orders {
		if p.d.over.Load() || ctx.Err() != nil {
			return
		}
		p.d.sent(p.buyer.Type("cancel " + order))
		done := p.press(ctx, p.buyer, order, "I don't need it any more") &&
			p.press(ctx, p.buyer, order, "Yes, ask the seller") && p.press(ctx, p.seller, order, "Cancel and refund 24.90 USD") &&
			p.until(ctx, func() bool { _, ok := about(p.buyer, order, "I've asked the shop to send 24.90 USD", ""); return ok })
		if !done {
			p.d.t.Errorf("order %s goes no further; the buyer sees\n%s\nthe seller sees\n%s", order, p.buyer.Texts(), p.seller.Texts())
			return
		}
		p.asked++
	}
}

// press presses a button about an order as soon as it is there.
func (p *pair) press(ctx context.Context, chat *telegramtest.Chat, order, label string) bool {
	return p.until(ctx, func() bool {
		m, ok := about(chat, order, "", label)
		if !ok {
			return false
		}
		for _, row := range m.Keyboard {
			for _, b := range row {
				if telegramtest.Seen(b.Text) == label {
					for range p.d.taps() {
						n, _ := strconv.ParseInt(strings.TrimPrefix(chat.PressData(m.ID, b.Data), "Q"), 10, 64)
						p.d.sent(n)
					}
				}
			}
		}
		return true
	})
}

func (p *pair) until(ctx context.Context, holds func() bool) bool {
	look := time.NewTicker(40 * time.Millisecond) // hundreds who look at each change would take the processor from the server
	defer look.Stop()
	for end := time.Now().Add(patience); time.Now().Before(end); {
		if holds() {
			return true
		}
		if !p.d.over.Load() { // nobody gives up while it is killed
			end = time.Now().Add(patience)
		}
		select {
		case <-look.C:
		case <-ctx.Done():
			return false
		}
	}
	return false
}

// about finds the newest message about an order with some words, or a button.
func about(chat *telegramtest.Chat, order, words, label string) (telegramtest.Message, bool) {
	for _, m := range slices.Backward(chat.Newest(16)) {
		if !m.Mine && strings.Contains(m.Text, order) && (words == "" || strings.Contains(telegramtest.Seen(m.Text), words)) &&
			(label == "" || slices.Contains(m.Labels(), label)) {
			return m, true
		}
	}
	return telegramtest.Message{}, false
}

func (d *slaughter) sent(update int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.updates = append(d.updates, update)
}

// audit looks at what is stored after all of it.
func (d *slaughter) audit(took time.Duration) {
	store, err := d.opens()
	if err != nil {
		d.t.Fatal(err)
	}
	defer store.Close()
	taken, stand := map[string]int{}, map[copyOf]bool{}
	err = store.Each(d.t.Context(), func(r bot.Record) error {
		if r.Said != nil && r.Said.In != nil {
			taken[r.Said.In.ID]++
		}
		return nil
	})
	if err != nil {
		d.t.Fatal(err)
	}
	for _, n := range d.updates {
		if got := taken[telegramtest.UpdateName(n)]; got != 1 {
			d.t.Errorf("update %d was taken %d times, want once", n, got)
		}
	}
	cases := 0
	for _, p := range d.pairs {
		for _, chat := range []*telegramtest.Chat{p.buyer, p.seller} {
			d.stands(store, chat.ID, stand)
		}
		for _, order := range p.orders[:p.asked] {
			decided(d.t, store, order)
			cases++
		}
	}
	d.twins(stand, cases, took)
}

// stands finds the messages that the house knows of in a chat.
func (d *slaughter) stands(store bot.Store, chat int64, stand map[copyOf]bool) {
	said, err := store.Said(d.t.Context(), bot.Room(fmt.Sprint("telegram:", chat)), 0, 0, 1<<20)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, s := range said {
		if s.Out == nil {
			continue
		}
		if id, err := strconv.Atoi(string(s.Ref)); err == nil {
			stand[copyOf{chat, id}] = true
		}
		if s.Out.Mode == bot.New && s.State != bot.TaskDone {
			d.t.Errorf("chat %d was to hear %.60q, which is %s", chat, s.Out.Text, s.State)
		}
	}
}

// decided sees that an order has one case, in which the seller has agreed once, and that the shop was asked once.
func decided(t *testing.T, store bot.Store, order string) {
	t.Helper()
	keys, err := store.Find(t.Context(), "order:"+order, "", 10)
	if err != nil {
		t.Fatal(err)
	}
	keys = slices.DeleteFunc(keys, func(k bot.Key) bool { return k.Kind() != "case" })
	if len(keys) != 1 {
		t.Errorf("order %s has cases %v, want one", order, keys)
		return
	}
	entries, err := store.Journal(t.Context(), keys[0], 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	agreed := 0
	for _, e := range entries {
		if e.Event.Name == "seller_accepted" {
			agreed++
		}
	}
	o, err := store.Order(t.Context(), order)
	if err != nil {
		t.Fatal(err)
	}
	var book []string
	for _, p := range o.Book {
		book = append(book, p.Do)
	}
	if agreed != 1 || !slices.Equal(book, []string{"cancel_order", "pay_refund"}) {
		t.Errorf("order %s: the seller agreed %d times, and the book has %q; want each once", order, agreed, book)
	}
}

// twins counts the messages that the house does not know of, each a copy of one that it does, and holds them against the
// metric: each that came again before the metric was looked at in that life is in it.
func (d *slaughter) twins(stand map[copyOf]bool, cases int, took time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	twins, inTime, counted := 0, 0, 0
	perLife := map[int]int{}
	for at, h := range d.told {
		if stand[at] {
			continue
		}
		twins++
		perLife[h.life]++
		again, ok := d.again(at, h)
		if !ok {
			d.t.Errorf("chat %d heard %.80q, and the house does not know of it", at.chat, h.Text)
			continue
		}
		if again.at.Add(50 * time.Millisecond).Before(d.counted[again.life].at) {
			inTime++
		}
	}
	for _, c := range d.counted {
		counted += c.twins
	}
	worst := 0
	for _, n := range perLife {
		worst = max(worst, n)
	}
	d.t.Logf("%d kills in %v, %d cases, %d updates, %d messages; %d twins (at most %d for one kill), "+
		"%d of them sent again before the metric's last reading, which counts %d; up after %v on average",
		rushKills(), took.Round(time.Second), cases, len(d.updates), len(d.told), twins, worst, inTime, counted,
		(d.starting / time.Duration(d.life)).Round(time.Millisecond))
	most := rushKills() * max(1, d.inFlight)
	if !long {
		most *= 4 // beside other tests and their race detector a commit is slow, and more is on its way when death comes
	}
	if twins > most {
		d.t.Errorf("%d twins for %d kills, want at most %d", twins, rushKills(), most)
	}
	if counted < inTime {
		d.t.Errorf("the metric counts %d twins, and %d had been seen when it was read", counted, inTime)
	}
}

// again finds the later copy of a message.
func (d *slaughter) again(at copyOf, first heard) (found heard, ok bool) {
	for other, h := range d.told {
		same := h.Text == first.Text && slices.Equal(h.Labels(), first.Labels())
		if other.chat == at.chat && other.id > at.id && same && (!ok || h.at.Before(found.at)) {
			found, ok = h, true
		}
	}
	return found, ok
}
