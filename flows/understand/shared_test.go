package understand

import (
	"bufio"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"testing"
)

type sharedLine struct {
	Text, Intent, Lang, Source string
	Alt                        []string
}

func sharedLines(t testing.TB) (all []sharedLine) {
	f, err := os.Open("../../../shared/nlu/nlu_public.jsonl")
	if err != nil {
		t.Skip("the shared messages are not here")
	}
	defer f.Close()
	s := bufio.NewScanner(f)
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		var l sharedLine
		if err := json.Unmarshal(s.Bytes(), &l); err != nil {
			t.Fatal(err)
		}
		all = append(all, l)
	}
	return all
}

// plainIntent is the name by which the shared messages know an intent.
func plainIntent(i Intent) string {
	switch i {
	case "", ChangeOrder, TakeItBack:
		return "out_of_scope"
	case Late:
		return "order_status"
	case Escalate:
		return "human_agent"
	}
	return string(i)
}

var harmful = []string{"cancel_order", "delete_my_data", "open_dispute"}

type tally struct {
	in, right, reached, wrong, out, accepted, asked, harm, all int
	hit, said, want                                            map[string]int
	name                                                       func(Intent) string
}

func newTally(name func(Intent) string) *tally {
	return &tally{hit: map[string]int{}, said: map[string]int{}, want: map[string]int{}, name: name}
}

func (c *tally) count(l sharedLine, v *Verdict) {
	got := c.name(v.Act)
	right := got == l.Intent || slices.Contains(l.Alt, got)
	c.all++
	if right {
		c.hit[l.Intent]++
		c.said[l.Intent]++
	} else {
		c.said[got]++
	}
	c.want[l.Intent]++
	if !right && slices.Contains(harmful, got) {
		c.harm++
	}
	if l.Intent == "out_of_scope" {
		c.out++
		if !right {
			c.accepted++
		}
		if len(v.Ask) > 0 {
			c.asked++
		}
		return
	}
	c.in++
	reached := right
	for _, a := range v.Ask {
		n := c.name(a)
		reached = reached || n == l.Intent || slices.Contains(l.Alt, n)
	}
	if right {
		c.right++
	}
	if reached {
		c.reached++
	}
	if !right && got != "out_of_scope" {
		c.wrong++
	}
}

func (c *tally) f1() float64 {
	sum := 0.0
	for k, w := range c.want {
		if c.said[k]+w > 0 {
			sum += 2 * float64(c.hit[k]) / float64(c.said[k]+w)
		}
	}
	return sum / float64(len(c.want))
}

func (c *tally) String() string {
	return fmt.Sprintf("f1 %.3f, right %.1f, reached %.1f, wrong %.1f, accepted %.1f, asked %.1f, harmful %.1f (%d of %d)",
		c.f1(), percent(c.right, c.in), percent(c.reached, c.in), percent(c.wrong, c.in), percent(c.accepted, c.out),
		percent(c.asked, c.out), 10*percent(c.harm, c.all), c.harm, c.all)
}

// floors are figures that were reached once, a little lowered: of each language macro-F1, right and reached with one question
// in hundredths of what is in scope, accepted in hundredths of what is not, and harmful in a thousand. docs/language.md has all.
var floors = map[string]struct{ f1, right, reached, accepted, harmful float64 }{
	"all": {.92, 90, 94, 2.5, 1.5},
	"en":  {.88, 90, 94.5, 2.5, 1.5},
	"ar":  {.88, 72, 93, 2.5, 0.1},
	"de":  {.94, 90, 92, 2, 0.1},
	"es":  {.95, 93, 95, 4, 0.1},
	"fr":  {.95, 94, 96, 2, 0.1},
	"pt":  {.97, 96, 97, 2, 0.1},
	"ru":  {.96, 95, 97, 2, 0.1},
	"zh":  {.93, 91, 93, 2, 0.1},
}

// TestSharedMessages scores the messages that people really typed, by language and source, and holds the figures that were
// reached. None of these messages is learned.
func TestSharedMessages(t *testing.T) {
	by := map[string]*tally{}
	for _, l := range sharedLines(t) {
		v := Decide(l.Text, "")
		for _, of := range []string{"all", l.Lang, "source " + l.Source} {
			if by[of] == nil {
				by[of] = newTally(plainIntent)
			}
			by[of].count(l, v)
		}
	}
	for _, of := range slices.Sorted(maps.Keys(by)) {
		t.Logf("%-26s %s", of, by[of])
		if floor, ok := floors[of]; ok {
			by[of].hold(t, of, floor.f1, floor.right, floor.reached, floor.accepted, floor.harmful)
		}
	}
}

func (c *tally) hold(t *testing.T, of string, f1, right, reached, accepted, harmful float64) {
	t.Helper()
	if c.f1() < f1 || percent(c.right, c.in) < right || percent(c.reached, c.in) < reached ||
		percent(c.accepted, c.out) > accepted || 10*percent(c.harm, c.all) > harmful {
		t.Errorf("%s has fallen: %s; want %.2f, %.0f, %.0f, at most %.1f and %.1f", of, c, f1, right, reached, accepted, harmful)
	}
}

func percent(a, b int) float64 { return 100 * float64(a) / float64(max(b, 1)) }

// TestAgainst holds that nothing is begun by lines written against it, nor by the twins kept from training.
func TestAgainst(t *testing.T) {
	lines, err := ReadPhrases(os.DirFS("testdata/against"))
	if err != nil {
		t.Fatal(err)
	}
	kept, err := ReadPhrases(os.DirFS("phrases"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range lines {
		lines[i].Held = false
	}
	lines = append(lines, slices.DeleteFunc(kept, func(p Phrase) bool { return !p.Held })...)
	all, bad := map[string]int{}, map[string]int{}
	for _, p := range lines {
		all[p.Language]++
		v := Decide(p.Text, p.Language)
		if slices.Contains(harmful, string(v.Act)) && (!p.Held || v.Act == p.Intent) {
			bad[p.Language]++
			t.Logf("%s: %q is heard as %s", p.Language, p.Text, v.Act)
		}
	}
	t.Logf("lines: %v, heard wrongly: %v", all, bad)
	for language, n := range all {
		if n < 500 || 1000*bad[language] > 4*n {
			t.Errorf("%s: %d of %d lines begin something", language, bad[language], n)
		}
	}
}

func BenchmarkDecide(b *testing.B) {
	lines := sharedLines(b)
	b.ResetTimer()
	for i := range b.N {
		Decide(lines[i%len(lines)].Text, "")
	}
}
