package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"nevermind/bot"
	"nevermind/store/record"
)

// scanned is one row of a table that Each goes through: its key, a number that comes second in it, and what is read of it.
type scanned struct {
	key, name, stored []byte
	second, version   int64
	word              string
}

// kind is how a kind of record is read: its columns are key, second, name, stored, version, word. empty is a record of it.
type kind struct {
	sql   string
	open  func(r *scanned) (bot.Record, error)
	empty bot.Record
}

// kinds are all of them, in the order in which Each hands them out; the columns of a task come apart.
func (s *Store) kinds() []kind {
	return []kind{
		{`SELECT id, 0, NULL::bytea, record, version, '' FROM orders WHERE (id, 0) > ($1, $2) ORDER BY id LIMIT $3`,
			s.scanOrder, bot.Record{Order: &bot.Order{}}},
		{`SELECT p.id, 0, n.name, p.record, p.version, '' FROM people p LEFT JOIN names n ON n.hash = ` + nameInPerson + `
			WHERE (p.id, 0) > ($1, $2) ORDER BY p.id LIMIT $3`,
			s.scanPerson, bot.Record{Person: &bot.Person{}}},
		{`SELECT c.key, 0, n.name, c.record, c.version, '' FROM conversations c LEFT JOIN names n ON n.hash = c.key
			WHERE (c.key, 0) > ($1, $2) ORDER BY c.key LIMIT $3`,
			s.scanConversation, bot.Record{Conversation: &bot.Conversation{}}},
		{`SELECT j.conversation, j.seq, n.name, j.record, 0, '' FROM journal j LEFT JOIN names n ON n.hash = j.conversation
			WHERE (j.conversation, j.seq) > ($1, $2) ORDER BY j.conversation, j.seq LIMIT $3`,
			s.scanEntry, bot.Record{Entry: &bot.Entry{}}},
		{"", nil, bot.Record{}}, // tasks
		{`SELECT s.room, s.seq, n.name, s.record, s.at, '' FROM said s LEFT JOIN names n ON n.hash = s.room
			WHERE (s.room, s.seq) > ($1, $2) AND s.record IS NOT NULL ORDER BY s.room, s.seq LIMIT $3`,
			s.scanSaid, bot.Record{Said: &bot.Said{}}},
		{`SELECT convert_to(name, 'UTF8'), 0, NULL::bytea, value, 0, name FROM named_values
			WHERE (convert_to(name, 'UTF8'), 0) > ($1, $2) AND name <> '` + record.RingMarkName + `' ORDER BY 1 LIMIT $3`,
			s.scanValue, bot.Record{Value: &bot.Value{}}},
	}
}

// Each hands out every record, kind by kind, in key order. It reads in pages; on a store that is written to meanwhile it is no
// snapshot, in one made by Snapshot it is. An error of f ends it and is returned. What was damaged is passed over, and is
// bot.ErrBroken once all others were handed out.
func (s *Store) Each(ctx context.Context, f func(bot.Record) error) error {
	damaged, err := s.eachReadable(ctx, f, func(bot.Record) {})
	if err == nil && damaged > 0 {
		err = fmt.Errorf("%w: records that cannot be read, while all others can: %d", bot.ErrBroken, damaged)
	}
	return err
}

// Verify reads all that is kept and says how much of it is damaged.
func (s *Store) Verify(ctx context.Context) (damaged int, err error) {
	damaged, err = s.eachReadable(ctx, func(bot.Record) error { return nil }, func(bot.Record) {})
	if err == nil && damaged > 0 {
		err = bot.ErrBroken
	}
	return damaged, err
}

// scan goes through all records: f is called with each, gone with an empty record of its kind for each that was erased, and
// damaged ones are counted.
type scan struct {
	f       func(bot.Record) error
	gone    func(bot.Record)
	damaged int
}

// take hands out what reading one record came to. Its error ends the scan.
func (c *scan) take(r, empty bot.Record, err error) error {
	switch {
	case errors.Is(err, bot.ErrBroken):
		c.damaged++
		return nil
	case record.IsErased(err):
		c.gone(empty)
		return nil
	case err != nil:
		return err
	}
	return c.f(r)
}

// eachReadable hands out every record that can be read, and counts those that are damaged.
func (s *Store) eachReadable(
	ctx context.Context, f func(bot.Record) error, gone func(bot.Record),
) (damaged int, err error) {
	c := &scan{f: f, gone: gone}
	for _, kind := range s.kinds() {
		if kind.open == nil {
			err = s.eachTask(ctx, c)
		} else {
			err = s.eachOf(ctx, kind, c)
		}
		if err != nil {
			return c.damaged, err
		}
	}
	return c.damaged, nil
}

// eachOf goes through the records of a kind.
func (s *Store) eachOf(ctx context.Context, kind kind, c *scan) error {
	at := scanned{key: []byte{}, second: -1}
	for {
		var page []scanned
		err := s.read(ctx, func(q querier) error {
			page = nil
			var r scanned
			return each(ctx, q, []any{&r.key, &r.second, &r.name, &r.stored, &r.version, &r.word}, func() error {
				page, r = append(page, r), scanned{}
				return nil
			}, kind.sql, at.key, at.second, chunkSize)
		})
		if err != nil {
			return err
		}
		for i := range page {
			r, err := kind.open(&page[i])
			if err := c.take(r, kind.empty, err); err != nil {
				return err
			}
		}
		if len(page) < chunkSize {
			return nil
		}
		at = page[len(page)-1]
	}
}

// eachTask goes through the tasks.
func (s *Store) eachTask(ctx context.Context, c *scan) error {
	for after := int64(-1); ; {
		var page []taskRow
		err := s.read(ctx, func(q querier) (err error) {
			page, err = scanTasks(ctx, q, `SELECT `+taskColumns+` FROM tasks t WHERE seq > $1 ORDER BY seq LIMIT $2`, after, chunkSize)
			return err
		})
		if err != nil || len(page) == 0 {
			return err
		}
		for i := range page {
			t, err := s.readTask(&page[i])
			empty := bot.Record{Task: &bot.TaskRecord{State: bot.TaskState(page[i].state)}}
			if err := c.take(bot.Record{Task: &t}, empty, err); err != nil {
				return err
			}
		}
		after = page[len(page)-1].seq
	}
}

func (s *Store) scanOrder(r *scanned) (bot.Record, error) {
	o, err := s.openOrder(r.key, r.version, r.stored)
	return bot.Record{Order: &o}, err
}

func (s *Store) scanPerson(r *scanned) (bot.Record, error) {
	id, err := s.personOf(r.key, r.name)
	if err != nil {
		return bot.Record{}, err
	}
	p, err := s.openPerson(id, r.key, r.version, r.stored)
	return bot.Record{Person: &p}, err
}

func (s *Store) scanConversation(r *scanned) (bot.Record, error) {
	name, err := s.name(r.key, r.name)
	if err != nil {
		return bot.Record{}, err
	}
	c, _, err := s.openConversation(bot.Key(name), r.key, r.version, r.stored)
	return bot.Record{Conversation: &c}, err
}

func (s *Store) scanEntry(r *scanned) (bot.Record, error) {
	name, err := s.name(r.key, r.name)
	if err != nil {
		return bot.Record{}, err
	}
	e, err := s.openEntry(bot.Key(name), r.key, r.second, r.stored)
	return bot.Record{Entry: &e}, err
}

func (s *Store) scanSaid(r *scanned) (bot.Record, error) {
	name, err := s.name(r.key, r.name)
	if err != nil {
		return bot.Record{}, err
	}
	said, err := s.openSaid(bot.Room(name), r.key, r.second, r.version, r.stored, nil, nil, nil, nil)
	return bot.Record{Said: &said}, err
}

func (s *Store) scanValue(r *scanned) (bot.Record, error) {
	value, err := s.decrypt(r.stored, "values", []byte(r.word))
	return bot.Record{Value: &bot.Value{Name: r.word, Value: slices.Clone(value)}}, err
}
