package connector

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"golang.org/x/time/rate"
)

// maxEvent is how many bytes of an event are read, and eventTime how long they may take to arrive, since its signature can be
// checked only then. An event with a wrong signature is one line in the log, and then one in forgedLogEvery.
const (
	maxEvent       = 64 << 10
	eventTime      = 5 * time.Second
	forgedLogEvery = time.Minute
	maxEventSkew   = 5 * time.Minute
)

// Events takes the shop's events, signed by Standard Webhooks: {"type":"order.changed","data":{"order_id":"…"}}. An event says
// only where to look: the order is read from the shop, so that one that is old, doubled or late does no harm. It is
// acknowledged once the order is stored; where the shop cannot be asked the answer is 503, and the event comes again.
func (s *Shop) Events(secret string) (http.Handler, error) {
	verifier, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		return nil, fmt.Errorf("the secret of events: %w", err)
	}
	forged := rate.Sometimes{First: 1, Interval: forgedLogEvery}
	refuse := func(w http.ResponseWriter) {
		forged.Do(func() {
			s.cfg.Log.Warn("an event that the shop has not signed was refused; more of them are passed over in silence")
		})
		w.WriteHeader(http.StatusUnauthorized)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			w.Header().Set("Allow", http.MethodPost)
			w.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		if !timely(r.Header) { // before a byte of the body is read
			refuse(w)
			return
		}
		// A connection that takes no deadline has the server's own.
		_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(eventTime))
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxEvent))
		if err != nil || verifier.Verify(body, r.Header) != nil {
			refuse(w)
			return
		}
		var event struct {
			Data struct {
				OrderID string `json:"order_id"`
			}
		}
		if json.Unmarshal(body, &event) != nil || event.Data.OrderID == "" || len(event.Data.OrderID) > 200 {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		if err := s.Look(r.Context(), event.Data.OrderID); err != nil {
			s.cfg.Log.Warn("an event of the shop could not be followed", slog.Any("why", err))
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	}), nil
}

// timely says whether an event may be signed, by its headers alone: each is there once, and its time is about now.
func timely(h http.Header) bool {
	for _, name := range []string{"Webhook-Id", "Webhook-Timestamp", "Webhook-Signature"} {
		if len(h.Values(name)) != 1 {
			return false
		}
	}
	at, err := strconv.ParseInt(h.Get("Webhook-Timestamp"), 10, 64)
	age := time.Since(time.Unix(at, 0))
	return err == nil && age < maxEventSkew && age > -maxEventSkew
}
