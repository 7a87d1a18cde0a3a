package flows

import (
	"fmt"
	"testing"

	"nevermind/flows/policies"
)

// TestQ1Q2Q3Q4Q5Q6Q7Q8Q9Q10Q11Q12Q13Q14 holds that each open question is asked, that the pack says of each what at least
// two sources say of it, with who and when, and that it is said what counts here.
func TestQ1Q2Q3Q4Q5Q6Q7Q8Q9Q10Q11Q12Q13Q14(t *testing.T) {
	pack, err := policies.Default()
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]int{}
	for _, c := range pack.Policy.Claims {
		said[c.Question]++
		if len(c.Source) == 0 || c.Seen == "" {
			t.Errorf("%s, %q: source %v, seen %q", c.Question, c.Says, c.Source, c.Seen)
		}
	}
	asked := map[string]bool{}
	for _, q := range questions {
		asked[q.id] = q.label != "" && q.acts != ""
	}
	for n := range 14 {
		id := fmt.Sprintf("Q%d", n+1)
		if !asked[id] || said[id] < 2 {
			t.Errorf("%s: asked %v, with %d claims", id, asked[id], said[id])
		}
	}
}
