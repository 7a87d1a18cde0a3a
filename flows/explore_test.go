package flows_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"nevermind/flows/transcript"
)

// How many stories the explorer makes up: in the drill, and else.
const (
	manyExplored = 2000
	fewExplored  = 40
)

// TestExplore lets everybody do whatever comes to mind, and looks after each line whether the house still stands. Where
// it does not, the lines that led there are shown: they are a transcript.
func TestExplore(t *testing.T) {
	t.Parallel()
	stories := fewExplored
	if os.Getenv("NEVERMIND_DRILLS") == "1" {
		stories = manyExplored
	}
	for seed := range uint64(stories) {
		if !t.Run(fmt.Sprint(seed+1), func(t *testing.T) { explore(t, seed+1) }) {
			break
		}
	}
}

// where is what the explorer's orders are.
var where = []string{
	"81000001 processing items=Lamp=20,Kettle=30 coupon=NOV5",
	"81000002 processing items=Chair_{amount}=40 seller=Far method=bank",
	"81000003 verifying items=Clock=10",
	"81000004 unpaid items=Book=5",
	"81000005 processing yen",
}

// asking is how each story begins: an order is asked about already.
var asking = []string{
	"invite: Ana", "link: Phone", "Ana: cancel 81000005", "Ana: [Something else]", "Ana: [Leave it out]",
	"Ana: [Yes, ask the seller]",
}

// explore plays one story of fifty lines.
func explore(t *testing.T, seed uint64) {
	x := &explorer{rand.New(rand.NewPCG(seed, 0)), newStage(t, []string{"", "windows:\n  seller_silence: support"}[seed%2]), "Lumen"}
	var told bytes.Buffer
	defer func() {
		if t.Failed() {
			t.Logf("seed %d:\n%s", seed, told.String())
		}
	}()
	for _, o := range where {
		x.play(&told, "order: "+o)
	}
	for _, line := range asking {
		x.play(&told, line)
	}
	for range 50 {
		x.play(&told, x.next())
		if x.invariants(); t.Failed() {
			return
		}
	}
	x.play(&told, "shop: up")
	x.reachesPerson(&told)
	for _, key := range x.records() {
		x.replays(key, true)
	}
}

// explorer is somebody who does whatever comes to mind.
type explorer struct {
	*rand.Rand
	*stage
	who string // at the moment
}

// play plays a line, as a transcript would.
func (x *explorer) play(told *bytes.Buffer, line string) {
	fmt.Fprintln(told, line)
	line, x.held = strings.CutPrefix(line, "& ")
	x.line(line)
	if !x.held {
		x.drain()
	}
	x.news = nil
}

// next thinks of the next line.
func (x *explorer) next() string {
	line := x.think()
	if x.IntN(8) == 0 {
		return "& " + line
	}
	return line
}

func (x *explorer) think() string {
	if x.IntN(3) == 0 {
		x.who = pick(x, []string{"Ana", "Ana", "Ana", "Lumen", "Lumen", "Lumen", "Mira", "Mira", "Phone", "Nobody"})
	}
	who := x.who
	switch n := x.IntN(100); {
	case n < 50:
		return who + ": " + x.answer(who)
	case n < 72:
		if label := x.button(who, false); label != "" {
			return who + ": [" + label + "]"
		}
		return who + ": " + x.words()
	case n < 74:
		if label := x.button(who, true); label != "" {
			return who + ": [[" + label + "]]"
		}
		return who + ": [!forged]"
	case n < 84:
		return who + ": " + x.words()
	case n < 87:
		if x.hasCards(who) {
			return who + ": > " + x.words()
		}
		return "clock: next"
	case n < 89:
		return "invite: " + pick(x, []string{"Ana", "Ben", "Lumen"})
	case n < 93:
		return "clock: " + pick(x, []string{"next", "+1h", "+1h", "+13h", "+3d"})
	}
	return x.shopAct()
}

// answer is what fits the last question in somebody's room.
func (x *explorer) answer(who string) string {
	bubbles := x.bubbles[roomOf(who)]
	if len(bubbles) == 0 {
		return "hello"
	}
	last := bubbles[len(bubbles)-1].reply
	var labels []string
	for _, c := range last.Choices {
		if c.Label != "Back" {
			labels = append(labels, "["+transcript.Still(c.Label)+"]")
		}
	}
	switch {
	case strings.Contains(last.Text, "How much"):
		return pick(x, []string{"5", "300", "12.34", "20"})
	case strings.Contains(last.Text, "tracking code"):
		return "LP00123456789"
	case len(labels) > 0:
		return pick(x, labels)
	}
	return "It is packed."
}

func (x *explorer) words() string {
	return pick(x, []string{
		"{lamp.jpg} broken", "{said.ogg}", "back", "/settings", "how it works", "@sticker", "@edited 5", "@link", "22-7",
		"Lisbon", "help", "a person", "my orders", "my requests", "start again", "hello", "5", "12.34", "1000", "0", "300",
		"LP00123456789", "It is packed.", "x*700", "x*5000", "\\u202e " + mischief, "cancel an order", "thanks", "2",
		"cancel " + x.order(), "cancel " + x.order(), "cancel " + x.order(), x.order(),
	})
}

func (x *explorer) order() string { return pick(x, x.orders) }

func (x *explorer) shopAct() string {
	if x.down {
		return "shop: up"
	}
	if x.IntN(4) == 0 {
		return "shop: down"
	}
	order := x.order()
	o, err := x.engine.Order(x.t.Context(), order)
	x.must(err)
	for _, p := range o.Book {
		if p.Do == "pay_refund" && p.State == "pending" {
			return "shop: " + pick(x, []string{
				"settle " + order, "settle " + order, "fail " + order + " closed", "returns " + order + " 2",
			})
		}
	}
	return "shop: " + pick(x, []string{
		"ship " + order + " LP00123456", "cancel " + order, "confirm " + order, "freeze " + order, "deliver " + order,
		"returns " + order + " 2",
	})
}

// button picks one that somebody sees, or ever saw.
func (x *explorer) button(who string, ever bool) string {
	var labels []string
	for _, b := range x.bubbles[roomOf(who)] {
		buttons := b.reply.Choices
		if ever {
			buttons = b.tokens
		}
		for _, c := range buttons {
			labels = append(labels, transcript.Still(c.Label))
		}
	}
	if len(labels) == 0 {
		return ""
	}
	return pick(x, labels)
}

func (x *explorer) hasCards(who string) bool {
	for _, b := range x.bubbles[roomOf(who)] {
		if b.reply.Quote != "" || b.reply.From.Kind() != "talk" {
			return true
		}
	}
	return false
}

// reachesPerson checks that a buyer who asks for a person, whatever is going on, is noticed by support. One who has
// disconnected the chat is a stranger, and connects it first.
func (x *explorer) reachesPerson(told *bytes.Buffer) {
	x.t.Helper()
	if p, _ := x.store.PersonAt(x.t.Context(), "stage:ana"); p.ID == "" {
		for _, line := range []string{"invite: Ana", "Ana: @link", "Ana: [Yes, that's me]"} {
			x.play(told, line)
		}
	}
	before := len(x.bubbles[roomOf("Mira")])
	x.play(told, "Ana: a person")
	if len(x.bubbles[roomOf("Mira")]) == before {
		x.t.Error("nobody hears a buyer who asks for a person")
	}
}

func pick[T any](x *explorer, from []T) T { return from[x.IntN(len(from))] }
