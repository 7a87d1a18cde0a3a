package record

import (
	"context"
	"errors"
	"fmt"

	"nevermind/bot"
)

// RingMarkName is the value under which a store keeps how many slots its key ring has made, with the ring's name before it. A
// store that is moved to begins its own.
const RingMarkName = "ring_slots"

// namedValues is a store, as far as it keeps values by their names.
type namedValues interface {
	Value(ctx context.Context, name string) ([]byte, error)
	SetValue(ctx context.Context, name string, value []byte) error
}

// GuardSlots has the key ring give no slot out twice where it is an older copy than the store: the store keeps, from now on, how
// many slots were made, and knows of those that the ring lacks. older is how many those are. What is encrypted under them is lost
// until the newest copy is put back.
func (x *Secrets) GuardSlots(ctx context.Context, s namedValues) (older uint32, err error) {
	if x == nil || x.Ring == nil {
		return 0, nil
	}
	made, err := x.Ring.Made()
	if err != nil {
		return 0, fmt.Errorf("the key ring: %w", err)
	}
	mark, err := x.ringMark(ctx, s)
	if err != nil {
		return 0, err
	}
	if made < mark {
		x.Ring.After(mark)
		older = mark - made
	}
	x.markRing(ctx, s, made)
	x.Ring.Watch(func(made uint32) { x.markRing(context.Background(), s, made) })
	return older, nil
}

// ringMark is how many slots of its ring a store knows of; none where it knows of another ring's.
func (x *Secrets) ringMark(ctx context.Context, s namedValues) (made uint32, err error) {
	stored, err := s.Value(ctx, RingMarkName)
	if err != nil && !errors.Is(err, bot.ErrNone) {
		return 0, err
	}
	var name string
	if _, err := fmt.Sscan(string(stored), &name, &made); err != nil || name != x.Ring.Name() {
		return 0, nil //nolint:nilerr // there is none yet
	}
	return made, nil
}

// markRing keeps how many slots there are, never fewer than before. Where that fails, the next time it is kept holds for both.
func (x *Secrets) markRing(ctx context.Context, s namedValues, made uint32) {
	if before, err := x.ringMark(ctx, s); err == nil && before < made {
		_ = s.SetValue(ctx, RingMarkName, fmt.Appendf(nil, "%s %d", x.Ring.Name(), made))
	}
}
