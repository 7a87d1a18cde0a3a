package engine_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"nevermind/bot"
)

const (
	anasRoom = bot.Room("fake:b-1")
	ana      = "fake:buyer:b-1"
)

// part is the n-th picture of an album; the first has the caption.
func part(n int) bot.Message {
	m := bot.Message{ID: fmt.Sprint("part ", n), Room: anasRoom, Account: ana, Album: "A1",
		Files: []bot.File{{Name: fmt.Sprint(n, ".jpg"), Type: "image/jpeg", Size: 1, Hash: strings.Repeat(fmt.Sprintf("%x", n), 64)}}}
	if n == 1 {
		m.Text = "It came like this."
	}
	return m
}

// heardBy is what was said in a room, one after the other.
func (h *harness) heardBy(room bot.Room) (texts []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, d := range h.rooms[room] {
		if d.Reply.Mode == bot.New {
			texts = append(texts, d.Reply.Text)
		}
	}
	return texts
}

// since is what a room has heard beyond so many.
func (h *harness) since(n int) string { return strings.Join(h.heardBy(anasRoom)[n:], " | ") }

// album is a harness with an open case and three parts of an album that have come.
func album(t *testing.T) (h *harness, heard int) {
	h = newHarness(t)
	h.order("81000001")
	h.ask("81000001")
	heard = len(h.heardBy(anasRoom))
	h.move(time.Minute) // the engine has been there for a while
	for n := 1; n <= 3; n++ {
		h.say(part(n))
	}
	if got := h.since(heard); got != "" {
		t.Fatalf("an album that is not whole is answered: %s", got)
	}
	return h, heard
}

func (h *harness) pass(d time.Duration) {
	h.t.Helper()
	h.move(d)
	h.must(h.engine.Drain(h.t.Context()))
}

// once fails unless the room has heard the words once, and nothing else, beyond so many.
func (h *harness) once(heard int, words string) {
	h.t.Helper()
	if got := h.since(heard); strings.Count(got, words) != 1 || strings.Contains(got, " | ") {
		h.t.Errorf("got %q, want %q once", got, words)
	}
}

// TestAlbumIsOneMessage holds that the parts of an album have one answer, and all go where one file would.
func TestAlbumIsOneMessage(t *testing.T) {
	h, heard := album(t)
	h.pass(3 * time.Second)
	h.once(heard, "I have 3 photos. Shall I add this to case")
	h.say(part(2)) // again, long after it was heard
	h.pass(3 * time.Second)
	h.once(heard, "I have 3 photos.")
	h.say(h.press("yes", anasRoom, ana, "Yes, add it"))
	c, err := h.store.Conversation(t.Context(), "case/81000001/0")
	h.must(err)
	if len(c.Exhibits) != 3 || !strings.Contains(fmt.Sprint(h.heardBy("fake:s-1")), "adds to case") {
		t.Errorf("the case has %d files, want 3", len(c.Exhibits))
	}
}

// TestAlbumOverARestart holds that parts that came before a restart are heard together with those that come after it.
func TestAlbumOverARestart(t *testing.T) {
	h, heard := album(t)
	h.reopen()
	h.say(part(3)) // was stored, but not acknowledged
	h.move(3 * time.Second)
	h.say(part(4))
	h.pass(3 * time.Second)
	h.once(heard, "I have 4 photos.")
}

// TestAlbumsLatePart holds that a part that comes after the others were heard is an addition to them.
func TestAlbumsLatePart(t *testing.T) {
	h, heard := album(t)
	h.pass(3 * time.Second)
	heard++
	h.say(part(4))
	h.say(part(5))
	h.pass(3 * time.Second)
	h.once(heard, "I have 5 photos.")
}

// pendingPart is the n-th picture of an album, still with the platform.
func pendingPart(n int) bot.Message {
	m := part(n)
	m.Pending, m.Files = []bot.PendingFile{{Ref: fmt.Sprint("p", n), Name: m.Files[0].Name, Size: 1}}, nil
	return m
}

// TestAlbumWaitsForItsFiles holds that an album waits for a part whose file is still being fetched, yet not for ever: then it is
// heard as far as it has come, and whoever sent it is told.
func TestAlbumWaitsForItsFiles(t *testing.T) {
	h, heard := album(t)
	hangs := true
	h.fetch = func(f bot.PendingFile) (bot.File, error) {
		if hangs {
			return bot.File{}, errors.New("the connection broke")
		}
		return bot.File{Name: f.Name, Type: "image/jpeg", Size: 1, Hash: strings.Repeat("4", 64)}, nil
	}
	h.say(pendingPart(4))
	h.pass(2 * time.Second)
	if got := h.since(heard); got != "" {
		t.Fatalf("not waited for: %s", got)
	}
	hangs = false
	for range 20 {
		h.pass(time.Second)
	}
	h.once(heard, "I have 4 photos.")
	heard, hangs = heard+1, true
	h.say(pendingPart(5))
	for range 40 {
		h.pass(time.Second)
	}
	if got := h.since(heard); !strings.Contains(got, "didn't reach me whole") {
		t.Errorf("a part that cannot be fetched: %s", got)
	}
}

// TestWordsBehindAnAlbum holds that what is said right behind an album is heard after it.
func TestWordsBehindAnAlbum(t *testing.T) {
	h, heard := album(t)
	h.say(bot.Message{ID: "words", Room: anasRoom, Account: ana, Text: "help"})
	h.say(bot.Message{ID: "words", Room: anasRoom, Account: ana, Text: "help"})
	h.say(bot.Message{ID: "elsewhere", Room: "fake:s-1", Account: "fake:seller:s-1", Text: "help"})
	if got := h.since(heard); got != "" {
		t.Fatalf("words overtook the album: %s", got)
	}
	h.pass(3 * time.Second)
	if got := h.heardBy(anasRoom)[heard:]; len(got) < 2 || !strings.HasPrefix(got[0], "I have 3 photos.") {
		t.Errorf("got %q, want the album first", got)
	}
	n := len(h.heardBy(anasRoom))
	h.say(bot.Message{ID: "later", Room: anasRoom, Account: ana, Text: "help"})
	if len(h.heardBy(anasRoom)) == n {
		t.Error("words after an album that is over still wait")
	}
}

// TestAlbumInAnswer holds that an album in answer to a case's message goes to that case.
func TestAlbumInAnswer(t *testing.T) {
	h := newHarness(t)
	h.order("81000001")
	h.ask("81000001")
	card := h.rooms[anasRoom][len(h.rooms[anasRoom])-1]
	ref := bot.Ref("")
	for i, d := range h.told {
		if d.ID == card.ID {
			ref = bot.Ref(fmt.Sprint(i + 1))
		}
	}
	h.move(time.Minute)
	for n := 1; n <= 3; n++ {
		m := part(n)
		if n == 1 {
			m.ReplyTo = ref
		}
		h.say(m)
	}
	h.pass(3 * time.Second)
	c, err := h.store.Conversation(t.Context(), "case/81000001/0")
	h.must(err)
	if len(c.Exhibits) != 3 {
		t.Errorf("the case has %d files, want 3: %q", len(c.Exhibits), h.heardBy(anasRoom))
	}
}

// TestAlbumThatCannotBeTurned holds that it is kept for later and holds up nobody behind it.
func TestAlbumThatCannotBeTurned(t *testing.T) {
	broken := true
	h := newHarness(t)
	h.flows = withHear(func(_ *bot.View, m *bot.Message) (bot.Event, bool) {
		if broken && len(m.Files) > 0 {
			panic("our own fault")
		}
		return bot.Event{}, false
	})
	h.reopen()
	h.order("81000001")
	h.ask("81000001")
	heard := len(h.heardBy(anasRoom))
	h.move(time.Minute)
	h.say(part(1))
	h.say(part(2))
	h.say(bot.Message{ID: "words", Room: anasRoom, Account: ana, Text: "help"})
	h.pass(3 * time.Second)
	if got := h.since(heard); !strings.Contains(got, "help") && len(h.heardBy(anasRoom)) < heard+2 {
		t.Errorf("an album that cannot be turned holds up what is behind it: %s", got)
	}
	broken = false
	h.pass(10 * time.Second)
	if got := h.since(heard); strings.Count(got, "I have 2 photos.") != 1 {
		t.Errorf("kept for later and not heard again: %s", got)
	}
}

// TestAlbumAtEveryCrashPoint stops the engine at each crash point while an album comes: every file is in the case once.
func TestAlbumAtEveryCrashPoint(t *testing.T) {
	var from, to int // the crash points between the first part and the last turn
	story := func(d *drill) {
		d.receive(bot.Message{ID: "1", Room: anasRoom, Account: ana, Text: "cancel 81000001"})
		d.receive(d.press("2", anasRoom, ana, "I don't need it any more"))
		from = len(d.passed)
		for n := 1; n <= 3; n++ {
			d.do(func(ctx context.Context) error { return d.engine.Receive(ctx, pendingPart(n)) })
		}
		d.do(func(ctx context.Context) error {
			return d.engine.Receive(ctx, d.press("3", anasRoom, ana, "What else follows?"))
		})
		for range 3 {
			d.move(6 * time.Second)
			d.drain()
		}
		to = len(d.passed)
		d.receive(d.press("4", anasRoom, ana, "Yes, ask the seller"))
	}
	whole := newDrill(t, 0)
	story(whole)
	first, last := from+1, to
	for stop := first; stop <= last; stop++ {
		d := newDrill(t, stop)
		story(d)
		c, err := d.store.Conversation(t.Context(), "case/81000001/0")
		if err != nil && !errors.Is(err, bot.ErrNone) {
			t.Fatal(err)
		}
		if len(c.Exhibits) != 3 {
			t.Errorf(
				"stopped at %s (%d to %d, %d): the case has %d files, want 3",
				whole.passed[stop-1],
				first,
				last,
				stop,
				len(c.Exhibits),
			)
		}
		d.must(d.store.Close())
	}
	t.Logf("%d crash points passed", last-first+1)
}
