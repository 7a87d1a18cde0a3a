package connector

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"nevermind/adapters/shop"
	"nevermind/bot"
)

// errUnseen is an order that shows nothing of what the shop was asked for.
var errUnseen = errors.New("the order shows nothing of it")

// PayRefund pays the fact "amount" back: it is posted in the order, begun in the shop at each payment that it goes back to,
// and settled. Each of these is a step of its own; a repeat goes on at the first that the shop does not show. Where the shop
// settles refunds itself, the outcome comes later.
func (s *Shop) PayRefund(ctx context.Context, t bot.Task) (bot.Outcome, error) {
	now, err := s.read(ctx, t.Order)
	if err != nil {
		return s.again(&t, err), nil
	}
	if now != nil {
		if err := s.put(ctx, now, &t); err != nil { // what the shop has paid by itself counts
			if _, wrong := unfit(err); wrong {
				return s.again(&t, err), nil
			}
			return bot.Outcome{}, err
		}
	}
	o, err := s.book.PayRefund(ctx, t)
	switch {
	case err != nil || !o.Pending:
		return o, err
	case now == nil:
		return s.end(ctx, &t, shop.Ended{Detail: noSuchOrder})
	}
	if held, err := s.book.Held(ctx, &t); held || err != nil {
		return bot.RetryAfter(time.Hour), err
	}
	p, err := s.posting(ctx, &t)
	if err != nil {
		return bot.Outcome{}, err
	}
	no, wait, err := s.begin(ctx, &t, now, p)
	if wait > 0 || err != nil {
		return s.later(&t, wait, err), nil
	}
	return s.settle(ctx, &t, p, no)
}

// posting is what the book has written of a refund.
func (s *Shop) posting(ctx context.Context, t *bot.Task) (bot.Posting, error) {
	held, err := s.engine.Order(ctx, t.Order)
	if err != nil {
		return bot.Posting{}, fmt.Errorf("refund: %w", err)
	}
	n := slices.IndexFunc(held.Book, func(p bot.Posting) bool { return p.Task == t.ID })
	if n < 0 {
		return bot.Posting{}, fmt.Errorf("refund: it is not in the book: %w", bot.ErrNone)
	}
	p := held.Book[n]
	if len(p.Payments) == 0 { // the shop lists no payments: it finds the way by itself
		p.Payments = []bot.PaymentShare{{Amount: p.Amount}}
	}
	return p, nil
}

// begin begins what the order does not show as begun. It stops at the shop's no, and where it is too early to know.
func (s *Shop) begin(ctx context.Context, t *bot.Task, now *Order, p bot.Posting) (no Refusal, wait time.Duration, err error) {
	if err := s.claim(ctx, now, t); err != nil {
		return no, 0, err
	}
	for _, share := range p.Payments {
		if now.begun(t.ID, share) {
			continue
		}
		if wait := s.certain.wait(t, s.cfg.Now()); wait > 0 {
			return no, wait, nil
		}
		err := s.system.Refund(ctx, now, share, t.ID)
		if no, clear := refused(err); clear {
			return no, 0, nil
		}
		if err != nil {
			s.certain.lost(t, s.cfg.Now())
			return no, 0, err
		}
	}
	return no, 0, nil
}

// later is the outcome of a refund that is not begun, or of which that is not known.
func (s *Shop) later(t *bot.Task, wait time.Duration, err error) bot.Outcome {
	if err != nil {
		return s.again(t, err)
	}
	return bot.RetryAfter(wait)
}

// settle settles what is pending, where that is ours to do, and ends the refund by what the shop then shows.
func (s *Shop) settle(ctx context.Context, t *bot.Task, p bot.Posting, no Refusal) (bot.Outcome, error) {
	now, err := s.read(ctx, t.Order)
	if err != nil || now == nil {
		s.certain.lost(t, s.cfg.Now())
		return s.again(t, err), nil
	}
	if err := s.claim(ctx, now, t); err != nil {
		return bot.Outcome{}, err
	}
	for _, r := range now.Refunds {
		if !s.cfg.Settles || r.Task != t.ID || r.State != Pending {
			continue
		}
		if err := s.system.Settle(ctx, now, r); err != nil { // that it is settled already is seen when it is read again
			return s.again(t, err), nil
		}
		if now, err = s.read(ctx, t.Order); err != nil || now == nil {
			return s.again(t, err), nil
		}
		if err := s.claim(ctx, now, t); err != nil {
			return bot.Outcome{}, err
		}
	}
	e, over := endOf(now, p, no)
	if !over && no.Why == "" && !now.shows(p) {
		s.certain.lost(t, s.cfg.Now())
		return s.again(t, errUnseen), nil
	}
	if !over {
		s.certain.over(t)
		return bot.Pending(), s.put(ctx, now, t)
	}
	o, err := s.end(ctx, t, e)
	if err != nil {
		return o, err
	}
	return o, s.put(ctx, now, t)
}

// shows says whether the order shows every part of a refund.
func (o *Order) shows(p bot.Posting) bool {
	return !slices.ContainsFunc(p.Payments, func(share bot.PaymentShare) bool {
		return !o.begun(p.Task, share)
	})
}

// begun says whether the order shows a task's refund to a payment.
func (o *Order) begun(task string, share bot.PaymentShare) bool {
	return slices.ContainsFunc(o.Refunds, func(r Refund) bool {
		return r.Task == task && (r.Payment == share.ID || share.ID == "")
	})
}

// endOf is how a refund has ended by what the shop shows, and whether it has: paid in full, or not all of it and nothing of it
// is pending.
func endOf(o *Order, p bot.Posting, no Refusal) (e shop.Ended, over bool) {
	paid, failed := int64(0), no.Why != ""
	for _, r := range o.Refunds {
		switch {
		case r.Task != p.Task:
		case r.State == Pending:
			return e, false
		case r.State == Failed:
			failed = true
		default: // that it has come back is another event
			paid += r.Amount.Minor
		}
	}
	switch {
	case paid >= p.Amount.Minor:
		return shop.Ended{Done: true}, true
	case !failed:
		return e, false
	case no.Why == "":
		no.Why = "the refund failed in the shop"
	}
	if paid > 0 {
		no.Why = fmt.Sprintf("only %s of it went back: %s", bot.Money{Minor: paid, Currency: p.Amount.Currency}, no.Why)
	}
	return shop.Ended{Detail: no.Why}, true
}
