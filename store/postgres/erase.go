package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"nevermind/bot"
	"nevermind/store/record"
)

// erasure is what is to be erased of one person. It stands in the database until it is done, so that a crash between two steps
// leaves nothing half done: without names, which are erased with it.
type erasure struct {
	Who      bot.PersonID
	Slots    []uint32 // of the key ring, to be destroyed
	Subjects [][]byte // whose they were, hashed
	Rooms    [][]byte // hashed names
	Talks    [][]byte
	Accounts [][]byte
	Lanes    [][]byte // in which something may wait for them
}

// erasingName is the value under which an erasure stands that has been begun.
const erasingName = "erasing"

// Erase makes what is about a person unreadable, here and in every copy: their talks and what was said in their rooms go, and so
// do the keys under which everything else of theirs stands. What is left of them is their id.
func (s *Store) Erase(ctx context.Context, who bot.Person) error {
	if s.secrets.Ring == nil {
		return fmt.Errorf("%w: there is no key ring, so nothing can be erased in copies", bot.ErrKey)
	}
	e, err := s.planErasure(ctx, who)
	if err != nil {
		return err
	}
	intent, err := json.Marshal(e)
	if err != nil {
		return err
	}
	if err := s.SetValue(ctx, erasingName, intent); err != nil {
		return err
	}
	return s.finishErasure(ctx, e)
}

// planErasure lists what belongs to somebody.
func (s *Store) planErasure(ctx context.Context, who bot.Person) (*erasure, error) {
	e, subjects := &erasure{Who: who.ID}, []string{record.WhoSubject(who.ID)}
	for _, a := range who.Accounts {
		subjects, e.Accounts = append(subjects, record.AccountSubject(a)), append(e.Accounts, s.hash(a))
	}
	room := func(room string) {
		subjects = append(subjects, record.RoomSubject(room))
		e.Rooms, e.Talks = append(e.Rooms, s.hash(room)), append(e.Talks, s.hash("talk/"+room))
		for _, kind := range []string{"room:", "album:", "again:", "fetch:", "conv:talk/"} {
			e.Lanes = append(e.Lanes, s.hash(kind+room))
		}
	}
	for _, r := range slices.Concat(who.Rooms, who.Shut) {
		room(string(r))
	}
	return e, s.read(ctx, func(q querier) error {
		for _, chat := range who.Former {
			account, former, _ := strings.Cut(chat, " ")
			var taken bool // most platforms call a private room as the account in it
			err := row(ctx, q, []any{&taken}, `SELECT EXISTS (SELECT FROM accounts WHERE account = ANY ($1::bytea[]))`,
				[][]byte{s.hash(account), s.hash(former)})
			if err != nil {
				return err
			}
			if taken { // it is somebody else's now
				continue
			}
			if account != "" {
				subjects = append(subjects, record.AccountSubject(account))
			}
			if former != "" {
				room(former)
			}
		}
		hashes := make([][]byte, 0, len(subjects))
		for _, subject := range subjects {
			hashes = append(hashes, s.hash(subject))
		}
		e.Slots, e.Subjects = nil, nil
		var sum []byte
		var slot int64
		return each(ctx, q, []any{&sum, &slot}, func() error {
			e.Slots, e.Subjects, sum = append(e.Slots, uint32(slot)), append(e.Subjects, sum), nil
			return nil
		}, `SELECT hash, slot FROM subjects WHERE hash = ANY ($1::bytea[])`, hashes)
	})
}

// finishErasure does what an erasure still asks for; doing it twice harms nothing.
func (s *Store) finishErasure(ctx context.Context, e *erasure) error {
	who := s.hash(string(e.Who))
	left, err := record.Encode(record.Person{ID: e.Who, Name: bot.Erased})
	if err != nil {
		return err
	}
	if err := s.change(ctx, func(b *batch) error {
		b.erase(e)
		b.do(`UPDATE people SET version = version + 1, record = $2 WHERE id = $1`, who, s.encrypt(left, "people", who))
		return nil
	}); err != nil {
		return err
	}
	s.secrets.Doom(e.Slots...) // a message that comes before they are destroyed is under new ones
	if err := s.secrets.Ring.Destroy(e.Slots...); err != nil {
		return err
	}
	s.secrets.Forget()
	return s.change(ctx, func(b *batch) error {
		b.do(`DELETE FROM named_values WHERE name = $1`, erasingName)
		return nil
	})
}

// resumeErasure ends an erasure that a crash has cut short.
func (s *Store) resumeErasure(ctx context.Context) error {
	if s.secrets.Ring == nil {
		return nil
	}
	intent, err := s.Value(ctx, erasingName)
	if errors.Is(err, bot.ErrNone) {
		return nil
	}
	if err != nil {
		return err
	}
	e := new(erasure)
	if err := json.Unmarshal(intent, e); err != nil {
		return err
	}
	return s.finishErasure(ctx, e)
}

// erase deletes what is one person's as a whole: what waits in the lanes of their rooms and talks, the talks, and what was said
// in the rooms with the tasks that said it.
func (b *batch) erase(e *erasure) {
	b.do(`SELECT FROM lanes WHERE lane = ANY ($1::bytea[]) ORDER BY lane FOR UPDATE`, e.Lanes)
	b.do(`UPDATE tasks SET state = 'dropped', at = made, outcome = NULL
		WHERE state = 'waiting' AND lane = ANY ($1::bytea[])`, e.Lanes)
	b.do(`DELETE FROM lanes WHERE lane = ANY ($1::bytea[])`, e.Lanes)
	for _, table := range []string{"journal", "terms", "deadlines", "offers"} {
		b.do(`DELETE FROM `+table+` WHERE conversation = ANY ($1::bytea[])`, e.Talks)
	}
	b.do(`DELETE FROM conversations WHERE key = ANY ($1::bytea[])`, e.Talks)
	b.do(`WITH gone AS (DELETE FROM said WHERE room = ANY ($1::bytea[]) RETURNING room, seq)
		DELETE FROM tasks t USING gone g WHERE t.seq = g.seq`, e.Rooms)
	b.do(`DELETE FROM sent WHERE room = ANY ($1::bytea[])`, e.Rooms)
	b.do(`DELETE FROM cards WHERE room = ANY ($1::bytea[])`, e.Rooms)
	b.do(`DELETE FROM accounts WHERE account = ANY ($1::bytea[])`, e.Accounts)
	b.do(`DELETE FROM subjects WHERE hash = ANY ($1::bytea[])`, e.Subjects)
}

// ForgetErased deletes what was erased and is there still, as after the restore of an older backup: the records of talks and what
// was said. It returns how many rows.
func (s *Store) ForgetErased(ctx context.Context) (forgotten int, err error) {
	if s.secrets.Ring == nil {
		return 0, nil
	}
	places := [][3]string{{"conversations", "key", "version"}, {"journal", "conversation", "seq"}, {"said", "room", "seq"}}
	for _, in := range places {
		n, err := s.forgetErasedIn(ctx, in[0], in[1], in[2])
		if forgotten += n; err != nil {
			return forgotten, err
		}
	}
	return forgotten, nil
}

// forgetErasedIn deletes what was erased in one table.
func (s *Store) forgetErasedIn(ctx context.Context, table, first, second string) (forgotten int, err error) {
	type stored struct {
		key []byte
		seq int64
	}
	at := stored{key: []byte{}, seq: -1}
	for {
		var gone []stored
		seen := 0
		err := s.read(ctx, func(q querier) error {
			gone, seen = nil, 0
			var one stored
			var sealed []byte
			return each(ctx, q, []any{&one.key, &one.seq, &sealed}, func() error {
				seen++
				at = stored{slices.Clone(one.key), one.seq}
				yes, err := s.wasErased(table, at.key, at.seq, sealed)
				if yes {
					gone = append(gone, at)
				}
				sealed = nil
				return err
			}, `SELECT `+first+`, `+second+`, record FROM `+table+` WHERE (`+first+`, `+second+`) > ($1, $2) AND record IS NOT NULL
				ORDER BY `+first+`, `+second+` LIMIT $3`, at.key, at.seq, chunkSize)
		})
		if err != nil || seen == 0 {
			return forgotten, err
		}
		if err := s.change(ctx, func(b *batch) error {
			for _, g := range gone {
				b.do(`DELETE FROM `+table+` WHERE `+first+` = $1 AND `+second+` = $2`, g.key, g.seq)
			}
			return nil
		}); err != nil {
			return forgotten, err
		}
		forgotten += len(gone)
	}
}

// wasErased says whether a record stands under a key that was destroyed.
func (s *Store) wasErased(table string, key []byte, seq int64, sealed []byte) (bool, error) {
	at := [][]byte{key}
	if table == "journal" {
		at = append(at, seqBytes(uint64(seq)))
	}
	plain, err := s.decrypt(sealed, table, at...)
	if err == nil {
		_, err = s.secrets.Unseal(plain)
	}
	if record.IsErased(err) {
		return true, nil
	}
	return false, err
}
