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
		t.applyOverrides()
		return t.enterTalk(&s)
	}
	t.wait(&s)
	most := 0
	for _, choices := range s.Offer {
		most += len(choices)
	}
	f.Offers = slices.Grow(f.Offers, most)
	silent := s.Silent != nil && s.Silent.Holds(t.v)
	for _, p := range bot.Parties {
		if t.offer(p, s.Offer[p]); !silent {
			t.card(p, &s)
		}
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

// offer puts choices on offer to a party for this visit.
func (t *turn) offer(p bot.Party, choices []bot.Choice) {
	heard := t.here().heard()
	for i := range choices {
		c := &choices[i]
		if c.When != nil && !c.When.Holds(t.v) || !heard[c.Event] {
			continue
		}
		o := t.newOffer(p, c)
		o.Style = c.Style
		t.v.Frame.Offers = append(t.v.Frame.Offers, o)
	}
}

// newOffer puts a choice on offer to a party, under a new token.
func (t *turn) newOffer(p bot.Party, c *bot.Choice) bot.Offer {
	return bot.Offer{Token: t.id(), Party: p, Event: c.Event, Facts: c.Facts, Form: c.Form != nil, Once: c.Once, Words: c.Label}
}

// do starts a state's task. A task that moves money has one id for each attempt, which the fact "attempt" counts: another
// begins only where the shop has definitely failed and a person starts it again, or where something else is to be paid.
func (t *turn) do(name string) {
	c, work := &t.out.Conv, t.Works[name]
	lane := "work:" + string(c.Key) + ":" + name
	if work.Shop {
		lane = ShopLane(c.Key)
	}
	t.out.Tasks = append(t.out.Tasks, bot.Task{
		ID: WorkID(c, work.Class, name), Lane: lane, Do: name, Class: work.Class, From: c.Key, Visit: t.v.Frame.Visit,
		Order: c.Order, Facts: maps.Clone(t.v.Frame.Facts), Made: t.v.Now,
	})
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
