package bolt

import (
	"bytes"
	"context"

	"nevermind/store/record"

	"nevermind/bot"
)

// Value returns what is kept under a name. ErrNone: nothing is.
func (s *Store) Value(ctx context.Context, name string) (value []byte, err error) {
	err = s.view(ctx, func(tx *transaction) error {
		v := bucketIn(tx, values).Get([]byte(name))
		if v == nil {
			return bot.ErrNone
		}
		value = bytes.Clone(v)
		return nil
	})
	return value, err
}

// SetValue keeps something small under a name and overwrites what was there. The value is copied.
func (s *Store) SetValue(ctx context.Context, name string, value []byte) error {
	if err := record.ValidName("value", name); err != nil {
		return err
	}
	value = bytes.Clone(value)
	return s.update(ctx, func(b *writeBatch) error {
		b.put(values, []byte(name), value)
		return nil
	})
}
