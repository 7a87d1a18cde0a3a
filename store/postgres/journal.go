package postgres

import (
	"context"
	"math"
	"slices"

	"nevermind/bot"
	"nevermind/store/record"
)

// Journal lists a conversation's entries with numbers above after, at most n.
func (s *Store) Journal(ctx context.Context, key bot.Key, after, n int) (out []bot.Entry, err error) {
	sum := s.hash(string(key))
	err = s.read(ctx, func(q querier) error {
		out = nil
		var seq int64
		var stored []byte
		return each(ctx, q, []any{&seq, &stored}, func() error {
			e, err := s.openEntry(key, sum, seq, stored)
			out = append(out, e)
			return err
		}, `SELECT seq, record FROM journal WHERE conversation = $1 AND seq > $2 ORDER BY seq LIMIT $3`, sum, int64(after), n)
	})
	if record.IsErased(err) {
		return nil, nil // a talk is erased as a whole
	}
	return out, err
}

func (s *Store) openEntry(key bot.Key, sum []byte, seq int64, stored []byte) (bot.Entry, error) {
	plain, err := s.decrypt(stored, "journal", sum, seqBytes(uint64(seq)))
	if err != nil {
		return bot.Entry{}, err
	}
	return s.secrets.DecodeEntry(key, int(seq), plain)
}

// Said lists what was said in a room, both ways, in the order of commit: those above after, or where before is given the last n
// below it. A reply is read from its task, so it shows whether it was sent.
func (s *Store) Said(ctx context.Context, room bot.Room, after, before uint64, n int) (out []bot.Said, err error) {
	sum, order, below := s.hash(string(room)), `ORDER BY s.seq`, int64(math.MaxInt64)
	if before > 0 {
		order, below = `ORDER BY s.seq DESC`, int64(min(before, math.MaxInt64))
	}
	err = s.read(ctx, func(q querier) error {
		out = nil
		var seq, at int64
		var stored, id, taskStored, outcome []byte
		var state *string
		return each(ctx, q, []any{&seq, &at, &stored, &id, &taskStored, &outcome, &state}, func() error {
			one, err := s.openSaid(room, sum, seq, at, stored, id, taskStored, outcome, state)
			if record.IsErased(err) {
				return nil
			}
			out = append(out, one)
			return err
		}, `SELECT s.seq, s.at, s.record, t.id, t.record, t.outcome, t.state FROM said s LEFT JOIN tasks t ON t.seq = s.seq
			WHERE s.room = $1 AND s.seq > $2 AND s.seq < $3 `+order+` LIMIT $4`, sum, int64(min(after, math.MaxInt64)), below, n)
	})
	if before > 0 {
		slices.Reverse(out)
	}
	return out, err
}

// openSaid reads a message, or the task whose reply it is.
func (s *Store) openSaid(
	room bot.Room, sum []byte, seq, at int64, stored, id, taskStored, outcome []byte, state *string,
) (bot.Said, error) {
	out := bot.Said{Seq: uint64(seq), At: record.Instant(at).Time()}
	if stored != nil {
		plain, err := s.decrypt(stored, "said", sum)
		if err == nil {
			plain, err = s.secrets.Unseal(plain)
		}
		if err != nil {
			return out, err
		}
		var m record.Message
		err = record.Decode(plain, &m)
		out.In = m.Bot(room)
		return out, err
	}
	if state == nil {
		return out, bot.ErrErased
	}
	r, err := s.readTask(&taskRow{seq: seq, state: *state, id: id, record: taskStored, outcome: outcome})
	out.Out, out.Ref, out.Task, out.State = r.Task.Reply, r.Outcome.Ref, r.Task.ID, r.State
	return out, err
}
