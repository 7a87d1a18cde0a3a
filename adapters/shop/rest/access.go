package rest

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// ServeHTTP admits callers who show the key, finds the route, and answers every error with a problem document. It counts
// each call by operation and status.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	begun := time.Now()
	seen := &statusRecorder{ResponseWriter: w, call: "none"}
	// The answer's status is known at the end, a panic's too.
	defer func() {
		a.recoverPanic(seen, recover())
		a.cfg.Meter.Count("rest", seen.call+"/"+strconv.Itoa(seen.status), 1)
		a.cfg.Meter.Took("rest", seen.call, time.Since(begun))
	}()
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	seen.scopes = a.scopes(r)
	switch {
	case len(seen.scopes) == 0:
		a.refuseKey(seen)
	case !a.checkRoute(seen, r):
	default:
		a.routes.ServeHTTP(seen, r)
	}
}

// scopes are what a caller may do: everything with the key of the settings, what its own scopes say with one of Keys, and
// nothing without. The settings' key is compared in constant time, whatever its length.
func (a *API) scopes(r *http.Request) []Scope {
	scheme, key, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if key = strings.TrimSpace(key); !strings.EqualFold(scheme, "Bearer") || key == "" {
		return nil
	}
	// Hashes have the same length, so the comparison does not tell how long the key is.
	sum := sha256.Sum256([]byte(key))
	if same := subtle.ConstantTimeCompare(sum[:], a.key[:]) == 1; same && a.cfg.Key != "" {
		return Scopes
	}
	if a.cfg.Keys == nil {
		return nil
	}
	return a.cfg.Keys.scopesOf(r.Context(), key)
}

// checkScope is the middleware that refuses a call for which the caller's key has no scope.
func checkScope(ctx huma.Context, next func(huma.Context)) {
	need := scopeOfTag[ctx.Operation().Tags[0]]
	if _, w := humago.Unwrap(ctx); w != nil && !slices.Contains(w.(*statusRecorder).scopes, need) {
		writeProblem(w, problem(http.StatusForbidden, fmt.Sprintf("this key has not the scope %q", need)))
		return
	}
	next(ctx)
}

// How many calls a second without the right key are answered in full, and how often the log says that there were any. A
// caller with the key is never slowed down.
const (
	wrongKeysASecond = 10
	wrongKeysAtOnce  = 60 // a shop that starts with an old key is not punished
	wrongKeyLogEvery = time.Minute
)

// refuseKey answers a call without the right key. Whoever tries many is told to wait, and the log says so once in a while;
// how many there were is in the count of calls.
func (a *API) refuseKey(w http.ResponseWriter) {
	a.wrongKeyLog.Do(func() {
		a.cfg.Log.Warn("rest: a call without the right key was refused; more of them are only counted")
	})
	if !a.wrongKeys.Allow() {
		w.Header().Set("Retry-After", "1")
		writeProblem(w, problem(http.StatusTooManyRequests, "too many calls without the right key"))
		return
	}
	w.Header().Set("WWW-Authenticate", `Bearer realm="nevermind"`)
	writeProblem(w, problem(http.StatusUnauthorized, a.unauthorizedDetail()))
}

// unauthorizedDetail says what a caller without the key has to do, or the operator.
func (a *API) unauthorizedDetail() string {
	if a.cfg.Key == "" && (a.cfg.Keys == nil || a.cfg.Keys.Len() == 0) {
		return "every call is refused: no key was made here, by NEVERMIND_API_KEY or by nevermind keys add"
	}
	return "show the key: Authorization: Bearer $NEVERMIND_API_KEY"
}

// checkRoute says whether a route takes the request, and answers with a problem document where none does: the router's own
// answers are plain text.
func (a *API) checkRoute(w http.ResponseWriter, r *http.Request) bool {
	at := r.URL.EscapedPath()
	// The router would redirect such a path, which a caller that sends a body does not expect.
	if r.Method == http.MethodConnect || path.Clean(at) != at {
		writeProblem(w, problem(http.StatusNotFound, "there is nothing under this path"))
		return false
	}
	handler, pattern := a.routes.Handler(r)
	if pattern != "" {
		return true
	}
	// The router knows whether the path takes another method; its answer says which.
	says := &discardedAnswer{header: http.Header{}}
	handler.ServeHTTP(says, r)
	if says.status == http.StatusMethodNotAllowed {
		allow := says.header.Get("Allow")
		w.Header().Set("Allow", allow)
		writeProblem(w, problem(http.StatusMethodNotAllowed, "this path takes "+allow))
		return false
	}
	writeProblem(w, problem(http.StatusNotFound, "there is nothing under this path"))
	return false
}

// recoverPanic logs a panic and answers it with a problem document; other calls go on. http.ErrAbortHandler is passed on.
func (a *API) recoverPanic(w *statusRecorder, fault any) {
	if fault == nil {
		return
	}
	// The server ends the connection for this panic, and says nothing.
	if err, ok := fault.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(fault)
	}
	a.cfg.Log.Error("a call to the API has panicked", "why", fmt.Sprint(fault), slog.String("stack", string(debug.Stack())))
	if w.status == 0 {
		writeProblem(w, problem(http.StatusInternalServerError, detailOurFault))
	}
}

// statusRecorder remembers which operation was called and the status that was answered, for the metrics.
type statusRecorder struct {
	http.ResponseWriter
	call   string
	status int
	scopes []Scope // of the caller's key
}

// recordOperation is the middleware that tells statusRecorder which operation a call is.
func recordOperation(ctx huma.Context, next func(huma.Context)) {
	if _, w := humago.Unwrap(ctx); w != nil {
		w.(*statusRecorder).call = ctx.Operation().OperationID
	}
	next(ctx)
}

// WriteHeader records the first status and passes it on.
func (w *statusRecorder) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write passes a part of the answer on; without a status before it, that is 200.
func (w *statusRecorder) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController reach the writer below.
func (w *statusRecorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// discardedAnswer is an http.ResponseWriter whose answer nobody gets: checkRoute asks the router with it.
type discardedAnswer struct {
	header http.Header
	status int
}

// Header is the answer's header.
func (e *discardedAnswer) Header() http.Header { return e.header }

// Write drops a part of the answer.
func (e *discardedAnswer) Write(p []byte) (int, error) { return len(p), nil }

// WriteHeader records the status.
func (e *discardedAnswer) WriteHeader(status int) { e.status = status }
