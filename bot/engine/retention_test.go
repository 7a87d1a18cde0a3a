package engine_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"nevermind/bot"
)

// aDay is a day by the clock.
const aDay = 24 * time.Hour

// retained is a house with a refunded case about a paid order, and a request about another that is open.
func retained(t *testing.T, retention map[string]bot.Window) *harness {
	t.Helper()
	h := newHarness(t)
	h.engine.Policy().Retention = retention
	h.order("81000001")
	h.ask("81000001")
	h.say(bot.Message{ID: "letter", Room: "fake:b-1", Account: "fake:buyer:b-1", ReplyTo: h.cardIn("fake:b-1"), Text: "ANA-WORDS"})
	h.say(h.press("yes", "fake:s-1", "fake:seller:s-1", "Cancel and refund 24.90 USD"))
	o, err := h.store.Order(t.Context(), "81000001")
	h.must(err)
	for _, p := range o.Book {
		if p.Do == "pay_refund" {
			out, err := h.book.SettleRefund(t.Context(), o.ID, p.Task, true, "")
			h.must(err)
			h.must(h.engine.Result(t.Context(), p.Task, out))
		}
	}
	h.must(h.engine.Drain(t.Context()))
	if got := h.state("case/81000001/0"); got != "refunded" {
		t.Fatalf("the case is %s", got)
	}
	if !strings.Contains(h.everything(), "ANA-WORDS") {
		t.Fatal("nobody has said anything: this tests nothing")
	}
	return h
}

// cardIn is the newest message in a room that has buttons.
func (h *harness) cardIn(room bot.Room) (ref bot.Ref) {
	log, err := h.store.Said(context.Background(), room, 0, 0, 1000)
	h.must(err)
	for _, s := range log {
		if s.Out != nil && len(s.Out.Choices) > 0 {
			ref = s.Ref
		}
	}
	return ref
}

// everything is all that is kept, as JSON.
func (h *harness) everything() string {
	var all strings.Builder
	h.must(h.store.Each(context.Background(), func(r bot.Record) error {
		line, err := json.Marshal(r)
		all.Write(line)
		return err
	}))
	return all.String()
}

// after lets time pass with all that is due in it, and then forgets what is over.
func (h *harness) after(d time.Duration) int {
	h.t.Helper()
	for end := h.clock().Add(d); h.clock().Before(end); h.move(min(10*aDay, end.Sub(h.clock()))) {
		h.must(h.engine.Drain(context.Background()))
	}
	n, err := h.engine.Retain(context.Background())
	h.must(err)
	return n
}

// left is how many records there are about an order, and how many tasks of theirs that move money and that say something.
func (h *harness) left(order string) (n struct{ Orders, Records, Lines, Money, Replies int }) {
	of := func(key bot.Key) bool { return key.Kind() != "talk" && strings.Contains(string(key), "/"+order) }
	h.must(h.store.Each(context.Background(), func(r bot.Record) error {
		switch {
		case r.Order != nil && r.Order.ID == order:
			n.Orders++
		case r.Conversation != nil && of(r.Conversation.Key):
			n.Records++
		case r.Entry != nil && of(r.Entry.Conversation):
			n.Lines++
		case r.Task != nil && of(r.Task.Task.From) && r.Task.Task.Class == bot.MoneyClass:
			n.Money++
		case r.Task != nil && of(r.Task.Task.From) && r.Task.Task.Reply != nil:
			n.Replies++
		}
		return nil
	}))
	return n
}

// TestRetention: chats go first, then the words of closed cases, and in the end all about them, money and its ids last; what is
// open stays, and nothing goes before its time or without a policy.
func TestRetention(t *testing.T) {
	h := retained(t, nil)
	before := h.left("81000001")
	if n := h.after(1000 * aDay); n != 0 || h.left("81000001").Replies < before.Replies || h.talks() == 0 {
		t.Errorf("without a policy %d went", n)
	}

	h = retained(t, map[string]bot.Window{"rooms": {Length: 200 * aDay}, "cases": {Length: 400 * aDay},
		"obliged": {Length: 800 * aDay}})
	before = h.left("81000001")
	if before.Orders != 1 || before.Records == 0 || before.Lines == 0 || before.Money == 0 || before.Replies == 0 {
		t.Fatalf("there is %+v: this tests nothing", before)
	}
	if n := h.after(150 * aDay); n != 0 || h.talks() == 0 {
		t.Errorf("%d went before their time", n)
	}
	h.after(150 * aDay)
	if now := h.left("81000001"); h.talks() != 0 || now.Replies < before.Replies || now.Money != before.Money {
		t.Errorf("of the chats %d are there, of the case %+v, want %+v", h.talks(), now, before)
	}
	if !strings.Contains(h.everything(), "ANA-WORDS") {
		t.Error("the case's words went with the chats")
	}
	lines := h.left("81000001").Lines
	h.after(300 * aDay)
	now := h.left("81000001")
	if now.Orders != 1 || now.Lines != lines || now.Money != before.Money || now.Replies != 0 {
		t.Errorf("kept apart is %+v, of %+v and %d lines", now, before, lines)
	}
	for _, word := range []string{"ANA-WORDS", "Lamp"} {
		if all := h.everything(); strings.Contains(all, word) {
			i := strings.Index(all, word)
			t.Errorf("kept apart it says still: %s", all[max(0, i-300):i+20])
		}
	}
	h.holds("case/81000001/0")
	if keys, err := h.engine.Filed(t.Context(), "buyer:b-1"); err != nil || len(keys) != 0 {
		t.Errorf("the buyer's records: %v, %v", keys, err)
	}
	if n := h.after(aDay); n != 0 {
		t.Errorf("kept apart already, and %d changed again", n)
	}
	h.order("81000002")
	h.ask("81000002")
	h.after(400 * aDay)
	if now := h.left("81000001"); now != (h.left("none")) {
		t.Errorf("in the end %+v is left", now)
	}
	if now := h.left("81000002"); now.Orders != 1 || now.Records == 0 {
		t.Errorf("of what is open %+v is left", now)
	}
	h.reopen()
	if _, err := h.store.Person(t.Context(), "buyer:b-1"); err != nil {
		t.Errorf("the buyer: %v", err)
	}
}

// talks is how many there are.
func (h *harness) talks() (n int) {
	h.must(h.store.Each(context.Background(), func(r bot.Record) error {
		if r.Conversation != nil && r.Conversation.Key.Kind() == "talk" {
			n++
		}
		return nil
	}))
	return n
}

// holds wants a journal to chain, and its turns to come out the same.
func (h *harness) holds(key bot.Key) {
	h.t.Helper()
	c, err := h.store.Conversation(context.Background(), key)
	h.must(err)
	lines, err := h.store.Journal(context.Background(), key, 0, 1000)
	h.must(err)
	prev := ""
	for i := range lines {
		if lines[i].Prev != prev || lines[i].Sum() != lines[i].Hash {
			h.t.Errorf("line %d of %s does not chain", i+1, key)
		}
		prev = lines[i].Hash
	}
	if prev != c.Head || len(lines) != c.Entries {
		h.t.Errorf("the journal of %s ends at %q, want %q", key, prev, c.Head)
	}
	r, err := h.engine.Replay(context.Background(), key)
	if err != nil || !r.Same {
		h.t.Errorf("replayed: %+v, %v", r, err)
	}
}

// TestRetentionOfTheErased: where closed cases are kept for ever, those of a buyer or a seller who was erased go once law obliges
// no more.
func TestRetentionOfTheErased(t *testing.T) {
	for _, id := range []bot.PersonID{"buyer:b-1", "seller:s-1"} {
		h := retained(t, map[string]bot.Window{"obliged": {Length: 400 * aDay}})
		before := h.left("81000001")
		h.after(500 * aDay)
		if now := h.left("81000001"); now.Orders != 1 || now.Money != before.Money {
			t.Errorf("%s: kept for ever, and %+v is left of %+v", id, now, before)
		}
		p, err := h.store.Person(t.Context(), id)
		h.must(err)
		p = bot.Person{ID: p.ID, Name: bot.Erased, Version: p.Version}
		h.must(h.store.Commit(t.Context(), &bot.Commit{At: h.clock(), Person: &p}))
		h.after(aDay)
		if now := h.left("81000001"); now != h.left("none") {
			t.Errorf("%s: of their case %+v is left", id, now)
		}
	}
}

// TestRetentionOfDeadLetters: what is set aside and nobody puts back goes by its own time; money does not.
func TestRetentionOfDeadLetters(t *testing.T) {
	h := retained(t, map[string]bot.Window{"tasks": {Length: 90 * aDay}})
	aside := func(id string, class bot.Class) bot.Task {
		return bot.Task{ID: id, Lane: "work:" + id, Do: "nothing", Class: class}
	}
	h.must(h.store.Commit(t.Context(), &bot.Commit{At: h.clock(), Dead: "a test",
		Tasks: []bot.Task{aside("inner", bot.InnerClass), aside("money", bot.MoneyClass)}}))
	before := h.left("81000001")
	h.after(80 * aDay)
	h.dead(2)
	h.after(20 * aDay)
	if dead := h.dead(1); dead[0].Task.ID != "money" {
		t.Errorf("%s is set aside still", dead[0].Task.ID)
	}
	if now := h.left("81000001"); now.Money != before.Money || now.Replies < before.Replies {
		t.Errorf("of the case %+v is left of %+v", now, before)
	}
}
