// Package export writes everything that a store holds as JSON lines, for people who want to read, keep or move it
// without this program: docs/export.md is its contract.
//
// It reads a bot.Store through Each and knows nothing of a store's engine. What an order looks like is the shop's
// affair, so its shape is handed in. Nothing by which a reader could act is written: no press tokens, no one-time
// links, none of the program's own secrets.
package export

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"

	"nevermind/bot"
)

// Format is the version of the lines' form. It grows only when a field changes its meaning.
const Format = 1

// Records is the part of bot.Store that an export reads.
type Records interface {
	// Each hands out all that is kept, kind by kind.
	Each(ctx context.Context, f func(bot.Record) error) error
}

// Shape turns an order into what the shop's API shows of it: a value that encoding/json writes as an object with at
// least one field.
type Shape func(bot.Order) any

// Write writes the head line, one line for each record, in the order in which records hands them out, and a last line by which
// Check notices what was cut or changed. On a store that is written to meanwhile the lines are of several moments; on a snapshot
// two exports are the same to the byte. An error of w or of records ends it; what was written until then stands, without a last
// line.
func Write(ctx context.Context, w io.Writer, records Records, shape Shape) error {
	out := bufio.NewWriterSize(w, 64<<10)
	lines := newSummed(out)
	e := newExporter(lines, shape)
	err := e.Encode(headLine{"export", Format})
	if err == nil {
		err = records.Each(ctx, e.record)
	}
	if err == nil {
		err = e.Encode(lines.end())
	}
	return errors.Join(err, out.Flush()) // of a damaged store all that could be read
}

// Task is a task as a line of an export shows it, for encoding/json.
func Task(r *bot.TaskRecord) any { return newTask(r) }

// exporter writes records as lines.
type exporter struct {
	*json.Encoder
	shape Shape
}

func newExporter(w io.Writer, shape Shape) *exporter {
	e := &exporter{json.NewEncoder(w), shape}
	e.SetEscapeHTML(false)
	return e
}

// record writes the line of a record; a value that is the program's own has none.
func (e *exporter) record(r bot.Record) error {
	switch {
	case r.Order != nil:
		return written(e, r.Order, e.order)
	case r.Person != nil:
		return e.Encode(newPerson(r.Person))
	case r.Conversation != nil:
		return e.conversation(r.Conversation)
	case r.Entry != nil:
		return written(e, r.Entry, e.entry)
	case r.Task != nil:
		return e.Encode(newTask(r.Task))
	case r.Said != nil:
		return e.Encode(newMessage(r.Said))
	case r.Value != nil:
		if policy, ok := newPolicy(r.Value); ok {
			return e.Encode(policy)
		}
	}
	return nil
}

// written writes the line of a record whose making can fail.
func written[R, L any](e *exporter, record R, line func(R) (L, error)) error {
	l, err := line(record)
	if err != nil {
		return err
	}
	return e.Encode(l)
}

// conversation writes a conversation and, behind it, its deadlines.
func (e *exporter) conversation(c *bot.Conversation) error {
	if err := e.Encode(newConversation(c)); err != nil {
		return err
	}
	for _, d := range c.Deadlines {
		if err := e.Encode(newDeadline(c, d)); err != nil {
			return err
		}
	}
	return nil
}
