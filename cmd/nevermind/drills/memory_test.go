package drills

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"nevermind/adapters/shop/hook/hooktest"
	"nevermind/adapters/web"
	"nevermind/bot"
	"nevermind/store/bolt"
)

// TestDrillHeld measures what the idle program holds in memory over 100,000 open cases.
func TestDrillHeld(t *testing.T) {
	data := filled(t, 0, 100_000)
	l := begin(t, data)
	l.up(t)
	defer l.kill()
	ran := spent(t, l)
	for still := 0; still < 50; { // a second without any work: the check of the indexes is over, too
		must(t, pause(t.Context()))
		if now := spent(t, l); now == ran {
			still++
		} else {
			ran, still = now, 0
		}
	}
	kB := memory(t, l)
	t.Logf("100,000 open cases in a file of %d MB, idle: %d MB held (anonymous), %d MB of the file mapped", size(t, data)>>20,
		kB["RssAnon"]>>10, kB["RssFile"]>>10)
	if got := (kB["RssAnon"] + kB["RssFile"]) >> 10; got > 100 {
		t.Errorf("resident: got %d MB, want under 100", got)
	}
}

// TestDrillReady measures how soon the program is there again over a million cases, 100,000 of them open with a deadline:
// until it serves, and until a deadline that passed while it was down has fired.
func TestDrillReady(t *testing.T) {
	data := filled(t, 900_000, 100_000)
	var ups, fires []time.Duration
	for run := range late {
		moveTo(t, data, time.Duration(run)*time.Hour+24*time.Hour+time.Minute)
		begun := time.Now()
		l := begin(t, data)
		p := newPlatform()
		p.set(func() { p.url = <-l.url })
		ups = append(ups, time.Since(begun))
		must(t, look(t.Context(), p, "the seller's silence has decided", "/api/cases/case%2F"+lateOrder(run)+"%2F0",
			func(f *file) bool { return f.State != "awaiting_seller" }))
		fires = append(fires, time.Since(begun))
		l.kill()
	}
	slices.Sort(ups)
	slices.Sort(fires)
	t.Logf("1,000,000 cases in a file of %d MB: up again in %v (median), a deadline that had passed fired after %v",
		size(t, data)>>20, ups[late/2].Round(time.Millisecond), fires[late/2].Round(time.Millisecond))
	store, err := openStored(data)
	must(t, err)
	defer store.Close()
	begun := time.Now()
	fixed, err := store.Rebuild(t.Context())
	if fixed != 0 || err != nil {
		t.Errorf("the indexes: %d entries were wrong (%v)", fixed, err)
	}
	t.Logf("the indexes are checked behind it: %v on an idle machine", time.Since(begun).Round(100*time.Millisecond))
	if fires[late/2] > 3*time.Second {
		t.Errorf("ready: got %v, want under 3s", fires[late/2])
	}
}

// TestDrillStep measures what a step costs over a million cases, side by side with one over a thousand.
func TestDrillStep(t *testing.T) {
	over := func(closed, open int) *contender {
		data := filled(t, closed, open)
		unmark(t, data)
		return newNevermind(t, "nevermind", data)
	}
	large, small := over(900_000, 100_000), over(900, 100)
	var steps, processor []float64
	for _, r := range []*contender{large, small} {
		r.begin("poll")
		defer r.end()
		r.rest()
	}
	for range compareRounds {
		a, b := large.measure((*crowd).rush, 3*time.Second), small.measure((*crowd).rush, 3*time.Second)
		t.Logf("over 1,000,000 cases: %.0f steps/s, %v of processor a step; over 1,000: %.0f, %v", a.steps, a.cpu, b.steps, b.cpu)
		steps, processor = append(steps, b.steps/a.steps), append(processor, float64(a.cpu)/float64(b.cpu))
	}
	t.Logf("a step over 1,000,000 cases takes %.2f times as long, and %.2f times the processor", median(steps), median(processor))
}

// rest waits until the program has nothing to do: until its check of the indexes is over.
func (r *contender) rest() {
	for before := time.Duration(-1); r.processor()-before > 50*time.Millisecond; {
		before = r.processor()
		<-time.After(time.Second)
	}
}

// unmark makes a demo's folder one that a server takes: it lives by the real time, among people who are not made up.
func unmark(t *testing.T, data string) {
	moveTo(t, data, 0)
	store, err := openStored(data)
	must(t, err)
	defer store.Close()
	for _, mark := range []string{"served", "demo.sample"} {
		must(t, store.SetValue(t.Context(), mark, nil))
	}
}

// late is how many cases have a deadline that passes while the program is down, one for each start.
const late = 5

func lateOrder(n int) string { return fmt.Sprint("7", 100000+n) }

// filled is a folder with so many closed and open cases, each a copy of a real one, and some real ones that will be late.
func filled(t *testing.T, closed, open int) (data string) {
	if !long {
		t.Skip("fills the disk for minutes; make drills")
	}
	data = t.TempDir()
	for n := range late {
		openCase(t, data, n)
	}
	store, err := openStored(data, bolt.NoSync())
	must(t, err)
	defer store.Close()
	like, err := store.Conversation(t.Context(), bot.Key("case/"+lateOrder(0)+"/0"))
	must(t, err)
	entries, err := store.Journal(t.Context(), like.Key, 0, 100)
	must(t, err)
	begun := time.Now()
	var next atomic.Int64
	var all sync.WaitGroup
	for range 256 { // the store writes what waits together
		all.Go(func() {
			for n := int(next.Add(1)) - 1; n < closed+open; n = int(next.Add(1)) - 1 {
				commit := func() error {
					return store.Commit(context.Background(), copied(&like, entries[len(entries)-1], n, n >= closed))
				}
				err := commit()
				for errors.Is(err, bot.ErrStale) { // two have given one person a key at once
					err = commit()
				}
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	t.Logf("filled with %d cases in %v", closed+open, time.Since(begun).Round(time.Second))
	return data
}

// openCase walks a buyer to an open case, so many hours ahead of the wall's clock.
func openCase(t *testing.T, data string, n int) {
	t.Helper()
	moveTo(t, data, time.Duration(n)*time.Hour)
	l := begin(t, data)
	p := newPlatform()
	url := l.up(t)
	p.set(func() { p.url, p.allowed = url, 1<<30 })
	file := filepath.Join(t.TempDir(), "order.ndjson")
	must(t, os.WriteFile(file, []byte(hooktest.Order(lateOrder(n), strings.TrimPrefix(string(buyerAt(n)), "buyer:"))+"\n"), 0o600))
	command(t, "1 order kept", "import", file, "--data", data)
	c := &conversation{load: &load{platform: p, rooms: map[bot.Room]*sync.Mutex{web.RoomOf(buyerAt(n)): {}}}, order: lateOrder(n),
		inRoom: map[string]bot.Room{}}
	c.people[buyer] = buyerAt(n)
	must(t, by(buyer, says("cancel {order}"), presses("I don't need it any more"),
		presses("Yes, ask the seller")).do(t.Context(), c))
	must(t, c.isAt(t.Context(), "awaiting_seller"))
	l.end(t)
}

// buyerAt is the n-th buyer, always with a name of the same length.
func buyerAt(n int) bot.PersonID { return bot.PersonID(fmt.Sprintf("buyer:b-%07d", n)) }

// copied is a case like another, of an order and a buyer of its own, as one commit.
func copied(like *bot.Conversation, e bot.Entry, n int, open bool) *bot.Commit {
	c, id := *like, fmt.Sprintf("8%08d", n)
	whose := buyerAt(n / 10)
	c.Key, c.ID, c.Order, c.Version, c.Entries = bot.Key("case/"+id+"/0"), fmt.Sprintf("C-%08d", n), id, 0, 1
	c.Parties = map[bot.Party]bot.PersonID{bot.Buyer: whose, bot.Seller: like.Parties[bot.Seller], bot.Support: bot.Desk}
	c.Offers, c.Deadlines = slices.Clone(c.Offers), slices.Clone(c.Deadlines)
	for i := range c.Offers {
		c.Offers[i].Token = rand.Text()[:22]
	}
	for i := range c.Deadlines {
		c.Deadlines[i].At = c.Deadlines[i].At.Add(time.Duration(n%1000) * time.Hour).Add(40 * time.Hour)
	}
	terms := []string{"flow:case", "id:" + c.ID, "order:" + id, "open:flow:case", "open:order:" + id, "open:" + string(whose),
		"open:" + string(c.Parties[bot.Seller])}
	if !open {
		c.State, c.Closed, c.Offers, c.Deadlines, terms = "refunded", c.Opened.Add(time.Hour), nil, nil, terms[:3]
	}
	e.Conversation, e.Seq = c.Key, 1
	commit := &bot.Commit{At: c.Opened, Handled: "copy:" + id, Conversation: &c, Terms: terms, Entry: &e}
	if n%10 == 0 && n >= 10*late { // every buyer has ten; the first few are real
		commit.Person = &bot.Person{ID: whose, Name: "Ana Torres", Accounts: []string{web.AccountOf(whose)},
			Rooms: []bot.Room{web.RoomOf(whose)}}
	}
	return commit
}

// moveTo sets the demo's clock so far ahead of the wall's.
func moveTo(t *testing.T, data string, by time.Duration) {
	store, err := openStored(data)
	must(t, err)
	must(t, store.SetValue(t.Context(), "demo.clock", []byte(by.String())))
	must(t, store.Close())
}

func size(t *testing.T, data string) int64 {
	info, err := os.Stat(filepath.Join(data, "nevermind.db"))
	must(t, err)
	return info.Size()
}

// memory reads what the system says of a process, in kB.
func memory(t *testing.T, l *life) map[string]int {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", l.cmd.Process.Pid))
	must(t, err)
	kB := map[string]int{}
	for lines := bufio.NewScanner(strings.NewReader(string(text))); lines.Scan(); {
		if f := strings.Fields(lines.Text()); len(f) == 3 && f[2] == "kB" {
			kB[strings.TrimSuffix(f[0], ":")], _ = strconv.Atoi(f[1])
		}
	}
	return kB
}

// spent is the processor time a process has had, in the kernel's ticks.
func spent(t *testing.T, l *life) int {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", l.cmd.Process.Pid))
	must(t, err)
	f := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	user, _ := strconv.Atoi(f[11])
	system, _ := strconv.Atoi(f[12])
	return user + system
}
