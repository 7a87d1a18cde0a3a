package bot

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

// anyOrder draws a paid order in the whole form: up to 40 lines, 5 payments and 4 parcels, in a currency of 0, 2 or 3
// decimals.
func anyOrder(t *rapid.T) Order {
	currency := rapid.SampledFrom([]string{"JPY", "USD", "KWD"}).Draw(t, "currency")
	of := func(minor int64) Money { return Money{minor, currency} }
	o := Order{ID: "1", Stage: Processing, Updated: noon, Shipping: of(rapid.Int64Range(0, 10_000).Draw(t, "shipping"))}
	most := rapid.SampledFrom([]int64{9, 10_000, 1 << 40}).Draw(t, "most")
	goods := int64(0)
	for n := range rapid.IntRange(1, 40).Draw(t, "lines") {
		price := rapid.Int64Range(0, most).Draw(t, "price")
		goods += price
		o.Items = append(
			o.Items,
			Item{ID: strconv.Itoa(n), Quantity: rapid.IntRange(1, 6).Draw(t, "quantity"), Price: of(price), Counted: true},
		)
	}
	anyLines := rapid.SliceOfNDistinct(rapid.IntRange(0, len(o.Items)-1), 0, 5, rapid.ID[int])
	for n := range rapid.IntRange(0, 4).Draw(t, "discounts") {
		d, cost := Discount{Code: fmt.Sprint("D", n)}, int64(0)
		for _, line := range anyLines.Draw(t, "discounted") {
			d.Items = append(d.Items, o.Items[line].ID)
			cost += o.Items[line].Price.Minor
		}
		if len(d.Items) == 0 {
			cost = goods
		}
		d.Amount = of(rapid.Int64Range(0, cost/4).Draw(t, "off"))
		o.Discounts = append(o.Discounts, d)
	}
	o.Total = of(goods + o.Shipping.Minor)
	for _, d := range o.Discounts {
		o.Total.Minor -= d.Amount.Minor
	}
	anyPayments(t, &o)
	anyParcels(t, &o, anyLines)
	return o
}

// anyPayments splits the total.
func anyPayments(t *rapid.T, o *Order) {
	rest := o.Total.Minor
	for n := rapid.IntRange(0, 5).Draw(t, "payments"); n > 0; n-- {
		amount := rest
		if n > 1 {
			amount = rapid.Int64Range(0, rest).Draw(t, "paid")
		}
		rest -= amount
		method := rapid.SampledFrom([]string{"card", "gift_card", "wallet"}).Draw(t, "method")
		o.Payments = append(o.Payments, Payment{fmt.Sprint("pay-", n), method, Money{amount, o.Total.Currency}})
	}
}

// anyParcels sends quantities of some lines.
func anyParcels(t *rapid.T, o *Order, lines *rapid.Generator[[]int]) {
	for n := range rapid.IntRange(0, 4).Draw(t, "parcels") {
		p := Parcel{ID: fmt.Sprint("p-", n), Shipped: noon}
		for _, line := range lines.Draw(t, "sent") {
			if sent, _ := o.inParcels(o.Items[line].ID); sent < o.Items[line].Quantity {
				p.Items = append(p.Items, Part{o.Items[line].ID, rapid.IntRange(1, o.Items[line].Quantity-sent).Draw(t, "of it")})
			}
		}
		if len(p.Items) > 0 {
			o.Stage = PartShipped
			o.Parcels = append(o.Parcels, p)
		}
	}
}

// cancelsOneByOne cancels quantities in groups and pays each back; it returns what went back, in all and by payment, and for
// delivery under its own name.
func cancelsOneByOne(t *rapid.T, o Order, units []string, sizes *rapid.Generator[int]) (all int64, to map[string]int64) {
	to = map[string]int64{}
	for task := 0; len(units) > 0; task++ {
		var parts []Part
		for range min(len(units), sizes.Draw(t, "group")) {
			parts = append(parts, Part{units[0], 1})
			units = units[1:]
		}
		r := o.RefundOf(parts, RefundTerms{Methods: []string{"gift_card"}})
		comesTo(t, r)
		if o.Refundable().Less(r.Amount) {
			t.Fatalf("%s goes back of %s", r.Amount, o.Refundable())
		}
		for _, p := range parts {
			if err := o.CancelParts([]Part{p}, noon); err != nil {
				t.Fatal(err)
			}
		}
		o.Book = append(
			o.Book,
			Posting{Task: fmt.Sprint(task), Do: "pay_refund", Amount: r.Amount, State: "done", Payments: r.Payments},
		)
		all += r.Amount.Minor
		to["delivery"] += r.Delivery.Minor
		for _, s := range r.Payments {
			to[s.ID] += s.Amount.Minor
		}
	}
	return all, to
}

// comesTo checks that a refund adds up to the minor unit, and that nothing in it is negative.
func comesTo(t *rapid.T, r Refund) {
	sum := r.Delivery.Minor + r.Rest.Minor - r.Before.Minor - r.Fee.Minor
	for _, l := range r.Lines {
		if sum += l.Amount.Minor; l.Amount.Minor < 0 || l.Quantity < 1 {
			t.Fatalf("a line brings back %+v", l)
		}
	}
	back := int64(0)
	for _, s := range r.Payments {
		if back += s.Amount.Minor; s.Amount.Minor <= 0 || s.Amount.Currency != r.Amount.Currency {
			t.Fatalf("%s goes back to %s", s.Amount, s.ID)
		}
	}
	if sum != r.Amount.Minor || back != r.Amount.Minor ||
		min(r.Amount.Minor, r.Delivery.Minor, r.Rest.Minor, r.Before.Minor, r.Fee.Minor) < 0 {
		t.Fatalf("the parts come to %d, the payments to %d, the amount is %+v", sum, back, r)
	}
}

// TestSameTotalInAnyOrder: whatever quantities are cancelled, one by one or in groups, in one order or another, the same
// money goes back, in all and to each payment; everything comes to all that was paid, delivery included.
func TestSameTotalInAnyOrder(t *testing.T) {
	finished := 0
	rapid.Check(t, func(t *rapid.T) {
		o := anyOrder(t)
		if faults := o.Check(); faults != nil {
			t.Fatal(faults)
		}
		var units []string
		for _, p := range o.OpenParts() {
			for range p.Quantity {
				units = append(units, p.ID)
			}
		}
		units = rapid.Permutation(units).Draw(t, "units")
		every := len(o.Parcels) == 0 && rapid.Bool().Draw(t, "every")
		if !every {
			units = units[:min(len(units), rapid.IntRange(0, 20).Draw(t, "some"))]
		}
		sizes := rapid.IntRange(1, 1+len(units))
		all, to := cancelsOneByOne(t, o, units, sizes)
		again, toAgain := cancelsOneByOne(t, o, rapid.Permutation(units).Draw(t, "again"), sizes)
		if all != again || !reflect.DeepEqual(to, toAgain) {
			t.Fatalf("%d goes back, to %v; in another order %d, to %v", all, to, again, toAgain)
		}
		for _, p := range o.Payments {
			if to[p.ID] > p.Amount.Minor {
				t.Fatalf("%d goes back to %+v", to[p.ID], p)
			}
		}
		if every {
			finished++
			if all != o.Total.Minor || to["delivery"] != o.Shipping.Minor {
				t.Fatalf("all is cancelled, and %d goes back of %s, for delivery %d of %s", all, o.Total, to["delivery"], o.Shipping)
			}
		}
	})
	if finished == 0 {
		t.Error("no order was ever cancelled as a whole")
	}
}

// TestParcelsBackOneByOne: the goods of parcels, paid back in one order or another, come to the same; with all that has not left
// cancelled besides it is never more than was paid, and all of it once everything has gone back.
func TestParcelsBackOneByOne(t *testing.T) {
	finished := 0
	rapid.Check(t, func(t *rapid.T) {
		o := anyOrder(t)
		cancelFirst := rapid.Bool().Draw(t, "the rest is cancelled first")
		back := func(o Order, parcels []Parcel) (sum int64) {
			pay := func(r Refund, parcel string, items []Part) {
				comesTo(t, r)
				if o.Refundable().Less(r.Amount) {
					t.Fatalf("%s goes back of %s", r.Amount, o.Refundable())
				}
				sum += r.Amount.Minor
				o.Book = append(o.Book, Posting{
					Task: fmt.Sprint(len(o.Book)), Do: "pay_refund", Amount: r.Amount, State: "done", Payments: r.Payments, Parcel: parcel,
					Items: items,
				})
			}
			rest := func() {
				if open := o.OpenParts(); len(open) > 0 {
					pay(o.RefundOf(open, RefundTerms{}), "", open)
					if err := o.CancelParts(open, noon); err != nil {
						t.Fatal(err)
					}
				}
			}
			if cancelFirst {
				rest()
			}
			for _, p := range parcels {
				r, known := o.RefundOfParcel(p.ID, nil)
				if !known {
					t.Fatal("what is in it is not known")
				}
				pay(r, p.ID, p.Items)
			}
			if !cancelFirst {
				rest()
			}
			return sum
		}
		one, other := back(o.Clone(), o.Parcels), back(o.Clone(), rapid.Permutation(o.Parcels).Draw(t, "another order"))
		if one != other || one > o.Total.Minor {
			t.Fatalf("%d goes back, and in another order %d, of %s", one, other, o.Total)
		}
		if cancelFirst && len(o.Parcels) > 0 {
			if finished++; one != o.Total.Minor {
				t.Fatalf("everything has gone back, and %d of %s with it", one, o.Total)
			}
		}
	})
	if finished == 0 {
		t.Error("no order ever went back as a whole")
	}
}

// TestNothingThatHasLeftIsCancelled: what is in a parcel that left stays, and a refusal changes nothing.
func TestNothingThatHasLeftIsCancelled(t *testing.T) {
	refused, cancelled := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		o := anyOrder(t)
		unknown := len(o.Parcels) > 0 && rapid.Bool().Draw(t, "contents unknown")
		if unknown {
			o.Parcels[0].Items = nil
		}
		if rapid.Bool().Draw(t, "moves on") {
			o.Stage = rapid.SampledFrom(Stages).Draw(t, "stage")
		}
		before := o.Clone()
		var parts []Part
		for _, i := range o.Items {
			if n := rapid.IntRange(0, i.Quantity).Draw(t, "cancel"); n > 0 {
				parts = append(parts, Part{i.ID, n})
			}
		}
		if rapid.Bool().Draw(t, "only open") {
			parts = o.OpenParts()
		}
		if err := o.CancelParts(parts, noon); err != nil {
			refused++
			if !reflect.DeepEqual(o, before) {
				t.Fatalf("%v, and the order has changed", err)
			}
			return
		}
		cancelled++
		if len(parts) > 0 && (unknown && before.Stage == PartShipped || before.Stage == Shipped || before.Stage == Delivered) {
			t.Fatalf(
				"%v of an order %s are cancelled, with %d parcels of which one may hold anything",
				parts,
				before.Stage,
				len(o.Parcels),
			)
		}
		for n, i := range o.Items {
			was, is := before.Quantities(n), o.Quantities(n)
			sent, _ := o.inParcels(i.ID)
			if gone := i.Gone() - before.Items[n].Gone(); gone > was.Open || o.Stage != Cancelled && is.Shipped != was.Shipped ||
				i.Gone()+sent > i.Quantity {
				t.Fatalf("%s: %+v of line %s is now %+v", before.Stage, was, i.ID, is)
			}
			if is.Ordered != is.Cancelled+is.Shipped+is.Open || is.Delivered > is.Shipped ||
				min(is.Cancelled, is.Shipped, is.Delivered, is.Open) < 0 {
				t.Fatalf("%+v does not add up", is)
			}
		}
	})
	if refused == 0 || cancelled == 0 {
		t.Errorf("%d refused, %d cancelled", refused, cancelled)
	}
}

// TestNeverMoreThanWasPaid: over refunds asked here, those of the shop, price adjustments and chargebacks, no more goes
// back than was paid, in all or to one payment, and an open chargeback holds.
func TestNeverMoreThanWasPaid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := anyOrder(t)
		paid, held := anyMoneyBack(t, &o)
		back := int64(0)
		for _, amount := range paid {
			back += amount
		}
		left := o.Refundable()
		if left.Minor != max(0, o.Total.Minor-back) {
			t.Fatalf("%d of %s is back, and %s can still go back", back, o.Total, left)
		}
		fee := Money{rapid.Int64Range(0, 1000).Draw(t, "fee"), o.Total.Currency}
		for _, r := range []Refund{o.RefundOf(nil, RefundTerms{Fee: fee}), o.RefundOf(o.OpenParts(), RefundTerms{})} {
			comesTo(t, r)
			if left.Less(r.Amount) || r.Held != held {
				t.Fatalf("%+v of %s", r, left)
			}
			for _, s := range r.Payments {
				n := slices.IndexFunc(o.Payments, func(p Payment) bool { return p.ID == s.ID })
				if n >= 0 && s.Amount.Minor > o.Payments[n].Amount.Minor-paid[s.ID] {
					t.Fatalf("%s goes back to %+v, which had %d back", s.Amount, o.Payments[n], paid[s.ID])
				}
			}
		}
		o.Book = append(o.Book, Posting{Task: "last", Do: "pay_refund", Amount: left, State: "done", Payments: o.Spread(left, nil)})
		if !o.Refundable().IsZero() {
			t.Fatalf("everything is back, and %s can go back", o.Refundable())
		}
	})
}

// whatCounts is what of a refund asked here has gone back: what was asked, what the shop lists of it, or the more of both;
// by how it stands in the book, and by what the shop lists, where it lists it.
var whatCounts = map[string]map[AdjustmentStatus]string{
	"pending": {"": "asked", AdjustmentOpen: "more", AdjustmentCompleted: "more", AdjustmentReversed: "more"},
	"done":    {"": "asked", AdjustmentOpen: "more", AdjustmentCompleted: "more", AdjustmentReversed: "nothing"},
	"failed":  {"": "nothing", AdjustmentOpen: "listed", AdjustmentCompleted: "listed", AdjustmentReversed: "nothing"},
	"bounced": {"": "nothing", AdjustmentOpen: "nothing", AdjustmentCompleted: "nothing", AdjustmentReversed: "nothing"},
}

// anyMoneyBack draws what has gone back by each way. It returns how much that is by payment, "" where none is named, and
// whether a chargeback is open.
func anyMoneyBack(t *rapid.T, o *Order) (paid map[string]int64, held bool) {
	amount := func() Money { return Money{rapid.Int64Range(0, o.Total.Minor/2).Draw(t, "amount"), o.Total.Currency} }
	for n := range rapid.IntRange(0, 4).Draw(t, "asked") {
		p := Posting{
			Task:   fmt.Sprint("t-", n),
			Do:     "pay_refund",
			Amount: amount(),
			State:  rapid.SampledFrom([]string{"pending", "done", "failed", "bounced"}).Draw(t, "state"),
		}
		o.Book = append(o.Book, p)
	}
	paid, listed := map[string]int64{}, map[string]Adjustment{}
	for n := range rapid.IntRange(0, 4).Draw(t, "adjusted") {
		a := Adjustment{
			ID:     fmt.Sprint("a-", n),
			Amount: amount(),
			Type:   rapid.SampledFrom(AdjustmentTypes).Draw(t, "type"),
			Status: rapid.SampledFrom(AdjustmentStatuses).Draw(t, "status"),
		}
		if len(o.Payments) > 0 && rapid.Bool().Draw(t, "of a payment") {
			a.Payment = rapid.SampledFrom(o.Payments).Draw(t, "payment").ID
		}
		switch disputed := a.Type == Chargeback && a.Status == AdjustmentOpen; {
		case n < len(o.Book) && rapid.Bool().Draw(t, "our own"):
			a.Type, a.Task = OwnRefund, o.Book[n].Task
			listed[a.Task] = a
		case disputed:
			held = true
		case a.Status != AdjustmentReversed:
			paid[a.Payment] += a.Amount.Minor
		}
		o.Adjustments = append(o.Adjustments, a)
	}
	for _, p := range o.Book {
		a := listed[p.Task]
		paid[a.Payment] += map[string]int64{
			"asked": p.Amount.Minor, "listed": a.Amount.Minor, "more": max(p.Amount.Minor, a.Amount.Minor),
		}[whatCounts[p.State][a.Status]]
	}
	o.Normalize()
	return paid, held
}

// TestDiscountsComeOffInFull: what the discounts of some lines take off the prices comes to the discounts, to the minor unit,
// and no price falls below zero.
func TestDiscountsComeOffInFull(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := anyOrder(t)
		want, net := int64(0), int64(0)
		for _, i := range o.Items {
			want += i.Price.Minor
		}
		for _, d := range o.Discounts {
			if len(d.Items) > 0 {
				want -= d.Amount.Minor
			}
		}
		for n, price := range o.netPrices() {
			if net += price; price < 0 || price > o.Items[n].Price.Minor {
				t.Fatalf("line %s of %s costs %d", o.Items[n].ID, o.Items[n].Price, price)
			}
		}
		if net != want {
			t.Fatalf("the lines cost %d, want %d", net, want)
		}
	})
}

// TestShortFormKeepsItsShares: the coupon of the short form is shared by price as it always was, to the minor unit.
func TestShortFormKeepsItsShares(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := anyOrder(t)
		o.Discounts, o.Payments, o.Parcels, o.Stage = nil, nil, nil, Processing
		o.Total.Minor = o.Shipping.Minor + rapid.Int64Range(0, 1<<40).Draw(t, "goods") // nothing is summed
		goods, all, upTo, before := o.Total.Minor-o.Shipping.Minor, int64(0), int64(0), int64(0)
		for _, i := range o.Items {
			all += i.Price.Minor
		}
		for n, i := range o.Items {
			want := int64(0)
			if upTo += i.Price.Minor; all > 0 {
				now := proportion(goods, upTo, all)
				want, before = now-before, now
			}
			if got := o.shares()[n]; got != want {
				t.Fatalf("line %s of %d brings %d, want %d", i.ID, len(o.Items), got, want)
			}
		}
		if r := o.RefundOf(nil, RefundTerms{}); r.Amount != o.Total {
			t.Fatalf("the whole order brings %s of %s", r.Amount, o.Total)
		}
	})
}
