package telegram

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"nevermind/bot"
)

// classify says what a failed call means for its delivery, in the errors of bot.Adapter. Attempt is the delivery's, the first
// being 1, and gives the backoff. An error that it does not know is returned as it is: an unclear end.
func classify(err error, attempt int) error {
	var refused *apiError
	var silent *noResponse
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refused):
		return refused.classify(attempt)
	case errors.As(err, &silent) && !silent.maybeSent:
		return fmt.Errorf("%w: %w", bot.Later{After: backoff(attempt)}, err)
	default:
		return err
	}
}

// classify gives each refusal its own path: to be tried again (rate limit, wrong token, trouble at Telegram), done already, the
// room gone, the card gone, or refused for good. The codes of passing trouble come before any description, so that such a call
// is never given up for its words.
func (e *apiError) classify(attempt int) error {
	switch {
	case e.Code == http.StatusTooManyRequests:
		return fmt.Errorf("%w: %w", bot.Later{After: e.RetryAfter}, e)
	case e.unauthorized():
		return fmt.Errorf("%w: %w", bot.Later{After: time.Minute}, e)
	case e.Code >= 500 || e.Code == http.StatusMisdirectedRequest || e.Code == http.StatusConflict:
		return fmt.Errorf("%w: %w", bot.Later{After: backoff(attempt)}, e)
	case e.describedAs(doneErrors...):
		return nil
	case e.Code == http.StatusForbidden, e.describedAs(goneRoomErrors...):
		return fmt.Errorf("%w: %w", bot.ErrGone, e)
	case e.describedAs(goneCardErrors...):
		return fmt.Errorf("%w: %w", bot.ErrCardGone, e)
	default:
		return fmt.Errorf("%w: %w", bot.ErrRefused, e)
	}
}

// What the Bot API says in lower case, where only its description tells one 400 from another.
var (
	// doneErrors say that there is nothing left to do: the message says so already, or the press can no longer be answered.
	doneErrors = []string{"message is not modified", "query is too old", "query id is invalid"}
	// goneRoomErrors say that the bot can no longer write in the chat.
	goneRoomErrors = []string{
		"chat not found", "user not found", "peer_id_invalid", "have no rights to send", "chat_write_forbidden", "user_is_blocked",
		"input_user_deactivated", "bot can't initiate conversation",
	}
	// goneCardErrors say that the message to change is not there or can no longer be changed.
	goneCardErrors = []string{
		"message to edit not found", "message can't be edited", "message_id_invalid", "message to delete not found",
		"there is no text in the message to edit",
	}
	// entityErrors say that the entities of a text are refused, not its words.
	entityErrors = []string{"can't parse", "entit"}
	// goneTopicErrors say that the topic of a chat is not there, or takes no messages.
	goneTopicErrors = []string{"message thread not found", "topic_closed", "topic_deleted", "topic_id_invalid"}
	// photoErrors say that a file is refused as a photo.
	photoErrors = []string{"photo_", "image_process", "photo"}
)

// describedAs says whether the error is a 400 whose description holds one of the phrases.
func (e *apiError) describedAs(phrases ...string) bool {
	if e.Code != http.StatusBadRequest {
		return false
	}
	description := strings.ToLower(e.Description)
	for _, p := range phrases {
		if strings.Contains(description, p) {
			return true
		}
	}
	return false
}

// unauthorized says whether the token is wrong: revoked (401) or malformed (404).
func (e *apiError) unauthorized() bool {
	return e.Code == http.StatusUnauthorized || e.Code == http.StatusNotFound
}

// entitiesRefused says whether Telegram refuses the entities of a text: it is sent without.
func entitiesRefused(err error) bool {
	var refused *apiError
	return errors.As(err, &refused) && refused.describedAs(entityErrors...)
}

// photoRefused says whether Telegram refuses a file as a photo, for its shape or size: it is sent as a document.
func photoRefused(err error) bool {
	var refused *apiError
	return errors.As(err, &refused) && refused.describedAs(photoErrors...)
}
