package connector

import (
	"context"
	"slices"

	"nevermind/adapters/shop"
	"nevermind/bot"
)

// noSuchOrder is why nothing is done to an order that the shop does not have.
const noSuchOrder = "the shop has no such order"

// CancelOrder cancels an order, or what the facts "lines" and "parts" name. The order is read first: what was done for this
// task before is not done again, and what has left meanwhile is not cancelled. It is read once more afterwards, and only what
// the shop then shows is believed.
func (s *Shop) CancelOrder(ctx context.Context, t bot.Task) (bot.Outcome, error) {
	now, err := s.read(ctx, t.Order)
	switch {
	case err != nil:
		return s.again(&t, err), nil
	case now == nil:
		return s.end(ctx, &t, shop.Ended{Detail: noSuchOrder})
	case now.cancelledFor(t.ID):
		return s.cancelled(ctx, &t, now)
	}
	if err := s.put(ctx, now, &t); err != nil {
		if e, wrong := unfit(err); wrong {
			return s.end(ctx, &t, e)
		}
		return bot.Outcome{}, err
	}
	if o, known, err := s.book.KnownCancellation(ctx, t); known || err != nil {
		return o, err
	}
	if wait := s.certain.wait(&t, s.cfg.Now()); wait > 0 {
		return bot.RetryAfter(wait), nil
	}
	parts, _ := now.Named(t.Facts)
	err = s.system.Cancel(ctx, now, parts, t.ID)
	no, clear := refused(err)
	if err != nil && !clear {
		s.certain.lost(&t, s.cfg.Now())
		return s.again(&t, err), nil
	}
	if now, err = s.read(ctx, t.Order); err != nil || now == nil {
		s.certain.lost(&t, s.cfg.Now())
		return s.again(&t, err), nil
	}
	if now.cancelledFor(t.ID) {
		return s.cancelled(ctx, &t, now)
	}
	return s.notCancelled(ctx, &t, now, no)
}

// notCancelled ends a cancellation of which the shop shows nothing: somebody else was quicker, it has left, or the shop will
// not.
func (s *Shop) notCancelled(ctx context.Context, t *bot.Task, now *Order, no Refusal) (bot.Outcome, error) {
	if err := s.put(ctx, now, t); err != nil {
		return bot.Outcome{}, err
	}
	if o, known, err := s.book.KnownCancellation(ctx, *t); known || err != nil {
		s.certain.over(t)
		return o, err
	}
	if no.Why == "" {
		s.certain.lost(t, s.cfg.Now())
		return s.again(t, errUnseen), nil
	}
	return s.end(ctx, t, shop.Ended{Detail: no.Why})
}

// cancelled ends a cancellation that the shop shows. What left in the very moment is told as such, and people decide.
func (s *Shop) cancelled(ctx context.Context, t *bot.Task, now *Order) (bot.Outcome, error) {
	if now.HasLeft() && now.leftAllTheSame() {
		if err := s.put(ctx, now, t); err != nil {
			return bot.Outcome{}, err
		}
		return s.end(ctx, t, shop.Ended{})
	}
	o, err := s.end(ctx, t, shop.Ended{Done: true})
	if err != nil {
		return o, err
	}
	return o, s.put(ctx, now, t)
}

// end posts how a task has ended.
func (s *Shop) end(ctx context.Context, t *bot.Task, e shop.Ended) (bot.Outcome, error) {
	o, err := s.book.End(ctx, *t, e)
	if err == nil {
		s.certain.over(t)
	}
	return o, err
}

// cancelledFor says whether the shop shows that something was cancelled for a task.
func (o *Order) cancelledFor(task string) bool { return slices.Contains(o.Cancellations, task) }

// leftAllTheSame says whether more of a line is in parcels than is left of it.
func (o *Order) leftAllTheSame() bool {
	sent := map[string]int{}
	for _, p := range o.Parcels {
		for _, part := range p.Items {
			sent[part.ID] += part.Quantity
		}
	}
	return slices.ContainsFunc(o.Items, func(i bot.Item) bool { return sent[i.ID]+i.Gone() > i.Ordered() })
}
