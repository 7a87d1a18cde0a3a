package telegram

import (
	"context"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
)

// allowedUpdates are the kinds of updates the adapter reads. Telegram sends no others, neither by polling nor by webhook.
var allowedUpdates = []string{
	models.AllowedUpdateMessage, models.AllowedUpdateEditedMessage,
	models.AllowedUpdateCallbackQuery, models.AllowedUpdateMyChatMember,
}

// setWebhook tells Telegram where to send updates, on up to 100 connections. It is idempotent, and made at each start: the
// address or the secret may have changed. Updates that wait at Telegram are kept.
func (a *Adapter) setWebhook(ctx context.Context) {
	a.retry(ctx, "webhook", func(ctx context.Context) error {
		_, err := a.api.SetWebhook(ctx, &tg.SetWebhookParams{
			URL: a.cfg.Webhook, SecretToken: a.cfg.Secret, AllowedUpdates: allowedUpdates, MaxConnections: 100,
		})
		return err
	})
}

// deleteWebhook removes a webhook, since with one set nothing can be polled; false where ctx ends first. Updates that wait at
// Telegram are kept.
func (a *Adapter) deleteWebhook(ctx context.Context) bool {
	return a.retry(ctx, "poll", func(ctx context.Context) error {
		info, err := a.api.GetWebhookInfo(ctx)
		if err != nil || info.URL == "" {
			return err
		}
		a.cfg.Log.Warn("a webhook was set for this bot and stood in the way of polling: it is removed, nothing that waits is lost")
		_, err = a.api.DeleteWebhook(ctx, &tg.DeleteWebhookParams{})
		return err
	})
}
