package bolt

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"nevermind/bot"
)

// Report is what Check has counted in a file. A backup keeps it, so that a restored file can be
// held against what was packed.
type Report struct {
	Schema        int `json:"schema"`
	Orders        int `json:"orders"`
	People        int `json:"people"`
	Conversations int `json:"conversations"`
	Entries       int `json:"journal"`
	Tasks         int `json:"tasks"`
	Waiting       int `json:"waiting"` // tasks still in their lanes
	Dead          int `json:"dead"`    // tasks that are set aside
	Messages      int `json:"messages"`

	Files []string `json:"-"` // the hashes of the files that conversations name, sorted
}

// Check verifies a file that nobody has open, without changing it: that every page is whole, reachable and
// used once (verifyPages), every record decrypts and decodes, every journal's hash chain ends at the head that its
// conversation names, every task waits or has ended, and the indexes are complete.
//
// ErrBroken: the first thing that is wrong. ErrLocked: somebody has the file open. ErrNewer: a
// later version of the program wrote it. It runs in one read transaction and takes as long as
// reading the whole file.
func Check(ctx context.Context, path string, opts ...Option) (Report, error) {
	db, err := openMap(path, 0, append(opts, func(o *options) { o.ReadOnly = true }))
	if err != nil {
		return Report{}, fmt.Errorf("check %s: %w", path, err)
	}
	c := &checker{ctx: ctx}
	if err = verifyPagesAt(path); err == nil {
		err = catchDamage(func() error { return db.viewWithLog(c.all) })
	}
	err = errors.Join(err, catchDamage(db.Close))
	if err != nil {
		return c.found, fmt.Errorf("check: %w", explainOpenError(path, err))
	}
	return c.found, nil
}

// checker is one run of Check.
type checker struct {
	ctx   context.Context
	found Report
}

// all runs every check of what stands in the pages. The check of bbolt itself is not asked: it runs on a goroutine of its own,
// where nobody can recover from its panic over a damaged page.
func (c *checker) all(tx *transaction) error {
	have, err := schemaIn(tx)
	if err != nil {
		return err
	}
	if c.found.Schema = have; have > schema {
		return fmt.Errorf("%w: it has schema %d, this program knows %d", bot.ErrNewer, have, schema)
	}
	for _, look := range []func(*transaction) error{c.decrypts, c.records, c.journals, c.outbox, c.indexes, c.sequence} {
		if err := look(tx); err != nil {
			return err
		}
	}
	slices.Sort(c.found.Files)
	c.found.Files = slices.Compact(c.found.Files)
	return nil
}

// decrypts reads every value once, so that none is passed over that no other check needs.
func (c *checker) decrypts(tx *transaction) error {
	if tx.secrets == nil {
		return nil
	}
	for n := range buckets {
		if err := c.eachKey(tx, n, func(_, _ []byte) error { return nil }); err != nil {
			return err
		}
	}
	return nil
}

// eachKey visits a bucket, which an older file may not have, and stops where the context ends.
func (c *checker) eachKey(tx *transaction, b bucket, look func(k, v []byte) error) error {
	if bucketIn(tx, b) == nil {
		return nil
	}
	n := 0
	return bucketIn(tx, b).ForEach(func(k, v []byte) error {
		if n++; n%1000 == 0 && c.ctx.Err() != nil {
			return c.ctx.Err()
		}
		if err := look(k, v); err != nil {
			return fmt.Errorf("%s: %w", bucketNames[b], err)
		}
		return nil
	})
}

// records decodes every record that stands alone; conversations come with their journals.
func (c *checker) records(tx *transaction) error {
	for _, kind := range recordKinds {
		if kind.bucket == conversations { // their turn comes with their journals
			continue
		}
		if err := c.eachKey(tx, kind.bucket, func(k, v []byte) error {
			r, err := kind.read(tx, k, v)
			if erased(err) { // it is there still, and nobody reads it
				switch kind.bucket {
				case tasks:
					c.found.Tasks++
				case roomLog:
					c.found.Messages++
				}
				return nil
			}
			c.count(r)
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// count adds a record to the report.
func (c *checker) count(r bot.Record) {
	f := &c.found
	switch {
	case r.Order != nil:
		f.Orders++
	case r.Person != nil:
		f.People++
	case r.Said != nil:
		f.Messages++
	case r.Task != nil:
		f.Tasks++
	}
	if r.Task != nil && r.Task.State == bot.TaskDead {
		f.Dead++
	}
}

// journals follows every journal from its first entry to the head that its conversation names.
// Entries stand right before their conversation in one bucket, so one pass over it is enough.
func (c *checker) journals(tx *transaction) error {
	key, seq, head := "", 0, ""
	err := c.eachKey(tx, conversations, func(k, v []byte) error {
		name, rest := cutName(k)
		if name != key {
			if seq > 0 {
				return fmt.Errorf("%w: there is a journal of %q and no record", bot.ErrBroken, key)
			}
			key = name
		}
		if rest[0] == journalPart {
			e, err := readEntry(tx.secrets, bot.Key(name), rest[1:], v)
			if erased(err) { // a talk is erased as a whole
				key, seq, head = name, 0, ""
				c.found.Entries++
				return nil
			}
			if seq++; err == nil && (e.Seq != seq || e.Prev != head || e.Hash != e.Sum()) {
				err = fmt.Errorf("%w: the journal of %q does not chain at line %d", bot.ErrBroken, name, e.Seq)
			}
			head = e.Hash
			c.found.Entries++
			return err
		}
		conv, err := readHeaded(tx.secrets, bot.Key(name), v)
		if erased(err) {
			c.found.Conversations++
			return nil
		}
		c.files(&conv.header)
		if err == nil && (conv.Entries != seq || conv.Head != head) {
			err = fmt.Errorf("%w: the journal of %q has %d lines, and its record says %d", bot.ErrBroken, name, seq, conv.Entries)
		}
		c.found.Conversations++
		seq, head = 0, ""
		return err
	})
	if err == nil && seq > 0 {
		err = fmt.Errorf("%w: there is a journal of %q and no record", bot.ErrBroken, key)
	}
	return err
}

// outbox wants every task to have one id, every waiting task to exist and not to have ended, and
// the index of dead letters to list as many as there are.
func (c *checker) outbox(tx *transaction) error {
	ids := 0
	there := func(seq []byte) error {
		if ids++; bucketIn(tx, tasks).Get(seq) == nil {
			return fmt.Errorf("%w: there is an id and no task %d", bot.ErrBroken, seqOf(seq))
		}
		return nil
	}
	err := errors.Join(
		c.eachKey(tx, waiting, func(k, _ []byte) error {
			c.found.Waiting++
			outcome, task := cutOutcome(bucketIn(tx, tasks).Get(k))
			if task == nil || outcome != nil || bucketIn(tx, outcomes).Get(k) != nil {
				return fmt.Errorf("%w: task %d waits and is none that could", bot.ErrBroken, seqOf(k))
			}
			return nil
		}),
		c.eachKey(tx, taskIDs, func(_, seq []byte) error { return there(seq) }),
		c.eachKey(tx, taskGroups, func(k, hints []byte) error {
			return eachInGroup(k, hints, func(seq uint64) error { return there(seqKey(seq)) })
		}))
	index := 0
	err = errors.Join(err, c.eachKey(tx, deadLetters, func(_, _ []byte) error { index++; return nil }))
	switch {
	case err != nil:
		return err
	case ids != c.found.Tasks:
		return fmt.Errorf("%w: %d tasks have %d ids", bot.ErrBroken, c.found.Tasks, ids)
	case bucketIn(tx, deadLetters) != nil && index != c.found.Dead:
		return fmt.Errorf("%w: %d tasks are set aside and %d are listed", bot.ErrBroken, c.found.Dead, index)
	}
	return nil
}

// indexes wants what follows from the conversations to be in the indexes, and nothing else: their keys have no value that would
// bind them.
func (c *checker) indexes(tx *transaction) error {
	err := c.eachKey(tx, conversations, func(k, _ []byte) error {
		key, rest := cutName(k)
		if rest[0] != recordPart {
			return nil
		}
		h, err := tx.header(bot.Key(key))
		if err != nil {
			return err
		}
		for n, keys := range map[bucket][][]byte{terms: termKeys(bot.Key(key), h), deadlines: deadlineKeys(bot.Key(key), h)} {
			for _, k := range keys {
				if bucketIn(tx, n).Get(k) == nil {
					return broken("%q is missing in an index", key)
				}
			}
		}
		return nil
	})
	for _, n := range []bucket{terms, deadlines} {
		err = errors.Join(err, c.eachKey(tx, n, func(k, _ []byte) error {
			wanted, err := tx.expected(n, k)
			if err == nil && !wanted && !tx.erasedConversation(n, k) {
				err = broken("there is a key that no conversation has")
			}
			return err
		}))
	}
	return err
}

// erasedConversation says whether the conversation that an index key names was erased: what it was filed under may stand there
// until the next start.
func (tx *transaction) erasedConversation(n bucket, k []byte) bool {
	var key string
	if n == terms {
		_, last := cutName(k)
		key = string(last)
	} else {
		key, _ = cutName(k[8:])
	}
	_, record, err := version(bucketIn(tx, conversations).Get(conversationKey(bot.Key(key))))
	if err == nil {
		_, err = tx.secrets.Unseal(record)
	}
	return erased(err)
}

// sequence wants no task or message to have a number that is still to be given out.
func (c *checker) sequence(tx *transaction) error {
	last := bucketIn(tx, tasks).Bucket.Sequence()
	if k, _ := bucketIn(tx, tasks).Bucket.Cursor().Last(); k != nil && seqOf(k) > last {
		return broken("task %d was made, and %d is the last", seqOf(k), last)
	}
	return c.eachKey(tx, roomLog, func(k, _ []byte) error {
		if _, rest := cutName(k); inLog(rest) && seqOf(rest) > last {
			return broken("message %d was heard, and %d is the last", seqOf(rest), last)
		}
		return nil
	})
}

// files adds the content hashes under which a conversation is filed, by its terms "file:HASH". The store does not hold the
// files; a backup does.
func (c *checker) files(h *header) {
	for _, term := range h.Terms {
		if hash, ok := strings.CutPrefix(term, "file:"); ok {
			c.found.Files = append(c.found.Files, hash)
		}
	}
}
