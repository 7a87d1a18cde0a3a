package telegram

import (
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"nevermind/adapters/telegram/telegramtest"
)

// TestOnlyPollingEndsItsProblem holds that while nothing can be polled the adapter is not ready, whatever other calls succeed,
// and that what keeps another call from working is over when that call is made.
func TestOnlyPollingEndsItsProblem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake := telegramtest.Within(t)
		polls := telegramtest.Fault{Code: 409, Words: "Conflict: terminated by other getUpdates request"}
		away := 4 // attempts at a menu
		var mu sync.Mutex
		fake.Fault = func(call telegramtest.Call) telegramtest.Fault {
			mu.Lock()
			defer mu.Unlock()
			switch {
			case call.Method == "getUpdates":
				return polls
			case call.Method == "setMyCommands" && away > 0:
				away--
				return telegramtest.Fault{Code: 502, Words: "Bad Gateway"}
			}
			return telegramtest.Fault{}
		}
		a := newTestAdapter(t, fake, func(c *Config) { c.Menus = []Menu{{Description: "x"}} })
		runAdapter(t, a, &recordingInbox{})
		fake.Until(func() bool { return len(fake.Calls("setMyShortDescription")) > 0 })
		why := a.Ready(t.Context())
		if why == nil || !strings.Contains(why.Error(), "Another program polls") {
			t.Errorf("a menu was set, and what keeps it from polling is %v", why)
		}
		mu.Lock()
		polls = telegramtest.Fault{}
		mu.Unlock()
		if !fake.Until(func() bool { return a.Ready(t.Context()) == nil }) {
			t.Errorf("not over: %v", a.Ready(t.Context()))
		}
	})
}

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
