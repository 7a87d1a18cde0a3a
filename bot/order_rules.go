package bot

import (
	"slices"
	"strconv"
	"strings"
	"time"
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

// CheckOutcome is that of the stage, but "order_open" where a part of the order has left and what the facts "lines" and
// "parts" name has not.
func (o *Order) CheckOutcome(f Facts) string {
	if o.Stage == PartShipped && o.mayCancel(f) == nil {
		return "order_open"
	}
	return o.Stage.CheckOutcome()
}

// CancelOutcome is that of the stage, but "order_cancelled" where a part of the order has left and what the facts "lines"
// and "parts" name has not.
func (o *Order) CancelOutcome(f Facts) string {
	if o.Stage == PartShipped && o.mayCancel(f) == nil {
		return "order_cancelled"
	}
	return o.Stage.CancelOutcome()
}

// mayCancel says why what the facts name cannot be cancelled.
func (o *Order) mayCancel(f Facts) error {
	all := o.Clone()
	return all.CancelNamed(f, o.Updated)
}

// CancelNamed cancels what the facts "lines" and "parts" name, and all of the order where they name nothing; then a part
// that has left is ErrLeft (S06, S20). What is cancelled already stays so. On an error nothing changes; see CancelParts.
func (o *Order) CancelNamed(f Facts, at time.Time) error {
	parts, whole := o.Named(f)
	for _, id := range LineIDs(f["lines"]) {
		if !slices.ContainsFunc(o.Items, func(i Item) bool { return i.ID == id }) {
			return ErrNoLine
		}
	}
	switch {
	case o.Stage == Cancelled:
		return nil
	case whole && o.HasLeft():
		return ErrLeft
	case !whole && len(parts) == 0 && o.Stage != Verifying && o.Stage != Frozen:
		return nil // all of it is cancelled already
	case whole && len(o.OpenParts()) == 0 && len(parts) == 0 && o.Stage != Verifying && o.Stage != Frozen:
		o.Cancel(at)
		return nil
	}
	return o.CancelParts(parts, at)
}

// Named is what the facts "parts" ("1=2,3=1", how many of which line) or "lines" ("1,3", all that is left of each) name; of
// lines that are cancelled nothing. It is true where they name nothing: the whole order.
func (o *Order) Named(f Facts) (parts []Part, whole bool) {
	if f["parts"] != "" {
		return ReadParts(f["parts"]), false
	}
	if f["lines"] == "" {
		return nil, true
	}
	return o.WholeLines(LineIDs(f["lines"])...), false
}

// Chosen writes what is chosen of what is open as the facts "lines" and "parts"; the latter is empty where whole lines are
// meant and nothing has left yet.
func (o *Order) Chosen(open, chosen []Part) Facts {
	var ids []string
	var parts []Part
	counted := o.Stage == PartShipped
	for _, p := range open {
		n := slices.IndexFunc(chosen, func(c Part) bool { return c.ID == p.ID })
		if n < 0 {
			continue
		}
		ids, parts = append(ids, p.ID), append(parts, Part{p.ID, min(p.Quantity, chosen[n].Quantity)})
		counted = counted || slices.ContainsFunc(o.Items, func(i Item) bool { return i.ID == p.ID && i.Counted })
	}
	facts := Facts{"lines": strings.Join(ids, ","), "parts": ""}
	if counted {
		facts["parts"] = WriteParts(parts)
	}
	return facts
}

// ReadParts reads the fact "parts": "1=2,3=1". What cannot be read is left out.
func ReadParts(fact string) (parts []Part) {
	for _, word := range LineIDs(fact) {
		id, quantity, _ := strings.Cut(word, "=")
		if n, err := strconv.Atoi(quantity); err == nil && n > 0 {
			parts = append(parts, Part{id, n})
		}
	}
	return parts
}

// WriteParts writes quantities as the fact "parts".
func WriteParts(parts []Part) string {
	words := make([]string, len(parts))
	for n, p := range parts {
		words[n] = p.ID + "=" + strconv.Itoa(p.Quantity)
	}
	return strings.Join(words, ",")
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
