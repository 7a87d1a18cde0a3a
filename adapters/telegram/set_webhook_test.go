package telegram

import (
	"net/http"
	"strings"
	"testing"

	"nevermind/adapters/telegram/telegramtest"
)

// TestWebhookInTheWay holds that a webhook which stands in the way is deleted when polling begins.
func TestWebhookInTheWay(t *testing.T) {
	fake := telegramtest.Open(t)
	old := strings.NewReader(`{"url":"https://127.0.0.1:1/old"}`)
	resp, err := http.Post(fake.URL()+"/bot"+fake.Token+"/setWebhook", "application/json", old)
	if err != nil || resp.StatusCode != 200 {
		t.Fatal(resp, err)
	}
	resp.Body.Close()
	told, h := &logBuffer{}, &recordingInbox{}
	runAdapter(t, newTestAdapter(t, fake, logTo(told)), h)
	fake.Private(telegramtest.Person{ID: 11, Name: "Ana"}).Type("hello")
	if !fake.Until(func() bool { return len(h.texts()) == 1 }) || told.count("webhook was set") != 1 {
		t.Errorf("heard %q, told %d times", h.texts(), told.count("webhook was set"))
	}
}
