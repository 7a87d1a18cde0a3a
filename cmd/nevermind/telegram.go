package main

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"

	"nevermind/adapters/telegram"
	"nevermind/bot"
	"nevermind/flows"
	"nevermind/flows/words"
)

// openTelegram makes the Telegram adapter, where there is a token for it.
func openTelegram(ctx context.Context, s *site) (bot.Adapter, error) {
	set := &s.Telegram
	if !set.Token.set() {
		return nil, nil
	}
	catalog, err := flows.Catalog()
	if err != nil {
		return nil, err
	}
	cfg := telegram.Config{
		Token: set.Token.text(), API: set.API, Rate: set.Rate.per(30), InChat: set.ChatRate.per(1),
		Blobs: s.blobs, Values: s.store, Menus: menus(flows.All(), catalog), MenuFor: ownMenu(s.store, flows.All(), catalog),
		Meter: s.metrics, Log: s.log, OnDuty: bot.DutiesOn(s.store),
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

// ownMenu is the menu of one chat, where it is another than everybody's: a seller's, and that of whoever has chosen a language.
func ownMenu(store bot.Store, all *bot.Flows, words bot.Catalog) func(context.Context, string) (*telegram.Menu, error) {
	return func(ctx context.Context, account string) (*telegram.Menu, error) {
		who, err := lately(ctx, store, account)
		if errors.Is(err, bot.ErrNone) || err == nil && who.Party() != bot.Seller && who.Settings["language"] == "" {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		return &telegram.Menu{Language: who.Language, Commands: menuCommands(all, who.Party(), who.Language, words)}, nil
	}
}

// lately is who an account belongs to, as a store may remember it since the person's message was heard.
func lately(ctx context.Context, store bot.Store, account string) (who bot.Person, err error) {
	find := func(ctx context.Context) error {
		who, err = store.PersonAt(ctx, account)
		return err
	}
	if s, ok := store.(bot.Remembering); ok {
		err = s.Remember(ctx, find)
	} else {
		err = find(ctx)
	}
	return who, err
}

// menuCommands are the commands of a party, described in a language; English where the catalog has no words.
func menuCommands(all *bot.Flows, party bot.Party, language string, words bot.Catalog) (commands []telegram.Command) {
	for _, c := range all.CommandsFor(party) {
		commands = append(commands, telegram.Command{Name: c.Name, Words: saidIn(words, language, c.About[party])})
	}
	return commands
}

// saidIn is a text in a language; English where the catalog has no words.
func saidIn(words bot.Catalog, language, english string) string {
	if said, ok := words.Text(language, english); ok {
		return said
	}
	return english
}

// menus are what Telegram shows of us to everybody, a language each, English first. The commands are the buyers'.
func menus(all *bot.Flows, catalog bot.Catalog) (shown []telegram.Menu) {
	for _, l := range words.Languages {
		code, _, _ := strings.Cut(l.Code, "-") // Telegram names languages by their two letters
		shown = append(shown, telegram.Menu{
			Language: code, Description: saidIn(catalog, l.Code, profile), Short: saidIn(catalog, l.Code, shortProfile),
			Commands: menuCommands(all, bot.Buyer, l.Code, catalog),
		})
	}
	return shown
}
