package shoptest

import "nevermind/bot"

// cancelling: the shop cancels what it is asked for, once, and never what has left.
var cancelling = []scenario{
	{"the whole order", nil, func(p *play) {
		id := p.placed(map[string]int{"lamp": 2})
		o, task := p.do("cancel_order", id, nil)
		p.wants("cancel", o, "order_cancelled")
		p.wants("again", p.again(task), "order_cancelled")
		want(p, "stands in the shop", p.Books(id).Stands, false)
		want(p, "paid back by cancelling alone", p.Books(id).Paid > 0 && !p.Able().PaysBack, false)
		want(p, "stage", p.order(id).Stage, bot.Cancelled)
		p.pull()
		want(p, "stage after a pull", p.order(id).Stage, bot.Cancelled)
		want(p, "what can go back", p.order(id).Refundable(), usd(2*2000+Delivery))
	}},
	{"one of three, then the rest", quantities, func(p *play) {
		id := p.placed(map[string]int{"lamp": 3})
		o, task := p.do("cancel_order", id, p.some(id, "lamp", 1))
		p.wants("one", o, "order_cancelled")
		p.wants("one again", p.again(task), "order_cancelled")
		p.cancelled(id, map[string]int{"lamp": 1})
		want(p, "stage", p.order(id).Stage, bot.Processing)
		p.pull()
		want(p, "gone", p.order(id).Items[0].Gone(), 1)
		o, _ = p.do("cancel_order", id, p.some(id, "lamp", 2))
		p.wants("the rest", o, "order_cancelled")
		p.pull()
		want(p, "stands in the shop", p.Books(id).Stands, false)
		want(p, "stage", p.order(id).Stage, bot.Cancelled)
		want(p, "what can go back", p.order(id).Refundable(), usd(3*2000+Delivery))
	}},
	{"it has left, and the house knows", nil, func(p *play) {
		id := p.placed(map[string]int{"lamp": 1})
		if err := p.ship(id, "lamp", 1)(p.ctx); err != nil {
			p.t.Fatal(err)
		}
		o, _ := p.do("cancel_order", id, nil)
		p.wants("cancel", o, "order_had_shipped")
		want(p, "stands in the shop", p.Books(id).Stands, true)
	}},
	{"it has left, and the house has not heard", func(a Able) bool { return a.Remote }, func(p *play) {
		id := p.placed(map[string]int{"lamp": 1})
		p.ship(id, "lamp", 1)
		o, _ := p.do("cancel_order", id, nil)
		p.wants("cancel", o, "order_had_shipped")
		want(p, "stands in the shop", p.Books(id).Stands, true)
		want(p, "stage", p.order(id).Stage, bot.Shipped)
	}},
	{"a part has left: the rest can be cancelled", quantities, func(p *play) {
		id := p.placed(map[string]int{"lamp": 3})
		if err := p.ship(id, "lamp", 1)(p.ctx); err != nil {
			p.t.Fatal(err)
		}
		o, _ := p.do("cancel_order", id, nil)
		p.wants("all of it", o, "order_had_shipped")
		o, _ = p.do("cancel_order", id, p.some(id, "lamp", 3))
		p.wants("more than is there", o, "order_had_shipped")
		p.cancelled(id, nil)
		o, _ = p.do("cancel_order", id, p.some(id, "lamp", 2))
		p.wants("what has not left", o, "order_cancelled")
		p.cancelled(id, map[string]int{"lamp": 2})
		p.pull()
		q := p.order(id)
		want(p, "stage", q.Stage == bot.PartShipped || q.Stage == bot.Shipped, true)
		want(p, "open", len(q.OpenParts()), 0)
	}},
	{"cancelled in the shop already", nil, func(p *play) {
		id := p.placed(map[string]int{"lamp": 1})
		p.CancelThere(id)
		o, _ := p.do("cancel_order", id, nil)
		p.wants("cancel", o, "order_cancelled")
		want(p, "stands in the shop", p.Books(id).Stands, false)
		p.pull()
		want(p, "stage", p.order(id).Stage, bot.Cancelled)
	}},
	{"one seller's order, and not the other's", sellers, func(p *play) {
		ids := p.Place(Basket{"alpha", map[string]int{"lamp": 1}}, Basket{"beta", map[string]int{"shade": 1}})
		p.pull()
		o, _ := p.do("cancel_order", ids[0], nil)
		p.wants("cancel", o, "order_cancelled")
		o, task := p.do("pay_refund", ids[0], money(2000+Delivery))
		p.paid(ids[0], task, o)
		p.pull()
		want(p, "alpha's stands", p.Books(ids[0]).Stands, false)
		want(p, "beta's stands", p.Books(ids[1]).Stands, true)
		want(p, "paid back to alpha's", p.Books(ids[0]).Paid, 2000+Delivery)
		want(p, "paid back to beta's", p.Books(ids[1]).Paid, 0)
		want(p, "beta's stage", p.order(ids[1]).Stage, bot.Processing)
		want(p, "beta's can go back", p.order(ids[1]).Refundable(), usd(1000+Delivery))
	}},
	{"where it stands is looked up", nil, func(p *play) {
		id := p.placed(map[string]int{"lamp": 1})
		o, _ := p.do("check_order", id, nil)
		p.wants("check", o, "order_open")
		p.ship(id, "lamp", 1)
		p.pull()
		o, _ = p.do("check_order", id, nil)
		p.wants("check", o, "order_had_shipped")
	}},
}
