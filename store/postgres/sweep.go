package postgres

import (
	"context"
	"encoding/binary"
	"errors"
	"time"

	"nevermind/bot"
	"nevermind/store/record"
)

// chunkSize is how many rows one transaction looks at in work that goes through a whole table.
const chunkSize = 500

// Sweep bounds what is kept to deduplicate and to answer late presses, as package bolt does: ids of messages handled before the
// given time, press tokens that have been late for as long, and tasks that nothing can ask for again. It works in small
// transactions between which others go on, and returns how many rows it has deleted.
func (s *Store) Sweep(ctx context.Context, before time.Time) (forgotten int, err error) {
	for _, sweep := range []func(context.Context, record.Instant) (int, error){s.sweepHandled, s.sweepOffers, s.sweepTasks} {
		n, err := sweep(ctx, record.ToInstant(before))
		forgotten += n
		if err != nil {
			return forgotten, err
		}
	}
	return forgotten, nil
}

func (s *Store) sweepHandled(ctx context.Context, before record.Instant) (forgotten int, err error) {
	for {
		n := 0
		err := s.write(ctx, func(q querier) error {
			done, err := q.Exec(ctx, `DELETE FROM handled WHERE id IN (
				SELECT id FROM handled WHERE at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED)`, before, chunkSize)
			n = int(done.RowsAffected())
			return err
		})
		forgotten += n
		if err != nil || n < chunkSize {
			return forgotten, err
		}
	}
}

// offered is what one turn has offered, as it stands in the database, with the conversation that has.
type offered struct {
	made             string
	sum, stored      []byte
	rests            []string
	late             bool
	version, changed *int64
	closed           *int64
}

// sweepOffers retires tokens. No commit writes down when a token went off offer, since that would cost every turn; so the first
// sweep that finds it off offer keeps with it when its conversation changed last, and a later sweep retires it.
func (s *Store) sweepOffers(ctx context.Context, before record.Instant) (forgotten int, err error) {
	made, sum := "", []byte{}
	for {
		var page []offered
		err := s.read(ctx, func(q querier) error {
			page = nil
			var o offered
			return each(ctx, q, []any{&o.made, &o.sum, &o.late, &o.rests, &o.version, &o.changed, &o.closed, &o.stored}, func() error {
				page, o = append(page, o), offered{}
				return nil
			}, `SELECT o.made, o.conversation, o.late, o.rests, c.version, c.changed, c.closed, c.record
				FROM offers o LEFT JOIN conversations c ON c.key = o.conversation
				WHERE (o.made, o.conversation) > ($1, $2) AND o.at < $3 ORDER BY o.made, o.conversation LIMIT $4`,
				made, sum, before, chunkSize)
		})
		if err != nil || len(page) == 0 {
			return forgotten, err
		}
		n := 0
		err = s.change(ctx, func(b *batch) (err error) {
			n, err = b.retire(page, before)
			return err
		})
		if forgotten += n; err != nil {
			return forgotten, err
		}
		made, sum = page[len(page)-1].made, page[len(page)-1].sum
	}
}

// retire deletes those of a page that are over, and marks those that are off offer for the first time.
func (b *batch) retire(page []offered, before record.Instant) (retired int, err error) {
	for i := range page {
		o := &page[i]
		over, late, err := b.s.expired(o, before)
		switch {
		case err != nil:
			return 0, err
		case over:
			retired++
			b.do(`DELETE FROM offers WHERE made = $1 AND conversation = $2`, o.made, o.sum)
		case late:
			b.do(`UPDATE offers SET late = true, at = $3 WHERE made = $1 AND conversation = $2`, o.made, o.sum, *o.changed)
		}
	}
	return retired, nil
}

// expired says whether tokens can be retired, or else whether they are late.
func (s *Store) expired(o *offered, before record.Instant) (over, late bool, err error) {
	switch {
	case o.version == nil:
		return true, false, nil
	case *o.closed != 0:
		return record.Instant(*o.closed) < before, false, nil
	}
	plain, err := s.decrypt(o.stored, "conversations", o.sum)
	if err == nil {
		plain, err = s.secrets.UnsealKnown(plain)
	}
	if err != nil || plain == nil {
		return plain == nil, false, err
	}
	var h record.Header
	var c record.OfferedTokens
	if err := record.Decode(plain, &h, &c); err != nil {
		return false, false, err
	}
	for _, rest := range o.rests {
		if c.Has(func(token string) bool { return token == o.made+rest }) {
			return false, false, nil
		}
	}
	if o.late || h.Changed < before {
		return true, false, nil
	}
	return false, true, nil
}

// sweptKey is where meta keeps the number up to which tasks have been swept.
const sweptKey = "swept"

// sweepTasks forgets the tasks that were settled before the given time and that nothing can ask for again, in the order in which
// they were asked for, and ends at the first that is younger; so each is looked at once. What it finds unsettled stays.
func (s *Store) sweepTasks(ctx context.Context, before record.Instant) (forgotten int, err error) {
	for {
		n, more, err := s.sweepTaskChunk(ctx, before)
		forgotten += n
		if err != nil || !more {
			return forgotten, err
		}
	}
}

// sweepTaskChunk sweeps some tasks and says whether there may be more. What a card still shows is read where its buttons are
// taken off, so it stays.
func (s *Store) sweepTaskChunk(ctx context.Context, before record.Instant) (forgotten int, more bool, err error) {
	var last, seen int64
	after, err := s.swept(ctx)
	if err != nil {
		return 0, false, err
	}
	err = s.read(ctx, func(q querier) error {
		return row(ctx, q, []any{&last, &seen}, `SELECT COALESCE(max(seq), 0), count(*) FROM (
			SELECT seq FROM (SELECT seq, at FROM tasks WHERE seq > $1 ORDER BY seq LIMIT $2) page
			WHERE seq < COALESCE((SELECT min(seq) FROM (SELECT seq, at FROM tasks WHERE seq > $1 ORDER BY seq LIMIT $2) p WHERE at >= $3),
				9223372036854775807)) old`, after, chunkSize, before)
	})
	if err != nil || seen == 0 {
		return 0, false, err
	}
	err = s.write(ctx, func(q querier) error {
		return row(ctx, q, []any{&forgotten}, `WITH gone AS (
				DELETE FROM tasks t WHERE seq > $1 AND seq <= $2 AND passing AND state IN ('done', 'dropped') AND at < $3
					AND NOT EXISTS (SELECT FROM cards c WHERE c.room = t.room AND c.card = t.card AND c.ref = t.ref)
				RETURNING seq, room, ref),
			unsaid AS (DELETE FROM said s USING gone g WHERE s.room = g.room AND s.seq = g.seq),
			unsent AS (DELETE FROM sent s USING gone g WHERE s.room = g.room AND s.ref = g.ref),
			kept AS (INSERT INTO meta (name, value) VALUES ($4, $5) ON CONFLICT (name) DO UPDATE SET value = excluded.value)
			SELECT count(*) FROM gone`, after, last, before, sweptKey, seqBytes(uint64(last)))
	})
	return forgotten, seen == chunkSize, err
}

func (s *Store) swept(ctx context.Context) (after int64, err error) {
	err = s.read(ctx, func(q querier) error {
		var kept []byte
		err := row(ctx, q, []any{&kept}, `SELECT value FROM meta WHERE name = $1`, sweptKey)
		if err == nil && len(kept) == 8 {
			after = int64(binary.BigEndian.Uint64(kept))
		}
		return err
	})
	if errors.Is(err, bot.ErrNone) {
		err = nil
	}
	return after, err
}
