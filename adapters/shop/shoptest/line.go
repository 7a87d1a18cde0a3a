package shoptest

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"
)

// Line is the connection from the connector to the shop: an http.RoundTripper that can be cut. The shop's own people in a
// World do not go over it.
type Line struct {
	Base   http.RoundTripper          // nil is http.DefaultTransport
	Writes func(r *http.Request) bool // whether a request changes something; nil takes any but GET for one
	house  *House

	mu      sync.Mutex
	down    bool
	lose    bool            // the answers of requests that change something are lost
	slow    bool            // requests that change something arrive once the house has waited slowness
	waiting []*http.Request // those on their way
}

// slowness is how long a slow request is under way. A connector that has given one up waits longer than that before it
// believes that nothing has happened.
const slowness = 20 * time.Second

// Join gives the line to a house, for a test that plays by itself.
func (l *Line) Join(house *House) { l.house = house }

// What a cut line answers.
var (
	errDown = errors.New("the line is down")
	errLost = errors.New("the answer was lost")
)

// RoundTrip sends a request as the line is now.
func (l *Line) RoundTrip(r *http.Request) (answer *http.Response, err error) {
	l.mu.Lock()
	down, lose, slow := l.down, l.lose, l.slow
	l.mu.Unlock()
	writes := l.writes(r)
	switch {
	case down:
		return nil, errDown
	case slow && writes:
		return nil, l.later(r)
	}
	send := func() error {
		answer, err = l.send(r) //nolint:bodyclose // it is returned, or closed below
		return err
	}
	switch {
	case writes:
		err = l.house.steps.take(send)
	case l.house.steps.isDead():
		err = errKilled
	default: // to be killed while reading is to be killed after what was last written
		err = send()
	}
	if err == nil && !(lose && writes) {
		return answer, nil
	}
	if answer != nil {
		answer.Body.Close()
	}
	if err == nil {
		err = errLost
	}
	return nil, err
}

// writes says whether a request changes something.
func (l *Line) writes(r *http.Request) bool {
	if l.Writes != nil {
		return l.Writes(r)
	}
	return r.Method != http.MethodGet
}

// send does what the base does.
func (l *Line) send(r *http.Request) (*http.Response, error) {
	if l.Base == nil {
		return http.DefaultTransport.RoundTrip(r)
	}
	return l.Base.RoundTrip(r)
}

// later keeps a request that arrives when the connector has long given up.
func (l *Line) later(r *http.Request) error {
	held := r.Clone(context.WithoutCancel(r.Context()))
	if r.GetBody != nil {
		body, err := r.GetBody()
		if err != nil {
			return err
		}
		held.Body = body
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.waiting = append(l.waiting, held)
	return context.DeadlineExceeded
}

// arrive lets what was slow arrive.
func (l *Line) arrive() {
	l.mu.Lock()
	all := l.waiting
	l.waiting = nil
	l.mu.Unlock()
	for _, r := range all {
		answer, err := l.send(r)
		if err != nil {
			l.house.T.Errorf("a slow request: %v", err)
			continue
		}
		answer.Body.Close()
	}
}

// set changes how the line is.
func (l *Line) set(change func(*Line)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change(l)
}

// steps counts what the house does to the world and to its store, and kills it at one of them.
type steps struct {
	mu    sync.Mutex
	armed bool
	at    int  // the step at which it is killed
	after bool // once it is done, rather than before
	taken int
	dead  bool
	fired bool
}

// take does one step, or is killed before or after it.
func (s *steps) take(step func() error) error {
	s.mu.Lock()
	if s.dead {
		s.mu.Unlock()
		return errKilled
	}
	kill := s.armed && s.taken == s.at
	if s.armed {
		s.taken++
	}
	if kill {
		s.fired, s.dead = true, !s.after
	}
	s.mu.Unlock()
	if kill && !s.after {
		return errKilled
	}
	err := step()
	if kill {
		s.mu.Lock()
		s.dead = true
		s.mu.Unlock()
		return errKilled
	}
	return err
}

func (s *steps) isDead() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dead
}

// revive starts the house again; true where it was dead.
func (s *steps) revive() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	was := s.dead
	s.dead = false
	if was {
		s.armed = false
	}
	return was
}

// arm kills the house at a step, counted from here.
func (s *steps) arm(at int, after bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.armed, s.at, s.after, s.taken = true, at, after, 0
}

// pause lets the shop's people do something in which nobody is killed.
func (s *steps) pause(act func()) {
	s.mu.Lock()
	was := s.armed
	s.armed = false
	s.mu.Unlock()
	act()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.armed = was
}

// disarm ends that, starts a house that was killed, and says whether it was.
func (s *steps) disarm() bool {
	s.revive()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.armed = false
	return s.fired
}
