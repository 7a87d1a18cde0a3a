package shop

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"nevermind/bot"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// memoryEngine keeps orders in memory: loaded, changed and put back as a store would.
type memoryEngine map[string]bot.Order

func (s memoryEngine) Order(_ context.Context, id string) (bot.Order, error) {
	o, ok := s[id]
	if !ok {
		return bot.Order{}, bot.ErrNone
	}
	return o, nil
}

func (s memoryEngine) ChangeOrder(ctx context.Context, id string, change func(*bot.Order) error) (bot.Order, error) {
	for stale := true; ; stale = false { // the first try is always overtaken
		o, err := s.Order(ctx, id)
		if err != nil {
			return o, err
		}
		if err := change(&o); err != nil {
			return bot.Order{}, err
		}
		if !stale {
			s[id] = o
			return o, nil
		}
	}
}

func bookWith(stage bot.Stage) (*Book, memoryEngine) {
	o := bot.Order{ID: "8", Stage: stage, Placed: noon.Add(-time.Hour), Updated: noon.Add(-time.Hour), Total: usd(3000),
		Method: "card",
		Items: []bot.Item{{ID: "1", Title: "Lamp", Quantity: 1, Price: usd(2000)},
			{ID: "2", Title: "Shade", Quantity: 1, Price: usd(1000)}}}
	if stage != bot.Unpaid {
		o.Paid = noon.Add(-time.Minute)
	}
	s := memoryEngine{"8": o}
	return &Book{Shelf: s, Now: func() time.Time { return noon }}, s
}

func do(t *testing.T, hand bot.Hand, id string, facts bot.Facts) bot.Outcome {
	t.Helper()
	out, err := hand(context.Background(), bot.Task{ID: id, Order: "8", Facts: facts})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestCancelByStage(t *testing.T) {
	for stage, want := range map[bot.Stage]string{
		bot.Unpaid: "order_cancelled", bot.Processing: "order_cancelled", bot.Cancelled: "order_cancelled",
		bot.PartShipped: "order_had_shipped", bot.Shipped: "order_had_shipped", bot.Delivered: "order_had_shipped",
		bot.Completed: "order_had_shipped",
		bot.Verifying: "cancel_failed", bot.Frozen: "cancel_failed",
	} {
		b, s := bookWith(stage)
		out := do(t, b.CancelOrder, "T-1", nil)
		if out.Event != want || (want == "cancel_failed") != (out.Facts["failure"] != "") {
			t.Errorf("%s: got %+v, want %s", stage, out, want)
		}
		if o := s["8"]; (want == "order_cancelled") != (o.Stage == bot.Cancelled) || len(o.Book) != 1 || o.Book[0].Task != "T-1" {
			t.Errorf("%s: left %s with %+v", stage, o.Stage, o.Book)
		}
	}
}

func TestCancelAgainAnswersAsBefore(t *testing.T) {
	for _, stage := range bot.Stages {
		b, s := bookWith(stage)
		first := do(t, b.CancelOrder, "T-1", nil)
		o := s["8"]
		o.Stage = bot.Shipped // meanwhile
		if stage == bot.Shipped {
			o.Stage = bot.Processing
		}
		s["8"] = o
		if again := do(t, b.CancelOrder, "T-1", nil); !reflect.DeepEqual(again, first) || !reflect.DeepEqual(s["8"], o) {
			t.Errorf("%s: first %+v, again %+v", stage, first, again)
		}
	}
}

func TestCancelLines(t *testing.T) {
	b, s := bookWith(bot.Processing)
	if out := do(t, b.CancelOrder, "T-0", bot.Facts{"lines": "1,7"}); out.Event != "cancel_failed" || s["8"].Items[0].Cancelled {
		t.Errorf("a line that is none: got %+v, %+v", out, s["8"].Items)
	}
	if out := do(t, b.CancelOrder, "T-1", bot.Facts{"lines": "2"}); out.Event != "order_cancelled" {
		t.Errorf("got %+v", out)
	}
	if o := s["8"]; o.Stage != bot.Processing || o.Items[0].Cancelled || !o.Items[1].Cancelled ||
		!o.Updated.Equal(noon.Add(-time.Hour)) {
		t.Errorf("after one line: %+v", o)
	}
	do(t, b.CancelOrder, "T-2", bot.Facts{"lines": "1, 2"})
	if got := s["8"].Stage; got != bot.Cancelled {
		t.Errorf("after all lines: %s", got)
	}
}

func TestCheckOrder(t *testing.T) {
	for stage, want := range map[bot.Stage]string{
		bot.Unpaid: "order_unpaid", bot.Verifying: "order_locked", bot.Processing: "order_open",
		bot.PartShipped: "order_had_shipped", bot.Shipped: "order_had_shipped",
		bot.Delivered: "order_had_shipped", bot.Completed: "order_had_shipped", bot.Cancelled: "order_was_cancelled",
		bot.Frozen: "order_locked",
	} {
		b, _ := bookWith(stage)
		if got := do(t, b.CheckOrder, "T-1", nil).Event; got != want {
			t.Errorf("%s: got %s, want %s", stage, got, want)
		}
	}
}

func TestRefund(t *testing.T) {
	b, s := bookWith(bot.Cancelled)
	for _, c := range []struct{ id, amount, event, failure string }{
		{"T-1", "30.01 USD", "refund_failed", "more than was paid"},
		{"T-2", "10.00 EUR", "refund_failed", "the order was paid in USD"},
		{"T-3", "ten", "refund_failed", "no amount to pay"},
		{"T-4", "0.00 USD", "refund_failed", "no amount to pay"},
		{"T-5", "20.00 USD", "", ""},
		{"T-5", "25.00 USD", "", ""},
		{"T-6", "10.01 USD", "refund_failed", "more than was paid"},
		{"T-1", "1.00 USD", "refund_failed", "more than was paid"},
	} {
		out := do(t, b.PayRefund, c.id, bot.Facts{"amount": c.amount})
		if out.Event != c.event || out.Facts["failure"] != c.failure || out.Pending != (c.event == "") {
			t.Errorf("%s %s: got %+v, want %s", c.id, c.amount, out, c.event)
		}
	}
	if got := s["8"].Book[4]; got.Amount != usd(2000) || got.State != "pending" || got.Do != "pay_refund" {
		t.Errorf("posted %+v", got)
	}
	if out := do(t, b.CancelOrder, "T-5", nil); out.Dead == "" {
		t.Errorf("an id of another act: got %+v", out)
	}
	b, _ = bookWith(bot.Unpaid)
	if out := do(t, b.PayRefund, "T-1", bot.Facts{"amount": "1.00 USD"}); out.Facts["failure"] != "nothing was paid" {
		t.Errorf("unpaid: got %+v", out)
	}
}

func TestSettleRefund(t *testing.T) {
	ctx := context.Background()
	for _, ok := range []bool{true, false} {
		b, _ := bookWith(bot.Cancelled)
		do(t, b.PayRefund, "T-1", bot.Facts{"amount": "30.00 USD"})
		want := bot.Done("refund_settled", nil)
		if !ok {
			want = bot.Done("refund_failed", bot.Facts{"failure": "card closed"})
		}
		for range 2 {
			if got, err := b.SettleRefund(ctx, "8", "T-1", ok, "card closed"); err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v, %v, want %+v", got, err, want)
			}
		}
		if _, err := b.SettleRefund(ctx, "8", "T-1", !ok, ""); !errors.Is(err, ErrSettled) {
			t.Errorf("the other end: got %v, want %v", err, ErrSettled)
		}
		if got := do(t, b.PayRefund, "T-1", bot.Facts{"amount": "30.00 USD"}); !reflect.DeepEqual(got, want) {
			t.Errorf("asked again: got %+v, want %+v", got, want)
		}
		if _, err := b.SettleRefund(ctx, "8", "T-9", ok, ""); !errors.Is(err, bot.ErrNone) {
			t.Errorf("no such refund: got %v", err)
		}
	}
}

func TestBrokenEngineLeavesItUnclear(t *testing.T) {
	b, _ := bookWith(bot.Processing)
	b.Shelf = broken{}
	for name, hand := range b.Hands() {
		if out, err := hand(context.Background(), bot.Task{ID: "T-1", Facts: bot.Facts{"amount": "1.00 USD"}}); !errors.Is(err,
			bot.ErrClosed) || !reflect.DeepEqual(out, bot.Outcome{}) {
			t.Errorf("%s: got %+v, %v", name, out, err)
		}
	}
	b.Shelf = memoryEngine{}
	if out := do(t, b.PayRefund, "T-1", bot.Facts{"amount": "1.00 USD"}); out.Event != "refund_failed" {
		t.Errorf("no such order: got %+v", out)
	}
}

type broken struct{}

func (broken) Order(context.Context, string) (bot.Order, error) { return bot.Order{}, bot.ErrClosed }
func (broken) ChangeOrder(context.Context, string, func(*bot.Order) error) (bot.Order, error) {
	return bot.Order{}, bot.ErrClosed
}

func TestMoneyNeverMovesTwice(t *testing.T) {
	ctx := context.Background()
	rapid.Check(t, func(t *rapid.T) {
		b, s := bookWith(rapid.SampledFrom(bot.Stages).Draw(t, "stage"))
		b.AutoSettle = rapid.Bool().Draw(t, "auto")
		first := map[string]bot.Outcome{}
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			id := rapid.SampledFrom([]string{"T-1", "T-2", "T-3", "T-4", "T-5"}).Draw(t, "task")
			task := bot.Task{ID: id, Order: "8", Facts: bot.Facts{"amount": usd(rapid.Int64Range(0, 3500).Draw(t, "amount")).String()}}
			before := s["8"]
			switch rapid.IntRange(0, 3).Draw(t, "act") {
			case 0:
				if _, err := b.CancelOrder(ctx, task); err != nil {
					t.Fatal(err)
				}
			case 1:
				if _, err := b.SettleRefund(ctx, "8", id, rapid.Bool().Draw(t, "ok"), ""); err != nil && !errors.Is(err, ErrSettled) &&
					!errors.Is(err, bot.ErrNone) {
					t.Fatal(err)
				}
			default:
				out, err := b.PayRefund(ctx, task)
				if err != nil {
					t.Fatal(err)
				}
				if was, seen := first[id]; seen && !was.Pending && !reflect.DeepEqual(out, was) {
					t.Fatalf("%s answered %+v and then %+v", id, was, out)
				}
				first[id] = out
			}
			for n, p := range before.Book { // what is posted stands; only a pending refund ends
				after := s["8"].Book[n]
				if !reflect.DeepEqual(p, after) && (p.State != "pending" || after.Amount != p.Amount || after.Task != p.Task) {
					t.Fatalf("%+v became %+v", p, after)
				}
			}
		}
		sum, tasks := int64(0), []string{}
		for _, p := range s["8"].Book {
			if slices.Contains(tasks, p.Task) {
				t.Fatalf("%s is posted twice", p.Task)
			}
			tasks = append(tasks, p.Task)
			if p.Do == "pay_refund" && p.State != "failed" {
				sum += p.Amount.Minor
			}
		}
		if total := s["8"].Total.Minor; sum > total {
			t.Fatalf("%d of %d was paid back", sum, total)
		}
	})
}
