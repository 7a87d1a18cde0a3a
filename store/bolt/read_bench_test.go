package bolt

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"nevermind/bot"
)

// BenchmarkRead loads a conversation and a person, and leases and reads a task: what a cache in front of the file could save.
func BenchmarkRead(b *testing.B) {
	s := openIn(b, b.TempDir(), NoSync())
	defer s.Close()
	c := turn(1)
	c.Person = &bot.Person{ID: "buyer:b-1", Name: "Ana Torres", Accounts: []string{"telegram:1"}, Rooms: []bot.Room{"telegram:1"}}
	c.Conversation.Aside = []bot.Frame{{Flow: "reception", State: "greeting"}}
	if err := s.Commit(b.Context(), c); err != nil {
		b.Fatal(err)
	}
	now := time.Unix(1_900_000_000, 0)
	for name, read := range map[string]func() error{
		"conversation": func() error { _, err := s.Conversation(b.Context(), c.Conversation.Key); return err },
		"person":       func() error { _, err := s.PersonAt(b.Context(), "telegram:1"); return err },
		"nothing":      func() error { _, err := s.Offered(b.Context(), "none"); return ignoreNone(err) },
		"task": func() error {
			now = now.Add(time.Hour)
			ls, err := s.Claim(b.Context(), now, 1, time.Minute)
			if len(ls) != 1 {
				return fmt.Errorf("claimed %d, %w", len(ls), err)
			}
			return err
		},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := read(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func ignoreNone(err error) error {
	if errors.Is(err, bot.ErrNone) {
		return nil
	}
	return err
}
