package record

import (
	"errors"
	"testing"
	"time"

	"nevermind/bot"
)

// FuzzDecode reads whatever stands in a store for a record of each kind: nothing panics, and what cannot be read is said to be
// broken.
func FuzzDecode(f *testing.F) {
	at := time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)
	conversation := bot.Conversation{Key: "case/8123/0", Order: "8123", Opened: at, Frame: bot.Frame{Flow: "case",
		State: "negotiating", Facts: bot.Facts{"amount": "24.90 USD", "rejection": "It is packed."},
		Offers: []bot.Offer{{Token: "t", Event: "e"}}}}
	entry := bot.Entry{Conversation: "case/8123/0", Seq: 1, At: at,
		Event: bot.Event{Name: "submitted", Text: "My plans have changed."}}
	task := bot.Task{ID: "t-1", Lane: "room:telegram:1", Do: "send", Reply: &bot.Reply{Room: "telegram:1", Text: "Hello"}}
	for _, parts := range [][]any{
		{NewHeader(&bot.Commit{Conversation: &conversation, Terms: []string{"open"}}), NewConversation(&conversation)},
		{NewEntry(&entry)},
		{NewTask(&task)}, {NewOutcomeRecord(bot.TaskDone, at, 1, &bot.Outcome{Event: "order_cancelled"})},
		{Person{ID: "buyer:b-1", Name: "Ana"}},
	} {
		record, err := Encode(parts...)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(record)
		f.Add(record[:len(record)/2])
	}
	f.Add([]byte{PersonalForm, 1, 7, 0xff})
	f.Add([]byte{CompressedForm, 0, 0, 0xff, 0xff, 0xff, 0xff})
	x := NewSecrets(nil)
	f.Fuzz(func(t *testing.T, record []byte) {
		var task Task
		var outcome Outcome
		_, _, asConversation := x.DecodeConversation("case/8123/0", 1, record)
		_, asEntry := x.DecodeEntry("case/8123/0", 1, record)
		_, asOrder := x.DecodeOrder(1, record)
		_, asPerson := x.PersonDecoder("buyer:b-1")(1, record)
		for as, err := range map[string]error{
			"conversation": asConversation, "entry": asEntry, "order": asOrder, "person": asPerson,
			"task": Decode(record, &task), "outcome": Decode(record, &outcome),
		} {
			if err != nil && !errors.Is(err, bot.ErrBroken) && !errors.Is(err, bot.ErrKey) && !IsErased(err) {
				t.Errorf("as a %s it ends in %v", as, err)
			}
			if as == "task" && err == nil {
				_ = task.Bot(1, 1)
			}
			if as == "outcome" && err == nil {
				_ = outcome.Bot()
			}
		}
	})
}
