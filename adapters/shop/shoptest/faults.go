package shoptest

import (
	"fmt"
	"testing"

	"nevermind/bot"
)

// faults: whatever becomes of the line, all is done once.
var faults = []scenario{
	{"down: nothing is done, and later all", remote, func(p *play) {
		id := p.placed(map[string]int{"lamp": 1})
		p.line.set(func(l *Line) { l.down = true })
		cancel := p.house.ask("cancel_order", id, nil)
		for range 3 {
			if o, err := p.once(cancel); err == nil && o.Retry == 0 {
				p.t.Fatalf("down: got %+v, want another try", o)
			}
		}
		p.wants("where it stands, by what is known", first(p.do("check_order", id, nil)), "order_open")
		if err := p.Pull(p.ctx); err == nil && p.pulls() {
			p.t.Error("a pull over a line that is down says that all is well")
		}
		p.line.set(func(l *Line) { l.down = false })
		want(p, "stands in the shop", p.Books(id).Stands, true)
		p.wants("up again", p.again(cancel), "order_cancelled")
		refund := p.house.ask("pay_refund", id, money(2000+Delivery))
		p.line.set(func(l *Line) { l.down = true })
		for range 3 {
			if o, err := p.once(refund); err == nil && o.Retry == 0 {
				p.t.Fatalf("down: got %+v, want another try", o)
			}
		}
		p.line.set(func(l *Line) { l.down = false })
		want(p, "paid back while it was down", p.Books(id).Paid > 0 && !p.Able().PaysBack, false)
		p.paid(id, refund, p.again(refund))
		p.books(id, 0, 2000+Delivery, 1)
	}},
	{"the answers are lost", remote, func(p *play) {
		p.cutShort(func(l *Line, bad bool) { l.lose = bad })
	}},
	{"slow: it arrives when it was given up", remote, func(p *play) {
		p.cutShort(func(l *Line, bad bool) { l.slow = bad })
	}},
}

// pulls says whether the shop is asked by a pull at all; one that puts orders by itself is not.
func (p *play) pulls() bool {
	calm, ok := p.World.(interface{ Pushes() bool })
	return !ok || !calm.Pushes()
}

// cutShort cancels and refunds with a line that is bad at every first attempt.
func (p *play) cutShort(bad func(*Line, bool)) {
	goods := map[string]int{"lamp": 3}
	id := p.placed(goods)
	what, amount := bot.Facts(nil), 3*Prices["lamp"]+Delivery
	if p.Able().Quantities {
		what, amount = p.some(id, "lamp", 1), Prices["lamp"]
	}
	badly := func(task string) bot.Outcome {
		p.line.set(func(l *Line) { bad(l, true) })
		o, err := p.once(task)
		p.line.set(func(l *Line) { bad(l, false) })
		if err == nil && o.Retry == 0 {
			p.house.settle(task, o)
			return o
		}
		p.house.wait(o.Retry)
		if o.Retry >= slowness {
			p.line.arrive()
		}
		return p.again(task)
	}
	p.wants("cancel", badly(p.house.ask("cancel_order", id, what)), "order_cancelled")
	p.line.arrive()
	refund := p.house.ask("pay_refund", id, money(amount))
	o := badly(refund)
	p.line.arrive()
	p.paid(id, refund, o)
	p.onlyThis(id, amount)
}

// onlyThis sees that a lamp, or all of an order of three, was cancelled once and paid back once.
func (p *play) onlyThis(id string, amount int64) {
	p.t.Helper()
	p.books(id, 0, amount, 1)
	if p.Able().Quantities {
		p.cancelled(id, map[string]int{"lamp": 1})
		return
	}
	want(p, "stands in the shop", p.Books(id).Stands, false)
}

// killed cancels and refunds, again and again, killed before the first step and after each in turn: every request that changes
// something in the shop and every commit of the house. Each time all is done once.
func killed(t *testing.T, open func(*testing.T, *House, *Line) World) {
	fired := true
	n := -1
	for ; fired && !t.Failed(); n++ {
		t.Run(fmt.Sprintf("after %d", n+1), func(t *testing.T) { fired = newPlay(t, open).killedAt(max(0, n), n >= 0) })
	}
	if n < 3 {
		t.Errorf("it was killed at %d steps: the test looks in the wrong place", n)
	}
	t.Logf("killed before the first and after each of %d steps", n-1)
}

// killedAt plays one story, killed at a step; false where it has fewer steps.
func (p *play) killedAt(n int, after bool) bool {
	id := p.placed(map[string]int{"lamp": 3})
	what, amount := bot.Facts(nil), 3*Prices["lamp"]+Delivery
	if p.Able().Quantities {
		what, amount = p.some(id, "lamp", 1), Prices["lamp"]
	}
	p.house.steps.arm(n, after)
	cancel := p.house.ask("cancel_order", id, what)
	p.wants("cancel", p.again(cancel), "order_cancelled")
	refund := p.house.ask("pay_refund", id, money(amount))
	o := p.again(refund)
	if o.Pending {
		p.house.steps.pause(func() { p.Settle(id, true) })
		if err := p.Pull(p.ctx); p.house.steps.revive() {
			p.Restart()
			p.pull()
		} else if err != nil {
			p.t.Fatal(err)
		}
	}
	fired := p.house.steps.disarm()
	p.Restart()
	p.pull()
	want(p, "outcome of the refund", p.outcome(refund), "refund_settled")
	p.onlyThis(id, amount)
	return fired
}
