package telegram

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"nevermind/bot"
)

// judge says what a failed call means for what was to be said. An error it does not know is an unclear end.
func classify(err error, attempt int) error {
	var no *apiError
	var gone *noResponse
	switch {
	case err == nil:
		return nil
	case errors.As(err, &no):
		return no.classify(attempt)
	case errors.As(err, &gone) && !gone.maybeSent:
		return fmt.Errorf("%w: %w", bot.Later{After: backoff(attempt)}, err)
	default:
		return err
	}
}

// judge gives each refusal its own path.
func (r *apiError) classify(attempt int) error {
	switch {
	case r.Code == http.StatusTooManyRequests:
		return fmt.Errorf("%w: %w", bot.Later{After: r.RetryAfter}, r)
	case r.unauthorized():
		return fmt.Errorf("%w: %w", bot.Later{After: time.Minute}, r)
	case r.Code >= 500 || r.Code == http.StatusMisdirectedRequest || r.Code == http.StatusConflict:
		return fmt.Errorf("%w: %w", bot.Later{After: backoff(attempt)}, r)
	case r.describedAs(ignorableErrors...):
		return nil
	case r.Code == http.StatusForbidden, r.describedAs(goneRoomErrors...):
		return fmt.Errorf("%w: %w", bot.ErrGone, r)
	case r.describedAs(goneCardErrors...):
		return fmt.Errorf("%w: %w", bot.ErrCardGone, r)
	default:
		return fmt.Errorf("%w: %w", bot.ErrRefused, r)
	}
}

// What the Bot API says, in lower case, where only its words tell one 400 from another.
var (
	ignorableErrors = []string{"message is not modified", "query is too old", "query id is invalid"}
	goneRoomErrors  = []string{"chat not found", "user not found", "peer_id_invalid", "have no rights to send", "chat_write_forbidden", "user_is_blocked", "input_user_deactivated", "bot can't initiate conversation"}
	goneCardErrors  = []string{"message to edit not found", "message can't be edited", "message_id_invalid", "message to delete not found", "there is no text in the message to edit"}
	entityErrors    = []string{"can't parse", "entit"}
)

func (r *apiError) describedAs(words ...string) bool {
	if r.Code != http.StatusBadRequest {
		return false
	}
	said := strings.ToLower(r.Description)
	for _, w := range words {
		if strings.Contains(said, w) {
			return true
		}
	}
	return false
}

// unauthorized says whether the token is the fault: revoked, or none at all.
func (r *apiError) unauthorized() bool {
	return r.Code == http.StatusUnauthorized || r.Code == http.StatusNotFound
}

// pause is how long to wait before so many-th further attempt of what has certainly not arrived: a platform that is
// down is asked again every half minute, for as long as the message is worth it.
func backoff(attempt int) time.Duration {
	return min(time.Second<<min(max(attempt-1, 0), 5), 30*time.Second)
}
