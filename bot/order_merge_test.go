package bot

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// summary is what an order is, for tests: its stage, the tracked code, how many of each line are cancelled, its parcels.
func summary(o *Order) string {
	var gone, parcels []string
	for _, i := range o.Items {
		gone = append(gone, fmt.Sprint(i.Gone()))
	}
	for _, p := range o.Whole().Parcels {
		parcels = append(parcels, p.ID+"="+p.Code)
	}
	return fmt.Sprintf("%s %s gone=%s parcels=%s", o.Stage, o.Tracking, strings.Join(gone, ","), strings.Join(parcels, ","))
}

// put is an order of two lines at a stage, stamped minutes after noon.
func put(stage Stage, minutes int, change ...func(*Order)) Order {
	o := Order{
		ID:      "1",
		Seller:  "seller:s",
		Buyer:   "buyer:b",
		Stage:   stage,
		Updated: noon.Add(time.Duration(minutes) * time.Minute),
		Total:   dollars(2490),
		Items:   []Item{{ID: "1", Quantity: 1, Price: dollars(1240)}, {ID: "2", Quantity: 3, Price: dollars(1000)}},
	}
	for _, f := range change {
		f(&o)
	}
	return o
}

// coded gives an order's parcel a code.
func coded(code string) func(*Order) {
	return func(o *Order) { o.Carrier, o.Tracking = "Cainiao", code }
}

// sent lists a parcel.
func sent(id, code string, minutes int, items ...Part) func(*Order) {
	return func(o *Order) {
		o.Parcels = append(o.Parcels, Parcel{ID: id, Code: code, Shipped: noon.Add(time.Duration(minutes) * time.Minute), Items: items})
	}
}

// cancelledHere cancels lines of an order held, minutes after noon; all where none is named.
func cancelledHere(minutes int, lines ...string) func(*Order) {
	return func(o *Order) {
		at := noon.Add(time.Duration(minutes) * time.Minute)
		if err := o.CancelParts(o.WholeLines(lines...), at); err != nil {
			panic(err)
		}
		o.Book = append(o.Book, Posting{Task: "T-1", Do: "cancel_order", State: "done", At: at})
	}
}

// counted has the shop count what is cancelled of the second line.
func counted(gone int) func(*Order) {
	return func(o *Order) { o.Items[1].Counted, o.Items[1].CancelledQuantity = true, gone }
}

// TestMergePut has late and repeated puts.
func TestMergePut(t *testing.T) {
	for _, c := range []struct {
		name      string
		held, put Order
		want      string
	}{
		{"older: ignored", put(Shipped, 5, coded("A1")), put(Processing, 4), "shipped A1 gone=0,0 parcels=A1=A1"},
		{"newer: the shop's word, back too", put(Shipped, 5, coded("A1")), put(Processing, 6), "processing  gone=0,0 parcels="},
		{"equal: applied", put(Processing, 5), put(Shipped, 5, coded("A1")), "shipped A1 gone=0,0 parcels=A1=A1"},

		// of the reports
		{"cancelled here, then the same put again", put(Processing, 0, cancelledHere(10)), put(Processing, 0),
			"cancelled  gone=1,3 parcels="},
		{"a line cancelled here at 10, then shipped at 9", put(Processing, 0, cancelledHere(10, "1")), put(Shipped, 9),
			"shipped  gone=1,0 parcels="},
		{"delivered, then shipped without a code at the same time", put(Delivered, 5, coded("A1")), put(Shipped, 5),
			"delivered A1 gone=0,0 parcels=A1=A1"},
		{"a second code at the same time", put(PartShipped, 5, coded("A1")), put(Shipped, 5, coded("B2")),
			"shipped B2 gone=0,0 parcels=A1=A1,B2=B2"},
		{"a second code after a part had left", put(PartShipped, 5, coded("A1")), put(Shipped, 6, coded("B2")),
			"shipped B2 gone=0,0 parcels=A1=A1,B2=B2"},

		// their like
		{"cancelled here, then a put from before it", put(Processing, 0, cancelledHere(10)), put(Processing, 9),
			"cancelled  gone=1,3 parcels="},
		{"cancelled here at 10, and it had left at 9", put(Processing, 0, cancelledHere(10)), put(Shipped, 9, coded("A1")),
			"shipped A1 gone=0,0 parcels=A1=A1"},
		{"cancelled here, then opened by the shop", put(Processing, 0, cancelledHere(10)), put(Processing, 11),
			"processing  gone=0,0 parcels="},
		{"a part cancelled here, then the same put",
			put(Processing, 0, counted(0), func(o *Order) { o.Items[1].CancelledQuantity = 2 }), put(Processing, 0, counted(0)),
			"processing  gone=0,2 parcels="},
		{"a line cancelled here, and a part of it had left", put(Processing, 0, counted(0), cancelledHere(10, "2")),
			put(PartShipped, 9, counted(0), sent("p-1", "A1", 9, Part{"2", 1})),
			"part_shipped A1 gone=0,2 parcels=p-1=A1"},
		{"cancelled by the shop, then processing at the same time", put(Cancelled, 5), put(Processing, 5),
			"cancelled  gone=0,0 parcels="},
		{"cancelled, then frozen at the same time", put(Cancelled, 5), put(Frozen, 5), "cancelled  gone=0,0 parcels="},
		{"frozen, then open again at the same time", put(Frozen, 5), put(Processing, 5), "processing  gone=0,0 parcels="},
		{"came, frozen, then shipped at the same time", put(Frozen, 5, func(o *Order) { o.Delivered = noon }), put(Shipped, 5),
			"delivered  gone=0,0 parcels="},
		{"paid, then unpaid at the same time", put(Processing, 5), put(Unpaid, 5), "processing  gone=0,0 parcels="},
		{"two parcels, then one at the same time", put(Shipped, 5, sent("p-1", "A1", 1), sent("p-2", "B2", 2)),
			put(Shipped, 5, sent("p-2", "B2", 2)), "shipped B2 gone=0,0 parcels=p-1=A1,p-2=B2"},
		{"two parcels, then one later", put(Shipped, 5, sent("p-1", "A1", 1), sent("p-2", "B2", 2)),
			put(Shipped, 6, sent("p-2", "B2", 2)), "shipped B2 gone=0,0 parcels=p-2=B2"},
		{"two parcels, then the short form of one later", put(Shipped, 5, sent("p-1", "A1", 1), sent("p-2", "B2", 2)),
			put(Delivered, 6, coded("B2")), "delivered B2 gone=0,0 parcels=p-1=A1,p-2=B2"},
		{"a code, then the parcel with its own id", put(PartShipped, 5, coded("A1")),
			put(PartShipped, 5, sent("p-1", "A1", 1), sent("p-2", "B2", 2)), "part_shipped B2 gone=0,0 parcels=p-1=A1,p-2=B2"},
		{"a parcel gets its code at the same time", put(PartShipped, 5, sent("p-1", "", 1)), put(PartShipped, 5, sent("p-1", "A1", 1)),
			"part_shipped A1 gone=0,0 parcels=p-1=A1"},
		{"codes whose ids look alike", put(PartShipped, 5, coded("A-1")), put(PartShipped, 5, coded("A1")),
			"part_shipped A1 gone=0,0 parcels=A1=A-1,A1-2=A1"},
		{"a corrected code, later", put(Shipped, 5, coded("A1")), put(Shipped, 6, coded("A2")), "shipped A2 gone=0,0 parcels=A2=A2"},
	} {
		heldBefore, putBefore := c.held.Clone(), c.put.Clone()
		got, _ := MergePut(c.held, c.put)
		if s := summary(&got); s != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, s, c.want)
		}
		if !slices.EqualFunc(got.Book, c.held.Book, func(a, b Posting) bool { return a.Task == b.Task }) {
			t.Errorf("%s: the book is %v, was %v", c.name, got.Book, c.held.Book)
		}
		if !reflect.DeepEqual(heldBefore, c.held.Clone()) || !reflect.DeepEqual(putBefore, c.put.Clone()) {
			t.Errorf("%s: what was given has changed", c.name)
		}
	}
}

// TestMergeKeepsTimesAndPayment: what is known is not forgotten by a put of the same time, or by a cancellation.
func TestMergeKeepsTimesAndPayment(t *testing.T) {
	held := put(Delivered, 5, coded("A1"), func(o *Order) { o.Paid, o.Shipped, o.Delivered, o.Headed = noon, noon, noon, "ES" })
	got, applied := MergePut(held, put(Shipped, 5))
	if !applied || !got.Paid.Equal(noon) || !got.Shipped.Equal(noon) || !got.Delivered.Equal(noon) || got.Headed != "ES" ||
		got.Carrier != "Cainiao" {
		t.Errorf("got %+v", got)
	}
	got, _ = MergePut(put(Processing, 5), put(Cancelled, 6))
	if !got.WasPaid() || got.Refundable().Minor != 2490 {
		t.Errorf("paid, then cancelled: %s can go back", got.Refundable())
	}
	if _, applied := MergePut(held, put(Shipped, 4)); applied {
		t.Error("an older put is applied")
	}
	first := put(Shipped, 5, coded("A1"))
	if got, applied := MergePut(Order{}, first); !applied || !reflect.DeepEqual(got, first.Clone()) {
		t.Errorf("the first put is held as %+v", got)
	}
}

// TestMergeTakesNothingBack: over puts of one time, in the order of an order's life or out of it, no stage goes back, no
// parcel and no cancellation is lost; any put again changes nothing.
func TestMergeTakesNothingBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		held, reached := Order{}, -1
		seen := map[string]bool{}
		gone := [2]int{}
		for range rapid.IntRange(1, 8).Draw(t, "puts") {
			next := put(rapid.SampledFrom(Stages[:8]).Draw(t, "stage"), 5, counted(rapid.IntRange(0, 3).Draw(t, "gone")))
			for _, code := range rapid.SliceOfDistinct(rapid.SampledFrom([]string{"A1", "B2", "C3"}), rapid.ID[string]).Draw(t, "codes") {
				if len(next.Parcels) == 0 && rapid.Bool().Draw(t, "short") {
					next.Tracking = code
					seen[code] = true
					break
				}
				sent("p-"+code, code, 1)(&next)
				seen[code] = true
			}
			held, _ = MergePut(held, next)
			if now := slices.Index(Stages, held.Stage); now < reached {
				t.Fatalf("from %s back to %s", Stages[reached], held.Stage)
			} else {
				reached = now
			}
			for code := range seen {
				if n := len(slices.DeleteFunc(held.Whole().Parcels, func(p Parcel) bool { return p.Code != code })); n != 1 {
					t.Fatalf("%d parcels have the code %s: %s", n, code, summary(&held))
				}
			}
			for n := range gone {
				if held.Items[n].Gone() < gone[n] {
					t.Fatalf("%d of line %d were cancelled, now %s", gone[n], n, summary(&held))
				}
				gone[n] = held.Items[n].Gone()
			}
			if again, _ := MergePut(held, next); !reflect.DeepEqual(again.Clone(), held.Clone()) {
				t.Fatalf("the same put again makes\n%+v\nof\n%+v", again, held)
			}
		}
	})
}

// TestPartiesChanged: an order of another seller is not this one, and another buyer is not led into an open case.
func TestPartiesChanged(t *testing.T) {
	held := put(Processing, 0)
	for _, c := range []struct {
		name   string
		held   Order
		change func(*Order)
		open   bool
		want   string
	}{
		{"the same people", held, func(*Order) {}, true, ""},
		{"another buyer, no case", held, func(o *Order) { o.Buyer = "buyer:c" }, false, ""},
		{"another buyer, a case", held, func(o *Order) { o.Buyer = "buyer:c" }, true, "buyer_id"},
		{"another seller", held, func(o *Order) { o.Seller = "seller:t" }, false, "seller_id"},
		{"a new order", Order{}, func(*Order) {}, false, ""},
	} {
		next := held.Clone()
		c.change(&next)
		got := ""
		for _, f := range PartiesChanged(&c.held, &next, c.open) {
			got += f.Field
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}
