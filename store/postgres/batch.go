package postgres

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"nevermind/bot"
	"nevermind/store/record"
)

// batch is one change on its way to the database: statements that are sent together, are one transaction, and take one round
// trip.
type batch struct {
	pgx.Batch
	s        *Store
	personal *record.Subjects    // the personal keys that it uses; nil where there is no key ring
	mark     int64               // by which it is known if nobody knows whether it was made
	handled  []byte              // what it handles, hashed; nil where nothing is
	named    []*record.KnownName // that it stores
	names    []storedName        // the same
	erasures []byte              // how many there were when it began
	guarded  bool                // it is refused where there are more by then
	joined   combined            // what is to be one statement
	fault    error               // of encoding
}

func (s *Store) newBatch(personal *record.Subjects, mark int64) *batch {
	return &batch{s: s, personal: personal, mark: mark, erasures: s.erasures()}
}

// do adds a statement.
func (b *batch) do(sql string, args ...any) { b.Queue(sql, args...) }

// name is a name as it stands in the database, and has it stored so that it can be read back.
func (b *batch) name(name string) []byte {
	known := b.s.secrets.Known([]byte(name))
	sum := known.Sum[:]
	if known.Stored.Load() || slices.Contains(b.named, known) {
		return sum
	}
	b.named = append(b.named, known)
	sealed := b.personal.Name(name)
	if sealed == nil {
		return sum // there is a fault, which is told
	}
	b.names = append(b.names, storedName{sum, b.s.encrypt(sealed, "names", sum)})
	return sum
}

// storedName is a name as it is stored, so that it can be read back.
type storedName struct{ sum, name []byte }

// storeNames stores the names that the change uses. They are many commits' at the same time, so each takes them in one order.
func (b *batch) storeNames() {
	slices.SortFunc(b.names, func(x, y storedName) int { return bytes.Compare(x.sum, y.sum) })
	for _, n := range b.names {
		b.do(`INSERT INTO names (hash, name) VALUES ($1, $2) ON CONFLICT (hash) DO UPDATE SET name = excluded.name`, n.sum, n.name)
	}
}

// slots stores which slots of the key ring the change uses. Refused with codeSlot: another replica has given a subject another
// slot meanwhile.
func (b *batch) slots() {
	if b.personal == nil {
		return
	}
	if len(b.personal.Used) > 0 {
		b.guardErasures()
		b.flush()
	}
	for _, subject := range slices.Sorted(maps.Keys(b.personal.Used)) { // as other commits do
		slot := b.personal.Used[subject]
		if held, there, stored := b.s.secrets.HeldSlot(subject); there && stored && held == slot {
			continue
		}
		b.do(`WITH kept AS (
				INSERT INTO subjects AS s (hash, slot) VALUES ($1, $2) ON CONFLICT (hash) DO UPDATE SET slot = s.slot RETURNING slot)
			SELECT refuse(CASE WHEN slot <> $2 THEN '`+codeSlot+`' END) FROM kept`, b.s.hash(subject), int64(slot))
	}
}

// guardErasures refuses the change where somebody was erased since its keys were read.
func (b *batch) guardErasures() {
	if b.personal != nil && !b.guarded {
		b.guarded = true
		b.refuseIf(`(SELECT value FROM meta WHERE name = '`+erasuresKey+`') IS DISTINCT FROM $1`, codeErased, b.erasures)
	}
}

// made remembers what the database surely has by now.
func (b *batch) made() {
	for _, name := range b.named {
		name.Stored.Store(true)
	}
	if b.personal != nil {
		for subject, slot := range b.personal.Used {
			b.s.secrets.KeepSlotStored(subject, slot)
		}
	}
}

// commitTime is how long a batch may take once it was sent: from then on nobody calls it back, since it may have been made.
const commitTime = 30 * time.Second

// change makes a change that build describes. It is built and made again where another was in its way; where the connection was
// lost, sure finds out whether it was made: by its mark, or because doing it twice harms nothing.
func (s *Store) change(ctx context.Context, build func(b *batch) error) error {
	if s.closed.Load() {
		return bot.ErrClosed
	}
	mark, unsure := rand.Int64(), false //nolint:gosec // it is only to be another one
	for try := 0; ; try++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		b := s.newBatch(nil, mark) // first, since it notes which erasures are known
		b.personal = s.subjects(ctx)
		err := build(b)
		if err == nil {
			err = b.send(ctx)
		}
		explained := s.explain(err)
		switch {
		case err == nil:
			return nil
		case unsure && refused(explained) && s.marked(ctx, b):
			return nil // by us, when the connection was lost
		case errors.Is(explained, errSlot):
			if err := s.mendSlots(ctx, b.personal); err != nil {
				return err
			}
		case errors.Is(explained, errErasedMeanwhile):
			if err := s.forgetErasedKeys(ctx); err != nil {
				return err
			}
		case lost(err):
			unsure = true
		case !again(err):
			return explained
		}
		if try+1 == mostTries || pause(ctx, try) != nil {
			return explained
		}
	}
}

// send sends a batch and waits for all of it.
func (b *batch) send(ctx context.Context) error {
	b.flush()
	b.storeNames()
	b.slots()
	if b.fault == nil && b.personal != nil {
		b.fault = b.personal.Fault
	}
	if b.fault != nil {
		return b.fault
	}
	if b.Len() == 0 {
		return nil
	}
	conn, err := b.s.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	sent, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitTime)
	defer cancel()
	if err := conn.SendBatch(sent, &b.Batch).Close(); err != nil {
		return err
	}
	b.made()
	return nil
}

// marked says whether what a batch handles was handled by it.
func (s *Store) marked(ctx context.Context, b *batch) (yes bool) {
	err := s.read(ctx, func(q querier) error {
		return q.QueryRow(ctx, `SELECT EXISTS (SELECT FROM handled WHERE id = $1 AND mark = $2)`, b.handled, b.mark).Scan(&yes)
	})
	return yes && err == nil
}

// mendSlots forgets the slots that this replica has given to subjects to which another has given others, and takes out those
// whose keys were destroyed.
func (s *Store) mendSlots(ctx context.Context, used *record.Subjects) error {
	s.secrets.ForgetSlots()
	for subject := range used.Used {
		var slot int64
		err := s.pool.QueryRow(ctx, `SELECT slot FROM subjects WHERE hash = $1`, s.hash(subject)).Scan(&slot)
		if errors.Is(err, pgx.ErrNoRows) {
			continue
		}
		if err == nil {
			if there, err := s.secrets.Ring.Has(uint32(slot)); there || err != nil { // one that is damaged is somebody's still
				continue
			}
			_, err = s.pool.Exec(ctx, `DELETE FROM subjects WHERE hash = $1 AND slot = $2`, s.hash(subject), slot)
		}
		if err != nil {
			return s.explain(err)
		}
	}
	return nil
}

// inTransaction runs f in a transaction of its own, for what takes more than one round trip.
func (s *Store) inTransaction(ctx context.Context, f func(tx pgx.Tx) error) error {
	if s.closed.Load() {
		return bot.ErrClosed
	}
	for try := 0; ; try++ {
		err := pgx.BeginFunc(ctx, s.pool, f)
		if err == nil || !again(err) || try+1 == mostTries {
			if err != nil {
				return fmt.Errorf("%w", s.explain(err))
			}
			return nil
		}
		if err := pause(ctx, try); err != nil {
			return err
		}
	}
}
