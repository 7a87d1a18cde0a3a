package telegram

import (
	"context"
	"testing"

	"nevermind/adapters/telegram/telegramtest"
	"nevermind/bot"
)

// TestDuplicateCards counts a message that may have arrived twice, and takes the buttons off the duplicate when it is found.
func TestDuplicateCards(t *testing.T) {
	fake := telegramtest.Open(t)
	chat := fake.Private(telegramtest.Person{ID: 11, Name: "Ana"})
	cut := true
	fake.Fault = func(c telegramtest.Call) telegramtest.Fault {
		f := telegramtest.Fault{CutAfter: cut && c.Method == "sendMessage"}
		cut = cut && !f.CutAfter
		return f
	}
	meter := &countingMeter{}
	a := newTestAdapter(t, fake, func(c *Config) { c.Meter = meter })
	runAdapter(t, a, inboxFunc(func(context.Context, bot.Message) error { return nil }))
	d := newDelivery("Accept?")
	d.Reply.Choices = []bot.Button{{Token: "tok", Label: "Accept"}}
	if _, err := a.Send(t.Context(), d); err == nil {
		t.Fatal("a cut connection is no error")
	}
	d.Attempt = 2
	ref, err := a.Send(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	duplicate := chat.Heard()[0]
	if refOf(int64(duplicate.ID)) == ref || meter.of("twins") != 0 {
		t.Fatalf("got %d duplicates counted, want none: the engine has counted it", meter.of("twins"))
	}
	chat.PressData(duplicate.ID, "tok")
	if !fake.Until(func() bool { return len(chat.Heard()[0].Labels()) == 0 }) {
		t.Error("the duplicate keeps its buttons")
	}
	if len(chat.Last().Labels()) != 1 {
		t.Error("the card has lost its buttons")
	}
	d.ID = "told to wait in another life"
	if _, err := a.Send(t.Context(), d); err != nil || meter.of("twins") != 0 {
		t.Errorf("got %d duplicates counted, want none; %v", meter.of("twins"), err)
	}
	d.ID, d.Unsure = "cut off in another life", true
	if _, err := a.Send(t.Context(), d); err != nil || meter.of("twins") != 1 {
		t.Errorf("got %d duplicates counted, want 1; %v", meter.of("twins"), err)
	}
}
