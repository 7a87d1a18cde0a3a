// Package telegramtest is a fake Bot API server: over HTTP or within one process, with chats as people see them, faults at
// will, and every call checked against the schemas and limits of the Bot API.
package telegramtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// Server is the fake. Open or Within make one that ends with the test; New, Start and Close are for programs that measure.
//
// People act in its chats (Private, Group), and what they do becomes updates, which wait until the bot confirms them: by
// getUpdates, or by answering its webhook with 200. The bot's calls change the chats. A call that the real Bot API would not
// take, by its schemas or its limits, fails the test at its end; Fault makes calls go wrong on purpose.
//
// The exported fields are set before the bot makes its first call; Fault may be replaced between calls that nobody makes at the
// same time. Every method is safe for concurrent use.
type Server struct {
	// Token and Username are the bot's.
	Token, Username string
	// Schemas is the folder of the Bot API's schemas; empty checks limits only.
	Schemas string
	// Quiet keeps no list of calls, checks none of them, looks for no live entities and forgets old messages: for measurements.
	Quiet bool
	// Heard is told of each new message of the bot; nil is nobody.
	Heard func(Message)
	// Shown is told of each message of the bot when its words come to stand in a chat, new or edited; nil is nobody.
	Shown func(Message)
	// Fault says what goes wrong with a call; nil is nothing.
	Fault func(Call) Fault

	// Hook receives webhooks without a network, whatever their address; nil is the network.
	Hook http.Handler

	http *httptest.Server

	mu         sync.Mutex
	chats      map[int64]*Chat
	queue      []pending // updates not confirmed
	past       map[int64]pending
	nextUpdate int64
	nextFile   int
	files      map[string][]byte
	answers    map[string]Answer
	menus      map[string]json.RawMessage
	calls      []Call
	violations []string
	hook       *webhook
	poller     chan struct{} // closed to end the poll that waits
	arrived    chan struct{} // closed when an update comes
	changed    chan struct{} // closed when anything does
	stopped    bool
}

// Call is one call of a method.
type Call struct {
	N       int // from 1; 0 where it is not kept
	At      time.Time
	Method  string
	Chat    int64
	Params  map[string]json.RawMessage
	Uploads map[string][]byte // by field
	Reply   bool              // it was the response to a webhook call; what came of it the bot does not learn
	Code    int               // what it was answered with; 0 where it was cut
	Words   string            // of a refusal
}

// Fault is what goes wrong with a call.
type Fault struct {
	Code       int           // answered instead, with Words; 0 is none
	Words      string        // for Code
	RetryAfter time.Duration // for 429
	MigrateTo  int64         // for 400
	Raw        string        // answered as it stands with Code, by what stands before the Bot API
	Delay      time.Duration // before anything is done
	Cut        bool          // the connection is cut before anything is done
	CutAfter   bool          // it is done, and the answer never comes
	Hole       bool          // nothing is done, and no answer comes either
}

// Answer is what a press was answered with.
type Answer struct {
	Text  string
	Alert bool
	Times int
	At    time.Time
}

// BotID is the id of the bot that a Server plays.
const BotID = 700700700

// Open starts a server over HTTP that ends with the test, and fails it for every call that the Bot API would not take.
func Open(t testing.TB) *Server {
	s := Within(t)
	s.Start()
	return s
}

// Within is a server without a network that ends with the test like one of Open: in a bubble of testing/synctest its
// time is simulated.
func Within(t testing.TB) *Server {
	s := New()
	s.Schemas = findSchemas()
	if s.Schemas == "" {
		t.Log("telegramtest: no ../shared/specs/telegram here; limits are checked, schemas are not")
	}
	t.Cleanup(func() {
		s.Close()
		for _, v := range s.Violations() {
			t.Error("the Bot API would not take this:", v)
		}
	})
	return s
}

// Reach is the client that reaches the server: nil, the network's own, where it is served over HTTP.
func (s *Server) Reach() *http.Client {
	if s.http != nil {
		return nil
	}
	return s.Client()
}

// New makes a server that is reached by Client alone; Start opens it over HTTP.
func New() *Server {
	return &Server{
		Token: fmt.Sprintf("%d:AAfake-token_of-the-test", BotID), Username: "nevermind_test_bot",
		chats: map[int64]*Chat{}, nextUpdate: 8_000_001, past: map[int64]pending{}, files: map[string][]byte{},
		answers: map[string]Answer{}, menus: map[string]json.RawMessage{},
		poller: make(chan struct{}), arrived: make(chan struct{}), changed: make(chan struct{}),
	}
}

// Start serves on 127.0.0.1.
func (s *Server) Start() { s.http = httptest.NewServer(s) }

// URL is the server's address; a made-up one where it is not served over HTTP.
func (s *Server) URL() string {
	if s.http == nil {
		return "http://telegram.test"
	}
	return s.http.URL
}

// Close ends the server and what waits on it.
func (s *Server) Close() {
	s.mu.Lock()
	if !s.stopped {
		s.stopped = true
		close(s.poller)
	}
	hook := s.hook
	s.hook = nil
	s.mu.Unlock()
	if hook != nil {
		hook.stop()
	}
	if s.http != nil {
		s.http.CloseClientConnections()
		s.http.Close()
	}
}

// Violations are the calls that the Bot API would not have taken, each once.
func (s *Server) Violations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.violations)
}

// Calls are the calls so far, of one method or, where it is empty, of all.
func (s *Server) Calls(method string) []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	var calls []Call
	for _, c := range s.calls {
		if method == "" || strings.EqualFold(c.Method, method) {
			calls = append(calls, c)
		}
	}
	return calls
}

// Pending is how many updates are not confirmed.
func (s *Server) Pending() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.queue)
}

// Menu is what was set by a method (setMyCommands) for a scope and language ("all_private_chats/", "default/es", "chat:11/").
func (s *Server) Menu(method, of string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return string(s.menus[strings.ToLower(method)+" "+of])
}

// AnswerTo is how a press was answered.
func (s *Server) AnswerTo(query string) Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.answers[query]
}

// patience is how long is waited for what must come, however busy the machine is.
const patience = 2 * time.Minute

// Until waits until something holds, for two minutes at most, and says whether it does.
func (s *Server) Until(holds func() bool) bool {
	enough := time.NewTimer(patience)
	defer enough.Stop()
	look := time.NewTicker(5 * time.Millisecond) // what holds may be elsewhere
	defer look.Stop()
	for {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		if holds() {
			return true
		}
		select {
		case <-changed:
		case <-look.C:
		case <-enough.C:
			return holds()
		}
	}
}

// notify wakes those who wait for a change; the caller holds the lock.
func (s *Server) notify() {
	close(s.changed)
	s.changed = make(chan struct{})
}

func (s *Server) violate(format string, args ...any) {
	v := fmt.Sprintf(format, args...)
	if !slices.Contains(s.violations, v) && len(s.violations) < 100 {
		s.violations = append(s.violations, v)
	}
}

// ServeHTTP is the Bot API.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if path, ok := strings.CutPrefix(r.URL.Path, "/file/bot"+s.Token+"/"); ok {
		s.download(w, r, path)
		return
	}
	method, ok := strings.CutPrefix(r.URL.Path, "/bot"+s.Token+"/")
	if !ok {
		refuse(w, 401, "Unauthorized", 0, 0)
		return
	}
	s.method(w, r, method)
}

// download hands out a file. For Fault it is a call of the method "download"; cut, half of it arrives.
func (s *Server) download(w http.ResponseWriter, r *http.Request, path string) {
	s.mu.Lock()
	content, ok := s.files[path]
	s.mu.Unlock()
	var f Fault
	if s.Fault != nil {
		f = s.Fault(Call{Method: "download"})
	}
	switch {
	case f.Hole:
		<-r.Context().Done()
		panic(http.ErrAbortHandler)
	case f.Code != 0:
		w.WriteHeader(f.Code)
		return
	case !ok:
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Length", strconv.Itoa(len(content)))
	if f.Cut {
		_, _ = w.Write(content[:len(content)/2])
		panic(http.ErrAbortHandler)
	}
	_, _ = w.Write(content)
}

func refuse(w http.ResponseWriter, code int, words string, retryAfter time.Duration, migrateTo int64) {
	body := map[string]any{"ok": false, "error_code": code, "description": words}
	parameters := map[string]any{}
	if retryAfter > 0 {
		s := int((retryAfter + time.Second - 1) / time.Second)
		parameters["retry_after"] = s
		w.Header().Set("Retry-After", fmt.Sprint(s))
	}
	if migrateTo != 0 {
		parameters["migrate_to_chat_id"] = migrateTo
	}
	if len(parameters) > 0 {
		body["parameters"] = parameters
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(body)
}
