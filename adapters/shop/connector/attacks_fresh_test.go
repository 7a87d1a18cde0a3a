package connector_test

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"nevermind/adapters/shop/connector"
)

// timed is an answer that knows by when the body has to be there.
type timed struct {
	*httptest.ResponseRecorder
	until time.Time
}

func (w *timed) SetReadDeadline(t time.Time) error { w.until = t; return nil }

// TestFreshForgedEvents: events with missing, wrong or old signatures are refused, and a slow body is cut off (A6).
func TestFreshForgedEvents(t *testing.T) {
	const secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", `{"data":{"order_id":"8123"}}`
	events, err := connector.New(nil, connector.Config{Now: time.Now}).Events(secret)
	if err != nil {
		t.Fatal(err)
	}
	now := strconv.FormatInt(time.Now().Unix(), 10)
	for name, c := range map[string]struct{ id, at, signature, body string }{
		"no signature":        {"m1", now, "", body},
		"a signature of none": {"m1", now, "v1,", body},
		"another version":     {"m1", now, "v1a," + strings.Repeat("A", 88), body},
		"zeros":               {"m1", now, "v1," + strings.Repeat("A", 43) + "=", body},
		"many signatures":     {"m1", now, strings.Repeat("v1,AAAA ", 2000), body},
		"the secret itself":   {"m1", now, "v1," + secret, body},
		"no id":               {"", now, "v1,AAAA", body},
		"no time":             {"m1", "", "v1,AAAA", body},
		"a time in hex":       {"m1", "0x6", "v1,AAAA", body},
		"the end of time":     {"m1", "9223372036854775807", "v1,AAAA", body},
		"before all time":     {"m1", "-9223372036854775808", "v1,AAAA", body},
		"a body too long":     {"m1", now, "v1,AAAA", strings.Repeat(" ", 65<<10)},
	} {
		r := httptest.NewRequest(http.MethodPost, "/shop/events", strings.NewReader(c.body))
		r.Header.Set("Webhook-Id", c.id)
		r.Header.Set("Webhook-Timestamp", c.at)
		r.Header.Set("Webhook-Signature", c.signature)
		w := &timed{ResponseRecorder: httptest.NewRecorder()}
		if events.ServeHTTP(w, r); w.Code != http.StatusUnauthorized {
			t.Errorf("%s: got %d", name, w.Code)
		}
		if c.at == now && (w.until.IsZero() || time.Until(w.until) > 10*time.Second) {
			t.Errorf("%s: the body may come until %v", name, w.until)
		}
	}
}
