package bot

import (
	"cmp"
	"slices"
	"time"
)

// Discount is what is taken off some lines, or off the whole order where Items is empty.
type Discount struct {
	Code   string `json:",omitempty"`
	Amount Money
	Items  []string `json:",omitempty"` // ids of lines
	Used   bool     `json:",omitempty"`
}

// Payment is one way in which an order, or a part of it, was paid.
type Payment struct {
	ID     string
	Method string // "card", "gift_card"
	Amount Money
}

// PaymentShare is what goes back to one payment.
type PaymentShare struct {
	ID     string
	Amount Money
}

// AdjustmentType is what an adjustment is.
type AdjustmentType string

// The types of adjustments, as the contract names them.
const (
	OwnRefund       AdjustmentType = "refund"           // paid by the shop without being asked here, or by the task that it names
	Chargeback      AdjustmentType = "chargeback"       // taken back by the bank of whoever paid
	PriceAdjustment AdjustmentType = "price_adjustment" // a part of the price given back
)

// AdjustmentTypes lists every type.
var AdjustmentTypes = []AdjustmentType{OwnRefund, Chargeback, PriceAdjustment}

// AdjustmentStatus is how far an adjustment is.
type AdjustmentStatus string

// The statuses of adjustments, as the contract names them.
const (
	AdjustmentOpen      AdjustmentStatus = "open"      // on its way; an open chargeback holds every refund of its order
	AdjustmentCompleted AdjustmentStatus = "completed" // the money has gone
	AdjustmentReversed  AdjustmentStatus = "reversed"  // the money is back: a refund that bounced, a chargeback that was won
)

// AdjustmentStatuses lists every status.
var AdjustmentStatuses = []AdjustmentStatus{AdjustmentOpen, AdjustmentCompleted, AdjustmentReversed}

// Adjustment is money that has moved after an order was paid.
type Adjustment struct {
	ID      string
	Type    AdjustmentType
	Amount  Money
	Payment string `json:",omitempty"` // the id of the payment that it goes back to; "" is not known
	Status  AdjustmentStatus
	At      time.Time `json:",omitzero"`
	Task    string    `json:",omitempty"` // the id of our own task that it comes from: counted once
}

// RefundsHeld says whether refunds have to wait: a chargeback is open.
func (o *Order) RefundsHeld() bool {
	return slices.ContainsFunc(o.Adjustments, func(a Adjustment) bool { return a.Type == Chargeback && a.Status == AdjustmentOpen })
}

// Refundable is the most that can still be paid back: what was paid, less every refund pending or done in the book, what
// the shop has paid back by itself, price adjustments, and chargebacks that are lost. An open chargeback is not taken off:
// it holds refunds, see RefundsHeld.
func (o *Order) Refundable() Money {
	left := o.Total
	if !o.WasPaid() {
		left.Minor = 0
	}
	for _, g := range o.paidBack() {
		left = left.Minus(g.Amount)
	}
	return left
}

// paidBack is all that has gone back or is on its way, each with the id of its payment, "" where that is not known.
func (o *Order) paidBack() (all []PaymentShare) {
	asked := map[string]bool{} // by tasks of the book
	for _, p := range o.Book {
		if p.Do != "pay_refund" {
			continue
		}
		asked[p.Task] = p.Task != ""
		n := slices.IndexFunc(o.Adjustments, func(a Adjustment) bool { return a.Task == p.Task && p.Task != "" })
		var told *Adjustment
		if n >= 0 {
			told = &o.Adjustments[n]
		}
		if p.countsWith(told) {
			all = append(all, p.shares(told)...)
		}
	}
	own := int64(0)
	for _, a := range o.Adjustments {
		if a.Status == AdjustmentReversed || asked[a.Task] || a.Type == Chargeback && a.Status == AdjustmentOpen {
			continue
		}
		if a.isOwn() {
			own += a.Amount.Minor
		}
		all = append(all, PaymentShare{a.Payment, a.Amount})
	}
	if more := o.Refunded.Minor - own; more > 0 {
		all = append(all, PaymentShare{"", Money{more, o.Refunded.Currency}})
	}
	return all
}

// countsWith says whether a refund of the book counts as paid back, given what the shop lists about it, if anything. What
// the shop said to fail and lists as open or completed all the same has gone.
func (p *Posting) countsWith(told *Adjustment) bool {
	switch {
	case p.State == "pending":
		return true
	case p.State == "bounced", told != nil && told.Status == AdjustmentReversed:
		return false
	}
	return p.State != "failed" || told != nil
}

// shares is where a refund of the book goes back to. Where the shop lists more than was asked for, or what it had said to
// fail, that is what counts.
func (p *Posting) shares(told *Adjustment) []PaymentShare {
	all, rest, payment := slices.Clone(p.Payments), p.Amount.Minor, ""
	if told != nil {
		payment = told.Payment
		if p.State == "failed" {
			all, rest = nil, told.Amount.Minor
		}
		rest = max(rest, told.Amount.Minor)
	}
	for _, s := range all {
		rest -= s.Amount.Minor
	}
	if rest > 0 {
		all = append(all, PaymentShare{payment, Money{rest, p.Amount.Currency}})
	}
	return all
}

// isOwn says whether an adjustment is a completed refund that the shop paid without being asked here: what the short form
// calls refunded.
func (a *Adjustment) isOwn() bool {
	return a.Type == OwnRefund && a.Status == AdjustmentCompleted && a.Task == ""
}

// Spread divides an amount over the payments it goes back to, so that none gets back more than it paid: first the methods
// named, in their order, then the one that was paid last, first. The shares add up to the amount.
func (o *Order) Spread(amount Money, methods []string) []PaymentShare {
	payments := o.Whole().Payments
	left := map[string]int64{}
	for _, p := range payments {
		left[p.ID] += p.Amount.Minor
	}
	lost := int64(0) // gone back, and to no payment that has as much
	for _, g := range o.paidBack() {
		take := min(left[g.ID], g.Amount.Minor)
		left[g.ID] -= take
		lost += g.Amount.Minor - take
	}
	order := refundOrder(payments, methods)
	drain(order, left, lost)
	shares := drain(order, left, amount.Minor)
	for _, s := range shares {
		amount.Minor -= s.Amount.Minor
	}
	if amount.Minor > 0 && len(order) > 0 { // payments that do not come to the total
		n := slices.IndexFunc(shares, func(s PaymentShare) bool { return s.ID == order[0].ID })
		if n < 0 {
			return append(shares, PaymentShare{order[0].ID, amount})
		}
		shares[n].Amount.Minor += amount.Minor
	}
	return shares
}

// drain takes an amount from what is left of payments, one after the other.
func drain(order []Payment, left map[string]int64, amount int64) (shares []PaymentShare) {
	for _, p := range order {
		if take := min(left[p.ID], amount); take > 0 {
			left[p.ID] -= take
			amount -= take
			shares = append(shares, PaymentShare{p.ID, Money{take, p.Amount.Currency}})
		}
	}
	return shares
}

// refundOrder is the order in which payments are given back.
func refundOrder(payments []Payment, methods []string) []Payment {
	all := slices.Clone(payments)
	slices.Reverse(all)
	rank := func(p Payment) int {
		if n := slices.Index(methods, p.Method); n >= 0 {
			return n
		}
		return len(methods)
	}
	slices.SortStableFunc(all, func(a, b Payment) int { return cmp.Compare(rank(a), rank(b)) })
	return all
}

// moneyEvents names what has happened to an order's money between two puts.
func (o *Order) moneyEvents(before *Order) (names []string) {
	switch {
	case before.Refunded.Minor < o.Refunded.Minor:
		names = append(names, "order_refunded")
	case before.Refunded.Minor > o.Refunded.Minor:
		names = append(names, "refund_undone")
	}
	if o.Total != before.Total {
		names = append(names, "total_changed")
	}
	if o.adjusted() != before.adjusted() {
		names = append(names, "price_adjusted")
	}
	return append(names, o.chargebackEvents(before)...)
}

// adjusted is the sum of the price adjustments that stand, in minor units.
func (o *Order) adjusted() (sum int64) {
	for _, a := range o.Adjustments {
		if a.Type == PriceAdjustment && a.Status != AdjustmentReversed {
			sum += a.Amount.Minor
		}
	}
	return sum
}

// chargeback is how one stands.
type chargeback struct {
	status AdjustmentStatus
	amount Money
}

// chargebackEvents names how chargebacks have opened and closed, or are about another amount now. One that is there no more
// counts as won.
func (o *Order) chargebackEvents(before *Order) (names []string) {
	was, is := before.chargebacks(), o.chargebacks()
	for id := range was {
		if _, still := is[id]; !still {
			is[id] = chargeback{}
		}
	}
	for _, e := range []struct {
		name     string
		happened func(was, is chargeback) bool
	}{
		{"chargeback_opened", func(was, is chargeback) bool { return is.status == AdjustmentOpen && was != is }},
		{"chargeback_lost", func(was, is chargeback) bool { return is.status == AdjustmentCompleted && was != is }},
		{"chargeback_won", func(was, is chargeback) bool {
			stood := was.status == AdjustmentOpen || was.status == AdjustmentCompleted
			return stood && (is.status == AdjustmentReversed || is.status == "")
		}},
	} {
		for id, now := range is {
			if e.happened(was[id], now) {
				names = append(names, e.name)
				break
			}
		}
	}
	return names
}

// chargebacks are the chargebacks by id.
func (o *Order) chargebacks() map[string]chargeback {
	all := map[string]chargeback{}
	for _, a := range o.Adjustments {
		if a.Type == Chargeback {
			all[a.ID] = chargeback{a.Status, a.Amount}
		}
	}
	return all
}

// PaidBack is all that has gone back or is on its way, in the order's currency: refunds pending or done, the shop's own,
// price adjustments and lost chargebacks. More than Total is too much.
func (o *Order) PaidBack() Money {
	sum := Money{0, o.Total.Currency}
	for _, g := range o.paidBack() {
		sum.Minor += g.Amount.Minor
	}
	return sum
}

// Overpaid says whether more has gone back, or is on its way, than was paid.
func (o *Order) Overpaid() bool { return o.Total.Less(o.PaidBack()) }

// Bounced marks a refund of the book as come back: it was done, and counts no more. False where no refund that is done
// stands under the task.
func (o *Order) Bounced(task, why string, at time.Time) bool {
	n := slices.IndexFunc(o.Book, func(p Posting) bool { return p.Task == task && p.Do == "pay_refund" && p.State == "done" })
	if n < 0 {
		return false
	}
	o.Book = slices.Clone(o.Book)
	o.Book[n].State, o.Book[n].Detail, o.Book[n].At = "bounced", why, at
	return true
}
