package bolt

import (
	"errors"
	"testing"
	"time"

	"nevermind/bot"
)

// TestHeardTellingLeavesNothing settles what turns have told other conversations: no record, no id and no place is left of it,
// also where others of the same commit are left, and a check finds nothing wrong.
func TestHeardTellingLeavesNothing(t *testing.T) {
	path := t.TempDir() + "/nevermind.db"
	s, err := Open(path, NoSync(), encrypted(houseKey))
	wantErr(t, err, nil)
	tell := func(id, to string) bot.Task {
		return bot.Task{ID: id, Lane: "conv:" + to, Do: bot.DoTell, Class: bot.InnerClass, To: bot.Key(to), Made: base}
	}
	const first, second, other = "-6L0KqF-xCwo3RkWVbSj7k", "-6L0KqF-xCwo3RkWVbSj7V", "-6L0KqF-0PZb2TfHsyNh5V"
	work := bot.Task{ID: other, Lane: "work:case/c", Do: "look", Class: bot.EditClass, Made: base}
	told := bot.Commit{At: base, Tasks: []bot.Task{tell(first, "case/a"), work, tell(second, "case/b")}}
	wantErr(t, s.Commit(t.Context(), &told), nil)
	settle := func() {
		t.Helper()
		leases, err := s.Claim(t.Context(), base, 9, time.Hour)
		wantErr(t, err, nil)
		for _, l := range leases {
			if l.Task.ID == first {
				wantErr(t, s.Settle(t.Context(), l, base, bot.RetryAfter(time.Hour)), nil)
				continue
			}
			wantErr(t, s.Settle(t.Context(), l, base, bot.Finished()), nil)
			wantErr(t, s.Settle(t.Context(), l, base, bot.Finished()), bot.ErrFenced)
		}
	}
	settle()
	for id, want := range map[string]error{first: nil, second: bot.ErrNone, other: nil} {
		if _, err := s.Task(t.Context(), id); !errors.Is(err, want) {
			t.Errorf("the task %s: got %v, want %v", id, err, want)
		}
	}
	wantErr(t, s.Close(), nil)
	found, err := Check(t.Context(), path, encrypted(houseKey))
	if err != nil || found.Tasks != 2 {
		t.Errorf("a check finds %d tasks (%v), want the work and the telling that waits", found.Tasks, err)
	}
}
