package telegram

import (
	"slices"
	"testing"

	"nevermind/adapters/telegram/telegramtest"
	"nevermind/bot"
)

// TestTopics holds that a private chat is answered in the topic in which its person was last, over a restart too, and without one
// where that is gone.
func TestTopics(t *testing.T) {
	fake, memory := telegramtest.Open(t), &memoryValues{}
	chat := fake.Private(telegramtest.Person{ID: 11, Name: "Ana"})
	chat.Topic(7, true)
	chat.Topic(8, true)
	h := &recordingInbox{}
	config := func(c *Config) { c.Values, c.Blobs = memory, &memoryBlobs{} }
	a := newTestAdapter(t, fake, config)
	runAdapter(t, a, h)
	var got []int64
	say := func(a *Adapter) {
		t.Helper()
		d := newDelivery("hello")
		d.Reply.Files = []bot.File{{Name: "a.pdf", Type: "application/pdf", Hash: "0a", Size: 9}}
		d.Reply.Choices = []bot.Button{{Token: "tok", Label: "Accept"}}
		if _, err := a.Send(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		all := chat.Heard()
		got = append(got, all[len(all)-2].Topic, all[len(all)-1].Topic)
	}
	heard := 0
	hear := func(update int64) {
		t.Helper()
		if heard++; !fake.Until(func() bool { return len(h.texts()) == heard }) {
			t.Fatal("update", update, "is not heard")
		}
	}
	hear(chat.TypeIn(7, "hola"))
	say(a)
	say(newTestAdapter(t, fake, config)) // after a restart
	hear(chat.TypeIn(8, "and here"))
	say(a)
	chat.Topic(8, false)
	say(a) // in none, since that one is gone
	say(a) // and without asking for it again
	hear(chat.TypeIn(7, "back"))
	hear(chat.Type("outside"))
	say(a)
	if want := []int64{7, 7, 7, 7, 8, 8, 0, 0, 0, 0, 0, 0}; !slices.Equal(got, want) {
		t.Errorf("answered in %v, want %v", got, want)
	}
	gone := 0
	for _, c := range fake.Calls("") {
		if c.Words == "Bad Request: message thread not found" {
			gone++
		}
	}
	if gone != 1 {
		t.Errorf("%d calls into a topic that is gone, want one", gone)
	}
}

// TestTopicsAreBounded holds that the topics of chats take no more memory than they may, and that one which stays the same is not
// stored again.
func TestTopicsAreBounded(t *testing.T) {
	memory := &memoryValues{}
	s := newSendState(nil)
	for chat := range int64(maxTopics + 5) {
		if err := s.setTopic(t.Context(), chat+1, 7); err != nil {
			t.Fatal(err)
		}
	}
	if len(s.saved.Topics) != maxTopics || s.topic(t.Context(), maxTopics+5) != 7 {
		t.Errorf("%d topics are kept", len(s.saved.Topics))
	}
	s = newSendState(memory)
	for i, c := range []struct {
		topic int64
		want  string
	}{{0, ""}, {7, `{"topics":{"11":7}}`}, {7, ""}, {0, "{}"}} {
		memory.values = nil
		if err := s.setTopic(t.Context(), 11, c.topic); err != nil {
			t.Fatal(err)
		}
		if got := string(memory.values[sendStateName]); got != c.want {
			t.Errorf("%d: stored %q, want %q", i, got, c.want)
		}
	}
}
