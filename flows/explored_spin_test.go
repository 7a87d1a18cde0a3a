package flows_test

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestExploredSpin hands the places that TestExplored has found, and the moves between them, to the model checker spin, as a
// second opinion: it comes to as many places by as many ways, and finds as many from which nobody has to move until an end.
// NEVERMIND_SPIN is where the Promela models are left.
func TestExploredSpin(t *testing.T) {
	whole := onlyWhole(t)
	for _, tool := range []string{"spin", "cc"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip("needs spin (Debian: apt-get install spin) and a C compiler: ", err)
		}
	}
	t.Parallel()
	for _, b := range beginnings {
		t.Run(b.name, func(t *testing.T) {
			s := newSearch(t, b)
			if s.most = explores(); !whole {
				s.most = 40 // TestExplored goes further
			}
			all := s.run()
			states, ways := spin(t, s.promela(false), b.name+"-moves", "-DSAFETY", "-E")
			// Besides them it counts the state before the beginning, the way to the beginning, and the start.
			if states != len(s.worlds)+1 || ways != len(s.edges)+2 {
				t.Errorf("spin finds %d states by %d ways, want %d by %d", states, ways, len(s.worlds)+1, len(s.edges)+2)
			}
			if all { // else what was not looked at seems to lead nowhere
				spin(t, s.promela(true), b.name+"-silence", "-DNP", "-l")
			}
			t.Logf("%d places, %d ways; all of them: %v", len(s.worlds), len(s.edges), all)
		})
	}
}

// promela writes the places and ways as a Promela model: all ways; or, to see whether an end is reached when nobody moves, those
// of clock and shop alone, beginning anywhere, where spin must find no circle and nothing that leads nowhere. The state -1 is
// before the beginning.
func (s *search) promela(silence bool) string {
	var b strings.Builder
	b.WriteString("int at = -1;\nactive proctype house() {\n")
	first := []int{0}
	if silence {
		first = first[:0]
		for n := range s.worlds {
			first = append(first, n)
		}
	}
	b.WriteString("do\n")
	for _, n := range first {
		fmt.Fprintf(&b, ":: d_step { at == -1 -> at = %d }\n", n)
	}
	ways := slices.SortedFunc(maps.Keys(s.edges), func(a, b edge) int { return cmp.Or(a.from-b.from, a.to-b.to) })
	for _, e := range ways {
		if !silence || s.edges[e] && !s.over[e.from] {
			fmt.Fprintf(&b, ":: d_step { at == %d -> at = %d }\n", e.from, e.to)
		}
	}
	for n, over := range s.over {
		if silence && over {
			fmt.Fprintf(&b, ":: at == %d -> break\n", n)
		}
	}
	b.WriteString("od\n}\n")
	return b.String()
}

var (
	statesStored = regexp.MustCompile(`(?m)^\s*(\d+) states, stored`)
	transitions  = regexp.MustCompile(`(?m)^\s*(\d+) transitions`)
	errorsFound  = regexp.MustCompile(`errors: (\d+)`)
)

// spin checks a model for faults of a kind and says how many states it stored, and by how many transitions.
func spin(t *testing.T, model, name, how, check string) (states, ways int) {
	dir := t.TempDir()
	if kept := os.Getenv("NEVERMIND_SPIN"); kept != "" {
		dir = filepath.Join(kept, name)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "model.pml"), []byte(model), 0o644); err != nil {
		t.Fatal(err)
	}
	var out []byte
	for _, command := range [][]string{
		{"spin", "-a", "model.pml"}, {"cc", "-O0", how, "-o", "pan", "pan.c"}, {"./pan", "-m1000000", "-w20", check},
	} {
		cmd := exec.CommandContext(t.Context(), command[0], command[1:]...)
		cmd.Dir = dir
		var err error
		if out, err = cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", command, err, out)
		}
	}
	if found := errorsFound.FindSubmatch(out); found == nil || string(found[1]) != "0" {
		t.Errorf("spin finds fault:\n%s", out)
	}
	fmt.Sscan(string(statesStored.FindSubmatch(out)[1]), &states)
	fmt.Sscan(string(transitions.FindSubmatch(out)[1]), &ways)
	return states, ways
}
