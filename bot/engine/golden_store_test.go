package engine_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/hex"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"nevermind/bot"
	"nevermind/flows/policies"
)

// TestGoldenStore opens a store as the version before bot was split wrote it: its journals verify and replay, a button of
// then can be pressed, what waited goes on, and lines of both forms stand in one journal.
func TestGoldenStore(t *testing.T) {
	h := &harness{t: t, dir: t.TempDir(), now: time.Date(2026, 11, 21, 23, 30, 0, 0, time.UTC), rooms: map[bot.Room][]bot.Delivery{}}
	restoreDump(t, filepath.Join("testdata", "store_0.1_before_split.txt"), filepath.Join(h.dir, "db"))
	h.policyAt = keptPolicies(t, filepath.Join("testdata", "policy_0.1_before_split.yaml"))
	h.open()
	defer func() { h.must(h.store.Close()) }()
	replays := func(key bot.Key, turns, older int) {
		t.Helper()
		r, err := h.engine.Replay(t.Context(), key)
		if err != nil || !r.Same || r.Turns != turns || r.Older != older || r.Reworded != 0 {
			t.Errorf("%s: got %+v (%v), want %d turns, every one the same, %d of an older version", key, r, err, turns, older)
		}
	}
	replays("case/81000001/0", 4, 4)
	replays("case/81000002/0", 6, 6)
	replays("case/81000003/0", 5, 5)
	replays("case/81000004/0", 2, 2)

	c, err := h.store.Conversation(t.Context(), "case/81000004/0")
	h.must(err)
	var reminder bot.Deadline
	for _, d := range c.Deadlines {
		if d.Event == "seller_reminded" {
			reminder = d
		}
	}
	if want := time.Date(2026, 11, 22, 11, 0, 0, 0, time.UTC); !reminder.At.Equal(want) {
		t.Errorf("the reminder is due at %v, want %v", reminder.At, want)
	}
	h.say(bot.Message{ID: "1", Room: "fake:s-1", Account: "fake:seller:s-1", Press: "hdgdu1PQJ72MKH6Tyse5WQ"})
	if got := h.state("case/81000004/0"); got != "refunding" {
		t.Errorf("a press of an old button led to %q, want refunding", got)
	}
	replays("case/81000004/0", 4, 2)

	h.dead(1) // the update that could not be read
	entries, err := h.store.Journal(t.Context(), "talk/fake:b-1", 0, 100)
	h.must(err)
	if last := entries[len(entries)-1]; last.Event.Files == nil && last.Event.Text != "album" {
		t.Errorf("the album that waited was not heard; the last line is %+v", last)
	}
}

// keptPolicies finds the built-in pack as it was then and as it is now, by their versions.
func keptPolicies(t *testing.T, file string) func(context.Context, string) (*bot.Policy, error) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	then, err := policies.Load(text, nil)
	if err != nil {
		t.Fatal(err)
	}
	now, err := policies.Default()
	if err != nil {
		t.Fatal(err)
	}
	return func(_ context.Context, version string) (*bot.Policy, error) {
		for _, pack := range []*policies.Pack{then, now} {
			if pack.Policy.Version == version {
				return pack.Policy, nil
			}
		}
		return nil, bot.ErrNone
	}
}

// restoreDump makes a bbolt file of its dump: "bucket PATH SEQUENCE" lines, and below each its "KEY VALUE" lines, in hex.
func restoreDump(t *testing.T, dump, path string) {
	t.Helper()
	text, err := os.ReadFile(dump)
	if err != nil {
		t.Fatal(err)
	}
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		var in *bbolt.Bucket
		lines := bufio.NewScanner(bytes.NewReader(text))
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			words := strings.Split(lines.Text(), " ")
			if words[0] != "bucket" {
				if err := in.Put(unhex(t, words[0]), unhex(t, words[1])); err != nil {
					return err
				}
				continue
			}
			in = nil
			for name := range bytes.SplitSeq(unhex(t, words[1]), []byte{0}) {
				var err error
				if in == nil {
					in, err = tx.CreateBucketIfNotExists(name)
				} else {
					in, err = in.CreateBucketIfNotExists(name)
				}
				if err != nil {
					return err
				}
			}
			last, err := strconv.ParseUint(words[2], 10, 64)
			if err != nil {
				return err
			}
			if err := in.SetSequence(last); err != nil {
				return err
			}
		}
		return lines.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
