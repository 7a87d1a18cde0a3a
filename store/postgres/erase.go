package postgres

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"nevermind/bot"
	"nevermind/store/record"
)

// Erase makes what is about a person unreadable, here and in every copy: their talks and what was said in their rooms go, and so
// do the keys under which everything else of theirs stands. What is left of them is their id.
func (s *Store) Erase(ctx context.Context, who bot.Person) error {
	if s.secrets.Ring == nil {
		return fmt.Errorf("%w: there is no key ring, so nothing can be erased in copies", bot.ErrKey)
	}
	e, err := s.planErasure(ctx, &who)
	if err != nil {
		return err
	}
	intent, err := json.Marshal(e)
	if err != nil {
		return err
	}
	if err := s.SetValue(ctx, record.ErasingName, intent); err != nil {
		return err
	}
	return s.finishErasure(ctx, e)
}

// planErasure lists what belongs to somebody.
func (s *Store) planErasure(ctx context.Context, who *bot.Person) (e *record.Erasure, err error) {
	return e, s.read(ctx, func(q querier) error {
		var kinds []string
		var kind string
		err := each(ctx, q, []any{&kind}, func() error { kinds = append(kinds, kind); return nil },
			`SELECT DISTINCT kind FROM tasks WHERE state = 'waiting'`)
		if err != nil {
			return err
		}
		var subjects []string
		e, subjects, err = s.secrets.PlanErasure(who, kinds, func(account string) (taken bool, err error) {
			return taken, row(ctx, q, []any{&taken}, `SELECT EXISTS (SELECT FROM accounts WHERE account = $1)`, s.hashOnce(account))
		})
		if err != nil {
			return err
		}
		hashes := make([][]byte, 0, len(subjects))
		for _, subject := range subjects {
			hashes = append(hashes, s.hashOnce(subject))
		}
		var sum []byte
		var slot int64
		return each(ctx, q, []any{&sum, &slot}, func() error {
			e.Slots, e.Subjects, sum = append(e.Slots, uint32(slot)), append(e.Subjects, sum), nil
			return nil
		}, `SELECT hash, slot FROM subjects WHERE hash = ANY ($1::bytea[])`, hashes)
	})
}

// finishErasure does what an erasure still asks for; doing it twice harms nothing.
func (s *Store) finishErasure(ctx context.Context, e *record.Erasure) error {
	who := s.personKey(e.Who)
	left, err := record.Encode(record.Person{ID: e.Who, Name: bot.Erased})
	if err != nil {
		return err
	}
	if err := s.change(ctx, func(b *batch) error {
		b.erase(e)
		b.countErasure()
		b.do(`UPDATE people SET version = version + 1, record = $2 WHERE id = $1`, who, s.encrypt(left, "people", who))
		return nil
	}); err != nil {
		return err
	}
	if err := s.settleErasure(ctx); err != nil {
		return err
	}
	s.secrets.Doom(e.Slots...) // a message that comes before they are destroyed is under new ones
	if err := s.secrets.Ring.Destroy(e.Slots...); err != nil {
		return err
	}
	return s.change(ctx, func(b *batch) error {
		b.countErasure() // once more: until now a replica could read them again
		b.do(`DELETE FROM named_values WHERE name = $1`, record.ErasingName)
		return nil
	})
}

// erasures is the count of erasures that this replica knows of, as meta has it.
func (s *Store) erasures() []byte {
	if known := s.erased.Load(); known != nil {
		return *known
	}
	return nil
}

// noteErasures forgets every key and name that is kept in memory, where the count of erasures is another than was known.
func (s *Store) noteErasures(count []byte) {
	before := s.erased.Swap(&count)
	if before != nil && bytes.Equal(*before, count) {
		return
	}
	s.secrets.Forget()
	s.memory.forget()
	if ring, ok := s.secrets.Ring.(interface{ Forget() }); ok {
		ring.Forget()
	}
}

// forgetErasedKeys reads the count of erasures anew.
func (s *Store) forgetErasedKeys(ctx context.Context) error {
	var count []byte
	err := s.read(ctx, func(q querier) error {
		return row(ctx, q, []any{&count}, `SELECT (SELECT value FROM meta WHERE name = $1)`, erasuresKey)
	})
	if err == nil {
		s.noteErasures(count)
	}
	return err
}

// erasuresSettle is how long an erasure waits for commits that were under way when its keys were given up.
const erasuresSettle = 5 * time.Second

// countErasure has every replica read keys anew before it uses one: from then on none commits by what it remembers.
func (b *batch) countErasure() {
	b.do(`INSERT INTO meta (name, value) VALUES ($1, int8send(1)) ON CONFLICT (name)
		DO UPDATE SET value = int8send(('x' || encode(meta.value, 'hex'))::bit(64)::bigint + 1)`, erasuresKey)
}

// settleErasure waits for the commits that have looked at the count before it was raised, so that nothing is written under a key
// once that is destroyed.
func (s *Store) settleErasure(ctx context.Context) error {
	if err := s.forgetErasedKeys(ctx); err != nil {
		return err
	}
	last := ""
	for until := time.Now().Add(erasuresSettle); time.Now().Before(until); {
		var over bool
		err := s.read(ctx, func(q querier) error {
			if last == "" {
				return row(ctx, q, []any{&last}, `SELECT pg_snapshot_xmax(pg_current_snapshot())::text`)
			}
			return row(ctx, q, []any{&over}, `SELECT pg_snapshot_xmin(pg_current_snapshot()) >= $1::xid8`, last)
		})
		if err != nil || over {
			return err
		}
	}
	return nil
}

// resumeErasure ends an erasure that a crash has cut short.
func (s *Store) resumeErasure(ctx context.Context) error {
	if s.secrets.Ring == nil {
		return nil
	}
	intent, err := s.Value(ctx, record.ErasingName)
	if errors.Is(err, bot.ErrNone) {
		return nil
	}
	if err != nil {
		return err
	}
	e := new(record.Erasure)
	if err := json.Unmarshal(intent, e); err != nil {
		return err
	}
	return s.finishErasure(ctx, e)
}

// erase deletes what is one person's as a whole: what waits in the lanes of their rooms and talks, the talks, and what was said
// in the rooms with the tasks that said it.
func (b *batch) erase(e *record.Erasure) {
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
