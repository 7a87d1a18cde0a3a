package shoptest

import (
	"context"
	"maps"
	"slices"
	"testing"
	"time"

	"nevermind/bot"
)

// play is one world with its house, as the scenarios act in it.
type play struct {
	World
	t     *testing.T
	house *House
	line  *Line
	ctx   context.Context
}

func newPlay(t *testing.T, open func(*testing.T, *House, *Line) World) *play {
	house := NewHouse(t)
	p := &play{t: t, house: house, line: &Line{house: house}, ctx: t.Context()}
	p.World = open(t, house, p.line)
	p.Restart()
	return p
}

// arrive lets the shop tell of an order.
func (p *play) arrive(id string) {
	p.t.Helper()
	if err := p.Event(id)(p.ctx); err != nil {
		p.t.Fatalf("the shop's word about order %s: %v", id, err)
	}
}

// pull fetches what has changed.
func (p *play) pull() {
	p.t.Helper()
	if err := p.Pull(p.ctx); err != nil {
		p.t.Fatalf("pull: %v", err)
	}
}

// placed is an order of one seller that the house knows.
func (p *play) placed(goods map[string]int) string {
	p.t.Helper()
	seller := ""
	for name := range goods {
		seller = Sellers[name]
	}
	id := p.Place(Basket{seller, goods})[0]
	p.arrive(id)
	return id
}

// order is what the house holds.
func (p *play) order(id string) *bot.Order {
	p.t.Helper()
	o, err := p.house.Order(p.ctx, id)
	if err != nil {
		p.t.Fatalf("order %s: %v", id, err)
	}
	return &o
}

// lineOf is the id of a line, by the goods in it.
func (p *play) lineOf(id, goods string) string {
	p.t.Helper()
	for _, i := range p.order(id).Items {
		if i.Price.Minor == Prices[goods]*int64(i.Ordered()) {
			return i.ID
		}
	}
	p.t.Fatalf("order %s has no line of %s: %+v", id, goods, p.order(id).Items)
	return ""
}

// some is a quantity of a line, as a fact of a task.
func (p *play) some(id, goods string, quantity int) bot.Facts {
	return bot.Facts{"parts": bot.WriteParts([]bot.Part{{ID: p.lineOf(id, goods), Quantity: quantity}})}
}

// money is a refund's amount, as a fact of a task.
func money(minor int64) bot.Facts { return bot.Facts{"amount": usd(minor).String()} }

func usd(minor int64) bot.Money { return bot.Money{Minor: minor, Currency: "USD"} }

// do asks for something new and lets the hand do it until it ends or is pending.
func (p *play) do(do, order string, facts bot.Facts) (bot.Outcome, string) {
	p.t.Helper()
	id := p.house.ask(do, order, facts)
	return p.again(id), id
}

// again lets the hand do a task once more, as after a crash, and whenever it asks for it, with the house's clock moving on.
// A house that was killed is started again.
func (p *play) again(id string) bot.Outcome {
	p.t.Helper()
	waited := time.Duration(0)
	for range mostAttempts {
		t := p.house.begin(id)
		o, err := p.Hands()[t.Do](p.ctx, t)
		wait := o.Retry
		switch {
		case p.house.steps.revive():
			p.Restart()
			continue
		case err != nil:
			wait = time.Second
		case wait == 0:
			p.house.settle(id, o)
			return o
		}
		waited += wait
		p.house.wait(wait)
		if waited >= slowness {
			p.line.arrive()
		}
	}
	p.t.Fatalf("%s does not come to an end in %d attempts", id, mostAttempts)
	return bot.Outcome{}
}

// once lets the hand do a task a single time.
func (p *play) once(id string) (bot.Outcome, error) {
	t := p.house.begin(id)
	return p.Hands()[t.Do](p.ctx, t)
}

// mostAttempts is how often a task is tried where nothing is in its way for ever.
const mostAttempts = 40

// outcome is how a task has ended by now: by its hand, or later.
func (p *play) outcome(id string) string {
	p.t.Helper()
	r, err := p.house.Task(p.ctx, id)
	if err != nil {
		p.t.Fatal(err)
	}
	return r.Outcome.Event
}

// wants compares an outcome.
func (p *play) wants(what string, got bot.Outcome, event string) {
	p.t.Helper()
	if got.Event != event || got.Dead != "" {
		p.t.Fatalf("%s: got %+v, want %s", what, got, event)
	}
}

// want compares.
func want[T comparable](p *play, what string, got, want T) {
	p.t.Helper()
	if got != want {
		p.t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// cancelled compares what the shop has cancelled of an order, by goods.
func (p *play) cancelled(id string, goods map[string]int) {
	p.t.Helper()
	b, got := p.Books(id), map[string]int{}
	for line, n := range b.Cancelled {
		if n > 0 {
			got[line] = n
		}
	}
	wanted := map[string]int{}
	for name, n := range goods {
		wanted[p.lineOf(id, name)] = n
	}
	if !maps.Equal(got, wanted) {
		p.t.Errorf("the shop has cancelled %v of order %s, want %v", got, id, wanted)
	}
}

// told compares the events that the open conversations were told of an order, without those of before.
func (p *play) told(id string, names ...string) {
	p.t.Helper()
	if got := p.house.newsOf(id); !slices.Equal(got, names) {
		p.t.Errorf("news of order %s: got %v, want %v", id, got, names)
	}
}
