package bot

import (
	"errors"
	"fmt"
	"testing"
)

// TestQuantities: what has left, by parcels where they say what is in them, and by the stage.
func TestQuantities(t *testing.T) {
	in := func(quantity int) []Part { return []Part{{"1", quantity}} }
	for _, c := range []struct {
		name    string
		stage   Stage
		gone    int
		parcels []Parcel
		want    Quantities
	}{
		{"nothing has left", Processing, 1, nil, Quantities{5, 1, 0, 0, 4}},
		{"a label is made", Processing, 0, []Parcel{{ID: "a", Items: in(2)}}, Quantities{5, 0, 0, 0, 5}},
		{"a parcel left, and the stage is late", Processing, 0, []Parcel{{ID: "a", Items: in(2), Shipped: noon}},
			Quantities{5, 0, 2, 0, 3}},
		{"a part left", PartShipped, 1, []Parcel{{ID: "a", Items: in(2), Shipped: noon}}, Quantities{5, 1, 2, 0, 2}},
		{"a part left, no times", PartShipped, 0, []Parcel{{ID: "a", Items: in(2)}}, Quantities{5, 0, 2, 0, 3}},
		{"one left, one is made ready", PartShipped, 0, []Parcel{{ID: "a", Items: in(2), Shipped: noon}, {ID: "b", Items: in(2)}},
			Quantities{5, 0, 2, 0, 3}},
		{"a part left, nobody knows which", PartShipped, 1, []Parcel{{ID: "a", Shipped: noon}}, Quantities{5, 1, 4, 0, 0}},
		{"a part left, no parcel is named", PartShipped, 0, nil, Quantities{5, 0, 5, 0, 0}},
		{"one of two came", PartShipped, 0, []Parcel{{ID: "a", Items: in(2), Delivered: noon}, {ID: "b", Items: in(1), Shipped: noon}},
			Quantities{5, 0, 3, 2, 2}},
		{"all left", Shipped, 1, []Parcel{{ID: "a", Items: in(2), Delivered: noon}}, Quantities{5, 1, 4, 2, 0}},
		{"all came", Delivered, 1, nil, Quantities{5, 1, 4, 4, 0}},
		{"cancelled", Cancelled, 1, nil, Quantities{5, 5, 0, 0, 0}},
	} {
		o := Order{Stage: c.stage, Parcels: c.parcels, Items: []Item{{ID: "1", Quantity: 5, Counted: true, CancelledQuantity: c.gone}}}
		if got := o.Quantities(0); got != c.want {
			t.Errorf("%s: got %+v, want %+v", c.name, got, c.want)
		}
	}
}

// TestCancelParts: what can be cancelled, and what an order is then.
func TestCancelParts(t *testing.T) {
	sent := []Parcel{{ID: "a", Shipped: noon, Items: []Part{{"1", 1}}}}
	for _, c := range []struct {
		name  string
		order Order
		parts []Part
		err   error
		want  string // the stage, and how many are cancelled
	}{
		{"one of three", Order{Stage: Processing}, []Part{{"1", 1}}, nil, "processing [1 0]"},
		{"the same line twice", Order{Stage: Processing}, []Part{{"1", 1}, {"1", 2}}, nil, "processing [3 0]"},
		{"everything", Order{Stage: Processing}, nil, nil, "cancelled [3 2]"},
		{"everything by name", Order{Stage: Unpaid}, []Part{{"1", 3}, {"2", 2}}, nil, "cancelled [3 2]"},
		{"too many", Order{Stage: Processing}, []Part{{"1", 2}, {"1", 2}}, ErrLeft, "processing [0 0]"},
		{"none of it", Order{Stage: Processing}, []Part{{"1", 0}}, ErrLeft, "processing [0 0]"},
		{"no such line", Order{Stage: Processing}, []Part{{"1", 1}, {"9", 1}}, ErrNoLine, "processing [0 0]"},
		{"a part of a line that is not counted", Order{Stage: Processing}, []Part{{"2", 1}}, ErrWholeLine, "processing [0 0]"},
		{"what has not left", Order{Stage: PartShipped, Parcels: sent}, []Part{{"1", 2}}, nil, "part_shipped [2 0]"},
		{"what has left", Order{Stage: PartShipped, Parcels: sent}, []Part{{"1", 3}}, ErrLeft, "part_shipped [0 0]"},
		{"all that has not left", Order{Stage: PartShipped, Parcels: sent}, nil, nil, "part_shipped [2 2]"},
		{"nothing is open", Order{Stage: Shipped}, nil, ErrLeft, "shipped [0 0]"},
		{"a payment that is being confirmed", Order{Stage: Verifying}, nil, ErrOrderLocked, "verifying [0 0]"},
		{"frozen", Order{Stage: Frozen}, nil, ErrOrderLocked, "frozen [0 0]"},
		{"cancelled before", Order{Stage: Cancelled}, nil, nil, "cancelled [0 0]"},
	} {
		o := c.order
		o.Items = []Item{{ID: "1", Quantity: 3, Counted: true}, {ID: "2", Quantity: 2}}
		err := o.CancelParts(c.parts, noon)
		got := fmt.Sprint(o.Stage, " ", []int{o.Items[0].Gone(), o.Items[1].Gone()})
		if !errors.Is(err, c.err) || got != c.want {
			t.Errorf("%s: got %s, %v; want %s, %v", c.name, got, err, c.want, c.err)
		}
	}
}
