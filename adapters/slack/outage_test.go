package slack_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"nevermind/adapters/slack"
	"nevermind/bot"
)

// simulated is a Slack without a network, for simulated time. Until back it fails in one way; the posts that it answers with
// 500 stand there all the same, every second one.
type simulated struct {
	fault string // "500", "silence", "429", "unreachable" or empty
	back  time.Time

	mu    sync.Mutex
	posts map[string][]string // channels by task: where it stands, and how often
	calls map[string]int      // by method
	gone  bool                // the channel is archived
	late  int                 // calls during the last minute before it was back
}

func (s *simulated) RoundTrip(r *http.Request) (*http.Response, error) {
	if s.away() && s.fault == "unreachable" {
		return nil, errors.New("no route to host")
	}
	httptrace.ContextClientTrace(r.Context()).GotConn(httptrace.GotConnInfo{})
	raw, _ := io.ReadAll(r.Body)
	form, _ := url.ParseQuery(string(raw))
	method := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
	s.mu.Lock()
	s.calls[method]++
	calls := s.calls[method]
	if left := time.Until(s.back); left > 0 && left < time.Minute {
		s.late++
	}
	s.mu.Unlock()
	if s.away() {
		switch s.fault {
		case "500":
			if calls%2 == 0 {
				s.answer(method, form)
			}
			return response(500, `{"ok":false}`), nil
		case "silence":
			<-r.Context().Done()
			return nil, r.Context().Err()
		case "429":
			answer := response(429, `{"ok":false,"error":"ratelimited"}`)
			answer.Header.Set("Retry-After", "30")
			return answer, nil
		}
	}
	return response(200, s.answer(method, form)), nil
}

func (s *simulated) away() bool { return time.Now().Before(s.back) }

func response(status int, body string) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(bytes.NewReader([]byte(body)))}
}

// answer does a call and says how.
func (s *simulated) answer(method string, form url.Values) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch method {
	case "auth.test":
		return `{"ok":true,"url":"https://never.slack.test/","team_id":"T0NEVER","user_id":"U0BOT","bot_id":"B0BOT"}`
	case "bots.info":
		return `{"ok":true,"bot":{"id":"B0BOT","app_id":"A0NEVER"}}`
	case "conversations.info":
		return fmt.Sprintf(`{"ok":true,"channel":{"id":"C0DESK","is_member":true,"is_archived":%v}}`, s.gone)
	case "conversations.members":
		return `{"ok":true,"members":["U0BOT"]}`
	case "chat.postMessage":
		var meta struct {
			Payload map[string]string `json:"event_payload"`
		}
		json.Unmarshal([]byte(form.Get("metadata")), &meta)
		s.posts[meta.Payload["id"]] = append(s.posts[meta.Payload["id"]], form.Get("channel"))
		return `{"ok":true,"channel":"C","ts":"1.` + meta.Payload["id"] + `"}`
	case "conversations.history":
		var all []string
		for task, channels := range s.posts {
			if channels[0] == form.Get("channel") {
				const message = `{"type":"message","ts":"1.%s","metadata":{"event_type":"nevermind_sent","event_payload":{"id":%q}}}`
				all = append(all, fmt.Sprintf(message, task, task))
			}
		}
		return `{"ok":true,"messages":[` + strings.Join(all, ",") + `]}`
	}
	return `{"ok":true,"channel":"C","ts":"1.1"}`
}

// archive archives the support channel, or takes it out of the archive.
func (s *simulated) archive(gone bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gone = gone
}

// called is how often a method was called.
func (s *simulated) called(method string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[method]
}

// nobody is an engine that is told nothing.
type nobody struct{ slack.Engine }

var _ slack.Engine = nobody{}

func (nobody) PutPerson(_ context.Context, p bot.Person) (bot.Person, error) { return p, nil }

func (nobody) MoveDesk(context.Context, string, bot.Room) error { return nil }

func (nobody) Store() bot.Reading { return nil }

// simulate starts an adapter against a simulated Slack, within a bubble of synctest.
func simulate(t *testing.T, s *simulated, change ...func(*slack.Config)) *slack.Adapter {
	t.Helper()
	s.posts, s.calls = map[string][]string{}, map[string]int{}
	cfg := slack.Config{BotToken: "xoxb-1", SigningSecret: "x", API: "https://slack.test/api/", Rate: 1, History: true}
	for _, c := range change {
		c(&cfg)
	}
	a, err := slack.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	a.SetTransport(s)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); a.Run(ctx, nobody{}) }()
	t.Cleanup(func() { cancel(); <-done })
	return a
}

// pass lets simulated time pass.
func pass(d time.Duration) { <-time.After(d) }

// delivered tries a delivery as an engine does that gives nothing up, and returns how many attempts were made.
func delivered(ctx context.Context, a *slack.Adapter, d bot.Delivery) (attempts int, classes map[string]bool) {
	classes = map[string]bool{}
	for {
		var later bot.Later
		if errors.As(a.Turn(ctx, d), &later) {
			pass(max(later.After, time.Second))
			continue
		}
		attempts++
		d.Attempt = attempts
		within, cancel := context.WithTimeout(ctx, 20*time.Second)
		_, err := a.Send(within, d)
		cancel()
		switch {
		case err == nil:
			return attempts, classes
		case errors.As(err, &later):
			classes["later"] = true
			pass(max(later.After, time.Second))
			continue
		case errors.Is(err, bot.ErrNotSent):
			classes["not sent"] = true
		case errors.Is(err, bot.ErrGone), errors.Is(err, bot.ErrRefused), errors.Is(err, bot.ErrCardGone):
			classes["given up"] = true
		default:
			classes["unclear"] = true
		}
		pass(min(time.Second<<min(attempts-1, 10), time.Minute))
	}
}

// TestOutageOfAnHour: whatever way Slack is away, each delivery is made once, within two minutes of its return, and a Slack that
// is away is not beset.
func TestOutageOfAnHour(t *testing.T) {
	for _, c := range []struct {
		fault string
		class string // of the attempts to post; none of another
	}{{"500", "unclear"}, {"silence", "unclear"}, {"unreachable", "not sent"}, {"429", "later"}} {
		t.Run(c.fault, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &simulated{}
				a := simulate(t, s)
				synctest.Wait()
				s.fault, s.back = c.fault, time.Now().Add(time.Hour)
				const rooms = 40
				var last time.Time
				tries := map[string]int{}
				var mu sync.Mutex
				var all sync.WaitGroup
				for i := range rooms {
					for _, mode := range []bot.Mode{bot.New, bot.Edit} {
						d := bot.Delivery{ID: fmt.Sprintf("%d%s", i, mode), Ref: "1.1",
							Reply: bot.Reply{Room: bot.Room(fmt.Sprint("slack:C", i)), Mode: mode, Text: "x"}}
						all.Go(func() {
							attempts, classes := delivered(t.Context(), a, d)
							mu.Lock()
							defer mu.Unlock()
							last, tries[d.ID] = time.Now(), attempts
							checkClasses(t, &d, c.class, classes)
						})
					}
				}
				all.Wait()
				if late := last.Sub(s.back); late > 2*time.Minute {
					t.Errorf("the last one was delivered %s after its return", late)
				}
				for i := range rooms {
					if n := len(s.posts[fmt.Sprintf("%d%s", i, bot.New)]); n != 1 {
						t.Errorf("room %d: stands there %d times", i, n)
					}
				}
				if c.fault == "429" { // each room is asked when Slack has said
					return
				}
				if s.late > 30 {
					t.Errorf("%d calls in a minute of the outage", s.late)
				}
				for id, n := range tries { // which delivery probes is a matter of chance; the probes in all are what is bounded above
					if n > 40 {
						t.Errorf("%s: %d attempts in an hour", id, n)
					}
				}
			})
		})
	}
}

// checkClasses fails the test where attempts have ended otherwise than they may.
func checkClasses(t *testing.T, d *bot.Delivery, class string, classes map[string]bool) {
	t.Helper()
	delete(classes, class)
	delete(classes, "later") // for its turn, or of a change, which is made again
	if d.Reply.Mode == bot.New {
		delete(classes, "not sent") // of looking for what an earlier attempt has posted
	}
	if len(classes) > 0 {
		t.Errorf("%s: ended %v", d.ID, classes)
	}
}

// TestPaceAfter429: what was told to wait goes out at the lane's rate once the wait is over, and within a minute as ever.
func TestPaceAfter429(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &simulated{}
		a := simulate(t, s)
		synctest.Wait()
		s.fault, s.back = "429", time.Now().Add(time.Minute)
		begun := time.Now()
		var all sync.WaitGroup
		for i := range 20 {
			all.Go(func() {
				delivered(t.Context(), a, bot.Delivery{ID: fmt.Sprint("e", i), Ref: "1.1",
					Reply: bot.Reply{Room: bot.Room(fmt.Sprint("slack:C", i)), Mode: bot.Edit, Text: "x"}})
			})
		}
		all.Wait()
		if took := time.Since(begun); took > 2*time.Minute {
			t.Errorf("it took %s in all", took)
		}
		if n := s.called("chat.update"); n > 40 {
			t.Errorf("%d calls for 20 changes", n)
		}
		pass(time.Minute)
		begun = time.Now()
		for i := range 10 {
			delivered(t.Context(), a, bot.Delivery{ID: fmt.Sprint("f", i), Ref: "1.1",
				Reply: bot.Reply{Room: "slack:C0", Mode: bot.Edit, Text: "x"}})
		}
		if took := time.Since(begun); took > time.Second {
			t.Errorf("a minute later ten changes took %s", took)
		}
	})
}

// TestSendWaitsForConnect: what is to be sent while the adapter finds out who it is waits for that, and no longer; and a Slack
// that is away at the start is asked again.
func TestSendWaitsForConnect(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &simulated{fault: "silence", back: time.Now().Add(25 * time.Second)}
		a := simulate(t, s)
		attempts, _ := delivered(t.Context(), a, bot.Delivery{ID: "c", Reply: bot.Reply{Room: "slack:C1", Mode: bot.New, Text: "x"}})
		if late := time.Since(s.back); late > 15*time.Second || attempts != 1 {
			t.Errorf("%s after Slack's return, at attempt %d", late, attempts)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		s := &simulated{}
		a := simulate(t, s)
		begun := time.Now()
		d := bot.Delivery{ID: "d", Attempt: 1, Reply: bot.Reply{Room: "slack:C1", Mode: bot.New, Text: "x"}}
		if _, err := a.Send(t.Context(), d); err != nil {
			t.Error(err)
		}
		if took := time.Since(begun); took > 0 {
			t.Errorf("it waited %s for a connection that was there at once", took)
		}
	})
}
