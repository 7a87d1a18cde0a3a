package bolt

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"nevermind/bot"
)

// kept fills a store with a bit of everything, chained as the engine does.
func kept(t *testing.T, dir string) {
	t.Helper()
	s := openIn(t, dir, NoSync())
	ctx := t.Context()
	for c := range 3 {
		key, head := bot.Key(fmt.Sprint("case/", c)), ""
		for i := range 4 {
			e := bot.Entry{Conversation: key, Seq: i + 1, At: base, Prev: head, Event: bot.Event{Name: "submitted", By: bot.Buyer}}
			e.Hash = e.Sum()
			head = e.Hash
			wantErr(t, s.Commit(ctx, &bot.Commit{
				Conversation: &bot.Conversation{Key: key, Version: int64(i), Entries: e.Seq, Head: head}, Entry: &e,
				Terms: []string{"file:" + fmt.Sprintf("%064d", c%2)},
				Tasks: []bot.Task{{ID: fmt.Sprint("t", c, i), Lane: "a"}}, Said: &bot.Message{ID: "m", Room: "telegram:1"},
			}), nil)
		}
	}
	wantErr(t, s.Commit(ctx, &bot.Commit{Order: &bot.Order{ID: "1"}, Person: &bot.Person{ID: "buyer:b"}, Dead: "lost",
		Tasks: []bot.Task{{ID: "d", Lane: "a"}}}), nil)
	wantErr(t, s.Close(), nil)
}

func TestCheckCounts(t *testing.T) {
	dir := t.TempDir()
	kept(t, dir)
	got, err := Check(t.Context(), filepath.Join(dir, "nevermind.db"))
	wantErr(t, err, nil)
	files := got.Files
	got.Files = nil
	want := Report{Schema: schema, Orders: 1, People: 1, Conversations: 3, Entries: 12, Tasks: 13, Waiting: 12, Dead: 1,
		Messages: 12}
	if fmt.Sprint(got) != fmt.Sprint(want) || len(files) != 2 {
		t.Errorf("got %+v and %d files, want %+v and 2", got, len(files), want)
	}
}

func TestCheckFindsWhatIsWrong(t *testing.T) {
	at := func(b bucket, key []byte) func(tx *transaction) error {
		return func(tx *transaction) error { return bucketIn(tx, b).Delete(key) }
	}
	for name, harm := range map[string]func(tx *transaction) error{
		"a line of a journal is gone":  at(conversations, entryKey("case/1", 2)),
		"the last line is gone":        at(conversations, entryKey("case/1", 4)),
		"a record is gone":             at(conversations, conversationKey("case/2")),
		"a task is gone":               at(tasks, seqKey(2)),
		"an id is gone":                at(taskIDs, []byte("t0 0")),
		"a task neither waits nor not": at(waiting, seqKey(2)),
		"a dead one is not listed":     at(deadLetters, seqKey(25)),
		"a line of a journal was changed": func(tx *transaction) error {
			e, err := readEntry(tx.secrets, "case/1", seqKey(2), bucketIn(tx, conversations).Get(entryKey("case/1", 2)))
			if err != nil {
				return err
			}
			e.Event.By = bot.Seller
			record, err := encode(newEntry(&e))
			if err != nil {
				return err
			}
			return bucketIn(tx, conversations).Put(entryKey("case/1", 2), record)
		},
		"an order is no order":   func(tx *transaction) error { return bucketIn(tx, orders).Put([]byte("2"), []byte("12345678x")) },
		"it is of the next year": func(tx *transaction) error { return bucketIn(tx, meta).Put(schemaKey, bigEndian(schema+1)) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			kept(t, dir)
			file := filepath.Join(dir, "nevermind.db")
			db, err := openRaw(file)
			wantErr(t, err, nil)
			wantErr(t, db.Update(harm), nil)
			wantErr(t, db.Close(), nil)
			want := bot.ErrBroken
			if name == "it is of the next year" {
				want = bot.ErrNewer
			}
			_, err = Check(t.Context(), file)
			wantErr(t, err, want)
		})
	}
}

// TestCheckSurvivesDamage blanks one page after the other: the answer is an error or, where nothing used it, none.
func TestCheckSurvivesDamage(t *testing.T) {
	dir := t.TempDir()
	kept(t, dir)
	file := filepath.Join(dir, "nevermind.db")
	whole, err := os.ReadFile(file)
	wantErr(t, err, nil)
	found := 0
	for page := range 60 {
		hurt := append([]byte(nil), whole...)
		for i := range 4096 {
			hurt[page*4096+i] = byte(i * 7)
		}
		wantErr(t, os.WriteFile(file, hurt, 0o600), nil)
		if _, err := Check(t.Context(), file); err != nil {
			found++
		}
	}
	if found < 5 {
		t.Errorf("damage was found %d times of 60", found)
	}
	for _, length := range []int{0, 100, 4096, 16384} {
		wantErr(t, os.WriteFile(file, whole[:length], 0o600), nil)
		if _, err := Check(t.Context(), file); err == nil {
			t.Errorf("%d bytes of it are fine", length)
		}
	}
}

func TestOnlyOneCanHaveIt(t *testing.T) {
	dir := t.TempDir()
	s := openIn(t, dir)
	defer s.Close()
	_, err := Check(t.Context(), filepath.Join(dir, "nevermind.db"))
	wantErr(t, err, bot.ErrLocked)
}
