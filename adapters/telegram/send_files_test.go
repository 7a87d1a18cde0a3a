package telegram

import (
	"slices"
	"testing"

	"nevermind/adapters/telegram/telegramtest"
	"nevermind/bot"
)

// TestFilesSent holds that files go before the words, each once.
func TestFilesSent(t *testing.T) {
	fake := telegramtest.Open(t)
	chat := fake.Private(telegramtest.Person{ID: 11, Name: "Ana"})
	a := newTestAdapter(t, fake, func(c *Config) { c.Blobs = &memoryBlobs{} })
	d := newDelivery("The seller shows this.")
	d.Reply.Quiet = true
	d.Reply.Files = []bot.File{
		{Name: "lamp.jpg", Type: "image/jpeg", Size: 9, Hash: "x"},
		{Name: "bill\u202efdp.exe", Type: "application/pdf", Size: 9, Hash: "y"},
	}
	if _, err := a.Send(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, m := range chat.Heard() {
		kinds = append(kinds, m.Kind)
		if !m.Quiet {
			t.Errorf("%q makes a sound", m.Kind)
		}
	}
	if !slices.Equal(kinds, []string{"photo", "document", ""}) {
		t.Errorf("got %q", kinds)
	}
}
