package slack_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"nevermind/adapters/slack/slacktest"
	"nevermind/bot"
	"nevermind/store/blob"
)

// png is the smallest picture there is.
var png = []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82")

// TestFiles: what a seller sends on Slack is evidence, seen in the case's thread; what cannot be kept is said.
func TestFiles(t *testing.T) {
	t.Parallel()
	var blobs bot.Blobs
	h := newHouse(t, false, func(h *house) {
		kept, err := blob.Folder(t.TempDir())
		h.must(err)
		blobs, h.cfg.Blobs = kept, kept
	})
	h.slack.Person(slacktest.Person{ID: "ULUMEN", Name: "Lumen"})
	dm := h.slack.Direct("ULUMEN")
	h.put(bot.Person{ID: "seller:s-1", Accounts: []string{"slack:T0NEVER/ULUMEN"}, Rooms: []bot.Room{bot.Room("slack:" + dm)}})
	key, card := h.dispute("81000051")
	h.slack.Await(dm, "goes to support")
	own := h.slack.Find(dm, "goes to support")
	h.slack.Until("it is known by name", func() bool {
		_, err := h.store.Sender(t.Context(), bot.Room("slack:"+dm), bot.Ref(own.TS))
		return err == nil
	})
	h.slack.SayWith("ULUMEN", dm, own.TS, "the parcel", map[string][]byte{"parcel.png": png})
	h.slack.Until("the thread shows the picture", func() bool {
		for _, m := range h.slack.Thread(desk, card.TS) {
			if len(m.Files) == 1 && bytes.Equal(m.Files[0].Content, png) {
				return true
			}
		}
		return false
	})
	c, err := h.store.Conversation(t.Context(), key)
	h.must(err)
	if len(c.Exhibits) != 1 || c.Exhibits[0].File.Type != "image/png" {
		t.Fatalf("exhibits: %+v", c.Exhibits)
	}
	r, err := blobs.Open(t.Context(), c.Exhibits[0].File.Hash)
	h.must(err)
	if kept, err := io.ReadAll(r); err != nil || !bytes.Equal(kept, png) {
		t.Errorf("kept: %d bytes, %v", len(kept), err)
	}
	h.slack.SayWith("ULUMEN", dm, own.TS, "", map[string][]byte{"run.exe": []byte("MZ\x90\x00\x03 not a picture")})
	h.slack.Until("what cannot be kept is said", func() bool { return h.meter.count("files_not_kept slack") == 1 })
	if strings.Contains(h.log.String(), "/file/") {
		t.Errorf("a file's address is in the log: %s", h.log.String())
	}
}
