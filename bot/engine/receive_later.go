package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"nevermind/bot"
)

// keepForLater stores the raw message of a turn that could not be made, to be heard later by a task of that id, in a commit
// with what is already in c. The person is told that something went wrong.
func (r *receiver) keepForLater(ctx context.Context, m bot.Message, c bot.Commit, id string, why error) error {
	r.cfg.Meter.Count("set_aside", m.Room.Adapter(), 1)
	r.cfg.Log.Error("a message is kept for later", "message", bot.Trace(m.ID), "adapter", m.Room.Adapter(), slog.Any("why", why))
	now := r.now()
	again, err := receiveTask(id, "again:"+string(m.Room), m, now)
	if err != nil {
		return err
	}
	again.NotBefore = now.Add(firstPause)
	who, unknown := r.personAt(ctx, m.Account)
	if unknown != nil || who.ID == "" {
		who = &bot.Person{Language: r.rules.Speaks(m.Language)}
	}
	sorry := bot.Reply{Room: m.Room, Mode: bot.New, Text: r.notice(who, bot.RefusedFailed, nil), Chatter: true}
	c.At, c.Tasks = now, []bot.Task{again, sendTask("sorry:"+m.ID, bot.PostClass, sorry, now)}
	if err := r.commit(ctx, &c); errors.Is(err, bot.ErrSeen) {
		return nil
	} else if err != nil {
		return err
	}
	r.cfg.CrashPoint(bot.KeptForLater)
	return nil
}

// receiveTask is the task that hears a message later; the whole message is in its facts.
func receiveTask(id, lane string, m bot.Message, made time.Time) (bot.Task, error) {
	raw, err := json.Marshal(m)
	if err != nil {
		return bot.Task{}, fmt.Errorf("store a message for later: %w", err)
	}
	facts := bot.Facts{"message": string(raw)}
	return bot.Task{ID: id, Lane: lane, Do: bot.DoReceive, Class: bot.InnerClass, Facts: facts, Made: made}, nil
}

// again hears a message that was stored to be heard later: one whose turn failed, or that waits in its room's album lane.
func (r *receiver) again(ctx context.Context, l bot.Lease) error {
	var m bot.Message
	if err := json.Unmarshal([]byte(l.Task.Facts["message"]), &m); err != nil {
		return r.settler.settle(ctx, l, bot.GivenUp("cannot be decoded"))
	}
	if l.Task.Lane == albumLane(lineOf(&m)) {
		return r.hearInLane(ctx, l, m)
	}
	return r.hearStored(ctx, l, m, nil)
}

// hearStored makes the turn of a stored message; that commit settles the task, and adds to the room's log what is not there
// yet. Where the turn cannot be made, the message is tried later.
func (r *receiver) hearStored(ctx context.Context, l bot.Lease, m bot.Message, said *bot.Message) error {
	err := r.settleByHearing(ctx, m, bot.Commit{Said: said, Settle: &bot.Settlement{Lease: l}})
	return r.settler.finish(ctx, l, bot.Finished(), err, r.settler.tryLater(ctx, l))
}

// settleByHearing hears a stored message under an id of its own, for the message's has been handled by storing it. A message
// that no flow can hear any more is a fault of ours, not a message that was heard.
func (r *receiver) settleByHearing(ctx context.Context, m bot.Message, c bot.Commit) error {
	c.Handled = "again:" + m.ID
	err := r.route(ctx, m, c)
	if errors.Is(err, bot.ErrNone) {
		return fmt.Errorf("%w: %w", errTurn, err)
	}
	return err
}
