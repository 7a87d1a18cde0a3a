package policies

import (
	"strings"
	"testing"
)

// TestDeepNestingIsRefused: a file that is nested as deeply as its size allows is refused; one that takes for ever is caught by
// the time limit of all tests.
func TestDeepNestingIsRefused(t *testing.T) {
	for _, piece := range []string{"[", "{a: ", "- ", "&a ", "!!a ", "[a: ", "a:\n"} {
		file := strings.Repeat(piece, maxFile/4/len(piece))
		if _, err := Load(Builtin(), []byte(file)); err == nil {
			t.Errorf("%q: want a fault", piece)
		}
	}
}
