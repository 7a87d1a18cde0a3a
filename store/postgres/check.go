package postgres

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"nevermind/bot"
	"nevermind/store/record"
)

// Report is what Check has counted. A backup keeps it, so that what is restored can be held against what was packed.
type Report struct {
	Schema        int
	Orders        int
	People        int
	Conversations int
	Entries       int
	Tasks         int
	Waiting       int // tasks still in their lanes
	Dead          int // tasks that are set aside
	Messages      int

	Files []string // the hashes of the files that conversations name, sorted
}

// Check verifies a store on which nobody works, as Unpack has made one: that every record decrypts and decodes, every journal's
// hash chain ends at the head that its conversation names, and every task that waits stands in a lane. bot.ErrBroken: the first
// thing that is wrong.
func (s *Store) Check(ctx context.Context) (Report, error) {
	c := checker{heads: map[bot.Key]head{}, found: Report{Schema: schema}}
	damaged, err := s.eachReadable(ctx, c.look, c.count) // what was erased is there still, and nobody reads it
	if err == nil && damaged > 0 {
		err = fmt.Errorf("%w: %d records cannot be read", bot.ErrBroken, damaged)
	}
	if err != nil {
		return c.found, fmt.Errorf("check: %w", err)
	}
	for key, h := range c.heads {
		if h.seq != h.entries || h.last != h.head {
			return c.found, fmt.Errorf("check: %w: the journal of %q has %d lines, and its record says %d", bot.ErrBroken, key, h.seq,
				h.entries)
		}
	}
	if err := s.checkLanes(ctx); err != nil {
		return c.found, fmt.Errorf("check: %w", err)
	}
	files, err := s.filesNamed(ctx)
	c.found.Files = files
	return c.found, err
}

// checker is one run of Check.
type checker struct {
	heads map[bot.Key]head
	found Report
}

// head is where a conversation says that its journal ends, and where it does.
type head struct {
	entries, seq int
	head, last   string
}

// look counts a record and follows its journal.
func (c *checker) look(r bot.Record) error {
	c.count(r)
	switch {
	case r.Conversation != nil:
		c.heads[r.Conversation.Key] = head{entries: r.Conversation.Entries, head: r.Conversation.Head}
	case r.Entry != nil:
		return c.chain(r.Entry)
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
	case r.Conversation != nil:
		f.Conversations++
	case r.Entry != nil:
		f.Entries++
	case r.Task != nil:
		f.Tasks++
		switch r.Task.State {
		case bot.TaskWaiting:
			f.Waiting++
		case bot.TaskDead:
			f.Dead++
		case bot.TaskDone, bot.TaskPending, bot.TaskDropped:
		}
	}
}

func (c *checker) chain(e *bot.Entry) error {
	h, there := c.heads[e.Conversation]
	if !there {
		return fmt.Errorf("%w: there is a journal of %q and no record", bot.ErrBroken, e.Conversation)
	}
	if e.Seq != h.seq+1 || e.Prev != h.last || e.Hash != e.Sum() {
		return fmt.Errorf("%w: the journal of %q does not chain at line %d", bot.ErrBroken, e.Conversation, e.Seq)
	}
	h.seq, h.last = e.Seq, e.Hash
	c.heads[e.Conversation] = h
	return nil
}

// checkLanes wants each task that waits in a lane whose head is the first of them, and no lane without one.
func (s *Store) checkLanes(ctx context.Context) error {
	return s.read(ctx, func(q querier) error {
		var wrong int
		err := row(ctx, q, []any{&wrong}, `SELECT count(*) FROM (SELECT lane FROM tasks WHERE state = 'waiting' GROUP BY lane) t
			FULL JOIN lanes l ON l.lane = t.lane WHERE t.lane IS NULL OR l.lane IS NULL`)
		if err == nil && wrong > 0 {
			err = fmt.Errorf("%w: %d lanes are not those in which something waits", bot.ErrBroken, wrong)
		}
		return err
	})
}

// filesNamed are the hashes of the files under which conversations are filed.
func (s *Store) filesNamed(ctx context.Context) (files []string, err error) {
	after := []byte{}
	for {
		n := 0
		err := s.read(ctx, func(q querier) error {
			n = 0
			var key, stored []byte
			return each(ctx, q, []any{&key, &stored}, func() error {
				n++
				after = slices.Clone(key)
				h, err := s.header(key, stored)
				if err != nil {
					return err
				}
				for _, term := range h.Terms {
					if hash, ok := strings.CutPrefix(term, "file:"); ok {
						files = append(files, hash)
					}
				}
				return nil
			}, `SELECT key, record FROM conversations WHERE key > $1 ORDER BY key LIMIT $2`, after, chunkSize)
		})
		if err != nil || n == 0 {
			slices.Sort(files)
			return slices.Compact(files), err
		}
	}
}

// header is what follows from a conversation's record; nothing where it was erased.
func (s *Store) header(key, stored []byte) (h record.Header, err error) {
	plain, err := s.decrypt(stored, "conversations", key)
	if err == nil {
		plain, err = s.secrets.UnsealKnown(plain)
	}
	if err != nil || plain == nil {
		return h, err
	}
	return h, record.Decode(plain, &h)
}
