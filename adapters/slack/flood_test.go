package slack_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"nevermind/adapters/slack"
)

// slowBody is a request body that says when it is read, and whose sender takes an hour for what comes after its first bytes.
type slowBody struct {
	reading *atomic.Int64
	first   int
	sent    *int
}

func (b slowBody) Read(p []byte) (int, error) {
	if n := min(b.first-*b.sent, len(p)); n > 0 {
		*b.sent += n
		return n, nil
	}
	b.reading.Add(1)
	<-time.After(time.Hour)
	return 0, io.EOF
}

func (slowBody) Close() error { return nil }

// lockedBuffer is a log that many write to.
type lockedBuffer struct {
	mu sync.Mutex
	strings.Builder
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Builder.Write(p)
}

// TestFlood: of requests that cannot be Slack's by their headers no byte is read; of those that could be, only so many are in
// memory at once; and the log has one line for all (finding A6).
func TestFlood(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log lockedBuffer
		a, err := slack.New(slack.Config{BotToken: "xoxb-1", SigningSecret: "secret", Channel: "C1", API: "http://slack.test/",
			Log: slog.New(slog.NewTextHandler(&log, nil)), Now: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		var reading atomic.Int64
		send := func(n, first int, header http.Header) (all *sync.WaitGroup, answers map[int]int) {
			all, answers = &sync.WaitGroup{}, map[int]int{}
			var mu sync.Mutex
			for range n {
				all.Go(func() {
					r := httptest.NewRequest("POST", "/slack/events", slowBody{&reading, first, new(int)})
					for name, values := range header {
						r.Header[name] = values
					}
					w := httptest.NewRecorder()
					a.Handler().ServeHTTP(w, r)
					mu.Lock()
					defer mu.Unlock()
					answers[w.Code]++
				})
			}
			return all, answers
		}
		flood := func(n, first int, header http.Header) map[int]int {
			all, answers := send(n, first, header)
			all.Wait()
			return answers
		}
		if got := flood(1500, 0, nil); got[401] != 1500 || reading.Load() != 0 {
			t.Errorf("without a signature: answered %v, %d bodies read; want 1500 times 401 and none", got, reading.Load())
		}
		forged := func() http.Header {
			return http.Header{"X-Slack-Signature": {"v0=" + strings.Repeat("0", 64)},
				"X-Slack-Request-Timestamp": {fmt.Sprint(time.Now().Unix())}}
		}
		if got := flood(1500, 40_000, forged()); got[401] != 64 || got[503] != 1500-64 || reading.Load() != 64 {
			t.Errorf("with a forged one: answered %v, %d long bodies read; want 64 of them read", got, reading.Load())
		}
		// Whoever sends slowly, short bodies or long ones, holds up nobody whom Slack has signed.
		short, _ := send(1500, 10, forged())
		long, _ := send(64, 40_000, forged())
		synctest.Wait()
		if got := reading.Load(); got != 64+1500+64 {
			t.Errorf("%d bodies have been begun, want those of the flood", got)
		}
		began := time.Now()
		body := `{"type":"url_verification","challenge":"still here"}`
		r := httptest.NewRequest("POST", "/slack/events", strings.NewReader(body))
		at := fmt.Sprint(time.Now().Unix())
		mac := hmac.New(sha256.New, []byte("secret"))
		io.WriteString(mac, "v0:"+at+":"+body)
		r.Header.Set("X-Slack-Request-Timestamp", at)
		r.Header.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
		w := httptest.NewRecorder()
		a.Handler().ServeHTTP(w, r)
		if w.Body.String() != "still here" || time.Since(began) != 0 {
			t.Errorf("Slack was answered %d %q after %v", w.Code, w.Body, time.Since(began))
		}
		short.Wait()
		long.Wait()
		if n := strings.Count(log.String(), "has not signed"); n != 3 {
			t.Errorf("%d lines in the log, want one, and one more after each hour of a flood", n)
		}
	})
}
