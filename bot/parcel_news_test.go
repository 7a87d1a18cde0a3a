package bot

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

// TestParcelNews: what becomes of one parcel of several is news of that parcel, and of no other.
func TestParcelNews(t *testing.T) {
	later := noon.Add(time.Hour)
	one := func(p Parcel) []Parcel { return []Parcel{{ID: "p-1", Code: "A1", Shipped: noon}, p} }
	two := Parcel{ID: "p-2", Code: "B2", Shipped: noon}
	there, other := two, two
	there.Delivered, other.Code = later, "B3"
	for name, c := range map[string]struct {
		before, now Order
		want        string // events, each with its parcels
	}{
		"a second parcel": {
			Order{Stage: Shipped, Parcels: one(two)[:1]}, Order{Stage: Shipped, Parcels: one(two)}, "parcel_added p-2",
		},
		"a second beside the short form's": {
			Order{Stage: Shipped, Tracking: "A1"}, Order{Stage: Shipped, Parcels: one(two)}, "parcel_added p-2",
		},
		"one has arrived": {
			Order{Stage: Shipped, Parcels: one(two)}, Order{Stage: Shipped, Parcels: one(there)}, "parcel_delivered p-2",
		},
		"another code of one": {
			Order{Stage: Shipped, Parcels: one(two)}, Order{Stage: Shipped, Parcels: one(other)}, "tracking_changed p-2",
		},
		"both at once": {
			Order{Stage: Shipped, Parcels: []Parcel{{ID: "p-2", Code: "B2"}, {ID: "p-1", Code: "A1"}}},
			Order{Stage: Shipped, Parcels: one(Parcel{ID: "p-2", Code: "B3", Shipped: noon, Delivered: later})},
			"tracking_changed p-2, parcel_delivered p-2",
		},
		"the rest leaves": {
			Order{Stage: PartShipped, Parcels: one(two)[:1]}, Order{Stage: Shipped, Parcels: one(two)}, "order_shipped p-2",
		},
		"the rest leaves, and the first has arrived": {
			Order{Stage: PartShipped, Parcels: []Parcel{{ID: "p-1", Code: "A1"}}},
			Order{Stage: Shipped, Parcels: []Parcel{{ID: "p-1", Code: "A1", Delivered: later}, two}},
			"order_shipped p-2, parcel_delivered p-1",
		},
		"all have arrived": {
			Order{Stage: Shipped, Parcels: []Parcel{{ID: "p-1", Delivered: noon}, two}},
			Order{Stage: Delivered, Delivered: later, Parcels: []Parcel{{ID: "p-1", Delivered: noon}, there}},
			"order_delivered p-2",
		},
		"one parcel only": {
			Order{Stage: Shipped, Parcels: one(two)[:1]}, Order{Stage: Delivered, Parcels: one(two)[:1]}, "order_delivered",
		},
		"nothing new": {Order{Stage: Shipped, Parcels: one(two)}, Order{Stage: Shipped, Parcels: one(two)}, ""},
	} {
		c.before.Normalize()
		c.now.Normalize()
		var got []string
		for _, event := range c.now.Events(&c.before) {
			got = append(got, strings.TrimSpace(event+" "+strings.Join(c.now.ParcelNews(event, &c.before), " ")))
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%s: got %s, want %s", name, strings.Join(got, ", "), c.want)
		}
	}
}

// TestHeardOfParcels: each parcel keeps when something new was last put about it, whatever is put about the others.
func TestHeardOfParcels(t *testing.T) {
	put := func(at time.Duration, parcels ...Parcel) Order {
		return Order{ID: "8", Stage: Shipped, Updated: noon.Add(at), Parcels: parcels}
	}
	first, second := Parcel{ID: "p-1", Code: "A1", Shipped: noon}, Parcel{ID: "p-2", Code: "B2", Shipped: noon}
	there, third := second, Parcel{ID: "p-3", Code: "C3", Shipped: noon}
	there.Delivered = noon
	held, _ := MergePut(Order{}, put(0, first, second))
	held, _ = MergePut(held, put(time.Hour, first, there))
	held, _ = MergePut(held, put(2*time.Hour, first, there, third))
	var got []time.Duration
	for _, p := range held.Sent() {
		got = append(got, p.Heard.Sub(noon))
	}
	if want := []time.Duration{0, time.Hour, 2 * time.Hour}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// TestSent: the parcels that have left, in either form, with what the order says of them.
func TestSent(t *testing.T) {
	ids := func(o Order) (all []string) {
		for _, p := range o.Sent() {
			all = append(all, p.ID+p.Code)
		}
		return all
	}
	for name, c := range map[string]struct {
		order Order
		want  []string
	}{
		"not left":            {Order{Stage: Processing}, nil},
		"the short form":      {Order{Stage: Shipped, Tracking: "A1"}, []string{"A1"}},
		"left without a code": {Order{Stage: Shipped}, []string{""}},
		"one is still to leave": {
			Order{Stage: PartShipped, Parcels: []Parcel{{ID: "p-1", Shipped: noon}, {ID: "p-2"}}}, []string{"p-1"},
		},
		"no times at all": {Order{Stage: Shipped, Parcels: []Parcel{{ID: "p-1"}, {ID: "p-2"}}}, []string{"p-1", "p-2"}},
	} {
		if got := ids(c.order); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
	o := Order{Stage: Shipped, DeliverBy: noon, Delivered: noon, Parcels: []Parcel{{ID: "p-1", Shipped: noon}, {ID: "p-2"}}}
	if _, there := o.SentParcel("p-2"); there {
		t.Error("p-2 has no time, while p-1 has one: it has not left")
	}
	if p, there := o.SentParcel("p-1"); !there || !p.DeliverBy.Equal(noon) || !p.Delivered.IsZero() {
		t.Errorf("got %+v, %v", p, there)
	}
}
