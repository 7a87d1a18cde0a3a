package bolt

import (
	"errors"

	"nevermind/bot"
)

// Lock keeps everybody else from opening the file at path until release is called: so that it can be put out of the way.
// ErrLocked: somebody has it open. A damaged file is nobody's.
func Lock(path string) (release func() error, err error) {
	db, err := openMap(path, 0, nil)
	if errors.Is(err, bot.ErrBroken) {
		return func() error { return nil }, nil
	}
	if err != nil {
		return nil, err
	}
	return func() error { return catchDamage(db.Close) }, nil
}
