package postgres

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"nevermind/bot"
)

// TestAGroupIsMadeWithoutWhatIsRefused: of changes that go together, one that is refused is alone in that: all others are made,
// in one transaction where nothing is refused.
func TestAGroupIsMadeWithoutWhatIsRefused(t *testing.T) {
	ctx := t.Context()
	s := open(t, fresh(t))
	defer s.Close()
	const many = 12
	talk := func(i int) bot.Conversation { return bot.Conversation{Key: bot.Key(fmt.Sprint("talk/fake:", i))} }
	wantErr(t, s.Commit(ctx, &bot.Commit{Handled: "seen"}), nil)
	for round, refused := range []map[int]error{{}, {3: bot.ErrStale, 5: bot.ErrSeen, 7: bot.ErrFenced}} {
		for !led(s, 0, groupsAtOnce) { // as if groups were on their way, so that all that comes waits for them
			runtime.Gosched() // the leader of the commit before ends behind it
		}
		var all sync.WaitGroup
		errs := make([]error, many)
		for i := range many {
			c := talk(i)
			c.Version = int64(round)
			made := bot.Commit{At: start, Handled: fmt.Sprint("m", round, i), Conversation: &c,
				Tasks: []bot.Task{work(fmt.Sprint("t", round, i), "lane")}}
			switch {
			case errors.Is(refused[i], bot.ErrStale):
				c.Version = 9
			case errors.Is(refused[i], bot.ErrSeen):
				made.Handled = "seen"
			case errors.Is(refused[i], bot.ErrFenced):
				made.Settle = &bot.Settlement{Lease: bot.Lease{Task: work("t00", "lane"), Epoch: 99}}
			}
			all.Go(func() { errs[i] = s.Commit(ctx, &made) })
		}
		for n := 0; n < many; runtime.Gosched() {
			s.groups.mu.Lock()
			n = len(s.groups.waiting)
			s.groups.mu.Unlock()
		}
		led(s, groupsAtOnce, 1)
		s.lead()
		all.Wait()
		for i, err := range errs {
			want := talk(i)
			want.Version = int64(round) + 1
			if refused[i] != nil {
				want.Version--
			}
			stored, readErr := s.Conversation(ctx, want.Key)
			if !errors.Is(err, refused[i]) || readErr != nil || stored.Version != want.Version {
				t.Errorf("round %d, %d: %v, %v, version %d; want %v, version %d", round, i, err, readErr, stored.Version, refused[i],
					want.Version)
			}
		}
	}
	if head, err := s.Claim(ctx, start, 99, time.Minute); err != nil || len(head) != 1 {
		t.Errorf("%d heads of one lane, %v", len(head), err)
	}
	queues, err := s.Queues(ctx, start)
	if err != nil || len(queues) != 1 || queues[0].Waiting != 2*many-3 {
		t.Errorf("%v, %v; want %d that wait", queues, err, 2*many-3)
	}
}

// led says whether so many lead, and has it be others then.
func led(s *Store, now, then int) bool {
	s.groups.mu.Lock()
	defer s.groups.mu.Unlock()
	if s.groups.leading != now {
		return false
	}
	s.groups.leading = then
	return true
}
