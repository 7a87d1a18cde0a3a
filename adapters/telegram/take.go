package telegram

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"log/slog"
	"strconv"

	"nevermind/bot"
)

// take reads one update and hands it on.
func (a *Adapter) take(ctx context.Context, raw json.RawMessage) error {
	return a.store(ctx, read(raw))
}

// store hands one update on. Nil means that it is stored, or is nothing for us: it may be acknowledged. One at which we
// fall over is set aside like one that cannot be read.
func (a *Adapter) store(ctx context.Context, j job) (err error) {
	defer func() {
		if r := recover(); r != nil {
			a.cfg.Log.Error("an update could not be taken", slog.Any("why", r))
			err = a.discard(ctx, j.raw)
		}
	}()
	if j.update == nil {
		return a.discard(ctx, j.raw)
	}
	u := j.update
	m, ours := message(u, a.whoAmI())
	if u.MyChatMember != nil {
		return a.takeDoor(ctx, u, m.ID)
	}
	if !ours {
		a.cfg.Meter.Count("updates_not_ours", name, 1)
		return nil
	}
	a.cfg.Meter.Count("updates", name, 1)
	if u.Callback != nil {
		return a.takePress(ctx, u, m)
	}
	if !m.Public {
		a.typing.awaits(m.Room)
		if u.Message != nil {
			defer a.expect(&m)()
			if err := a.collect(ctx, u.Message, &m); err != nil {
				return err
			}
		}
	}
	return a.box().Receive(ctx, m)
}

// expect tells the house that a part of an album is on its way, until what it returns is called.
func (a *Adapter) expect(m *bot.Message) (came func()) {
	if e, able := a.box().(bot.Expecter); able && m.Album != "" {
		return e.Expect(m.Room, m.Album)
	}
	return func() {}
}

// takeDoor hands on that somebody has blocked us, or lets us write again.
func (a *Adapter) takeDoor(ctx context.Context, u *update, id string) error {
	open, told := u.MyChatMember.door()
	p, able := a.box().(bot.BlockListener)
	if !told || !able {
		return nil
	}
	return p.Blocked(ctx, id, roomOf(u.MyChatMember.Chat.ID), accountOf(u.MyChatMember.From.ID), open)
}

// takePress hands a press on and sees that it is answered. Below a message of which there are two, the one that was not
// the card loses its buttons.
func (a *Adapter) takePress(ctx context.Context, u *update, m bot.Message) error {
	c := u.Callback
	a.presses.came(m.ID, c.ID, m.Room)
	a.typing.awaits(m.Room)
	if err := a.box().Receive(ctx, m); err != nil {
		return err
	}
	a.presses.kept(m.ID)
	a.typing.answered(m.Room) // whatever is said now comes at once, if anything is
	if a.sent.isTwin(c.Data, c.Message.ID) {
		go a.tidy(context.WithoutCancel(ctx), c.Message.Chat.ID, c.Message.ID)
	}
	return nil
}

// tidy takes the buttons away from a twin; where that fails they are answered as late ones.
func (a *Adapter) tidy(ctx context.Context, chat, message int64) {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	if err := a.strip(ctx, chat, message, bot.Delivery{Attempt: 1}); err != nil {
		a.cfg.Log.Debug("a twin keeps its buttons", slog.Any("why", err))
	}
}

// discard sets aside what cannot be read, so that it holds up nobody.
func (a *Adapter) discard(ctx context.Context, raw json.RawMessage) error {
	a.cfg.Meter.Count("updates_unreadable", name, 1)
	id := a.idOf(raw)
	if d, ok := a.box().(bot.Discarder); ok {
		return d.Discard(ctx, id, name, withoutTokens(raw), "an update that cannot be read")
	}
	a.cfg.Log.Error("an update cannot be read and is dropped", "message", id)
	return nil
}

// idOf is the id of an update of which nothing else may be readable.
func (a *Adapter) idOf(raw json.RawMessage) string {
	ours := "tg:" + strconv.FormatInt(a.whoAmI().id, 10) + ":"
	if id, ok := updateID(raw); ok {
		return ours + strconv.FormatInt(id, 10)
	}
	sum := sha256.Sum256(raw)
	return ours + "raw:" + hex.EncodeToString(sum[:16])
}

func updateID(raw json.RawMessage) (int64, bool) {
	var one struct {
		ID *int64 `json:"update_id"`
	}
	if json.Unmarshal(raw, &one) != nil || one.ID == nil {
		return 0, false
	}
	return *one.ID, true
}
