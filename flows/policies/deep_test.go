package policies

import (
	"strings"
	"testing"
	"time"
)

func TestDeepNestingIsRefusedInTime(t *testing.T) {
	for _, piece := range []string{"[", "{a: ", "- ", "&a ", "!!a ", "[a: ", "a:\n"} {
		file := strings.Repeat(piece, maxFile/4/len(piece))
		began := time.Now()
		if _, err := Load(Builtin(), []byte(file)); err == nil {
			t.Errorf("%q: want a fault", piece)
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("%q: took %v", piece, took)
		}
	}
}
