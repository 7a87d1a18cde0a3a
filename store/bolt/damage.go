package bolt

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	berrors "go.etcd.io/bbolt/errors"

	"nevermind/bot"
)

// catchDamage runs f and turns a panic or a memory fault in it into ErrBroken.
//
// A damaged file shows itself as a panic in bbolt, or as a fault where a page leads outside the
// mapped file. Everything that touches the file goes through here, on the goroutine that calls it.
func catchDamage(f func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", bot.ErrBroken, p)
		}
	}()
	return f()
}

// readable reads one record, so that damage in it does not end the reading of others.
func readable[T any](read func() (T, error)) (out T, err error) {
	err = catchDamage(func() (err error) {
		out, err = read()
		return err
	})
	return out, err
}

// view runs f in a read transaction. It must be short, since bbolt cannot reuse freed pages
// meanwhile, and what it hands out must be copied: the bytes are the mapped file's.
func (s *Store) view(ctx context.Context, f func(tx *transaction) error) error {
	return s.viewIn(ctx, s.db.View, f)
}

// viewIn is view in a transaction of that kind.
func (s *Store) viewIn(ctx context.Context, view func(func(tx *transaction) error) error, f func(tx *transaction) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := s.writeError(); err != nil {
		return err
	}
	err := catchDamage(func() error { return view(f) })
	if errors.Is(err, berrors.ErrDatabaseNotOpen) {
		return bot.ErrClosed
	}
	return err
}

// failForGood makes the store refuse everything from now on: after a commit that failed nobody
// knows what the file holds. The first failure is the one that is told.
func (s *Store) failForGood(err error) {
	if !errors.Is(err, bot.ErrBroken) {
		err = commitFailed{err}
	}
	s.fatal.CompareAndSwap(nil, &err)
}

// commitFailed is a commit that could not be written, on a full disk mostly. To the program it is
// ErrBroken; to people nothing is damaged: what was acknowledged is there at the next start.
type commitFailed struct{ error }

// Error says what to do.
func (u commitFailed) Error() string {
	return fmt.Sprintf("the store cannot be written: %v; nothing acknowledged is lost: make room and start again", u.error)
}

// Unwrap makes it ErrBroken besides what it is.
func (u commitFailed) Unwrap() []error { return []error{bot.ErrBroken, u.error} }

// writeError is the failure after which nothing is accepted; nil while the store works.
func (s *Store) writeError() error {
	if err := s.fatal.Load(); err != nil {
		return *err
	}
	return nil
}
