package flows_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"nevermind/flows/transcript"
	"nevermind/store/bolt"
	"nevermind/store/encryption"
	"nevermind/store/postgres"
	"nevermind/store/postgres/postgrestest"
	"nevermind/store/record"
	"nevermind/store/transfer"
)

// TestMovedAfterTranscripts plays transcripts on a file, brings what is stored into a database, and from there into another file:
// each holds the same, replays, and the house goes on working on it. One of forty in CI, all of them by make drills.
func TestMovedAfterTranscripts(t *testing.T) {
	all := onlyWhole(t)
	for i, file := range transcripts(t) {
		if !all && i%40 != 0 {
			continue
		}
		t.Run(strings.TrimSuffix(strings.TrimPrefix(file, "testdata/"), ".chat"), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			header, _ := transcript.Split(string(text))
			_, s := playOn(t, string(text), newStageIn(t, header, "", nil, encryption.NewMaster()), nil)
			s.moves(postgrestest.Reused(t))
		})
	}
}

// moves brings the house from its file into a database and back into another file.
func (s *stage) moves(database string) {
	s.t.Helper()
	said := s.told()
	from := s.store.(*bolt.Store)
	s.must(errors.Join(postgres.Prepare(s.t.Context(), database, s.headOf(from))))
	s.database = database
	opened, err := s.openStore()
	s.must(err)
	into := opened.(*postgres.Store)
	s.must(transfer.Copy(s.t.Context(), from, into, func(int) {}))
	s.must(errors.Join(from.Close(), into.Close()))
	s.open()
	s.same(said, "in the database")
	s.replaysAll()

	back := s.store.(*postgres.Store)
	file := filepath.Join(s.dir, "nevermind.db")
	s.must(errors.Join(os.Remove(file), bolt.Prepare(file, s.headOf(back))))
	s.database = ""
	opened, err = s.openStore()
	s.must(err)
	last := opened.(*bolt.Store)
	s.must(transfer.Copy(s.t.Context(), back, last, func(int) {}))
	s.must(errors.Join(last.Close(), back.Close()))
	_, err = bolt.Check(s.t.Context(), file, s.encrypted()...)
	s.must(err)
	s.open()
	s.same(said, "back in a file")
	s.replaysAll()
	if fixed, err := s.store.Rebuild(s.t.Context()); fixed != 0 || err != nil {
		s.t.Errorf("%d keys of the indexes were wrong (%v)", fixed, err)
	}
	s.must(s.engine.Drain(s.t.Context()))
}

func (s *stage) headOf(from interface {
	Head(context.Context) (record.HeadRow, error)
}) record.HeadRow {
	head, err := from.Head(s.t.Context())
	s.must(err)
	return head
}

func (s *stage) same(said, where string) {
	if now := s.told(); now != said {
		s.t.Errorf("%s it is another:\n%s", where, firstDifference(said, now))
	}
}
