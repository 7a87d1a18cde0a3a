package connector

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"

	"nevermind/adapters/shop"
	"nevermind/bot"
)

// put stores an order as the shop shows it, with who takes part in it, and ends the refunds that it shows as ended, except
// that of the task under way, whose hand says so itself.
func (s *Shop) put(ctx context.Context, o *Order, underWay *bot.Task) error {
	shown := *o // what is left out here may be claimed later
	o = &shown
	if err := s.claim(ctx, o, underWay); err != nil {
		return err
	}
	o.Adjustments = adjustments(o)
	if faults := o.Check(); faults != nil {
		return fmt.Errorf("put an order: %w", bot.Faults(faults))
	}
	print := fingerprint(o)
	if underWay == nil && s.same.as(o.ID, print) {
		return nil
	}
	if err := s.keepPrices(ctx, &o.Order); err != nil {
		return err
	}
	held, err := s.engine.PutOrder(ctx, o.Order)
	if err != nil {
		return fmt.Errorf("put an order: %w", err)
	}
	for id, name := range o.Names {
		if err := s.engine.Known(ctx, id, name); err != nil {
			return fmt.Errorf("put an order: %w", err)
		}
	}
	for _, p := range held.Book {
		if p.Do == "pay_refund" && (underWay == nil || p.Task != underWay.ID) {
			if err := s.endLate(ctx, o, p); err != nil {
				return fmt.Errorf("put an order: %w", err)
			}
		}
	}
	if underWay == nil {
		s.same.is(o.ID, print)
	}
	return nil
}

// keepPrices leaves what was paid for each line as it was held: a shop may share a discount out anew once a part of an order
// is cancelled, and what goes back for a line is what was paid for it.
func (s *Shop) keepPrices(ctx context.Context, o *bot.Order) error {
	held, err := s.engine.Order(ctx, o.ID)
	if errors.Is(err, bot.ErrNone) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("put an order: %w", err)
	}
	cancelled := slices.ContainsFunc(o.Items, func(i bot.Item) bool { return i.Gone() > 0 })
	same := slices.EqualFunc(o.Items, held.Items, func(a, b bot.Item) bool { return a.ID == b.ID && a.Ordered() == b.Ordered() })
	if !cancelled || !same || held.Total != o.Total {
		return nil
	}
	for n := range o.Items {
		o.Items[n].Price = held.Items[n].Price
	}
	o.Shipping, o.Discounts, o.Coupon = held.Shipping, held.Discounts, held.Coupon
	return nil
}

// unfit says whether an order cannot be as the shop shows it. Nothing is then done to it: by what is held it may have left.
func unfit(err error) (shop.Ended, bool) {
	var wrong bot.Faults
	if !errors.As(err, &wrong) {
		return shop.Ended{}, false
	}
	return shop.Ended{Detail: "the order does not add up as the shop shows it: " + wrong[0].Error()}, true
}

// claim says whose the refunds are that the shop has begun by itself since the order was cancelled: the shop's own, unless we
// have cancelled it, or are about to. Until a task asks for that money, it is left out.
func (s *Shop) claim(ctx context.Context, o *Order, underWay *bot.Task) error {
	if !slices.ContainsFunc(o.Refunds, func(r Refund) bool { return r.Task == Automatic }) {
		return nil
	}
	held, err := s.engine.Order(ctx, o.ID)
	if err != nil && !errors.Is(err, bot.ErrNone) {
		return fmt.Errorf("whose a refund is: %w", err)
	}
	ours, asker := underWay != nil && underWay.Do == "cancel_order", ""
	for _, p := range held.Book {
		ours = ours || p.Do == "cancel_order" && p.State == "done"
		if p.Do == "pay_refund" && p.State != "failed" && asker == "" {
			asker = p.Task
		}
	}
	var all []Refund
	for _, r := range o.Refunds {
		if r.Task != Automatic {
			all = append(all, r)
			continue
		}
		if r.Task = ""; ours {
			r.Task = asker
		}
		if !ours || asker != "" {
			all = append(all, r)
		}
	}
	o.Refunds = all
	return nil
}

// endLate ends a refund that was pending when its hand let go of it, once the shop shows its end.
func (s *Shop) endLate(ctx context.Context, o *Order, p bot.Posting) error {
	e, over := endOf(o, p, Refusal{})
	if !over {
		return nil
	}
	r, err := s.engine.Task(ctx, p.Task)
	if errors.Is(err, bot.ErrNone) || err == nil && r.State != bot.TaskPending {
		return nil
	}
	if err != nil {
		return err
	}
	out, err := s.book.End(ctx, r.Task, e)
	if err != nil {
		return err
	}
	return s.engine.Result(ctx, p.Task, out)
}

// adjustments are the refunds as an order lists them: the shop's own one by one, and those of a task together.
func adjustments(o *Order) (all []bot.Adjustment) {
	at := map[string]int{}
	for _, r := range o.Refunds {
		status, ok := map[RefundState]bot.AdjustmentStatus{
			Pending: bot.AdjustmentOpen, Settled: bot.AdjustmentCompleted, Bounced: bot.AdjustmentReversed,
		}[r.State]
		if !ok {
			continue
		}
		a := bot.Adjustment{ID: r.ID, Type: bot.OwnRefund, Amount: r.Amount, Payment: r.Payment, Status: status, At: r.At, Task: r.Task}
		n, same := at[r.Task]
		if r.Task == "" || !same {
			at[r.Task] = len(all)
			all = append(all, a)
			continue
		}
		all[n] = joined(all[n], a)
	}
	return all
}

// joined is one adjustment of two that are of one task. What has come back does not count, unless all has.
func joined(a, b bot.Adjustment) bot.Adjustment {
	a.Payment = ""
	switch {
	case a.Status == bot.AdjustmentReversed && b.Status != bot.AdjustmentReversed:
		a.Amount, a.Status = b.Amount, b.Status
	case a.Status != bot.AdjustmentReversed && b.Status == bot.AdjustmentReversed:
	default:
		a.Amount.Minor += b.Amount.Minor
		if b.Status == bot.AdjustmentOpen {
			a.Status = b.Status
		}
	}
	return a
}

// unchanged remembers what orders looked like when they were last put by this process, so that looking at many of them again
// writes nothing.
type unchanged struct {
	mu    sync.Mutex
	print map[string][sha256.Size]byte
}

// mostPrints bounds it; then it begins anew.
const mostPrints = 100_000

func fingerprint(o *Order) [sha256.Size]byte {
	text, err := json.Marshal(o)
	if err != nil {
		panic(err) // texts, numbers and times alone
	}
	return sha256.Sum256(text)
}

func (u *unchanged) as(id string, print [sha256.Size]byte) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	was, ok := u.print[id]
	return ok && was == print
}

func (u *unchanged) is(id string, print [sha256.Size]byte) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.print == nil || len(u.print) >= mostPrints {
		u.print = map[string][sha256.Size]byte{}
	}
	u.print[id] = print
}
