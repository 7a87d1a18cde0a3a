package telegram

import (
	"errors"
	"strings"
	"sync/atomic"
	"testing"

	"nevermind/adapters/telegram/telegramtest"
	"nevermind/bot"
)

// sentFile lets somebody send a document, and returns what the message says of it.
func sentFile(t *testing.T, fake *telegramtest.Server, h *recordingInbox, name string, content []byte) bot.PendingFile {
	t.Helper()
	before := len(h.texts())
	fake.Private(telegramtest.Person{ID: 11, Name: "Ana"}).Document(name, content)
	if !fake.Until(func() bool { return len(h.texts()) > before }) {
		t.Fatalf("got %q", h.texts())
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	m := h.heard[len(h.heard)-1]
	if len(m.Pending) != 1 || len(m.Files) != 0 || m.Unsupported != "" {
		t.Fatalf("got %+v, want one file that is to be fetched", m)
	}
	return m.Pending[0]
}

// TestFiles holds that a message names its files before they are fetched, and that each can be fetched then.
func TestFiles(t *testing.T) {
	fake := telegramtest.Open(t)
	h, kept := &recordingInbox{}, &memoryBlobs{}
	a := newTestAdapter(t, fake, func(c *Config) { c.Blobs = kept })
	runAdapter(t, a, h)
	fake.Private(telegramtest.Person{ID: 11, Name: "Ana"}).Photo([]byte("a broken lamp"), "look")
	if !fake.Until(func() bool { return len(h.texts()) == 1 }) {
		t.Fatalf("got %q", h.texts())
	}
	if m := h.heard[0]; m.Text != "look" || len(m.Pending) != 1 || m.Pending[0].Name != "photo.jpg" {
		t.Errorf("photo: got %+v", m)
	}
	bill := sentFile(t, fake, h, "bill.pdf", []byte("bill"))
	if n := len(fake.Calls("getFile")); n != 0 {
		t.Errorf("%d files were fetched before anybody asked", n)
	}
	if f, err := a.Fetch(t.Context(), bill); err != nil || f.Name != "bill.pdf" || f.Size != 4 {
		t.Errorf("fetched %+v, %v", f, err)
	}
	kept.fail = bot.ErrUnwanted
	if _, err := a.Fetch(t.Context(), sentFile(t, fake, h, "game.exe", []byte("MZ"))); !errors.Is(err, bot.ErrUnwanted) {
		t.Errorf("unwanted: got %v", err)
	}
	if _, err := a.Fetch(t.Context(), bot.PendingFile{Ref: bill.Ref, Size: bot.LargestFile + 1}); !errors.Is(err, bot.ErrTooLarge) {
		t.Errorf("too large: got %v", err)
	}
	if _, err := a.Fetch(t.Context(), bot.PendingFile{Ref: "nothing"}); !errors.Is(err, bot.ErrRefused) {
		t.Errorf("unknown at Telegram: got %v", err)
	}
}

// TestFileCutOff holds that a fetch which fails on the way may be tried again, that half a file is not taken for a whole one, and
// that no error tells where the file is, which holds the token.
func TestFileCutOff(t *testing.T) {
	fake := telegramtest.Open(t)
	fault := atomic.Pointer[telegramtest.Fault]{}
	fault.Store(&telegramtest.Fault{})
	fake.Fault = func(call telegramtest.Call) telegramtest.Fault {
		if call.Method == "download" {
			return *fault.Load()
		}
		return telegramtest.Fault{}
	}
	h := &recordingInbox{}
	a := newTestAdapter(t, fake, withBlobs)
	runAdapter(t, a, h)
	lamp := sentFile(t, fake, h, "lamp.jpg", []byte("a broken lamp"))
	for name, f := range map[string]telegramtest.Fault{"failed": {Code: 500}, "cut": {Cut: true}} {
		fault.Store(&f)
		_, err := a.Fetch(t.Context(), lamp)
		if err == nil || errors.Is(err, bot.ErrRefused) || errors.Is(err, bot.ErrUnwanted) {
			t.Errorf("%s: got %v, want an error that passes", name, err)
		}
		if err != nil && (strings.Contains(err.Error(), "AAfake") || strings.Contains(err.Error(), "/file/")) {
			t.Errorf("%s: the error tells too much: %v", name, err)
		}
	}
	fault.Store(&telegramtest.Fault{})
	if f, err := a.Fetch(t.Context(), lamp); err != nil || f.Size != 13 {
		t.Errorf("in the end: got %+v, %v", f, err)
	}
}

// TestFetchToldToWait holds that a 429 says when to fetch again.
func TestFetchToldToWait(t *testing.T) {
	fake := telegramtest.Open(t)
	h := &recordingInbox{}
	a := newTestAdapter(t, fake, withBlobs)
	runAdapter(t, a, h)
	lamp := sentFile(t, fake, h, "lamp.jpg", []byte("a broken lamp"))
	fake.Fault = func(call telegramtest.Call) telegramtest.Fault {
		if call.Method == "getFile" {
			return tooManyRequests(7_000_000_000)
		}
		return telegramtest.Fault{}
	}
	_, err := a.Fetch(t.Context(), lamp)
	var later bot.Later
	if !errors.As(err, &later) || later.After.Seconds() != 7 {
		t.Errorf("got %v, want 7 seconds", err)
	}
}
