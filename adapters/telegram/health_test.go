package telegram

import (
	"sync"
	"testing"
	"testing/synctest"

	"nevermind/adapters/telegram/telegramtest"
)

// TestProblemsAreReported holds that each thing that keeps the adapter from polling is reported once, in a sentence, and over
// when it is.
func TestProblemsAreReported(t *testing.T) { synctest.Test(t, problemsAreReported) }

func problemsAreReported(t *testing.T) {
	for name, c := range map[string]struct {
		fault telegramtest.Fault
		want  string
	}{
		"another poller": {
			telegramtest.Fault{Code: 409, Words: "Conflict: terminated by other getUpdates request; " +
				"make sure that only one bot instance is running"},
			"Another program polls"},
		"a webhook": {
			telegramtest.Fault{Code: 409, Words: "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook first"},
			"A webhook is set"},
		"revoked": {telegramtest.Fault{Code: 401, Words: "Unauthorized"}, "does not know this bot's token"},
	} {
		fake := telegramtest.Within(t)
		faults := 2
		var mu sync.Mutex
		fake.Fault = func(call telegramtest.Call) telegramtest.Fault {
			mu.Lock()
			defer mu.Unlock()
			if call.Method != "getUpdates" || faults == 0 {
				return telegramtest.Fault{}
			}
			faults--
			return c.fault
		}
		told := &logBuffer{}
		a := newTestAdapter(t, fake, logTo(told))
		runAdapter(t, a, &recordingInbox{})
		if !fake.Until(func() bool { return told.count(c.want) == 1 && a.Ready(t.Context()) != nil }) {
			t.Errorf("%s: the operator was told %d times; %v", name, told.count(c.want), a.Ready(t.Context()))
		}
		over := func() bool {
			mu.Lock()
			defer mu.Unlock()
			return faults == 0 && a.Ready(t.Context()) == nil
		}
		if !fake.Until(over) {
			t.Errorf("%s: not over: %v", name, a.Ready(t.Context()))
		}
		if told.count(c.want) != 1 || told.count("AAfake") != 0 {
			t.Errorf("%s: told %d times, token %d times", name, told.count(c.want), told.count("AAfake"))
		}
	}
}
