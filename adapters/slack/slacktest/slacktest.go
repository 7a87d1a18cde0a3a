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

// Slack is a workspace. New starts it on a local port; it ends with its test. A test makes people and channels, gives the adapter
// API as its address, lets people act (Say, Press, Command, …) and waits with Until, Await or AwaitView for what they see. What
// people do is delivered at once, and the method that does it returns when the app has acknowledged it or has not in time.
//
// All methods are safe for concurrent use. Whatever is not as Slack's schemas want it fails the test, in either direction.
type Slack struct {
	t       testing.TB
	now     func() time.Time
	http    *httptest.Server
	schemas *schemas

	mu       sync.Mutex
	changed  chan struct{}         // closed and made anew at each change
	people   map[string]Person     // by user
	channels map[string]*channel   // by id
	views    map[string]*View      // by user: the modal that stands before them
	homes    map[string]*Message   // by user: their home tab
	triggers map[string]*trigger   // by id
	answers  map[string]*answerURL // by id
	faults   map[string][]Fault    // by method: how its next calls end
	calls    []Call                // oldest first
	target   string                // where HTTP mode delivers to; empty is Socket Mode
	sockets  []*socket
	turn     int                       // counts deliveries by sockets, which take turns
	waiting  map[string]chan Answer    // by envelope: who waits for its acknowledgement
	files    map[string]*File          // by id
	said     map[string]map[string]any // by a file's name, see Describe
	refer    bool                      // files come by reference
	unacked  []*delivery               // events to be delivered again
	retrying int                       // of those, on their way again
	retries  []time.Duration           // when an event that was not acknowledged is sent again, after the try before
	ids      int                       // counts ids
	lastTS   int64                     // in microseconds
	echoing  int                       // events of our own messages that are on their way
	quiet    bool                      // tells the app nothing of its own messages
	onPosted func(Message)             // see Posted
	closed   bool                      // the test is over: failures no longer count
}

// channel is a channel or a direct message.
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
	s := &Slack{
		t: t, retries: retries, now: now, schemas: loadSchemas(t), changed: make(chan struct{}),
		people: map[string]Person{}, channels: map[string]*channel{}, files: map[string]*File{}, said: map[string]map[string]any{},
		views: map[string]*View{}, homes: map[string]*Message{}, triggers: map[string]*trigger{},
		answers: map[string]*answerURL{}, faults: map[string][]Fault{}, waiting: map[string]chan Answer{},
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/{method}", s.call)
	mux.HandleFunc("GET /api/{method}", s.call)
	mux.HandleFunc("POST /answer/{id}", s.useAnswerURL)
	mux.HandleFunc("GET /socket/{ticket}", s.connect)
	mux.HandleFunc("POST /upload/{id}", s.upload)
	mux.HandleFunc("GET /file/{id}/{name}", s.download)
	s.http = httptest.NewServer(mux)
	t.Cleanup(s.close)
	return s
}

// close ends the workspace: nothing is answered any more.
func (s *Slack) close() {
	s.mu.Lock()
	s.closed = true
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

// Archive archives a channel, which the channel tells its members.
func (s *Slack) Archive(user, id string) { s.archive(user, id, true) }

// Unarchive takes a channel out of the archive.
func (s *Slack) Unarchive(user, id string) { s.archive(user, id, false) }

// archive archives a channel or takes it out, and tells the app.
func (s *Slack) archive(user, id string, archived bool) {
	s.mu.Lock()
	s.channels[id].archived = archived
	subtype, text := "channel_archive", "archived the channel"
	if !archived {
		subtype, text = "channel_unarchive", "un-archived the channel"
	}
	ts := s.ts()
	e := map[string]any{"type": "message", "subtype": subtype, "team": Team, "user": user, "channel": id, "channel_type": "channel",
		"text": text, "ts": ts, "event_ts": ts}
	p := s.event(e)
	s.notify()
	s.mu.Unlock()
	s.checkInbound(map[bool]string{true: "ChannelArchiveMessageEvent", false: "ChannelUnarchiveMessageEvent"}[archived], e)
	s.deliver(p)
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

// testTimeout is how long a test waits for what has to come.
const testTimeout = 2 * time.Minute

// Until waits until something holds, looking again at each change; it fails the test where that takes too long.
func (s *Slack) Until(what string, holds func() bool) {
	s.t.Helper()
	deadline := time.NewTimer(testTimeout)
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

// notify tells those who wait that something has changed; s.mu is held.
func (s *Slack) notify() {
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

// fail fails the test, unless it is over.
func (s *Slack) fail(format string, args ...any) {
	s.t.Helper()
	s.mu.Lock()
	over := s.closed
	s.mu.Unlock()
	if !over {
		s.t.Errorf("slacktest: "+format, args...)
	}
}
