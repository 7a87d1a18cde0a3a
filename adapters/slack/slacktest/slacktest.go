// Package slacktest is a Slack of our own for tests, over real HTTP and WebSocket on this machine: the methods that the
// adapter calls, the events, presses and forms that people cause, and the faults that happen between. Every call, block
// and view that it is sent is held against Slack's published schemas; what does not fit fails the test.
package slacktest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// Who and what there is.
const (
	Team     = "T0NEVER"
	App      = "A0NEVER"
	BotUser  = "U0BOT"
	Bot      = "B0BOT"
	BotToken = "xoxb-fake"
	AppToken = "xapp-fake"
	Secret   = "8f742231b10e8888abcd99yyyzzz85a5"
)

// Person is somebody on Slack.
type Person struct {
	ID, Name, Team, Locale, Zone string // Team is ours where it is empty
	Guest, Deleted               bool
}

// Slack is a workspace.
type Slack struct {
	t    testing.TB
	now  func() time.Time
	http *httptest.Server
	book *schemas

	mu       sync.Mutex
	changed  chan struct{} // closed and made anew at each change
	people   map[string]Person
	channels map[string]*channel
	views    map[string]*View
	homes    map[string]*Message
	triggers map[string]*trigger
	answers  map[string]*answerURL
	faults   map[string][]Fault
	calls    []Call
	target   string // where HTTP mode delivers to; empty is Socket Mode
	sockets  []*socket
	turn     int
	waiting  map[string]chan Answer
	files    map[string]*File
	unheard  []*parcel
	onWay    int             // of those, on their way again
	retries  []time.Duration // when an event that was not acknowledged is sent again, after the try before
	ids      int
	lastTS   int64
	echoing  int // events of our own messages that are on their way
	quiet    bool
	posted   func(Message)
	over     bool
}

type channel struct {
	members  map[string]bool
	messages []*Message
	archived bool
}

// Call is one call of the Web API.
type Call struct {
	Method string
	Args   map[string]any
}

// Calls lists the calls of the Web API so far.
func (s *Slack) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}

// New starts a workspace that lives as long as the test; now is its clock, nil the wall's.
func New(t testing.TB, now func() time.Time) *Slack {
	if now == nil {
		now = time.Now
	}
	s := &Slack{t: t, retries: retries, now: now, book: readSchemas(t), changed: make(chan struct{}), people: map[string]Person{}, channels: map[string]*channel{},
		views: map[string]*View{}, homes: map[string]*Message{}, triggers: map[string]*trigger{}, answers: map[string]*answerURL{}, faults: map[string][]Fault{}, waiting: map[string]chan Answer{}, files: map[string]*File{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/{method}", s.call)
	mux.HandleFunc("GET /api/{method}", s.call)
	mux.HandleFunc("POST /answer/{id}", s.answerURL)
	mux.HandleFunc("GET /socket/{ticket}", s.connect)
	mux.HandleFunc("POST /upload/{id}", s.upload)
	mux.HandleFunc("GET /file/{id}/{name}", s.download)
	s.http = httptest.NewServer(mux)
	t.Cleanup(s.close)
	return s
}

func (s *Slack) close() {
	s.mu.Lock()
	s.over = true
	for _, one := range s.sockets {
		one.conn.Close()
	}
	s.mu.Unlock()
	s.http.CloseClientConnections()
	s.http.Close()
	s.Settle()
}

// API is the Web API's address.
func (s *Slack) API() string { return s.http.URL + "/api/" }

// Deliver makes Slack deliver by HTTP to the paths below an address; the empty one means Socket Mode.
func (s *Slack) Deliver(base string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.target = strings.TrimSuffix(base, "/")
}

// Quiet makes Slack say nothing of our own messages; they are events otherwise.
func (s *Slack) Quiet(quiet bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.quiet = quiet
}

// Person adds somebody, or changes them.
func (s *Slack) Person(p Person) {
	if p.Team == "" {
		p.Team = Team
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.people[p.ID] = p
}

// Channel opens a channel with us and others in it.
func (s *Slack) Channel(id string, members ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &channel{members: map[string]bool{BotUser: true}}
	for _, m := range members {
		c.members[m] = true
	}
	s.channels[id] = c
}

// Archive archives a channel.
func (s *Slack) Archive(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.channels[id].archived = true
}

// Direct is the channel of somebody's direct messages with us.
func (s *Slack) Direct(user string) string {
	id := "D" + user
	s.mu.Lock()
	_, ok := s.channels[id]
	s.mu.Unlock()
	if !ok {
		s.Channel(id, user)
	}
	return id
}

// patience is how long a test waits for what has to come, however busy the machine is.
const patience = 2 * time.Minute

// Until waits until something holds, looking again at each change; it fails the test where that takes too long.
func (s *Slack) Until(what string, holds func() bool) {
	s.t.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	for {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		if holds() {
			return
		}
		select {
		case <-changed:
		case <-time.After(50 * time.Millisecond): // what holds may lie outside this workspace
		case <-deadline.C:
			s.t.Fatalf("waited in vain until %s\n%s", what, s.Show())
		}
	}
}

// touched tells those who wait that something has changed; s.mu is held.
func (s *Slack) touched() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// id mints an id; s.mu is held.
func (s *Slack) id(kind string) string {
	s.ids++
	return fmt.Sprintf("%s%07d", kind, s.ids)
}

// ts mints a message's name, unlike any before; s.mu is held.
func (s *Slack) ts() string {
	s.lastTS = max(s.lastTS+1, s.now().UnixMicro())
	return fmt.Sprintf("%d.%06d", s.lastTS/1e6, s.lastTS%1e6)
}

func (s *Slack) fail(format string, args ...any) {
	s.t.Helper()
	s.mu.Lock()
	over := s.over
	s.mu.Unlock()
	if !over {
		s.t.Errorf("slacktest: "+format, args...)
	}
}
