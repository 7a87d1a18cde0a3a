package telegram

import (
	"context"
	"encoding/json"
	"log/slog"

	"nevermind/bot"
)

// intake stores one update through the inbox. Nil permits to acknowledge it: it is stored, was stored before, or is
// nothing for this bot. With an error it must come again; intake is idempotent, since the inbox deduplicates by message id.
// The webhook calls it directly, and polling through pollLanes, which retries it. An update that cannot be read, or that makes
// the adapter panic, becomes a dead letter, so that it does not come again for ever.
func (a *Adapter) intake(ctx context.Context, p parsedUpdate) (err error) {
	defer func() {
		if r := recover(); r != nil {
			a.cfg.Log.Error("an update could not be taken", slog.Any("why", r))
			err = a.discard(ctx, p.raw)
		}
	}()
	if p.update == nil {
		return a.discard(ctx, p.raw)
	}
	m, ours := message(p.update, a.self())
	switch {
	case p.update.MyChatMember != nil:
		return a.intakeMember(ctx, m.ID, p.update.MyChatMember)
	case !ours:
		a.ignore(p, m.ID)
		return nil
	}
	a.cfg.Meter.Count("updates", adapterName, 1)
	a.noteTopic(ctx, p.update)
	if p.update.Callback != nil {
		return a.intakePress(ctx, p.update.Callback, m, p.open)
	}
	return a.intakeMessage(ctx, m)
}

// intakeMessage stores a message; the engine has its files fetched afterwards.
func (a *Adapter) intakeMessage(ctx context.Context, m bot.Message) error {
	if !m.Public {
		a.typing.start(m.Room)
	}
	return a.currentInbox().Receive(ctx, m)
}

// intakeMember stores that a person has blocked the bot or unblocked it.
func (a *Adapter) intakeMember(ctx context.Context, id string, u *memberUpdate) error {
	can, known := u.canWrite()
	p, able := a.currentInbox().(bot.BlockListener)
	if !known || !able {
		return nil
	}
	return p.Blocked(ctx, id, roomOf(u.Chat.ID), accountOf(u.From.ID), can)
}

// intakePress stores a press and sees that it is answered: at once where the inbox says what with, else when the engine has
// words for it or time is over. Where the press was on the duplicate of a card, the duplicate loses its buttons.
func (a *Adapter) intakePress(ctx context.Context, c *callbackQuery, m bot.Message, open bool) error {
	a.pressAnswers.start(m.ID, c.ID, m.Room, open)
	a.typing.start(m.Room)
	words, decided, err := a.receivePress(ctx, m)
	if err != nil {
		return err
	}
	a.pressAnswers.committed(m.ID)
	switch {
	case decided && open:
		a.pressAnswers.answer(m.ID, words) // in the response
	case decided:
		go a.pressAnswers.answer(m.ID, words)
	}
	a.typing.stop(m.Room) // the reply to a press comes at once, if there is one
	if c.Message != nil && a.duplicates.isDuplicate(c.Data, c.Message.ID) {
		go a.stripDuplicate(context.WithoutCancel(ctx), c.Message.Chat.ID, c.Message.ID)
	}
	return nil
}

// receivePress stores a press. Words are its answer where decided, which not every inbox knows, and none at once.
func (a *Adapter) receivePress(ctx context.Context, m bot.Message) (words string, decided bool, err error) {
	in := a.currentInbox()
	if p, able := in.(bot.PressInbox); able {
		return p.ReceivePress(ctx, m)
	}
	return "", false, in.Receive(ctx, m)
}

// stripDuplicate takes the buttons off a card's duplicate. Where that fails, presses on them are answered as late ones.
func (a *Adapter) stripDuplicate(ctx context.Context, chat, message int64) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	if err := a.strip(ctx, chat, message, bot.Delivery{Attempt: 1}); err != nil {
		a.cfg.Log.Debug("a duplicate keeps its buttons", slog.Any("why", err))
	}
}

// discard stores an update that cannot be read as a dead letter, without any token in it. An inbox that keeps no dead letters
// drops it.
func (a *Adapter) discard(ctx context.Context, raw json.RawMessage) error {
	a.cfg.Meter.Count("updates_unreadable", adapterName, 1)
	id := rawMessageID(a.self(), raw)
	a.answerUnreadable(id, raw)
	if d, able := a.currentInbox().(bot.Discarder); able {
		return d.Discard(ctx, id, adapterName, redactTokens(raw), "an update that cannot be read")
	}
	a.cfg.Log.Error("an update cannot be read and is dropped", "message", id)
	return nil
}
