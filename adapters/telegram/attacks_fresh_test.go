package telegram

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"nevermind/adapters/telegram/telegramtest"
)

// untouched is a request body that fails the test when it is read.
type untouched struct{ t *testing.T }

func (b untouched) Read([]byte) (int, error) { b.t.Error("the body is read"); return 0, io.EOF }
func (untouched) Close() error               { return nil }

// TestFreshForgedCalls: calls of the webhook without its secret (A6): no byte of their bodies is read, nothing is stored, and
// the log has one line for all.
func TestFreshForgedCalls(t *testing.T) {
	var log logBuffer
	fake, h := telegramtest.Open(t), &recordingInbox{}
	a, _ := behindWebhookWith(t, fake, h, logTo(&log))
	const name, secret = "X-Telegram-Bot-Api-Secret-Token", "s3cret"
	for about, header := range map[string]http.Header{
		"none":                      {},
		"empty":                     {name: {""}},
		"its beginning":             {name: {secret[:5]}},
		"something behind":          {name: {secret + "x"}},
		"in capitals":               {name: {strings.ToUpper(secret)}},
		"a blank before":            {name: {" " + secret}},
		"a zero behind":             {name: {secret + "\x00"}},
		"the second of two":         {name: {"x", secret}},
		"two in a line":             {name: {"x, " + secret}},
		"as a bearer":               {"Authorization": {"Bearer " + secret}},
		"under a name like it":      {"X-Telegram-Bot-Api-Secret-Token-2": {secret}, "X_telegram_bot_api_secret_token": {secret}},
		"a megabyte of it":          {name: {strings.Repeat(secret, 1<<18)}},
		"from where Telegram sends": {"X-Forwarded-For": {"149.154.167.220"}},
	} {
		r := httptest.NewRequest(http.MethodPost, "/telegram/webhook?secret="+secret, untouched{t})
		r.Header = header
		w := httptest.NewRecorder()
		if a.Handler().ServeHTTP(w, r); w.Code != http.StatusUnauthorized || w.Body.Len() > 0 {
			t.Errorf("%s: got %d %s", about, w.Code, w.Body)
		}
	}
	if len(h.heard)+len(h.discarded) > 0 {
		t.Error("something is stored")
	}
	if n := log.count("without the webhook's secret"); n != 1 {
		t.Errorf("the log has %d lines", n)
	}
}
