package bot

import "slices"

// Sent are the parcels that have left; of the short form the one that it tells of, without an id.
func (o *Order) Sent() (all []Parcel) {
	if len(o.Parcels) == 0 {
		if o.HasLeft() || o.Tracking != "" {
			p := o.shortParcel()
			p.ID, p.Heard = "", o.Updated
			all = []Parcel{p}
		}
		return all
	}
	for n, p := range o.Parcels {
		if o.parcelLeft(n) {
			all = append(all, o.filled(p))
		}
	}
	return all
}

// filled says of a parcel what is only said of the order: when it left and is due, that all of the order has arrived, and
// when the order was last put. What is said of the parcel itself counts.
func (o *Order) filled(p Parcel) Parcel {
	one := len(o.Parcels) == 1
	if p.Shipped.IsZero() {
		p.Shipped = o.Shipped
	}
	if p.DeliverBy.IsZero() {
		p.DeliverBy = o.DeliverBy
	}
	if p.Delivered.IsZero() && (one || o.Stage == Delivered || o.Stage == Completed) {
		p.Delivered = o.Delivered
	}
	if one || p.Heard.IsZero() {
		p.Heard = o.Updated
	}
	return p
}

// SentParcel is the parcel of that id, where it has left; false where there is none.
func (o *Order) SentParcel(id string) (Parcel, bool) {
	sent := o.Sent()
	n := slices.IndexFunc(sent, func(p Parcel) bool { return p.ID == id })
	if n < 0 || id == "" {
		return Parcel{}, false
	}
	return sent[n], true
}

// ParcelNews are the ids of the parcels that an event of Events is about, of an order that has several; none else.
func (o *Order) ParcelNews(event string, before *Order) (ids []string) {
	if len(o.Parcels) < 2 {
		return nil
	}
	for _, p := range o.Parcels {
		n := slices.IndexFunc(before.Parcels, func(q Parcel) bool { return p.ID == q.ID })
		was, is := Parcel{}, p
		if n >= 0 {
			was = before.Parcels[n]
		}
		known := n >= 0 || slices.ContainsFunc(before.parcels(), func(q Parcel) bool { return p.Same(&q) })
		happened := false
		switch event {
		case "parcel_added", "order_shipped":
			happened = !known
		case "tracking_changed":
			happened = n >= 0 && is.Code != "" && (is.Code != was.Code || is.Carrier != was.Carrier)
		case "parcel_delivered":
			happened = was.Delivered.IsZero() && !is.Delivered.IsZero()
		case "order_delivered":
			happened = !before.Arrived(&was)
		}
		if happened {
			ids = append(ids, p.ID)
		}
	}
	return ids
}

// Arrived says whether a parcel of the order is there, by what the shop says.
func (o *Order) Arrived(p *Parcel) bool {
	return !p.Delivered.IsZero() || o.Stage == Delivered || o.Stage == Completed
}

// heard keeps when something new was last put about each parcel: by this put, where it tells of another state of it.
func (o *Order) heard(before *Order) {
	for n := range o.Parcels {
		p := &o.Parcels[n]
		k := slices.IndexFunc(before.Parcels, func(q Parcel) bool { return p.ID == q.ID })
		if p.Heard = o.Updated; k >= 0 && !before.Parcels[k].differs(p) {
			p.Heard = before.Parcels[k].Heard
		}
	}
}

// differs says whether two accounts of a parcel say anything different.
func (p Parcel) differs(q *Parcel) bool {
	return p.Carrier != q.Carrier || p.Code != q.Code || p.Headed != q.Headed || !p.Shipped.Equal(q.Shipped) ||
		!p.DeliverBy.Equal(q.DeliverBy) || !p.Delivered.Equal(q.Delivered) || !slices.Equal(p.Items, q.Items)
}

// RefundOfParcel works out what the goods of one parcel bring back; delivery goes with the last of the goods, once all the others
// have been cancelled or paid back in full. False where it is not known what is in the parcel.
func (o *Order) RefundOfParcel(id string, methods []string) (Refund, bool) {
	n := slices.IndexFunc(o.Parcels, func(p Parcel) bool { return p.ID == id })
	if n < 0 || len(o.Parcels[n].Items) == 0 {
		return Refund{}, false
	}
	return o.RefundOf(o.Parcels[n].Items, RefundTerms{Methods: methods, Delivery: true, Returned: o.paidBackInFull(id)}), true
}

// paidBackInFull are the goods of the other parcels whose price has gone back in full. What was cancelled or paid back before
// decides where the price of a part is rounded, so each part may be a minor unit short.
func (o *Order) paidBackInFull(but string) (parts []Part) {
	shares := o.shares()
	for _, p := range o.Book {
		if p.Parcel == "" || p.Parcel == but || p.State != "pending" && p.State != "done" {
			continue
		}
		cost := int64(0)
		for _, part := range p.Items {
			if n := slices.IndexFunc(o.Items, func(i Item) bool { return i.ID == part.ID }); n >= 0 {
				before, ordered := quantityOf(parts, part.ID), o.Items[n].Ordered()
				cost += worth(shares[n], before+part.Quantity, ordered) - worth(shares[n], before, ordered)
			}
		}
		if p.Amount.Minor+int64(len(p.Items)) >= cost {
			parts = append(parts, p.Items...)
		}
	}
	return parts
}
