package understand

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestProbe(t *testing.T) {
	text, _ := os.ReadFile("testdata/reasons.txt")
	for _, w := range strings.Split(os.Getenv("PROBE"), "|") {
		m := read(w, "")
		s := reasonScores(features(m.words, m.question))
		v := Decide(w, "")
		fmt.Println(w, "=>", v.Act, v.Ask, v.Denied, v.Rank[:3])
		for i := range s {
			fmt.Printf(" %s=%.1f", Reasons[i], float64(s[i])/unit)
		}
		fmt.Println()
		for _, x := range m.words {
			fmt.Print(x.text, ":", x.flags)
			for n, c := range conceptNames {
				if x.means.has(concept(n)) {
					fmt.Print(",", c)
				}
			}
			fmt.Print("  ")
		}
		fmt.Println()
	}
	for _, h := range []float64{0, 0.5, 1, 1.5, 2, 2.5, 3, 4, 5} {
		heard, all := 0, 0
		for line := range strings.Lines(string(text)) {
			reason, words, ok := strings.Cut(strings.TrimSpace(line), "\t")
			if !ok {
				continue
			}
			all++
			m := read(words, "")
			s := reasonScores(features(m.words, m.question))
			s[0] -= int64(h * unit)
			shares(s)
			b := 0
			for i := range s {
				if s[i] > s[b] {
					b = i
				}
			}
			if Reasons[b] == reason {
				heard++
			}
		}
		by := map[string][2]int{}
		for _, l := range sharedLines(t) {
			m := read(l.Text, "")
			if len(m.words) == 0 {
				continue
			}
			s := reasonScores(features(m.words, m.question))
			s[0] -= int64(h * unit)
			shares(s)
			b := 0
			for i := range s {
				if s[i] > s[b] {
					b = i
				}
			}
			x := by[l.Intent]
			x[1]++
			if b != 0 && float64(s[b])/unit > .35 {
				x[0]++
			}
			by[l.Intent] = x
		}
		fmt.Println(h, heard, all, by)
	}
}
