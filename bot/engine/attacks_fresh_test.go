package engine_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"nevermind/bot"
)

// stored is how many messages of a room its log has.
func (h *harness) stored(room bot.Room) int {
	h.t.Helper()
	all := 0
	for before := uint64(1 << 62); ; {
		page, err := h.store.Said(h.t.Context(), room, 0, before, 200)
		h.must(err)
		if len(page) == 0 {
			return all
		}
		all, before = all+len(page), page[0].Seq
	}
}

// TestFreshFloodOfWords: what a stranger writes, or sends of what nobody keeps, fills no disk: so much of it an hour is heard, and
// the rest leaves nothing behind. A link is opened all the same, and somebody else is heard.
func TestFreshFloodOfWords(t *testing.T) {
	h := newHarness(t)
	const eve, other = bot.Room("fake:eve"), bot.Room("fake:other")
	size := func() int64 {
		info, err := os.Stat(filepath.Join(h.dir, "db"))
		h.must(err)
		return info.Size()
	}
	words := func(n int) string { return strings.Repeat(fmt.Sprintf("%x ", n*7919), 600) }
	for n := range 60 {
		h.say(bot.Message{ID: fmt.Sprint("first", n), Room: eve, Account: "fake:eve", Text: words(n)})
	}
	heard, before := h.stored(eve), size()
	if heard < 60 {
		t.Fatalf("%d messages are stored of 60 and their answers", heard)
	}
	for n := range 1000 {
		m := bot.Message{ID: fmt.Sprint("more", n), Room: eve, Account: "fake:eve", Text: words(n)}
		switch n % 4 {
		case 1:
			m.Album = fmt.Sprint("album", n)
		case 2:
			m.Unsupported = bot.Sticker
		case 3:
			m.Pending = []bot.PendingFile{{Ref: "x", Name: "x.jpg", Size: 1}}
		}
		h.say(m)
	}
	if more := h.stored(eve); more != heard {
		t.Errorf("%d more messages are stored", more-heard)
	}
	if grown := size() - before; grown > 1<<20 {
		t.Errorf("the disk lost %d bytes", grown)
	}
	h.say(bot.Message{ID: "other", Room: other, Account: "fake:other", Text: "hello"})
	if h.stored(other) == 0 {
		t.Error("somebody else is not heard")
	}
	h.say(bot.Message{ID: "link", Room: eve, Account: "fake:eve", Text: "/start", Link: h.invite()})
	if h.stored(eve) == heard {
		t.Error("a link is not opened")
	}
	h.move(time.Hour)
	heard = h.stored(eve)
	h.say(bot.Message{ID: "later", Room: eve, Account: "fake:eve", Text: "hello"})
	if h.stored(eve) == heard {
		t.Error("an hour later they are not heard")
	}
}

// TestFreshQuotas: sizes that are made up buy nobody a larger share of the disk.
func TestFreshQuotas(t *testing.T) {
	h := newHarness(t)
	h.order("81000001")
	h.ask("81000001")
	for n := range 40 {
		m := photo(fmt.Sprint("small", n), 1)
		m.Pending[0].Size = -bot.LargestFile
		h.say(m)
		h.pass(time.Second)
	}
	if len(h.fetched) > 15 {
		t.Errorf("%d files of sizes below nothing were fetched, want 15: each counts as the largest", len(h.fetched))
	}
}
