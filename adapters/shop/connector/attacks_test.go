package connector_test

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"nevermind/adapters/shop/connector"
)

// untouched is a body that must not be read.
type untouched struct{ t *testing.T }

func (u untouched) Read([]byte) (int, error) {
	u.t.Error("the body is read though its headers are no event's")
	return 0, io.EOF
}

// TestForgedEvents: what cannot be an event by its headers is refused before its body is read, what is not signed afterwards, and
// all of it is one line in the log.
func TestForgedEvents(t *testing.T) {
	const secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", `{"data":{"order_id":"8123"}}`
	sign, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	signed, err := sign.Sign("m-1", now, []byte(body))
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	system := &looked{}
	s := connector.New(system, connector.Config{Now: time.Now, Log: slog.New(slog.NewJSONHandler(&log, nil))})
	events, err := s.Events(secret)
	if err != nil {
		t.Fatal(err)
	}
	at := fmt.Sprint(now.Unix())
	for name, c := range map[string]struct {
		id, at, signature []string
		read              bool
	}{
		"nothing":            {nil, nil, nil, false},
		"no signature":       {[]string{"m-1"}, []string{at}, nil, false},
		"two signatures":     {[]string{"m-1"}, []string{at}, []string{signed, "v1,x"}, false},
		"two ids":            {[]string{"m-1", "m-2"}, []string{at}, []string{signed}, false},
		"an hour old":        {[]string{"m-1"}, []string{fmt.Sprint(now.Unix() - 3600)}, []string{signed}, false},
		"an hour ahead":      {[]string{"m-1"}, []string{fmt.Sprint(now.Unix() + 3600)}, []string{signed}, false},
		"no time":            {[]string{"m-1"}, []string{"soon"}, []string{signed}, false},
		"another id":         {[]string{"m-2"}, []string{at}, []string{signed}, true},
		"an empty signature": {[]string{"m-1"}, []string{at}, []string{"v1,"}, true},
		"another version":    {[]string{"m-1"}, []string{at}, []string{strings.Replace(signed, "v1", "v1a", 1)}, true},
	} {
		var content io.Reader = untouched{t}
		if c.read {
			content = strings.NewReader(body)
		}
		r := httptest.NewRequest(http.MethodPost, "/shop/events", content)
		r.Header["Webhook-Id"], r.Header["Webhook-Timestamp"], r.Header["Webhook-Signature"] = c.id, c.at, c.signature
		w := httptest.NewRecorder()
		events.ServeHTTP(w, r)
		if w.Code != http.StatusUnauthorized || len(system.ids) > 0 {
			t.Errorf("%s: got %d, %v read, want 401", name, w.Code, system.ids)
		}
	}
	if lines := strings.Count(log.String(), "\n"); lines != 1 {
		t.Errorf("got %d lines, want one: %s", lines, log.String())
	}
}
