package bot

import (
	"cmp"
	"math/bits"
	"slices"
)

// RefundTerms is what a refund is worked out by besides the order; the zero value is the default of each.
type RefundTerms struct {
	Methods  []string // payment methods that are given back first, in this order; then the last paid first
	Delivery bool     // delivery goes back with the last of the goods though something had left
	Fee      Money    // what is kept of this refund (S82)
	Kept     Money    // what was kept of refunds of the same order before
	Returned []Part   // what has come back before, besides what is cancelled
}

// LineRefund is what a quantity of one line brings back.
type LineRefund struct {
	Part
	Amount Money // its price, less its own discounts and its share of those of the whole order
}

// Refund is what a set of quantities brings back. Lines, Delivery and Rest, less Before and Fee, come to Amount, and Payments
// add up to it.
type Refund struct {
	Lines    []LineRefund
	Delivery Money
	Rest     Money // of the whole order: what else had not gone back
	Before   Money // what of it has gone back before, or was never paid
	Fee      Money
	Amount   Money
	Payments []PaymentShare
	Held     bool // it has to wait: a chargeback is open
}

// RefundOf works out what quantities bring back, and all of the order where none is named: goods less their discounts, and
// delivery once nothing is left to deliver. It is exact to the minor unit: the same quantities come to the same amount in
// whatever order they are cancelled, and the last of them brings all that is left of what was paid. Of a line that is
// named twice the quantities add up; what is named beyond a line brings nothing.
func (o *Order) RefundOf(parts []Part, t RefundTerms) Refund {
	of := func(minor int64) Money { return Money{minor, o.Total.Currency} }
	r := Refund{Held: o.RefundsHeld()}
	taken, whole := o.taken(parts, t)
	sum := int64(0)
	for n, share := range o.shares() {
		if i := &o.Items[n]; taken[n] > 0 {
			before := i.Gone() + quantityOf(t.Returned, i.ID)
			amount := worth(share, before+taken[n], i.Ordered()) - worth(share, before, i.Ordered())
			r.Lines = append(r.Lines, LineRefund{Part{i.ID, taken[n]}, of(amount)})
			sum += amount
		}
	}
	if whole {
		r.Delivery = of(min(o.Shipping.Minor, o.Total.Minor))
		sum += r.Delivery.Minor
	}
	amount := max(0, o.Refundable().Minor-t.Kept.Minor)
	if !whole {
		amount = min(amount, sum)
	}
	r.Rest, r.Before = of(max(0, amount-sum)), of(max(0, sum-amount))
	r.Fee = of(min(t.Fee.Minor, amount))
	r.Amount = of(amount - r.Fee.Minor)
	r.Delivery = of(r.Delivery.Minor)
	r.Payments = o.Spread(r.Amount, t.Methods)
	return r
}

// taken is how many of each line are asked for and still there, and whether that is all that is left of the order, delivery
// included.
func (o *Order) taken(parts []Part, t RefundTerms) (taken []int, whole bool) {
	taken, whole = make([]int, len(o.Items)), true
	for n := range o.Items {
		i := &o.Items[n]
		rest := max(0, i.Ordered()-i.Gone()-quantityOf(t.Returned, i.ID))
		if taken[n] = rest; len(parts) > 0 {
			taken[n] = min(rest, quantityOf(parts, i.ID))
		}
		if taken[n] < rest || len(parts) > 0 && o.Quantities(n).Shipped > 0 && !t.Delivery {
			whole = false
		}
	}
	return taken, whole
}

// quantityOf is how many of a line are named.
func quantityOf(parts []Part, id string) (n int) {
	for _, p := range parts {
		if p.ID == id {
			n += max(0, p.Quantity)
		}
	}
	return n
}

// shares splits what the goods cost among the lines: by their prices less their own discounts, each rounded so that those
// up to it are right to the minor unit, and all of them come to the whole. Where no line has a price, none has a share.
func (o *Order) shares() []int64 {
	net := o.netPrices()
	var all, upTo, before int64
	for _, price := range net {
		all += price
	}
	shares := make([]int64, len(net))
	for n, price := range net {
		if all == 0 {
			break
		}
		upTo += price
		now := proportion(o.Total.Minus(o.Shipping).Minor, upTo, all)
		shares[n], before = now-before, now
	}
	return shares
}

// netPrices are the lines' prices less the discounts of some lines: the discount of fewer lines first, each shared by what
// is left of the prices.
func (o *Order) netPrices() []int64 {
	net := make([]int64, len(o.Items))
	for n := range o.Items {
		net[n] = o.Items[n].Price.Minor
	}
	discounts := slices.DeleteFunc(slices.Clone(o.Discounts), func(d Discount) bool { return len(d.Items) == 0 })
	slices.SortStableFunc(discounts, func(a, b Discount) int { return cmp.Compare(len(a.Items), len(b.Items)) })
	for _, d := range discounts {
		var all, upTo, before int64
		for n := range net {
			if slices.Contains(d.Items, o.Items[n].ID) {
				all += net[n]
			}
		}
		for n := range net {
			if all == 0 || !slices.Contains(d.Items, o.Items[n].ID) {
				continue
			}
			upTo += net[n]
			now := proportion(min(d.Amount.Minor, all), upTo, all)
			net[n], before = net[n]-(now-before), now
		}
	}
	return net
}

// worth is what the first n of a line's quantity bring back.
func worth(share int64, n, quantity int) int64 {
	return proportion(share, int64(min(n, quantity)), int64(quantity))
}

// proportion is whole × part ÷ all, rounded down; none is negative, and part is no more than all.
func proportion(whole, part, all int64) int64 {
	high, low := bits.Mul64(uint64(whole), uint64(part))
	quotient, _ := bits.Div64(high, low, uint64(all))
	return int64(quotient)
}
