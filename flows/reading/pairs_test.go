package reading

import (
	"os"
	"strings"
	"testing"
)

// TestTenPairs holds the table of docs/voice.md to its word: what is read now somebody reads in a transcript, and what was read
// before nobody does.
func TestTenPairs(t *testing.T) {
	page, err := os.ReadFile("../../docs/voice.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(page), "## Ten pairs")
	table, _, _ = strings.Cut(table, "\n## ")
	all := ""
	eachTranscript(t, func(_, text string) { all += text })
	pairs := 0
	for _, line := range strings.Split(table, "\n") {
		cells := strings.Split(line, "|")
		if len(cells) != 4 || strings.HasPrefix(line, "|---") || strings.TrimSpace(cells[1]) == "before" {
			continue
		}
		pairs++
		if before := strings.TrimSpace(cells[1]); strings.Contains(all, before) {
			t.Errorf("%q is still read", before)
		}
		if now := strings.TrimSpace(cells[2]); !strings.Contains(all, now) {
			t.Errorf("nobody reads %q", now)
		}
	}
	if pairs != 10 {
		t.Errorf("%d pairs, want ten", pairs)
	}
}
