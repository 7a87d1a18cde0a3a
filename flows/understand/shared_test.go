package understand

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"sort"
	"strings"
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
}

func newTally() *tally {
	return &tally{hit: map[string]int{}, said: map[string]int{}, want: map[string]int{}}
}

func (c *tally) count(l sharedLine, v *Verdict) (good bool) {
	got := plainIntent(v.Act)
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
		return right
	}
	c.in++
	reached := right
	for _, a := range v.Ask {
		n := plainIntent(a)
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
	return right
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
	p := func(a, b int) float64 { return 100 * float64(a) / float64(max(b, 1)) }
	return fmt.Sprintf("f1 %.3f right %.1f reached %.1f wrong %.1f | false accept %.1f asked %.1f | harmful/1000 %.1f (%d of %d)",
		c.f1(), p(c.right, c.in), p(c.reached, c.in), p(c.wrong, c.in), p(c.accepted, c.out), p(c.asked, c.out), 10*p(c.harm, c.all), c.harm, c.all)
}

func TestShared(t *testing.T) {
	by := map[string]*tally{}
	get := func(k string) *tally {
		if by[k] == nil {
			by[k] = newTally()
		}
		return by[k]
	}
	var bad []string
	for _, l := range sharedLines(t) {
		v := Decide(l.Text, "")
		if k := os.Getenv("TRACE"); k != "" && strings.Contains(l.Text, k) {
			fmt.Println(l.Text, v)
		}
		ok := get("all").count(l, v)
		get("lang "+l.Lang).count(l, v)
		get("source "+l.Source).count(l, v)
		if !ok {
			bad = append(bad, fmt.Sprintf("%s\t%s\twant %s\tgot %s\task %v\t%.2f %s %.2f\t%s", l.Lang, l.Source, l.Intent, v.Act, v.Ask, v.Rank[0].Share, v.Rank[0].Intent, v.Rank[1].Share, l.Text))
		}
	}
	var keys []string
	for k := range by {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, k := range keys {
		fmt.Printf("%-28s %s\n", k, by[k])
	}
	if out := os.Getenv("BAD"); out != "" {
		os.WriteFile(out, []byte(strings.Join(bad, "\n")), 0o644)
	}
}

func TestTwins(t *testing.T) {
	all, err := ReadPhrases(os.DirFS("phrases"))
	if err != nil {
		t.Fatal(err)
	}
	n, harm := map[string]int{}, map[string]int{}
	for _, p := range all {
		if p.Held {
			n[p.Language]++
			if v := Decide(p.Text, p.Language); v.Act == p.Intent {
				harm[p.Language]++
				fmt.Println("  TWIN", p.Language, p.Intent, p.Text)
			}
		}
	}
	fmt.Println("held", n, "heard", harm)
}

func BenchmarkDecide(b *testing.B) {
	lines := sharedLines(b)
	b.ResetTimer()
	for i := range b.N {
		Decide(lines[i%len(lines)].Text, "")
	}
}
