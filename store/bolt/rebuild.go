package bolt

import (
	"bytes"
	"context"
	"errors"

	"nevermind/bot"
)

// chunkSize is how many keys one transaction looks at in work that goes through a whole bucket, so
// that people's turns never wait longer than one chunk takes.
const chunkSize = 250

// Rebuild compares the indexes of deadlines and terms with the conversations from which they
// follow, repairs them, and returns how many keys were wrong. In a sound file that is 0. It may be
// run beside other work.
func (s *Store) Rebuild(ctx context.Context) (fixed int, err error) {
	for _, repair := range []chunkWork{
		(*writeBatch).addMissing,
		func(b *writeBatch, after []byte) ([]byte, int, error) { return b.removeStray(terms, after) },
		func(b *writeBatch, after []byte) ([]byte, int, error) { return b.removeStray(deadlines, after) },
	} {
		n, err := s.inChunks(ctx, repair)
		fixed += n
		if err != nil {
			return fixed, err
		}
	}
	return fixed, nil
}

// chunkWork does its work on one chunk of a bucket, from the first key above after. It returns the
// key to go on after, nil at the end of the bucket, and how many records it has changed.
type chunkWork func(b *writeBatch, after []byte) (next []byte, changed int, err error)

// inChunks runs work over a bucket, one chunk a transaction, until it returns no next key, and adds
// up what it has changed. The pages it has looked at are handed back to the system after each
// chunk.
func (s *Store) inChunks(ctx context.Context, work chunkWork) (total int, err error) {
	for after := []byte(nil); ; {
		var next []byte
		var n int
		err := s.update(ctx, func(b *writeBatch) (err error) {
			next, n, err = work(b, after)
			return err
		})
		if err != nil {
			return total, err
		}
		total += n
		if err := s.view(ctx, dropPages); err != nil {
			return total, err
		}
		if next == nil {
			return total, nil
		}
		after = next
	}
}

// addMissing puts in what the conversations of this chunk should have in the indexes. Journals are
// passed over by seeking.
func (b *writeBatch) addMissing(after []byte) (next []byte, fixed int, err error) {
	c := b.bucket(conversations).Readable()
	for k, n := seekAbove(c, after), 0; k != nil; n++ {
		key, rest := cutName(k)
		last := conversationKey(bot.Key(key))
		if n == chunkSize {
			return next, fixed, nil
		}
		next = last
		if rest[0] != recordPart { // its journal is passed over
			k, _ = c.Seek(last)
			if !bytes.Equal(k, last) {
				continue
			}
		}
		h, err := readable(func() (*header, error) { return b.tx.header(bot.Key(key)) })
		if errors.Is(err, bot.ErrBroken) { // what it is filed under stays as it is
			k, _ = c.Next()
			continue
		}
		if err != nil {
			return nil, fixed, err
		}
		fixed += b.addMissingKeys(terms, termKeys(bot.Key(key), h)) + b.addMissingKeys(deadlines, deadlineKeys(bot.Key(key), h))
		k, _ = c.Next()
	}
	return nil, fixed, nil
}

// addMissingKeys puts in the keys that an index lacks, and counts them.
func (b *writeBatch) addMissingKeys(n bucket, keys [][]byte) (fixed int) {
	for _, k := range keys {
		if b.get(n, k) == nil {
			b.put(n, k, emptyValue)
			fixed++
		}
	}
	return fixed
}

// removeStray takes out the keys of one chunk of an index that no conversation should have there.
func (b *writeBatch) removeStray(n bucket, after []byte) (next []byte, fixed int, err error) {
	return b.deleteChunk(n, after, func(k, _ []byte) (bool, error) {
		wanted, err := b.tx.expected(n, k)
		return !wanted, err
	})
}

// expected says whether the conversation that an index key names should be filed under it.
func (tx *transaction) expected(n bucket, k []byte) (bool, error) {
	if n == terms {
		_, key := cutName(k)
		h, err := tx.header(bot.Key(key))
		return err == nil && tx.contains(n, termKeys(bot.Key(key), h), k), err
	}
	key, _ := cutName(k[8:])
	h, err := tx.header(bot.Key(key))
	return err == nil && containsKey(deadlineKeys(bot.Key(key), h), k), err
}

// header reads the part of a conversation that its indexes follow from; an empty one where there is
// no such conversation.
func (tx *transaction) header(key bot.Key) (*header, error) {
	_, record, err := version(bucketIn(tx, conversations).Get(conversationKey(key)))
	h := new(header)
	if err == nil {
		record, err = tx.secrets.UnsealKnown(record)
	}
	if err != nil || record == nil {
		return h, err
	}
	return h, decode(record, h)
}
