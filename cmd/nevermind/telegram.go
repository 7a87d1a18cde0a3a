package main

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"

	"nevermind/adapters/telegram"
	"nevermind/bot"
	"nevermind/flows"
)

// openTelegram makes the Telegram adapter, where there is a token for it.
func openTelegram(ctx context.Context, s *site) (bot.Adapter, error) {
	set := &s.Telegram
	if !set.Token.set() {
		return nil, nil
	}
	words, err := flows.Catalog()
	if err != nil {
		return nil, err
	}
	cfg := telegram.Config{
		Token: set.Token.text(), API: set.API, Rate: set.Rate.per(30), InChat: set.ChatRate.per(1),
		Blobs: s.blobs, Values: s.store, Menus: menus(flows.All(), words), MenuFor: sellersMenu(s.store, flows.All(), words),
		Meter: s.metrics, Log: s.log,
	}
	if set.Mode == webhookMode {
		if cfg.Secret, err = hookSecret(ctx, s.store, set.WebhookSecret); err != nil {
			return nil, err
		}
		cfg.Webhook = strings.TrimRight(s.PublicURL, "/") + "/telegram/webhook"
	}
	return telegram.New(cfg)
}

// hookSecretName is what the webhook's secret is kept under in the store.
const hookSecretName = "telegram.webhook_secret"

// hookSecret is what Telegram proves itself with: what was set, else one made once and stored, so
// that it stays the same over restarts.
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

// What Telegram shows of us besides what we say; English is the key of the other languages, as everywhere.
const (
	profile = "I help with your orders: where they stand, cancelling them, talking to the seller, and getting your " +
		"money back. A person from support is always one word away."
	shortProfile = "Your orders: cancel, ask the seller, get your money back."
)

// menuLanguages are looked for among the words; one that has none of them is left to English.
var menuLanguages = []string{"ar", "de", "es", "fr", "id", "it", "ja", "ko", "pl", "pt", "ru", "tr", "uk", "zh"}

// sellersMenu is the menu of a seller's own chat, in the language they speak with us; everybody else has the buyers'.
func sellersMenu(store bot.Store, all *bot.Flows, words bot.Catalog) func(context.Context, string) (*telegram.Menu, error) {
	commands := all.CommandsFor(bot.Seller)
	return func(ctx context.Context, account string) (*telegram.Menu, error) {
		who, err := store.PersonAt(ctx, account)
		if errors.Is(err, bot.ErrNone) || err == nil && who.Party() != bot.Seller {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		m := &telegram.Menu{Language: who.Language}
		for _, c := range commands {
			said, ok := words.Text(who.Language, c.About[bot.Seller])
			if !ok {
				said = c.About[bot.Seller]
			}
			m.Commands = append(m.Commands, telegram.Command{Name: c.Name, Words: said})
		}
		return m, nil
	}
}

// menus are what Telegram shows of us to everybody, a language each, English first. The commands
// are the buyers'.
func menus(all *bot.Flows, words bot.Catalog) []telegram.Menu {
	commands := all.CommandsFor(bot.Buyer)
	in := func(language string) (m telegram.Menu, any bool) {
		text := func(english string) string {
			if said, ok := words.Text(language, english); ok {
				any = true
				return said
			}
			return english
		}
		m = telegram.Menu{Language: language, Description: text(profile), Short: text(shortProfile)}
		for _, c := range commands {
			m.Commands = append(m.Commands, telegram.Command{Name: c.Name, Words: text(c.About[bot.Buyer])})
		}
		return m, any
	}
	english, _ := in("en")
	shown := []telegram.Menu{english}
	for _, code := range menuLanguages {
		if m, any := in(code); any {
			shown = append(shown, m)
		}
	}
	return shown
}
