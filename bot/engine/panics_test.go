package engine_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"nevermind/bot"
)

// poisoned is a store in which one conversation cannot be loaded.
type poisoned struct {
	bot.Store
	key bot.Key
}

func (p *poisoned) Conversation(ctx context.Context, key bot.Key) (bot.Conversation, error) {
	if key == p.key {
		return bot.Conversation{}, errors.New("this record is damaged")
	}
	return p.Store.Conversation(ctx, key)
}

// TestOneDamagedRecord: a conversation that cannot be loaded holds up nobody else's deadline.
func TestOneDamagedRecord(t *testing.T) {
	h := newHouse(t)
	h.order("81000001")
	h.order("81000002")
	h.ask("81000001")
	h.ask("81000002")
	h.poison = "case/81000001/0"
	h.must(h.store.Close())
	h.open()
	h.move(25 * time.Hour)
	h.must(h.engine.Drain(t.Context()))
	if got := h.state("case/81000002/0"); got != "refunding" {
		t.Errorf("the sound case is %s; silence should have approved it", got)
	}
	h.poison = ""
	h.must(h.store.Close())
	h.open()
	h.must(h.engine.Drain(t.Context()))
	if got := h.state("case/81000001/0"); got != "refunding" {
		t.Errorf("the mended case is %s", got)
	}
}

// TestTwoAgentsAtOneDesk: each agent in the shared room fills in a form of their own; neither's words get into the
// other's case.
func TestTwoAgentsAtOneDesk(t *testing.T) {
	h := newHouse(t)
	h.person("support:jonas")
	desk := bot.Room("fake:desk")
	for _, order := range []string{"81000001", "81000002"} {
		h.order(order)
		h.ask(order)
		h.say(h.press(order+"-no", "fake:s-1", "fake:seller:s-1", "Say no"))
		h.say(bot.Message{ID: order + "-why", Room: "fake:s-1", Account: "fake:seller:s-1", Text: "packed"})
		h.say(h.press(order+"-sup", "fake:b-1", "fake:buyer:b-1", "Let support decide"))
		agent := map[string]string{"81000001": "fake:support:mira", "81000002": "fake:support:jonas"}[order]
		h.say(h.press(order+"-part", desk, agent, "Partial refund"))
	}
	h.say(bot.Message{ID: "mira-1", Room: desk, Account: "fake:support:mira", Text: "5"})
	h.say(bot.Message{ID: "jonas-1", Room: desk, Account: "fake:support:jonas", Text: "7"})
	for _, c := range []struct {
		agent, want string
	}{{"support:mira", "5.00 USD"}, {"support:jonas", "7.00 USD"}} {
		talk, err := h.store.Conversation(t.Context(), bot.TalkKey(desk, &bot.Person{ID: bot.PersonID(c.agent)}))
		h.must(err)
		if got := talk.Facts["amount"]; got != c.want {
			t.Errorf("%s has written %q, want %q", c.agent, got, c.want)
		}
	}
}

// TestAThirdPersonsReply: somebody else's answer to a card in a room is not passed on as the buyer's words.
func TestAThirdPersonsReply(t *testing.T) {
	h := newHouse(t)
	h.person("buyer:b-2", "fake:b-2")
	h.order("81000001")
	h.ask("81000001")
	card := ""
	for i, d := range h.told {
		if d.Reply.Room == "fake:b-1" && d.Reply.From == "case/81000001/0" {
			card = strconv.Itoa(i + 1)
		}
	}
	h.say(bot.Message{ID: "other", Room: "fake:b-1", Account: "fake:buyer:b-2", Text: "I am not Ana", ReplyTo: bot.Ref(card)})
	for _, d := range h.rooms["fake:s-1"] {
		if strings.Contains(d.Reply.Quote, "I am not Ana") {
			t.Error("the seller reads a third person's words as the buyer's")
		}
	}
}

// TestATitleThatLooksLikeWords: what a seller calls an item is data, whatever it looks like.
func TestATitleThatLooksLikeWords(t *testing.T) {
	h := newHouse(t)
	h.order("81000001")
	_, err := h.engine.ChangeOrder(t.Context(), "81000001", func(o *bot.Order) error { o.Items[0].Title = "Lamp {seller} {gone}"; return nil })
	h.must(err)
	h.say(bot.Message{ID: "1", Room: "fake:b-1", Account: "fake:buyer:b-1", Text: "my orders"})
	h.button("fake:b-1", "Lamp {seller} {gone} · 24.90 USD · being prepared")
}

// TestPaidWhileItIsCancelled: an order is paid between the look at it and the cancellation; what was paid goes back.
func TestPaidWhileItIsCancelled(t *testing.T) {
	h := newHouse(t)
	down := true
	h.wrap = func(hands map[string]bot.Hand) {
		cancel := hands["cancel_order"]
		hands["cancel_order"] = func(ctx context.Context, k bot.Task) (bot.Outcome, error) {
			if down {
				return bot.Outcome{}, errors.New("the shop is down")
			}
			return cancel(ctx, k)
		}
	}
	h.must(h.store.Close())
	h.open()
	h.order("81000001")
	unpaid := func(o *bot.Order) error { o.Stage, o.Paid = bot.Unpaid, time.Time{}; return nil }
	_, err := h.engine.ChangeOrder(t.Context(), "81000001", unpaid)
	h.must(err)
	h.say(bot.Message{ID: "1", Room: "fake:b-1", Account: "fake:buyer:b-1", Text: "cancel 81000001"})
	h.say(h.press("2", "fake:b-1", "fake:buyer:b-1", "Yes, cancel it"))
	_, err = h.engine.ChangeOrder(t.Context(), "81000001", func(o *bot.Order) error { o.Stage, o.Paid = bot.Processing, h.clock(); return nil })
	h.must(err)
	down = false
	h.move(10 * time.Minute)
	h.must(h.engine.Drain(t.Context()))
	o, err := h.store.Order(t.Context(), "81000001")
	h.must(err)
	if got := h.state("case/81000001/0"); got != "refunding" || !o.Refundable().IsZero() {
		t.Errorf("the case is %s, and %s is still with the shop", got, o.Refundable())
	}
}
