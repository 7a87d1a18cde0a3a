package turn

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"nevermind/bot"
)

// enter begins a visit of the state in which the machine stands: offers, words, the task it starts, its deadlines; an end
// closes the record or the talk.
func (t *turn) enter() error {
	state := t.here().current()
	s, ok := t.flow.States[state]
	if !ok {
		return fmt.Errorf("flow %s has no state %.40q", t.flow.Name, state)
	}
	f := t.v.Frame
	if f.State == "" && !t.flow.Talk {
		t.out.Conv.WorkIDs = boundToAmount
	}
	f.State, f.Visit, f.Offers, f.Shown = state, f.Visit+1, nil, nil
	t.out.Entry.Rules = append(t.out.Entry.Rules, s.Rules...)
	if t.flow.Talk {
		t.settle()
		return t.ask(&s)
	}
	t.wait(&s)
	most := 0
	for _, choices := range s.Offer {
		most += len(choices)
	}
	f.Offers = slices.Grow(f.Offers, most)
	for _, p := range bot.Parties {
		t.offer(p, s.Offer[p])
		t.card(p, &s)
	}
	t.guestCard(&s)
	if s.Do != "" {
		t.do(s.Do)
	}
	if s.End() {
		t.out.Conv.Closed, t.out.Conv.Deadlines = t.v.Now, nil
	}
	return nil
}

// ask enters a talk's state: one question to one person, or the talk's end.
func (t *turn) ask(s *bot.State) error {
	t.wait(s)
	quiet := t.v.Event.By == bot.Clock
	if !s.End() && !quiet {
		t.choices(s)
	}
	if quiet {
		t.hush()
	} else {
		t.question(s)
	}
	if s.End() {
		return t.pop()
	}
	return nil
}

// choices puts a talk's choices on offer to its person: the list that depends on data first, then the state's own.
func (t *turn) choices(s *bot.State) {
	who := t.v.Actor.Party()
	if s.List != nil {
		t.offer(who, s.List(t.v))
		for i := range t.v.Frame.Offers { // what a list shows is data, however much it looks like {words}
			o := &t.v.Frame.Offers[i]
			o.Label, o.Words = bot.Clean(o.Words), ""
		}
	}
	if own, ok := s.Offer[who]; ok {
		t.offer(who, own)
	} else {
		t.offer(who, s.Offer[bot.Here])
	}
}

// offer puts choices on offer to a party for this visit.
func (t *turn) offer(p bot.Party, choices []bot.Choice) {
	for i := range choices {
		c := &choices[i]
		if c.When != nil && !c.When.Holds(t.v) || !t.here().hears(c.Event) {
			continue
		}
		o := bot.Offer{Token: t.id(), Party: p, Event: c.Event, Facts: c.Facts, Form: c.Form != nil, Once: c.Once, Style: c.Style, Words: c.Label}
		t.v.Frame.Offers = append(t.v.Frame.Offers, o)
	}
}

// do starts a state's task. A task that moves money keeps its id until a person starts another (fact "attempt").
func (t *turn) do(name string) {
	c := &t.out.Conv
	lane := "work:" + string(c.Key) + ":" + name
	if t.Works[name].Shop {
		lane = ShopLane(c.Key)
	}
	t.out.Tasks = append(t.out.Tasks, bot.Task{ID: WorkID(c, t.Works[name].Class, name), Lane: lane, Do: name, Class: t.Works[name].Class, From: c.Key, Visit: t.v.Frame.Visit, Order: c.Order, Facts: maps.Clone(t.v.Frame.Facts), Made: t.v.Now})
}

// boundToAmount marks a record whose money tasks have ids that depend on the amount.
const boundToAmount = 1

// WorkID names the task that a conversation has done in its present visit. One that moves money is named by its attempt
// instead, and by the amount with its currency, so that the shop never takes one amount for another. A record that an older
// version has begun keeps naming its tasks without the amount, since the shop may know them so.
func WorkID(c *bot.Conversation, class bot.Class, name string) string {
	mark := fmt.Sprint(c.Visit)
	if class == bot.MoneyClass {
		mark = "attempt " + c.Facts["attempt"]
	}
	parts := []string{string(c.Key), c.Opened.Format(time.RFC3339Nano), name, mark}
	if class == bot.MoneyClass && c.WorkIDs >= boundToAmount {
		parts = append(parts, c.Facts["amount"])
	}
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return "T-" + hex.EncodeToString(sum[:10])
}

// ShopLane is the one lane of everything that a case has for the shop: commands and webhooks keep their order.
func ShopLane(key bot.Key) string { return "shop:" + string(key) }
