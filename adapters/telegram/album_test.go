package telegram

import (
	"fmt"
	"slices"
	"testing"

	"nevermind/adapters/telegram/telegramtest"
	"nevermind/bot"
)

// albumParts are the pictures of an album.
func albumParts(fake *telegramtest.Server, n int) (all []map[string]any) {
	for i := range n {
		all = append(all, fake.Attached(fmt.Sprint(i, ".jpg"), []byte(fmt.Sprint("picture ", i))))
	}
	return all
}

// TestAlbum holds that each part of an album is named as one, and acknowledged as soon as it is stored, before its file is
// fetched: by webhook the next one comes only then.
func TestAlbum(t *testing.T) {
	for mode, open := range map[string]func(*testing.T, *telegramtest.Server, bot.Inbox){
		"poll": func(t *testing.T, fake *telegramtest.Server, h bot.Inbox) {
			runAdapter(t, newTestAdapter(t, fake, withBlobs), h)
		},
		"webhook": func(t *testing.T, fake *telegramtest.Server, h bot.Inbox) { behindWebhookWith(t, fake, h, withBlobs) },
	} {
		t.Run(mode, func(t *testing.T) {
			fake, h := telegramtest.Open(t), &recordingInbox{}
			open(t, fake, h)
			chat := fake.Private(telegramtest.Person{ID: 11, Name: "Ana"})
			chat.Album("look", 40, albumParts(fake, 3)...)
			chat.Type("and")
			if !fake.Until(func() bool { return len(h.texts()) == 4 && fake.Pending() == 0 }) {
				t.Fatalf("got %q, %d are not confirmed", h.texts(), fake.Pending())
			}
			h.mu.Lock()
			defer h.mu.Unlock()
			if n := len(fake.Calls("getFile")); n != 0 {
				t.Errorf("%d files were fetched before their messages were stored", n)
			}
			var names []string
			for _, m := range h.heard[:3] {
				if m.Album == "" || m.Album != h.heard[0].Album {
					t.Errorf("part of the album %q, want %q", m.Album, h.heard[0].Album)
				}
				names = append(names, m.Pending[0].Name)
			}
			if !slices.Equal(names, []string{"0.jpg", "1.jpg", "2.jpg"}) || h.heard[0].ReplyTo != "40" || h.heard[3].Album != "" {
				t.Errorf("got %+v", h.heard)
			}
		})
	}
}
