package bolt

import (
	"context"
	"math"
	"slices"

	"nevermind/bot"
)

// Said lists what was said in a room, both ways, in the order of commit: those above after, or
// where before is given the last n below it. A reply is read from its task, so it shows whether it
// was sent.
func (s *Store) Said(ctx context.Context, room bot.Room, after, before uint64, n int) (out []bot.Said, err error) {
	err = s.view(ctx, func(tx *transaction) (err error) {
		add := func(rest, v []byte) bool {
			if len(out) >= n || !inLog(rest) || seqOf(rest) <= after {
				return false
			}
			var one bot.Said
			if one, err = readSaid(tx, room, seqOf(rest), v); err != nil {
				if erased(err) {
					err = nil
					return true
				}
				return false
			}
			out = append(out, one)
			return true
		}
		if before > 0 {
			scanBackward(bucketIn(tx, roomLog), withLength(string(room)), seqKey(min(before, math.MaxInt64)), add)
			slices.Reverse(out)
		} else {
			scanForward(bucketIn(tx, roomLog), withLength(string(room)), seqKey(after), add)
		}
		return err
	})
	return out, err
}

// readSaid reads a message, or the task whose reply it is: a record of the time alone, or of nothing,
// is a reply.
func readSaid(tx *transaction, room bot.Room, seq uint64, v []byte) (bot.Said, error) {
	if len(v) > 8 {
		var m message
		record, err := tx.secrets.Unseal(v[8:])
		if err == nil {
			err = decode(record, &m)
		}
		return bot.Said{Seq: seq, At: instantOf(v).Time(), In: m.Bot(room)}, err
	}
	r, err := readTask(tx, seqKey(seq))
	out := bot.Said{Seq: seq, At: r.Task.Made, Out: r.Task.Reply, Ref: r.Outcome.Ref, Task: r.Task.ID, State: r.State}
	if len(v) == 8 {
		out.At = instantOf(v).Time()
	}
	return out, err
}
