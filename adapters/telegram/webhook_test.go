package telegram

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"nevermind/adapters/telegram/telegramtest"
	"nevermind/bot"
)

// behindWebhook is an adapter that the fake sends updates by webhook, and the webhook's address.
func behindWebhook(t *testing.T, fake *telegramtest.Server, h bot.Inbox) (*Adapter, string) {
	return behindWebhookWith(t, fake, h, func(*Config) {})
}

func behindWebhookWith(t *testing.T, fake *telegramtest.Server, h bot.Inbox, change func(*Config)) (*Adapter, string) {
	var a *Adapter
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { a.Handler().ServeHTTP(w, r) }))
	t.Cleanup(front.Close)
	a = newTestAdapter(t, fake, func(c *Config) { c.Webhook, c.Secret = front.URL+"/telegram/webhook", "s3cret"; change(c) })
	runAdapter(t, a, h)
	fake.Until(func() bool { return a.Ready(t.Context()) == nil })
	return a, front.URL + "/telegram/webhook"
}

// TestWebhook holds the status of each answer.
func TestWebhook(t *testing.T) {
	fake := telegramtest.Open(t)
	h := &recordingInbox{}
	_, address := behindWebhook(t, fake, h)
	fine := `{"update_id":3,"message":{"message_id":5,` + ana + `,"text":"hi"}}`
	for name, c := range map[string]struct {
		method, secret, body string
		broken               bool
		want                 int
	}{
		"fine":         {"POST", "s3cret", fine, false, 200},
		"again":        {"POST", "s3cret", fine, false, 200},
		"wrong secret": {"POST", "s3cre", fine, false, 401},
		"no secret":    {"POST", "", fine, false, 401},
		"not a post":   {"GET", "s3cret", "", false, 405},
		"too long":     {"POST", "s3cret", strings.Repeat(" ", maxUpdate+1), false, 413},
		"store down":   {"POST", "s3cret", strings.Replace(fine, "3", "4", 1), true, 503},
		"not ours":     {"POST", "s3cret", `{"update_id":5,"poll":{}}`, false, 200},
		"unreadable":   {"POST", "s3cret", `{"update_id":6,"message":7}`, false, 200},
		"no JSON":      {"POST", "s3cret", `update_id=7`, false, 200},
	} {
		h.mu.Lock()
		h.broken = c.broken
		h.mu.Unlock()
		r, err := http.NewRequest(c.method, address, strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-Telegram-Bot-Api-Secret-Token", c.secret)
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		if resp.StatusCode != c.want {
			t.Errorf("%s: got %d, want %d", name, resp.StatusCode, c.want)
		}
	}
	if got := h.texts(); !slices.Equal(got, []string{"hi"}) || len(h.discarded) != 2 {
		t.Errorf("heard %q, discarded %q", got, h.discarded)
	}
}

// TestWebhookRedelivers holds that what the inbox could not store comes again, in order.
func TestWebhookRedelivers(t *testing.T) {
	fake := telegramtest.Open(t)
	h := &recordingInbox{broken: true}
	behindWebhook(t, fake, h)
	chat := fake.Private(telegramtest.Person{ID: 11, Name: "Ana"})
	chat.Type("one")
	chat.Type("two")
	fake.Until(func() bool { return fake.Pending() == 2 })
	h.mend()
	if !fake.Until(func() bool { return fake.Pending() == 0 }) || !slices.Equal(h.texts(), []string{"one", "two"}) {
		t.Errorf("got %q, %d pending", h.texts(), fake.Pending())
	}
}
