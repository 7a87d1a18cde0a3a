package telegram

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"nevermind/adapters/telegram/telegramtest"
	"nevermind/bot"
)

// TestPollFaults holds that whatever becomes of a poll, what is written meanwhile is received once, and the operator is told
// where it lasts.
func TestPollFaults(t *testing.T) {
	for name, c := range map[string]struct {
		fault telegramtest.Fault
		times int64
		told  int
	}{
		"server error":           {telegramtest.Fault{Code: 500, Words: "Internal Server Error: restart"}, 4, 1},
		"gateway":                {telegramtest.Fault{Code: 502, Raw: "<html>bad gateway</html>"}, 4, 1},
		"told to wait":           {tooManyRequests(7 * time.Second), 3, 0},
		"cut":                    {telegramtest.Fault{Cut: true}, 4, 1},
		"cut once":               {telegramtest.Fault{Cut: true}, 1, 0},
		"cut behind the answer":  {telegramtest.Fault{CutAfter: true}, 4, 1},
		"black hole":             {telegramtest.Fault{Hole: true}, 3, 1},
		"an answer that is none": {telegramtest.Fault{Code: 200, Raw: "[]"}, 4, 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				fake := telegramtest.Within(t)
				var left atomic.Int64
				fake.Fault = func(call telegramtest.Call) telegramtest.Fault {
					if call.Method != "getUpdates" || left.Add(-1) < 0 {
						return telegramtest.Fault{}
					}
					return c.fault
				}
				told, h := &logBuffer{}, &recordingInbox{}
				left.Store(c.times)
				runAdapter(t, newTestAdapter(t, fake, logTo(told)), h)
				fake.Private(telegramtest.Person{ID: 11, Name: "Ana"}).Type("hello")
				for range 60 { // ten seconds each
					if fake.Until(func() bool { return len(h.texts()) > 0 && fake.Pending() == 0 }) {
						break
					}
				}
				if got := h.texts(); !slices.Equal(got, []string{"hello"}) || fake.Pending() != 0 {
					t.Errorf("heard %q, %d pending", got, fake.Pending())
				}
				if got := told.count("cannot be reached"); got != c.told {
					t.Errorf("the operator was told %d times, want %d:\n%s", got, c.told, told.text.String())
				}
			})
		})
	}
}

// TestPollUpdatesWithoutID holds that updates without an id, which nothing can confirm, are not polled without a pause.
func TestPollUpdatesWithoutID(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake := telegramtest.Within(t)
		polls := atomic.Int64{}
		fake.Fault = func(call telegramtest.Call) telegramtest.Fault {
			if call.Method == "getUpdates" {
				polls.Add(1)
			}
			return telegramtest.Fault{}
		}
		told, h := &logBuffer{}, &recordingInbox{}
		a := newTestAdapter(t, fake, logTo(told))
		fake.Push(`{"message":{"text":"who knows"}}`)
		runAdapter(t, a, h)
		sleep(t.Context(), time.Minute)
		if got := polls.Load(); got > 31 {
			t.Errorf("%d polls in a minute", got)
		}
		if told.count("without an id") != 1 || a.Ready(t.Context()) == nil {
			t.Errorf("the operator was told %d times; ready: %v", told.count("without an id"), a.Ready(t.Context()))
		}
		fake.Private(telegramtest.Person{ID: 11, Name: "Ana"}).Type("hello")
		if !fake.Until(func() bool { return len(h.texts()) == 1 }) {
			t.Error("one without an id stands in the way of others")
		}
	})
}

// TestPollConfirmsWhatIsStored holds that nothing is confirmed to Telegram before the inbox has stored it.
func TestPollConfirmsWhatIsStored(t *testing.T) {
	fake := telegramtest.Open(t)
	chat := fake.Private(telegramtest.Person{ID: 11, Name: "Ana"})
	h := &recordingInbox{broken: true}
	a := newTestAdapter(t, fake, nil)
	for i := range 5 {
		chat.Type(fmt.Sprint(i))
	}
	runAdapter(t, a, h)
	fake.Until(func() bool { return a.Ready(t.Context()) == nil })
	if got := fake.Pending(); got != 5 {
		t.Fatalf("while the store is down: %d unconfirmed, want 5", got)
	}
	h.mend()
	if !fake.Until(func() bool { return fake.Pending() == 0 }) {
		t.Fatalf("%d are not confirmed", fake.Pending())
	}
	if got := h.texts(); !slices.Equal(got, []string{"0", "1", "2", "3", "4"}) {
		t.Errorf("got %q, want them in order", got)
	}
}

// TestPollLanesAreIndependent holds that neither a slow chat nor an update that cannot be read holds up anybody else.
func TestPollLanesAreIndependent(t *testing.T) { synctest.Test(t, pollLanesAreIndependent) }

func pollLanesAreIndependent(t *testing.T) {
	fake := telegramtest.Within(t)
	slow, other := fake.Private(telegramtest.Person{ID: 11, Name: "Ana"}), fake.Private(telegramtest.Person{ID: 12, Name: "Ben"})
	release := make(chan struct{})
	h := &recordingInbox{slow: func(m bot.Message) {
		if m.Room == "telegram:11" && m.Press == "" {
			<-release
		}
	}}
	a := newTestAdapter(t, fake, nil)
	first := slow.Type("slow")
	slow.Type("behind it")
	poison := fake.Push(`{"update_id":UPDATE_ID,"message":{"message_id":"not a number"}}`)
	runAdapter(t, a, h)
	for i := range 3 {
		other.Type(fmt.Sprint("quick ", i))
		if !fake.Until(func() bool { return len(h.texts()) == i+1 }) {
			t.Fatalf("a slow chat holds up the others: got %q", h.texts())
		}
	}
	slow.PressData(1, "a press overtakes")
	if !fake.Until(func() bool { return slices.Contains(h.texts(), "a press overtakes") }) {
		t.Fatal("a press waits behind a message")
	}
	h.mu.Lock()
	want := fmt.Sprintf("tg:%d:%d ", telegramtest.BotID, poison)
	if len(h.discarded) != 1 || !strings.HasPrefix(h.discarded[0], want) {
		t.Errorf("discarded %q, want %q once", h.discarded, want)
	}
	h.mu.Unlock()
	if got := fake.Pending(); got < 6 {
		t.Errorf("%d unconfirmed; update %d is not stored yet, so nothing from it on may be", got, first)
	}
	close(release)
	if !fake.Until(func() bool { return fake.Pending() == 0 }) {
		t.Errorf("%d are not confirmed", fake.Pending())
	}
}

// TestPollAfterAQuietWeek holds that updates are received whose ids begin anew lower.
func TestPollAfterAQuietWeek(t *testing.T) { synctest.Test(t, pollAfterAQuietWeek) }

func pollAfterAQuietWeek(t *testing.T) {
	fake := telegramtest.Within(t)
	chat := fake.Private(telegramtest.Person{ID: 11, Name: "Ana"})
	h := &recordingInbox{}
	runAdapter(t, newTestAdapter(t, fake, nil), h)
	chat.Type("before")
	fake.Until(func() bool { return fake.Pending() == 0 })
	fake.Renumber(17)
	chat.Type("after")
	if !fake.Until(func() bool { return len(h.texts()) == 2 && fake.Pending() == 0 }) {
		t.Errorf("got %q", h.texts())
	}
}

// TestPollGoesOnBesideTheOtherHalf holds that behind a full response the next poll waits for the first half of it only, and that
// what comes again with that poll is known.
func TestPollGoesOnBesideTheOtherHalf(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stored := map[int64]chan struct{}{}
		for id := range int64(4) {
			stored[id+1] = make(chan struct{})
		}
		var taken atomic.Int64
		lanes := newPollLanes(func(_ context.Context, p parsedUpdate) error {
			taken.Add(1)
			<-stored[p.id]
			return nil
		})
		ctx, cancel := context.WithCancel(t.Context())
		defer lanes.workers.Wait()
		defer cancel()
		update := func(id int) json.RawMessage {
			return json.RawMessage(fmt.Sprintf(`{"update_id":%d,"message":{"message_id":%d,"chat":{"id":%d}}}`, id, id, id))
		}
		lanes.accept(ctx, []json.RawMessage{update(1), update(2), update(3), update(4)})
		waits := func(more bool) (over *atomic.Bool) {
			over = new(atomic.Bool)
			go func() { lanes.waitStored(ctx, more, time.Hour); over.Store(true) }()
			synctest.Wait()
			return over
		}
		half := waits(true)
		for id := range int64(2) {
			if half.Load() {
				t.Fatal("the next poll comes before the half is stored")
			}
			close(stored[id+1])
			synctest.Wait()
		}
		if offset, pending := lanes.offset(); !half.Load() || offset != 3 || !pending {
			t.Fatalf("the next poll is due: %v, with offset %d, pending %v", half.Load(), offset, pending)
		}
		lanes.accept(ctx, []json.RawMessage{update(3), update(4)})
		all := waits(false)
		close(stored[4])
		synctest.Wait()
		if all.Load() || taken.Load() != 4 {
			t.Errorf("it waits for all: %v, and %d were taken", !all.Load(), taken.Load())
		}
		close(stored[3])
		synctest.Wait()
		if !all.Load() {
			t.Error("all is stored, and the next poll does not come")
		}
	})
}
