package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"nevermind/bot"
)

// again hears a message that was stored to be heard later: one that was set aside, or that waits in its room's album lane.
func (r *receiver) again(ctx context.Context, l bot.Lease) error {
	var m bot.Message
	if err := json.Unmarshal([]byte(l.Task.Facts["message"]), &m); err != nil {
		return r.tasks.settle(ctx, l, bot.GivenUp("cannot be decoded"))
	}
	if l.Task.Lane == albumLane(m.Room) {
		return r.hearInLane(ctx, l, m)
	}
	return r.hearStored(ctx, l, m, nil)
}

// hearStored makes the turn of a stored message; that commit settles the task, and adds to the room's log what is not there
// yet. Where the turn cannot be made, the message is tried later.
func (r *receiver) hearStored(ctx context.Context, l bot.Lease, m bot.Message, said *bot.Message) error {
	err := r.settleByHearing(ctx, m, bot.Commit{Said: said, Settle: &bot.Settlement{Lease: l}})
	return r.tasks.finish(ctx, l, bot.Finished(), err, r.tasks.tryLater(ctx, l))
}

// settleByHearing hears a stored message under an id of its own, for the message's has been handled by storing it. A message
// that no flow can hear any more is a fault of ours, not a message that was heard.
func (r *receiver) settleByHearing(ctx context.Context, m bot.Message, c bot.Commit) error {
	c.Handled = "again:" + m.ID
	err := r.hear(ctx, m, c)
	if errors.Is(err, bot.ErrNone) {
		return fmt.Errorf("%w: %w", errTurn, err)
	}
	return err
}
