package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"nevermind/adapters/telegram/telegramtest"
	"nevermind/flows/transcript"
)

// pictures are n pictures as parts of an album, the first of them called after from.
func pictures(h *telegramtest.House, from, n int) (parts []map[string]any) {
	for i := range n {
		name := fmt.Sprint(from+i, ".jpg")
		parts = append(parts, h.Fake.Attached(name, transcript.Content(name)))
	}
	return parts
}

// acked waits until everything is confirmed.
func acked(h *telegramtest.House) {
	h.T.Helper()
	if !h.Fake.Until(func() bool { return h.Fake.Pending() == 0 }) {
		h.T.Fatalf("%d updates are not confirmed\n%s", h.Fake.Pending(), h.Log)
	}
}

// TestTelegramAlbum: whoever sends an album is answered once about all of it, and it goes where one picture would.
func TestTelegramAlbum(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{pollMode, webhookMode} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			h := onTelegram(t, mode)
			h.Order("8123456789012345", "b-1", "s-1", "Bamboo lamp")
			ana, lumen := h.Join(11, "buyer", "b-1", "Ana"), h.Join(12, "seller", "s-1", "Lumen House")
			h.Ask(ana, "8123456789012345")
			h.Await(ana, "I've asked Lumen House")

			ana.Album("It came like this.", 0, pictures(h, 1, 5)...)
			h.Await(ana, "I have 5 photos. Shall I add this to case")
			h.Press(ana, "Yes, add it")
			h.Await(ana, "That makes 5 files from you")
			shown := h.Await(lumen, "adds to case")
			if got := filesIn(lumen); got != 5 || strings.Count(ana.Texts(), "Shall I add") != 1 {
				t.Errorf("the seller has %d files, want 5; the buyer heard\n%s", got, ana.Texts())
			}

			lumen.Album("Packed like that.", shown.ID, pictures(h, 6, 3)...)
			lumen.Type("help") // right behind it
			h.Await(lumen, "That makes 3 files from you")
			if all := lumen.Texts(); strings.Count(all, "That makes") != 1 {
				t.Errorf("one album in answer, and\n%s", all)
			}
			if !h.Fake.Until(func() bool { return filesIn(ana) == 3 }) {
				t.Errorf("the buyer has %d files, want 3", filesIn(ana))
			}
		})
	}
}

func filesIn(chat *telegramtest.Chat) (n int) {
	for _, m := range chat.Heard() {
		if m.Kind != "" {
			n++
		}
	}
	return n
}

// TestTelegramAlbumOverARestart: what came of an album before a restart is heard with what comes after it; what is delivered
// again adds nothing; a part that comes late is an addition.
func TestTelegramAlbumOverARestart(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{pollMode, webhookMode} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			data := t.TempDir()
			h, s := serveTelegram(t, telegramtest.Open(t), data, mode)
			h.Order("8123456789012345", "b-1", "s-1", "Bamboo lamp")
			ana := h.Join(11, "buyer", "b-1", "Ana")
			h.Ask(ana, "8123456789012345")
			h.Await(ana, "Your request")

			pictures := pictures(h, 1, 5)
			first := ana.Album("", 0, pictures[:2]...)
			acked(h)
			s.stop()
			album := pictures[0]["media_group_id"]
			send := func(p map[string]any) int64 {
				p["media_group_id"] = album
				return ana.Send(p)
			}
			third := send(pictures[2])
			h, _ = serveTelegram(t, h.Fake, data, mode)
			h.Await(ana, "I have 3 photos. Shall I add this to case")

			for _, id := range append(first, third) {
				h.Fake.Again(id)
			}
			acked(h)
			send(pictures[3])
			h.Await(ana, "I have 4 photos. Shall I add this to case")
			h.Press(ana, "Yes, add it")
			h.Await(ana, "That makes 4 files from you")
			if all := ana.Texts(); strings.Count(all, "Shall I add") != 2 {
				t.Errorf("got\n%s", all)
			}
			if status, _ := fetch(t, h.URL+"/readyz"); status != http.StatusOK {
				t.Errorf("not ready any more: %s", h.Log)
			}
		})
	}
}
