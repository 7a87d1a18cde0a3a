package bolt

import (
	"errors"

	"nevermind/bot"
)

// Lock keeps everybody else from opening the file at path until release is called, so that it can
// be renamed safely. It holds the same file lock as Open does.
//
// ErrLocked: another process has the file open. A damaged file cannot be opened by anybody, so it
// counts as locked at once, and release does nothing.
func Lock(path string) (release func() error, err error) {
	db, err := openMap(path, 0, []Option{func(o *options) { o.lockOnly = true }})
	if errors.Is(err, bot.ErrBroken) {
		return func() error { return nil }, nil
	}
	if err != nil {
		return nil, err
	}
	return func() error { return catchDamage(db.Close) }, nil
}
