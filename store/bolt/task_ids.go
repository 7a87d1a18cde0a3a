package bolt

import (
	"bytes"
	"encoding/binary"

	"nevermind/store/record"
)

// The id of a task that a turn has asked for begins with the turn's time, as its tokens do. All that
// a commit adds under one time stand in one key of taskGroups, with two more bytes of each id: enough
// to pass over nearly all the others of that instant without reading them. An id of any other form
// stands alone, in taskIDs, as all of them did in older files.
//
// Whoever asks for a task under an id of his own asks again under the same, so such an id is looked for
// before the task is added. An id that begins with a time is made once, of random bits, and is not.
const groupHint = 2

// timed says whether an id has the form in which turns make them: until the year 2109 the first of the
// six bits that a character stands for are 0.
func timed(id string) bool { return len(id) == idLength && id[0] == '-' }

// hintOf is what is kept of a task's id in its group.
func hintOf(id string) []byte { return []byte(id[idTime : idTime+groupHint]) }

// noHint stands in a group for a task that is not of it, or is forgotten.
var noHint = make([]byte, groupHint)

// groupKey is where the tasks of one commit and one instant stand, by the first one's number.
func groupKey(id string, first uint64) []byte {
	return binary.BigEndian.AppendUint64([]byte(id[:idTime]), first)
}

// taskSeq finds a task by its id; nil where there is none.
func taskSeq(tx *transaction, id string) []byte {
	if seq, ok := damagedSeq(id); ok && storedID(tx, seq) == id {
		return seq
	}
	if timed(id) {
		if _, seq := groupOf(tx, id); seq != nil {
			return seq
		}
	}
	return bucketIn(tx, taskIDs).Get([]byte(id))
}

// groupOf finds the group that a task is in and its number; nil where it is in none.
func groupOf(tx *transaction, id string) (key, seq []byte) {
	groups := bucketIn(tx, taskGroups)
	if groups == nil {
		return nil, nil
	}
	hint := hintOf(id)
	scanForward(groups, []byte(id[:idTime]), nil, func(first, hints []byte) bool {
		for i := 0; i+groupHint <= len(hints); i += groupHint {
			at := seqKey(seqOf(first) + uint64(i/groupHint))
			if bytes.Equal(hints[i:i+groupHint], hint) && storedID(tx, at) == id {
				key, seq = groupKey(id, seqOf(first)), at
				return false
			}
		}
		return true
	})
	return key, seq
}

// storedID is the id of the task with that number, empty where there is none.
func storedID(tx *transaction, seq []byte) string {
	var t record.TaskID // the rest of it is not read
	_, stored := cutOutcome(bucketIn(tx, tasks).Get(seq))
	stored, err := tx.secrets.UnsealKnown(stored)
	if err != nil || stored == nil || decode(stored, &t) != nil {
		return ""
	}
	return t.ID
}

// taskGroup is a group while its commit adds tasks to it.
type taskGroup struct {
	id    string // of one of them
	first uint64
	hints []byte
}

// addTasks puts a commit's tasks into the outbox and files their ids. It is idempotent: a task whose
// id has been used before, in whatever state, is left as it is, unless a turn has made that id.
func (b *writeBatch) addTasks(p *preparedCommit) {
	var g taskGroup
	for i := range p.Tasks {
		t := &p.Tasks[i]
		if !timed(t.ID) {
			if b.get(taskIDs, []byte(t.ID)) == nil {
				seq := b.addTask(t, p.tasks[i], p.ownTasks[i], p.At, p.Dead)
				b.put(taskIDs, []byte(t.ID), seqKey(seq))
			}
			continue
		}
		seq := b.addTask(t, p.tasks[i], p.ownTasks[i], p.At, p.Dead)
		if g.hints == nil || g.id[:idTime] != t.ID[:idTime] {
			b.putGroup(&g)
			g = taskGroup{id: t.ID, first: seq}
		}
		for uint64(len(g.hints)/groupHint) < seq-g.first {
			g.hints = append(g.hints, noHint...)
		}
		g.hints = append(g.hints, hintOf(t.ID)...)
	}
	b.putGroup(&g)
}

func (b *writeBatch) putGroup(g *taskGroup) {
	if g.hints != nil {
		b.put(taskGroups, groupKey(g.id, g.first), g.hints)
	}
}

// forgetID removes the id of a task that is still there.
func (b *writeBatch) forgetID(id string, seq uint64) {
	if !timed(id) {
		b.delete(taskIDs, []byte(id))
		return
	}
	key, hints := groupWith(b.bucket(taskGroups), id, seq)
	if key == nil {
		b.delete(taskIDs, []byte(id))
		return
	}
	copy(hints[(seq-seqOf(key[idTime:]))*groupHint:], noHint)
	if len(bytes.Trim(hints, "\x00")) == 0 {
		b.delete(taskGroups, key)
		return
	}
	b.put(taskGroups, key, hints)
}

// groupWith finds the group that a task of that number is in, and copies it; nil where it is in none.
func groupWith(groups *table, id string, seq uint64) (key, hints []byte) {
	scanForward(groups, []byte(id[:idTime]), nil, func(first, all []byte) bool {
		at := (seq - seqOf(first)) * groupHint // in no group that begins behind it
		if at < uint64(len(all)) && bytes.Equal(all[at:at+groupHint], hintOf(id)) {
			key, hints = groupKey(id, seqOf(first)), bytes.Clone(all)
		}
		return key == nil
	})
	return key, hints
}

// eachInGroup calls f with the number of each task that a group names.
func eachInGroup(key, hints []byte, f func(seq uint64) error) error {
	for i := 0; i+groupHint <= len(hints); i += groupHint {
		if bytes.Equal(hints[i:i+groupHint], noHint) {
			continue
		}
		if err := f(seqOf(key[idTime:]) + uint64(i/groupHint)); err != nil {
			return err
		}
	}
	return nil
}
