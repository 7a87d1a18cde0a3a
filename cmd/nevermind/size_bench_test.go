package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"nevermind/adapters/shop"
	"nevermind/adapters/web"
	"nevermind/bot"
	"nevermind/store/bolt"
)

// drills has the drills run that fill a disk for minutes.
const drills = "NEVERMIND_DRILLS"

// TestDrillHeld measures what the idle program holds in memory over 100,000 open cases.
func TestDrillHeld(t *testing.T) {
	data := filled(t, 0, 100_000)
	l := begin(t, data)
	<-l.url
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
	t.Logf("100,000 open cases in a file of %d MB, idle: %d MB held (anonymous), %d MB of the file mapped", size(t, data)>>20, kB["RssAnon"]>>10, kB["RssFile"]>>10)
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
		must(t, look(t.Context(), p, "the seller's silence has decided", "/api/cases/case%2F"+lateOrder(run)+"%2F0", func(f *file) bool { return f.State != "awaiting_seller" }))
		fires = append(fires, time.Since(begun))
		l.kill()
	}
	slices.Sort(ups)
	slices.Sort(fires)
	t.Logf("1,000,000 cases in a file of %d MB: up again in %v (median), a deadline that had passed fired after %v", size(t, data)>>20, ups[late/2].Round(time.Millisecond), fires[late/2].Round(time.Millisecond))
	store, err := bolt.Open(filepath.Join(data, "nevermind.db"))
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

// late is how many cases have a deadline that passes while the program is down, one for each start.
const late = 5

func lateOrder(n int) string { return fmt.Sprint("7", 100000+n) }

// filled is a folder with so many closed and open cases, each a copy of a real one, and some real ones that will be late.
func filled(t *testing.T, closed, open int) (data string) {
	if os.Getenv(drills) == "" {
		t.Skip("fills the disk for minutes; set " + drills + "=1")
	}
	plain(t)
	data = t.TempDir()
	for n := range late {
		h := houseAt(t, data, time.Duration(n)*time.Hour)
		must(t, h.populate(t.Context()))
		openCase(t, h, n)
		must(t, h.store.Close())
	}
	store, err := bolt.Open(filepath.Join(data, "nevermind.db"), bolt.NoSync())
	must(t, err)
	defer store.Close()
	like, err := store.Conversation(t.Context(), bot.Key("case/"+lateOrder(0)+"/0"))
	must(t, err)
	entries, err := store.Journal(t.Context(), like.Key, 0, 100)
	must(t, err)
	begun := time.Now()
	all := newParallel(func(n int) error {
		return store.Commit(context.Background(), copied(&like, entries[len(entries)-1], n, n >= closed))
	})
	for n := range closed + open {
		must(t, all.put(strconv.Itoa(n), n))
	}
	_, err = all.wait()
	must(t, err)
	t.Logf("filled with %d cases in %v", closed+open, time.Since(begun).Round(time.Second))
	return data
}

// openCase walks a buyer to an open case.
func openCase(t *testing.T, h *house, n int) {
	takeOrder(t, h, n)
	say := func(m bot.Message) {
		must(t, h.engine.Receive(t.Context(), m))
		must(t, h.engine.Drain(t.Context()))
	}
	say(benchMessage(n, "cancel "+lateOrder(n)))
	for _, label := range []string{"I don't need it", "Leave it out", "Yes, ask"} {
		m := benchMessage(n, "")
		m.Press = pressable(t, h, m.Room, label)
		say(m)
	}
}

// takeOrder has the shop say that there is a buyer's order.
func takeOrder(t *testing.T, h *house, n int) {
	t.Helper()
	o, err := shop.Decode([]byte(order(lateOrder(n), strings.TrimPrefix(string(benchBuyer(n)), "buyer:"))), h.engine.Policy())
	must(t, err)
	must(t, h.importOrder(t.Context(), o))
}

// pressable finds the newest button with a label in a room.
func pressable(t *testing.T, h *house, r bot.Room, label string) string {
	said, err := h.store.Said(t.Context(), r, 0, math.MaxInt64, 20)
	must(t, err)
	for _, s := range slices.Backward(said) {
		if s.Out == nil {
			continue
		}
		for _, b := range s.Out.Choices {
			if strings.HasPrefix(b.Label, label) {
				return b.Token
			}
		}
	}
	t.Fatalf("%s has no button %q", r, label)
	return ""
}

// copied is a case like another, of an order and a buyer of its own, as one commit.
func copied(like *bot.Conversation, e bot.Entry, n int, open bool) *bot.Commit {
	c, id := *like, fmt.Sprintf("8%08d", n)
	buyer := benchBuyer(n / 10)
	c.Key, c.ID, c.Order, c.Version, c.Entries = bot.Key("case/"+id+"/0"), fmt.Sprintf("C-%08d", n), id, 0, 1
	c.Parties = map[bot.Party]bot.PersonID{bot.Buyer: buyer, bot.Seller: like.Parties[bot.Seller], bot.Support: bot.Desk}
	c.Offers, c.Deadlines = slices.Clone(c.Offers), slices.Clone(c.Deadlines)
	for i := range c.Offers {
		c.Offers[i].Token = rand.Text()[:22]
	}
	for i := range c.Deadlines {
		c.Deadlines[i].At = c.Deadlines[i].At.Add(time.Duration(n%1000) * time.Hour).Add(40 * time.Hour)
	}
	terms := []string{"flow:case", "id:" + c.ID, "order:" + id, "open:flow:case", "open:order:" + id, "open:" + string(buyer), "open:" + string(c.Parties[bot.Seller])}
	if !open {
		c.State, c.Closed, c.Offers, c.Deadlines, terms = "refunded", c.Opened.Add(time.Hour), nil, nil, terms[:3]
	}
	e.Conversation, e.Seq = c.Key, 1
	commit := &bot.Commit{At: c.Opened, Handled: "copy:" + id, Conversation: &c, Terms: terms, Entry: &e}
	if n%10 == 0 && n >= 10*late { // every buyer has ten; the first few are real
		commit.Person = &bot.Person{ID: buyer, Name: "Ana Torres", Accounts: []string{web.AccountOf(buyer)}, Rooms: []bot.Room{web.RoomOf(buyer)}}
	}
	return commit
}

// moveTo sets the demo's clock so far ahead of the wall's.
func moveTo(t *testing.T, data string, by time.Duration) {
	store, err := bolt.Open(filepath.Join(data, "nevermind.db"))
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
