package telegram

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"nevermind/adapters/telegram/telegramtest"
	"nevermind/bot"
)

// pressInbox stores everything, and says what a press is answered with.
type pressInbox func(m bot.Message) (words string, decided bool)

func (pressInbox) Receive(context.Context, bot.Message) error { return nil }

func (in pressInbox) ReceivePress(_ context.Context, m bot.Message) (string, bool, error) {
	words, decided := in(m)
	return words, decided, nil
}

// answersTo are the answers that were given to presses: by a call, or in a response.
func answersTo(fake *telegramtest.Server) (how []string) {
	for _, c := range fake.Calls("answerCallbackQuery") {
		if how = append(how, "call"); c.Reply {
			how[len(how)-1] = "response"
		}
	}
	return how
}

// tellPress is what an inbox says of a press.
type tellPress func(fake *telegramtest.Server, a *Adapter, m bot.Message) (words string, decided bool)

// TestPressAnsweredInResponse holds that an answer which is known when the webhook call is acknowledged goes out in its response,
// that any other is a call, and that none is lost for good with a response that does not arrive.
func TestPressAnsweredInResponse(t *testing.T) {
	decided := func(words string) tellPress {
		return func(*telegramtest.Server, *Adapter, bot.Message) (string, bool) { return words, true }
	}
	aside := func(m bot.Message) bot.Delivery {
		r := bot.Reply{Room: m.Room, Mode: bot.Aside, Press: m.ID, Text: "That was answered already."}
		return bot.Delivery{ID: m.ID, Attempt: 1, Reply: r}
	}
	for name, c := range map[string]struct {
		in    tellPress
		lost  bool // the first response
		words string
		how   []string
	}{
		"nothing to say": {decided(""), false, "", []string{"response"}},
		"words":          {decided("Too late."), false, "Too late.", []string{"response"}},
		"said meanwhile": {func(fake *telegramtest.Server, a *Adapter, m bot.Message) (string, bool) {
			_, _ = a.Send(context.Background(), aside(m))
			return "", false
		}, false, "That was answered already.", []string{"response"}},
		"said afterwards": {func(fake *telegramtest.Server, a *Adapter, m bot.Message) (string, bool) {
			go func() {
				fake.Until(func() bool { return !a.pressAnswers.isOpen(m.ID) })
				_, _ = a.Send(context.Background(), aside(m))
			}()
			return "", false
		}, false, "That was answered already.", []string{"call"}},
		"a response is lost": {decided("Too late."), true, "", []string{"response"}},
	} {
		fake := telegramtest.Open(t)
		chat := fake.Private(telegramtest.Person{ID: 11, Name: "Ana"})
		var a *Adapter
		var lost atomic.Bool
		lost.Store(c.lost)
		front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if lost.Swap(false) {
				a.Handler().ServeHTTP(httptest.NewRecorder(), r)
				panic(http.ErrAbortHandler)
			}
			a.Handler().ServeHTTP(w, r)
		}))
		a = newTestAdapter(t, fake, func(c *Config) { c.Webhook, c.Secret = front.URL+"/telegram/webhook", "s3cret" })
		runAdapter(t, a, pressInbox(func(m bot.Message) (string, bool) { return c.in(fake, a, m) }))
		query := chat.PressData(1, "tok")
		fake.Until(func() bool { return fake.AnswerTo(query).Times > 0 && fake.Pending() == 0 })
		if got := fake.AnswerTo(query); got.Times != 1 || got.Text != c.words || !slices.Equal(answersTo(fake), c.how) {
			t.Errorf("%s: answered %d times with %q by %q, want %q by %q", name, got.Times, got.Text, answersTo(fake), c.words, c.how)
		}
		front.Close()
	}
}

// isOpen says whether the webhook call of a pending press has had no response yet.
func (pa *pressAnswers) isOpen(id string) bool {
	pa.mu.Lock()
	defer pa.mu.Unlock()
	return pa.pending[id] != nil && pa.pending[id].open
}

// TestPressOpen holds what becomes of a press whose answer is known before its webhook call ends: it goes out in the response,
// but by a call where that takes long or does not acknowledge the press, and never twice.
func TestPressOpen(t *testing.T) {
	for name, c := range map[string]struct {
		wait         time.Duration
		acknowledged bool
		inResponse   bool
		calls        int
	}{
		"at once":          {0, true, true, 0},
		"not acknowledged": {0, false, false, 1},
		"after a while":    {2 * commitWait, true, false, 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			var calls atomic.Int32
			pa := newPressAnswers(func(_, words string) {
				if calls.Add(1); words != "Too late." {
					t.Errorf("%s: called with %q", name, words)
				}
			})
			pa.start("id", "query", "telegram:11", true)
			pa.answer("id", "Too late.")
			pa.answer("id", "Not this.")
			sleep(t.Context(), c.wait)
			query, words, ok := pa.endCall("id", c.acknowledged)
			if ok != c.inResponse || ok && (query != "query" || words != "Too late.") {
				t.Errorf("%s: got %q, %q, %v in the response", name, query, words, ok)
			}
			pa.answer("id", "Not this.")
			synctest.Wait()
			if calls.Load() != int32(c.calls) {
				t.Errorf("%s: %d calls, want %d", name, calls.Load(), c.calls)
			}
			if _, _, ok := pa.endCall("id", true); ok {
				t.Errorf("%s: answered twice", name)
			}
			pa.start("id", "query", "telegram:11", false)
			if pa.isPending("id") {
				t.Errorf("%s: polled once more, it is to be answered again", name)
			}
		})
	}
}

// TestPressPolledIsCalled holds that a polled press is answered by a call with what the inbox says.
func TestPressPolledIsCalled(t *testing.T) {
	fake := telegramtest.Within(t)
	chat := fake.Private(telegramtest.Person{ID: 11, Name: "Ana"})
	a := newTestAdapter(t, fake, nil)
	runAdapter(t, a, pressInbox(func(bot.Message) (string, bool) { return "Too late.", true }))
	query := chat.PressData(1, "tok")
	fake.Until(func() bool { return fake.AnswerTo(query).Times > 0 })
	if got := fake.AnswerTo(query); got.Text != "Too late." || !slices.Equal(answersTo(fake), []string{"call"}) {
		t.Errorf("answered with %q by %q", got.Text, answersTo(fake))
	}
}
