package main

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// judgedAtOnce is how long a request may wait whose headers say already that it is refused: however busy the machine is, and less
// than what any other request gets. That it was the headers is told by the status: a body that does not come is a 408.
const judgedAtOnce = bodyTime / 2

// unfinished sends what a request begins with, on a connection of its own, never sends the rest, and returns the status and after
// how long it came; 0 where the connection was closed without one.
func unfinished(t *testing.T, url, begins string) (status int, took time.Duration) {
	t.Helper()
	began := time.Now()
	c, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Error(err)
		return 0, 0
	}
	defer c.Close()
	if _, err := c.Write([]byte(begins)); err != nil {
		return 0, time.Since(began)
	}
	if err := c.SetReadDeadline(began.Add(40 * time.Second)); err != nil {
		t.Error(err)
	}
	answer, err := http.ReadResponse(bufio.NewReader(c), nil)
	took = time.Since(began)
	if err != nil {
		return 0, took
	}
	answer.Body.Close()
	return answer.StatusCode, took
}

// TestFloodOnTheWire: requests whose bodies never come, over real connections to a served house. Those whose headers say that
// they are nobody's are refused at once, those that might be Slack's after three seconds; meanwhile Slack is answered, and no
// memory is held for what was promised (finding A6, and a dozen more of its kind).
func TestFloodOnTheWire(t *testing.T) {
	t.Parallel()
	b := openBureau(t, false, noUndo)
	now := func() string { return fmt.Sprint(time.Now().Unix()) }
	forged := "X-Slack-Signature: v0=" + strings.Repeat("a", 64) + "\r\nX-Slack-Request-Timestamp: "
	form := "Host: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
	for name, c := range map[string]struct {
		begins string
		status int // 0: any that is no success
		most   time.Duration
	}{
		"no signature": {"POST /slack/events HTTP/1.1\r\n" + form + "Content-Length: 1000000\r\n\r\n{", 401, judgedAtOnce},
		"a signature that is none": {"POST /slack/events HTTP/1.1\r\n" + form + "X-Slack-Signature: v0=ab\r\n" +
			"X-Slack-Request-Timestamp: " + now() + "\r\nContent-Length: 1000000\r\n\r\n{", 401, judgedAtOnce},
		"an old one": {"POST /slack/interactions HTTP/1.1\r\n" + form + forged + "1000000000\r\nContent-Length: 1000000\r\n\r\n{",
			401, judgedAtOnce},
		"a time that is none": {"POST /slack/commands HTTP/1.1\r\n" + form + forged + "soon\r\nContent-Length: 90000\r\n\r\n{",
			401, judgedAtOnce},
		"more than a body may have": {"POST /slack/events HTTP/1.1\r\n" + form + forged + now() +
			"\r\nContent-Length: 99999999999\r\n\r\n{", 0, 3*time.Second + judgedAtOnce},
		"a forged one, a short body": {"POST /slack/events HTTP/1.1\r\n" + form + forged + now() +
			"\r\nContent-Length: 1000\r\n\r\n{", 408, 3*time.Second + judgedAtOnce},
		"a forged one, a long body": {"POST /slack/events HTTP/1.1\r\n" + form + forged + now() +
			"\r\nContent-Length: 900000\r\n\r\n{", 408, 3*time.Second + judgedAtOnce},
		"a forged one, in pieces without end": {"POST /slack/events HTTP/1.1\r\n" + form + forged + now() +
			"\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", 0, 3*time.Second + judgedAtOnce},
		"who waits to be told to go on": {"POST /slack/events HTTP/1.1\r\n" + form +
			"Expect: 100-continue\r\nContent-Length: 1000000\r\n\r\n", 401, judgedAtOnce},
		"by GET":             {"GET /slack/events HTTP/1.1\r\n" + form + "Content-Length: 1000000\r\n\r\n{", 0, judgedAtOnce},
		"by PUT":             {"PUT /slack/interactions HTTP/1.1\r\n" + form + "Content-Length: 1000000\r\n\r\n{", 0, judgedAtOnce},
		"a path that is not": {"POST /slack/nothing HTTP/1.1\r\n" + form + "Content-Length: 1000000\r\n\r\n{", 0, judgedAtOnce},
		"length and pieces": {"POST /slack/events HTTP/1.1\r\n" + form +
			"Content-Length: 10\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", 0, judgedAtOnce},
		"two lengths": {"POST /slack/events HTTP/1.1\r\n" + form +
			"Content-Length: 10\r\nContent-Length: 11\r\n\r\n{", 0, judgedAtOnce},
		"the shop's": {"PUT /v1/orders/1 HTTP/1.1\r\n" + form + "Content-Length: 200000000\r\n\r\n{", 401, judgedAtOnce},
		"the shop's, in bulk, with a wrong key": {"POST /v1/orders HTTP/1.1\r\nAuthorization: Bearer wrong\r\n" + form +
			"Transfer-Encoding: chunked\r\n\r\n5\r\n{\"id\"\r\n", 401, judgedAtOnce},
		"Telegram's, which is off": {"POST /telegram/webhook HTTP/1.1\r\n" + form +
			"Content-Length: 1000000\r\n\r\n{", 0, judgedAtOnce},
		"a backup's": {"POST /backup HTTP/1.1\r\n" + form + "Content-Length: 1000000\r\n\r\n{", 0, judgedAtOnce},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			status, took := unfinished(t, b.s.url, c.begins)
			if status >= 200 && status < 400 || c.status != 0 && status != c.status || took > c.most {
				t.Errorf("answered %d after %v, want %d within %v", status, took, c.status, c.most)
			}
		})
	}
	t.Run("five hundred at once", func(t *testing.T) {
		var before, during runtime.MemStats
		runtime.ReadMemStats(&before)
		var all sync.WaitGroup
		for range 500 {
			all.Go(func() {
				unfinished(t, b.s.url, "POST /slack/events HTTP/1.1\r\n"+form+forged+now()+"\r\nContent-Length: 30000\r\n\r\n{")
			})
		}
		b.Until("the flood is there", func() bool { return runtime.NumGoroutine() > 500 })
		began := time.Now()
		body := []byte(`{"type":"url_verification","challenge":"still here"}`)
		status, answer := b.Post(b.s.url+"/slack/events", b.Sign(body), body)
		if status != 200 || !strings.Contains(string(answer), "still here") {
			t.Errorf("Slack is answered %d %s", status, answer)
		}
		if took := time.Since(began); took > judgedAtOnce {
			t.Errorf("Slack was answered after %v", took)
		}
		runtime.ReadMemStats(&during)
		if more := int64(during.HeapAlloc) - int64(before.HeapAlloc); more > 100<<20 {
			t.Errorf("the flood holds %d MB", more>>20)
		}
		all.Wait()
	})
}
