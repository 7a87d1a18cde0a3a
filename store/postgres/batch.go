package postgres

import (
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
// trip. Most of what it does is asked of parts, which other changes may share.
type batch struct {
	s        *Store
	first    []statement // of its own, made before all parts
	parts    []askedFor
	personal *record.Subjects    // the personal keys that it uses; nil where there is no key ring
	mark     int64               // by which it is known if nobody knows whether it was made
	handled  []byte              // what it handles, hashed; nil where nothing is
	named    []*record.KnownName // that it stores
	erasures []byte              // how many there were when it began
	guarded  bool                // it is refused where there are more by then
	left     stored              // what is remembered once it is made
	fault    error               // of encoding
}

// statement is one with its parameters.
type statement struct {
	sql  string
	args []any
	read func(row pgx.Row) error // what it returns; nil where nothing is
}

// join puts it into a queue.
func (s *statement) join(queue *pgx.Batch) {
	queued := queue.Queue(s.sql, s.args...)
	if s.read != nil {
		queued.QueryRow(s.read)
	}
}

// askedFor is a row for a part.
type askedFor struct {
	part *part
	row  []any
}

func (s *Store) newBatch(personal *record.Subjects, mark int64) *batch {
	return &batch{s: s, personal: personal, mark: mark, erasures: s.erasures()}
}

// do adds a statement that comes before all parts.
func (b *batch) do(sql string, args ...any) {
	b.first = append(b.first, statement{sql: sql, args: args})
}

// ask asks a part for one more row.
func (b *batch) ask(p *part, row ...any) { b.parts = append(b.parts, askedFor{p, row}) }

// namePut stores names, so that they can be read back.
var namePut = newPart(part{stage: namesStage, columns: "hash bytea, name bytea", sql: []string{
	`INSERT INTO names (hash, name) SELECT DISTINCT ON (hash) hash, name FROM {rows} ORDER BY hash
		ON CONFLICT (hash) DO UPDATE SET name = excluded.name`}})

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
	b.ask(namePut, sum, b.s.encrypt(sealed, "names", sum))
	return sum
}

// slotPut stores slots of the key ring, and refuses where a subject has another one.
var slotPut = newPart(part{stage: namesStage, columns: "hash bytea, slot bigint", code: codeSlot, sql: []string{
	`INSERT INTO subjects AS s (hash, slot) SELECT DISTINCT ON (hash) hash, slot FROM {rows} ORDER BY hash
		ON CONFLICT (hash) DO UPDATE SET slot = s.slot RETURNING hash, slot`},
	refused: `EXISTS (SELECT FROM {rows} JOIN {0} s ON s.hash = r.hash WHERE s.slot <> r.slot)`})

// slots stores which slots of the key ring the change uses. Refused with codeSlot: another replica has given a subject another
// slot meanwhile.
func (b *batch) slots() {
	if b.personal == nil {
		return
	}
	if len(b.personal.Used) > 0 {
		b.guardErasures()
	}
	for _, subject := range slices.Sorted(maps.Keys(b.personal.Used)) { // as other commits do
		slot := b.personal.Used[subject]
		if held, there, stored := b.s.secrets.HeldSlot(subject); there && stored && held == slot {
			continue
		}
		b.ask(slotPut, b.s.hash(subject), int64(slot))
	}
}

// sameErasures refuses a change that was begun before somebody was erased.
var sameErasures = newPart(part{columns: "value bytea", code: codeErased,
	refused: `EXISTS (SELECT FROM {rows}
		WHERE (SELECT value FROM meta WHERE name = '` + erasuresKey + `') IS DISTINCT FROM r.value)`})

// guardErasures refuses the change where somebody was erased since its keys were read.
func (b *batch) guardErasures() {
	if b.personal != nil && !b.guarded {
		b.guarded = true
		b.ask(sameErasures, b.erasures)
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

// change makes a change that build describes, alone.
func (s *Store) change(ctx context.Context, build func(b *batch) error) error {
	return s.changeBy(ctx, true, build)
}

// changeInGroup is the same for what many do at a time: it goes together with whatever else waits.
func (s *Store) changeInGroup(ctx context.Context, build func(b *batch) error) error {
	return s.changeBy(ctx, false, build)
}

// changeBy makes a change. It is built and made again where another was in its way; where the connection was
// lost, sure finds out whether it was made: by its mark, or because doing it twice harms nothing.
func (s *Store) changeBy(ctx context.Context, alone bool, build func(b *batch) error) error {
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
			err = b.finish()
		}
		if err == nil && alone {
			err = s.send(ctx, b)
		} else if err == nil {
			several := false
			if several, err = s.sendTogether(ctx, b); several && err != nil {
				unsure, alone = unsure || lost(err), true
				continue
			}
		}
		explained := s.explain(err)
		switch {
		case err == nil:
			return nil
		case unsure && refused(explained) && s.marked(ctx, b):
			return s.Flushed(ctx) // by us, when the connection was lost
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

// finish ends building a change: what its records have used is stored with it.
func (b *batch) finish() error {
	b.slots()
	if b.fault == nil && b.personal != nil {
		b.fault = b.personal.Fault
	}
	return b.fault
}

// marked says whether what a batch handles was handled by it.
func (s *Store) marked(ctx context.Context, b *batch) (yes bool) {
	err := s.read(ctx, func(q querier) error {
		return q.QueryRow(ctx, `SELECT EXISTS (SELECT FROM handled WHERE id = $1 AND mark = $2)`, b.handled, b.mark).Scan(&yes)
	})
	return yes && err == nil
}

// Flushed returns once all that can be read now is durable, on the standby too. It may not be: a commit that was called off
// while it waited for the standby can be read, and is lost with the primary. A commit made now waits for all that were made
// before it.
func (s *Store) Flushed(ctx context.Context) error {
	_, err := s.pool.Exec(ctx, shown, s.replica, host(), s.pulse.serves, s.pulse.files)
	return s.explain(err)
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
