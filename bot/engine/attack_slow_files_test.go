package engine_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"nevermind/bot"
)

// TestSlowFileServers: a dozen ways in which one chat's files may hold up another person, or a chat's own words: somebody else is
// answered at once each time, and the chat's own words are heard in the end (finding A2).
func TestSlowFileServers(t *testing.T) {
	kept := func(f bot.PendingFile) (bot.File, error) {
		return bot.File{Name: f.Name, Type: "image/jpeg", Size: 1, Hash: fmt.Sprintf("%064x", f.Ref)}, nil
	}
	fails := func(why error) func(bot.PendingFile) (bot.File, error) {
		return func(bot.PendingFile) (bot.File, error) { return bot.File{}, why }
	}
	for name, c := range map[string]struct {
		fetch func(bot.PendingFile) (bot.File, error)
		send  func(n int) bot.Message // how its n-th message looks; nil is one photo
		many  int
	}{
		"a server that always asks to wait": {fetch: func(bot.PendingFile) (bot.File, error) {
			return bot.File{}, bot.Later{After: time.Hour}
		}, many: 40},
		"one that asks to wait for a year": {fetch: func(bot.PendingFile) (bot.File, error) {
			return bot.File{}, bot.Later{After: 365 * 24 * time.Hour}
		}, many: 3},
		"one that asks to wait for less than nothing": {fetch: func(bot.PendingFile) (bot.File, error) {
			return bot.File{}, bot.Later{After: -time.Hour}
		}, many: 40},
		"one that fails each time":      {fetch: fails(errors.New("reset")), many: 40},
		"one that panics the adapter":   {fetch: func(bot.PendingFile) (bot.File, error) { panic("a nil map") }, many: 40},
		"one that refuses":              {fetch: fails(bot.ErrRefused), many: 40},
		"one whose files are too large": {fetch: fails(bot.ErrTooLarge), many: 40},
		"a full disk":                   {fetch: fails(bot.ErrFull), many: 40},
		"a message with a hundred files": {fetch: kept, many: 2, send: func(n int) bot.Message {
			return photo(fmt.Sprint("m", n), 100)
		}},
		"an album that never ends": {fetch: kept, many: 60, send: func(n int) bot.Message {
			m := photo(fmt.Sprint("m", n), 1)
			m.Album = "A1"
			return m
		}},
		"files of lying sizes": {fetch: kept, many: 40, send: func(n int) bot.Message {
			m := photo(fmt.Sprint("m", n), 1)
			m.Pending[0].Size = -1 << 40
			return m
		}},
		"files without a reference": {fetch: kept, many: 40, send: func(n int) bot.Message {
			m := photo(fmt.Sprint("m", n), 1)
			m.Pending[0].Ref, m.Pending[0].Name = "", strings.Repeat("x", 10_000)
			return m
		}},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t)
			h.order("81000001")
			h.ask("81000001")
			h.fetch = c.fetch
			before := len(h.heardBy(anasRoom))
			for n := range c.many {
				m := photo(fmt.Sprint("m", n), 1)
				if c.send != nil {
					m = c.send(n)
				}
				h.must(h.engine.Receive(t.Context(), m))
			}
			h.must(h.engine.Receive(t.Context(), bot.Message{ID: "behind", Room: anasRoom, Account: ana, Text: "help"}))
			heard := len(h.heardBy("fake:s-1"))
			h.must(h.engine.Receive(t.Context(), bot.Message{ID: "other", Room: "fake:s-1", Account: "fake:seller:s-1", Text: "help"}))
			h.must(h.engine.Drain(t.Context()))
			if len(h.heardBy("fake:s-1")) == heard {
				t.Error("somebody else is not answered at once")
			}
			for range 60 {
				h.pass(5 * time.Second)
			}
			if now := strings.Join(h.heardBy(anasRoom)[before:], " | "); !strings.Contains(now, "my orders") {
				t.Errorf("the chat's own words are not heard in five minutes: %.300q", now)
			}
		})
	}
}
