package drills

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"nevermind/adapters/web"
	"nevermind/bot"
)

// script is what people do about one order, and where that must lead.
type script struct {
	name   string
	steps  step
	state  string
	refund string // what goes back; empty is nothing
	failed int    // refunds that fail before one is paid
}

// step is something that happens in a conversation.
type step struct {
	acts int // how many things people do in it
	do   func(ctx context.Context, c *conversation) error
}

// Who takes part; an agent works at the desk.
type role int

const (
	buyer role = iota
	seller
	agent
)

// scripts are the six ways in which the twenty conversations go, each told as often as it says.
func scripts() (all []script) {
	ask := by(buyer, says("cancel {order}"), presses("I don't need it any more"), says("Please be quick, I am moving house."),
		presses("Yes, ask the seller"))
	letters := steps(
		by(buyer, presses("Write to the seller"), says("Has order {order} left already?")),
		reads(seller, "Has order {order} left already?"),
		by(seller, presses("Answer"), says("Order {order} has not, as far as I can see.")), reads(buyer, "Order {order} has not"),
		by(buyer, presses("Write to the seller"), says("When will you know about order {order}?")),
		reads(seller, "When will you know about order {order}?"),
		by(seller, presses("Answer"), says("About order {order}? By tonight, I hope.")), reads(buyer, "About order {order}?"),
	)
	for _, s := range []struct {
		times int
		script
	}{
		{4, script{name: "accepted", state: "refunded", refund: "24.90 USD", steps: steps(
			awake(ask, letters, presses("Cancel and refund").as(seller), reaches("refunding")), settles(true), reaches("refunded"),
		)}},
		{4, script{name: "decided", state: "refunded", refund: "10.00 USD", steps: steps(
			awake(ask, by(seller, presses("Say no"), says("It is packed already.")), reaches("negotiating")), letters,
			presses("Let support decide").as(buyer),
			awake(by(agent, presses("Partial refund"), says("10"), presses("Cancel it too"), says("It was packed, but had not left."),
				presses("Yes, decide so")), reaches("refunding")),
			settles(true), reaches("refunded"),
		)}},
		{4, script{name: "offered", state: "refunded", refund: "20.00 USD", steps: steps(
			awake(ask, letters, by(seller, presses("Make an offer"), presses("Cancel it, part comes back"), says("20"),
				presses("Leave it out"), presses("Yes, send it")), reaches("weighing_offer")),
			awake(by(buyer, presses("Take the offer"), presses("Yes, take it")), reaches("refunding")), settles(true), reaches("refunded"),
		)}},
		{4, script{name: "silent", state: "refunded", refund: "24.90 USD", steps: steps(
			awake(ask, letters, presses("Remind the seller").as(buyer), reaches("awaiting_seller")), aDayPasses, settles(true),
			reaches("refunded"),
		)}},
		{2, script{name: "sent back", state: "refunded", refund: "24.90 USD", failed: 1, steps: steps(
			awake(ask, presses("Cancel and refund").as(seller), reaches("refunding")), settles(false), reaches("with_support"),
			presses("Start the refund again").as(agent), settles(true), reaches("refunded"),
		)}},
		{2, script{name: "withdrawn", state: "withdrawn", steps: steps(
			awake(ask, letters, by(buyer, presses("Withdraw my request"), presses("Yes, withdraw it")), reaches("withdrawn")),
		)}},
	} {
		for range s.times {
			all = append(all, s.script)
		}
	}
	return all
}

// load is the twenty conversations and what they share.
type load struct {
	*platform
	all   []*conversation
	rooms map[bot.Room]*sync.Mutex // a person does one thing at a time
	day   sync.RWMutex             // the clock may be moved only while nobody's hours count
}

// conversation is one script on its way.
type conversation struct {
	*load
	script
	order  string
	people [3]bot.PersonID
	sent   []string // the ids of its messages
	inRoom map[string]bot.Room
}

func newLoad(p *platform) *load {
	l := &load{platform: p, rooms: map[bot.Room]*sync.Mutex{}}
	for i, s := range scripts() {
		c := &conversation{load: l, script: s, order: fmt.Sprint(910001 + i), inRoom: map[string]bot.Room{}}
		c.people = [3]bot.PersonID{bot.PersonID(fmt.Sprint("buyer:k-", i%8)), bot.PersonID(fmt.Sprint("seller:w-", i%5)), "support:a-1"}
		for _, who := range c.people {
			l.rooms[web.RoomOf(who)] = new(sync.Mutex)
		}
		l.all = append(l.all, c)
	}
	return l
}

func (l *load) orders() (ids []string) {
	for _, c := range l.all {
		ids = append(ids, c.order)
	}
	return ids
}

func (c *conversation) key() bot.Key { return bot.Key("case/" + c.order + "/0") }

// play does one step after the other.
func (c *conversation) play(ctx context.Context) error {
	if err := c.steps.do(ctx, c); err != nil {
		return fmt.Errorf("order %s, %s: %w", c.order, c.name, err)
	}
	return nil
}

func steps(all ...step) step {
	acts := 0
	for _, s := range all {
		acts += s.acts
	}
	return step{acts, func(ctx context.Context, c *conversation) error {
		for _, s := range all {
			if err := s.do(ctx, c); err != nil {
				return err
			}
		}
		return nil
	}}
}

// awake does steps during which no day may pass.
func awake(all ...step) step {
	s := steps(all...)
	return step{s.acts, func(ctx context.Context, c *conversation) error {
		c.day.RLock()
		defer c.day.RUnlock()
		return s.do(ctx, c)
	}}
}

// act is something a person does.
type act func(ctx context.Context, c *conversation, who role) error

// as is an act in which nobody need be left alone.
func (a act) as(who role) step {
	return step{1, func(ctx context.Context, c *conversation) error { return a(ctx, c, who) }}
}

// by is what a person does in one go.
func by(who role, acts ...act) step {
	return step{len(acts), func(ctx context.Context, c *conversation) error {
		room := c.rooms[web.RoomOf(c.people[who])]
		room.Lock()
		defer room.Unlock()
		for _, a := range acts {
			if err := a(ctx, c, who); err != nil {
				return err
			}
		}
		return nil
	}}
}

func says(text string) act {
	return func(ctx context.Context, c *conversation, who role) error {
		return c.send(ctx, who, c.named(text), "")
	}
}

func (c *conversation) named(text string) string { return strings.ReplaceAll(text, "{order}", c.order) }

// reads waits for a letter.
func reads(who role, text string) step {
	return step{0, func(ctx context.Context, c *conversation) error {
		return c.see(ctx, who, "reads "+text, func(r *room) bool {
			return slices.ContainsFunc(r.Bubbles, func(b web.Bubble) bool { return strings.HasPrefix(b.Quote, c.named(text)) })
		})
	}}
}

// see waits for something in the chat of a person.
func (c *conversation) see(ctx context.Context, who role, what string, holds func(*room) bool) error {
	return look(ctx, c.platform, string(c.people[who])+" "+what, "/api/rooms/"+string(web.RoomOf(c.people[who])), holds)
}

// presses waits for a button about the order and presses it.
func presses(label string) act {
	return func(ctx context.Context, c *conversation, who role) error {
		token := ""
		err := c.see(ctx, who, "has a button "+label, func(r *room) bool {
			token = r.button(c.order, label)
			return token != ""
		})
		if err != nil {
			return err
		}
		return c.send(ctx, who, "", token)
	}
}

// room is what the page shows of a chat.
type room struct {
	Bubbles []web.Bubble `json:"bubbles"`
}

func (r *room) button(order, label string) string {
	for _, b := range slices.Backward(r.Bubbles) {
		if !strings.Contains(b.Title, order) {
			continue
		}
		for _, choice := range b.Choices {
			if strings.HasPrefix(choice.Label, label) {
				return choice.Token
			}
		}
	}
	return ""
}

// send brings one message, under an id of its own.
func (c *conversation) send(ctx context.Context, who role, text, press string) error {
	if err := c.pass(ctx); err != nil {
		return err
	}
	id := fmt.Sprintf("web:kill-%s-%d", c.order, len(c.sent))
	body := map[string]string{"id": id, "room": string(web.RoomOf(c.people[who])), "account": web.AccountOf(c.people[who]),
		"text": text, "press": press}
	status, err := c.ask(ctx, "/api/messages", body, nil)
	if err == nil && len(c.sent)%5 == 0 {
		status, err = c.ask(ctx, "/api/messages", body, nil) // a platform may repeat what was answered, too
	}
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("message %s: status %d", id, status)
	}
	if err != nil {
		return err
	}
	c.sent = append(c.sent, id)
	c.inRoom[id] = web.RoomOf(c.people[who])
	c.done()
	return nil
}

// done tells that something is stored.
func (c *conversation) done() { c.set(func() { c.stored++ }) }

// reaches waits until the case stands somewhere.
func reaches(state string) step {
	return step{0, func(ctx context.Context, c *conversation) error { return c.isAt(ctx, state) }}
}

func (c *conversation) isAt(ctx context.Context, state string) error {
	return c.find(ctx, "the case is "+state, func(f *file) bool { return f.State == state })
}

// file is what the page shows of a case.
type file struct {
	State  string `json:"state"`
	Refund struct {
		Task  string `json:"task"`
		State string `json:"state"`
	} `json:"refund"`
}

func (c *conversation) find(ctx context.Context, what string, holds func(*file) bool) error {
	return look(ctx, c.platform, what, "/api/cases/"+url.PathEscape(string(c.key())), holds)
}

// settles is the shop's people saying how the refund ended, again and again until the order book has it.
func settles(ok bool) step {
	does, end := "settle", "settled"
	if !ok {
		does, end = "fail", "failed"
	}
	return step{1, func(ctx context.Context, c *conversation) error {
		press := map[string]string{"order": c.order, "act": does}
		if err := c.find(ctx, "a refund is pending",
			func(f *file) bool { press["task"] = f.Refund.Task; return f.Refund.State == "pending" }); err != nil {
			return err
		}
		if err := c.pass(ctx); err != nil {
			return err
		}
		defer c.done()
		return c.find(ctx, "the refund is "+end, func(f *file) bool {
			if f.Refund.Task == press["task"] && f.Refund.State == end {
				return true
			}
			_, _ = c.ask(ctx, "/api/shop", press, nil) // what it has done is looked up
			return false
		})
	}}
}

// aDayPasses moves the clock by a day, unless the case has heard of another's day already, and waits until the seller's
// silence has decided.
var aDayPasses = step{0, func(ctx context.Context, c *conversation) error {
	c.day.Lock()
	defer c.day.Unlock()
	waits := false
	for _, other := range c.all {
		if other.name != c.name {
			continue
		}
		err := other.find(ctx, "the shop has answered", func(f *file) bool {
			waits = waits || other == c && f.State == "awaiting_seller"
			return f.State != "opening" && f.State != "cancelling"
		})
		if err != nil {
			return err
		}
	}
	if waits {
		if err := c.moveClock(ctx, 24*time.Hour); err != nil {
			return err
		}
	}
	return c.isAt(ctx, "refunding")
}}

// moveClock moves the clock once. A move has no id, so whether it was made is looked up before it is asked for again.
func (c *conversation) moveClock(ctx context.Context, by time.Duration) error {
	var clock struct {
		Offset float64 `json:"offset_seconds"`
	}
	if _, err := c.ask(ctx, "/api/clock", nil, &clock); err != nil {
		return err
	}
	for want := clock.Offset + by.Seconds(); clock.Offset < want; {
		var url string
		if err := c.until(ctx, func() bool { url = c.url; return url != "" }); err != nil {
			return err
		}
		_, _ = c.once(ctx, url+"/api/clock", []byte(`{"move":"24h"}`), nil) // asked for only once
		if _, err := c.ask(ctx, "/api/clock", nil, &clock); err != nil {
			return err
		}
	}
	return nil
}

// look asks for something until it is as it should be. What is not there yet looks like nothing.
func look[T any](ctx context.Context, p *platform, what, path string, holds func(*T) bool) error {
	for {
		var seen T
		if _, err := p.ask(ctx, path, nil, &seen); err != nil {
			return fmt.Errorf("waited until %s: %w", what, err)
		}
		if holds(&seen) {
			return nil
		}
		if err := pause(ctx); err != nil {
			return fmt.Errorf("waited until %s: %w", what, err)
		}
	}
}
