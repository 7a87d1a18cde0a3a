package flows_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"nevermind/bot"
	"nevermind/flows/transcript"
)

// story is a simulation: the policy in force, and the lines of it. The same story is the same run.
type story struct {
	policy string
	lines  []string
}

// run is how a story went.
type run struct {
	story                              story
	faults                             []string
	trace                              []string
	steps                              int
	passed                             time.Duration
	healed                             bool // it came as far as that
	crashes, unsure, refunds, verdicts int
}

// mostShrunk is how many seeds that fail are shrunk in one test.
const mostShrunk = 4

// TestSimulated plays the whole house in a bubble of time, on the real store: people do whatever comes to mind, platforms and
// the shop fail in every way they can, the wall clock jumps, and the machine dies. After each step and in the end the
// invariants hold. A seed that fails is shrunk to the lines that matter, and stored for TestSimulatedStories.
// NEVERMIND_SEED is the first, and alone unless NEVERMIND_SEEDS says how many.
func TestSimulated(t *testing.T) {
	t.Parallel()
	first, seeds := uint64(1), uint64(2)
	switch {
	case os.Getenv("NEVERMIND_DRILLS") == "1":
		seeds = 2500
	case os.Getenv("CI") != "" && !underRace:
		seeds = 20
	}
	if os.Getenv("NEVERMIND_SEED") != "" {
		fmt.Sscan(os.Getenv("NEVERMIND_SEED"), &first)
		seeds = 1
	}
	fmt.Sscan(os.Getenv("NEVERMIND_SEEDS"), &seeds)
	var mu sync.Mutex
	var all run
	played, failed, years := 0, 0, 0.0 // a Duration ends at 292 years
	t.Cleanup(func() {
		t.Logf("%d seeds: %d steps in %.1f simulated years, %d crashes, %d sends of unknown end, %d refunds, %d verdicts; "+
			"%d seeds broke an invariant", played, all.steps, years, all.crashes, all.unsure, all.refunds,
			all.verdicts, failed)
	})
	for seed := first; seed < first+seeds; seed++ {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			r := simulate(t, seed)
			mu.Lock()
			all.steps, all.crashes = all.steps+r.steps, all.crashes+r.crashes
			years += r.passed.Hours() / 24 / 365
			all.unsure, all.refunds, all.verdicts = all.unsure+r.unsure, all.refunds+r.refunds, all.verdicts+r.verdicts
			played++
			broken := len(r.faults) > 0
			if broken {
				failed++
			}
			few := failed <= mostShrunk
			mu.Unlock()
			if broken {
				if few { // most that fail then do so for the same reason
					r = shrink(t, r)
				}
				t.Errorf("seed %d, kept in %s:\n%s\n\n%s", seed, r.story.keep(t, seed, r.faults[0]),
					strings.Join(r.story.lines, "\n"), strings.Join(r.faults, "\n"))
			}
		})
	}
}

// TestSameSeedSameRun plays a seed twice.
func TestSameSeedSameRun(t *testing.T) {
	onlyWhole(t)
	t.Parallel()
	for seed := range uint64(2) {
		a, b := simulate(t, seed+1), simulate(t, seed+1)
		if n := differAt(a.trace, b.trace); n >= 0 {
			t.Errorf("seed %d goes otherwise at %d:\n%s\n%s", seed+1, n, at(a.trace, n), at(b.trace, n))
		}
		c := replayed(t, a.story, true)
		if n := differAt(a.trace, c.trace); n >= 0 {
			t.Errorf("the story of seed %d goes otherwise at %d:\n%s\n%s", seed+1, n, at(a.trace, n), at(c.trace, n))
		}
	}
}

func differAt(a, b []string) int {
	for n := range max(len(a), len(b)) {
		if at(a, n) != at(b, n) {
			return n
		}
	}
	return -1
}

func at(trace []string, n int) string {
	if n < len(trace) {
		return trace[n]
	}
	return "(the end)"
}

// TestSimulatedStories plays again what seeds have once found.
func TestSimulatedStories(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/simulated/*.story")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if r := replayed(t, readStory(t, string(text)), true); len(r.faults) > 0 {
				t.Errorf("%s", strings.Join(r.faults, "\n"))
			}
		})
	}
}

func readStory(t *testing.T, text string) (s story) {
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		quoted, isPolicy := strings.CutPrefix(line, "policy: ")
		switch {
		case strings.HasPrefix(line, "#"):
		case isPolicy:
			var err error
			if s.policy, err = strconv.Unquote(quoted); err != nil {
				t.Fatal(err)
			}
		default:
			s.lines = append(s.lines, line)
		}
	}
	return s
}

// keep stores a story that fails, for TestSimulatedStories.
func (s story) keep(t *testing.T, seed uint64, why string) string {
	file := filepath.Join("testdata", "simulated", fmt.Sprintf("seed-%d.story", seed))
	text := "# " + strings.ReplaceAll(why, "\n", " ") + "\npolicy: " + strconv.Quote(s.policy) + "\n" +
		strings.Join(s.lines, "\n") + "\n"
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

// shrink leaves out lines of a story, fewer and fewer at a time, while what is left still fails.
func shrink(t *testing.T, worst run) run {
	for size, tries := len(worst.story.lines)/2, 400; size > 0 && tries > 0; {
		shorter := false
		for from := 0; from < len(worst.story.lines) && tries > 0; tries-- {
			to := min(from+size, len(worst.story.lines))
			cut := story{worst.story.policy, slices.Delete(slices.Clone(worst.story.lines), from, to)}
			if r := replayed(t, cut, worst.healed); len(r.faults) > 0 {
				worst, shorter = r, true
				continue
			}
			from = to
		}
		if !shorter || size > len(worst.story.lines) {
			size /= 2
		}
	}
	return worst
}

// replayed plays a story; lines that nobody can play any more are left out.
func replayed(t *testing.T, told story, healing bool) run {
	return inBubble(t, told.policy, nil, healing, func(s *simulated, play func(string) bool) {
		for _, line := range told.lines {
			if !play(line) {
				return
			}
		}
	})
}

// simulate plays a seed: a life of 20 to 110 moves.
func simulate(t *testing.T, seed uint64) run {
	random := rand.New(rand.NewPCG(seed, 33))
	all := append(slices.Clone(ruled), "second_person_above: \"10.00 USD\"", "satisfaction: on", "windows: {support_silence: buyer}")
	return inBubble(t, all[random.IntN(len(all))], random, true, func(s *simulated, play func(string) bool) {
		orders := slices.Concat(toReport(), stories())
		random.Shuffle(len(orders), func(i, j int) { orders[i], orders[j] = orders[j], orders[i] })
		play("invite: Ana")
		for n := range 20 + random.IntN(91) {
			if n%30 == 0 {
				for _, line := range orders[n/30] {
					if !play(line) {
						return
					}
				}
			}
			for _, line := range s.thinks() {
				if !play(line) {
					return
				}
			}
		}
	})
}

// stories are how orders are asked about.
func stories() (all [][]string) {
	for _, p := range placed {
		all = append(all, append([]string{"order: " + p.order}, p.lines...))
	}
	return all
}

// inBubble plays lines in a bubble of time, and then heals what is broken; play says whether to go on.
func inBubble(
	t *testing.T, policy string, random *rand.Rand, healing bool, tell func(s *simulated, play func(string) bool),
) (r run) {
	r.story.policy = policy
	synctest.Test(t, func(t *testing.T) {
		tried := &trial{TB: t}
		defer func() {
			r.faults = tried.faults
			if caught := recover(); caught != nil {
				if _, ok := caught.(abandoned); !ok {
					panic(caught)
				}
			}
		}()
		s := newSimulated(tried, random, policy)
		defer func() { r.trace, r.steps, r.passed = s.trace, s.steps, time.Since(s.began) }()
		tell(s, func(line string) bool {
			if !s.can(line) {
				return true
			}
			r.story.lines = append(r.story.lines, line)
			s.happens(line)
			s.holds()
			return !tried.Failed()
		})
		if r.healed = !tried.Failed() && healing; r.healed {
			s.heals()
		}
		seen := s.count(s.checks.verdicts)
		r.crashes, r.unsure, r.refunds, r.verdicts = s.checks.crashes, s.checks.unsure, seen.refunds, seen.verdicts
	})
	return r
}

// can says whether a line can be played now.
func (s *simulated) can(line string) bool {
	line = strings.TrimPrefix(line, "& ")
	kind, what, _ := strings.Cut(line, ": ")
	words := strings.Fields(what)
	switch {
	case kind == "shop" && len(words) > 1 && !slices.Contains(s.orders, words[1]),
		kind == "order" && slices.Contains(s.orders, words[0]):
		return false
	case kind == "shop" && words[0] == "bounce":
		o, err := s.store.Order(s.t.Context(), words[1])
		s.must(err)
		return slices.ContainsFunc(o.Book, func(p bot.Posting) bool { return p.Do == "pay_refund" && p.State == "done" })
	case strings.HasPrefix(what, "> "):
		return s.hasCards(kind)
	case strings.HasPrefix(what, "@link"):
		return len(s.links) > 0
	case kind == "again":
		return s.last.ID != ""
	case strings.HasPrefix(what, "[["):
		return s.hadButton(kind, strings.Trim(what, "[]"))
	}
	return s.playable(line)
}

// thinks thinks of what happens next.
func (s *simulated) thinks() []string {
	switch n := s.IntN(100); {
	case n < 12:
		return []string{s.fails()}
	case n < 26:
		return []string{"clock: " + pick(s.explorer, []string{"next", "next", "+1h", "+1h", "+13h", "+13h", "+25h", "+3d"})}
	case n < 65:
		return s.goesOn()
	}
	return []string{s.next()}
}

// fails is what goes wrong next.
func (s *simulated) fails() string {
	switch s.IntN(8) {
	case 0, 1:
		return "platform: " + pick(s.explorer, []string{"Ana", "Ana", "Lumen", "Mira", "Far"}) + " " +
			string(pick(s.explorer, sendEndings))
	case 2:
		return "shop: " + string(pick(s.explorer, callEndings))
	case 3:
		return fmt.Sprintf("store: busy %d", 1+s.IntN(3))
	case 4:
		return "clock: " + pick(s.explorer, []string{"jump 25h", "jump -25h", "jump 1h", "jump -1h", "jump 9600h",
			"right", "right", "right"})
	case 5:
		return pick(s.explorer, []string{"gone: Ana", "back: Ana", "back: Ana", "gone: Lumen", "back: Lumen", "slow: Lumen",
			"again: it"})
	}
	return fmt.Sprintf("crash: %s %d", pick(s.explorer, bot.CrashPoints), 1+s.IntN(4))
}

// hadButton says whether somebody ever saw a button.
func (s *simulated) hadButton(who, label string) bool {
	return slices.ContainsFunc(s.bubbles[roomOf(who)], func(b *bubble) bool {
		return slices.ContainsFunc(b.tokens, func(c bot.Button) bool { return transcript.Still(c.Label) == label })
	})
}
