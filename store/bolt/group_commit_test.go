package bolt

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"nevermind/bot"
)

// hold keeps the writer busy until release is called, so that what comes meanwhile is one group.
func hold(t *testing.T, s *Store) (release func()) {
	t.Helper()
	begun, end := make(chan bool), make(chan bool)
	done := start(func() error {
		return s.update(t.Context(), func(*writeBatch) error {
			close(begun)
			<-end
			return nil
		})
	})
	<-begun
	return func() {
		close(end)
		wantErr(t, <-done, nil)
	}
}

func start(f func() error) <-chan error {
	done := make(chan error, 1)
	go func() { done <- f() }()
	return done
}

// queued waits until n requests stand in the queue.
func queued(s *Store, n int) {
	for len(s.queue) < n {
		synctest.Wait()
	}
}

func wantErr(t *testing.T, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Fatalf("got error %v, want %v", got, want)
	}
}

func TestOneThatFailsHalfWayIsAnsweredAlone(t *testing.T) {
	for name, fail := range map[string]func() error{
		"error":      func() error { return bot.ErrNone },
		"panic":      func() error { panic("a damaged page") },
		"wrong size": nil,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := openIn(t, t.TempDir())
				defer s.Close()
				s.Commit(t.Context(), &bot.Commit{Tasks: []bot.Task{{ID: "t", Lane: "a"}}})
				l, err := s.Claim(t.Context(), base, 1, 1)
				wantErr(t, err, nil)
				release := hold(t, s)
				first := start(func() error { return s.Settle(t.Context(), l[0], base, bot.Outcome{}) })
				queued(s, 1)
				bad := start(func() error {
					return s.update(t.Context(), func(b *writeBatch) error {
						b.put(values, []byte("half"), []byte("way"))
						if fail == nil {
							b.put(values, make([]byte, 1<<16), nil)
							return nil
						}
						return fail()
					})
				})
				queued(s, 2)
				last := start(func() error { return s.SetValue(t.Context(), "other", nil) })
				queued(s, 3)
				release()
				wantErr(t, <-first, nil)
				if err := <-bad; err == nil {
					t.Fatal("got no error for the bad one")
				}
				wantErr(t, <-last, nil)
				_, err = s.Value(t.Context(), "half")
				wantErr(t, err, bot.ErrNone)
				r, err := s.Task(t.Context(), "t")
				if err != nil || r.State != bot.TaskDone {
					t.Fatalf("task: got %v, %v, want it done", r.State, err)
				}
			})
		})
	}
}

func TestOneThatPanicsBeforeItWritesHarmsNobody(t *testing.T) {
	s := openIn(t, t.TempDir())
	defer s.Close()
	wantErr(t, s.update(t.Context(), func(*writeBatch) error { panic("a damaged page") }), bot.ErrBroken)
	wantErr(t, s.SetValue(t.Context(), "other", nil), nil)
}

func TestAFullQueueIsBusy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openIn(t, t.TempDir())
		defer s.Close()
		release := hold(t, s)
		defer release()
		for i := range queueLength {
			go s.SetValue(context.Background(), fmt.Sprint(i), nil)
		}
		queued(s, queueLength)
		wantErr(t, s.SetValue(t.Context(), "one more", nil), bot.ErrBusy) // after a while, by the bubble's clock
		ctx, cancel := context.WithCancel(t.Context())
		done := start(func() error { return s.SetValue(ctx, "impatient", nil) })
		synctest.Wait()
		cancel()
		err := <-done
		wantErr(t, err, bot.ErrBusy)
		wantErr(t, err, context.Canceled)
	})
}

func TestOneThatIsWithdrawnInTheQueueChangesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openIn(t, t.TempDir())
		defer s.Close()
		release := hold(t, s)
		ctx, cancel := context.WithCancel(t.Context())
		done := start(func() error { return s.SetValue(ctx, "name", nil) })
		queued(s, 1)
		cancel()
		wantErr(t, <-done, context.Canceled)
		release()
		_, err := s.Value(t.Context(), "name")
		wantErr(t, err, bot.ErrNone)
	})
}

func TestWhatWaitsWhenTheStoreClosesIsToldSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openIn(t, t.TempDir())
		release := hold(t, s)
		waiting := start(func() error { return s.SetValue(t.Context(), "name", nil) })
		queued(s, 1)
		closed := start(s.Close)
		synctest.Wait()
		wantErr(t, s.SetValue(t.Context(), "later", nil), bot.ErrClosed)
		release()
		wantErr(t, <-closed, nil)
		if err := <-waiting; err != nil { // the writer may have taken it first
			wantErr(t, err, bot.ErrClosed)
		}
	})
}

// TestAnEditIsSettledInCompany holds that an edit that is done is out of its lane at once, and durably settled with whatever is
// committed next, or when the store's patience is over; what could be seen twice is settled at once.
func TestAnEditIsSettledInCompany(t *testing.T) {
	const patience = 10 * time.Millisecond
	edit := bot.Task{ID: "t", Lane: "a", Class: bot.EditClass}
	post := edit
	post.Class = bot.PostClass
	for name, c := range map[string]struct {
		task    bot.Task
		company time.Duration // after which something else is committed; 0 is never
		waits   time.Duration
	}{
		"alone":             {task: edit, waits: patience},
		"in company":        {task: edit, company: 3 * time.Millisecond, waits: 3 * time.Millisecond},
		"may be seen twice": {task: post},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := openIn(t, t.TempDir(), Patience(patience))
				defer s.Close()
				wantErr(t, s.Commit(t.Context(), &bot.Commit{Tasks: []bot.Task{c.task}}), nil)
				l, err := s.Claim(t.Context(), base, 1, time.Hour)
				wantErr(t, err, nil)
				began := time.Now()
				wantErr(t, s.Settle(t.Context(), l[0], base, bot.Finished()), nil)
				if took := time.Since(began); took > 0 {
					t.Errorf("whoever sent it waited %v", took)
				}
				wantErr(t, s.Settle(t.Context(), l[0], base, bot.Finished()), bot.ErrFenced)
				settled := func() bool {
					r, err := s.Task(t.Context(), "t")
					wantErr(t, err, nil)
					return r.State == bot.TaskDone
				}
				if c.company > 0 {
					<-time.After(c.company) // in the bubble
					wantErr(t, s.SetValue(t.Context(), "other", nil), nil)
				}
				if took := time.Since(began); took < c.waits {
					if settled() {
						t.Errorf("it was settled after %v already", took)
					}
					<-time.After(c.waits - took)
					synctest.Wait()
				}
				if !settled() {
					t.Errorf("it is not settled after %v", c.waits)
				}
			})
		})
	}
}

// TestBehindAnEditNothingWaits holds that what stands behind an edit is free once that is done, and that nothing is durable of it
// before the edit is: both survive a crash together.
func TestBehindAnEditNothingWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openIn(t, t.TempDir(), Patience(time.Hour))
		defer s.Close()
		wantErr(t, s.Commit(t.Context(), &bot.Commit{Tasks: []bot.Task{{ID: "edit", Lane: "a", Class: bot.EditClass},
			{ID: "post", Lane: "a", Class: bot.PostClass}}}), nil)
		l, err := s.Claim(t.Context(), base, 1, time.Hour)
		wantErr(t, err, nil)
		wantErr(t, s.Settle(t.Context(), l[0], base, bot.Finished()), nil)
		l, err = s.Claim(t.Context(), base, 1, time.Hour)
		if err != nil || len(l) != 1 || l[0].Task.ID != "post" {
			t.Fatalf("claimed %v, %v, want what stood behind the edit", l, err)
		}
		wantErr(t, s.Attempt(t.Context(), l[0]), nil)
		if r, err := s.Task(t.Context(), "edit"); err != nil || r.State != bot.TaskDone {
			t.Errorf("with the attempt durable the edit is %v, %v, want it done", r.State, err)
		}
	})
}

// TestAnEditIsSettledAtTheEnd holds that an edit which waits for company is settled where the store closes.
func TestAnEditIsSettledAtTheEnd(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s := openIn(t, dir, Patience(time.Hour))
		wantErr(t, s.Commit(t.Context(), &bot.Commit{Tasks: []bot.Task{{ID: "t", Lane: "a", Class: bot.EditClass}}}), nil)
		l, err := s.Claim(t.Context(), base, 1, time.Hour)
		wantErr(t, err, nil)
		wantErr(t, s.Settle(t.Context(), l[0], base, bot.Finished()), nil)
		wantErr(t, s.Close(), nil)
	})
	s := openIn(t, dir)
	defer s.Close()
	if r, err := s.Task(t.Context(), "t"); err != nil || r.State != bot.TaskDone {
		t.Errorf("task: got %v, %v, want it done", r.State, err)
	}
}
