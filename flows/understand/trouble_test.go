package understand

import (
	"os"
	"strings"
	"testing"
)

// TestTroubleIn: what people say is wrong in their first words is heard as that, in every language, and as a complaint or as
// something that is sought; what is denied, supposed, quoted or somebody else's begins no complaint.
func TestTroubleIn(t *testing.T) {
	text, err := os.ReadFile("testdata/trouble.txt")
	if err != nil {
		t.Fatal(err)
	}
	lines := 0
	for line := range strings.Lines(string(text)) {
		part := strings.Split(strings.TrimSpace(line), "\t")
		if strings.HasPrefix(line, "#") || len(part) != 3 {
			continue
		}
		lines++
		act, kind := Decide(part[2], part[0]).Act, TroubleIn(part[2], part[0])
		switch {
		case part[1] == "-" && act == OpenDispute:
			t.Errorf("%s: %q begins a complaint, about %q", part[0], part[2], kind)
		case part[1] != "-" && string(kind) != part[1]:
			t.Errorf("%s: %q is heard as %q, want %q", part[0], part[2], kind, part[1])
		}
	}
	if lines < 100 {
		t.Errorf("%d lines, want a hundred", lines)
	}
}
