package bolt

import (
	"bytes"
	"context"
	"errors"
	"slices"

	"nevermind/bot"
)

// forgetAtOnce is how many records one transaction deletes.
const forgetAtOnce = 100

// Forget deletes records for good, a hundred in one transaction, between which others go on.
func (s *Store) Forget(ctx context.Context, gone ...bot.Record) (forgotten int, err error) {
	for chunk := range slices.Chunk(gone, forgetAtOnce) {
		n := 0
		err := s.update(ctx, func(b *writeBatch) error {
			n = 0
			for i := range chunk {
				went, err := readable(func() (bool, error) { return b.forgetRecord(&chunk[i]) })
				if err != nil && !errors.Is(err, bot.ErrBroken) { // what hangs on something damaged stays
					return err
				}
				if went {
					n++
				}
			}
			return nil
		})
		if err != nil {
			return forgotten, err
		}
		forgotten += n
	}
	return forgotten, nil
}

// forgetRecord deletes one record, and says whether it was there as it was read.
func (b *writeBatch) forgetRecord(r *bot.Record) (bool, error) {
	switch {
	case r.Conversation != nil:
		return b.forgetConversation(r.Conversation)
	case r.Order != nil:
		return b.forgetOrder(r.Order)
	case r.Task != nil:
		return b.forgetSettled(r.Task)
	case r.Said != nil && r.Said.In != nil:
		key := roomKey(r.Said.In.Room, r.Said.Seq)
		if len(b.get(roomLog, key)) <= len(seqKey(0)) { // an answer
			return false, nil
		}
		b.delete(roomLog, key)
		return true, nil
	}
	return false, nil
}

func (b *writeBatch) forgetConversation(c *bot.Conversation) (bool, error) {
	key := conversationKey(c.Key)
	have, err := b.version(conversations, key)
	if err != nil || have == 0 || have != c.Version {
		return false, err
	}
	old := b.previousHeader(key)
	b.updateIndex(terms, termKeys(c.Key, &old), nil)
	b.updateIndex(deadlines, deadlineKeys(c.Key, &old), nil)
	b.uncache(conversations, key)
	all := b.stored(conversations, withLength(string(c.Key)))
	return true, b.eachBelow(conversations, all, func(_, _ []byte) error { return nil })
}

// stored is a key, or the beginning of one, as it stands in the file.
func (b *writeBatch) stored(n bucket, key []byte) []byte {
	if t := b.bucket(n); t.encrypted() {
		return hashKey(t.tx.secrets, n, key)
	}
	return key
}

func (b *writeBatch) forgetOrder(o *bot.Order) (bool, error) {
	id := []byte(o.ID)
	have, err := b.version(orders, id)
	if err != nil || have == 0 || have != o.Version {
		return false, err
	}
	var old order
	b.previous(orders, id, &old)
	b.updateIndex(ordersOf, orderKeys(&old), nil)
	b.delete(orders, id)
	return true, nil
}

// forgetSettled deletes a task that waits no more.
func (b *writeBatch) forgetSettled(r *bot.TaskRecord) (bool, error) {
	key := seqKey(r.Task.Seq)
	if !b.has(tasks, key) || b.has(waiting, key) {
		return false, nil
	}
	now, err := readTask(b.tx, key)
	if err != nil || now.Task.ID != r.Task.ID {
		return false, err
	}
	b.forgetTask(&now)
	b.delete(deadLetters, key)
	return true, nil
}

// ForgetWords deletes what a conversation's journal and those tasks say about people.
func (s *Store) ForgetWords(ctx context.Context, key bot.Key, tasks ...string) error {
	return s.update(ctx, func(b *writeBatch) error {
		if err := b.forgetTaskWords(tasks); err != nil {
			return err
		}
		changed := map[string][]byte{}
		var wrong error
		prefix := append(withLength(string(key)), journalPart)
		scanForward(b.bucket(conversations), prefix, nil, func(rest, v []byte) bool {
			bare, some, err := b.tx.secrets.EntryWithoutWords(v)
			if some {
				changed[string(rest)] = bare
			}
			wrong = err
			return err == nil
		})
		if wrong != nil {
			return wrong
		}
		for rest, bare := range changed {
			b.put(conversations, append(bytes.Clone(prefix), rest...), bare)
		}
		return nil
	})
}

func (b *writeBatch) forgetTaskWords(ids []string) error {
	for _, id := range ids {
		seq := taskSeq(b.tx, id)
		if seq == nil {
			continue
		}
		outcome, record := cutOutcome(b.get(tasks, seq))
		bare, err := b.tx.secrets.TaskWithoutWords(record)
		if err != nil {
			return err
		}
		if outcome != nil {
			bare = settledRecord(outcome, bare)
		}
		b.put(tasks, bytes.Clone(seq), bytes.Clone(bare))
	}
	return nil
}
