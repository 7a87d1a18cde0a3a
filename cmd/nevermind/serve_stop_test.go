package main

import (
	"bufio"
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"nevermind/store/postgres/postgrestest"
)

// asProgram makes the test binary the program itself, so that it is a process of its own.
const asProgram = "NEVERMIND_TEST_AS_PROGRAM"

// TestMain leaves out the machine's own settings, and lets more tests run side by side than there are processors: they
// wait most of the time.
func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
	}
	for _, name := range promised {
		os.Unsetenv("NEVERMIND_" + name)
	}
	flag.Parse()
	if given := flag.Lookup("test.parallel"); given.Value.String() == given.DefValue {
		flag.Set("test.parallel", "8")
	}
	os.Exit(postgrestest.Main(m))
}

// serveProcess starts serve as a process of its own and waits until it says where it is.
func serveProcess(t *testing.T, data string) (p *exec.Cmd, url string, errs *bytes.Buffer) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p = exec.CommandContext(t.Context(), self, "serve", "--data", data, "--listen", "127.0.0.1:0")
	p.Env = append(os.Environ(), asProgram+"=1", "NEVERMIND_API_KEY=canary-key-in-the-environment-0123")
	errs = &bytes.Buffer{}
	p.Stderr = errs
	out, err := p.StdoutPipe()
	if err == nil {
		err = p.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Process.Kill() })
	first, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("serve did not start: %s", errs)
	}
	return p, strings.TrimSuffix(served.FindString(first), ":"), errs
}

// hang sends the first of two orders in one request, and returns once the server is in the midst of it; the other order
// ends the request.
func hang(t *testing.T, conn net.Conn) (answer *bufio.Reader, other string) {
	t.Helper()
	first, other := order("900001", "b-9")+"\n", order("900002", "b-9")+"\n"
	fmt.Fprintf(conn, "POST /v1/orders HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer canary-key-in-the-environment-0123\r\n"+
		"Content-Type: application/x-ndjson\r\nContent-Length: %d\r\n\r\n%s", len(first)+len(other), first)
	answer = bufio.NewReader(conn)
	if line, err := answer.ReadString('\n'); err != nil || !strings.Contains(line, "200") {
		t.Fatalf("the server does not take the request up: %q, %v", line, err)
	}
	return answer, other
}

// TestServeTerm: told to stop while somebody is in the midst of a request, the process takes no other one, brings that one
// to its end, and ends with 0.
func TestServeTerm(t *testing.T) {
	t.Parallel()
	p, url, errs := serveProcess(t, t.TempDir())
	at := strings.TrimPrefix(url, "http://")
	conn, err := net.Dial("tcp", at)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	answer, other := hang(t, conn)
	if status, _ := fetch(t, url+"/readyz"); status != 200 {
		t.Fatalf("not ready: %d", status)
	}
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	for {
		more, err := net.Dial("tcp", at)
		if err != nil {
			break // nobody new comes in
		}
		more.Close()
		<-time.After(5 * time.Millisecond)
	}
	if _, err := io.WriteString(conn, other); err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(answer); err != nil || strings.Count(string(text), `"ok":true`) != 2 {
		t.Errorf("the request was not brought to its end: %v\n%s", err, text)
	}
	if err := p.Wait(); err != nil {
		t.Errorf("the process ended with %v: %s", err, errs)
	}
	if strings.Contains(errs.String(), "canary") {
		t.Errorf("the key is in the log: %s", errs)
	}
}

// TestDrain: a request that never comes to its end is cut off when drainTime is over, in made-up time.
func TestDrain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun := make(chan struct{})
		l := &pipeListener{conns: make(chan net.Conn), closed: make(chan struct{})}
		s := serveListener(&http.Server{Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			close(begun)
			<-r.Context().Done()
		})}, l, nil)
		conn, err := l.dial(t.Context(), "", "")
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		go fmt.Fprint(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
		<-begun
		began, engine := time.Now(), false
		err = drain([]*http.Server{s}, func(ctx context.Context) { engine = true })
		if took := time.Since(began); err != nil || took != drainTime || !engine {
			t.Errorf("it took %v, with %v, and the engine's stop is %v; want %v", took, err, engine, drainTime)
		}
	})
}

// TestServeTermTwice: the second signal ends it at once.
func TestServeTermTwice(t *testing.T) {
	t.Parallel()
	p, url, errs := serveProcess(t, t.TempDir())
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	hang(t, conn)
	ended := make(chan error, 1)
	go func() { ended <- p.Wait() }()
	for end := time.After(patience); ; {
		p.Process.Signal(syscall.SIGTERM)
		select {
		case err := <-ended:
			if err == nil {
				t.Error("it ended by itself")
			}
			return
		case <-end:
			t.Fatalf("the second signal does not end it: %s", errs)
		case <-time.After(20 * time.Millisecond):
		}
	}
}
