package bot

import (
	"slices"
	"strings"
)

// CheckOutcome returns the event by which a shop answers "check_order" for an order at this stage: "order_unpaid",
// "order_open", "order_had_shipped", "order_was_cancelled", or "order_locked" while a payment is being confirmed and while
// the order is on hold (S09).
func (s Stage) CheckOutcome() string {
	switch s {
	case Unpaid:
		return "order_unpaid"
	case Processing:
		return "order_open"
	case PartShipped, Shipped, Delivered, Completed:
		return "order_had_shipped"
	case Cancelled:
		return "order_was_cancelled"
	}
	return "order_locked"
}

// CancelOutcome returns the event by which a shop answers "cancel_order" for an order at this stage: "order_cancelled" also
// where it is cancelled already, "order_had_shipped" once a part of it has left, for the shop does not say which lines, and
// else "cancel_failed" (S04, S06, S09).
func (s Stage) CancelOutcome() string {
	switch s {
	case Unpaid, Processing, Cancelled:
		return "order_cancelled"
	case PartShipped, Shipped, Delivered, Completed:
		return "order_had_shipped"
	}
	return "cancel_failed"
}

// CancelLines marks the lines with these ids as cancelled, all of them where no id is given, and cancels the order once no
// line is left (S20). The order's slice of lines is copied before it is changed. Ids that no line has are passed over.
func (o *Order) CancelLines(ids []string) {
	o.Items = slices.Clone(o.Items)
	left := false
	for i := range o.Items {
		item := &o.Items[i]
		item.Cancelled = item.Cancelled || len(ids) == 0 || slices.Contains(ids, item.ID)
		left = left || !item.Cancelled
	}
	if !left {
		o.Cancel(o.Updated)
	}
}

// LineIDs takes the fact "lines" apart: ids of an order's lines with commas between; none is the whole order.
func LineIDs(fact string) []string {
	if fact == "" {
		return nil
	}
	ids := strings.Split(fact, ",")
	for i, id := range ids {
		ids[i] = strings.TrimSpace(id)
	}
	return ids
}
