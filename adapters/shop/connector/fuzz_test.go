package connector_test

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"nevermind/adapters/shop/connector"
)

// FuzzEvents takes whatever a shop signs for an event: nothing panics, and nothing but an order's id leads to the shop.
func FuzzEvents(f *testing.F) {
	const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	signer, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		f.Fatal(err)
	}
	system := &looked{}
	events, err := connector.New(system, connector.Config{Now: time.Now}).Events(secret)
	if err != nil {
		f.Fatal(err)
	}
	for _, body := range []string{
		`{"type":"order.changed","data":{"order_id":"8123"}}`, `{"data":{"order_id":8123}}`, `{"data":{"ORDER_ID":"a","order_id":"b"}}`,
		`{"data":[]}`, `null`, ``, "\xff", `{"data":{"order_id":"` + strings.Repeat("9", 300) + `"}}`, strings.Repeat(`{"data":`, 200),
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		system.ids = nil
		now := time.Now()
		signature, err := signer.Sign("m-1", now, body)
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest(http.MethodPost, "/shop/events", strings.NewReader(string(body)))
		r.Header.Set("Webhook-Id", "m-1")
		r.Header.Set("Webhook-Timestamp", strconv.FormatInt(now.Unix(), 10))
		r.Header.Set("Webhook-Signature", signature)
		w := httptest.NewRecorder()
		events.ServeHTTP(w, r)
		switch asked := len(system.ids); {
		case w.Code == http.StatusNoContent && (asked != 1 || system.ids[0] == "" || len(system.ids[0]) > 200):
			t.Errorf("it is acknowledged, and %q were looked at", system.ids)
		case w.Code != http.StatusNoContent && asked > 0:
			t.Errorf("it is answered with %d, and %q were looked at", w.Code, system.ids)
		}
	})
}
