package flows_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"nevermind/flows/transcript"
	"nevermind/store/encryption"
	"nevermind/store/postgres/postgrestest"
)

// listsOfEquals are transcripts that show a part of a longer list of orders of one instant, press a button that two records of
// one instant have, or press again just when the shop answers: which is first is up to the store, by hashes that are others each
// time. They are played, and what must always hold is held; what is told is not compared.
var listsOfEquals = []string{"testdata/problem/ways_in.chat", "testdata/order_stage/stages.chat", "testdata/case/two_phones.chat",
	"testdata/arrival/early.chat", "testdata/filing/several.chat", "testdata/refund/due_again.chat"}

// TestTranscriptsOnPostgres plays them over a PostgreSQL database, by the same runner: in CI one of forty, and all of them by
// make drills. What people are told between two steps is the same; which of several records is first is up to the store.
func TestTranscriptsOnPostgres(t *testing.T) {
	all := onlyWhole(t)
	played := 0
	for i, file := range transcripts(t) {
		if !all && i%40 != 0 {
			continue
		}
		played++
		t.Run(strings.TrimSuffix(strings.TrimPrefix(file, "testdata/"), ".chat"), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			header, _ := transcript.Split(string(text))
			catalog, err := allWords()
			if err != nil {
				t.Fatal(err)
			}
			s := newStageOn(t, postgrestest.Reused(t), header, "", catalog, encryption.NewMaster())
			steps := 0
			got, _ := playOn(t, string(text), s, func(s *stage) {
				s.conserves()
				if steps++; steps%5 == 0 { // connections are what opening takes
					s.reload()
				}
			})
			s.replaysAll()
			want, got := whoeverFirst(string(text)), whoeverFirst(got)
			if got != want && !slices.Contains(listsOfEquals, file) {
				t.Errorf("%s plays otherwise over PostgreSQL:\n%s", file, firstDifference(want, got))
			}
		})
	}
	if played == 0 {
		t.Error("nothing was played")
	}
}

// whoeverFirst is a transcript in which what is told between two steps is sorted, and so are the labels of buttons: of several
// records that something happens to at one instant, which is first is the store's.
func whoeverFirst(text string) string {
	var out strings.Builder
	var told []string // one for each thing that somebody is told
	flush := func() {
		slices.Sort(told)
		out.WriteString(strings.Join(told, ""))
		told = nil
	}
	for line := range strings.Lines(text) {
		switch {
		case !strings.HasPrefix(line, "    "):
			flush()
			out.WriteString(line)
		case strings.HasPrefix(line, "     ") && len(told) > 0:
			told[len(told)-1] += inOrderOfLabels(line)
		default:
			told = append(told, line)
		}
	}
	flush()
	return out.String()
}

func inOrderOfLabels(line string) string {
	body := strings.TrimSpace(line)
	if !strings.HasPrefix(body, "[") || !strings.HasSuffix(body, "]") {
		return line
	}
	labels := strings.Split(strings.Trim(body, "[]"), "] [")
	slices.Sort(labels)
	return "[" + strings.Join(labels, "] [") + "]\n"
}
