package drills

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"nevermind/adapters/telegram/telegramtest"
	"nevermind/store/postgres/postgrestest"
	"nevermind/store/storetest"
)

// How the two are compared.
const (
	compareChats  = 200
	compareRounds = 5           // in which each has its turn
	compareWarm   = time.Second // before anything counts
	steadyRate    = 200         // steps a second
)

// TestCompare holds nevermind serve against three bots that lead the same dialogue, in turns, by polling and by a webhook: as
// fast as two hundred chats can go, and at a steady pace. `make compare` runs it; NEVERMIND_COMPARE is how long one
// measurement lasts, NEVERMIND_COMPARE_WITH=grammY leaves the others out; with PostgreSQL it is held against itself on one,
// with plain against itself without encrypted records, with NEVERMIND_COMPARE_BEFORE=<program> against another build of it.
func TestCompare(t *testing.T) {
	long, err := time.ParseDuration(os.Getenv("NEVERMIND_COMPARE"))
	if err != nil {
		t.Skip("make compare")
	}
	dir := t.TempDir()
	all := []*contender{newNevermind(t, "nevermind", filepath.Join(dir, "data"))}
	for _, other := range []struct {
		name string
		open func(*testing.T, string) *contender
	}{{"grammY", newGrammY}, {"Telegraf", newTelegraf}, {"bare", newBare}, {"PostgreSQL", newOnPostgres}, {"plain", newPlain}} {
		if strings.Contains(cmp.Or(os.Getenv("NEVERMIND_COMPARE_WITH"), "grammY Telegraf bare"), other.name) {
			all = append(all, other.open(t, dir))
		}
	}
	if before := os.Getenv("NEVERMIND_COMPARE_BEFORE"); before != "" {
		all = append(all, newServe(t, "before", before, filepath.Join(dir, "before")))
	}
	for _, mode := range []string{"poll", "webhook"} {
		for _, way := range []struct {
			name string
			do   doing
		}{{"rush", (*crowd).rush}, {"walk", (*crowd).steady}} {
			t.Run(mode+"/"+way.name, func(t *testing.T) {
				for _, c := range all {
					c.begin(mode)
					defer c.end()
				}
				var found compared
				for range compareRounds {
					found.flushes = append(found.flushes, storetest.Flush(t))
					var round []tempo
					for _, c := range all {
						round = append(round, c.measure(way.do, long))
					}
					found.rounds = append(found.rounds, round)
				}
				t.Log(found.table(all))
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

// compared are measurements of all, taken in turns: of each round one of each contender, ours first.
type compared struct {
	flushes []time.Duration
	rounds  [][]tempo
}

// table shows the medians, and those of each round's ratios of ours to another.
func (c *compared) table(all []*contender) string {
	var b strings.Builder
	b.WriteByte('\n')
	for n, other := range all {
		of := each(c.rounds, func(round []tempo) tempo { return round[n] })
		fmt.Fprintf(&b, "%-10s %6.0f steps/s, p50 %v, p99 %v, processor %v a step; %s\n", other.name,
			median(each(of, func(p tempo) float64 { return p.steps })),
			median(each(of, func(p tempo) time.Duration { return p.p50 })),
			median(each(of, func(p tempo) time.Duration { return p.p99 })),
			median(each(of, func(p tempo) time.Duration { return p.cpu })), of[0].calls)
	}
	for n, other := range all[1:] {
		steps := each(c.rounds, func(r []tempo) float64 { return r[0].steps / r[n+1].steps })
		work := each(c.rounds, func(r []tempo) float64 { return float64(r[0].cpu) / float64(r[n+1].cpu) })
		fmt.Fprintf(&b, "to %s: steps %.2f (%.2f to %.2f), processor a step %.2f (%.2f to %.2f)\n", other.name, median(steps),
			slices.Min(steps), slices.Max(steps), median(work), slices.Min(work), slices.Max(work))
	}
	fmt.Fprintf(&b, "a page written and flushed: %v", median(c.flushes))
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

// contender is one of them, on a fake Telegram of its own.
type contender struct {
	t     *testing.T
	name  string
	fake  *telegramtest.Server
	crowd *crowd
	start func(mode string) *child
	child *child
	// besides is a process that works for it, too; 0 is none.
	besides int
}

func newContender(t *testing.T, name string) *contender {
	r := &contender{t: t, name: name, fake: telegramtest.New()}
	r.fake.Quiet = true
	r.crowd = newCrowd(t, r.fake, compareChats)
	r.fake.Start()
	t.Cleanup(r.fake.Close)
	return r
}

// newNevermind is nevermind as people have it over its data, with a buyer in each chat.
func newNevermind(t *testing.T, name, data string, env ...string) *contender {
	return newServe(t, name, program(t), data, env...)
}

func newServe(t *testing.T, name, binary, data string, env ...string) *contender {
	r, at := newContender(t, name), telegramtest.FreeAddress(t)
	settled := false
	r.start = func(mode string) *child {
		b := runChild(t, "", append(env, "NEVERMIND_API_KEY="+telegramtest.HouseKey, "NEVERMIND_TELEGRAM_TOKEN="+r.fake.Token), binary,
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

// newOnPostgres is nevermind on a PostgreSQL of its own beside it, which flushes each commit. What that costs is not counted.
func newOnPostgres(t *testing.T, dir string) *contender {
	cluster, err := postgrestest.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Stop)
	return newNevermind(t, "PostgreSQL", filepath.Join(dir, "beside"), "NEVERMIND_STORE="+cluster.Database(t),
		"NEVERMIND_KEYRING="+cluster.Database(t),
		"NEVERMIND_KEY="+base64.StdEncoding.EncodeToString([]byte("a key for a comparison: 32 bytes")))
}

// newPlain is nevermind with records that are not encrypted, which no setting allows: built from a source with one call less.
func newPlain(t *testing.T, dir string) *contender {
	const source, call = "../storage_bolt.go", "bolt.Both(p.encrypted(), bolt.Patience(editPatience))"
	text, err := os.ReadFile(source)
	if err != nil || strings.Count(string(text), call) != 1 {
		t.Fatalf("%s does not open the store as it did: %v", source, err)
	}
	binary, plain, overlay := filepath.Join(dir, "plain"), filepath.Join(dir, "storage_bolt.go"), filepath.Join(dir, "overlay.json")
	whole, err := filepath.Abs(source)
	if err == nil {
		err = os.WriteFile(plain, []byte(strings.Replace(string(text), call, "bolt.Patience(editPatience)", 1)), 0o600)
	}
	if err == nil {
		err = os.WriteFile(overlay, fmt.Appendf(nil, `{"Replace":{%q:%q}}`, whole, plain), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("go", "build", "-overlay", overlay, "-o", binary, "..").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return newServe(t, "plain", binary, filepath.Join(dir, "plain-data"))
}

// newGrammY is the bot in testdata/grammy.
func newGrammY(t *testing.T, dir string) *contender {
	return newNode(t, "grammY", "SESSIONS="+filepath.Join(dir, "sessions"))
}

// newTelegraf is the bot in testdata/telegraf, with a Redis that flushes its log once a second.
func newTelegraf(t *testing.T, dir string) *contender {
	socket := filepath.Join(dir, "redis.sock")
	redis := exec.Command("redis-server", "--port", "0", "--unixsocket", socket, "--dir", dir, "--save", "", "--appendonly", "yes",
		"--appendfsync", "everysec", "--loglevel", "warning")
	if err := redis.Start(); err != nil {
		t.Fatalf("Telegraf's sessions need a Redis: %v", err)
	}
	r := newNode(t, "Telegraf", "REDIS="+socket)
	t.Cleanup(func() { _, _ = redis.Process.Kill(), redis.Wait() })
	r.besides = redis.Process.Pid
	r.fake.Until(func() bool { _, err := os.Stat(socket); return err == nil })
	return r
}

// newNode is a bot for node, in a folder of testdata with its name.
func newNode(t *testing.T, name string, env ...string) *contender {
	r := newContender(t, name)
	folder := filepath.Join("testdata", strings.ToLower(name))
	if _, err := os.Stat(filepath.Join(folder, "node_modules")); err != nil {
		t.Fatalf("%s is not installed: make compare does it (%v)", name, err)
	}
	r.start = func(mode string) *child {
		return runChild(t, folder, append(r.settings(mode), append(env, "NODE_ENV=production")...), "node", "bot.mjs")
	}
	return r
}

// newBare is the program in testdata/bare.
func newBare(t *testing.T, dir string) *contender {
	r := newContender(t, "bare")
	binary := filepath.Join(dir, "bare")
	if out, err := exec.Command("go", "build", "-o", binary, "./testdata/bare").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	r.start = func(mode string) *child {
		return runChild(t, "", append(r.settings(mode), "DATA="+filepath.Join(dir, "bare.db")), binary)
	}
	return r
}

// settings are where a bot finds its Telegram, and how it gets its updates.
func (r *contender) settings(mode string) []string {
	_, port, _ := strings.Cut(telegramtest.FreeAddress(r.t), ":")
	return []string{"TOKEN=" + r.fake.Token, "API=" + r.fake.URL(), "MODE=" + mode, "PORT=" + port}
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
	before, calls := r.processor(), r.crowd.counted()
	steps, waits, took := do(r.crowd, long)
	if steps == 0 {
		r.t.Fatalf("nobody is answered: %s", r.child.log)
	}
	slices.Sort(waits)
	p := tempo{steps: float64(steps) / took.Seconds(), p50: waits[len(waits)/2].Round(10 * time.Microsecond),
		p99: waits[len(waits)*99/100].Round(10 * time.Microsecond)}
	p.cpu = ((r.processor() - before) / time.Duration(steps)).Round(time.Microsecond)
	p.calls = r.crowd.counted().since(calls, steps)
	return p
}

// processor is the time that it has had on a processor so far.
func (r *contender) processor() time.Duration {
	took := processor(r.child.cmd.Process.Pid)
	if r.besides != 0 {
		took += processor(r.besides)
	}
	return took
}
