package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"nevermind/bot"
)

// Turn waits until something may be said in its chat, or says that this is far.
func (a *Adapter) Turn(ctx context.Context, d bot.Delivery) error {
	chat, err := a.chatOf(d.Reply.Room)
	if d.Reply.Mode == bot.Aside || err != nil {
		return nil // no message, or none that Send will take
	}
	return a.pace.awaitTurn(ctx, a.sendState.currentChat(ctx, chat), d.ID)
}

// Send says one thing in one chat. What has certainly not arrived is an ErrNotSent; an error of no kind is unclear.
func (a *Adapter) Send(ctx context.Context, d bot.Delivery) (bot.Ref, error) {
	if d.Reply.Mode == bot.Aside {
		a.pressAnswers.answer(d.Reply.Press, d.Reply.Text)
		return "", nil
	}
	chat, err := a.chatOf(d.Reply.Room)
	if err != nil {
		return "", fmt.Errorf("%w: %w", bot.ErrRefused, err)
	}
	a.pressAnswers.replied(d.Reply.Room)
	defer a.typing.stop(d.Reply.Room)
	defer a.chatMenus.markDue(chat)
	defer a.pace.useTurn(chat, d.ID, time.Now()) // whatever is left of its turn
	return a.sendByMode(ctx, a.sendState.currentChat(ctx, chat), d)
}

func (a *Adapter) sendByMode(ctx context.Context, chat int64, d bot.Delivery) (bot.Ref, error) {
	message, _ := parseID(string(d.Ref))
	switch {
	case d.Reply.Mode == bot.Strip:
		return d.Ref, a.strip(ctx, chat, message, d)
	case d.Reply.Mode == bot.Edit && message != 0:
		return a.edit(ctx, chat, message, d)
	default:
		return a.sendNew(ctx, chat, d)
	}
}

// post says something new, in as many messages as it takes. A message that has been said is not said again when a later
// one fails.
func (a *Adapter) sendNew(ctx context.Context, chat int64, d bot.Delivery) (bot.Ref, error) {
	pages := render(&d.Reply, a.commands)
	from := 0
	if len(pages) > 1 || len(d.Reply.Files) > 0 {
		from = a.sendState.sentParts(ctx, d.ID)
	}
	var ref bot.Ref
	steps := a.steps(d, pages)
	for i := min(from, len(steps)-1); i < len(steps); i++ {
		var err error
		if ref, err = a.sendPart(ctx, chat, d, steps[i]); err != nil {
			return "", a.recordAttempt(ctx, d, len(steps) > 1, err)
		}
		if len(steps) > 1 && i+1 < len(steps) {
			if err := a.sendState.setSentParts(ctx, d.ID, i+1); err != nil {
				return "", fmt.Errorf("%w: %w", bot.ErrNotSent, err)
			}
		}
	}
	a.recordDuplicate(d, ref)
	return ref, a.recordAttempt(ctx, d, len(steps) > 1, nil)
}

// step makes one call about a chat.
type step func(ctx context.Context, chat int64) error

// steps are the messages that make up a reply: its files, then its words; only the last carries the buttons.
func (a *Adapter) steps(d bot.Delivery, pages []page) []step {
	var steps []step
	for _, f := range d.Reply.Files {
		steps = append(steps, a.sendFile(f, d.Reply.Quiet))
	}
	for i, p := range pages {
		params := tg.SendMessageParams{Text: p.text, Entities: p.entities, LinkPreviewOptions: noPreview(), DisableNotification: d.Reply.Quiet}
		if i == 0 {
			params.ReplyParameters = replyUnder(d.Under)
		}
		if i == len(pages)-1 {
			params.ReplyMarkup = keyboard(d.Reply.Choices)
		}
		steps = append(steps, func(ctx context.Context, chat int64) error {
			params.ChatID = chat
			_, err := a.api.SendMessage(ctx, &params)
			if entitiesRefused(err) {
				params.Entities = nil
				_, err = a.api.SendMessage(ctx, &params)
			}
			return err
		})
	}
	return steps
}

// below shows what is said as an answer to its record's card, one touch away from the buttons there; nil where there is none.
// A card that somebody has deleted is no reason not to say it.
func replyUnder(card bot.Ref) *models.ReplyParameters {
	message, err := parseID(string(card))
	if err != nil {
		return nil
	}
	return &models.ReplyParameters{MessageID: int(message), AllowSendingWithoutReply: true}
}

// part sends one message at the chat's pace.
func (a *Adapter) sendPart(ctx context.Context, chat int64, d bot.Delivery, send step) (bot.Ref, error) {
	if err := a.pace.wait(ctx, chat, d.ID); err != nil {
		return "", err
	}
	raw, err := a.call(ctx, chat, d.Attempt, send)
	if err != nil {
		return "", err
	}
	return messageRef(raw), nil
}

// call makes one call about a chat and judges how it ended. A group that has moved is followed once.
func (a *Adapter) call(ctx context.Context, chat int64, attempt int, do step) (json.RawMessage, error) {
	ctx, raw := captureResult(ctx)
	err := do(ctx, chat)
	var no *apiError
	if errors.As(err, &no) && no.MigrateTo != 0 {
		if kept := a.sendState.setMoved(ctx, chat, no.MigrateTo); kept != nil {
			return nil, fmt.Errorf("%w: %w", bot.ErrNotSent, kept)
		}
		chat = no.MigrateTo
		err = do(ctx, chat)
	}
	if *raw != nil && !errors.As(err, &no) {
		err = nil // Telegram has done it, whatever the library makes of the answer
	}
	return *raw, a.afterCall(chat, err, attempt)
}

// heed judges an error, and keeps to what Telegram asks for in it.
func (a *Adapter) afterCall(chat int64, err error, attempt int) error {
	var no *apiError
	switch {
	case err == nil:
		a.pace.accepted(chat, time.Now())
		a.clearProblem("token")
	case errors.As(err, &no) && no.Code == http.StatusTooManyRequests:
		a.cfg.Meter.Count("told_to_wait", adapterName, 1)
		a.pace.retryAfter(chat, no.RetryAfter, time.Now())
	case errors.As(err, &no) && no.unauthorized():
		a.reportProblem(a.describeProblem(err))
	}
	return classify(err, attempt)
}

// edit puts a reply in place of the message it follows. What no longer fits in one message becomes a new one.
func (a *Adapter) edit(ctx context.Context, chat, message int64, d bot.Delivery) (bot.Ref, error) {
	pages := render(&d.Reply, a.commands)
	if len(pages) > 1 || len(d.Reply.Files) > 0 {
		if err := a.strip(ctx, chat, message, d); err != nil && !errors.Is(err, bot.ErrCardGone) {
			return "", err
		}
		return "", fmt.Errorf("%w: too long for one message", bot.ErrCardGone)
	}
	if err := a.pace.wait(ctx, chat, d.ID); err != nil {
		return "", err
	}
	p := tg.EditMessageTextParams{MessageID: int(message), Text: pages[0].text, Entities: pages[0].entities, LinkPreviewOptions: noPreview(),
		ReplyMarkup: keyboard(d.Reply.Choices)}
	_, err := a.call(ctx, chat, d.Attempt, func(ctx context.Context, chat int64) error {
		p.ChatID = chat
		_, err := a.api.EditMessageText(ctx, &p)
		if entitiesRefused(err) {
			p.Entities = nil
			_, err = a.api.EditMessageText(ctx, &p)
		}
		return err
	})
	return d.Ref, err
}

// strip takes the buttons away from a message.
func (a *Adapter) strip(ctx context.Context, chat, message int64, d bot.Delivery) error {
	if message == 0 {
		return nil
	}
	if err := a.pace.wait(ctx, chat, d.ID); err != nil {
		return err
	}
	_, err := a.call(ctx, chat, d.Attempt, func(ctx context.Context, chat int64) error {
		_, err := a.api.EditMessageReplyMarkup(ctx, &tg.EditMessageReplyMarkupParams{ChatID: chat, MessageID: int(message)})
		return err
	})
	return err
}

// ended forgets or remembers what an attempt leaves behind.
func (a *Adapter) recordAttempt(ctx context.Context, d bot.Delivery, parts bool, err error) error {
	over := err == nil || errors.Is(err, bot.ErrGone) || errors.Is(err, bot.ErrRefused)
	a.sendState.attempted(d.ID, over, err != nil && !over && !errors.Is(err, bot.ErrNotSent))
	if parts && over {
		if kept := a.sendState.setSentParts(ctx, d.ID, 0); kept != nil && err == nil {
			a.cfg.Log.Warn("what was half said is not forgotten", "task", d.ID)
		}
	}
	return err
}

// settled remembers which message is the card where an earlier copy may have arrived. The house counts the attempts whose
// end was unclear; one that a crash cut off is counted here, since only the attempt is known of it.
func (a *Adapter) recordDuplicate(d bot.Delivery, ref bot.Ref) {
	if !d.Unsure && !a.sendState.isUnclear(d.ID) {
		return
	}
	if d.Unsure {
		a.cfg.Meter.Count("twins", adapterName, 1)
	}
	if message, err := parseID(string(ref)); err == nil {
		a.sendState.remember(d.Reply.Choices, message)
	}
}

// chatOf reads a room's chat.
func (a *Adapter) chatOf(r bot.Room) (int64, error) {
	adapter, id, _ := strings.Cut(string(r), ":")
	if adapter != adapterName {
		return 0, fmt.Errorf("the room is not Telegram's")
	}
	return parseID(id)
}

func noPreview() *models.LinkPreviewOptions {
	return &models.LinkPreviewOptions{IsDisabled: tg.True()}
}

// marksRefused says whether it is the marks that Telegram does not take: the words are sent without.
func entitiesRefused(err error) bool {
	var no *apiError
	return errors.As(err, &no) && no.describedAs(entityErrors...)
}

// laterOf is how long Telegram wants to wait, if that is what it says.
func retryAfterOf(err error) (time.Duration, bool) {
	var no *apiError
	if errors.As(err, &no) && no.Code == http.StatusTooManyRequests {
		return no.RetryAfter, true
	}
	return 0, false
}

// refusedOnly drops a refusal of something that is nice to have: asking again would not help.
func ignoreBadRequest(a *Adapter, err error) error {
	var no *apiError
	if errors.As(err, &no) && no.Code == http.StatusBadRequest {
		a.cfg.Log.Warn("telegram does not take a menu", "why", no.Description)
		return nil
	}
	return err
}

// refIn reads the id of the message that a call has made.
func messageRef(raw json.RawMessage) bot.Ref {
	var one struct {
		ID int64 `json:"message_id"`
	}
	if json.Unmarshal(raw, &one) != nil || one.ID == 0 {
		return ""
	}
	return refOf(one.ID)
}
