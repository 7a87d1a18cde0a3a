package reading

import (
	"math"
	"slices"
	"testing"
)

func TestEase(t *testing.T) {
	for _, c := range []struct {
		text string
		want float64
	}{
		{"The cat sat on the mat.", 116.1},
		{"You can cancel this order now. Nothing is sent yet.", 91.8},
		{"", 100},
	} {
		if got := Ease(c.text); math.Abs(got-c.want) > 0.1 {
			t.Errorf("%q reads at %.1f, want %.1f", c.text, got, c.want)
		}
	}
}

func TestSentences(t *testing.T) {
	got := Sentences("It costs 22.50 USD. “Why?” Ana asks.\n• Lamp\n\nSee nevermind.example now!")
	want := []string{"It costs 22.50 USD.", "“Why?”", "Ana asks.", "• Lamp", "See nevermind.example now!"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestSyllables holds the rules of thumb against words that the product says often.
func TestSyllables(t *testing.T) {
	for n, words := range [][]string{
		1: {"the", "house", "goes", "used", "shipped", "lose", "leaves", "can't", "yours", "moved", "fee"},
		2: {"order", "agreed", "minutes", "buyer", "quiet", "being", "cancelled", "settled", "careful", "statement", "something",
			"didn't", "closes", "business", "people", "table", "Wednesday", "wanted", "deadline", "agree", "player"},
		3: {"video", "carrier", "usual", "idea", "earlier", "decided", "nobody", "decision", "evidence", "cancelling", "delivered"},
		4: {"usually", "delivery", "everybody", "reasonable"},
		6: {"automatically"},
	} {
		for _, w := range words {
			if got := Syllables(w); got != n {
				t.Errorf("%s has %d syllables, want %d", w, got, n)
			}
		}
	}
}
