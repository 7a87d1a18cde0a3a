package engine_test

import (
	"slices"
	"strings"
	"testing"

	"nevermind/bot"
)

// TestReplyKnownByButtons holds that a reply to a message whose ref is not stored, since its sending is unconfirmed or it is a
// duplicate, goes to the record whose buttons that message has, never into a form of another, and only from whom it is any
// business of.
func TestReplyKnownByButtons(t *testing.T) {
	h := newHarness(t)
	const lamp, kettle = "81000001", "81000002"
	seller, account := bot.Room("fake:s-1"), "fake:seller:s-1"
	h.order(lamp)
	h.order(kettle)
	h.ask(kettle)
	kettles := h.button(seller, "Say no")
	h.ask(lamp)
	h.say(h.press("open the lamp's form", seller, account, "Say no"))
	write := func(id string, m bot.Message) string {
		t.Helper()
		before := len(h.rooms["fake:b-1"])
		m.ID, m.Text = id, "It is packed already."
		h.say(m)
		var heard []string
		for _, d := range h.rooms["fake:b-1"][before:] {
			heard = append(heard, d.Reply.Title+" "+d.Reply.Text+" "+d.Reply.Quote)
		}
		return strings.Join(heard, " | ")
	}
	reply := bot.Message{Room: seller, Account: account, ReplyTo: "999", ReplyPress: kettles}
	heard := write("by the buttons", reply)
	if !strings.Contains(heard, kettle) || !strings.Contains(heard, "It is packed already.") {
		t.Errorf("the buyer heard %q, want the words about %s", heard, kettle)
	}
	if h.state(bot.Key("case/"+lamp+"/0")) != "awaiting_seller" {
		t.Errorf("the lamp's case is at %s", h.state(bot.Key("case/"+lamp+"/0")))
	}
	stranger := bot.Message{Room: "fake:x", Account: "fake:x", ReplyTo: "999", ReplyPress: kettles}
	if heard := write("a stranger", stranger); heard != "" {
		t.Errorf("a stranger with the token writes to the buyer: %q", heard)
	}
	if !slices.ContainsFunc(h.told, func(d bot.Delivery) bool { return d.Reply.Room == "fake:x" }) {
		t.Error("the stranger is not answered")
	}
}
