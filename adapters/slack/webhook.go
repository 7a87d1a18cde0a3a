package slack

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
)

// maxBody is how many bytes of a request are read; a longer one is refused. Nothing of a body can be judged before all of it is
// there, so a flood of them must not become a flood of memory: so many long bodies are in memory at once. A short one, as nearly
// all of Slack's are, costs little more than its connection and waits for nobody, so whoever sends slowly holds up no one.
const (
	maxBody         = 1 << 20
	shortBody       = 32 << 10
	bodiesInFlight  = 64
	bodyTime        = 3 * time.Second  // all of a body has come by then: Slack itself waits no longer for the answer
	bodyPatience    = 2 * time.Second  // how long a request waits for its turn; Slack itself waits three seconds
	refusalLogEvery = 10 * time.Second // a flood of forged requests is one line, and then one in so long
)

// maxClockSkew is how far a signature's time may be from ours, either way. It bounds how long a request can be replayed.
const maxClockSkew = 5 * time.Minute

// Handler serves what Slack sends in HTTP mode. Nothing but a request that Slack has signed gets in; without a signing secret
// nothing does.
func (a *Adapter) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /slack/events", a.signedHandler(parseEventBody))
	mux.HandleFunc("POST /slack/interactions", a.signedHandler(parseInteractionBody))
	mux.HandleFunc("POST /slack/commands", a.signedHandler(parseCommandBody))
	return mux
}

// bodyParser makes a payload of a signed body; immediate is what is to be answered at once instead, if anything.
type bodyParser func(body []byte) (kind string, payload []byte, immediate string, err error)

// signedHandler verifies a request, stores its payload by the intake, and only then acknowledges it. What cannot be stored now
// is refused with 503, so that Slack delivers it again.
func (a *Adapter) signedHandler(parse bodyParser) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, ok := a.signedBody(w, r)
		if !ok {
			return
		}
		kind, payload, immediate, err := parse(body)
		switch {
		case err != nil:
			a.cfg.Log.Warn("slack: the body of a request that Slack has signed cannot be read", "path", r.URL.Path, slog.Any("why", err))
			a.refuse(w, http.StatusBadRequest, "updates_malformed")
			return
		case immediate != "":
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			io.WriteString(w, immediate)
			return
		}
		// A redelivery is handled like any other: the engine deduplicates by the message's id.
		if r.Header.Get("X-Slack-Retry-Num") != "" {
			a.cfg.Meter.Count("redelivered", adapterName, 1)
		}
		answer, err := a.intake(r.Context(), kind, payload)
		if err != nil {
			if !errors.Is(err, errNotRunning) && !errors.Is(err, errSenderUnknown) {
				a.cfg.Log.Error(notStored, slog.Any("why", err))
			}
			a.refuse(w, http.StatusServiceUnavailable, "updates_refused")
			return
		}
		if answer != nil {
			w.Header().Set("Content-Type", "application/json; charset=utf-8")
			json.NewEncoder(w).Encode(answer) //nolint:errcheck // a connection that is cut is delivered again
		}
	}
}

// signedBody reads the body of a request that Slack has signed, and answers any other. The headers are judged before a byte of
// the body is read.
func (a *Adapter) signedBody(w http.ResponseWriter, r *http.Request) ([]byte, bool) {
	signature, at, why := a.signatureHeaders(r.Header)
	if why != "" {
		a.refuseForged(w, why)
		return nil, false
	}
	if r.ContentLength > maxBody {
		a.refuse(w, http.StatusRequestEntityTooLarge, "updates_malformed")
		return nil, false
	}
	body, status := a.readBody(w, r)
	if status != 0 {
		a.refuse(w, status, bodyRefusals[status])
		return nil, false
	}
	if !a.signed(signature, at, body) {
		a.refuseForged(w, "signature")
		return nil, false
	}
	return body, true
}

// bodyRefusals are what is counted of a body that is not taken, by the status of the answer.
var bodyRefusals = map[int]string{
	http.StatusServiceUnavailable: "updates_refused", http.StatusRequestEntityTooLarge: "updates_malformed",
	http.StatusRequestTimeout: "updates_refused",
}

// readBody reads a body that came in time; what a short one has beyond is read once there is a place for a long one. Status is
// not zero where it is refused.
func (a *Adapter) readBody(w http.ResponseWriter, r *http.Request) (body []byte, status int) {
	// A connection that takes no deadline has the server's own.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyTime))
	all := http.MaxBytesReader(w, r.Body, maxBody)
	body, err := io.ReadAll(io.LimitReader(all, shortBody))
	if err != nil {
		return nil, unreadStatus(err)
	}
	if len(body) < shortBody {
		return body, 0
	}
	patience, cancel := context.WithTimeout(r.Context(), bodyPatience)
	defer cancel()
	select {
	case a.bodies <- struct{}{}:
		defer func() { <-a.bodies }()
	case <-patience.Done():
		return nil, http.StatusServiceUnavailable
	}
	rest, err := io.ReadAll(all)
	if err != nil {
		return nil, unreadStatus(err)
	}
	return append(body, rest...), 0
}

// unreadStatus is the answer to a body that could not be read: it did not come in time, or is too large.
func unreadStatus(err error) int {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return http.StatusRequestTimeout
	}
	return http.StatusRequestEntityTooLarge
}

// refuseForged refuses a request that Slack has not signed. Each is counted; the log has one line in a while.
func (a *Adapter) refuseForged(w http.ResponseWriter, why string) {
	a.forgedLog.Do(func() {
		a.cfg.Log.Warn("slack: a request that Slack has not signed was refused; more of them are only counted", "why", why)
	})
	a.refuse(w, http.StatusUnauthorized, "forged")
}

// notStored is what is logged of a payload that is not acknowledged, by either way in.
const notStored = "slack: something could not be stored, and is left to be sent again"

// refuse answers with an error status, and counts why.
func (a *Adapter) refuse(w http.ResponseWriter, status int, counted string) {
	a.cfg.Meter.Count(counted, adapterName, 1)
	http.Error(w, http.StatusText(status), status)
}

// signatureHeaders returns what a request says of its signature, or why it cannot be Slack's: by its headers alone, at a time
// within maxClockSkew.
func (a *Adapter) signatureHeaders(h http.Header) (signature, at, why string) {
	signatures, times := h.Values("X-Slack-Signature"), h.Values("X-Slack-Request-Timestamp")
	if a.cfg.SigningSecret == "" {
		return "", "", "no_secret"
	}
	// Two headers of a name could be read differently by a proxy in between and by us, so exactly one of each is taken.
	if len(signatures) != 1 || len(times) != 1 {
		return "", "", "headers"
	}
	if sum, ours := strings.CutPrefix(signatures[0], "v0="); !ours || len(sum) != hex.EncodedLen(sha256.Size) {
		return "", "", "signature"
	}
	unix, err := strconv.ParseInt(times[0], 10, 64)
	if err != nil || times[0] != strconv.FormatInt(unix, 10) {
		return "", "", "headers"
	}
	// An old request may be a replay; one from the future has a clock that is not Slack's.
	if age := a.cfg.Now().Sub(time.Unix(unix, 0)); age > maxClockSkew || age < -maxClockSkew {
		return "", "", "old"
	}
	return signatures[0], times[0], ""
}

// signed says whether a signature is Slack's: made with our secret over this very body, at that time. Nothing else of a request
// is used, for nothing else is signed. Compared in constant time, so that the time it takes tells nothing about the signature.
func (a *Adapter) signed(signature, at string, body []byte) bool {
	mac := hmac.New(sha256.New, []byte(a.cfg.SigningSecret))
	io.WriteString(mac, "v0:"+at+":")
	mac.Write(body)
	return hmac.Equal([]byte(signature), []byte("v0="+hex.EncodeToString(mac.Sum(nil))))
}

// parseEventBody reads the body of an event, which is JSON. Slack checks a new address by a challenge to be answered at once.
func parseEventBody(body []byte) (kind string, payload []byte, immediate string, err error) {
	var o eventEnvelope
	if json.Unmarshal(body, &o) == nil && o.Type == "url_verification" {
		if o.Challenge == "" {
			return "", nil, "", errors.New("no challenge")
		}
		return "", nil, o.Challenge, nil
	}
	return kindEvent, body, "", nil
}

// parseInteractionBody reads the body of an interaction: a URL-encoded form whose one field is the payload.
func parseInteractionBody(body []byte) (kind string, payload []byte, immediate string, err error) {
	form, err := url.ParseQuery(string(body))
	if err != nil || len(form["payload"]) != 1 {
		return "", nil, "", errors.New("not one payload")
	}
	return kindInteraction, []byte(form["payload"][0]), "", nil
}

// parseCommandBody reads the body of a slash command, a URL-encoded form, and makes it the JSON that Socket Mode has.
func parseCommandBody(body []byte) (kind string, payload []byte, immediate string, err error) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return "", nil, "", err
	}
	if form.Get("ssl_check") == "1" {
		return "", nil, "ok", nil
	}
	fields := map[string]string{}
	for name, all := range form {
		// Nobody can say which of two values Slack meant.
		if len(all) != 1 {
			return "", nil, "", errors.New("a field is there twice")
		}
		fields[name] = all[0]
	}
	payload, err = json.Marshal(fields)
	return kindCommand, payload, "", err
}
