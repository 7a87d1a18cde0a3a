package bolt

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"nevermind/bot"
	"nevermind/store/encryption"
)

// TestEncryptedFileNeedsItsKey: a file that is encrypted is opened with its key alone, and no other is made for it; nor is
// anything changed by trying.
func TestEncryptedFileNeedsItsKey(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "nevermind.db")
	s := openIn(t, dir, encrypted(houseKey))
	first(t, s)
	wantErr(t, s.Close(), nil)
	before, err := os.ReadFile(file)
	wantErr(t, err, nil)
	for name, opts := range map[string][]Option{
		"no key":      nil,
		"another key": {encrypted(encryption.NewMaster())},
	} {
		if _, err := Open(file, opts...); !errors.Is(err, bot.ErrKey) {
			t.Errorf("%s: got %v, want %v", name, err, bot.ErrKey)
		}
		if _, err := Check(t.Context(), file, opts...); !errors.Is(err, bot.ErrKey) {
			t.Errorf("%s: a check says %v, want %v", name, err, bot.ErrKey)
		}
	}
	after, err := os.ReadFile(file)
	wantErr(t, err, nil)
	if !bytes.Equal(before, after) {
		t.Error("the file was changed by whoever has no key")
	}
}

// TestPlainFileIsEncrypted: a plain file of an older version becomes an encrypted one that says the same; where that is cut
// short the plain one is there still, and the next start begins anew.
func TestPlainFileIsEncrypted(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "nevermind.db")
	s := openIn(t, dir)
	first(t, s)
	since2(t, s)
	since3(t, s)
	want := read(t, s)
	wantErr(t, s.Close(), nil)
	write(t, file+encryptingName, []byte("a crash was here"))
	noKey := errors.New("no key can be made")
	if _, err := Open(file, Encrypted(func([][]byte) (Keys, error) { return nil, noKey })); !errors.Is(err, noKey) {
		t.Errorf("got %v, want %v", err, noKey)
	}
	for range 2 {
		s := openIn(t, dir, encrypted(houseKey))
		for i, got := range asBefore(t, read(t, s)) {
			if !reflect.DeepEqual(got, want[i]) {
				t.Errorf("%d is read as\n%+v\nwant\n%+v", i, got, want[i])
			}
		}
		if fixed, err := s.Rebuild(t.Context()); fixed != 0 || err != nil {
			t.Errorf("%d entries of its indexes were wrong (%v)", fixed, err)
		}
		wantErr(t, s.Close(), nil)
	}
	left, err := filepath.Glob(filepath.Join(dir, "*"))
	wantErr(t, err, nil)
	if len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
	stored, err := os.ReadFile(file)
	wantErr(t, err, nil)
	for _, word := range secretWords {
		if bytes.Contains(stored, []byte(word)) {
			t.Errorf("%q stands in the encrypted file", word)
		}
	}
}

// asBefore is what was read from a file with the chain that an older version made: each line holds the hash of then.
func asBefore(t *testing.T, read []any) []any {
	for i, v := range read {
		switch v := v.(type) {
		case bot.Conversation:
			if v.Entries > 0 {
				v.Head = "ab"
			}
			read[i] = v
		case []bot.Entry:
			e := &v[0]
			if e.Hash != e.Sum() || e.Before != "ab" || len(e.Passages) != 2 {
				t.Errorf("the line is not anchored: %+v", e)
			}
			e.Hash, e.Prev, e.Before, e.Form, e.Passages = "ab", "00", "", 0, nil
		}
	}
	return read
}

// secretWords stand in what first and its like store.
var secretWords = []string{"telegram:1", "case/1", "8123", "Agreed"}

// TestKeysAreRenewed: what was encrypted with older keys of a file is read for ever.
func TestKeysAreRenewed(t *testing.T) {
	dir := t.TempDir()
	s := openIn(t, dir, encrypted(houseKey))
	for i := range 3 {
		wantErr(t, s.SetValue(t.Context(), fmt.Sprint(i), fmt.Append(nil, i)), nil)
		wantErr(t, s.renewKey(), nil)
	}
	wantErr(t, s.Close(), nil)
	s = openIn(t, dir, encrypted(houseKey))
	defer s.Close()
	for i := range 3 {
		if v, err := s.Value(t.Context(), fmt.Sprint(i)); err != nil || string(v) != fmt.Sprint(i) {
			t.Errorf("value %d: got %q, %v", i, v, err)
		}
	}
}

// TestHouseKeyIsRotated: once a file was opened with a new key before the old one, it opens with the new one alone, and no
// longer with the old one.
func TestHouseKeyIsRotated(t *testing.T) {
	dir := t.TempDir()
	old := encryption.NewMaster()
	s := openIn(t, dir, encrypted(old))
	wantErr(t, s.SetValue(t.Context(), "a", []byte("b")), nil)
	wantErr(t, s.Close(), nil)
	both := old.Rotated()
	wantErr(t, both.WriteTo(filepath.Join(dir, "key")), nil)
	both, err := encryption.ReadMaster(filepath.Join(dir, "key"))
	wantErr(t, err, nil)
	wantErr(t, openIn(t, dir, encrypted(both)).Close(), nil)
	text, err := os.ReadFile(filepath.Join(dir, "key"))
	wantErr(t, err, nil)
	fresh, err := encryption.ParseMaster(strings.Fields(string(text))[0])
	wantErr(t, err, nil)
	if _, err := Open(filepath.Join(dir, "nevermind.db"), encrypted(old)); !errors.Is(err, bot.ErrKey) {
		t.Errorf("with the old key: %v, want %v", err, bot.ErrKey)
	}
	s = openIn(t, dir, encrypted(fresh))
	defer s.Close()
	if v, err := s.Value(t.Context(), "a"); err != nil || string(v) != "b" {
		t.Errorf("got %q, %v", v, err)
	}
}

// flips is how many bits the test below flips; ten thousand in a drill.
func flips() int {
	if os.Getenv("NEVERMIND_DRILLS") != "" {
		return 10_000
	}
	if os.Getenv("CI") != "" {
		return 300
	}
	return 30
}

// TestFlippedBits: one flipped bit anywhere in a file is noticed by a check, with a message, or nothing stood there: what is
// read is what was read before. Half of them hit values, the rest any byte: headers, pages, keys, the list of free pages, and
// gaps.
func TestFlippedBits(t *testing.T) {
	sound, values := manyRecords(t)
	dice := rand.New(rand.NewPCG(14, 9))
	path := filepath.Join(t.TempDir(), "nevermind.db")
	write(t, path, sound)
	want := everyRecord(t, path)
	noticed := 0
	for n := range flips() {
		flipped := bytes.Clone(sound)
		at := dice.IntN(len(sound))
		if n%2 == 0 {
			at = values[dice.IntN(len(values))]
		}
		flipped[at] ^= byte(1) << dice.IntN(8)
		write(t, path, flipped)
		_, err := Check(t.Context(), path, encrypted(houseKey))
		switch {
		case errors.Is(err, bot.ErrBroken) || errors.Is(err, bot.ErrKey) || errors.Is(err, bot.ErrNewer):
			noticed++
		case err != nil:
			t.Errorf("byte %d: the check says %v", at, err)
		default:
			if got := everyRecord(t, path); got != want {
				t.Errorf("byte %d: the check says nothing, and what is read has changed", at)
			}
		}
	}
	t.Logf("%d flipped, %d noticed, the rest in gaps and free pages", flips(), noticed)
	if noticed < flips()/2 {
		t.Errorf("%d of %d noticed", noticed, flips())
	}
}

// everyRecord is all that a file says.
func everyRecord(t *testing.T, path string) string {
	t.Helper()
	s, err := Open(path, encrypted(houseKey), NoSync())
	wantErr(t, err, nil)
	defer s.Close()
	var all strings.Builder
	wantErr(t, s.Each(t.Context(), func(r bot.Record) error {
		text, err := json.Marshal(r)
		all.Write(append(text, '\n'))
		return err
	}), nil)
	return all.String()
}

// manyRecords is a file with some of everything, and where the bytes of its values lie.
func manyRecords(t *testing.T) (sound []byte, values []int) {
	t.Helper()
	dir := t.TempDir()
	s := openIn(t, dir, encrypted(houseKey), NoSync())
	for i := range 100 {
		key, room := bot.Key(fmt.Sprint("case/8123/", i)), bot.Room(fmt.Sprint("telegram:", i))
		e := bot.Entry{Conversation: key, Seq: 1, At: base, Event: bot.Event{Name: "submitted", Text: "My plans have changed."}}
		e.Hash = e.Sum()
		wantErr(t, s.Commit(t.Context(), &bot.Commit{At: base, Handled: fmt.Sprint("m", i),
			Said:         &bot.Message{ID: fmt.Sprint("m", i), Room: room, Text: "My plans have changed."},
			Conversation: &bot.Conversation{Key: key, Entries: 1, Head: e.Hash, Order: "8123"}, Entry: &e, Terms: []string{"open"},
			Order: &bot.Order{ID: fmt.Sprint(i), Buyer: "buyer:b", Items: []bot.Item{{ID: "1", Title: "A bamboo lamp"}}},
			Tasks: []bot.Task{{ID: fmt.Sprint("t", i), Lane: "room:" + string(room), Do: "send", From: key,
				Reply: &bot.Reply{Room: room, From: key, Text: "I have asked Lumen House."}}}}), nil)
	}
	ana := bot.Person{ID: "buyer:b", Name: "Ana", Accounts: []string{"telegram:1"}}
	wantErr(t, s.Commit(t.Context(), &bot.Commit{Person: &ana}), nil)
	wantErr(t, s.SetValue(t.Context(), "a", []byte("b")), nil)
	used, found := int64(0), [][]byte{}
	wantErr(t, s.db.Update(func(tx *transaction) error {
		used = tx.Size()
		return tx.ForEach(func(name []byte, b *bbolt.Bucket) error {
			return b.ForEach(func(_, v []byte) error {
				if string(name) != "meta" && len(v) > 0 {
					found = append(found, bytes.Clone(v))
				}
				return nil
			})
		})
	}), nil)
	wantErr(t, s.Close(), nil)
	sound, err := os.ReadFile(filepath.Join(dir, "nevermind.db"))
	wantErr(t, err, nil)
	sound = sound[:used] // behind it the disk's room is only reserved
	for _, v := range found {
		at := bytes.Index(sound, v)
		for i := range v {
			values = append(values, at+i)
		}
	}
	return sound, values
}

// TestDamagedRecord: whoever asks for a damaged record reads that it is broken; everything else goes on, writing too.
func TestDamagedRecord(t *testing.T) {
	dir := t.TempDir()
	s := openIn(t, dir, encrypted(houseKey))
	for _, id := range []string{"8123-1", "8123-2"} {
		wantErr(t, s.Commit(t.Context(), &bot.Commit{Order: &bot.Order{ID: id}}), nil)
	}
	wantErr(t, s.db.Update(func(tx *transaction) error {
		b := bucketIn(tx, orders)
		k := hashKey(tx.secrets, orders, []byte("8123-1"))
		v := bytes.Clone(b.Bucket.Get(k))
		v[len(v)/2] ^= 1
		return b.Bucket.Put(k, v)
	}), nil)
	wantErr(t, s.Close(), nil)
	s = openIn(t, dir, encrypted(houseKey))
	defer s.Close()
	_, err := s.Order(t.Context(), "8123-1")
	if !errors.Is(err, bot.ErrBroken) || !strings.Contains(err.Error(), "does not decrypt") {
		t.Errorf("the damaged one: %v", err)
	}
	if err := s.Commit(t.Context(), &bot.Commit{Order: &bot.Order{ID: "8123-1", Version: 1}}); !errors.Is(err, bot.ErrBroken) {
		t.Errorf("writing it: %v", err)
	}
	o, err := s.Order(t.Context(), "8123-2")
	if wantErr(t, err, nil); o.ID != "8123-2" {
		t.Errorf("got %+v", o)
	}
	wantErr(t, s.Commit(t.Context(), &bot.Commit{Order: &o}), nil)
}

// TestDamageStopsNothingElse: one damaged record of each kind ends neither a start nor the work of the others: lanes, sweeps,
// indexes and exports go on, and it is said that something is damaged.
func TestDamageStopsNothingElse(t *testing.T) {
	sound, _ := manyRecords(t)
	whole := filepath.Join(t.TempDir(), "nevermind.db")
	write(t, whole, sound)
	all := strings.Count(everyRecord(t, whole), "\n")
	for n := range buckets {
		path := filepath.Join(t.TempDir(), "nevermind.db")
		write(t, path, sound)
		if n == meta || !damageOne(t, path, n) { // damage in meta is refused at the start
			continue
		}
		t.Run(string(bucketNames[n]), func(t *testing.T) {
			s, err := Open(path, encrypted(houseKey), NoSync())
			wantErr(t, err, nil)
			defer s.Close()
			damaged, err := s.Verify(t.Context())
			if damaged == 0 || !errors.Is(err, bot.ErrBroken) {
				t.Errorf("verify: %d, %v", damaged, err)
			}
			read := 0
			err = s.Each(t.Context(), func(bot.Record) error { read++; return nil })
			if lost := all - read; lost < 0 || lost > 5 || lost > 0 && !errors.Is(err, bot.ErrBroken) {
				t.Errorf("%d of %d are read, %v", read, all, err)
			}
			leases, err := s.Claim(t.Context(), base, 1000, time.Minute)
			if wantErr(t, err, nil); len(leases) < 99 {
				t.Errorf("%d of 100 tasks can be done", len(leases))
			}
			_, err = s.Rebuild(t.Context())
			wantErr(t, err, nil)
			wantErr(t, s.Commit(t.Context(), &bot.Commit{Handled: "another", Order: &bot.Order{ID: "another", Buyer: "buyer:c"}}), nil)
			_, err = s.Sweep(t.Context(), base.Add(time.Hour))
			wantErr(t, err, nil)
		})
	}
}

// damageOne flips a bit in the value of some record of a bucket; false where it has none.
func damageOne(t *testing.T, path string, n bucket) (done bool) {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, nil)
	wantErr(t, err, nil)
	wantErr(t, db.Update(func(tx *bbolt.Tx) error {
		k, v := tx.Bucket(bucketNames[n]).Cursor().First()
		if len(v) == 0 {
			return nil
		}
		done, v = true, bytes.Clone(v)
		v[len(v)/2] ^= 1
		return tx.Bucket(bucketNames[n]).Put(bytes.Clone(k), v)
	}), nil)
	wantErr(t, db.Close(), nil)
	return done
}

// TestMovedRecord: a record that was copied to another's place does not decrypt there.
func TestMovedRecord(t *testing.T) {
	s := openIn(t, t.TempDir(), encrypted(houseKey))
	defer s.Close()
	for _, id := range []string{"8123-1", "8123-2"} {
		wantErr(t, s.Commit(t.Context(), &bot.Commit{Order: &bot.Order{ID: id}}), nil)
	}
	s.orders = newCache((*bot.Order).Clone)
	wantErr(t, s.db.Update(func(tx *transaction) error {
		b := bucketIn(tx, orders)
		from, to := hashKey(tx.secrets, orders, []byte("8123-1")), hashKey(tx.secrets, orders, []byte("8123-2"))
		return b.Bucket.Put(to, bytes.Clone(b.Bucket.Get(from)))
	}), nil)
	if _, err := s.Order(t.Context(), "8123-2"); !errors.Is(err, bot.ErrBroken) {
		t.Errorf("got %v, want %v", err, bot.ErrBroken)
	}
}
