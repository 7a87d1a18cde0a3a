package bolt

import (
	"context"
	"slices"

	"go.etcd.io/bbolt"

	"nevermind/bot"
)

// Said lists what was said in a room, both ways, in the order of commit: those above after, or
// where before is given the last n below it. A reply is read from its task, so it shows whether it
// was sent.
func (s *Store) Said(ctx context.Context, room bot.Room, after, before uint64, n int) (out []bot.Said, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) (err error) {
		add := func(rest, v []byte) bool {
			if len(out) >= n || seqOf(rest) <= after {
				return false
			}
			var one bot.Said
			if one, err = readSaid(tx, room, seqOf(rest), v); err != nil {
				return false
			}
			out = append(out, one)
			return true
		}
		if before > 0 {
			scanBackward(bucketIn(tx, roomLog), withLength(string(room)), seqKey(before), add)
			slices.Reverse(out)
		} else {
			scanForward(bucketIn(tx, roomLog), withLength(string(room)), seqKey(after), add)
		}
		return err
	})
	return out, err
}

// readSaid reads a message, or the task whose reply it is: a record of the time alone is a reply.
func readSaid(tx *bbolt.Tx, room bot.Room, seq uint64, v []byte) (bot.Said, error) {
	out := bot.Said{Seq: seq, At: instantOf(v).time()}
	if len(v) > 8 {
		var m message
		if err := decode(v[8:], &m); err != nil {
			return out, err
		}
		out.In = m.bot(room)
		return out, nil
	}
	r, err := readTask(tx, seqKey(seq))
	if err != nil {
		return out, err
	}
	out.Out, out.Ref, out.Task, out.State = r.Task.Reply, r.Outcome.Ref, r.Task.ID, r.State
	return out, nil
}
