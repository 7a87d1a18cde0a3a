package telegram

import (
	"crypto/subtle"
	"errors"
	"io"
	"net/http"
)

// maxUpdate bounds the body of a webhook call, in bytes.
const maxUpdate = 1 << 20

// Handler serves /telegram/webhook. It answers 200 only when the update is stored; with 503 Telegram sends it again, for a
// day. Telegram waits a minute for an answer.
func (a *Adapter) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/telegram/webhook", a.serveWebhook)
	return mux
}

// serveWebhook answers one webhook call.
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

// receiveWebhook hands the update of one call to the intake and returns the status of its answer. The secret is compared in
// constant time and before the body is read. Whoever has it is Telegram, so an update that cannot be read becomes a dead
// letter and is acknowledged: it would come again for a day. Nothing of a call without the secret is stored; it is counted.
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
	var tooLong *http.MaxBytesError
	switch {
	case errors.As(err, &tooLong):
		return http.StatusRequestEntityTooLarge
	case err != nil:
		return http.StatusBadRequest
	}
	select {
	case <-a.identified:
	default:
		return http.StatusServiceUnavailable // message ids begin with the bot's id, which is not known yet
	}
	if err := a.intake(r.Context(), raw); err != nil {
		a.cfg.Meter.Count("updates_refused", adapterName, 1)
		return http.StatusServiceUnavailable
	}
	return http.StatusOK
}
