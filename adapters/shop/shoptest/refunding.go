package shoptest

import "nevermind/bot"

// refunding: what the shop pays back is exactly what it was asked for, once.
var refunding = []scenario{
	{"paid once, and read in the shop's books", nil, func(p *play) {
		id := p.placed(map[string]int{"lamp": 2})
		o, _ := p.do("cancel_order", id, nil)
		p.wants("cancel", o, "order_cancelled")
		o, task := p.do("pay_refund", id, money(2*2000+Delivery))
		p.paid(id, task, o)
		p.books(id, 0, 2*2000+Delivery, 1)
		o = p.again(task)
		p.wants("again", o, "refund_settled")
		p.pull()
		p.books(id, 0, 2*2000+Delivery, 1)
		want(p, "what can go back", p.order(id).Refundable(), usd(0))
		want(p, "by the shop itself", p.order(id).Refunded.Minor, 0)
	}},
	{"settled later, and told of it", nil, func(p *play) {
		id := p.placed(map[string]int{"lamp": 1})
		p.wants("cancel", first(p.do("cancel_order", id, nil)), "order_cancelled")
		o, task := p.do("pay_refund", id, money(2000+Delivery))
		if !o.Pending {
			p.t.Skip("the shop settles at once")
		}
		p.books(id, 2000+Delivery, 0, 1)
		want(p, "what can go back meanwhile", p.order(id).Refundable(), usd(0))
		if o := p.again(task); !o.Pending {
			p.t.Fatalf("again, meanwhile: got %+v", o)
		}
		p.books(id, 2000+Delivery, 0, 1)
		p.Settle(id, true)
		p.arrive(id)
		want(p, "outcome", p.outcome(task), "refund_settled")
		p.books(id, 0, 2000+Delivery, 1)
	}},
	{"settled later, and the word of it missed", amounts, func(p *play) {
		id := p.placed(map[string]int{"lamp": 1})
		o, task := p.do("pay_refund", id, money(1500))
		if !o.Pending {
			p.t.Skip("the shop settles at once")
		}
		p.Settle(id, true)
		p.Restart()
		p.pull()
		want(p, "outcome", p.outcome(task), "refund_settled")
		want(p, "what can go back", p.order(id).Refundable(), usd(500+Delivery))
	}},
	{"refused later, and paid by another one", failsLate, func(p *play) {
		id := p.placed(map[string]int{"lamp": 1})
		o, task := p.do("pay_refund", id, money(2000))
		want(p, "pending", o.Pending, true)
		p.Settle(id, false)
		p.pull()
		want(p, "outcome", p.outcome(task), "refund_failed")
		want(p, "what can go back", p.order(id).Refundable(), usd(2000+Delivery))
		o, task = p.do("pay_refund", id, money(2000))
		p.paid(id, task, o)
		p.books(id, 0, 2000, 2)
		want(p, "what can still go back", p.order(id).Refundable(), usd(Delivery))
	}},
	{"in two parts, and no more than was paid", amounts, func(p *play) {
		id := p.placed(map[string]int{"lamp": 1})
		for n := range 2 {
			o, task := p.do("pay_refund", id, money(1250))
			p.paid(id, task, o)
			p.books(id, 0, int64(n+1)*1250, n+1)
		}
		p.wants("a cent more", first(p.do("pay_refund", id, money(1))), "refund_failed")
		p.books(id, 0, 2000+Delivery, 2)
	}},
	{"the shop has paid some of it by itself", ownRefunds, func(p *play) {
		id := p.placed(map[string]int{"lamp": 1})
		p.RefundThere(id, usd(700))
		p.pull()
		want(p, "by the shop itself", p.order(id).Refunded, usd(700))
		p.told(id, "order_refunded")
		p.wants("all of it", first(p.do("pay_refund", id, money(2000+Delivery))), "refund_failed")
		o, task := p.do("pay_refund", id, money(2000+Delivery-700))
		p.paid(id, task, o)
		p.books(id, 0, 2000+Delivery, 2)
	}},
	{"the shop has paid all of it, and the house has not heard", paysUnheard, func(p *play) {
		id := p.placed(map[string]int{"lamp": 1})
		p.RefundThere(id, usd(2000+Delivery))
		p.wants("refund", first(p.do("pay_refund", id, money(2000+Delivery))), "refund_failed")
		p.books(id, 0, 2000+Delivery, 1)
	}},
	{"come back after it was paid", bounces, func(p *play) {
		id := p.placed(map[string]int{"lamp": 1})
		o, task := p.do("pay_refund", id, money(2000))
		p.paid(id, task, o)
		p.Bounce(id, task)
		p.pull()
		want(p, "what can go back", p.order(id).Refundable(), usd(2000+Delivery))
		posted := p.order(id).Book
		want(p, "in the book", posted[len(posted)-1].State, "bounced")
		want(p, "outcome stays", p.outcome(task), "refund_settled")
	}},
}

// first drops the task's id.
func first(o bot.Outcome, _ string) bot.Outcome { return o }

// paid sees that a refund is settled: at once, or once the shop's people have settled it.
func (p *play) paid(id, task string, o bot.Outcome) {
	p.t.Helper()
	if o.Pending {
		p.Settle(id, true)
		p.pull()
	}
	want(p, "outcome of the refund", p.outcome(task), "refund_settled")
}

// books compares what the shop's own books say of money.
func (p *play) books(id string, pending, paid int64, refunds int) {
	p.t.Helper()
	b := p.Books(id)
	if b.Pending != pending || b.Paid != paid || b.Refunds != refunds {
		p.t.Errorf("the shop's books of order %s: %d pending, %d paid, %d refunds; want %d, %d, %d",
			id, b.Pending, b.Paid, b.Refunds, pending, paid, refunds)
	}
}
