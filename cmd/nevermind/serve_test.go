package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"nevermind/adapters/web"
)

// loud is what a program writes while others read it.
type loud struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (l *loud) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(p)
}

func (l *loud) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.String()
}

// serveOn starts nevermind serve in this process and waits until it says where it is.
func serveOn(t *testing.T, data string, args ...string) (s *started, log *loud) {
	t.Helper()
	return serveBy(t, time.Now, data, args...)
}

// serveBy does the same by a clock of its own.
func serveBy(t *testing.T, now func() time.Time, data string, args ...string) (s *started, log *loud) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	from, out := io.Pipe()
	log = &loud{}
	end := make(chan int, 1)
	go func() {
		end <- run(ctx, append([]string{"serve", "--listen", "127.0.0.1:0", "--data", data, "--log", "debug"}, args...), nil, out, log,
			now)
		out.Close()
	}()
	first, err := bufio.NewReader(from).ReadString('\n')
	if err != nil {
		t.Fatalf("serve did not start: exit code %d, %s", <-end, log)
	}
	s = &started{t: t, url: strings.TrimSuffix(served.FindString(first), ":")}
	s.stop = sync.OnceValue(func() ran {
		cancel()
		return ran{<-end, first, log.String()}
	})
	t.Cleanup(func() { s.stop() })
	return s, log
}

// fetch asks over HTTP.
func fetch(t *testing.T, url string) (status int, body string) {
	t.Helper()
	answer, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

// TestServeRefuses where nobody could come in.
func TestServeRefuses(t *testing.T) {
	t.Parallel()
	command(t, "", "serve", "--data", t.TempDir()).want(t, exitWrongUse, "NEVERMIND_API_KEY", "NEVERMIND_TELEGRAM_TOKEN",
		"NEVERMIND_SLACK_BOT_TOKEN", "nevermind demo")
}

// TestServe with a key alone: it is alive and ready, and the other commands reach it.
func TestServe(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	s, _ := serveOn(t, data, "--api-key", apiKey)
	for path, want := range map[string]int{"/healthz": 200, "/readyz": 200, "/": 404, "/import": 404} {
		if got, body := fetch(t, s.url+path); got != want {
			t.Errorf("GET %s: got %d %s, want %d", path, got, body, want)
		}
	}
	command(t, order("900001", "b-9"), "import", "-", "--data", data).want(t, exitDone, "1 order kept")
	command(t, "900001\n/quit\n", "chat", "--as", "b-9", "--data", data).want(t, exitDone, "900001")
	command(t, "", "demo", "--data", data, "--listen", "127.0.0.1:0").want(t, exitFailed, "another nevermind")
	s.stop().want(t, exitDone)
	command(t, "", "demo", "--data", data, "--listen", "127.0.0.1:0").want(t, exitFailed, "belongs to nevermind serve")
}

// TestServeRefund: in a server nobody settles a refund by itself, nor does the terminal while no server runs. Nobody has reached
// the seller, and support never decides, so the policy does.
func TestServeRefund(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	policy := filepath.Join(data, "policy.yaml")
	write(t, policy, quickPolicy("24h"))
	s, _ := serveOn(t, data, "--api-key", apiKey, "--policy", policy)
	command(t, order("900001", "b-9"), "import", "-", "--data", data).want(t, exitDone, "1 order kept")
	command(t, "900001\nCancel this order\n1\n1\n", "chat", "--as", "b-9", "--data", data).want(t,
		exitDone, "Thank you")
	s.stop().want(t, exitDone)
	r := comes(t, 25*time.Hour, "", "asked the shop to send 24.90 USD", "b-9", data, "--policy", policy)
	if strings.Contains(r.out, "has sent 24.90 USD") {
		t.Errorf("the refund was settled by nobody: %s", r.out)
	}
}

// TestServeWithoutItsShop: once the shop is elsewhere, the terminal alone does nothing in its place.
func TestServeWithoutItsShop(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	command(t, order("900001", "b-9"), "import", "-", "--data", data).want(t, exitDone, "1 order kept")
	store, err := openStored(data)
	if err != nil {
		t.Fatal(err)
	}
	if err := ownedByWebhook.claim(t.Context(), store); err != nil {
		t.Fatal(err)
	}
	store.Close()
	command(t, "900001\n", "chat", "--as", "b-9", "--data", data).want(t, exitFailed, "start that first")
	command(t, order("900002", "b-9"), "import", "-", "--data", data).want(t, exitDone, "1 order kept")
}

// TestServeRealTime: a folder whose clock was moved in the demo is refused.
func TestServeRealTime(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	store, err := openStored(data)
	if err != nil {
		t.Fatal(err)
	}
	clock, err := web.OpenClock(t.Context(), store)
	if err == nil {
		err = clock.Move(t.Context(), time.Hour)
	}
	if err != nil {
		t.Fatal(err)
	}
	store.Close()
	command(t, "", "serve", "--api-key", apiKey, "--data", data, "--listen", "127.0.0.1:0").want(t, exitFailed,
		"moved ahead in the demo")
}

// TestServeRefusesADemo: what was made up for the demo is not served as if it were real.
func TestServeRefusesADemo(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	demo(t, data).stop().want(t, exitDone)
	command(t, "", "serve", "--api-key", apiKey, "--data", data, "--listen", "127.0.0.1:0").want(t, exitFailed,
		"belongs to nevermind demo")
	demo(t, data).stop().want(t, exitDone)
}

// TestReadiness: who is not ready is named, why is not, and nobody is asked more than once a second.
func TestReadiness(t *testing.T) {
	t.Parallel()
	ready := true
	now := time.Now()
	r := &readiness{now: func() time.Time { return now }, log: newLog(io.Discard, 0, nil), parts: []part{
		{"store", func(context.Context) error { return nil }},
		{"telegram", func(context.Context) error {
			if ready {
				return nil
			}
			panic("secret")
		}},
	}}
	ask := func(want int, says string) {
		t.Helper()
		w := httptest.NewRecorder()
		r.ServeHTTP(w, httptest.NewRequest("GET", "/readyz", nil))
		if w.Code != want || !strings.Contains(w.Body.String(), says) || strings.Contains(w.Body.String(), "secret") {
			t.Errorf("got %d %s, want %d %s", w.Code, w.Body, want, says)
		}
	}
	ask(200, "ready")
	ready = false
	ask(200, "ready") // within the second nobody is asked again
	now = now.Add(probeEvery)
	ask(503, "telegram")
	ready, now = true, now.Add(probeEvery)
	ask(200, "ready")
}

// TestServePanic: a handler that panics harms one request.
func TestServePanic(t *testing.T) {
	var out strings.Builder
	s := httptest.NewServer(recoverPanics(newLog(&out, 0, nil), http.HandlerFunc(func(http.ResponseWriter,
		*http.Request) {
		panic("buyer:canary")
	})))
	defer s.Close()
	for range 2 {
		if status, body := fetch(t, s.URL); status != 500 || strings.Contains(body, "canary") {
			t.Errorf("got %d %s", status, body)
		}
	}
	if log := out.String(); !strings.Contains(log, "panicked") || strings.Contains(log, "canary") {
		t.Errorf("the log says %s", log)
	}
}

// TestLimits: a header and a body of any size are refused.
func TestLimits(t *testing.T) {
	s := httptest.NewServer(limitBody(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			w.WriteHeader(http.StatusRequestEntityTooLarge)
		}
	})))
	defer s.Close()
	answer, err := http.Post(s.URL+"/telegram/webhook", "", strings.NewReader(strings.Repeat("x", mostBody+1)))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("got %v, %v", answer, err)
	}
}
