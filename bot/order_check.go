package bot

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Fault is what is wrong with one field of an order.
type Fault struct {
	Field string // as the contract writes it: "discounts[0].amount"
	Wrong string // "more than its lines cost"
	Right string // what would be right
}

// Error writes the fault on one line.
func (f Fault) Error() string { return f.Field + ": " + f.Wrong + "; " + f.Right }

// Faults is everything that is wrong with an order; look for it with errors.As.
type Faults []Fault

// Error writes them on one line.
func (f Faults) Error() string {
	words := make([]string, len(f))
	for n, fault := range f {
		words[n] = fault.Error()
	}
	return strings.Join(words, " · ")
}

// MaxQuantity is the most of one line that an order may have.
const MaxQuantity = 100_000

// Check finds what does not add up in an order as put, before Normalize: nil where nothing is wrong. Short forms alone are
// not summed; where both forms of something stand they must agree.
func (o *Order) Check() []Fault {
	c := check{Order: o, lines: map[string]int{}}
	c.currencies()
	c.items()
	if c.faults != nil {
		return c.faults // what follows adds these up
	}
	c.discounts()
	c.payments()
	c.adjustments()
	c.parcels()
	if c.faults == nil {
		c.sums()
		c.forms()
	}
	return c.faults
}

// check collects the faults of one order.
type check struct {
	*Order
	lines  map[string]int // index by id
	faults []Fault
}

func (c *check) wrong(field, wrong, right string) {
	c.faults = append(c.faults, Fault{field, wrong, right})
}

// money checks one amount; none at all is fine.
func (c *check) money(field string, m Money) {
	switch {
	case m.Minor < 0:
		c.wrong(field, "less than nothing", "write an amount of nothing or more")
	case m.Minor > math.MaxInt64/4:
		c.wrong(field, "too large", "write a smaller amount")
	case m.Currency != "" && m.Currency != c.Total.Currency:
		c.wrong(field, "another currency than the order's", "write every amount in the order's currency")
	}
}

// add adds an amount to a sum, which has 63 bits.
func (c *check) add(field string, sum *int64, m Money) {
	if m.Minor > math.MaxInt64-*sum {
		c.wrong(field, "the amounts up to this one are too large to add up", "write smaller amounts")
	} else if m.Minor > 0 {
		*sum += m.Minor
	}
}

func (c *check) currencies() {
	c.money("total", c.Total)
	c.money("shipping_fee", c.Shipping)
	c.money("coupon.amount", c.Coupon.Amount)
	c.money("refunded", c.Refunded)
	if c.faults == nil && c.Total.Minor < c.Shipping.Minor {
		c.wrong("shipping_fee", "more than the total", "write what of the total was paid for delivery")
	}
}

func (c *check) items() {
	sum := int64(0)
	for n := range c.Items {
		i, name := &c.Items[n], fmt.Sprintf("items[%d]", n)
		if _, twice := c.lines[i.ID]; twice {
			c.wrong(name+".id", "the id of two lines", "give each line an id of its own")
		}
		c.lines[i.ID] = n
		c.money(name+".price", i.Price)
		c.add(name+".price", &sum, i.Price)
		switch {
		case i.Quantity < 1 || i.Quantity > MaxQuantity:
			c.wrong(name+".quantity", "not a quantity", fmt.Sprintf("write a whole number from 1 to %d", MaxQuantity))
		case i.CancelledQuantity < 0 || i.CancelledQuantity > i.Quantity:
			c.wrong(name+".cancelled_quantity", "not a part of the quantity", "write a whole number from 0 to the quantity")
		case i.Counted && i.Cancelled && i.CancelledQuantity < i.Quantity:
			c.wrong(name+".cancelled", "the whole line, while cancelled_quantity is less", "let both say the same, or leave one out")
		}
	}
}

func (c *check) discounts() {
	sum := int64(0)
	for n, d := range c.Discounts {
		name := fmt.Sprintf("discounts[%d]", n)
		c.money(name+".amount", d.Amount)
		c.add(name+".amount", &sum, d.Amount)
		most, all := int64(0), len(d.Items) == 0
		for k, id := range d.Items {
			line, ok := c.lines[id]
			switch {
			case !ok:
				c.wrong(fmt.Sprintf("%s.items[%d]", name, k), "not a line of this order", "name lines by their ids")
			case slices.Contains(d.Items[:k], id):
				c.wrong(fmt.Sprintf("%s.items[%d]", name, k), "named twice", "name each line once")
			default:
				most += c.Items[line].Price.Minor
			}
		}
		if !all && most-c.takenOff(n) < d.Amount.Minor {
			c.wrong(name+".amount", "more than its lines cost", "write what was taken off these lines")
		}
	}
}

// takenOff is what the discounts before this one take off lines that are all among its own.
func (c *check) takenOff(n int) (sum int64) {
	outside := func(id string) bool { return !slices.Contains(c.Discounts[n].Items, id) }
	for _, d := range c.Discounts[:n] {
		if len(d.Items) > 0 && !slices.ContainsFunc(d.Items, outside) {
			sum += d.Amount.Minor
		}
	}
	return sum
}

func (c *check) payments() {
	sum, ids := int64(0), map[string]bool{}
	for n, p := range c.Payments {
		name := fmt.Sprintf("payments[%d]", n)
		c.unique(name+".id", p.ID, ids)
		c.money(name+".amount", p.Amount)
		c.add(name+".amount", &sum, p.Amount)
		if p.Method == "" {
			c.wrong(name+".method", "missing", "it is needed")
		}
	}
}

func (c *check) unique(field, id string, seen map[string]bool) {
	switch {
	case id == "":
		c.wrong(field, "missing", "it is needed")
	case seen[id]:
		c.wrong(field, "an id that stands twice", "give each an id of its own")
	}
	seen[id] = true
}

func (c *check) adjustments() {
	sum, ids := int64(0), map[string]bool{}
	for n, a := range c.Adjustments {
		name := fmt.Sprintf("adjustments[%d]", n)
		c.unique(name+".id", a.ID, ids)
		c.money(name+".amount", a.Amount)
		c.add(name+".amount", &sum, a.Amount)
		if !slices.Contains(AdjustmentTypes, a.Type) {
			c.wrong(name+".type", "not a type of adjustment", fmt.Sprintf("the types are %v", AdjustmentTypes))
		}
		if !slices.Contains(AdjustmentStatuses, a.Status) {
			c.wrong(name+".status", "not a status", fmt.Sprintf("the statuses are %v", AdjustmentStatuses))
		}
		if a.Payment != "" && len(c.Payments) > 0 &&
			!slices.ContainsFunc(c.Payments, func(p Payment) bool { return p.ID == a.Payment }) {
			c.wrong(name+".payment", "not a payment of this order", "name one by its id, or leave it out")
		}
		if a.Task != "" && slices.ContainsFunc(c.Adjustments[:n], func(b Adjustment) bool { return b.Task == a.Task }) {
			c.wrong(name+".task_id", "a task that stands twice", "list each refund.pay once")
		}
	}
}

func (c *check) parcels() {
	sent, ids := map[string]int{}, map[string]bool{}
	for n, p := range c.Parcels {
		name := fmt.Sprintf("parcels[%d]", n)
		c.unique(name+".id", p.ID, ids)
		for k, part := range p.Items {
			field := fmt.Sprintf("%s.items[%d]", name, k)
			line, ok := c.lines[part.ID]
			switch {
			case !ok:
				c.wrong(field+".id", "not a line of this order", "name lines by their ids")
				continue
			case part.Quantity < 1 || part.Quantity > MaxQuantity:
				c.wrong(field+".quantity", "not a quantity", fmt.Sprintf("write a whole number from 1 to %d", MaxQuantity))
				continue
			}
			if sent[part.ID] += part.Quantity; sent[part.ID] > c.Items[line].Quantity {
				c.wrong(field+".quantity", "more in parcels than was ordered", "write what of the line is in each parcel")
			}
		}
	}
}

// sums checks that an order adds up, where it says what it is made of.
func (c *check) sums() {
	if len(c.Discounts) == 0 && len(c.Payments) == 0 {
		return
	}
	want := c.Shipping.Minor
	for _, i := range c.Items {
		c.add("total", &want, i.Price)
	}
	for _, d := range c.Discounts {
		want -= d.Amount.Minor
	}
	if len(c.Discounts) == 0 {
		want -= c.Coupon.Amount.Minor
	}
	if want != c.Total.Minor {
		c.wrong("total", "not the lines' prices less the discounts and with the delivery",
			fmt.Sprintf("they come to %s", Money{want, c.Total.Currency}.Amount()))
	}
	if len(c.Payments) == 0 {
		return
	}
	paid := int64(0)
	for _, p := range c.Payments {
		paid += p.Amount.Minor
	}
	if paid != c.Total.Minor {
		c.wrong("payments", "they come to "+Money{paid, c.Total.Currency}.Amount(), "they add up to the total")
	}
}

// forms checks that short forms and whole ones agree where both stand.
func (c *check) forms() {
	const right = "let both say the same, or leave one out"
	if k := c.Coupon; k.Code != "" && len(c.Discounts) > 0 && !slices.ContainsFunc(c.Discounts, func(d Discount) bool {
		return len(d.Items) == 0 && d.Code == k.Code && d.Amount.Minor == k.Amount.Minor && d.Used == k.Used
	}) {
		c.wrong("coupon", "no such discount of the whole order stands in discounts", right)
	}
	if c.Tracking != "" && len(c.Parcels) > 0 && !slices.ContainsFunc(c.Parcels, func(p Parcel) bool {
		return p.Code == c.Tracking && (c.Carrier == "" || p.Carrier == c.Carrier) && (c.Headed == "" || p.Headed == c.Headed)
	}) {
		c.wrong("tracking", "no such parcel stands in parcels", right)
	}
	if c.Method != "" && len(c.Payments) > 0 &&
		!slices.ContainsFunc(c.Payments, func(p Payment) bool { return p.Method == c.Method }) {
		c.wrong("payment_method", "no such payment stands in payments", right)
	}
	if own := c.ownRefunds(); !c.Refunded.IsZero() && len(c.Adjustments) > 0 && own.Minor != c.Refunded.Minor {
		c.wrong("refunded", "not the sum of the completed refunds of your own in adjustments", right)
	}
}
