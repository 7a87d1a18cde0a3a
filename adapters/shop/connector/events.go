package connector

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// maxEvent is how many bytes of an event are read.
const maxEvent = 64 << 10

// Events takes the shop's events, signed by Standard Webhooks: {"type":"order.changed","data":{"order_id":"…"}}. An event says
// only where to look: the order is read from the shop, so that one that is old, doubled or late does no harm. It is
// acknowledged once the order is stored; where the shop cannot be asked the answer is 503, and the event comes again.
func (s *Shop) Events(secret string) (http.Handler, error) {
	verifier, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		return nil, fmt.Errorf("the secret of events: %w", err)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			w.Header().Set("Allow", http.MethodPost)
			w.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxEvent))
		if err != nil || verifier.Verify(body, r.Header) != nil {
			w.WriteHeader(http.StatusUnauthorized)
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
