package main

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// asProgram makes the test binary the program itself, so that it is a process of its own.
const asProgram = "NEVERMIND_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
	}
	os.Exit(m.Run())
}

// serveProcess starts serve as a process of its own and waits until it says where it is.
func serveProcess(t *testing.T, data string) (p *exec.Cmd, url string, errs *bytes.Buffer) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p = exec.CommandContext(t.Context(), self, "serve", "--data", data, "--listen", "127.0.0.1:0")
	p.Env = append(os.Environ(), asProgram+"=1", "NEVERMIND_API_KEY=canary-key-in-the-environment")
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

// hang sends half a request, and returns once the server is in the midst of it.
func hang(t *testing.T, conn net.Conn) {
	t.Helper()
	fmt.Fprint(conn, "POST /v1/orders HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer canary-key-in-the-environment\r\n"+
		"Content-Type: application/x-ndjson\r\nContent-Length: 100000\r\n\r\n"+order("900001", "b-9")+"\n")
	if line, err := bufio.NewReader(conn).ReadString('\n'); err != nil || !strings.Contains(line, "200") {
		t.Fatalf("the server does not take the request up: %q, %v", line, err)
	}
}

// TestServeTerm: told to stop while somebody is in the midst of a request, the process ends with 0 within ten seconds.
func TestServeTerm(t *testing.T) {
	if testing.Short() {
		t.Skip("takes ten seconds")
	}
	plain(t)
	p, url, errs := serveProcess(t, t.TempDir())
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	hang(t, conn)
	if status, _ := fetch(t, url+"/readyz"); status != 200 {
		t.Fatalf("not ready: %d", status)
	}
	began := time.Now()
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := p.Wait(); err != nil {
		t.Errorf("the process ended with %v: %s", err, errs)
	}
	if took := time.Since(began); took < 5*time.Second || took > 10*time.Second {
		t.Errorf("it took %v to end, want nearly ten seconds for what was under way", took)
	}
	if strings.Contains(errs.String(), "canary") {
		t.Errorf("the key is in the log: %s", errs)
	}
}

// TestServeTermTwice: the second signal ends it at once.
func TestServeTermTwice(t *testing.T) {
	plain(t)
	p, url, errs := serveProcess(t, t.TempDir())
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	hang(t, conn)
	ended := make(chan error, 1)
	go func() { ended <- p.Wait() }()
	for end := time.After(5 * time.Second); ; {
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
