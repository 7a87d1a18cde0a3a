package drills

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"nevermind/adapters/telegram/telegramtest"
	"nevermind/store/storetest"
)

// How the two are compared.
const (
	compareChats  = 200
	compareRounds = 5           // in which each has its turn
	compareWarm   = time.Second // before anything counts
	steadyRate    = 200         // steps a second
)

// TestCompare holds nevermind serve against a grammY bot that leads the same dialogue, in turns, by polling and by a
// webhook: as fast as two hundred chats can go, and at a steady pace. `make compare` runs it; NEVERMIND_COMPARE is how long
// one measurement lasts.
func TestCompare(t *testing.T) {
	long, err := time.ParseDuration(os.Getenv("NEVERMIND_COMPARE"))
	if err != nil {
		t.Skip("make compare")
	}
	dir := t.TempDir()
	ours, theirs := newNevermind(t, filepath.Join(dir, "data")), newGrammY(t, dir)
	for _, mode := range []string{"poll", "webhook"} {
		for _, way := range []struct {
			name string
			do   doing
		}{{"rush", (*crowd).rush}, {"walk", (*crowd).walk}} {
			t.Run(mode+"/"+way.name, func(t *testing.T) {
				ours.begin(mode)
				defer ours.end()
				theirs.begin(mode)
				defer theirs.end()
				var c compared
				for range compareRounds {
					c.add(storetest.Flush(t), ours.measure(way.do, long), theirs.measure(way.do, long))
				}
				t.Log(c.table())
			})
		}
	}
}

// doing is what a crowd does for so long: the steps taken, how long each waited, and how long it was after all.
type doing func(c *crowd, most time.Duration) (steps int, waits []time.Duration, took time.Duration)

// tempo is what one measurement came to.
type tempo struct {
	steps    float64       // a second
	p50, p99 time.Duration // from what somebody does until they see the answer
	cpu      time.Duration // of the bot's processor a step; 0 where the system does not tell
	calls    string        // to the Bot API a step, by method
}

// compared are measurements of both, taken in turns.
type compared struct {
	flushes      []time.Duration
	ours, theirs []tempo
}

func (c *compared) add(flush time.Duration, ours, theirs tempo) {
	c.flushes, c.ours, c.theirs = append(c.flushes, flush), append(c.ours, ours), append(c.theirs, theirs)
}

// table shows the medians, and the ratio of each round's two.
func (c *compared) table() string {
	var b strings.Builder
	b.WriteByte('\n')
	line := func(name string, all []tempo) {
		fmt.Fprintf(&b, "%-10s %6.0f steps/s, p50 %v, p99 %v, processor %v a step; %s\n", name,
			median(each(all, func(p tempo) float64 { return p.steps })),
			median(each(all, func(p tempo) time.Duration { return p.p50 })),
			median(each(all, func(p tempo) time.Duration { return p.p99 })),
			median(each(all, func(p tempo) time.Duration { return p.cpu })), all[0].calls)
	}
	line("nevermind", c.ours)
	line("grammY", c.theirs)
	var ratios []float64
	for i := range c.ours {
		ratios = append(ratios, c.ours[i].steps/c.theirs[i].steps)
	}
	fmt.Fprintf(&b, "ratio of steps: median %.2f, from %.2f to %.2f; a page written and flushed: %v", median(ratios),
		slices.Min(ratios), slices.Max(ratios), median(c.flushes))
	return b.String()
}

func each[A, B any](all []A, f func(A) B) (out []B) {
	for _, x := range all {
		out = append(out, f(x))
	}
	return out
}

func median[N float64 | time.Duration](all []N) N {
	all = slices.Sorted(slices.Values(all))
	return all[len(all)/2]
}

// contender is one of the two, on a fake Telegram of its own.
type contender struct {
	t     *testing.T
	fake  *telegramtest.Server
	crowd *crowd
	start func(mode string) *child
	child *child
}

func newContender(t *testing.T) *contender {
	r := &contender{t: t, fake: telegramtest.New()}
	r.fake.Quiet = true
	r.fake.Start()
	t.Cleanup(r.fake.Close)
	r.crowd = newCrowd(t, r.fake)
	return r
}

// newNevermind is nevermind as people have it over its data, with a buyer in each chat.
func newNevermind(t *testing.T, data string) *contender {
	r := newContender(t)
	binary, at := program(t), telegramtest.FreeAddress(t)
	settled := false
	r.start = func(mode string) *child {
		b := runChild(t, "", []string{"NEVERMIND_API_KEY=" + telegramtest.HouseKey, "NEVERMIND_TELEGRAM_TOKEN=" + r.fake.Token}, binary,
			"serve", "--data", data, "--listen", at,
			"--public-url", "http://"+at, "--telegram-api", r.fake.URL(), "--telegram-mode", mode, "--telegram-rate", "0",
			"--telegram-chat-rate", "0", "--log", "error")
		if !settled {
			settle(&telegramtest.House{T: t, Fake: r.fake, URL: "http://" + at, Log: b.log}, r.crowd)
			settled = true
		}
		return b
	}
	return r
}

// newGrammY is the bot in testdata/grammy.
func newGrammY(t *testing.T, dir string) *contender {
	r := newContender(t)
	const folder = "testdata/grammy"
	if _, err := os.Stat(filepath.Join(folder, "node_modules")); err != nil {
		t.Fatalf("grammY is not installed: make compare does it (%v)", err)
	}
	r.start = func(mode string) *child {
		_, port, _ := strings.Cut(telegramtest.FreeAddress(t), ":")
		return runChild(t, folder, []string{"NODE_ENV=production", "TOKEN=" + r.fake.Token, "API=" + r.fake.URL(), "SESSIONS=" +
			filepath.Join(dir, "sessions"), "MODE=" + mode, "PORT=" + port}, "node", "bot.mjs")
	}
	return r
}

func (r *contender) begin(mode string) {
	r.t.Helper()
	r.child = r.start(mode)
	r.crowd.rush(compareWarm) // what is slow the first time only
}

// end stops the bot once it has had time to write down what it has answered already.
func (r *contender) end() {
	r.fake.Until(func() bool { return r.fake.Pending() == 0 })
	<-time.After(compareWarm)
	r.child.stop()
}

// measure lets the crowd do something, and looks at what it cost.
func (r *contender) measure(do doing, long time.Duration) tempo {
	r.t.Helper()
	do(r.crowd, compareWarm)
	before, calls := r.child.processor(), r.crowd.counted()
	steps, waits, took := do(r.crowd, long)
	if steps == 0 {
		r.t.Fatalf("nobody is answered: %s", r.child.log)
	}
	slices.Sort(waits)
	p := tempo{steps: float64(steps) / took.Seconds(), p50: waits[len(waits)/2].Round(10 * time.Microsecond),
		p99: waits[len(waits)*99/100].Round(10 * time.Microsecond)}
	p.cpu = ((r.child.processor() - before) / time.Duration(steps)).Round(time.Microsecond)
	p.calls = r.crowd.counted().since(calls, steps)
	return p
}
