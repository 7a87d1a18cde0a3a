package bolt

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"nevermind/bot"
	"nevermind/store/record"
)

// TestErase: whoever was erased is read nowhere any more, in a copy made before neither; the other's words are; the journal's
// chain holds; and the room can be talked in again.
func TestErase(t *testing.T) {
	dir, copied := t.TempDir(), filepath.Join(t.TempDir(), "copy.db")
	s := openIn(t, dir, encrypted(houseKey))
	ana := bot.Person{
		ID:       "buyer:b",
		Name:     "ANA-NAME",
		Accounts: []string{"telegram:ANA-AT"},
		Rooms:    []bot.Room{"telegram:ANA-ROOM"},
	}
	li := bot.Person{ID: "seller:s", Name: "LI-NAME", Rooms: []bot.Room{"telegram:li"}}
	wantErr(t, s.Commit(t.Context(), &bot.Commit{At: base, Person: &ana}), nil)
	wantErr(t, s.Commit(t.Context(), &bot.Commit{At: base, Person: &li}), nil)
	wantErr(t, s.Commit(t.Context(), &bot.Commit{At: base, Order: &bot.Order{ID: "1", Buyer: "buyer:b", Seller: "seller:s",
		Items: []bot.Item{{ID: "i", Title: "ANA-TITLE"}}, ReturnAddress: "LI-ADDRESS"}}), nil)
	wantErr(t, s.Commit(t.Context(), talked(0)), nil)
	conv, head := recordOfBoth(t, s, &ana, &li)
	file, err := os.Create(copied)
	wantErr(t, err, nil)
	wantErr(t, s.Backup(t.Context(), file), nil)
	wantErr(t, file.Close(), nil)
	if n := bytes.Count(everything(t, s), []byte("ANA-")); n < 15 {
		t.Fatalf("only %d canaries are there: this tests nothing", n)
	}
	who, err := s.Person(t.Context(), ana.ID)
	wantErr(t, err, nil)
	wantErr(t, s.Erase(t.Context(), who), nil)

	check := func(s *Store) {
		t.Helper()
		all := everything(t, s)
		if i := bytes.Index(all, []byte("ANA-")); i >= 0 {
			t.Errorf("it is read still: …%s…", all[max(0, i-200):i+20])
		}
		for _, word := range []string{"LI-NAME", "LI-WORDS", "LI-ADDRESS"} {
			if !bytes.Contains(all, []byte(word)) {
				t.Errorf("%s of the other is gone too", word)
			}
		}
		entries, err := s.Journal(t.Context(), conv, 0, 9)
		if err != nil || len(entries) != 2 {
			t.Fatalf("the journal: %d lines, %v", len(entries), err)
		}
		prev := ""
		for _, e := range entries {
			if e.Prev != prev || e.Sum() != e.Hash {
				t.Errorf("line %d does not chain", e.Seq)
			}
			prev = e.Hash
		}
		if prev != head || entries[0].Event.Text != bot.Erased {
			t.Errorf("the journal ends at %s, want %s, and says %q", prev, head, entries[0].Event.Text)
		}
		if _, err := s.PersonAt(t.Context(), "telegram:ANA-AT"); !errors.Is(err, bot.ErrNone) {
			t.Errorf("their account is somebody's: %v", err)
		}
		if p, err := s.Person(t.Context(), ana.ID); err != nil || p.Name != bot.Erased {
			t.Errorf("they are %+v, %v", p, err)
		}
	}
	check(s)
	wantErr(t, s.Commit(t.Context(), talked(0)), nil) // a stranger writes from the same room
	if _, err := s.Conversation(t.Context(), "talk/telegram:ANA-ROOM"); err != nil {
		t.Errorf("the new talk: %v", err)
	}
	wantErr(t, s.Close(), nil)
	if _, err := Check(t.Context(), filepath.Join(dir, "nevermind.db"), encrypted(houseKey)); err != nil {
		t.Errorf("the file after: %v", err)
	}

}

// TestEraseInCopies is the same of a copy that was made before, once what is erased in it is forgotten.
func TestEraseInCopies(t *testing.T) {
	dir, elsewhere := t.TempDir(), t.TempDir()
	s := openIn(t, dir, encrypted(houseKey))
	ana := bot.Person{
		ID:       "buyer:b",
		Name:     "ANA-NAME",
		Accounts: []string{"telegram:ANA-AT"},
		Rooms:    []bot.Room{"telegram:ANA-ROOM"},
	}
	li := bot.Person{ID: "seller:s", Name: "LI-NAME"}
	wantErr(t, s.Commit(t.Context(), &bot.Commit{At: base, Person: &ana}), nil)
	wantErr(t, s.Commit(t.Context(), talked(0)), nil)
	recordOfBoth(t, s, &ana, &li)
	file, err := os.Create(filepath.Join(elsewhere, "nevermind.db"))
	wantErr(t, err, nil)
	wantErr(t, errors.Join(s.Backup(t.Context(), file), file.Close()), nil)
	who, err := s.Person(t.Context(), ana.ID)
	wantErr(t, err, nil)
	wantErr(t, errors.Join(s.Erase(t.Context(), who), s.Close()), nil)

	if _, err := Check(t.Context(), filepath.Join(elsewhere, "nevermind.db"), encrypted(houseKey)); err != nil {
		t.Errorf("the copy: %v", err)
	}
	s = openIn(t, elsewhere, encrypted(houseKey))
	defer s.Close()
	if i := bytes.Index(everything(t, s), []byte("ANA-")); i >= 0 {
		t.Error("the copy is read still")
	}
	if n, err := s.ForgetErased(t.Context()); n == 0 || err != nil {
		t.Errorf("forgot %d, %v", n, err)
	}
	wantErr(t, s.Commit(t.Context(), talked(0)), nil)
	if entries, err := s.Journal(
		t.Context(),
		"case/1/0",
		0,
		9,
	); err != nil || len(entries) != 2 ||
		entries[1].Event.Text != "LI-WORDS" {
		t.Errorf("the other's case: %+v, %v", entries, err)
	}
}

// TestEraseCutShort: an erasure that a crash has cut short is ended by the next start.
func TestEraseCutShort(t *testing.T) {
	dir := t.TempDir()
	s := openIn(t, dir, encrypted(houseKey))
	ana := bot.Person{
		ID:       "buyer:b",
		Name:     "ANA-NAME",
		Accounts: []string{"telegram:ANA-AT"},
		Rooms:    []bot.Room{"telegram:ANA-ROOM"},
	}
	wantErr(t, s.Commit(t.Context(), &bot.Commit{At: base, Person: &ana}), nil)
	wantErr(t, s.Commit(t.Context(), talked(0)), nil)
	e, err := s.planErasure(t.Context(), ana)
	wantErr(t, err, nil)
	intent := fmt.Appendf(nil, "%s", jsonOf(t, e))
	if bytes.Contains(intent, []byte("ANA-")) {
		t.Error("the plan names what it is to erase")
	}
	wantErr(t, s.SetValue(t.Context(), record.ErasingName, intent), nil)
	wantErr(t, s.db.secrets.Ring.Destroy(e.Slots...), nil) // and then it was killed
	wantErr(t, s.Close(), nil)
	s = openIn(t, dir, encrypted(houseKey))
	defer s.Close()
	if bytes.Contains(everything(t, s), []byte("ANA-")) {
		t.Error("it is read still")
	}
	if _, err := s.Value(t.Context(), record.ErasingName); !errors.Is(err, bot.ErrNone) {
		t.Errorf("the plan stands still: %v", err)
	}
	wantErr(t, s.Commit(t.Context(), talked(0)), nil)
}

// talked is a turn of Ana's talk.
func talked(version int64) *bot.Commit {
	const room, key = "telegram:ANA-ROOM", "talk/telegram:ANA-ROOM"
	e := bot.Entry{Conversation: key, Seq: 1, At: base, Event: bot.Event{Room: room, Text: "ANA-WORDS", Actor: "buyer:b"}}
	e.Hash = e.Sum()
	return &bot.Commit{
		At:   base,
		Said: &bot.Message{ID: "1", Room: room, Account: "telegram:ANA-AT", Text: "ANA-WORDS"},
		Conversation: &bot.Conversation{
			Key:     key,
			Version: version,
			Entries: 1,
			Head:    e.Hash,
			Parties: map[bot.Party]bot.PersonID{bot.Here: "buyer:b"},
			Frame:   bot.Frame{Flow: "reception", Facts: bot.Facts{"story": "ANA-STORY"}},
		},
		Terms: []string{"open:flow:reception"},
		Entry: &e,
		Tasks: []bot.Task{{ID: "t" + fmt.Sprint(version), Lane: "room:" + room, Do: bot.DoSend,
			Reply: &bot.Reply{Room: room, From: key, Text: "Hello ANA-NAME"}}},
	}
}

// recordOfBoth commits two lines of a case in which both have said something.
func recordOfBoth(t *testing.T, s *Store, ana, li *bot.Person) (key bot.Key, head string) {
	t.Helper()
	key = "case/1/0"
	c := bot.Conversation{Key: key, Parties: map[bot.Party]bot.PersonID{bot.Buyer: ana.ID, bot.Seller: li.ID},
		Frame: bot.Frame{Flow: "case", Facts: bot.Facts{}}, Whose: map[string]bot.PersonID{}}
	for i, said := range []struct {
		by         *bot.Person
		room       bot.Room
		fact, text string
	}{{ana, "telegram:ANA-ROOM", "note", "ANA-NOTE"}, {li, "telegram:li", "rejection", "LI-WORDS"}} {
		e := bot.Entry{
			Conversation: key,
			Seq:          i + 1,
			At:           base,
			Prev:         c.Head,
			Learned:      bot.Facts{said.fact: said.text, "reason": "late"},
			Event:        bot.Event{Actor: said.by.ID, Text: said.text, Room: said.room},
			Used:         bot.Used{People: []bot.Person{*said.by}},
		}
		e.Commit(func(whose bot.PersonID) []byte { return []byte("a salt for " + whose) }, nil)
		e.Hash = e.Sum()
		c.Facts[said.fact], c.Whose[said.fact] = said.text, said.by.ID
		c.Entries, c.Head, c.Version = i+1, e.Hash, int64(i)
		own := c
		wantErr(t, s.Commit(t.Context(), &bot.Commit{At: base, Conversation: &own, Entry: &e, Tasks: []bot.Task{{
			ID: fmt.Sprint("c", i), Lane: "room:telegram:li", Do: bot.DoSend,
			Reply: &bot.Reply{Room: "telegram:li", From: key, Text: "ANA-NAME says ANA-NOTE"}}}}), nil)
	}
	return key, c.Head
}

// everything is all that can be read of a store, as text.
func everything(t *testing.T, s *Store) []byte {
	t.Helper()
	var all []byte
	wantErr(t, s.Each(context.Background(), func(r bot.Record) error {
		all = append(all, jsonOf(t, r)...)
		return nil
	}), nil)
	return all
}

func jsonOf(t *testing.T, v any) []byte {
	t.Helper()
	out, err := json.Marshal(v)
	wantErr(t, err, nil)
	return out
}

// TestErasedWhileWaiting: what waits for a room that is erased is dropped, and everybody else's tasks go on.
func TestErasedWhileWaiting(t *testing.T) {
	s := openIn(t, t.TempDir(), encrypted(houseKey))
	defer s.Close()
	ana := bot.Person{
		ID:       "buyer:b",
		Name:     "ANA-NAME",
		Accounts: []string{"telegram:ANA-AT"},
		Rooms:    []bot.Room{"telegram:ANA-ROOM"},
	}
	wantErr(t, s.Commit(t.Context(), &bot.Commit{At: base, Person: &ana}), nil)
	c := talked(0)
	c.Tasks = append(
		c.Tasks,
		bot.Task{ID: "told", Lane: "conv:talk/telegram:ANA-ROOM", Do: bot.DoTell, To: "talk/telegram:ANA-ROOM"},
		bot.Task{ID: "fetched", Lane: "fetch:telegram:ANA-ROOM", Do: bot.DoFetch},
		bot.Task{ID: "other", Lane: "room:telegram:li", Do: bot.DoSend, Reply: &bot.Reply{Room: "telegram:li", Text: "hello"}},
	)
	wantErr(t, s.Commit(t.Context(), c), nil)
	held, err := s.Claim(t.Context(), base.Add(time.Hour), 1, time.Minute) // one is under way
	if err != nil || len(held) != 1 {
		t.Fatalf("held %+v, %v", held, err)
	}
	wantErr(t, s.Erase(t.Context(), ana), nil)
	if err := s.Settle(
		t.Context(),
		held[0],
		base.Add(time.Hour),
		bot.Finished(),
	); err != nil &&
		!errors.Is(err, bot.ErrFenced) {
		t.Errorf("the one under way settles with %v", err)
	}
	for range 3 {
		leases, err := s.Claim(t.Context(), base.Add(time.Hour), 9, time.Minute)
		wantErr(t, err, nil)
		for _, l := range leases {
			if l.Task.ID != "other" {
				t.Errorf("%s is still to be done", l.Task.ID)
			}
			wantErr(t, s.Settle(t.Context(), l, base.Add(time.Hour), bot.Finished()), nil)
		}
	}
	if next, err := s.NextTask(t.Context()); err != nil || !next.IsZero() {
		t.Errorf("something waits still: %v, %v", next, err)
	}
}
