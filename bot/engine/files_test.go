package engine_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"nevermind/bot"
)

// photo is a message with pictures that are still with the platform.
func photo(id string, n int) bot.Message {
	m := bot.Message{ID: id, Room: anasRoom, Account: ana}
	for i := range n {
		m.Pending = append(m.Pending, bot.PendingFile{Ref: fmt.Sprint(id, "-", i), Name: fmt.Sprint(i, ".jpg"), Size: 1})
	}
	return m
}

// TestFilesComeAfterTheirMessage holds that a message may be acknowledged before its files are fetched, that it is heard with
// them once they are there, after what was said before it and before what was said behind; and that a repeat changes nothing.
func TestFilesComeAfterTheirMessage(t *testing.T) {
	h := newHarness(t)
	h.order("81000001")
	h.ask("81000001")
	heard := len(h.heardBy(anasRoom))
	if err := h.engine.Receive(t.Context(), photo("two", 2)); err != nil || len(h.fetched) != 0 {
		t.Fatalf("acknowledged with %v, after %d fetches; want none before", err, len(h.fetched))
	}
	h.must(h.engine.Receive(t.Context(), photo("two", 2)))
	h.must(h.engine.Receive(t.Context(), bot.Message{ID: "words", Room: anasRoom, Account: ana, Text: "help"}))
	h.reopen()
	h.must(h.engine.Drain(t.Context()))
	if got := h.since(heard); got != "" {
		t.Errorf("heard before its files are there, or out of order: %s", got)
	}
	h.pass(time.Second)
	said := h.heardBy(anasRoom)[heard:]
	if len(said) < 2 || !strings.Contains(said[0], "I have 2 photos") || !strings.Contains(said[1], "my orders") {
		t.Errorf("got %q, want the photos, then the words", said)
	}
	if want := []string{"two-0", "two-1"}; !slices.Equal(h.fetched, want) {
		t.Errorf("fetched %q, want %q", h.fetched, want)
	}
}

// TestFilesOfStrangers: nothing is fetched for somebody who belongs to nobody known; they are told why.
func TestFilesOfStrangers(t *testing.T) {
	h := newHarness(t)
	m := photo("x", 1)
	m.Room, m.Account = "fake:stranger", "fake:nobody"
	h.say(m)
	m.ID, m.Album = "y", "A1"
	h.say(m)
	h.pass(10 * time.Second)
	if len(h.fetched) != 0 {
		t.Errorf("fetched %q for a stranger", h.fetched)
	}
	if got := strings.Join(h.heardBy("fake:stranger"), " | "); strings.Count(got, "who you are") != 2 {
		t.Errorf("the stranger reads %q", got)
	}
}

// TestFilesOfOneChat: a slow file server holds up nobody else, a chat has so many files waiting and no more, and what it says
// meanwhile stays in order.
func TestFilesOfOneChat(t *testing.T) {
	h := newHarness(t)
	h.order("81000001")
	h.ask("81000001")
	fetched := map[int64]int{} // one file a second
	h.fetch = func(f bot.PendingFile) (bot.File, error) {
		if second := h.clock().Unix(); fetched[second] > 0 {
			return bot.File{}, bot.Later{After: time.Second}
		}
		fetched[h.clock().Unix()]++
		return bot.File{Name: f.Name, Type: "image/jpeg", Size: 1, Hash: fmt.Sprintf("%064x", f.Ref)}, nil
	}
	for n := range 150 {
		h.must(h.engine.Receive(t.Context(), photo(fmt.Sprint("many", n), 1)))
	}
	heard := len(h.heardBy("fake:s-1"))
	h.say(bot.Message{ID: "else", Room: "fake:s-1", Account: "fake:seller:s-1", Text: "help"})
	if len(h.heardBy("fake:s-1")) == heard {
		t.Error("somebody else waits for the files of a chat")
	}
	for range 200 {
		h.pass(time.Second)
	}
	if len(h.fetched) > 100 {
		t.Errorf("%d attempts for one chat", len(h.fetched))
	}
	got := strings.Join(h.heardBy(anasRoom), " | ")
	if n := strings.Count(got, "more than I can take at once"); n == 0 {
		t.Errorf("nobody is told that it is too much: %.600s", got)
	}
	h.fetch = nil
	h.say(photo("later", 1))
	h.pass(time.Second)
	if got := h.heardBy(anasRoom); !strings.Contains(strings.Join(got[len(got)-2:], " "), "photo") {
		t.Errorf("later it is taken again: got %q", got[len(got)-2:])
	}
}

// TestFileThatCannotBeKept: its words count, and whoever sent it reads why; what may pass is tried again.
func TestFileThatCannotBeKept(t *testing.T) {
	for name, c := range map[string]struct {
		err   error
		tries int
		says  string
	}{
		"too large": {bot.ErrTooLarge, 1, "larger than 20 MB"},
		"unwanted":  {bot.ErrUnwanted, 1, "that kind of file"},
		"full":      {bot.ErrFull, 1, "can't keep files right now"},
		"refused":   {bot.ErrRefused, 1, "didn't reach me whole"},
		"broken":    {errors.New("the connection broke"), 3, "didn't reach me whole"},
		"limited":   {bot.Later{After: 10 * time.Second}, 3, "didn't reach me whole"},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t)
			h.fetch = func(bot.PendingFile) (bot.File, error) { return bot.File{}, c.err }
			m := photo("x", 1)
			m.Text = "help"
			h.say(m)
			for range 60 {
				h.pass(time.Second)
			}
			if len(h.fetched) != c.tries {
				t.Errorf("tried %d times, want %d", len(h.fetched), c.tries)
			}
			got := strings.Join(h.heardBy(anasRoom), " | ")
			if !strings.Contains(got, c.says) || len(h.heardBy(anasRoom)) < 2 {
				t.Errorf("got %q, want %q and an answer to the words", got, c.says)
			}
		})
	}
}

// TestQuotaOfOnePerson: nobody fills the disk: what one person sends beyond a day's share is not fetched and they are told; the
// next day it is, and others never notice.
func TestQuotaOfOnePerson(t *testing.T) {
	h := newHarness(t)
	h.order("81000001")
	h.ask("81000001")
	large := func(id string) bot.Message {
		m := photo(id, 1)
		m.Pending[0].Size = bot.LargestFile
		return m
	}
	for n := range 20 { // 400 MB
		h.say(large(fmt.Sprint("large", n)))
		h.pass(time.Second)
	}
	if len(h.fetched) != 15 {
		t.Errorf("%d of 20 files of 20 MB were fetched, want 15: 300 MB", len(h.fetched))
	}
	if got := strings.Join(h.heardBy(anasRoom), " | "); !strings.Contains(got, "You have sent a lot of files today") {
		t.Errorf("nobody is told: %.600s", got)
	}
	h.pass(24 * time.Hour)
	h.say(large("tomorrow"))
	h.pass(time.Second)
	if len(h.fetched) != 16 {
		t.Errorf("%d files fetched by the next day, want 16", len(h.fetched))
	}
}
