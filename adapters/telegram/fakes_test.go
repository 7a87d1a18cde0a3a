package telegram

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"nevermind/adapters/telegram/telegramtest"
	"nevermind/bot"
)

// recordingInbox stores messages in memory, each once; broken, it stores none.
type recordingInbox struct {
	mu        sync.Mutex
	broken    bool
	heard     []bot.Message
	discarded []string
	slow      func(bot.Message)
}

func (h *recordingInbox) Receive(_ context.Context, m bot.Message) error {
	if h.slow != nil {
		h.slow(m)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.broken {
		return errors.New("the disk is full")
	}
	for _, old := range h.heard {
		if old.ID == m.ID {
			return nil
		}
	}
	h.heard = append(h.heard, m)
	return nil
}

func (h *recordingInbox) Discard(_ context.Context, id, _ string, raw []byte, _ string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.broken {
		return errors.New("the disk is full")
	}
	h.discarded = append(h.discarded, id+" "+string(raw))
	return nil
}

func (h *recordingInbox) mend() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.broken = false
}

func (h *recordingInbox) texts() (texts []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, m := range h.heard {
		texts = append(texts, m.Text+m.Press)
	}
	return texts
}

// inboxFunc is an inbox made of a function.
type inboxFunc func(ctx context.Context, m bot.Message) error

func (in inboxFunc) Receive(ctx context.Context, m bot.Message) error { return in(ctx, m) }

// logBuffer keeps what is logged; logTo configures it.
type logBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logBuffer) count(words string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Count(l.text.String(), words)
}

func logTo(b *logBuffer) func(*Config) {
	return func(c *Config) { c.Log = slog.New(slog.NewTextHandler(b, nil)) }
}

// tooManyRequests is a 429 of the Bot API.
func tooManyRequests(after time.Duration) telegramtest.Fault {
	words := fmt.Sprint("Too Many Requests: retry after ", int(after.Seconds()))
	return telegramtest.Fault{Code: 429, Words: words, RetryAfter: after}
}

// memoryBlobs takes files, and hands out a picture for each.
type memoryBlobs struct {
	bot.Blobs
	fail error
}

func (b *memoryBlobs) Put(_ context.Context, name string, r io.Reader) (bot.File, error) {
	content, err := io.ReadAll(r)
	if err != nil || b.fail != nil {
		return bot.File{}, errors.Join(err, b.fail)
	}
	return bot.File{Name: name, Size: int64(len(content)), Hash: fmt.Sprintf("%x", content)}, nil
}

func (b *memoryBlobs) Open(context.Context, string) (io.ReadCloser, error) {
	return io.NopCloser(strings.NewReader("a picture")), nil
}

// memoryValues stores values in memory.
type memoryValues struct {
	mu     sync.Mutex
	values map[string][]byte
}

func (s *memoryValues) Value(_ context.Context, name string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v, ok := s.values[name]; ok {
		return v, nil
	}
	return nil, bot.ErrNone
}

func (s *memoryValues) SetValue(_ context.Context, name string, v []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.values == nil {
		s.values = map[string][]byte{}
	}
	s.values[name] = v
	return nil
}

// countingMeter is a meter that can be asked.
type countingMeter struct {
	bot.Unmetered
	mu sync.Mutex
	n  map[string]int
}

func (c *countingMeter) Count(what, _ string, n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.n == nil {
		c.n = map[string]int{}
	}
	c.n[what] += n
}

func (c *countingMeter) of(what string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n[what]
}

// newTestAdapter is an adapter on a fake.
func newTestAdapter(t *testing.T, fake *telegramtest.Server, change func(*Config)) *Adapter {
	t.Helper()
	cfg := Config{Token: fake.Token, API: fake.URL(), Client: fake.Reach(), Log: slog.New(slog.DiscardHandler)}
	if change != nil {
		change(&cfg)
	}
	a, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// runAdapter lets an adapter receive until the test ends.
func runAdapter(t *testing.T, a *Adapter, in bot.Inbox) {
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	all.Go(func() {
		if err := a.Run(ctx, in); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() { cancel(); all.Wait() })
}

// newDelivery is the first attempt at a new message in a private chat.
func newDelivery(text string) bot.Delivery {
	return bot.Delivery{ID: "task-1", Attempt: 1, Reply: bot.Reply{Room: "telegram:11", Mode: bot.New, Text: text}}
}

// withBlobs configures blobs.
func withBlobs(c *Config) { c.Blobs = &memoryBlobs{} }
