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
// second opinion: it comes to as many places by as many ways, and finds no circle and no dead end where nobody moves.
// NEVERMIND_SPIN is where the models are left.
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
			s.secondOpinion(t, b.name, all)
			t.Logf("%d places, %d ways; all of them: %v", len(s.worlds), len(s.edges), all)
		})
	}
}

// secondOpinion has spin check what was found; where not all was, places that were not looked at seem to lead nowhere.
func (s *search) secondOpinion(t *testing.T, name string, all bool) {
	moves := model{leads: make([][]int, len(s.worlds)), over: make([]bool, len(s.worlds))}
	silence := model{leads: make([][]int, 2*len(s.worlds)), over: s.over, first: len(s.worlds)}
	for n := range s.worlds { // silence may begin anywhere: in the first place, or in one behind it
		silence.leads[silence.first+n] = []int{n}
		if n+1 < len(s.worlds) {
			silence.leads[silence.first+n] = []int{n, silence.first + n + 1}
		}
	}
	for _, e := range slices.SortedFunc(maps.Keys(s.edges), func(a, b edge) int { return cmp.Or(a.from-b.from, a.to-b.to) }) {
		moves.leads[e.from] = append(moves.leads[e.from], e.to)
		if s.edges[e] && !s.over[e.from] && e.from != e.to {
			silence.leads[e.from] = append(silence.leads[e.from], e.to)
		}
	}
	states, ways := spin(t, &moves, name+"-moves", "-DSAFETY", "-E")
	// Besides them it counts the state before the beginning, the way to the beginning, and the start.
	if states != len(s.worlds)+1 || ways != len(s.edges)+2 {
		t.Errorf("spin finds %d states by %d ways, want %d by %d", states, ways, len(s.worlds)+1, len(s.edges)+2)
	}
	if all {
		spin(t, &silence, name+"-dead-ends", "-DSAFETY")
		spin(t, &silence, name+"-circles", "-DNP", "-l")
	}
}

// model is what spin looks at: places, and what each leads to.
type model struct {
	first int
	leads [][]int
	over  []bool
}

// promela writes the model as a process that goes from place to place; the state -1 is before the beginning. The ways are
// numbers in places.h, since spin would look through thousands of guards for each.
func (m *model) promela() string {
	var b strings.Builder
	b.WriteString("c_decl {\n\\#include \"places.h\"\n}\nint at = -1;\nactive proctype house() {\ndo\n")
	fmt.Fprintf(&b, ":: d_step { at == -1 -> at = %d }\n", m.first)
	most := 0
	for _, to := range m.leads {
		most = max(most, len(to))
	}
	for i := range most {
		way := fmt.Sprintf("first[now.at+1]+%d", i)
		fmt.Fprintf(&b, ":: d_step { c_expr { %s < first[now.at+2] } -> c_code { now.at = to[%s]; } }\n", way, way)
	}
	b.WriteString(":: c_expr { over[now.at+1] } -> break\nod\n}\n")
	return b.String()
}

// places writes what every place leads to, beginning with the state -1.
func (m *model) places() string {
	var first, to, over strings.Builder
	n := 0
	for _, ways := range m.leads {
		fmt.Fprintf(&first, "%d,", n)
		for _, w := range ways {
			fmt.Fprintf(&to, "%d,", w)
		}
		n += len(ways)
	}
	for _, o := range m.over {
		fmt.Fprintf(&over, "%d,", map[bool]int{true: 1}[o])
	}
	return fmt.Sprintf("static const int first[] = {0,%s%d};\nstatic const int to[] = {%s-1};\n"+
		"static const char over[%d] = {0,%s};\n", &first, n, &to, len(m.leads)+1, &over)
}

var (
	statesStored = regexp.MustCompile(`(?m)^\s*(\d+) states, stored`)
	transitions  = regexp.MustCompile(`(?m)^\s*(\d+) transitions`)
	errorsFound  = regexp.MustCompile(`errors: (\d+)`)
)

// spin checks a model for faults of a kind and says how many states it stored, and by how many transitions.
func spin(t *testing.T, m *model, name, how string, check ...string) (states, ways int) {
	dir := t.TempDir()
	if kept := os.Getenv("NEVERMIND_SPIN"); kept != "" {
		dir = filepath.Join(kept, name)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for file, text := range map[string]string{"model.pml": m.promela(), "places.h": m.places()} {
		if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	depth := fmt.Sprintf("-m%d", 10000+4*len(m.leads))
	var out []byte
	for _, command := range [][]string{
		{"spin", "-a", "model.pml"}, {"cc", "-O0", how, "-o", "pan", "pan.c"}, append([]string{"./pan", depth, "-w22"}, check...),
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
