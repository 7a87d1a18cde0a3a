package bot

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"
)

// Part is a quantity of one line of an order.
type Part struct {
	ID       string // the line's
	Quantity int
}

// Parcel is one of the parcels in which an order is sent; times that are not known are zero.
type Parcel struct {
	ID        string
	Carrier   string    `json:",omitempty"`
	Code      string    `json:",omitempty"` // the tracking code
	Headed    string    `json:",omitempty"` // ISO 3166, where the carrier says it goes; "" is not known
	URL       string    `json:",omitempty"` // its page at the carrier
	Shipped   time.Time `json:",omitzero"`
	DeliverBy time.Time `json:",omitzero"`
	Delivered time.Time `json:",omitzero"`
	Items     []Part    `json:",omitempty"` // what is in it; none is not known
	Heard     time.Time `json:",omitzero"`  // by the shop's clock, when something new was last put about it
}

// Same says whether two accounts are of one parcel: they share the id, or the tracking code.
func (p *Parcel) Same(q *Parcel) bool {
	return p.ID == q.ID || p.Code != "" && p.Code == q.Code
}

// Quantities counts one line of an order. Open has neither been cancelled nor left; Delivered is a part of Shipped.
type Quantities struct{ Ordered, Cancelled, Shipped, Delivered, Open int }

// These are why quantities cannot be cancelled.
var (
	ErrNoLine      = errors.New("the order has no such line")
	ErrLeft        = errors.New("it has left")
	ErrWholeLine   = errors.New("the shop cancels whole lines only")
	ErrOrderLocked = errors.New("the order is locked")
)

// Ordered is how many of the line were ordered, at least one.
func (i *Item) Ordered() int { return max(1, i.Quantity) }

// Gone is how many of the line are cancelled.
func (i *Item) Gone() int {
	if i.Cancelled {
		return i.Ordered()
	}
	return min(max(0, i.CancelledQuantity), i.Ordered())
}

// cancel takes a quantity away.
func (i *Item) cancel(quantity int) {
	gone := i.Gone() + quantity
	i.Cancelled = gone >= i.Ordered()
	if i.Counted {
		i.CancelledQuantity = min(gone, i.Ordered())
	}
}

// Quantities counts the line with that index. Where a part of the order has left and it is not known which, all of it may
// have: nothing is open.
func (o *Order) Quantities(line int) Quantities {
	i := &o.Items[line]
	q := Quantities{Ordered: i.Ordered(), Cancelled: i.Gone()}
	rest := q.Ordered - q.Cancelled
	sent, arrived := o.inParcels(i.ID)
	switch o.Stage {
	case Shipped:
		q.Shipped, q.Delivered = rest, min(arrived, rest)
	case Delivered, Completed:
		q.Shipped, q.Delivered = rest, rest
	case PartShipped:
		if q.Shipped = min(sent, rest); !o.contentsKnown() {
			q.Shipped = rest
		}
		q.Delivered = min(arrived, q.Shipped)
	default:
		q.Shipped = min(sent, rest)
		q.Delivered = min(arrived, q.Shipped)
	}
	if q.Open = rest - q.Shipped; o.Stage == Cancelled {
		q.Cancelled, q.Open = q.Cancelled+q.Open, 0
	}
	return q
}

// inParcels is how many of a line are in parcels that have left, and in those that have arrived.
func (o *Order) inParcels(id string) (sent, arrived int) {
	for n := range o.Parcels {
		for _, part := range o.Parcels[n].Items {
			if part.ID != id || !o.parcelLeft(n) {
				continue
			}
			sent += part.Quantity
			if !o.Parcels[n].Delivered.IsZero() {
				arrived += part.Quantity
			}
		}
	}
	return sent, arrived
}

// parcelLeft says whether a parcel has left: by its own times, or by the order's stage where no parcel has a time.
func (o *Order) parcelLeft(n int) bool {
	timed := func(p Parcel) bool { return !p.Shipped.IsZero() || !p.Delivered.IsZero() }
	return timed(o.Parcels[n]) || o.HasLeft() && !slices.ContainsFunc(o.Parcels, timed)
}

// contentsKnown says whether what has left can be told line by line.
func (o *Order) contentsKnown() bool {
	known := false
	for n := range o.Parcels {
		if o.parcelLeft(n) {
			if len(o.Parcels[n].Items) == 0 {
				return false
			}
			known = true
		}
	}
	return known
}

// OpenParts is all that can still be cancelled, as far as quantities go.
func (o *Order) OpenParts() (all []Part) {
	for n := range o.Items {
		if open := o.Quantities(n).Open; open > 0 {
			all = append(all, Part{o.Items[n].ID, open})
		}
	}
	return all
}

// WholeLines is what is not cancelled of the lines with these ids.
func (o *Order) WholeLines(ids ...string) (all []Part) {
	for n := range o.Items {
		i := &o.Items[n]
		if rest := i.Ordered() - i.Gone(); rest > 0 && slices.Contains(ids, i.ID) {
			all = append(all, Part{i.ID, rest})
		}
	}
	return all
}

// CancelParts cancels quantities, all that is open where none is named, and the order once nothing of it is left. It is
// ErrLeft where more is named than is open, and then nothing changes; an order that is cancelled stays as it is.
func (o *Order) CancelParts(parts []Part, at time.Time) error {
	if o.Stage == Cancelled {
		return nil
	}
	if o.Stage == Verifying || o.Stage == Frozen {
		return ErrOrderLocked
	}
	if len(parts) == 0 {
		if parts = o.OpenParts(); len(parts) == 0 {
			return ErrLeft
		}
	}
	all := o.Clone()
	for _, part := range parts {
		n := slices.IndexFunc(all.Items, func(i Item) bool { return i.ID == part.ID })
		if n < 0 {
			return ErrNoLine
		}
		i, q := &all.Items[n], all.Quantities(n)
		switch {
		case part.Quantity < 1 || part.Quantity > q.Open:
			return ErrLeft
		case !i.Counted && part.Quantity < q.Ordered-q.Cancelled:
			return ErrWholeLine
		}
		i.cancel(part.Quantity)
	}
	if !slices.ContainsFunc(all.Items, func(i Item) bool { return i.Gone() < i.Ordered() }) {
		all.Cancel(at)
	}
	*o = all
	return nil
}

// NewParcels is what has been added to an order's parcels since before.
func (o *Order) NewParcels(before *Order) []Parcel {
	now, then := o.Whole().Parcels, before.Whole().Parcels
	return slices.DeleteFunc(now, func(p Parcel) bool {
		return slices.ContainsFunc(then, func(q Parcel) bool { return p.Same(&q) })
	})
}

// parcelID makes an id of a tracking code.
func parcelID(code string) string {
	id := strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, code)
	return cmp.Or(id, "1")
}
