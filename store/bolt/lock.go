package bolt

import (
	"errors"
	"io/fs"
	"os"

	"nevermind/bot"
)

// Lock keeps everybody else from opening the file at path until release is called, so that it can
// be renamed safely. It holds the same file lock as Open does, and brings what a crash has left in a log into the file, if that
// can be done.
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
	_ = catchDamage(db.replay) // it stays as it is, and goes where the file goes
	return func() error { return catchDamage(db.Close) }, nil
}

// Rename gives a file that nobody has open another name, with its log where it has one.
func Rename(path, to string) error {
	if err := os.Rename(path, to); err != nil {
		return err
	}
	logs, logsTo := walPaths(path), walPaths(to)
	for i := range logs {
		if err := os.Rename(logs[i], logsTo[i]); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// Remove removes a file that nobody has open, with its log.
func Remove(path string) error { return errors.Join(os.Remove(path), removeWAL(path)) }
