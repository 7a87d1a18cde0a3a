package slack

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/slack-go/slack"

	"nevermind/bot"
)

// How long a delivery backs off after an error that passes only with time, or once an operator has seen to it. A token that does
// not work, say, is not the message's fault: the message waits.
var (
	longBackoff   = bot.Later{After: 5 * time.Minute}
	minuteBackoff = bot.Later{After: time.Minute}
	shortBackoff  = bot.Later{After: 30 * time.Second}
)

// errorClasses says what each error that Slack names means for a message: the room is gone, the message is refused for good,
// the card is gone, it was not sent and may be tried later, or nobody knows. Any other error is bot.ErrNotSent.
var errorClasses = map[string]error{
	// Nothing can be posted there: the room or its person is what has changed.
	"cannot_dm_bot":                       bot.ErrGone,
	"channel_not_found":                   bot.ErrGone,
	"is_archived":                         bot.ErrGone,
	"not_in_channel":                      bot.ErrGone,
	"restricted_action":                   bot.ErrGone,
	"restricted_action_read_only_channel": bot.ErrGone,
	"user_disabled":                       bot.ErrGone,
	"user_not_found":                      bot.ErrGone,
	"user_not_in_channel":                 bot.ErrGone,

	// This message will never be taken; another in the same room may be.
	"invalid_arguments":       bot.ErrRefused,
	"invalid_attachments":     bot.ErrRefused,
	"invalid_blocks":          bot.ErrRefused,
	"invalid_blocks_format":   bot.ErrRefused,
	"invalid_metadata_format": bot.ErrRefused,
	"invalid_metadata_schema": bot.ErrRefused,
	"metadata_too_large":      bot.ErrRefused,
	"msg_blocks_too_long":     bot.ErrRefused,
	"msg_too_long":            bot.ErrRefused,
	"no_text":                 bot.ErrRefused,
	"too_many_attachments":    bot.ErrRefused,

	// The message to update, or the thread to post in, is not there.
	"cant_update_message": bot.ErrCardGone,
	"edit_window_closed":  bot.ErrCardGone,
	"is_inactive":         bot.ErrCardGone,
	"message_not_found":   bot.ErrCardGone,
	"thread_not_found":    bot.ErrCardGone,

	// Too many calls, or Slack is moving the channel or the team.
	"external_channel_migrating": minuteBackoff,
	"message_limit_exceeded":     longBackoff,
	"rate_limited":               bot.Later{After: time.Second},
	"ratelimited":                shortBackoff,
	"team_added_to_org":          longBackoff,

	// Our token or our app does not work: an operator sees to it, and nobody's room is shut for it.
	"account_inactive":        longBackoff,
	"invalid_auth":            longBackoff,
	"messages_tab_disabled":   longBackoff,
	"missing_scope":           longBackoff,
	"no_permission":           longBackoff,
	"not_authed":              longBackoff,
	"team_access_not_granted": longBackoff,
	"token_expired":           longBackoff,
	"token_revoked":           longBackoff,

	// Something failed at Slack, perhaps after it was posted.
	"fatal_error":         errUnclear,
	"internal_error":      errUnclear,
	"request_timeout":     errUnclear,
	"service_unavailable": errUnclear,
}

// errUnclear is the error of a call that may have been done all the same.
var errUnclear = errors.New("slack: it is unclear whether that was done")

// errNoConnection is the error of a call that has found no connection to Slack: no name, no answer, or no agreement on TLS.
var errNoConnection = errors.New("slack: there is no connection")

// transport marks the errors of calls that had no connection, so that nothing of them can have arrived.
type transport struct{ http.RoundTripper }

// RoundTrip makes one call.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	var connected atomic.Bool
	trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { connected.Store(true) }}
	answer, err := t.RoundTripper.RoundTrip(r.WithContext(httptrace.WithClientTrace(r.Context(), trace)))
	if err != nil && !connected.Load() {
		err = fmt.Errorf("%w: %w", errNoConnection, err)
	}
	return answer, err
}

// callError classifies how a call has ended. Where Slack says that there were too many calls, it makes the lane, a channel or
// a kind of call, back off as long as Slack asks.
func (a *Adapter) callError(lane string, err error) error {
	limited, stopped := rateLimited(err), errors.Is(err, context.Canceled)
	away := !stopped && (errors.Is(err, errNoConnection) || errors.Is(classify(err), errUnclear))
	if !stopped {
		a.outage.answered(!away, time.Now())
	}
	err = classify(err)
	var later bot.Later
	if limited && errors.As(err, &later) {
		a.cfg.Meter.Count("told_to_wait", adapterName, 1)
		a.pace.backOff(lane, later.After)
	}
	return err
}

// rateLimited says whether Slack asks for fewer calls.
func rateLimited(err error) bool {
	var limited *slack.RateLimitedError
	var refused slack.SlackErrorResponse
	var status slack.StatusCodeError
	return errors.As(err, &limited) || errors.As(err, &refused) && (refused.Err == "ratelimited" || refused.Err == "rate_limited") ||
		errors.As(err, &status) && status.Code == http.StatusTooManyRequests
}

// classify says what the error of a call means for the message: one of bot's errors of Send, or errUnclear. What it returns
// may be logged.
func classify(err error) error {
	var limited *slack.RateLimitedError
	var refused slack.SlackErrorResponse
	var status slack.StatusCodeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &limited):
		return bot.Later{After: max(limited.RetryAfter, time.Second)}
	case errors.As(err, &refused):
		if class := errorClasses[refused.Err]; class != nil {
			return fmt.Errorf("%w: %s", class, refused.Err)
		}
		return fmt.Errorf("%w: %s", bot.ErrNotSent, refused.Err)
	case errors.As(err, &status) && status.Code == http.StatusTooManyRequests:
		return shortBackoff
	case errors.As(err, &status) && status.Code < 500:
		return fmt.Errorf("%w: HTTP %d", bot.ErrNotSent, status.Code)
	case errors.As(err, &status):
		return fmt.Errorf("%w: HTTP %d", errUnclear, status.Code)
	// Without a connection nothing has arrived; after one, anything may have.
	case errors.Is(err, errNoConnection):
		return fmt.Errorf("%w: no connection", bot.ErrNotSent)
	case errors.Is(err, context.Canceled):
		return fmt.Errorf("%w: stopped", errUnclear)
	}
	return fmt.Errorf("%w: %w", errUnclear, sanitizeError(err))
}

// sanitizeError takes the address out of an error of the HTTP client: it may carry a token, or be one.
func sanitizeError(err error) error {
	var at *url.Error
	if errors.As(err, &at) {
		return fmt.Errorf("%s: %w", strings.ToLower(at.Op), at.Err)
	}
	return err
}
