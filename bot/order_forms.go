package bot

import "slices"

// Clone is a copy that shares no list with the order.
func (o *Order) Clone() Order {
	all := *o
	all.Items, all.Book = append([]Item(nil), o.Items...), append([]Posting(nil), o.Book...)
	all.Discounts, all.Parcels = append([]Discount(nil), o.Discounts...), append([]Parcel(nil), o.Parcels...)
	all.Payments, all.Adjustments = append([]Payment(nil), o.Payments...), append([]Adjustment(nil), o.Adjustments...)
	for n := range all.Book {
		p := &all.Book[n]
		p.Items, p.Payments = slices.Clone(p.Items), slices.Clone(p.Payments)
	}
	for n := range all.Discounts {
		all.Discounts[n].Items = slices.Clone(all.Discounts[n].Items)
	}
	for n := range all.Parcels {
		all.Parcels[n].Items = slices.Clone(all.Parcels[n].Items)
	}
	return all
}

// Whole is a copy with its short forms spelled out: the tracking code is one parcel, the payment method one payment of the
// total, the coupon one discount of the whole order, what was refunded one refund of the shop's own, and a cancelled line
// all of its quantity.
func (o *Order) Whole() Order {
	all := o.Clone()
	for n := range all.Items {
		all.Items[n].CancelledQuantity = all.Items[n].Gone()
	}
	if len(all.Discounts) == 0 && o.Coupon.Code != "" {
		all.Discounts = []Discount{{Code: o.Coupon.Code, Amount: o.Coupon.Amount, Used: o.Coupon.Used}}
	}
	if len(all.Parcels) == 0 && o.Tracking != "" {
		all.Parcels = []Parcel{o.shortParcel()}
	}
	if len(all.Payments) == 0 && o.WasPaid() {
		all.Payments = []Payment{{ID: "1", Method: o.Method, Amount: o.Total}}
	}
	if len(all.Adjustments) == 0 && !o.Refunded.IsZero() {
		all.Adjustments = []Adjustment{
			{ID: "refunded", Type: OwnRefund, Amount: o.Refunded, Status: AdjustmentCompleted, At: o.Updated},
		}
	}
	return all
}

// shortParcel is what the short form says of a parcel.
func (o *Order) shortParcel() Parcel {
	return Parcel{
		ID:        parcelID(o.Tracking),
		Carrier:   o.Carrier,
		Code:      o.Tracking,
		Headed:    o.Headed,
		Shipped:   o.Shipped,
		DeliverBy: o.DeliverBy,
		Delivered: o.Delivered,
	}
}

// Normalize writes the short forms from the whole ones, where those are given; a short form stays as it is where its whole
// one is empty, so that orders of older shops stay the same to the byte. The parcel that left last is the one tracked,
// and the largest payment names the method.
func (o *Order) Normalize() {
	*o = o.Clone()
	for n := range o.Items {
		if i := &o.Items[n]; i.Counted {
			i.cancel(0)
		}
	}
	for n := range o.Discounts {
		if d := &o.Discounts[n]; d.Code != "" && len(d.Items) == 0 {
			o.Coupon = Coupon{d.Code, d.Amount, d.Used}
			break
		}
	}
	if p := o.lastParcel(); p != nil {
		o.Carrier, o.Tracking, o.Headed = p.Carrier, p.Code, p.Headed
	}
	o.fillParcelTimes()
	if len(o.Payments) > 0 {
		o.Method = o.mainPayment().Method
	}
	if len(o.Adjustments) > 0 {
		o.Refunded = o.ownRefunds()
	}
}

// mainPayment is the largest payment, the first of equal ones; there is one.
func (o *Order) mainPayment() Payment {
	main := o.Payments[0]
	for _, p := range o.Payments {
		if main.Amount.Less(p.Amount) {
			main = p
		}
	}
	return main
}

// lastParcel is the parcel that left last and has a code; nil where none has.
func (o *Order) lastParcel() (last *Parcel) {
	for n := range o.Parcels {
		if p := &o.Parcels[n]; p.Code != "" && (last == nil || !p.Shipped.Before(last.Shipped)) {
			last = p
		}
	}
	return last
}

// fillParcelTimes says of the order what its parcels say: it left with the first, is due with the last, and has arrived
// when all have. What the shop says of the order itself stays.
func (o *Order) fillParcelTimes() {
	if len(o.Parcels) == 0 {
		return
	}
	first, due, last, all := o.Parcels[0].Shipped, o.Parcels[0].DeliverBy, o.Parcels[0].Delivered, true
	for _, p := range o.Parcels {
		if first.IsZero() || !p.Shipped.IsZero() && p.Shipped.Before(first) {
			first = p.Shipped
		}
		if p.DeliverBy.After(due) {
			due = p.DeliverBy
		}
		if p.Delivered.After(last) {
			last = p.Delivered
		}
		all = all && !p.Delivered.IsZero()
	}
	if o.Shipped.IsZero() {
		o.Shipped = first
	}
	if o.DeliverBy.IsZero() {
		o.DeliverBy = due
	}
	if o.Delivered.IsZero() && all && (o.Stage == Delivered || o.Stage == Completed) {
		o.Delivered = last
	}
}

// ownRefunds is the sum of the refunds that the shop has completed without being asked here; the zero Money where there
// are none.
func (o *Order) ownRefunds() (sum Money) {
	for n := range o.Adjustments {
		if a := &o.Adjustments[n]; a.isOwn() {
			sum = Money{sum.Minor + a.Amount.Minor, o.Total.Currency}
		}
	}
	return sum
}
