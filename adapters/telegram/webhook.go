package telegram

import (
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	tg "github.com/go-telegram/bot"
)

// maxUpdate bounds the body of a webhook call, in bytes. A flood of forged calls is one line in the log, and then one in so long.
const (
	maxUpdate      = 1 << 20
	forgedLogEvery = time.Minute
)

// Handler serves /telegram/webhook. It answers 200 only when the update is stored; with 503 Telegram sends it again, for a
// day. Telegram waits a minute for an answer.
func (a *Adapter) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/telegram/webhook", a.serveWebhook)
	return mux
}

// serveWebhook answers one webhook call. The answer to a press that is known by then is the response's body, which Telegram
// takes for a call of ours; how that ended it does not say.
func (a *Adapter) serveWebhook(w http.ResponseWriter, r *http.Request) {
	status, answer := a.receiveWebhook(w, r)
	switch status {
	case http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", "2")
	case http.StatusMethodNotAllowed:
		w.Header().Set("Allow", http.MethodPost)
	}
	if answer == nil {
		w.WriteHeader(status)
		return
	}
	w.Header()["Content-Type"] = jsonType
	_, _ = w.Write(answer) // where that fails, Telegram sends the press again
}

// receiveWebhook hands the update of one call to the intake and returns the status of its answer. The secret is compared in
// constant time and before the body is read. Whoever has it is Telegram, so an update that cannot be read becomes a dead
// letter and is acknowledged: it would come again for a day. Nothing of a call without the secret is stored; it is counted, and
// the log says once in a while that there are any.
// Answer is the answer to a press, nil where there is none.
func (a *Adapter) receiveWebhook(w http.ResponseWriter, r *http.Request) (status int, answer []byte) {
	switch {
	case a.cfg.Webhook == "":
		return http.StatusNotFound, nil
	case r.Method != http.MethodPost:
		return http.StatusMethodNotAllowed, nil
	case subtle.ConstantTimeCompare([]byte(r.Header.Get("X-Telegram-Bot-Api-Secret-Token")), []byte(a.cfg.Secret)) != 1:
		a.forgedLog.Do(func() {
			a.cfg.Log.Warn("telegram: a call without the webhook's secret was refused; more of them are only counted")
		})
		a.cfg.Meter.Count("forged", adapterName, 1)
		return http.StatusUnauthorized, nil
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxUpdate))
	var tooLong *http.MaxBytesError
	switch {
	case errors.As(err, &tooLong):
		return http.StatusRequestEntityTooLarge, nil
	case err != nil:
		return http.StatusBadRequest, nil
	}
	select {
	case <-a.identified:
	default:
		return http.StatusServiceUnavailable, nil // message ids begin with the bot's id, which is not known yet
	}
	p := parseUpdate(raw)
	p.open = true
	if err := a.intake(r.Context(), p); err != nil {
		a.pressInResponse(p, false)
		a.cfg.Meter.Count("updates_refused", adapterName, 1)
		return http.StatusServiceUnavailable, nil
	}
	return http.StatusOK, a.pressInResponse(p, true)
}

// pressInResponse is the body of the response to a webhook call that brought a press: its answer, nil where none is known yet.
func (a *Adapter) pressInResponse(p parsedUpdate, acknowledged bool) []byte {
	if p.update == nil || p.update.Callback == nil {
		return nil
	}
	query, words, ok := a.pressAnswers.endCall(messageID(a.self(), p.id), acknowledged)
	if !ok {
		return nil
	}
	a.cfg.Meter.Count("answers", adapterName, 1)
	body, err := json.Marshal(struct {
		Method string `json:"method"`
		tg.AnswerCallbackQueryParams
	}{"answerCallbackQuery", callbackAnswer(query, words)})
	if err != nil {
		return nil
	}
	return body
}
