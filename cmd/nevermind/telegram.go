package main

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"

	"nevermind/adapters/telegram"
	"nevermind/bot"
)

// openTelegram makes the Telegram adapter, where there is a token for it.
func openTelegram(ctx context.Context, s *site) (bot.Adapter, error) {
	set := &s.Telegram
	if !set.Token.set() {
		return nil, nil
	}
	cfg := telegram.Config{
		Token: set.Token.text(), API: set.API, Rate: set.Rate.per(30), InChat: set.ChatRate.per(1),
		Blobs: s.blobs, Keep: s.store, Menus: menus(), Meter: s.metrics, Log: s.log,
	}
	if set.Mode == webhookMode {
		var err error
		if cfg.Secret, err = hookSecret(ctx, s.store, set.WebhookSecret); err != nil {
			return nil, err
		}
		cfg.Webhook = strings.TrimRight(s.PublicURL, "/") + "/telegram/webhook"
	}
	return telegram.New(cfg)
}

// hookSecretName is what the webhook's secret is kept under in the store.
const hookSecretName = "telegram.webhook_secret"

// hookSecret is what Telegram proves itself with: what was set, else one made once and kept.
func hookSecret(ctx context.Context, store bot.Store, set secret) (string, error) {
	if set.set() {
		return set.text(), nil
	}
	kept, err := store.Value(ctx, hookSecretName)
	if err == nil && len(kept) > 0 {
		return string(kept), nil
	}
	if err != nil && !errors.Is(err, bot.ErrNone) {
		return "", err
	}
	made := rand.Text() + rand.Text()
	return made, store.SetValue(ctx, hookSecretName, []byte(made))
}

// menus are what Telegram shows of us, a language each.
func menus() []telegram.Menu {
	return []telegram.Menu{{
		Language:    "en",
		Description: "I help with your orders: where they stand, cancelling them, talking to the seller, and getting your money back. A person from support is always one word away.",
		Short:       "Your orders: cancel, ask the seller, get your money back.",
		Commands: []telegram.Command{
			{Name: "start", Words: "Begin, or begin again"},
			{Name: "orders", Words: "Your orders and where they stand"},
			{Name: "cancel", Words: "Cancel an order"},
			{Name: "status", Words: "Your open requests"},
			{Name: "seller", Words: "Write to a seller"},
			{Name: "help", Words: "What I can do, and how to reach a person"},
			{Name: "language", Words: "Choose a language"},
			{Name: "privacy", Words: "What is kept about you, and how to have it deleted"},
			{Name: "settings", Words: "Time zone, quiet hours and linked chats"},
		},
	}}
}
