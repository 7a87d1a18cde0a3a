package flows_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"nevermind/bot"
)

// How many open records are compared with their future: in the drill, and else. NEVERMIND_DRILLS=1 runs the drill.
const (
	manyFutures = 10_000
	fewFutures  = 150
)

// farOff is how far a future is looked at, in steps and in time.
const (
	farOffSteps = 6
	farOff      = 45 * 24 * time.Hour
)

// TestForeseenHappens plays random stories, asks of each record that is open at their end what happens if nobody moves,
// then lets nobody move: what was foreseen happens, event by event, to the instant, and nothing else does.
func TestForeseenHappens(t *testing.T) {
	t.Parallel()
	want := fewFutures
	if os.Getenv("NEVERMIND_DRILLS") == "1" {
		want = manyFutures
	}
	seen, stories, steps := 0, 0, 0
	for seen < want {
		seed := uint64(stories + 1)
		stories++
		ok := t.Run(fmt.Sprint(seed), func(t *testing.T) {
			n, m := foretold(t, seed)
			seen, steps = seen+n, steps+m
		})
		if !ok {
			break
		}
	}
	t.Logf("%d futures of %d stories, %d steps in all", seen, stories, steps)
}

// ruled are the policies of the stories: plain days and business days, in people's zones, silence that approves or asks.
var ruled = []string{
	"",
	"windows:\n  seller_silence: support\n  dispute_silence: support",
	"windows:\n  seller_answer: 2bd\n  negotiation: 3bd\n  support_answer: 1bd\nappeal: 3bd\ncalendar: {holidays: [\"2026-11-23\"]}",
	"windows:\n  seller_answer: 5h\n  negotiation: 30h\n  dispute_answer: 30h\n  shop_answer: 90s\nappeal: 2d",
}

// placed are the orders of a story, and how each is begun with.
var placed = []struct {
	order string
	lines []string
}{
	{"81000001 processing", asks("81000001")},
	{"81000002 processing items=Chair=40 seller=Far method=bank", asks("81000002")},
	{"81000003 verifying items=Clock=10", []string{"Ana: 81000003", "Ana: [Tell me when it's paid]"}},
	{"81000004 delivered items=Lamp=20 sent=240h came=24h", claims("81000004", "It's damaged",
		"Keep it and get all the money back")},
	{"81000005 shipped items=Cup=8 sent=480h due=-24h track=LP123456785CN seller=Far", claims("81000005", "It hasn't come", "")},
	{
		"81000006 delivered items=Desk=90 sent=240h came=48h method=wallet",
		claims("81000006", "It isn't as described", "Send it back and get all the money"),
	},
	{
		"81000007 verifying items=Pot=12",
		[]string{"Ana: 81000007", "Ana: [Tell me when it's paid]", "shop: confirm 81000007", "Ana: start again",
			"Ana: cancel 81000007", "Ana: [Something else]", "Ana: My plans have changed.", "Ana: [Yes, ask the seller]"},
	},
	{
		"81000008 delivered items=Vase=30 sent=40h came=24h country=ES",
		[]string{"Ana: 81000008", "Ana: [Withdraw from contract here]", "Ana: [Confirm withdrawal]"},
	},
	{"81000009 processing items=Rug=70 country=DE", asks("81000009")},
	{
		"81000010 shipped items=Kettle=12 sent=72h due=200h track=LP123456785CN",
		[]string{"Ana: 81000010", "Ana: [Keep an eye on it for me]"},
	},
	{
		"81000011 delivered items=Rug=60 sent=400h came=240h",
		[]string{"Ana: 81000011", "Ana: [Write to the seller]", "Ana: Is that all there is?"},
	},
}

func asks(order string) []string {
	return []string{"Ana: cancel " + order, "Ana: [Something else]", "Ana: My plans have changed.", "Ana: yes"}
}

func claims(order, problem, solution string) []string {
	lines := []string{"Ana: " + order, "Ana: [Return it or report a problem]", "Ana: [" + problem + "]"}
	if solution != "" {
		lines = append(lines, "Ana: ["+solution+"]")
	}
	return append(lines, "Ana: It is as I say.", "Ana: [Yes, send it]")
}

// foretold plays a story and compares the futures of its open records; it says how many there were, and steps in them.
func foretold(t *testing.T, seed uint64) (n, steps int) {
	random := rand.New(rand.NewPCG(seed, 7))
	x := &explorer{random, newStage(t, ruled[seed%uint64(len(ruled))]), "Lumen"}
	var told bytes.Buffer
	defer func() {
		if t.Failed() {
			t.Logf("seed %d:\n%s", seed, told.String())
		}
	}()
	x.play(&told, "invite: Ana")
	for _, i := range random.Perm(len(placed))[:4+random.IntN(4)] {
		x.play(&told, "order: "+placed[i].order)
		for _, line := range placed[i].lines {
			x.play(&told, line)
		}
	}
	for range random.IntN(25) {
		x.play(&told, x.next())
	}
	x.play(&told, "shop: up")
	x.play(&told, "clock: +11m") // what was tried while it was down is tried again
	return x.compare()
}

// compare looks ahead, lets the time pass, and compares.
func (x *explorer) compare() (n, steps int) {
	x.t.Helper()
	ahead := map[bot.Key][]bot.Foresight{}
	end := x.now.Add(farOff)
	for _, key := range x.foreseeable() {
		seen, err := x.engine.Foresee(x.t.Context(), key, farOffSteps)
		x.must(err)
		ahead[key] = seen
	}
	since := len(x.journal)
	x.move(end.Sub(x.now))
	for _, key := range sortedKeys(ahead) {
		var happened []bot.Foresight
		for i := range x.journal[since:] {
			e := &x.journal[since+i]
			if e.Conversation == key && e.Refused == "" {
				happened = append(happened, bot.Foresight{At: e.At, By: e.Event.By, Event: e.Event.Name, From: e.From, To: e.To})
			}
		}
		seen := ahead[key]
		happened = happened[:min(len(happened), farOffSteps)]
		seen = slices.DeleteFunc(seen, func(s bot.Foresight) bool { return s.At.After(end) })
		if got, want := tell(seen), tell(happened); got != want {
			x.t.Errorf("%s was foreseen as\n%sand this happened:\n%s", key, got, want)
		}
		n, steps = n+1, steps+len(seen)
	}
	return n, steps
}

// foreseeable are the open records whose future is the clock's alone: counts and a seller's overview hang on others.
func (x *explorer) foreseeable() []bot.Key {
	var keys []bot.Key
	for _, key := range x.records() {
		c, err := x.store.Conversation(x.t.Context(), key)
		x.must(err)
		if k := key.Kind(); c.Closed.IsZero() && k != "tally" && k != "digest" {
			keys = append(keys, key)
		}
	}
	return keys
}

func sortedKeys(m map[bot.Key][]bot.Foresight) []bot.Key {
	var keys []bot.Key
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func tell(steps []bot.Foresight) string {
	var all strings.Builder
	for _, s := range steps {
		fmt.Fprintf(&all, "  %s %s: %s, %s to %s\n", s.At.Format("2006-01-02 15:04:05.000"), s.By, s.Event, s.From, s.To)
	}
	return all.String()
}
