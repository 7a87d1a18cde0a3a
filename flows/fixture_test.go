package flows_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"nevermind/adapters/shop"
	"nevermind/bot"
	"nevermind/flows/transcript"
)

// anOrder reads an order as it stands in a transcript.
func anOrder(t testing.TB, line string) bot.Order {
	t.Helper()
	o, err := transcript.Order(line)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// shop plays what the shop does: "ship 81000001 LP00123456", "cancel", "confirm", "deliver", "freeze", "complete",
// "settle", "fail 81000001 why", "down", "up".
func (s *stage) shop(what string) {
	words := strings.Fields(what)
	switch act := words[0]; act {
	case "down", "up":
		s.down = act == "down"
	case "silent", "speaks":
		s.silent = act == "silent"
	case "contradict":
		s.contradict(words[1], words[2])
	case "bounce": // the last refund that is done
		s.bounce(words[1], strings.Join(words[2:], " "))
	case "settle", "fail":
		s.settle(words[1], act == "settle", strings.Join(words[2:], " "))
	default:
		_, err := s.engine.ChangeOrder(s.t.Context(), words[1], func(o *bot.Order) error { return transcript.Change(o, words, s.now) })
		s.must(err)
	}
}

// givenUp posts a refund, asks for nothing, and gives up.
func (s *stage) givenUp(ctx context.Context, t bot.Task, hand bot.Hand) (bot.Outcome, error) {
	if t.Do == "pay_refund" {
		if o, err := hand(ctx, t); err != nil || !o.Pending {
			return o, err
		}
	}
	return bot.GivenUpAs("shop_unanswered", "the shop has not answered"), nil
}

// contradict lets the shop say that it has not done what it has done, or that it has done what had failed.
func (s *stage) contradict(order, do string) {
	o, err := s.engine.Order(s.t.Context(), order)
	s.must(err)
	for _, p := range o.Book {
		if p.Do == do && p.State != "pending" {
			if err := s.engine.Result(s.t.Context(), p.Task, otherwise(do, p.State)); !errors.Is(err, bot.ErrSeen) {
				s.t.Fatalf("another outcome: got %v, want %v", err, bot.ErrSeen)
			}
			return
		}
	}
	s.t.Fatalf("order %s has no %s that has ended", order, do)
}

// otherwise is the outcome of a command that its state denies.
func otherwise(do, state string) bot.Outcome {
	o, _ := shop.Ended{Done: state == "failed"}.Outcome(do)
	return o
}

// bounce lets the shop say that the order's last refund that was done has come back, twice, since a repeat does no harm.
func (s *stage) bounce(order, why string) {
	o, err := s.engine.Order(s.t.Context(), order)
	s.must(err)
	for _, p := range slices.Backward(o.Book) {
		if p.Do == "pay_refund" && p.State == "done" {
			s.must(s.engine.Bounced(s.t.Context(), p.Task, why))
			s.must(s.engine.Bounced(s.t.Context(), p.Task, why))
			return
		}
	}
	s.t.Fatalf("order %s has no refund that is done", order)
}

// settledBy lets the shop say how the order's pending refund ended.
func (s *stage) settle(order string, ok bool, why string) {
	o, err := s.engine.Order(s.t.Context(), order)
	s.must(err)
	for _, p := range o.Book {
		if p.Do != "pay_refund" || p.State != "pending" {
			continue
		}
		outcome, err := s.book.SettleRefund(s.t.Context(), order, p.Task, ok, why)
		if errors.Is(err, shop.ErrHeld) {
			return // the shop's own people see that it is held
		}
		s.must(err)
		s.must(s.engine.Result(s.t.Context(), p.Task, outcome))
		return
	}
	s.t.Fatalf("order %s has no refund pending", order)
}
