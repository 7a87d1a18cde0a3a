// Package transfer brings all that one store holds into another, of any kind: row by row, as both know them (record.Row). It
// goes on where it was cut short.
package transfer

import (
	"bytes"
	"context"
	"errors"

	"nevermind/store/record"
)

// Source hands out what it holds, always in the same order while nobody writes to it.
type Source interface {
	Rows(ctx context.Context, take func(record.Row) error) error
}

// Target takes rows in. Taken is how many it has, with their digest, as the last Take has said: both are written together with
// the rows. Finish is called once all are there.
type Target interface {
	Taken(ctx context.Context) (n int, digest []byte, err error)
	Take(ctx context.Context, rows []record.Row, n int, digest []byte) error
	Finish(ctx context.Context) error
}

// ErrChanged is the error where a move is to go on that began with other rows: somebody has worked on the source since. The
// target is to be begun anew.
var ErrChanged = errors.New("what is moved has changed since the move began")

// atOnce is how many rows are taken in together.
const atOnce = 2000

// Copy copies every row; heard is told how many are there by now.
func Copy(ctx context.Context, from Source, to Target, heard func(n int)) error {
	taken, before, err := to.Taken(ctx)
	if err != nil {
		return err
	}
	c := copying{to: to, taken: taken, before: before, heard: heard}
	err = from.Rows(ctx, func(r record.Row) error { return c.row(ctx, r) })
	if err == nil && c.n < taken {
		err = ErrChanged
	}
	if err == nil {
		err = c.flush(ctx)
	}
	if err != nil {
		return err
	}
	return to.Finish(ctx)
}

// copying is one run of Copy.
type copying struct {
	to     Target
	taken  int // rows that are there already
	before []byte
	heard  func(n int)

	n      int
	digest []byte // of those so far
	rows   []record.Row
}

func (c *copying) row(ctx context.Context, r record.Row) (err error) {
	if c.digest, err = record.AppendDigest(c.digest, r); err != nil {
		return err
	}
	c.n++
	if c.n <= c.taken {
		if c.n == c.taken && !bytes.Equal(c.digest, c.before) {
			return ErrChanged
		}
		return nil
	}
	if c.rows = append(c.rows, r); len(c.rows) < atOnce {
		return nil
	}
	return c.flush(ctx)
}

func (c *copying) flush(ctx context.Context) error {
	if err := ctx.Err(); err != nil || len(c.rows) == 0 {
		return err
	}
	err := c.to.Take(ctx, c.rows, c.n, c.digest)
	c.rows = c.rows[:0]
	if err == nil {
		c.heard(c.n)
	}
	return err
}
