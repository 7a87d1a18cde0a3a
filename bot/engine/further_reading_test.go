package engine_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"nevermind/bot"
)

// errDisk is how a read fails in these tests.
var errDisk = errors.New("the disk is full of sand")

// failingReads is a store whose n-th read fails, counted from when it is armed.
type failingReads struct {
	bot.Store
	armed  int    // which read fails; 0 is none
	count  int    // reads since it was armed
	failed string // what the read was that failed
}

// arm has the n-th read from now on fail.
func (f *failingReads) arm(n int) { f.armed, f.count, f.failed = n, 0, "" }

func (f *failingReads) read(what string) error {
	if f.count++; f.count != f.armed {
		return nil
	}
	f.failed = what
	return errDisk
}

func (f *failingReads) Conversation(ctx context.Context, key bot.Key) (bot.Conversation, error) {
	if err := f.read("Conversation"); err != nil {
		return bot.Conversation{}, err
	}
	return f.Store.Conversation(ctx, key)
}

func (f *failingReads) Order(ctx context.Context, id string) (bot.Order, error) {
	if err := f.read("Order"); err != nil {
		return bot.Order{}, err
	}
	return f.Store.Order(ctx, id)
}

func (f *failingReads) Person(ctx context.Context, id bot.PersonID) (bot.Person, error) {
	if err := f.read("Person"); err != nil {
		return bot.Person{}, err
	}
	return f.Store.Person(ctx, id)
}

func (f *failingReads) OrdersOf(ctx context.Context, who bot.PersonID, skip, n int) ([]bot.Order, error) {
	if err := f.read("OrdersOf"); err != nil {
		return nil, err
	}
	return f.Store.OrdersOf(ctx, who, skip, n)
}

func (f *failingReads) Find(ctx context.Context, term string, after bot.Key, n int) ([]bot.Key, error) {
	if err := f.read("Find"); err != nil {
		return nil, err
	}
	return f.Store.Find(ctx, term, after, n)
}

// withFailingReads is a harness over such a store, not armed yet.
func withFailingReads(t *testing.T) *harness {
	h := newHarness(t)
	h.reads = &failingReads{}
	h.reopen()
	return h
}

// eachReadFails calls do with the 1st read failing, the 2nd, and so on, until all of them succeed. Each failed call must
// return the error and leave the conversation as it was. It returns what kinds of read have failed.
func (h *harness) eachReadFails(key bot.Key, do func() error) (failed []string) {
	h.t.Helper()
	before, _ := h.store.Conversation(h.t.Context(), key)
	for n := 1; n < 1000; n++ {
		h.reads.arm(n)
		err := do()
		h.reads.armed = 0
		if h.reads.failed == "" {
			h.must(err)
			return failed
		}
		failed = append(failed, h.reads.failed)
		if !errors.Is(err, errDisk) {
			h.t.Errorf("read %d (%s) failed and the error is %v", n, h.reads.failed, err)
		}
		if now, _ := h.store.Conversation(h.t.Context(), key); now.Version != before.Version || now.Entries != before.Entries {
			h.t.Errorf("read %d (%s) failed and a turn was committed", n, h.reads.failed)
		}
	}
	h.t.Fatal("reads never end")
	return nil
}

// TestFailedReadOfATalk: whichever read of a talk's turn fails, the message is not acknowledged and nothing is committed;
// once the store works again the very same message is decided rightly.
func TestFailedReadOfATalk(t *testing.T) {
	h := withFailingReads(t)
	h.order("81000001")
	h.order("81000002")
	talk := bot.Key("talk/fake:b-1")
	say := func(id, text string) func() error {
		return func() error {
			return h.engine.Receive(t.Context(), bot.Message{ID: id, Room: "fake:b-1", Account: "fake:buyer:b-1", Text: text})
		}
	}
	if failed := h.eachReadFails(talk, say("1", "my orders")); !slices.Contains(failed, "OrdersOf") {
		t.Errorf("the list of orders was not read further: %v", failed)
	}
	h.must(h.engine.Drain(t.Context()))
	h.button("fake:b-1", "Lamp · 24.90 USD · being prepared")
	failed := h.eachReadFails(talk, say("2", "cancel 81000001"))
	if !slices.Contains(failed, "Order") || !slices.Contains(failed, "Find") {
		t.Errorf("the order and its cases were not read further: %v", failed)
	}
	h.must(h.engine.Drain(t.Context()))
	h.say(h.press("3", "fake:b-1", "fake:buyer:b-1", "I don't need it any more"))
	last := h.press("5", "fake:b-1", "fake:buyer:b-1", "Yes, ask the seller")
	h.eachReadFails(talk, func() error { return h.engine.Receive(t.Context(), last) })
	h.must(h.engine.Drain(t.Context()))
	if got := h.state("case/81000001/0"); got != "awaiting_seller" {
		t.Errorf("the case is %q", got)
	}
}

// TestFailedReadOfAForm: whichever read of a form fails, there is no form but the error; once the store works again it
// opens as ever.
func TestFailedReadOfAForm(t *testing.T) {
	h := withFailingReads(t)
	key := h.dispute("81000009")
	press := h.press("f", desk, mira, "Partial refund")
	var fields []bot.Field
	failed := h.eachReadFails(key, func() (err error) {
		_, fields, err = h.engine.Form(t.Context(), press)
		return err
	})
	if len(failed) < 4 || len(fields) != 4 {
		t.Errorf("failed %v, and the form has %d fields", failed, len(fields))
	}
}
