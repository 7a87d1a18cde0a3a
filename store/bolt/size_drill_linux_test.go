package bolt

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"nevermind/bot"
)

// TestDrillStoredCases measures what a step costs the store over 1,000 stored conversations and over 1,000,000, in turns: a
// message is committed with its turn, the answer attempted and settled. NEVERMIND_DRILLS=1; it takes some minutes and 2 GB.
func TestDrillStoredCases(t *testing.T) {
	if os.Getenv("NEVERMIND_DRILLS") == "" {
		t.Skip("fills the disk for minutes; set NEVERMIND_DRILLS=1")
	}
	const rounds, each = 7, 4000
	few, many := newStepper(t, 1000), newStepper(t, 1_000_000)
	var ratios, costs []float64
	for range rounds {
		a, b := few.run(t, each), many.run(t, each)
		ratios, costs = append(ratios, float64(b)/float64(a)), append(costs, float64(b.Microseconds())/each)
	}
	slices.Sort(ratios)
	slices.Sort(costs)
	t.Logf("over 1,000,000 a step costs %.0f µs of processor (median of %d), %.2f times (%.2f–%.2f) what it costs over 1,000; "+
		"%s held",
		costs[rounds/2], rounds, ratios[rounds/2], ratios[0], ratios[rounds-1], heldMemory(t))
	if got := ratios[rounds/2]; got > 1.05 {
		t.Errorf("a step over 1,000,000 costs %.2f times one over 1,000, want at most 1.05", got)
	}
	begun := time.Now()
	wantErr(t, many.s.Close(), nil)
	s := openIn(t, many.dir)
	t.Logf("opened again in %v", time.Since(begun).Round(time.Millisecond))
	wantErr(t, s.Close(), nil)
}

// stepper makes steps in 200 talks of a store, beside whatever else is stored there.
type stepper struct {
	s     *Store
	dir   string
	steps int
	turns int
}

// stepTalks is how many talks a stepper has, each of which makes one step at a time.
const stepTalks = 200

// newStepper fills a store with so many conversations and begins the talks.
func newStepper(t *testing.T, stored int) *stepper {
	t.Helper()
	p := &stepper{dir: t.TempDir()}
	fast := openIn(t, p.dir, NoSync())
	var all sync.WaitGroup
	free := make(chan struct{}, 256)
	for i := range stored {
		free <- struct{}{}
		all.Go(func() {
			defer func() { <-free }()
			c := turn(1000 + i)
			c.Handled, c.Tasks = fmt.Sprint("copy:", i), nil
			retoken(c, time.Unix(1_700_000_000, 0).Add(time.Duration(i)*time.Second))
			if err := fast.Commit(t.Context(), c); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	wantErr(t, fast.Close(), nil)
	p.s = openIn(t, p.dir)
	t.Cleanup(func() { _ = p.s.Close() })
	p.run(t, 2*stepTalks)
	return p
}

// run makes so many steps and returns the processor time they took.
func (p *stepper) run(t *testing.T, steps int) time.Duration {
	t.Helper()
	begun := processor(t)
	for range steps / stepTalks {
		var all sync.WaitGroup
		for who := range stepTalks {
			p.steps++
			c := p.step(who)
			all.Go(func() {
				if err := p.s.Commit(t.Context(), c); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		p.turns++
		p.deliver(t)
	}
	return processor(t) - begun
}

// step is a talk's next turn.
func (p *stepper) step(who int) *bot.Commit {
	c := turn(who)
	c.At = time.Unix(1_800_000_000, 0).Add(time.Duration(p.steps) * 5 * time.Millisecond)
	c.Handled = fmt.Sprint("telegram:1234567:", 100_000_000+p.steps)
	c.Said.ID, c.Entry.Event.ID, c.Tasks[0].Made = c.Handled, c.Handled, c.At
	c.Conversation.Version, c.Conversation.Entries, c.Entry.Seq = int64(p.turns), p.turns+1, p.turns+1
	retoken(c, c.At)
	return c
}

// deliver attempts and settles all that waits, one task of a lane after the other.
func (p *stepper) deliver(t *testing.T) {
	t.Helper()
	now := time.Unix(1_900_000_000, 0)
	for {
		leases, err := p.s.Claim(t.Context(), now, 64, time.Minute)
		wantErr(t, err, nil)
		if len(leases) == 0 {
			return
		}
		var all sync.WaitGroup
		for _, l := range leases {
			all.Go(func() {
				err := p.s.Attempt(t.Context(), l)
				l.Task.Attempts++
				if err == nil {
					err = p.s.Settle(t.Context(), l, now, bot.Outcome{Ref: bot.Ref(fmt.Sprint(l.Task.Seq))})
				}
				if err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
	}
}

// retoken gives a turn ids as turns make them at that time.
func retoken(c *bot.Commit, at time.Time) {
	for i := range c.Conversation.Offers {
		c.Conversation.Offers[i].Token = timedID(at)
	}
	for i := range c.Tasks {
		c.Tasks[i].ID = timedID(at)
		for j := range c.Tasks[i].Reply.Choices {
			c.Tasks[i].Reply.Choices[j].Token = c.Conversation.Offers[j].Token
		}
	}
}

var sortedAlphabet = base64.NewEncoding("-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz").
	WithPadding(base64.NoPadding)

func timedID(at time.Time) string {
	var id [16]byte
	rand.Read(id[:])
	binary.BigEndian.PutUint64(id[:], uint64(at.UnixMilli())<<16|uint64(id[6])<<8|uint64(id[7]))
	return sortedAlphabet.EncodeToString(id[:])
}

// processor is the processor time that this process has had.
func processor(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	wantErr(t, syscall.Getrusage(syscall.RUSAGE_SELF, &u), nil)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// heldMemory is what the system says that this process holds besides the file.
func heldMemory(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("/proc/self/status")
	wantErr(t, err, nil)
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "RssAnon:"); ok {
			return strings.TrimSpace(rest)
		}
	}
	return "?"
}
