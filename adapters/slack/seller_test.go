package slack_test

import (
	"slices"
	"strings"
	"testing"

	"nevermind/adapters/slack/slacktest"
	"nevermind/bot"
)

// sendReviewed sends a seller's form, looks at what its review shows, and sends that.
func (h *harness) sendReviewed(v *slacktest.View, shows string) {
	h.t.Helper()
	v.Send()
	if !strings.Contains(v.Shown(), shows) {
		h.t.Errorf("the review does not show %q:\n%s", shows, v)
	}
	v.Send()
	h.slack.Until("the form is closed", func() bool { return h.slack.View("ULUMEN") == nil })
}

// TestSeller: a seller works in direct messages: the request with its buttons, a letter both ways, an offer by a form
// that shows once more what goes out, and the buyer takes it.
func TestSeller(t *testing.T) {
	t.Parallel()
	for way, http := range map[string]bool{"socket": false, "http": true} {
		t.Run(way, func(t *testing.T) {
			h := newHarness(t, http)
			dm := h.sellerOnSlack("seller:s-2")
			h.askToCancel("81000071", "seller:s-2")
			button := func(label string) *slacktest.Message {
				t.Helper()
				var found *slacktest.Message
				h.slack.Until("the seller can press "+label, func() bool {
					for _, m := range slices.Backward(h.slack.Messages(dm)) {
						if has(&m, label) {
							found = &m
							return true
						}
					}
					return false
				})
				return found
			}
			card := button("Make an offer")
			for _, label := range []string{"It has shipped already", "Say no", "Write to the buyer"} {
				if !has(card, label) {
					t.Errorf("the request has no %q", label)
				}
			}
			h.slack.Press("ULUMEN", card, "Write to the buyer")
			v := h.slack.AwaitView("ULUMEN")
			v.Fill(v.Labels()[0], "It is packed <!here>. Do you still want it?")
			h.sendReviewed(v, "It is packed <!here>.")
			h.reads("b-1", "It is packed <!here>.")
			h.slack.Press("ULUMEN", button("Make an offer"), "Make an offer")
			v = h.slack.AwaitView("ULUMEN")
			v.Fill(v.Labels()[0], "Cancel, part of the money back").Fill(v.Labels()[1], "20")
			h.sendReviewed(v, "20")
			h.reads("b-1", "20.00 USD")
			h.tap("b-1", "Take the offer")
			h.tap("b-1", "Yes, take it")
			h.slack.Await(dm, "20.00 USD")
			key := bot.Key("case/81000071/0")
			h.slack.Until("the money is on its way", func() bool { return h.state(key) == "refunding" })
			for _, m := range h.slack.Messages(dm) {
				if m.TS != "" && has(&m, "Make an offer") {
					t.Errorf("an old button is left below %q", m.Shown())
				}
			}
			if n := len(h.slack.Messages(desk)); n != 0 {
				t.Errorf("%d messages at the desk, which has nothing to decide", n)
			}
		})
	}
}

// TestSellerThread: a seller talks with the buyer by answering below the request: each letter stands there and in the
// conversation, what is changed or taken back later is not sent again, and it stays the case's.
func TestSellerThread(t *testing.T) {
	t.Parallel()
	for way, http := range map[string]bool{"socket": false, "http": true} {
		t.Run(way, func(t *testing.T) {
			h := newHarness(t, http)
			dm := h.sellerOnSlack("seller:s-1")
			h.askToCancel("81000072", "seller:s-1")
			card := h.slack.Await(dm, "would like to cancel")
			h.slack.Until("the request is known by name", func() bool {
				_, err := h.store.Sender(t.Context(), bot.Room("slack:"+dm), bot.Ref(card.TS))
				return err == nil
			})
			ts := h.slack.Say("ULUMEN", dm, card.TS, "It is &lt;packed&gt;, <https://lumen.example|look>. Do you still want it?")
			got := h.reads("b-1", "It is <packed>")
			if got.Quote != "It is <packed>, look (https://lumen.example). Do you still want it?" ||
				!strings.Contains(got.Text, "writes about this order") {
				t.Errorf("the buyer reads %q: %q", got.Text, got.Quote)
			}
			sent := h.slack.Await(dm, "Sent to Ana.")
			if sent.Thread != card.TS || !sent.Aloud {
				t.Errorf("it is answered in %q, aloud: %v", sent.Thread, sent.Aloud)
			}
			h.must(h.engine.Receive(t.Context(), bot.Message{ID: "answer", Room: "pocket:b-1", Account: "pocket:b-1",
				Press: h.button("b-1", "Answer"), Fields: bot.Facts{"text": "No, thank you."}}))
			letter := h.slack.Await(dm, "> No, thank you.")
			if letter.Thread != card.TS || !letter.Aloud || !has(letter, "Answer") {
				t.Errorf("the answer stands in %q, aloud: %v, with %v", letter.Thread, letter.Aloud, letter.Buttons())
			}
			h.reads("b-1", "Sent to Lumen.")
			before := len(h.deliveries("pocket:b-1"))
			h.slack.Edit("ULUMEN", dm, ts, "It is packed and gone.")
			h.slack.Await(dm, "changed")
			h.slack.Delete("ULUMEN", dm, ts)
			h.slack.Say("ULUMEN", dm, card.TS, "Then I stop it.")
			h.reads("b-1", "Then I stop it.")
			if after := h.deliveries("pocket:b-1"); len(after) != before+1 {
				t.Errorf("the buyer is told %d things, want one: %+v", len(after)-before, after[before:])
			}
			if n := h.notes("case/81000072/0", "seller_wrote")[""]; n != 2 {
				t.Errorf("%d letters, want 2", n)
			}
		})
	}
}
