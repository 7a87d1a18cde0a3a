package flows_test

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"nevermind/bot"
	"nevermind/flows/transcript"
)

// How many random stories are played for the properties: in the drill, and else. NEVERMIND_DRILLS=1 runs the drill.
const (
	manyProperties = 2000
	fewProperties  = 40
)

// TestPropertiesHold plays random stories with all flows and parties, in currencies of 0, 2 and 3 decimals, and looks after
// each line: no money is negative or more than was paid, over all refunds of an order, and the book adds up to the last
// minor unit; a verdict never changes once it stands, in the journal, by a replay, and after a restart.
func TestPropertiesHold(t *testing.T) {
	t.Parallel()
	stories := uint64(fewProperties)
	if os.Getenv("NEVERMIND_DRILLS") == "1" {
		stories = manyProperties
	}
	all, seed := counted{}, uint64(1)
	for ; seed <= stories; seed++ {
		if !t.Run(fmt.Sprint(seed), func(t *testing.T) { all.add(properties(t, seed)) }) {
			break
		}
	}
	t.Logf("%d stories: %d refunds in %d currencies, %d verdicts", seed-1, all.refunds, len(all.currencies), all.verdicts)
}

// countEvent is what stories had in them.
type counted struct {
	refunds, verdicts int
	currencies        map[string]bool
}

func (c *counted) add(more counted) {
	c.refunds, c.verdicts = c.refunds+more.refunds, c.verdicts+more.verdicts
	if c.currencies == nil {
		c.currencies = map[string]bool{}
	}
	maps.Copy(c.currencies, more.currencies)
}

// disputed is how a story comes to a verdict: both sides have said what they want, and support has the word.
func disputed(order, all string) []string {
	return append(claims(order, "It's damaged", "Keep it and get all the money back"), "Lumen: [Agree: "+all+" back]",
		"Lumen: [No, go back]",
		"Lumen: [Say no]", "Lumen: It left here whole.", "Ana: [Let support decide]")
}

// sellerRejected is the same for a request to cancel.
func rejected(order string) []string {
	return append(asks(order), "Lumen: [Say no]", "Lumen: It is packed.", "Ana: [Let support decide]")
}

// decided are a verdict's lines.
func decided(button string, lines ...string) []string {
	all := []string{"Mira: [" + button + "]"}
	for _, l := range append(lines, "The photos show it.", "[Yes, decide this]") {
		all = append(all, "Mira: "+l)
	}
	return append(all, "clock: +11s")
}

// tried are the orders of these stories, and how each is begun with.
var tried = []struct {
	order string
	lines []string
}{
	{"82000001 processing items=Lamp=20,Kettle=30.01,Cup=0.99 coupon=NOV5", rejected("82000001")},
	{"82000002 processing yen", append(rejected("82000002"), append(decided("Partial refund", "777", "[It goes on]"),
		"shop: fail 82000002 closed", "Mira: [Start the refund again]", "shop: settle 82000002")...)},
	{"82000003 processing dinar items=Vase=7.125,Dish=0.333,Pan=0.042", rejected("82000003")},
	{
		"82000004 delivered dinar placed=288h sent=240h came=24h items=Rug=3.334",
		append(disputed("82000004", "5.834 KWD"), decided("Partial refund", "1000", "1.001")...),
	},
	{"82000005 delivered yen placed=288h sent=240h came=24h", append(disputed("82000005", "2490 JPY"), decided("Refuse")...)},
	{"82000006 delivered placed=288h sent=240h came=24h country=ES", disputed("82000006", "24.90 USD")},
	{
		"82000007 shipped placed=500h sent=480h due=-24h",
		append(claims("82000007", "It hasn't come", ""), "Lumen: [Say no]", "Lumen: The carrier has it.", "Ana: [Let support decide]",
			"Mira: [Full refund]", "Mira: It never came.", "Mira: [Yes, decide this]", "clock: +11s"),
	},
	{"82000008 processing country=DE yen", asks("82000008")},
	{
		"82000009 delivered dinar placed=288h sent=240h came=24h items=Desk=90 method=wallet",
		claims("82000009", "It isn't as described", "Send it back and get all the money"),
	},
}

// properties plays one story.
func properties(t *testing.T, seed uint64) (seen counted) {
	random := rand.New(rand.NewPCG(seed, 11))
	x := &explorer{random, newStage(t, append(ruled, "second_person_above: \"10.00 USD\"")[random.IntN(len(ruled)+1)]), "Mira"}
	var told bytes.Buffer
	defer func() {
		if t.Failed() {
			t.Logf("seed %d:\n%s", seed, told.String())
		}
	}()
	stands := map[bot.Key]string{}
	line := func(l string) bool {
		if !x.playable(l) {
			return true // the policy or what came before has led elsewhere
		}
		x.play(&told, l)
		x.amounts()
		x.verdicts(stands)
		return !t.Failed()
	}
	line("invite: Ana")
	for _, i := range random.Perm(len(tried))[:3] {
		for _, l := range append([]string{"order: " + tried[i].order}, tried[i].lines...) {
			if !line(l) {
				return seen
			}
		}
	}
	for range 30 {
		if !line(x.next()) {
			return seen
		}
	}
	line("shop: up")
	x.reload()
	line("clock: +11m")
	for _, key := range x.records() {
		x.replays(key, true)
	}
	return x.count(stands)
}

// playable says whether somebody has the button that a prepared line presses, or the shop a refund to end.
func (x *explorer) playable(l string) bool {
	if words := strings.Fields(l); words[0] == "shop:" && (words[1] == "settle" || words[1] == "fail") {
		o, err := x.engine.Order(x.t.Context(), words[2])
		x.must(err)
		return slices.ContainsFunc(o.Book, func(p bot.Posting) bool { return p.Do == "pay_refund" && p.State == "pending" })
	}
	who, label, press := strings.Cut(strings.TrimSuffix(l, "]"), ": [")
	if !press || strings.HasPrefix(label, "[") || strings.HasPrefix(label, "!") {
		return true
	}
	return slices.ContainsFunc(x.bubbles[roomOf(who)], func(b *bubble) bool {
		return slices.ContainsFunc(pressable(&b.reply), func(c bot.Button) bool {
			return c.Label == label || transcript.Still(c.Label) == label
		})
	})
}

// amounts checks every amount of money that there is: in the orders' books, and in what the records say.
func (x *explorer) amounts() {
	x.t.Helper()
	for _, id := range x.orders {
		o, err := x.engine.Order(x.t.Context(), id)
		x.must(err)
		out := int64(0)
		for _, p := range o.Book {
			if p.Do != "pay_refund" {
				continue
			}
			if p.State == "failed" {
				continue
			}
			if p.Amount.Minor <= 0 || p.Amount.Currency != o.Total.Currency {
				x.t.Errorf("order %s: %s is sent back", id, p.Amount)
			}
			if p.State != "bounced" {
				out += p.Amount.Minor
			}
		}
		left := o.Refundable()
		switch {
		case left.Minor < 0 || left.Currency != o.Total.Currency:
			x.t.Errorf("order %s: %s can still go back", id, left)
		case out > o.Total.Minor:
			x.t.Errorf("order %s: %d goes out of %s paid", id, out, o.Total)
		case out+o.Refunded.Minor > o.Total.Minor && left.IsZero(): // the shop has paid by itself beside what it was asked for
		case len(o.Adjustments) > 0: // a chargeback holds what is left, and takes it
		case o.WasPaid() && out+o.Refunded.Minor+left.Minor != o.Total.Minor:
			x.t.Errorf("order %s: %d out, %s by the shop itself and %s left are not the %s paid", id, out, o.Refunded, left, o.Total)
		}
	}
	for _, key := range x.records() {
		c, err := x.store.Conversation(x.t.Context(), key)
		x.must(err)
		if c.Order == "" {
			continue
		}
		o, err := x.engine.Order(x.t.Context(), c.Order)
		x.must(err)
		for name, value := range c.Facts {
			if name == "linked_amount" { // another order's
				continue
			}
			if m, err := bot.ReadMoney(value); err == nil && (m.Minor < 0 || m.Currency != o.Total.Currency || o.Total.Less(m)) {
				x.t.Errorf("%s: %s is %s of %s paid", key, name, value, o.Total)
			}
		}
	}
}

// verdictFacts is what support has decided, of all that a record says.
func verdictOf(facts bot.Facts) string {
	var said []string
	for _, name := range []string{"verdict", "ruling", "grounds", "ruled_amount"} {
		said = append(said, facts[name])
	}
	return strings.Join(said, "|")
}

// verdicts checks that what support has decided is as it was when it went out. Only an appeal, once, opens it again.
func (x *explorer) verdicts(stands map[bot.Key]string) {
	x.t.Helper()
	for i := range x.journal {
		e := &x.journal[i]
		if e.Refused != "" || e.Event.Name != "decision_stood" && e.Event.Name != "appealed" {
			continue
		}
		if _, known := stands[e.Conversation]; e.Event.Name == "decision_stood" && !known {
			c, err := x.store.Conversation(x.t.Context(), e.Conversation)
			x.must(err)
			stands[e.Conversation] = verdictOf(c.Facts)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(stands)) {
		c, err := x.store.Conversation(x.t.Context(), key)
		x.must(err)
		switch got := verdictOf(c.Facts); {
		case got == stands[key] || x.appealed(key):
		default:
			x.t.Errorf("%s: the verdict was %s, and is %s now", key, stands[key], got)
		}
		if n := x.times(key, "decision_stood"); n > 1+x.times(key, "appealed") || x.times(key, "appealed") > 1 {
			x.t.Errorf("%s: %d decisions stood, with %d appeals", key, n, x.times(key, "appealed"))
		}
	}
}

func (x *explorer) appealed(key bot.Key) bool { return x.times(key, "appealed") > 0 }

// times is how often an event moved a record.
func (x *explorer) times(key bot.Key, event string) (n int) {
	for i := range x.journal {
		if e := &x.journal[i]; e.Conversation == key && e.Event.Name == event && e.Refused == "" {
			n++
		}
	}
	return n
}

// count says what a story had in it.
func (x *explorer) count(stands map[bot.Key]string) counted {
	c := counted{verdicts: len(stands), currencies: map[string]bool{}}
	for _, id := range x.orders {
		o, err := x.engine.Order(x.t.Context(), id)
		x.must(err)
		for _, p := range o.Book {
			if p.Do == "pay_refund" {
				c.refunds++
				c.currencies[p.Amount.Currency] = true
			}
		}
	}
	return c
}
