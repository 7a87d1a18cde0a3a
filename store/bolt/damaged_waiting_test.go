package bolt

import (
	"bytes"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"nevermind/bot"
)

// edited is a turn of a case that edits its card in a room.
func edited(version int64, id string) *bot.Commit {
	const room, key = "telegram:li", "case/1/0"
	return &bot.Commit{At: base, Conversation: &bot.Conversation{Key: key, Version: version, Frame: bot.Frame{Flow: "case"}},
		Tasks: []bot.Task{{ID: id, Lane: "room:" + room, Do: bot.DoSend,
			Reply: &bot.Reply{Room: room, Mode: bot.Edit, Card: key, From: key, Text: id}}}}
}

// damageAll flips a bit in every value of a bucket.
func damageAll(t *testing.T, s *Store, n bucket) {
	t.Helper()
	wantErr(t, s.db.Update(func(tx *transaction) error {
		b, flipped := bucketIn(tx, n).Bucket, map[string][]byte{}
		err := b.ForEach(func(k, v []byte) error {
			if v = bytes.Clone(v); len(v) > 0 {
				v[len(v)/2] ^= 1
				flipped[string(k)] = v
			}
			return nil
		})
		for k, v := range flipped {
			err = errors.Join(err, b.Put([]byte(k), v))
		}
		return err
	}), nil)
}

// TestDamagedEditHoldsUpNobody: a case whose waiting edit was damaged, as a whole or where it stands in its lane, moves on, and
// its next edit is sent.
func TestDamagedEditHoldsUpNobody(t *testing.T) {
	for _, n := range []bucket{waiting, tasks} {
		for _, again := range []bool{false, true} {
			t.Run(string(bucketNames[n])+map[bool]string{true: "/restarted"}[again], func(t *testing.T) {
				dir := t.TempDir()
				s := openIn(t, dir, encrypted(houseKey))
				defer func() { s.Close() }()
				wantErr(t, s.Commit(t.Context(), edited(0, "first")), nil)
				damageAll(t, s, n)
				if again {
					wantErr(t, s.Close(), nil)
					s = openIn(t, dir, encrypted(houseKey))
				}
				wantErr(t, s.Commit(t.Context(), edited(1, "second")), nil)
				if did := doAll(t, s); !strings.HasSuffix(did, "second") {
					t.Errorf("done: %s", did)
				}
			})
		}
	}
}

// TestDamagedHeadIsSetAside: the damaged head of a lane is handed out once, to be set aside; what stands behind it is done, it is
// listed, and it can be dropped. The same where it waited already when the store was opened.
func TestDamagedHeadIsSetAside(t *testing.T) {
	for _, again := range []bool{false, true} {
		for damaged, want := range map[bucket]string{waiting: "first second", tasks: "damaged second"} {
			dir := t.TempDir()
			s := openIn(t, dir, encrypted(houseKey))
			wantErr(t, s.Commit(t.Context(), said("first")), nil)
			if again {
				wantErr(t, s.Close(), nil)
				s = openIn(t, dir, encrypted(houseKey))
			} else {
				s.lanes.byName["room:telegram:li"].queue[0].kept = nil // it was handed out once
			}
			damageAll(t, s, damaged)
			wantErr(t, s.Commit(t.Context(), said("second")), nil)
			if did := doAll(t, s); did != want {
				t.Errorf("done: %s, want %s", did, want)
			}
			dead, err := s.Dead(t.Context(), 0, 9)
			wantErr(t, err, nil)
			if damaged == waiting {
				if len(dead) != 0 {
					t.Errorf("set aside: %+v", dead)
				}
			} else if len(dead) != 1 || dead[0].Outcome.Dead != "it is damaged" || dead[0].Task.Do != bot.DoDamaged {
				t.Errorf("set aside: %+v", dead)
			} else {
				wantErr(t, s.Commit(t.Context(), &bot.Commit{At: base, Act: &bot.Act{Task: dead[0].Task.ID}}), nil)
				if did := doAll(t, s); did != "damaged" {
					t.Errorf("put back: done %s", did)
				}
				wantErr(t, s.Commit(t.Context(), &bot.Commit{At: base, Act: &bot.Act{Task: dead[0].Task.ID, Drop: true}}), nil)
			}
			wantErr(t, s.Close(), nil)
			if _, err := Check(t.Context(), filepath.Join(dir, "nevermind.db"), encrypted(houseKey)); err != nil {
				t.Errorf("the file after: %v", err)
			}
		}
	}
}

// TestDamagedWherePlaceIsUnknown: of a task nothing can be read, not even its lane: the next start hands it out to be set aside.
func TestDamagedWherePlaceIsUnknown(t *testing.T) {
	dir := t.TempDir()
	s := openIn(t, dir, encrypted(houseKey))
	wantErr(t, s.Commit(t.Context(), said("first")), nil)
	damageAll(t, s, tasks)
	damageAll(t, s, waiting)
	wantErr(t, s.Close(), nil)
	s = openIn(t, dir, encrypted(houseKey))
	defer s.Close()
	if did := doAll(t, s); did != "damaged" {
		t.Errorf("done: %s", did)
	}
	if dead, err := s.Dead(t.Context(), 0, 9); err != nil || len(dead) != 1 {
		t.Errorf("set aside: %+v, %v", dead, err)
	}
}

// TestDamagedWhileUnderWay: a task whose place or card is damaged while it is done is settled for all that, with the others of
// its commit; and it is not done twice.
func TestDamagedWhileUnderWay(t *testing.T) {
	for _, n := range []bucket{waiting, roomLog, names} {
		t.Run(string(bucketNames[n]), func(t *testing.T) {
			s := openIn(t, t.TempDir(), encrypted(houseKey))
			defer s.Close()
			wantErr(t, s.Commit(t.Context(), edited(0, "first")), nil)
			if did := doAll(t, s); did != "first" { // its card is known from now on
				t.Fatalf("done: %s", did)
			}
			wantErr(t, s.Commit(t.Context(), edited(1, "second")), nil)
			held, err := s.Claim(t.Context(), base.Add(time.Hour), 9, time.Minute)
			if wantErr(t, err, nil); len(held) != 1 {
				t.Fatalf("held %+v", held)
			}
			damageAll(t, s, n)
			wantErr(t, s.Attempt(t.Context(), held...), nil)
			damageAll(t, s, n)
			wantErr(t, s.Settle(t.Context(), held[0], base.Add(time.Hour), bot.SentAs("2")), nil)
			if next, err := s.NextTask(t.Context()); err != nil || !next.IsZero() {
				t.Errorf("something waits still: %v, %v", next, err)
			}
		})
	}
}

// said is a message to a room.
func said(id string) *bot.Commit {
	return &bot.Commit{At: base, Tasks: []bot.Task{{ID: id, Lane: "room:telegram:li", Do: bot.DoSend,
		Reply: &bot.Reply{Room: "telegram:li", Text: id}}}}
}

// doAll does what is due as the engine does, and says what that was.
func doAll(t *testing.T, s *Store) string {
	t.Helper()
	var did []string
	for range 9 {
		leases, err := s.Claim(t.Context(), base.Add(time.Hour), 9, time.Minute)
		wantErr(t, err, nil)
		for _, l := range leases {
			o := bot.SentAs(bot.Ref(l.Task.ID))
			if l.Task.Do == bot.DoDamaged {
				l.Task.Reply, o = nil, bot.GivenUp("it is damaged")
				did = append(did, l.Task.Do)
			} else {
				did = append(did, l.Task.ID)
			}
			wantErr(t, s.Settle(t.Context(), l, base.Add(time.Hour), o), nil)
		}
	}
	return strings.Join(did, " ")
}

// TestEraseWhatIsDamaged: damage in what is to be erased, or in what waits, keeps nobody from being erased.
func TestEraseWhatIsDamaged(t *testing.T) {
	for _, n := range []bucket{waiting, tasks, roomLog, conversations, people} {
		t.Run(string(bucketNames[n]), func(t *testing.T) {
			dir := t.TempDir()
			s := openIn(t, dir, encrypted(houseKey))
			ana := anaInAll
			wantErr(t, s.Commit(t.Context(), &bot.Commit{At: base, Person: &ana}), nil)
			wantErr(t, s.Commit(t.Context(), talked(0)), nil)
			damageAll(t, s, n)
			wantErr(t, s.Erase(t.Context(), ana), nil)
			if who, err := s.Person(t.Context(), ana.ID); err != nil || who.Name != bot.Erased {
				t.Errorf("they are %+v, %v", who, err)
			}
			wantErr(t, s.Commit(t.Context(), talked(0)), nil)
			wantErr(t, s.Close(), nil)
			wantErr(t, openIn(t, dir, encrypted(houseKey)).Close(), nil)
		})
	}
}

// ringOf counts how often a key ring is open.
type ringOf struct {
	PersonalKeys
	open *int
}

func (r ringOf) Close() error { *r.open--; return nil }

var _ io.Closer = ringOf{}

// TestRingIsClosed: whatever becomes of a store, its key ring is closed as often as it was opened: also where opening fails.
func TestRingIsClosed(t *testing.T) {
	open, again := 0, encrypted(houseKey)
	counted := func(o *options) {
		again(o)
		ring := o.ring
		o.ring = func(name string) (PersonalKeys, error) {
			r, err := ring(name)
			if err == nil {
				open++
			}
			return ringOf{r, &open}, err
		}
	}
	file := filepath.Join(t.TempDir(), "nevermind.db")
	s, err := Open(file, counted)
	wantErr(t, err, nil)
	if open != 1 {
		t.Errorf("a new store has %d rings open", open)
	}
	if wantErr(t, s.Close(), nil); open != 0 {
		t.Errorf("closed, it has %d open", open)
	}
	db, err := openRaw(file)
	wantErr(t, err, nil)
	wantErr(t, db.Update(func(tx *transaction) error { return bucketIn(tx, meta).Put(schemaKey, bigEndian(schema+1)) }), nil)
	wantErr(t, db.Close(), nil)
	if _, err := Open(file, counted); !errors.Is(err, bot.ErrNewer) || open != 0 {
		t.Errorf("refused with %v, %d open", err, open)
	}
}
