package shop

import (
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"nevermind/bot"
)

func TestSample(t *testing.T) {
	now := time.Date(2026, 11, 20, 12, 34, 56, 0, time.UTC)
	people, orders := Sample(now)
	count := map[bot.Party]int{}
	var ids []bot.PersonID
	for _, p := range people {
		count[p.Party()]++
		ids = append(ids, p.ID)
		if _, err := time.LoadLocation(p.Zone); err != nil || p.Name == "" || p.Language == "" || p.Reachable() {
			t.Errorf("%+v: %v", p, err)
		}
	}
	if count[bot.Buyer] != 8 || count[bot.Seller] != 6 || count[bot.Support] != 2 || ids[0] != "buyer:b-1" ||
		!slices.Contains(ids, Unreachable) {
		t.Errorf("people: %v of %v", count, ids)
	}
	if len(orders) < 45 || len(orders) > 60 {
		t.Errorf("%d orders", len(orders))
	}
	stages, methods, currencies, tails := map[bot.Stage]int{}, map[string]int{}, map[string]int{}, map[string]bool{}
	for _, o := range orders {
		stages[o.Stage]++
		methods[o.Method]++
		currencies[o.Total.Currency]++
		tail := o.ID[len(o.ID)-4:]
		if len(o.ID) != 16 || tails[tail] || !slices.Contains(ids, o.Buyer) || !slices.Contains(ids, o.Seller) {
			t.Errorf("%s of %s from %s: look at its ids", o.ID, o.Buyer, o.Seller)
		}
		tails[tail] = true
		checkSum(t, &o)
		checkTimes(t, &o, now)
	}
	if len(stages) != len(bot.Stages) || len(methods) != 4 || len(currencies) != 6 {
		t.Errorf("stages %v, methods %v, currencies %v", stages, methods, currencies)
	}
}

// checkSum says whether the lines, with shipping and less the coupon, are what was paid.
func checkSum(t *testing.T, o *bot.Order) {
	t.Helper()
	if faults := o.Check(); faults != nil {
		t.Errorf("%s: %v", o.ID, bot.Faults(faults))
	}
	sum := o.Shipping.Plus(bot.Money{Minor: -o.Coupon.Amount.Minor})
	if len(o.Discounts)+len(o.Payments) > 0 {
		return // Check has summed it
	}
	for _, i := range o.Items {
		sum = sum.Plus(i.Price)
	}
	if sum != o.Total {
		t.Errorf("%s: the lines come to %v, the total is %v", o.ID, sum, o.Total)
	}
}

// checkTimes says whether the order's times fit its stage and each other.
func checkTimes(t *testing.T, o *bot.Order, now time.Time) {
	t.Helper()
	last := o.Placed
	for _, at := range []time.Time{o.Paid, o.Shipped, o.Delivered} {
		if !at.IsZero() && at.Before(last) {
			t.Errorf("%s: %v is before %v", o.ID, at, last)
		}
		last = latest(last, at)
	}
	if last.After(now) || o.Updated.After(now) || o.Updated.Before(last) {
		t.Errorf("%s: last %v, updated %v, now %v", o.ID, last, o.Updated, now)
	}
	paid := o.Stage != bot.Unpaid && o.Stage != bot.Verifying
	shipped := slices.Contains([]bot.Stage{bot.PartShipped, bot.Shipped, bot.Delivered, bot.Completed}, o.Stage)
	delivered := o.Stage == bot.Delivered || o.Stage == bot.Completed
	if paid == o.Paid.IsZero() || shipped == o.Shipped.IsZero() || delivered == o.Delivered.IsZero() ||
		shipped != (o.Tracking != "") {
		t.Errorf("%s is %s, but paid %v, shipped %v as %q, delivered %v", o.ID, o.Stage, o.Paid, o.Shipped, o.Tracking, o.Delivered)
	}
}

// TestSampleShowsWholeOrders: the demo has an order for each thing that the short form cannot say, all of them Ana's.
func TestSampleShowsWholeOrders(t *testing.T) {
	_, orders := Sample(time.Now())
	has := map[string]int{}
	for _, o := range orders {
		if o.Buyer != "buyer:b-1" {
			continue
		}
		for what, holds := range map[string]bool{
			"three of a line": slices.ContainsFunc(o.Items, func(i bot.Item) bool { return i.Counted && i.Quantity == 3 }),
			"a line's coupon": slices.ContainsFunc(o.Discounts, func(d bot.Discount) bool { return len(d.Items) > 0 }),
			"two payments":    len(o.Payments) == 2, "two parcels": len(o.Parcels) == 2, "a chargeback": o.RefundsHeld(),
			"a part that has not left": o.Stage == bot.PartShipped && len(o.OpenParts()) > 0, "a link to pay": o.PayURL != "",
			"a return address":   o.ReturnAddress != "",
			"a price adjustment": slices.ContainsFunc(o.Adjustments, func(a bot.Adjustment) bool { return a.Type == bot.PriceAdjustment }),
		} {
			if holds {
				has[what]++
			}
		}
	}
	if len(has) != 9 {
		t.Errorf("got %v", has)
	}
}

func TestSampleOfAna(t *testing.T) {
	_, orders := Sample(time.Now())
	stages := map[bot.Stage]bool{}
	newest := orders[0]
	for _, o := range orders {
		if o.Buyer == "buyer:b-1" {
			stages[o.Stage] = true
			if o.Placed.After(newest.Placed) {
				newest = o
			}
		}
	}
	if len(stages) != len(bot.Stages) {
		t.Errorf("Ana has orders in %v only", stages)
	}
	o := orders[0]
	if o.Buyer != "buyer:b-1" || o.Seller != "seller:s-1" || o.Stage != bot.Processing || o.Method != "card" || len(o.Items) != 2 ||
		!strings.HasPrefix(o.Items[0].Title, "Bamboo desk lamp") || newest.ID != o.ID {
		t.Errorf("the first order is %+v", o)
	}
}
