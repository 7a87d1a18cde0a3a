package telegram

import (
	"crypto/subtle"
	"errors"
	"io"
	"net/http"
)

// longestUpdate is how many bytes of an update the webhook takes.
const maxUpdate = 1 << 20

// Handler serves /telegram/webhook: 200 only when the update is stored.
func (a *Adapter) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/telegram/webhook", a.serveWebhook)
	return mux
}

func (a *Adapter) serveWebhook(w http.ResponseWriter, r *http.Request) {
	status := a.receiveWebhook(w, r)
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "2")
	}
	if status == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", http.MethodPost)
	}
	w.WriteHeader(status)
}

// hear takes one update and says how that went. Whoever has the secret is Telegram; what it sends that cannot be read is
// set aside and acknowledged, for it would come again for a day.
func (a *Adapter) receiveWebhook(w http.ResponseWriter, r *http.Request) int {
	switch {
	case a.cfg.Webhook == "":
		return http.StatusNotFound
	case r.Method != http.MethodPost:
		return http.StatusMethodNotAllowed
	case subtle.ConstantTimeCompare([]byte(r.Header.Get("X-Telegram-Bot-Api-Secret-Token")), []byte(a.cfg.Secret)) != 1:
		a.cfg.Meter.Count("forged", adapterName, 1)
		return http.StatusUnauthorized
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxUpdate))
	var long *http.MaxBytesError
	switch {
	case errors.As(err, &long):
		return http.StatusRequestEntityTooLarge
	case err != nil:
		return http.StatusBadRequest
	}
	select {
	case <-a.identified:
	default:
		return http.StatusServiceUnavailable // we do not know yet who we are
	}
	if err := a.intake(r.Context(), raw); err != nil {
		a.cfg.Meter.Count("updates_refused", adapterName, 1)
		return http.StatusServiceUnavailable
	}
	return http.StatusOK
}
