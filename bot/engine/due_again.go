package engine

import (
	"context"
	"fmt"
	"slices"

	"nevermind/bot"
)

// dueAgainEvent begins the record about money that had counted as paid back and has not gone. The name is stored: a promise.
const dueAgainEvent = "refund_due"

// undoing are the events of an order after which money that had counted as paid back by others may be due again.
var undoing = []string{"refund_undone", "chargeback_won"}

// tellDueAgain makes the task by which money is due again though its case is closed: the shop has corrected what it said, or
// a chargeback that was lost is won after all. While a case is open, its own amounts follow the order instead.
func (o *orders) tellDueAgain(ctx context.Context, order, before *bot.Order) ([]bot.Task, error) {
	f := o.cfg.Flows
	undone := slices.ContainsFunc(order.Events(before), func(name string) bool { return slices.Contains(undoing, name) })
	if !undone || f.DueAgain == nil || f.Refund == "" || !before.Refundable().Less(order.Refundable()) {
		return nil, nil
	}
	c, err := o.closedCase(ctx, order)
	if err != nil || c == nil {
		return nil, err
	}
	due := f.DueAgain(order, c)
	if due.IsZero() {
		return nil, nil
	}
	v := bot.View{Seed: newSeed()}
	ev := bot.Event{ID: fmt.Sprintf("due:%s:%d", order.ID, before.Version+1), Name: dueAgainEvent, By: bot.Shop, Facts: bot.Facts{
		"order": order.ID, "kind": "refund", "id": v.NewID("C"), "follows": c.ID, "amount": due.String(), "asked": due.String(),
		"why": "due_again", "stuck": "refund",
	}}
	key, err := (&loader{o.base}).caseKey(ctx, f.Refund, order.ID)
	return []bot.Task{o.tellTask(key, ev)}, err
}

// mostClosed is how many records of one order are looked through.
const mostClosed = 200

// closedCase is the order's newest case where none is open; nil where one is, or there never was one.
func (o *orders) closedCase(ctx context.Context, order *bot.Order) (last *bot.Conversation, err error) {
	keys, err := o.cfg.Store.Find(ctx, "order:"+order.ID, "", mostClosed)
	if err != nil {
		return nil, err
	}
	for _, key := range keys {
		if f := o.rules.ByName[key.Kind()]; f == nil || !f.Case {
			continue
		}
		c, err := o.cfg.Store.Conversation(ctx, key)
		if err != nil {
			return nil, err
		}
		if c.Closed.IsZero() {
			return nil, nil
		}
		if last == nil || !c.Closed.Before(last.Closed) { // the record of a refund is found behind the case that it follows
			last = &c
		}
	}
	return last, nil
}
