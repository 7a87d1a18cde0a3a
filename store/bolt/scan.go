package bolt

import (
	"bytes"
	"context"

	"nevermind/bot"
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
		return bot.Record{Value: &bot.Value{Name: string(k), Value: bytes.Clone(v)}}, nil
	}},
}

// Each hands out every record, kind by kind, in key order. It reads in pages of chunkSize, each in
// a transaction of its own, so f may take its time; on a store that is written to meanwhile it is
// no snapshot. An error of f ends it and is returned.
func (s *Store) Each(ctx context.Context, f func(bot.Record) error) error {
	for _, kind := range recordKinds {
		for after := []byte(nil); ; {
			var page []bot.Record
			err := s.view(ctx, func(tx *transaction) (err error) {
				page, after, err = readPage(tx, kind.bucket, after, kind.read)
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
	return nil
}

// readPage reads up to chunkSize records of a bucket above a key, and returns the last key looked
// at, nil at the end of the bucket.
func readPage(tx *transaction, b bucket, after []byte, read recordReader) (page []bot.Record, last []byte, err error) {
	c := bucketIn(tx, b).Cursor()
	k := seekAbove(c, after)
	for len(page) < chunkSize && k != nil {
		r, err := read(tx, k, bucketIn(tx, b).Get(k))
		if erased(err) {
			r, err = bot.Record{}, nil
		}
		if err != nil {
			return nil, nil, err
		}
		page, last = append(page, r), k
		k, _ = c.Next()
	}
	if k == nil {
		return page, nil, nil
	}
	return page, bytes.Clone(last), nil
}
