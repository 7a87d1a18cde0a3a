package engine_test

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"nevermind/bot"
)

// dispute brings an order's case before support.
func (h *harness) dispute(order string) bot.Key {
	h.order(order)
	h.ask(order)
	h.say(h.press(order+"-no", "fake:s-1", "fake:seller:s-1", "Say no"))
	h.say(bot.Message{ID: order + "-why", Room: "fake:s-1", Account: "fake:seller:s-1", Text: "packed"})
	h.say(h.press(order+"-sup", "fake:b-1", "fake:buyer:b-1", "Let support decide"))
	return bot.Key("case/" + order + "/0")
}

const (
	desk bot.Room = "fake:desk"
	mira string   = "fake:support:mira"
)

// verdict is what a platform with forms of its own sends for a partial refund.
func (h *harness) verdict(id string, f bot.Facts) bot.Message {
	m := h.press(id, desk, mira, "Partial refund")
	m.Fields = f
	return m
}

// TestFormOfThePlatform: a form is opened, refused where an answer does not fit, and counts once it does.
func TestFormOfThePlatform(t *testing.T) {
	h := newHarness(t)
	key := h.dispute("81000009")
	title, fields, err := h.engine.Form(t.Context(), h.press("f", desk, mira, "Partial refund"))
	h.must(err)
	if !strings.Contains(title, "81000009") {
		t.Errorf("the form is about %q", title)
	}
	var names []string
	for _, f := range fields {
		names = append(names, f.Name)
	}
	if want := []string{"amount", "cancels", "grounds", "sure"}; !slices.Equal(names, want) {
		t.Fatalf("fields: got %v, want %v", names, want)
	}
	if !strings.Contains(fields[0].Ask, "24.90 USD") {
		t.Errorf("the names in %q stand for nothing", fields[0].Ask)
	}
	good := bot.Facts{"amount": "10,00", "cancels": "no", "grounds": "Half is fair.", "sure": "yes"}
	for name, bad := range map[string]bot.Facts{
		"amount":  {"amount": "25", "cancels": "no", "grounds": "x", "sure": "yes"},
		"grounds": {"amount": "5", "cancels": "no", "sure": "yes"},
		"cancels": {"amount": "5", "cancels": "perhaps", "grounds": "x", "sure": "yes"},
		"sure":    {"amount": "5", "cancels": "no", "grounds": "x", "sure": "no"},
		"agreed":  {"amount": "5", "cancels": "no", "grounds": "x", "sure": "yes", "agreed": "silent"},
	} {
		err := h.engine.Receive(t.Context(), h.verdict("bad-"+name, bad))
		var unfit bot.Unfit
		if !errors.As(err, &unfit) || len(unfit) != 1 || unfit[name] == "" || strings.Contains(unfit[name], "{") {
			t.Errorf("%s: got %v %q, want that alone to be unfit", name, err, unfit)
		}
	}
	if got := h.state(key); got != "with_support" {
		t.Fatalf("an unfit form led to %s", got)
	}
	if _, _, err := h.engine.Form(
		t.Context(),
		h.verdict("look", bot.Facts{"amount": "10,00", "cancels": "no", "grounds": "Half is fair."}),
	); err != nil {
		t.Errorf("before the last look: %v", err)
	}
	late := h.verdict("late", good)
	h.say(h.verdict("good", good))
	h.move(10 * time.Second) // it can be undone until then
	h.must(h.engine.Drain(t.Context()))
	if got := h.state(key); got != "refunding" && got != "refunded" {
		t.Errorf("a verdict led to %s", got)
	}
	o, err := h.store.Order(t.Context(), "81000009")
	h.must(err)
	if len(o.Book) != 1 || o.Book[0].Amount.String() != "10.00 USD" {
		t.Errorf("the shop was asked for %v", o.Book)
	}
	if _, fields, err := h.engine.Form(t.Context(), late); len(fields) > 0 || err != nil {
		t.Errorf("a late form is opened: %v %v", fields, err)
	}
	h.say(late)
	if n := h.moves(key, "partial_decided"); n != 1 {
		t.Errorf("%d verdicts count", n)
	}
}

// TestWrittenInAForm: a letter is passed on, colleagues see what was sent, and a late one is given back.
func TestWrittenInAForm(t *testing.T) {
	h := newHarness(t)
	h.dispute("81000010")
	letter := h.press("letter", desk, mira, "Write to the buyer")
	letter.Fields = bot.Facts{"text": "We look into it."}
	late := letter
	h.say(letter)
	for _, room := range []bot.Room{"fake:b-1", desk} {
		if last := h.rooms[room][len(h.rooms[room])-1].Reply; last.Quote != "We look into it." {
			t.Errorf("%s reads %q, quoting %q", room, last.Text, last.Quote)
		}
	}
	if under := h.rooms[desk][len(h.rooms[desk])-1]; under.Under == "" || under.Ref != "" {
		t.Errorf("it stands under %q, in place of %q", under.Under, under.Ref)
	}
	h.say(h.press("w", "fake:b-1", "fake:buyer:b-1", "Withdraw my request"))
	h.say(h.press("w2", "fake:b-1", "fake:buyer:b-1", "Yes, withdraw it"))
	late.ID = "late"
	h.say(late)
	if !slices.ContainsFunc(h.rooms[desk], func(d bot.Delivery) bool {
		return d.Reply.Mode == bot.New && strings.HasPrefix(d.Reply.Text, "That button is out of date") &&
			d.Reply.Quote == "We look into it."
	}) {
		t.Error("what was written too late is lost")
	}
}

// TestNote: what a colleague writes below a card is stored and answered by nobody; what anybody else writes there is not.
func TestNote(t *testing.T) {
	h := newHarness(t)
	key := h.dispute("81000011")
	var card bot.Ref
	for i, d := range h.told {
		if d.Reply.Room == desk && d.Reply.Card == key {
			card = bot.Ref(ref(i))
		}
	}
	before := len(h.told)
	note := bot.Message{ID: "n1", Room: desk, Account: mira, Text: "Full refund", ReplyTo: card, Note: true}
	h.say(note)
	h.say(note)
	note.ID, note.Account = "n2", "fake:stranger"
	h.say(note)
	note.ID, note.Account, note.ReplyTo = "n3", mira, "999"
	h.say(note)
	if len(h.told) != before {
		t.Errorf("a note was answered: %+v", h.told[before:])
	}
	entries, err := h.store.Journal(t.Context(), key, 0, 1000)
	h.must(err)
	var notes []string
	for _, e := range entries {
		if e.Event.Name == "note_added" {
			notes = append(notes, string(e.Event.Actor)+": "+e.Event.Text)
		}
	}
	if want := []string{"support:mira: Full refund"}; !slices.Equal(notes, want) {
		t.Errorf("notes: got %v, want %v", notes, want)
	}
	r, err := h.engine.Replay(t.Context(), key)
	if err != nil || !r.Same {
		t.Errorf("replay: %+v %v", r, err)
	}
}

// ref is the harness's name for the message it was told n-th, from 0.
func ref(n int) string { return strconv.Itoa(n + 1) }
