package understand

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// TestReasonsInOwnWords holds how many reasons are heard that nobody has put into the phrases.
func TestReasonsInOwnWords(t *testing.T) {
	text, err := os.ReadFile("testdata/reasons.txt")
	if err != nil {
		t.Fatal(err)
	}
	heard, all := 0, 0
	for line := range strings.Lines(string(text)) {
		reason, words, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok {
			continue
		}
		all++
		if found := ReasonsIn(words, "", true); slices.Contains(found[:min(1, len(found))], reason) {
			heard++
		} else {
			t.Logf("%s: %q is heard as %v", reason, words, found)
		}
	}
	if 100*heard < 85*all {
		t.Errorf("%d of %d reasons are heard, want 85 in 100", heard, all)
	}
}
