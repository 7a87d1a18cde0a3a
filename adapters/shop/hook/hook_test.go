package hook_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"nevermind/adapters/shop"
	"nevermind/adapters/shop/hook"
	"nevermind/bot"
)

const done, failed = `{"outcome":"done"}`, `{"outcome":"failed","detail":"no\u202e funds\nleft"}`

// TestBodies holds the bodies of the contract, to the byte.
func TestBodies(t *testing.T) {
	s := newFixture(t, says(200, done))
	s.do(s.task("pay_refund", 1, nil))
	s.do(s.task("cancel_order", 1, bot.Facts{"lines": "1"}))
	whole := s.task("cancel_order", 1, nil)
	whole.ID = "T-whole"
	s.order.Stage, s.order.Items = bot.Processing, []bot.Item{{ID: "3"}}
	s.do(whole)
	s.do(s.task("send_news", 1, bot.Facts{"type": "case.opened", "data": `{"id":"C-7Q2M9"}`}))
	want := []string{
		`{"type":"refund.pay","timestamp":"2026-11-20T09:00:00Z","data":{"task_id":"T-pay_refund",` +
			`"case_id":"C-7Q2M9","order_id":"8123","amount":"24.90","currency":"USD"}}`,
		`{"type":"order.cancel","timestamp":"2026-11-20T09:00:00Z","data":{"task_id":"T-cancel_order",` +
			`"case_id":"C-7Q2M9","order_id":"8123","lines":["1"]}}`,
		`{"type":"order.cancel","timestamp":"2026-11-20T09:00:00Z","data":{"task_id":"T-whole",` +
			`"case_id":"C-7Q2M9","order_id":"8123","lines":[]}}`,
		`{"type":"case.opened","timestamp":"2026-11-20T09:00:00Z","data":{"id":"C-7Q2M9"}}`,
	}
	for i, r := range s.got {
		same(t, "body", r.body, want[i])
	}
	same(t, "requests", len(s.got), len(want))
	same(t, "id", s.got[0].id, "T-pay_refund")
}

// TestOutcomes: what each answer to a command means.
func TestOutcomes(t *testing.T) {
	for _, c := range []struct {
		what   string
		status int
		body   string
		want   bot.Outcome
		book   string
	}{
		{"done", 200, done, bot.Done("refund_settled", nil), "done"},
		{"failed", 200, failed, bot.Done("refund_failed", bot.Facts{"failure": "no funds left"}), "failed"},
		{"later", 202, "", bot.Pending(), "pending"},
		{"later, whatever it says besides", 202, done, bot.Pending(), "pending"},
		{"200 and nothing", 200, "", bot.RetryAfter(time.Second), "pending"},
		{"200 and a page", 200, "<html>", bot.RetryAfter(time.Second), "pending"},
		{"200 and another word", 200, `{"outcome":"maybe"}`, bot.RetryAfter(time.Second), "pending"},
		{"200 and too much", 200, done + strings.Repeat(" ", 70<<10), bot.RetryAfter(time.Second), "pending"},
		{"204", 204, "", bot.RetryAfter(time.Second), "pending"},
		{"400", 400, failed, bot.RetryAfter(time.Second), "pending"},
		{"404", 404, "", bot.RetryAfter(time.Second), "pending"},
		{"410", 410, "", bot.RetryAfter(time.Second), "pending"},
		{"500", 500, done, bot.RetryAfter(time.Second), "pending"},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := newFixture(t, says(c.status, c.body))
			same(t, "outcome", s.do(s.task("pay_refund", 1, nil)), c.want)
			same(t, "book", s.posted("pay_refund"), []string{c.book})
			same(t, "refundable", s.order.Refundable().Amount(), map[bool]string{true: "24.90", false: "0.00"}[c.book == "failed"])
		})
	}
}

// TestNews: any answer of the two hundreds will do.
func TestNews(t *testing.T) {
	for status, want := range map[int]bot.Outcome{200: {}, 204: {}, 202: {}, 500: {Retry: time.Second}, 301: {Retry: time.Second}} {
		s := newFixture(t, says(status, "thanks"))
		same(t, http.StatusText(status), s.do(s.task("send_news", 1, bot.Facts{"type": "case.changed", "data": "{}"})), want)
	}
}

// TestNoRedirect: who sends us elsewhere is not followed.
func TestNoRedirect(t *testing.T) {
	s := newFixture(t, func(_ int, w http.ResponseWriter) {
		w.Header().Set("Location", "/elsewhere")
		answer(w, http.StatusTemporaryRedirect, "")
	})
	same(t, "outcome", s.do(s.task("pay_refund", 1, nil)), bot.RetryAfter(time.Second))
	same(t, "requests", len(s.got), 1)
}

// TestRepeats: each try is the same to the byte and signed for its own time.
func TestRepeats(t *testing.T) {
	s := newFixture(t, func(n int, w http.ResponseWriter) {
		if n < 3 {
			answer(w, 500, "")
			return
		}
		answer(w, 200, done)
	})
	task := s.task("pay_refund", 0, nil)
	for n, want := range []bot.Outcome{{Retry: time.Second}, {Retry: 2 * time.Second}, {Event: "refund_settled"}} {
		task.Attempts = n + 1
		same(t, "outcome", s.do(task), want)
		s.now = s.now.Add(3 * time.Second)
	}
	for _, r := range s.got[1:] {
		same(t, "id and body", [2]string{r.id, r.body}, [2]string{s.got[0].id, s.got[0].body})
		if r.signature == s.got[0].signature || r.at == s.got[0].at {
			t.Error("a later try carries the first one's time or signature")
		}
	}
	task.Attempts = 4 // the answer was lost in a crash: it is in the book
	same(t, "again", s.do(task), bot.Done("refund_settled", nil))
	same(t, "requests", len(s.got), 3)
}

// TestSchedule: 1, 2, 4, 8 … seconds, at most five minutes apart in the first hour, then hourly, three days in all.
func TestSchedule(t *testing.T) {
	s := newFixture(t, says(503, ""))
	var all time.Duration
	var waits []time.Duration
	for n := 1; ; n++ {
		wait, more := shop.Backoff(n)
		if !more {
			break
		}
		waits = append(waits, wait)
		all += wait
	}
	same(t, "at first", waits[:10], []time.Duration{1e9, 2e9, 4e9, 8e9, 16e9, 32e9, 64e9, 128e9, 256e9, 300e9})
	if last := waits[len(waits)-1]; last != time.Hour || all > 72*time.Hour || all < 71*time.Hour {
		t.Errorf("got %v in all, the last after %v", all, last)
	}
	hour := time.Duration(0)
	for _, w := range waits {
		if hour < time.Hour && w > 5*time.Minute || hour >= time.Hour && w != time.Hour {
			t.Errorf("after %v a wait of %v", hour, w)
		}
		hour += w
	}
	old := func(do string, age time.Duration) bot.Task {
		task := s.task(do, len(waits)+1, bot.Facts{"data": "{}"})
		task.Made = s.now.Add(-age)
		return task
	}
	same(
		t,
		"the end",
		s.do(old("pay_refund", 73*time.Hour)),
		bot.GivenUpAs("shop_unanswered", "the shop has not answered for three days"),
	)
	same(t, "the end of news", s.do(old("send_news", 73*time.Hour)), bot.GivenUp("the shop has not answered for three days"))
	same(t, "tries cut off by crashes", s.do(old("pay_refund", time.Hour)), bot.RetryAfter(time.Hour))
}

// TestRetryAfter is honoured, within an hour.
func TestRetryAfter(t *testing.T) {
	for said, want := range map[string]time.Duration{"30": 30 * time.Second, "999999999": time.Hour, "-5": time.Second,
		"soon": time.Second, "0": time.Second,
		time.Now().Add(90 * time.Minute).UTC().Format(http.TimeFormat): time.Hour} {
		s := newFixture(t, func(_ int, w http.ResponseWriter) {
			w.Header().Set("Retry-After", said)
			answer(w, 429, "")
		})
		same(t, said, s.do(s.task("pay_refund", 1, nil)), bot.RetryAfter(want))
	}
}

// TestStage: the order is looked at once more before the shop is asked.
func TestStage(t *testing.T) {
	s := newFixture(t, says(200, done))
	s.order.Stage = bot.Shipped
	same(t, "shipped", s.do(s.task("cancel_order", 1, nil)), bot.Done("order_had_shipped", nil))
	same(t, "requests", len(s.got), 0)
}

// TestShippedMeanwhile: the shop cannot cancel, for it has shipped.
func TestShippedMeanwhile(t *testing.T) {
	var s *fixture
	s = newFixture(t, func(_ int, w http.ResponseWriter) {
		s.order.Stage = bot.Shipped
		answer(w, 200, failed)
	})
	same(t, "outcome", s.do(s.task("cancel_order", 1, nil)), bot.Done("order_had_shipped", nil))
}

// TestCancelled: the order held is cancelled with the answer, and the shop's own time stays.
func TestCancelled(t *testing.T) {
	s := newFixture(t, says(200, done))
	s.order.Updated = time.Date(2026, 11, 19, 9, 0, 0, 0, time.UTC)
	same(t, "outcome", s.do(s.task("cancel_order", 1, nil)), bot.Done("order_cancelled", nil))
	same(t, "stage", s.order.Stage, bot.Cancelled)
	same(t, "updated", s.order.Updated, time.Date(2026, 11, 19, 9, 0, 0, 0, time.UTC))
}

// TestMore: never more than was paid over all refunds of an order; the shop is not even asked.
func TestMore(t *testing.T) {
	s := newFixture(t, says(202, ""))
	s.do(s.task("pay_refund", 1, bot.Facts{"amount": "20.00 USD"}))
	second := s.task("pay_refund", 1, bot.Facts{"amount": "5.00 USD"})
	second.ID = "T-second"
	same(t, "outcome", s.do(second).Event, "refund_failed")
	same(t, "requests", len(s.got), 1)
}

// TestLate: an outcome by POST /v1/tasks, once, twice, otherwise; and for what is no command.
func TestLate(t *testing.T) {
	s := newFixture(t, says(202, ""))
	task := s.task("pay_refund", 1, nil)
	s.do(task)
	end := func(id string, done bool, want error) {
		t.Helper()
		if err := s.shop.End(t.Context(), id, shop.Ended{Done: done, Detail: "empty"}); !errors.Is(err, want) {
			t.Errorf("got %v, want %v", err, want)
		}
	}
	end(task.ID, true, nil)
	end(task.ID, true, nil)
	end(task.ID, false, bot.ErrSeen)
	end("T-unknown", true, bot.ErrNone)
	end(s.task("send_news", 1, nil).ID, true, bot.ErrNone)
	same(t, "book", s.posted("pay_refund"), []string{"done"})
	same(t, "told", s.told[0], bot.Done("refund_settled", nil))
	same(t, "support sees", s.told[len(s.told)-1].Event, "refund_failed")
}

// TestCrash: the shop's answer was posted, and the case was not told before the crash. Said otherwise later, the first
// word counts.
func TestCrash(t *testing.T) {
	s := newFixture(t, says(200, done))
	task := s.task("pay_refund", 1, nil)
	s.do(task) // the engine never heard of it
	if err := s.shop.End(t.Context(), task.ID, shop.Ended{Detail: "empty"}); !errors.Is(err, bot.ErrSeen) {
		t.Errorf("got %v, want %v", err, bot.ErrSeen)
	}
	same(t, "told", []string{s.told[0].Event, s.told[1].Event}, []string{"refund_settled", "refund_failed"})
}

// TestMended: the case was told that a refund has failed, and a crash kept it from the book. The next refund is not
// refused for it.
func TestMended(t *testing.T) {
	s := newFixture(t, says(202, ""))
	first := s.task("pay_refund", 1, nil)
	s.do(first)
	second := s.task("pay_refund", 1, nil)
	second.ID = "T-second"
	s.tasks[first.ID] = bot.TaskRecord{Task: first, State: bot.TaskDone, Outcome: bot.Done("refund_failed", nil)}
	same(t, "outcome", s.do(second), bot.Pending())
	same(t, "book", s.posted("pay_refund"), []string{"failed", "pending"})
}

// TestDown: nobody is there; the address is not in what is logged or returned.
func TestDown(t *testing.T) {
	s := newFixture(t, says(200, done))
	log := &strings.Builder{}
	down, err := hook.New(hook.Config{URL: "http://user:canary@127.0.0.1:1/", Secret: secret, Now: s.shopNow, Log: logTo(log)})
	if err != nil {
		t.Fatal(err)
	}
	down.Attach(s)
	o, err := down.PayRefund(context.Background(), s.task("pay_refund", 1, nil))
	if err != nil {
		t.Fatal(err)
	}
	same(t, "outcome", o, bot.RetryAfter(time.Second))
	if text := log.String(); strings.Contains(text, "canary") || !strings.Contains(text, "refused") {
		t.Errorf("the log says %s", text)
	}
}

// TestNew refuses what cannot be meant, without repeating it.
func TestNew(t *testing.T) {
	for _, c := range []struct {
		url, secret string
		want        error
	}{
		{"http://127.0.0.1/x", secret, nil},
		{"https://shop.example/hooks", secret, nil},
		{"ftp://canary", secret, hook.ErrURL},
		{"canary", secret, hook.ErrURL},
		{"http://%zz-canary", secret, hook.ErrURL},
		{"http://h", "", hook.ErrSecret},
		{"http://h", "whsec_", hook.ErrSecret},
		{"http://h", strings.TrimPrefix(secret, "whsec_"), hook.ErrSecret},
		{"http://h", "whsec_c2hvcnQ=", hook.ErrSecret},
		{"http://h", "whsec_!canary", hook.ErrSecret},
	} {
		_, err := hook.New(hook.Config{URL: c.url, Secret: c.secret})
		if !errors.Is(err, c.want) || err != nil && strings.Contains(err.Error(), "canary") {
			t.Errorf("%q with %q: got %v, want %v", c.url, c.secret, err, c.want)
		}
	}
}

// TestWholeBodies: quantities and payments go along where the order has them, and payments add up to the amount.
func TestWholeBodies(t *testing.T) {
	s := newFixture(t, says(200, done))
	s.order.Payments = []bot.Payment{
		{ID: "pay-1", Method: "gift_card", Amount: usd(2000)}, {ID: "pay-2", Method: "card", Amount: usd(490)},
	}
	s.order.Items = []bot.Item{{ID: "1", Quantity: 3, Counted: true}}
	s.do(s.task("cancel_order", 1, bot.Facts{"lines": "1", "parts": "1=2"}))
	s.do(s.task("pay_refund", 1, nil))
	same(t, "cancellation", s.got[0].body, `{"type":"order.cancel","timestamp":"2026-11-20T09:00:00Z",`+
		`"data":{"task_id":"T-cancel_order","case_id":"C-7Q2M9","order_id":"8123","lines":["1"],"items":[{"id":"1","quantity":2}]}}`)
	same(t, "refund", s.got[1].body, `{"type":"refund.pay","timestamp":"2026-11-20T09:00:00Z","data":{"task_id":"T-pay_refund",`+
		`"case_id":"C-7Q2M9","order_id":"8123","amount":"24.90","currency":"USD",`+
		`"payments":[{"id":"pay-2","amount":"4.90"},{"id":"pay-1","amount":"20.00"}]}}`)
	same(t, "cancelled", s.order.Items[0].CancelledQuantity, 2)
}

// TestHeld: no refund is asked for while a chargeback is open, and none is asked for again once the shop has paid by itself.
func TestHeld(t *testing.T) {
	s := newFixture(t, says(500, ""))
	open := bot.Adjustment{ID: "a-1", Type: bot.Chargeback, Amount: usd(2490), Status: bot.AdjustmentOpen}
	s.order.Adjustments = []bot.Adjustment{open}
	same(t, "outcome", s.do(s.task("pay_refund", 1, nil)).Event, "refund_held")
	same(t, "asked", len(s.got), 0)
	s.order.Adjustments, s.order.Book = nil, nil
	refund := s.task("pay_refund", 1, nil)
	same(t, "unanswered", s.do(refund), bot.RetryAfter(time.Second))
	s.order.Refunded = usd(2490)
	same(t, "paid meanwhile", s.do(refund), bot.RetryAfter(time.Hour))
	s.order.Refunded, s.order.Adjustments = bot.Money{}, []bot.Adjustment{open}
	same(t, "charged back meanwhile", s.do(refund), bot.RetryAfter(time.Hour))
	same(t, "asked in all", len(s.got), 1)
}

// TestBounced: that a refund has come back counts, and is no outcome of its task.
func TestBounced(t *testing.T) {
	s := newFixture(t, says(200, done))
	s.do(s.task("pay_refund", 1, nil))
	if err := s.shop.End(t.Context(), "T-pay_refund", shop.Ended{Bounced: true, Detail: "account closed"}); err != nil {
		t.Fatal(err)
	}
	same(t, "told", s.bounced, []string{"T-pay_refund: account closed"})
}

func usd(minor int64) bot.Money { return bot.Money{Minor: minor, Currency: "USD"} }
