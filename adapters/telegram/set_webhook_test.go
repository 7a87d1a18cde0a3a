package telegram

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"nevermind/adapters/telegram/telegramtest"
)

// TestWebhookInTheWay is taken away when polling begins.
func TestWebhookInTheWay(t *testing.T) {
	fake := telegramtest.Open(t)
	resp, err := http.Post(fake.URL()+"/bot"+fake.Token+"/setWebhook", "application/json", strings.NewReader(`{"url":"https://127.0.0.1:1/old"}`))
	if err != nil || resp.StatusCode != 200 {
		t.Fatal(resp, err)
	}
	resp.Body.Close()
	told, h := &logBuffer{}, &recordingInbox{}
	runAdapter(t, newTestAdapter(t, fake, func(cfg *Config) { cfg.Log = slog.New(slog.NewTextHandler(told, nil)) }), h)
	fake.Private(telegramtest.Person{ID: 11, Name: "Ana"}).Type("hello")
	if !fake.Until(func() bool { return len(h.texts()) == 1 }) || told.count("webhook was set") != 1 {
		t.Errorf("heard %q, told %d times", h.texts(), told.count("webhook was set"))
	}
}
