package hook

import (
	"context"
	"errors"
	"net/http"

	"nevermind/adapters/shop"
	"nevermind/bot"
)

// CancelOrder asks the shop to cancel an order or some of its lines, unless the order says already how that ends.
func (s *Shop) CancelOrder(ctx context.Context, t bot.Task) (bot.Outcome, error) {
	o, known, err := s.book.Standing(ctx, t)
	if known || err != nil {
		return o, err
	}
	return s.command(ctx, &t, cancelBody)
}

// PayRefund posts the refund as pending in the order, where it counts against what was paid, and asks the shop for it.
func (s *Shop) PayRefund(ctx context.Context, t bot.Task) (bot.Outcome, error) {
	if err := s.settle(ctx, &t); err != nil {
		return bot.Outcome{}, err
	}
	o, err := s.book.PayRefund(ctx, t)
	if err != nil || !o.Pending {
		return o, err
	}
	return s.command(ctx, &t, refundBody)
}

// SendNews tells the shop what has become of a case; any answer of the two hundreds is a good one.
func (s *Shop) SendNews(ctx context.Context, t bot.Task) (bot.Outcome, error) {
	text, err := newsBody(&t)
	if err != nil {
		return bot.GivenUp("cannot be written"), nil //nolint:nilerr // it is set aside for an operator
	}
	if a := s.try(ctx, &t, text); !a.heard() {
		return s.unanswered(&t, a.after), nil
	}
	return bot.Finished(), nil
}

// command sends a command and takes its outcome, if the answer has one. Anything but 202 or a 200 that says how it
// ended is no answer, and is tried again: a command about money is never taken for done.
func (s *Shop) command(ctx context.Context, t *bot.Task, write func(*bot.Task) ([]byte, error)) (bot.Outcome, error) {
	text, err := write(t)
	if err != nil {
		return bot.GivenUp("cannot be written"), nil //nolint:nilerr // it is set aside for an operator
	}
	a := s.try(ctx, t, text)
	switch {
	case a.status == http.StatusAccepted:
		return bot.Pending(), nil
	case a.ended == nil:
		return s.unanswered(t, a.after), nil
	}
	return s.end(ctx, t, *a.ended)
}

// end posts how a command has ended. Where another end was posted first, what the shop says now is returned: the
// engine knows which of them came first, and tells support.
func (s *Shop) end(ctx context.Context, t *bot.Task, e shop.Ended) (bot.Outcome, error) {
	first, err := s.book.End(ctx, *t, e)
	if err != nil || shop.Done(first) == e.Done {
		return first, err
	}
	said, _ := e.Outcome(t.Do)
	return said, nil
}

// settle ends the order's refunds that are pending in the book although the shop has said how they ended: a crash came
// between.
func (s *Shop) settle(ctx context.Context, t *bot.Task) error {
	o, err := s.house.Order(ctx, t.Order)
	if err != nil {
		return ignore(err, bot.ErrNone)
	}
	for _, p := range o.Book {
		if p.Do != "pay_refund" || p.State != "pending" || p.Task == t.ID {
			continue
		}
		r, err := s.house.Task(ctx, p.Task)
		if err == nil && r.State == bot.TaskDone {
			_, err = s.book.End(ctx, r.Task, first(&r))
		}
		if ignore(err, bot.ErrNone) != nil {
			return err
		}
	}
	return nil
}

// first is how the case was told that a task has ended.
func first(r *bot.TaskRecord) shop.Ended {
	return shop.Ended{Done: shop.Done(r.Outcome), Detail: r.Outcome.Facts["failure"]}
}

func ignore(err, what error) error {
	if errors.Is(err, what) {
		return nil
	}
	return err
}
