package slacktest

import "time"

// Retry makes Slack send again what was not acknowledged, so many times and so long apart: for drills in which an hour
// of Slack's has to pass in a minute.
func (s *Slack) Retry(times int, apart time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.retries = make([]time.Duration, times)
	for i := range s.retries {
		s.retries[i] = apart
	}
}

// Unheard says how many events still wait to be sent again.
func (s *Slack) Unheard() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.unacked) + s.retrying
}

// Posted calls a function with each message of ours as it stands, before the app hears that it does.
func (s *Slack) Posted(see func(Message)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.onPosted = see
}

// notifyPosted calls the function of Posted after a chat.postMessage.
func (s *Slack) notifyPosted(method string, args, answer map[string]any) {
	s.mu.Lock()
	see, m := s.onPosted, s.message(str(args["channel"]), str(answer["ts"]))
	var now Message
	if m != nil {
		now = *m
	}
	s.mu.Unlock()
	if see != nil && m != nil && method == "chat.postMessage" {
		see(now)
	}
}
