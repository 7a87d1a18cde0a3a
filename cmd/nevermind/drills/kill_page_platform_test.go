package drills

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"nevermind/adapters/shop/hook/hooktest"
)

// platform brings people's messages to the program and repeats each until it is told that it is stored.
type platform struct {
	client   http.Client
	mu       sync.Mutex
	url      string        // empty while the program is down
	changed  chan struct{} // closed whenever any of this changes
	passed   int           // messages let through
	allowed  int           // messages that may be let through by now
	stored   int           // of those, messages known to be stored
	flying   atomic.Int64
	repeated atomic.Int64
}

func newPlatform() *platform {
	return &platform{changed: make(chan struct{}), client: http.Client{Timeout: 30 * time.Second,
		Transport: &http.Transport{MaxIdleConnsPerHost: 32}}}
}

// set changes what is known of the program and tells everybody who waits for it.
func (p *platform) set(change func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change()
	close(p.changed)
	p.changed = make(chan struct{})
}

// down forgets the program's address: it is about to be killed.
func (p *platform) down() {
	p.set(func() { p.url = "" })
	p.client.CloseIdleConnections()
}

// pass holds a message back until the drill has come far enough for it.
func (p *platform) pass(ctx context.Context) error {
	return p.until(ctx, func() bool {
		if p.passed >= p.allowed {
			return false
		}
		p.passed++
		return true
	})
}

// until waits for a condition on what is known of the program.
func (p *platform) until(ctx context.Context, holds func() bool) error {
	for {
		p.mu.Lock()
		ok, changed := holds(), p.changed
		p.mu.Unlock()
		if ok {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// ask repeats a request until the program answers it; a body of nil is a GET.
func (p *platform) ask(ctx context.Context, path string, body, into any) (status int, err error) {
	var text []byte
	if body != nil {
		if text, err = json.Marshal(body); err != nil {
			return 0, err
		}
	}
	for tries := 1; ; tries++ {
		url := ""
		if err := p.until(ctx, func() bool { url = p.url; return url != "" }); err != nil {
			return 0, fmt.Errorf("%s: %w", path, err)
		}
		status, err = p.once(ctx, url+path, text, into)
		if err == nil && status != http.StatusServiceUnavailable {
			return status, nil
		}
		if body != nil {
			p.repeated.Add(1)
		}
		if pause(ctx) != nil {
			return 0, fmt.Errorf("%s, tried %d times: %w", path, tries, errors.Join(err, ctx.Err()))
		}
	}
}

func (p *platform) once(ctx context.Context, url string, text []byte, into any) (int, error) {
	method := http.MethodGet
	if text != nil {
		method = http.MethodPost
		p.flying.Add(1)
		defer p.flying.Add(-1)
	}
	r, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(text))
	if err != nil {
		return 0, err
	}
	r.Header.Set("Content-Type", "application/json")
	answer, err := p.client.Do(r)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	all, err := io.ReadAll(answer.Body)
	if err == nil && into != nil && answer.StatusCode == http.StatusOK {
		err = json.Unmarshal(all, into)
	}
	return answer.StatusCode, err
}

// pause lets a moment pass between two looks at the same thing.
func pause(ctx context.Context) error {
	moment := time.NewTimer(20 * time.Millisecond)
	defer moment.Stop()
	select {
	case <-moment.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// marketplace writes twenty orders of a few buyers and sellers to a file for import.
func marketplace(t *testing.T, orders []string) string {
	t.Helper()
	var lines []string
	for i, id := range orders {
		line := hooktest.Order(id, fmt.Sprint("k-", i%8))
		lines = append(lines, strings.Replace(line, `"s-9"`, fmt.Sprintf(`"w-%d"`, i%5), 1))
	}
	file := filepath.Join(t.TempDir(), "orders.ndjson")
	must(t, os.WriteFile(file, []byte(strings.Join(lines, "\n")+"\n"), 0o600))
	return file
}
