package telegram

import (
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"nevermind/adapters/telegram/telegramtest"
	"nevermind/bot"
)

// TestFiles holds that a file is fetched before its message goes on, and that one that cannot be kept loses no words.
func TestFiles(t *testing.T) {
	fake := telegramtest.Open(t)
	chat := fake.Private(telegramtest.Person{ID: 11, Name: "Ana"})
	h, told, kept := &recordingInbox{}, &logBuffer{}, &memoryBlobs{}
	a := newTestAdapter(t, fake, func(c *Config) { c.Blobs, c.Log = kept, slog.New(slog.NewTextHandler(told, nil)) })
	runAdapter(t, a, h)
	chat.Photo([]byte("a broken lamp"), "look")
	chat.Document("bill.pdf", []byte("bill"))
	if !fake.Until(func() bool { return len(h.texts()) == 2 }) {
		t.Fatalf("got %q", h.texts())
	}
	if m := h.heard[0]; m.Text != "look" || len(m.Files) != 1 || m.Files[0].Size != 13 || m.Unsupported != "" {
		t.Errorf("photo: got %+v", m)
	}
	if m := h.heard[1]; len(m.Files) != 1 || m.Files[0].Name != "bill.pdf" {
		t.Errorf("document: got %+v", m)
	}
	kept.fail = bot.ErrUnwanted
	chat.Document("game.exe", []byte("MZ"))
	if !fake.Until(func() bool { return len(h.texts()) == 3 }) {
		t.Fatalf("got %q", h.texts())
	}
	if m := h.heard[2]; len(m.Files) != 0 || m.Unsupported != bot.Unwanted {
		t.Errorf("unwanted: got %+v", m)
	}
	if told.count("AAfake") != 0 || told.count("game.exe") != 0 {
		t.Errorf("the log tells too much: %s", told.text.String())
	}
}

// TestFileCutOff holds that a file which arrives half is fetched again, and that where it never comes whole the person is
// told while the words count.
func TestFileCutOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake := telegramtest.Within(t)
		fault, left := telegramtest.Fault{Code: 500}, atomic.Int64{}
		fake.Fault = func(call telegramtest.Call) telegramtest.Fault {
			if call.Method == "download" && left.Add(-1) >= 0 {
				return fault
			}
			return telegramtest.Fault{}
		}
		h, told := &recordingInbox{}, &logBuffer{}
		runAdapter(t, newTestAdapter(t, fake, func(c *Config) { withBlobs(c); logTo(told)(c) }), h)
		chat := fake.Private(telegramtest.Person{ID: 11, Name: "Ana"})
		send := func(times int64) bot.Message {
			left.Store(times)
			before := len(h.texts())
			chat.Photo([]byte("a broken lamp"), "look")
			for range 10 {
				if fake.Until(func() bool { return len(h.texts()) > before }) {
					break
				}
			}
			h.mu.Lock()
			defer h.mu.Unlock()
			return h.heard[len(h.heard)-1]
		}
		if m := send(2); m.Unsupported != "" || len(m.Files) != 1 || m.Text != "look" {
			t.Errorf("twice in vain: got %+v", m)
		}
		if m := send(9); m.Unsupported != bot.Unfetched || len(m.Files) != 0 || m.Text != "look" {
			t.Errorf("never: got %+v", m)
		}
		fault = telegramtest.Fault{Hole: true}
		if m := send(9); m.Unsupported != bot.Unfetched || len(m.Files) != 0 || m.Text != "look" {
			t.Errorf("a black hole: got %+v", m)
		}
		if told.count("AAfake") != 0 || told.count("/file/") != 0 {
			t.Errorf("the log tells too much: %s", told.text.String())
		}
	})
}

// TestFileHalf holds that half a file is not taken for a whole one, over a real connection.
func TestFileHalf(t *testing.T) {
	fake := telegramtest.Open(t)
	cut := atomic.Bool{}
	cut.Store(true)
	fake.Fault = func(call telegramtest.Call) telegramtest.Fault {
		return telegramtest.Fault{Cut: call.Method == "download" && cut.Swap(false)}
	}
	h := &recordingInbox{}
	runAdapter(t, newTestAdapter(t, fake, func(c *Config) { c.Blobs = &memoryBlobs{} }), h)
	fake.Private(telegramtest.Person{ID: 11, Name: "Ana"}).Photo([]byte("a broken lamp"), "")
	if !fake.Until(func() bool { return len(h.texts()) == 1 }) || len(h.heard[0].Files) != 1 || h.heard[0].Files[0].Size != 13 {
		t.Errorf("got %+v", h.heard)
	}
}
