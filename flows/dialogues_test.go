package flows_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"nevermind/flows/words"
	"nevermind/store/encryption"
)

// fewestDialogues is how many dialogues there are in each language at least.
const fewestDialogues = 10

// TestDialogues plays dialogues as people of each language write them, not translations of ours: testdata/dialogues/<language>.
// A dialogue is right when playing its outside lines writes the very same file again (-update writes it), and when it reaches its
// goal: the line of its head behind "| ", which the play has to show.
func TestDialogues(t *testing.T) {
	catalog, err := allWords()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range words.Languages {
		t.Run(l.Code, func(t *testing.T) {
			t.Parallel()
			files, err := filepath.Glob("testdata/dialogues/" + l.Code + "/*.chat")
			if err != nil || len(files) < fewestDialogues {
				t.Errorf("%d dialogues, at least %d are asked (%v)", len(files), fewestDialogues, err)
			}
			for _, file := range files {
				text, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				t.Run(strings.TrimSuffix(filepath.Base(file), ".chat"), func(t *testing.T) {
					played, s := playOn(t, string(text), newStageIn(t, "", l.Code, catalog, encryption.Master{}), func(s *stage) { s.reload() })
					s.replaysAll()
					reachesItsGoal(t, string(text), played)
					switch {
					case played == string(text):
					case *update:
						if err := os.WriteFile(file, []byte(played), 0o644); err != nil {
							t.Fatal(err)
						}
					default:
						t.Errorf("%s plays otherwise now (-update writes it):\n%s", file, firstDifference(string(text), played))
					}
				})
			}
		})
	}
}

// reachesItsGoal holds that a dialogue shows the line that its head names: "# goal: in words | what the play shows".
func reachesItsGoal(t *testing.T, text, played string) {
	t.Helper()
	head, _, _ := strings.Cut(text, "\n")
	_, goal, named := strings.Cut(head, " | ")
	if !strings.HasPrefix(head, "# goal: ") || !named || strings.TrimSpace(goal) == "" {
		t.Fatalf("its first line names no goal: %s", head)
	}
	if !slices.ContainsFunc(strings.Split(played, "\n"), func(line string) bool {
		return strings.HasPrefix(line, "    ") && strings.Contains(line, goal)
	}) {
		t.Errorf("it does not reach its goal, %s", goal)
	}
}
