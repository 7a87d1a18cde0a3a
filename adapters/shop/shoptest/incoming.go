package shoptest

import (
	"context"
	"slices"

	"nevermind/bot"
)

// incoming: what the shop says of orders reaches the house, by event and by pull, whole and in any order.
var incoming = []scenario{
	{"an order comes in by event", nil, func(p *play) {
		id := p.Place(Basket{"alpha", map[string]int{"lamp": 3, "bulb": 2}})[0]
		p.arrive(id)
		p.wholeOrder(id)
	}},
	{"an order comes in by pull", nil, func(p *play) {
		id := p.Place(Basket{"alpha", map[string]int{"lamp": 3, "bulb": 2}})[0]
		p.pull()
		p.wholeOrder(id)
	}},
	{"told twice is told once", nil, func(p *play) {
		id := p.placed(map[string]int{"lamp": 1})
		shipped := p.ship(id, "lamp", 1)
		for range 2 {
			if err := shipped(p.ctx); err != nil {
				p.t.Fatal(err)
			}
		}
		p.pull()
		p.told(id, "order_shipped")
	}},
	{"an old word changes nothing", nil, func(p *play) {
		id := p.placed(map[string]int{"lamp": 1})
		old := p.Event(id)
		if err := p.ship(id, "lamp", 1)(p.ctx); err != nil {
			p.t.Fatal(err)
		}
		if err := old(p.ctx); err != nil {
			p.t.Fatal(err)
		}
		want(p, "stage", p.order(id).Stage, bot.Shipped)
		p.told(id, "order_shipped")
	}},
	{"what was missed is found by pull", nil, func(p *play) {
		id := p.placed(map[string]int{"lamp": 1})
		p.ship(id, "lamp", 1)
		p.pull()
		want(p, "stage", p.order(id).Stage, bot.Shipped)
		want(p, "code", p.order(id).Tracking, "RB123456785GB")
		p.Deliver(id)
		p.pull()
		want(p, "stage", p.order(id).Stage, bot.Delivered)
		p.told(id, "order_shipped", "order_delivered")
	}},
	{"cancelled by the shop's people", nil, func(p *play) {
		id := p.placed(map[string]int{"lamp": 2})
		p.CancelThere(id)
		p.pull()
		want(p, "stage", p.order(id).Stage, bot.Cancelled)
		want(p, "was paid", p.order(id).WasPaid(), true)
		want(p, "total", p.order(id).Total, usd(2*2000+Delivery))
		want(p, "told of it", slices.Contains(p.house.newsOf(id), "order_cancelled"), true)
	}},
	{"a part has left", quantities, func(p *play) {
		id := p.placed(map[string]int{"lamp": 3, "bulb": 1})
		p.Ship(id, "RB123456785GB", bot.Part{ID: p.lineOf(id, "lamp"), Quantity: 1})
		p.arrive(id)
		o := p.order(id)
		want(p, "stage", o.Stage, bot.PartShipped)
		for _, part := range o.OpenParts() {
			want(p, "open of line "+part.ID, part.Quantity, map[string]int{p.lineOf(id, "lamp"): 2, p.lineOf(id, "bulb"): 1}[part.ID])
		}
		want(p, "open lines", len(o.OpenParts()), 2)
	}},
	{"two sellers of one checkout are two orders", sellers, func(p *play) {
		ids := p.Place(Basket{"alpha", map[string]int{"lamp": 2}}, Basket{"beta", map[string]int{"shade": 1}})
		p.pull()
		a, b := p.order(ids[0]), p.order(ids[1])
		want(p, "alpha's total", a.Total, usd(2*2000+Delivery))
		want(p, "beta's total", b.Total, usd(1000+Delivery))
		want(p, "one buyer", a.Buyer, b.Buyer)
		if a.Seller == b.Seller || a.ID == b.ID {
			p.t.Errorf("the two are not kept apart: %s of %s, %s of %s", a.ID, a.Seller, b.ID, b.Seller)
		}
		p.Ship(a.ID, "RB123456785GB", bot.Part{ID: a.Items[0].ID, Quantity: 2})
		p.pull()
		want(p, "alpha's stage", p.order(a.ID).Stage, bot.Shipped)
		want(p, "beta's stage", p.order(b.ID).Stage, bot.Processing)
	}},
}

// wholeOrder looks at an order of three lamps and two bulbs.
func (p *play) wholeOrder(id string) {
	p.t.Helper()
	o := p.order(id)
	want(p, "stage", o.Stage, bot.Processing)
	want(p, "was paid", o.WasPaid(), true)
	want(p, "total", o.Total, usd(3*2000+2*300+Delivery))
	want(p, "placed", o.Placed.IsZero(), false)
	buyer, _ := o.Buyer.Split()
	seller, _ := o.Seller.Split()
	want(p, "buyer", buyer, bot.Buyer)
	want(p, "seller", seller, bot.Seller)
	want(p, "lines", len(o.Items), 2)
	for goods, n := range map[string]int{"lamp": 3, "bulb": 2} {
		line := p.lineOf(id, goods)
		for _, i := range o.Items {
			if i.ID == line && (i.Ordered() != n || i.Title == "") {
				p.t.Errorf("%s: got %+v, want %d", goods, i, n)
			}
		}
	}
}

// ship sends a quantity of an order, and returns the shop's word of it.
func (p *play) ship(id, goods string, quantity int) (arrive func(context.Context) error) {
	p.t.Helper()
	p.Ship(id, "RB123456785GB", bot.Part{ID: p.lineOf(id, goods), Quantity: quantity})
	return p.Event(id)
}
