package bolt

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"nevermind/bot"
)

// A damaged file shows itself as a panic in bbolt, or as a fault where a page leads outside the file. Everything that
// touches the file goes through try, on the goroutine that calls it, so that both become ErrBroken.

// catchDamage runs f and turns a panic or a fault in it into ErrBroken.
func catchDamage(f func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", bot.ErrBroken, p)
		}
	}()
	return f()
}

// view runs f in a read transaction. It is to be short, and what it hands out must be copied.
func (s *Store) view(ctx context.Context, f func(tx *bbolt.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := s.writeError(); err != nil {
		return err
	}
	err := catchDamage(func() error { return s.db.View(f) })
	if errors.Is(err, berrors.ErrDatabaseNotOpen) {
		return bot.ErrClosed
	}
	return err
}

// failForGood makes the store refuse everything from now on: after a commit that failed nobody knows what the file holds.
func (s *Store) failForGood(err error) {
	if !errors.Is(err, bot.ErrBroken) {
		err = commitFailed{err}
	}
	s.fatal.CompareAndSwap(nil, &err)
}

// commitFailed is a commit that failed, on a full disk mostly. To the program that is ErrBroken; to people nothing is
// damaged: what was acknowledged is there at the next start.
type commitFailed struct{ error }

// Error says what to do.
func (u commitFailed) Error() string {
	return fmt.Sprintf("the store cannot be written: %v; nothing acknowledged is lost: make room and start again", u.error)
}

// Unwrap makes it ErrBroken besides what it is.
func (u commitFailed) Unwrap() []error { return []error{bot.ErrBroken, u.error} }

func (s *Store) writeError() error {
	if err := s.fatal.Load(); err != nil {
		return *err
	}
	return nil
}
