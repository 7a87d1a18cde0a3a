package telegram_test

import (
	"strings"
	"testing"

	"nevermind/adapters/telegram"
	"nevermind/adapters/telegram/telegramtest"
)

// TestTry: who the bot is, or what is wrong, and never the token.
func TestTry(t *testing.T) {
	t.Parallel()
	fake := telegramtest.Open(t)
	found, err := telegram.Try(t.Context(), telegram.Config{Token: fake.Token, API: fake.URL()})
	if err != nil || found.Username != fake.Username || found.Webhook != "" {
		t.Errorf("got %+v (%v), want the bot %s without a webhook", found, err, fake.Username)
	}
	for api, words := range map[string]string{
		fake.URL():           "does not know this bot's token",
		"http://127.0.0.1:1": "cannot be reached at 127.0.0.1:1",
	} {
		_, err := telegram.Try(t.Context(), telegram.Config{Token: "42:wrong", API: api})
		if err == nil || !strings.Contains(err.Error(), words) || strings.Contains(err.Error(), "42:wrong") {
			t.Errorf("%s: got %v, want %q and no token", api, err, words)
		}
	}
}
