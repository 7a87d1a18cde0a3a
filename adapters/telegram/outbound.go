package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"nevermind/bot"
)

// Turn waits until the rate limit of a delivery's chat lets it out, or fails with a bot.Later where that is far. Send follows
// at once and does not wait again. The answer to a press is no message and has no limit.
func (a *Adapter) Turn(ctx context.Context, d bot.Delivery) error {
	chat, err := chatOf(d.Reply.Room)
	if d.Reply.Mode == bot.Aside || err != nil {
		return nil // no message, or none that Send will take
	}
	chat = a.sendState.currentChat(ctx, chat)
	if d.Reply.Mode == bot.Strip && a.buttonless.has(chat, messageOf(d.Ref)) {
		return nil // no call
	}
	changes := d.Reply.Mode == bot.Strip || d.Reply.Mode == bot.Edit && messageOf(d.Ref) != 0
	return a.pace.awaitTurn(ctx, chat, d.ID, sendKind{changes: changes, last: d.Reply.Last})
}

// Send makes one attempt at a delivery, by the mode of its reply:
//
//	New     sends it as new messages, and returns the reference to the last, which has the buttons
//	Edit    puts it in place of the message that Ref names; without a Ref it is new
//	Strip   takes the buttons off the message that Ref names
//	Aside   answers the press that Press names with its text; no message is sent
//
// Its errors are those of bot.Adapter: with a bot.ErrNotSent nothing has arrived, and with an error of no kind that is unclear,
// so that a further attempt may duplicate a new message. Edit and Strip are idempotent, and never end unclear: see
// callIdempotent.
func (a *Adapter) Send(ctx context.Context, d bot.Delivery) (bot.Ref, error) {
	if d.Reply.Mode == bot.Aside {
		a.pressAnswers.answer(d.Reply.Press, d.Reply.Text)
		return "", nil
	}
	chat, err := chatOf(d.Reply.Room)
	if err != nil {
		return "", fmt.Errorf("%w: %w", bot.ErrRefused, err)
	}
	a.pressAnswers.replied(d.Reply.Room)
	defer a.typing.stop(d.Reply.Room)
	defer a.chatMenus.markDue(chat)
	// A turn that the attempt has not used ends with it: the next attempt waits for its own.
	defer a.pace.useTurn(chat, d.ID, time.Now())
	chat = a.sendState.currentChat(ctx, chat)
	switch message := messageOf(d.Ref); {
	case d.Reply.Mode == bot.Strip:
		return d.Ref, a.strip(ctx, chat, message, d)
	case d.Reply.Mode == bot.Edit && message != 0:
		return a.edit(ctx, chat, message, d)
	default:
		return a.sendNew(ctx, chat, d)
	}
}

// sendNew sends a reply in as many messages as it takes. How many parts have been sent is stored after each, so that an
// attempt which fails half-way is resumed there by the next and no part is sent again.
func (a *Adapter) sendNew(ctx context.Context, chat int64, d bot.Delivery) (bot.Ref, error) {
	parts := a.parts(d, render(&d.Reply, a.commands))
	from := 0
	if len(parts) > 1 {
		from = a.sendState.sentParts(ctx, d.ID)
	}
	var ref bot.Ref
	for i := min(from, len(parts)-1); i < len(parts); i++ {
		result, err := a.call(ctx, chat, d, false, parts[i])
		if i < len(d.Reply.Files) && d.Attempt >= maxFileAttempts && tooSlow(err) {
			err = a.leaveOut(ctx, d, i)
		}
		if err != nil {
			return "", a.recordAttempt(ctx, d, len(parts) > 1, err)
		}
		ref = refIn(result)
		if i+1 < len(parts) {
			if err := a.sendState.setSentParts(ctx, d.ID, i+1); err != nil {
				return "", fmt.Errorf("%w: %w", bot.ErrNotSent, err)
			}
		}
	}
	a.recordDuplicate(d, ref)
	a.buttonless.set(chat, messageOf(ref), len(d.Reply.Choices) > 0)
	return ref, a.recordAttempt(ctx, d, len(parts) > 1, nil)
}

// apiCall makes one call of the Bot API about a chat and returns its raw result. It may be made again elsewhere, where a group
// has moved or a topic is gone.
type apiCall func(ctx context.Context, to target) (json.RawMessage, error)

// target is where a call goes: a chat, and for a new message a topic in it, 0 is none.
type target struct{ chat, topic int64 }

// parts are the calls that send a reply: its files, then its pages. Only the first page is shown under the card, and only the
// last has the buttons.
func (a *Adapter) parts(d bot.Delivery, pages []page) []apiCall {
	var parts []apiCall
	for _, f := range d.Reply.Files {
		parts = append(parts, a.sendFile(f, d.Reply.Quiet))
	}
	for i, p := range pages {
		params := tg.SendMessageParams{
			Text: p.text, Entities: p.entities, LinkPreviewOptions: noPreview(), DisableNotification: d.Reply.Quiet,
		}
		if i == 0 {
			params.ReplyParameters = replyUnder(d.Under)
		}
		if i == len(pages)-1 {
			params.ReplyMarkup = keyboard(d.Reply.Choices)
		}
		parts = append(parts, func(ctx context.Context, to target) (json.RawMessage, error) {
			params.ChatID, params.MessageThreadID = to.chat, int(to.topic)
			return orPlain(&params.Entities, func() (json.RawMessage, error) { return a.calls.call(ctx, "sendMessage", &params) })
		})
	}
	return parts
}

// replyUnder shows a message as a reply to its record's card, one touch away from the buttons there; nil where there is none.
// It is sent all the same where somebody has deleted the card.
func replyUnder(card bot.Ref) *models.ReplyParameters {
	message, err := parseID(string(card))
	if err != nil {
		return nil
	}
	return &models.ReplyParameters{MessageID: int(message), AllowSendingWithoutReply: true}
}

// noPreview keeps Telegram from showing what a link in a message leads to.
func noPreview() *models.LinkPreviewOptions { return &models.LinkPreviewOptions{IsDisabled: tg.True()} }

// orPlain sends a text, and sends it once more without its entities where Telegram refuses those.
func orPlain(entities *[]models.MessageEntity, send func() (json.RawMessage, error)) (json.RawMessage, error) {
	result, err := send()
	if entitiesRefused(err) {
		*entities = nil
		return send()
	}
	return result, err
}

// edit changes the message that a delivery names into its reply. What no longer fits in one message is a bot.ErrCardGone, so
// that it is sent anew; the old message loses its buttons.
func (a *Adapter) edit(ctx context.Context, chat, message int64, d bot.Delivery) (bot.Ref, error) {
	pages := render(&d.Reply, a.commands)
	if len(pages) > 1 || len(d.Reply.Files) > 0 {
		if err := a.strip(ctx, chat, message, d); err != nil && !errors.Is(err, bot.ErrCardGone) {
			return "", err
		}
		return "", fmt.Errorf("%w: too long for one message", bot.ErrCardGone)
	}
	buttons := len(d.Reply.Choices) > 0
	if buttons {
		a.buttonless.set(chat, message, true)
	}
	p := tg.EditMessageTextParams{
		MessageID: int(message), Text: pages[0].text, Entities: pages[0].entities, LinkPreviewOptions: noPreview(),
		ReplyMarkup: keyboard(d.Reply.Choices),
	}
	err := a.callIdempotent(ctx, chat, d, func(ctx context.Context, to target) (json.RawMessage, error) {
		p.ChatID = to.chat
		return orPlain(&p.Entities, func() (json.RawMessage, error) { return a.calls.call(ctx, "editMessageText", &p) })
	})
	if err == nil {
		a.buttonless.set(chat, message, buttons)
	}
	return d.Ref, err
}

// strip takes the buttons off a message, unless it is known to have none; 0 names no message.
func (a *Adapter) strip(ctx context.Context, chat, message int64, d bot.Delivery) error {
	if message == 0 || a.buttonless.has(chat, message) {
		return nil
	}
	err := a.callIdempotent(ctx, chat, d, func(ctx context.Context, to target) (json.RawMessage, error) {
		params := tg.EditMessageReplyMarkupParams{ChatID: to.chat, MessageID: int(message)}
		return a.calls.call(ctx, "editMessageReplyMarkup", &params)
	})
	if err == nil {
		a.buttonless.set(chat, message, false)
	}
	return err
}

// call makes one call within the chat's rate limit and returns its raw result; changes says that it sends no new message. The
// error is classified. Where Telegram says that the group has moved, or that the topic is gone, that is stored, and the call is
// made once more in the new chat, or without the topic.
func (a *Adapter) call(ctx context.Context, chat int64, d bot.Delivery, changes bool, do apiCall) (json.RawMessage, error) {
	if err := a.pace.wait(ctx, chat, d.ID, sendKind{changes: changes, last: d.Reply.Last}); err != nil {
		return nil, err
	}
	to := target{chat: chat}
	if !changes {
		to.topic = a.sendState.topic(ctx, chat)
	}
	result, err := do(ctx, to)
	var refused *apiError
	if errors.As(err, &refused) && (refused.MigrateTo != 0 || to.topic != 0 && refused.describedAs(goneTopicErrors...)) {
		if to, err = a.redirect(ctx, to, refused); err != nil {
			return nil, fmt.Errorf("%w: %w", bot.ErrNotSent, err)
		}
		result, err = do(ctx, to)
	}
	if err := a.afterCall(to.chat, err, d.Attempt); err != nil {
		return nil, err
	}
	return result, nil
}

// redirect is where a call goes that was refused since its group has moved or its topic is gone. That is stored.
func (a *Adapter) redirect(ctx context.Context, to target, refused *apiError) (target, error) {
	if refused.MigrateTo == 0 {
		return target{chat: to.chat}, a.sendState.setTopic(ctx, to.chat, 0)
	}
	return target{chat: refused.MigrateTo}, a.sendState.setMoved(ctx, to.chat, refused.MigrateTo)
}

// afterCall adapts the rate limit and the readiness to how a call has ended, and classifies its error.
func (a *Adapter) afterCall(chat int64, err error, attempt int) error {
	var refused *apiError
	if err == nil || errors.As(err, &refused) && refused.Code < 500 {
		a.idempotent.sawAnswer(time.Now())
	}
	switch {
	case err == nil:
		a.pace.accepted()
		a.clearProblem("token")
	case errors.As(err, &refused) && refused.Code == http.StatusTooManyRequests:
		a.cfg.Meter.Count("told_to_wait", adapterName, 1)
		a.pace.retryAfter(chat, refused.RetryAfter, time.Now())
	case errors.As(err, &refused) && refused.unauthorized():
		a.reportProblem(a.describeProblem("token", err))
	}
	return classify(err, attempt)
}

// recordAttempt remembers how an attempt has ended, for the next one, and forgets a delivery that needs no other. It returns
// the attempt's error.
func (a *Adapter) recordAttempt(ctx context.Context, d bot.Delivery, severalParts bool, err error) error {
	// A card that is gone is sent anew under the same delivery, so that delivery is not over.
	over := err == nil || errors.Is(err, bot.ErrGone) || errors.Is(err, bot.ErrRefused)
	a.duplicates.attempted(d.ID, over, err != nil && !over && !errors.Is(err, bot.ErrNotSent))
	if severalParts && over {
		if saved := a.sendState.setSentParts(ctx, d.ID, 0); saved != nil && err == nil {
			a.cfg.Log.Warn("what was half said is not forgotten", "task", d.ID)
		}
	}
	return err
}

// recordDuplicate remembers which message is the card where an earlier copy may have arrived. The engine counts the attempts
// whose end was unclear; one that a crash has cut off is counted here, since it left nothing but the attempt.
func (a *Adapter) recordDuplicate(d bot.Delivery, ref bot.Ref) {
	if !d.Unsure && !a.duplicates.isUnclear(d.ID) {
		return
	}
	if d.Unsure {
		a.cfg.Meter.Count("twins", adapterName, 1)
	}
	if message, err := parseID(string(ref)); err == nil {
		a.duplicates.remember(d.Reply.Choices, message)
	}
}
