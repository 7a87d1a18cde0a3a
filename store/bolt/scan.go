package bolt

import (
	"bytes"
	"context"
	"errors"
	"os"

	"nevermind/bot"
	"nevermind/store/record"
)

// recordReader reads the record at a key of a bucket; an empty bot.Record where the key holds none
// of its kind.
type recordReader func(tx *transaction, k, v []byte) (bot.Record, error)

// recordKinds is how each kind of record is read, in the order in which Each hands them out.
// Conversations and journal entries share a bucket, so it is gone through once for each.
var recordKinds = []struct {
	bucket bucket
	read   recordReader
}{
	{orders, func(tx *transaction, k, _ []byte) (bot.Record, error) {
		o, err := readOrder(tx, k)
		return bot.Record{Order: &o}, err
	}},
	{people, func(tx *transaction, k, _ []byte) (bot.Record, error) {
		p, err := readPerson(tx, k)
		return bot.Record{Person: &p}, err
	}},
	{conversations, func(tx *transaction, k, v []byte) (bot.Record, error) {
		key, rest := cutName(k)
		if rest[0] != recordPart {
			return bot.Record{}, nil
		}
		c, err := readConversation(tx.secrets, bot.Key(key), v)
		return bot.Record{Conversation: &c}, err
	}},
	{conversations, func(tx *transaction, k, v []byte) (bot.Record, error) {
		key, rest := cutName(k)
		if rest[0] != journalPart {
			return bot.Record{}, nil
		}
		e, err := readEntry(tx.secrets, bot.Key(key), rest[1:], v)
		return bot.Record{Entry: &e}, err
	}},
	{tasks, func(tx *transaction, k, _ []byte) (bot.Record, error) {
		t, err := readTask(tx, k)
		return bot.Record{Task: &t}, err
	}},
	{roomLog, func(tx *transaction, k, v []byte) (bot.Record, error) {
		room, seq := cutName(k)
		if !inLog(seq) || len(v) <= 8 { // an answer
			return bot.Record{}, nil
		}
		s, err := readSaid(tx, bot.Room(room), seqOf(seq), v)
		return bot.Record{Said: &s}, err
	}},
	{values, func(_ *transaction, k, v []byte) (bot.Record, error) {
		if string(k) == record.RingMarkName { // what the store keeps for itself
			return bot.Record{}, nil
		}
		return bot.Record{Value: &bot.Value{Name: string(k), Value: bytes.Clone(v)}}, nil
	}},
}

// Each hands out every record, kind by kind, in key order. It reads in pages of chunkSize, each in
// a transaction of its own, so f may take its time; on a store that is written to meanwhile it is
// no snapshot. An error of f ends it and is returned. What was damaged is passed over, and is ErrBroken once all
// others were handed out.
func (s *Store) Each(ctx context.Context, f func(bot.Record) error) error {
	damaged := map[string]bool{}
	for _, kind := range recordKinds {
		for after := []byte(nil); ; {
			var page []bot.Record
			err := s.view(ctx, func(tx *transaction) (err error) {
				page, after, err = readPage(tx, kind.bucket, after, kind.read, damaged)
				return err
			})
			if err != nil {
				return err
			}
			for _, r := range page {
				if r == (bot.Record{}) {
					continue
				}
				if err := f(r); err != nil {
					return err
				}
			}
			if after == nil {
				break
			}
		}
		if err := s.view(ctx, dropPages); err != nil {
			return err
		}
	}
	return damage(len(damaged))
}

// damage says how many records cannot be read; nil where it is none.
func damage(records int) error {
	switch records {
	case 0:
		return nil
	case 1:
		return broken("one record cannot be read; all others can")
	}
	return broken("%d records cannot be read; all others can", records)
}

// readPage reads up to chunkSize records of a bucket above a key, and returns the last key looked
// at, nil at the end of the bucket. What is damaged is noted by its stored key.
func readPage(
	tx *transaction, b bucket, after []byte, read recordReader, damaged map[string]bool,
) (page []bot.Record, last []byte, err error) {
	c := bucketIn(tx, b).Readable()
	defer func() {
		for _, k := range c.damaged {
			damaged[string(bucketNames[b])+" "+string(k)] = true
		}
	}()
	k, v := seekPast(c, after)
	for ; len(page) < chunkSize && k != nil; k, v = c.Next() {
		r, err := readable(func() (bot.Record, error) { return read(tx, k, v) })
		if errors.Is(err, bot.ErrBroken) {
			c.damaged = append(c.damaged, bytes.Clone(k))
		}
		if erased(err) || errors.Is(err, bot.ErrBroken) {
			r, err = bot.Record{}, nil
		}
		if err != nil {
			return nil, nil, err
		}
		page, last = append(page, r), k
	}
	if k == nil {
		return page, nil, nil
	}
	return page, bytes.Clone(last), nil
}

// Verify reads all that is stored and says how much of it is damaged. It holds nobody up: it reads in pages, and the tree of
// pages in one read transaction. ErrBroken: something is.
func (s *Store) Verify(ctx context.Context) (damaged int, err error) {
	if err := s.view(ctx, s.verifyTree); err != nil {
		return 1, err
	}
	for n := range buckets {
		for after := []byte(nil); ; {
			seen := 0
			if err := s.view(ctx, func(tx *transaction) error {
				c := bucketIn(tx, n).Readable()
				k, _ := seekPast(c, after)
				for after = nil; k != nil; k, _ = c.Next() {
					if seen++; seen == chunkSize {
						after = bytes.Clone(k)
						break
					}
				}
				damaged += len(c.damaged)
				return nil
			}); err != nil {
				return damaged, err
			}
			if after == nil {
				break
			}
		}
		if err := s.view(ctx, dropPages); err != nil {
			return damaged, err
		}
	}
	return damaged, damage(damaged)
}

// verifyTree reads the pages that a transaction sees, which nobody writes to meanwhile, from the file.
func (s *Store) verifyTree(tx *transaction) error {
	file, err := os.Open(s.db.Path())
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // it was only read
	size := uint64(s.db.Info().PageSize)
	f := &pageFile{r: file, pageSize: size, high: uint64(tx.Size()) / size}
	f.used = make([]bool, f.high)
	return f.tree(uint64(tx.Cursor().Bucket().Root()), nil, nil, true)
}
