package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// socketName is the control socket's name in the data folder.
const socketName = "control.sock"

// longestSocket is how many bytes a socket's path may have on every system we know.
const longestSocket = 103

// socketAt returns a path under which the folder's control socket can be used, and done, to be
// called when it was. A longer path than the system admits is reached through the open folder,
// where the system has such a thing.
func socketAt(folder string) (path string, done func(), err error) {
	path = filepath.Join(folder, socketName)
	if len(path) <= longestSocket {
		return path, func() {}, nil
	}
	dir, err := os.Open(folder)
	if err != nil {
		return "", nil, err
	}
	path = fmt.Sprintf("/proc/self/fd/%d/%s", dir.Fd(), socketName)
	if _, err := os.Stat(filepath.Dir(path)); err != nil {
		return "", nil, errors.Join(fmt.Errorf("the path of %s is too long for a socket: choose a shorter data folder", folder),
			dir.Close())
	}
	return path, func() { dir.Close() }, nil //nolint:errcheck // it was only looked into
}

// listenControl opens the control socket; whoever holds the store calls it, so a socket already there is a dead one.
func listenControl(folder string) (net.Listener, error) {
	path, done, err := socketAt(folder)
	if err != nil {
		return nil, err
	}
	defer done()
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("remove the old control socket: %w", err)
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("open the control socket: %w", err)
	}
	l.(*net.UnixListener).SetUnlinkOnClose(false) // the path may be gone by then; removeControl removes it
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("guard the control socket: %w", err), l.Close())
	}
	return l, nil
}

// removeControl removes the socket of a server that ends; none is no error.
func removeControl(folder string) error {
	err := os.Remove(filepath.Join(folder, socketName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// dialServer returns a client of the server that runs on the folder, and false where none answers.
func dialServer(ctx context.Context, folder string) (*http.Client, bool) {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		path, done, err := socketAt(folder)
		if err != nil {
			return nil, err
		}
		defer done()
		return new(net.Dialer).DialContext(ctx, "unix", path)
	}
	probe, err := dial(ctx, "", "")
	if err != nil {
		return nil, false
	}
	if probe.Close() != nil {
		return nil, false
	}
	return &http.Client{Transport: &http.Transport{DialContext: dial}}, true
}

// serveInProcess serves a handler to a client in this very process: a command then runs the same
// code without a socket. stop ends both.
func serveInProcess(h http.Handler) (client *http.Client, stop func()) {
	l := &pipeListener{conns: make(chan net.Conn), closed: make(chan struct{})}
	s := &http.Server{Handler: h, ReadHeaderTimeout: time.Minute}
	go s.Serve(l) //nolint:errcheck // it ends when it is closed
	t := &http.Transport{DialContext: l.dial}
	return &http.Client{Transport: t}, func() {
		t.CloseIdleConnections()
		s.Close() //nolint:errcheck // nothing is left to lose
	}
}

// pipeListener is a listener that is dialled in memory.
type pipeListener struct {
	conns  chan net.Conn
	closed chan struct{}
}

// dial connects to the listener; net.ErrClosed after it was closed.
func (p *pipeListener) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	here, there := net.Pipe()
	select {
	case p.conns <- there:
		return here, nil
	case <-p.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Accept waits for somebody to dial.
func (p *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

// Close ends the listener; the server calls it once.
func (p *pipeListener) Close() error {
	close(p.closed)
	return nil
}

// Addr is where the listener listens: nowhere.
func (p *pipeListener) Addr() net.Addr { return &net.UnixAddr{Name: "inside", Net: "pipe"} }

// post asks the other side of the control socket for something and returns an answer of status 200, whose body the caller
// closes. Any other answer is its sentence as an error; what says what was asked for, where it could not be asked.
func post(ctx context.Context, client *http.Client, path string, body io.Reader, what string) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://nevermind"+path, body)
	if err != nil {
		return nil, err
	}
	answer, err := client.Do(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	if answer.StatusCode != http.StatusOK {
		defer answer.Body.Close()
		return nil, serverError(answer)
	}
	return answer, nil
}

// askServer gets an answer in JSON from the other side of the control socket.
func askServer(ctx context.Context, client *http.Client, path string, into any) error {
	answer, err := post(ctx, client, path, nil, "ask the server")
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	return json.NewDecoder(answer.Body).Decode(into)
}

// serverError is the sentence with which the other side said no.
func serverError(r *http.Response) error {
	text, err := io.ReadAll(io.LimitReader(r.Body, 4000))
	if err != nil {
		return fmt.Errorf("ask the server: %w", err)
	}
	return errors.New(strings.TrimSpace(string(text)))
}

// respond answers a request of a command in JSON.
func respond(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	if json.NewEncoder(w).Encode(v) != nil {
		return // whoever asked has gone
	}
}
