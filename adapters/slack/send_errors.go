package slack

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"nevermind/bot"
)

// sortOf says what an error that Slack names means for a message.
var errorClasses = map[string]error{
	"channel_not_found": bot.ErrGone, "is_archived": bot.ErrGone, "not_in_channel": bot.ErrGone, "account_inactive": bot.ErrGone,
	"user_not_found": bot.ErrGone, "user_disabled": bot.ErrGone, "cannot_dm_bot": bot.ErrGone, "messages_tab_disabled": bot.ErrGone,
	"user_not_in_channel": bot.ErrGone, "restricted_action": bot.ErrGone, "restricted_action_read_only_channel": bot.ErrGone, "team_access_not_granted": bot.ErrGone,

	"msg_too_long": bot.ErrRefused, "no_text": bot.ErrRefused, "invalid_blocks": bot.ErrRefused, "invalid_blocks_format": bot.ErrRefused,
	"msg_blocks_too_long": bot.ErrRefused, "invalid_arguments": bot.ErrRefused, "invalid_metadata_format": bot.ErrRefused,
	"invalid_metadata_schema": bot.ErrRefused, "metadata_too_large": bot.ErrRefused, "too_many_attachments": bot.ErrRefused, "invalid_attachments": bot.ErrRefused,

	"message_not_found": bot.ErrCardGone, "cant_update_message": bot.ErrCardGone, "edit_window_closed": bot.ErrCardGone, "is_inactive": bot.ErrCardGone,
	"thread_not_found": bot.ErrCardGone,

	"ratelimited": bot.Later{After: 30 * time.Second}, "rate_limited": bot.Later{After: time.Second}, "message_limit_exceeded": bot.Later{After: 5 * time.Minute},
	"external_channel_migrating": bot.Later{After: time.Minute}, "team_added_to_org": bot.Later{After: 5 * time.Minute},

	// A token that does not work is not the message's fault: it waits until somebody has seen to that.
	"invalid_auth": bot.Later{After: 5 * time.Minute}, "not_authed": bot.Later{After: 5 * time.Minute}, "token_revoked": bot.Later{After: 5 * time.Minute},
	"token_expired": bot.Later{After: 5 * time.Minute}, "missing_scope": bot.Later{After: 5 * time.Minute}, "no_permission": bot.Later{After: 5 * time.Minute},

	// After these the message may stand there all the same.
	"internal_error": errUnclear, "fatal_error": errUnclear, "request_timeout": errUnclear, "service_unavailable": errUnclear,
}

// errUnclear says that nobody knows whether it was done.
var errUnclear = errors.New("slack: it is unclear whether that was done")

// limited says whether Slack asks for fewer calls.
func rateLimited(err error) bool {
	var soon *slack.RateLimitedError
	var refused slack.SlackErrorResponse
	var status slack.StatusCodeError
	return errors.As(err, &soon) || errors.As(err, &refused) && refused.Err == "ratelimited" ||
		errors.As(err, &status) && status.Code == http.StatusTooManyRequests
}

// judged says what an error of a call means, without anything that may not be logged.
func classify(err error) error {
	var limited *slack.RateLimitedError
	var refused slack.SlackErrorResponse
	var status slack.StatusCodeError
	var dial *net.OpError
	var dns *net.DNSError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &limited):
		return bot.Later{After: max(limited.RetryAfter, time.Second)}
	case errors.As(err, &refused):
		if sort := errorClasses[refused.Err]; sort != nil {
			return fmt.Errorf("%w: %s", sort, refused.Err)
		}
		return fmt.Errorf("%w: %s", bot.ErrNotSent, refused.Err)
	case errors.As(err, &status):
		if status.Code == http.StatusTooManyRequests {
			return bot.Later{After: 30 * time.Second}
		}
		if status.Code < 500 {
			return fmt.Errorf("%w: HTTP %d", bot.ErrNotSent, status.Code)
		}
		return fmt.Errorf("%w: HTTP %d", errUnclear, status.Code)
	case errors.As(err, &dns), errors.As(err, &dial) && dial.Op == "dial":
		return fmt.Errorf("%w: no connection", bot.ErrNotSent)
	case errors.Is(err, context.Canceled):
		return fmt.Errorf("%w: stopped", errUnclear)
	}
	return fmt.Errorf("%w: %w", errUnclear, sanitizeError(err))
}

// plainError takes out of an error what must not be logged: addresses of one use, and tokens in them.
func sanitizeError(err error) error {
	var at *url.Error
	if errors.As(err, &at) {
		return fmt.Errorf("%s: %w", strings.ToLower(at.Op), at.Err)
	}
	return err
}

func asUnfit(err error, bad *bot.Unfit) bool { return errors.As(err, bad) }
