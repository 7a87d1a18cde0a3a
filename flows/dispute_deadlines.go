package flows

import (
	"time"

	"nevermind/bot"
)

// lastDay is until when a case about the goods at hand can be opened (S57, S59): counted from the delivery, or from the day by
// which they should have come; of several parcels the last of their days. False where the shop gives neither. After it nothing
// is opened, whatever happened.
func lastDay(v *bot.View) (last time.Time, known bool) {
	o := orderOf(v)
	if o == nil {
		return time.Time{}, false
	}
	for _, p := range parcelsAtHand(v) {
		if day, dated := lastDayOf(v, &p); dated && day.After(last) {
			last, known = day, true
		}
	}
	if !known {
		return lastDayOf(v, &bot.Parcel{DeliverBy: o.DeliverBy, Delivered: o.Delivered})
	}
	return last, known
}

// firstLastDay is the earliest of the parcels' last days that are known; none is the zero time.
func firstLastDay(v *bot.View) (first time.Time) {
	for _, p := range parcelsAtHand(v) {
		if day, dated := lastDayOf(v, &p); dated && (first.IsZero() || day.Before(first)) {
			first = day
		}
	}
	return first
}

// lastDayOf is the same of one parcel.
func lastDayOf(v *bot.View, p *bot.Parcel) (time.Time, bool) {
	from := p.Delivered
	if from.IsZero() {
		from = p.DeliverBy
	}
	if from.IsZero() {
		return time.Time{}, false
	}
	return v.Policy.After(v.Policy.Windows["dispute_open"], from, buyersZone(v)), true
}

// firstDay is from when a case can be opened because a parcel at hand has not come: the policy's "dispute_from" after it left.
// False means at once: the day by which one of them should have come has passed, or the shop says that all are delivered.
func firstDay(v *bot.View) (first time.Time, known bool) {
	o := orderOf(v)
	if o == nil {
		return time.Time{}, false
	}
	for _, p := range parcelsAtHand(v) {
		if o.Arrived(&p) {
			continue
		}
		day, dated := firstDayOf(v, &p)
		if !dated {
			return time.Time{}, false
		}
		if first.IsZero() || day.Before(first) {
			first, known = day, true
		}
	}
	return first, known
}

// firstDayOf is the same of one parcel that is on its way.
func firstDayOf(v *bot.View, p *bot.Parcel) (time.Time, bool) {
	if p.Shipped.IsZero() || !p.DeliverBy.IsZero() && !v.Now.Before(p.DeliverBy) {
		return time.Time{}, false
	}
	return v.Policy.After(v.Policy.Windows["dispute_from"], p.Shipped, buyersZone(v)), true
}

// sellersZone is where the seller's business days are counted.
func sellersZone(v *bot.View) *time.Location {
	if who := v.People[bot.Seller]; who != nil {
		return who.Location()
	}
	return time.UTC
}

// returnWindow is how long a buyer has to give the goods back: to send them, or to refuse or leave them as they come.
func returnWindow(v *bot.View) bot.Window {
	if v.Fact("way") != "" {
		return v.Policy.Windows["parcel_storage"]
	}
	return v.Policy.Windows["return_ship"]
}

// parcelBackWindow is how long to wait for a parcel that goes back: one that nobody collects is stored first (S64).
func parcelBackWindow(v *bot.View) bot.Window {
	w := v.Policy.Windows["return_transit"]
	if v.Fact("way") == "leave" && v.Fact("stored") == "" {
		w.Length += v.Policy.Windows["parcel_storage"].Length
	}
	return w
}

// disputeClock says until when a case can be opened.
func disputeClock(v *bot.View, r *bot.Person) string {
	if _, known := lastDay(v); !known {
		return v.Say(r, "The shop gives no delivery date, so please don't wait long. Once the shop counts the order as "+
			"received, no case can be opened.")
	}
	return v.Say(r, "The last day to open a case is {dispute_until}. After that it's too late, whatever happened.")
}

// storageConflict says aloud that a parcel left uncollected comes back later than a case can be opened (Q12).
func storageConflict(v *bot.View, r *bot.Person) string {
	if v.Fact("way") != "leave" {
		return ""
	}
	back := v.Now.Add(v.Policy.Windows["parcel_storage"].Length)
	last, known := lastDay(v)
	if !known || last.Before(back) {
		return v.Say(r, "A parcel that nobody collects is stored for {parcel_storage_time}, and then goes back. The "+
			"last day to open a "+
			"case comes before that, so I open it now and it waits for the parcel. Please don't let the shop count the order as received.")
	}
	return v.Say(r, "A parcel that nobody collects is stored for {parcel_storage_time}, and then goes back.")
}
