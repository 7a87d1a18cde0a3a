package flows

import (
	"os"
	"strings"
	"testing"

	"nevermind/flows/understand"
)

// TestSellersAnswers: what sellers type to a request is heard as the answer that it is, in every language:
// testdata/answers.txt has
// a language, an answer ("-" for none) and the words on each line.
func TestSellersAnswers(t *testing.T) {
	text, err := os.ReadFile("testdata/answers.txt")
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
		if got := answerSaid(understand.Digits(part[2]), part[0]); string(got) != strings.TrimPrefix(part[1], "-") {
			t.Errorf("%s: %q is heard as %q, want %q", part[0], part[2], got, part[1])
		}
	}
	if lines < 100 {
		t.Errorf("%d lines, want a hundred", lines)
	}
}
