//go:build unix

// Package venduretest is the real Vendure to test against: a small marketplace of two sellers on SQLite (testserver), from npm.
package venduretest

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"nevermind/adapters/shop/shoptest"
)

// Server is a running Vendure. It ends with the test's process.
type Server struct {
	URL, Key string
	in       io.Closer                             // held open: the server ends when it is closed
	target   atomic.Pointer[httputil.ReverseProxy] // the house that the plugin speaks with
	signIn   sync.Mutex
	ana      string // her session
	seed     struct {
		Variants map[string]string
		Methods  []string
	}
}

// What the plugin signs its events with, and the key that it asks for links with.
const (
	Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	Key    = "k"
)

// Tell has the plugin speak with the house at an address from now on; "" is nobody, and then its events are lost.
func (s *Server) Tell(t testing.TB, house string) {
	t.Helper()
	if house == "" {
		s.target.Store(nil)
		return
	}
	at, err := url.Parse(house)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(at)
	proxy.ErrorLog = log.New(io.Discard, "", 0) // a house that was stopped
	s.target.Store(proxy)
	t.Cleanup(func() { s.target.CompareAndSwap(proxy, nil) })
}

// relay passes on what the plugin says.
func (s *Server) relay(w http.ResponseWriter, r *http.Request) {
	if to := s.target.Load(); to != nil {
		to.ServeHTTP(w, r)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

var start = sync.OnceValues(begin)

// Start is the running server, the same for all tests of a process. A test is skipped where it is not installed.
func Start(t testing.TB) *Server {
	t.Helper()
	Installed(t)
	s, err := start()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Installed skips a test where the server is not, and else waits until no other process runs one: it takes a processor while
// it starts.
func Installed(t testing.TB) {
	t.Helper()
	if os.Getenv("NEVERMIND_VENDURE") == "" {
		t.Skip("it starts the real Vendure, which takes minutes: NEVERMIND_VENDURE=1")
	}
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("no node: the tests against the real Vendure are skipped")
	}
	if _, err := os.Stat(filepath.Join(folder(), "node_modules/@vendure/core/package.json")); err != nil {
		t.Skip("Vendure is not installed (npm ci --prefix adapters/shop/vendure/testserver): the tests against it are skipped")
	}
	if err := alone(); err != nil {
		t.Fatal(err)
	}
}

// alone holds a lock for as long as the process lives.
var alone = sync.OnceValue(func() (err error) {
	if held, err = os.OpenFile(filepath.Join(os.TempDir(), "nevermind-vendure.lock"), os.O_CREATE|os.O_RDWR, 0o600); err != nil {
		return err
	}
	return syscall.Flock(int(held.Fd()), syscall.LOCK_EX)
})

// held is the lock.
var held *os.File

// folder is where the server's program lies.
func folder() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "..", "testserver")
}

// begin runs the server on a free port with a fresh database, and waits until it is there.
func begin() (*Server, error) {
	s := &Server{}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	data, err := os.MkdirTemp("", "vendure")
	if err != nil {
		return nil, err
	}
	cmd := exec.Command("node", "server.js")
	cmd.Dir, cmd.Stderr = folder(), os.Stderr
	cmd.Env = append(os.Environ(), "VENDURE_DISABLE_TELEMETRY=true", "VENDURE_PARENT=1", "VENDURE_DATA="+data,
		fmt.Sprint("VENDURE_URL=http://127.0.0.1:", port), "NEVERMIND_API="+httptest.NewServer(http.HandlerFunc(s.relay)).URL,
		"NEVERMIND_API_KEY="+Key, "NEVERMIND_SHOP_WEBHOOK_SECRET="+Secret)
	if s.in, err = cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return s, s.await(out, data)
}

// await reads the line that the server prints when it is ready.
func (s *Server) await(out io.Reader, data string) error {
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if json.Unmarshal(lines.Bytes(), s) == nil && s.Key != "" {
			go io.Copy(io.Discard, out)
			text, err := os.ReadFile(filepath.Join(data, "seeded.json"))
			if err != nil {
				return err
			}
			return json.Unmarshal(text, &s.seed)
		}
	}
	return errors.New("the real Vendure does not start; what it says stands above")
}

func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port, nil
}

// Buy lets Ana order goods and pay, and returns the checkout's code.
func (s *Server) Buy(t testing.TB, goods map[string]int) string {
	t.Helper()
	const done = `{ __typename ...on ErrorResult { errorCode message } }`
	ana := s.Ana(t)
	var methods []string
	for n, seller := range []string{"alpha", "beta"} {
		used := false
		for name, quantity := range goods {
			if shoptest.Sellers[name] != seller {
				continue
			}
			used = true
			ana.Do(`mutation($v: ID!, $n: Int!) { addItemToOrder(productVariantId: $v, quantity: $n) `+done+` }`,
				map[string]any{"v": s.seed.Variants[name], "n": quantity}, nil)
		}
		if used {
			methods = append(methods, s.seed.Methods[n])
		}
	}
	var data struct{ AddPaymentToOrder struct{ Code string } }
	ana.Do(`mutation($m: [ID!]!) {
		setOrderShippingAddress(input: { fullName: "Ana Ruiz", streetLine1: "1 High St", countryCode: "GB" }) `+done+`
		setOrderShippingMethod(shippingMethodId: $m) `+done+`
		transitionOrderToState(state: "ArrangingPayment") `+done+`
		addPaymentToOrder(input: { method: "card", metadata: {} }) { ...on Order { code } ...on ErrorResult { errorCode message } }
	}`, map[string]any{"m": methods}, &data)
	return data.AddPaymentToOrder.Code
}

// Ana is the buyer, signed in.
func (s *Server) Ana(t testing.TB) *Client {
	t.Helper()
	s.signIn.Lock()
	defer s.signIn.Unlock()
	ana := &Client{t: t, url: s.URL + "/shop-api", Token: s.ana}
	if s.ana == "" {
		ana.Do(`mutation { login(username: "ana@example.com", password: "ana-of-the-tests")
			{ __typename ...on ErrorResult { errorCode } } }`, nil, nil)
		s.ana = ana.Token
	}
	return ana
}

// Admin is the shop's own people.
func (s *Server) Admin(t testing.TB) *Client {
	return &Client{t: t, url: s.URL + "/admin-api", key: s.Key}
}
