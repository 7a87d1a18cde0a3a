package bot

import (
	"slices"
	"time"
)

// MergePut is the order to hold once the shop has put one, and false where the put is older than the order held, which then
// stays. What the shop says later wins. With an equal stamp a put may add, but takes nothing back: no stage, no time, no
// parcel, no cancellation. What was cancelled here stays cancelled against a put that is not newer than that act, but for
// what had left. What the book has posted stays in any case.
func MergePut(held, put Order) (Order, bool) {
	put.Normalize()
	if held.ID == "" {
		put.heard(&held)
		return put, true
	}
	if put.Updated.Before(held.Updated) {
		return held, false
	}
	put.Book, put.Version = held.Book, held.Version
	switch {
	case put.Updated.Equal(held.Updated):
		keepParcels(&held, &put)
		keepTimes(&held, &put)
		keepStage(&held, &put)
		keepCancelled(&held, &put)
	case !put.Updated.After(held.cancelledAt()): // it may not know of what was cancelled here
		if held.Stage == Cancelled && !put.HasLeft() {
			put.Stage = Cancelled
		}
		keepCancelled(&held, &put)
	}
	if addsParcel(&held, &put) {
		keepParcels(&held, &put)
	}
	if put.Stage == Cancelled && put.Paid.IsZero() && held.WasPaid() {
		put.Paid = held.Updated // the latest that it can have been
		if !held.Paid.IsZero() {
			put.Paid = held.Paid
		}
	}
	put.Normalize()
	put.heard(&held)
	return put, true
}

// cancelledAt is when the book last cancelled the order or a part of it; zero where it never has.
func (o *Order) cancelledAt() (at time.Time) {
	for _, p := range o.Book {
		if p.Do == "cancel_order" && p.State == "done" && p.At.After(at) {
			at = p.At
		}
	}
	return at
}

// addsParcel says whether a newer put in the short form, which can tell of one parcel only, tells of one beside those that
// are known: several are, or a part of the order had left with another code.
func addsParcel(held, put *Order) bool {
	return len(put.Parcels) == 0 && put.Tracking != "" &&
		(len(held.Parcels) > 1 || held.Stage == PartShipped && put.Tracking != held.Tracking)
}

// keepStage leaves a stage that is further on: cancelled stays cancelled. A frozen order is as far as its times say.
func keepStage(held, put *Order) {
	if put.Stage == Frozen && held.Stage != Cancelled {
		return
	}
	floor := held.Stage
	if floor == Frozen {
		switch {
		case !held.Delivered.IsZero():
			floor = Delivered
		case !held.Shipped.IsZero():
			floor = PartShipped
		default:
			floor = Unpaid
		}
	}
	if held.Stage == Cancelled || slices.Index(Stages, put.Stage) < slices.Index(Stages, floor) {
		put.Stage = floor
	}
}

// keepTimes leaves what is known of when things happened.
func keepTimes(held, put *Order) {
	for _, t := range []struct{ put, held *time.Time }{
		{&put.Paid, &held.Paid}, {&put.ShipBy, &held.ShipBy}, {&put.Shipped, &held.Shipped},
		{&put.DeliverBy, &held.DeliverBy}, {&put.Delivered, &held.Delivered},
	} {
		if t.put.IsZero() {
			*t.put = *t.held
		}
	}
}

// keepParcels leaves every parcel that is known, and of each what the put does not say.
func keepParcels(held, put *Order) {
	all, told := held.parcels(), put.parcels()
	if len(all) == 0 {
		return
	}
	if len(put.Parcels) == 0 && len(told) > 0 {
		told[0].ID = "" // the short form has none: known by its code
	}
	for _, p := range told {
		n := slices.IndexFunc(all, func(q Parcel) bool { return p.Same(&q) })
		if n >= 0 {
			all[n] = p.over(all[n])
			continue
		}
		for id := parcelID(p.Code); p.ID == ""; id += "-2" {
			if !slices.ContainsFunc(all, func(q Parcel) bool { return q.ID == id }) {
				p.ID = id
			}
		}
		all = append(all, p)
	}
	if len(all) == 1 && len(held.Parcels) == 0 && len(put.Parcels) == 0 { // the short form is enough
		put.Carrier, put.Tracking, put.Headed = all[0].Carrier, all[0].Code, all[0].Headed
		return
	}
	put.Parcels = all
}

// parcels are the parcels, or the one of the short form.
func (o *Order) parcels() []Parcel {
	if len(o.Parcels) == 0 && o.Tracking != "" {
		return []Parcel{o.shortParcel()}
	}
	return slices.Clone(o.Parcels)
}

// over is a parcel as it is told now, with what was known before where nothing is said.
func (p Parcel) over(known Parcel) Parcel {
	for _, s := range []struct{ told, known *string }{
		{&p.ID, &known.ID}, {&p.Carrier, &known.Carrier}, {&p.Code, &known.Code}, {&p.Headed, &known.Headed}, {&p.URL, &known.URL},
	} {
		if *s.told == "" {
			*s.told = *s.known
		}
	}
	for _, t := range []struct{ told, known *time.Time }{
		{&p.Shipped, &known.Shipped}, {&p.DeliverBy, &known.DeliverBy}, {&p.Delivered, &known.Delivered},
	} {
		if t.told.IsZero() {
			*t.told = *t.known
		}
	}
	if len(p.Items) == 0 {
		p.Items = known.Items
	}
	return p
}

// keepCancelled leaves lines, and parts of them, cancelled, but for what has left by the put; an order that is cancelled
// and has left all the same has its lines as the put says.
func keepCancelled(held, put *Order) {
	if held.Stage == Cancelled && put.Stage != Cancelled {
		return
	}
	for n := range put.Items {
		i := &put.Items[n]
		k := slices.IndexFunc(held.Items, func(h Item) bool { return h.ID == i.ID })
		if k < 0 {
			continue
		}
		sent, _ := put.inParcels(i.ID)
		gone := min(held.Items[k].Gone(), i.Ordered()-min(sent, i.Ordered()))
		if gone <= i.Gone() {
			continue
		}
		if gone < i.Ordered() {
			i.Counted = true
		}
		i.cancel(gone - i.Gone())
	}
}

// PartiesChanged names the fields in which a put is about other people than the order held: another seller's order never
// takes the place of one, and another buyer is not led into an open case.
func PartiesChanged(held, put *Order, openCase bool) []Fault {
	if held.ID == "" {
		return nil
	}
	var all []Fault
	if held.Seller != put.Seller {
		all = append(all, Fault{"seller_id", "another seller's order has this id", "give each seller's order an id of its own"})
	}
	if held.Buyer != put.Buyer && openCase {
		all = append(all, Fault{"buyer_id", "another buyer than the one with an open case", "change it once the case is closed"})
	}
	return all
}
