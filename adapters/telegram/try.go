package telegram

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"
)

// Found is what Telegram says of a bot.
type Found struct {
	Username  string // without @
	Webhook   string // the host that updates are sent to; empty where they wait to be fetched
	LastError string // why the last delivery to it failed, in Telegram's words
	FailedAt  time.Time
}

// Try asks Telegram about the bot of a token, and starts nothing. An error is a sentence for the operator, and holds no token.
func Try(ctx context.Context, cfg Config) (Found, error) {
	a, err := New(cfg)
	if err != nil {
		return Found{}, errors.New("not a bot's token; @BotFather gives one like 123456789:AAE…")
	}
	me, err := a.api.GetMe(ctx)
	if err != nil {
		return Found{}, a.tryError(err)
	}
	hook, err := a.api.GetWebhookInfo(ctx)
	if err != nil {
		return Found{}, a.tryError(err)
	}
	found := Found{Username: me.Username, LastError: hook.LastErrorMessage}
	if u, err := url.Parse(hook.URL); err == nil {
		found.Webhook = u.Host
	}
	if hook.LastErrorDate > 0 {
		found.FailedAt = time.Unix(int64(hook.LastErrorDate), 0)
	}
	return found, nil
}

// tryError says what a failed call means where nothing is tried again.
func (a *Adapter) tryError(err error) error {
	var refused *apiError
	if errors.As(err, &refused) && refused.unauthorized() {
		_, sentence := a.describeProblem("token", err)
		return errors.New(sentence)
	}
	var silent *noResponse
	if errors.As(err, &silent) {
		err = silent.cause
	}
	host := a.cfg.API
	if u, err := url.Parse(host); err == nil {
		host = u.Host
	}
	return fmt.Errorf("Telegram cannot be reached at %s: %w", host, err) //nolint:staticcheck // it is a whole sentence
}
