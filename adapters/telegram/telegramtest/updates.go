package telegramtest

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// pending is an update that is not confirmed.
type pending struct {
	id    int64
	queue int64 // messages of one chat are one queue, presses of one person another
	kind  string
	raw   json.RawMessage
	at    time.Time
}

// update queues something that has happened as an update and returns its id; the caller holds the lock.
func (s *Server) update(queue int64, kind string, what map[string]any) int64 {
	id := s.nextUpdate
	s.nextUpdate++
	raw, err := json.Marshal(map[string]any{"update_id": id, kind: what})
	if err != nil {
		panic(err) // a test has made it
	}
	s.enqueue(pending{id, queue, kind, raw, time.Now()})
	return id
}

// Again sends an update once more that was confirmed, as when the bot's confirmation is lost.
func (s *Server) Again(id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.enqueue(s.past[id])
}

func (s *Server) enqueue(p pending) {
	if !s.Quiet {
		s.past[p.id] = p
	}
	s.queue = append(s.queue, p)
	close(s.arrived)
	s.arrived = make(chan struct{})
	if s.hook != nil {
		s.hook.deliver(p)
	}
	s.notify()
}

// Push sends an update as it stands, well formed or not; its id is what "update_id" in it would be.
func (s *Server) Push(raw string) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := s.nextUpdate
	s.nextUpdate++
	numbered := strings.ReplaceAll(raw, "UPDATE_ID", strconv.FormatInt(id, 10))
	s.enqueue(pending{id, id, "message", json.RawMessage(numbered), time.Now()})
	return id
}

// Renumber lets ids go on from somewhere else, as after a quiet week.
func (s *Server) Renumber(next int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.nextUpdate = next
}

// getUpdates hands out what is not confirmed, waiting for it as long as it is asked to. As the real one does, it confirms what is
// below the offset, refuses to work beside a webhook, and sends away whoever polls already: one bot, one poller.
func (s *Server) getUpdates(r *http.Request, c *Call) (any, error) {
	s.mu.Lock()
	if s.hook != nil {
		s.mu.Unlock()
		return nil, failure{409, "Conflict: can't use getUpdates method while webhook is active; " +
			"use deleteWebhook to delete the webhook first"}
	}
	if s.stopped {
		s.mu.Unlock()
		return nil, failure{500, "Internal Server Error: restart"}
	}
	close(s.poller) // whoever polls already is sent away
	mine := make(chan struct{})
	s.poller = mine
	s.confirm(c.number("offset"))
	timeout := time.NewTimer(time.Duration(min(c.number("timeout"), 50)) * time.Second)
	defer timeout.Stop()
	for {
		batch, arrived := s.batch(c), s.arrived
		s.mu.Unlock()
		if len(batch) > 0 {
			return batch, nil
		}
		select {
		case <-arrived:
		case <-timeout.C:
			return batch, nil
		case <-mine:
			return nil, failure{409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"}
		case <-r.Context().Done():
			return batch, nil
		}
		s.mu.Lock()
	}
}

func (s *Server) confirm(offset int64) {
	if offset > 0 {
		s.queue = slices.DeleteFunc(s.queue, func(p pending) bool { return p.id < offset })
		s.notify()
	}
}

// batch is what is handed out; presses live 150 seconds.
func (s *Server) batch(c *Call) []json.RawMessage {
	limit := int(c.number("limit"))
	if limit < 1 || limit > 100 {
		limit = 100
	}
	batch := []json.RawMessage{}
	for _, p := range s.queue {
		if len(batch) == limit {
			break
		}
		if !p.expired() {
			batch = append(batch, p.raw)
		}
	}
	return batch
}

func (p pending) expired() bool {
	return p.kind == "callback_query" && time.Since(p.at) > 150*time.Second
}

// webhook delivers updates to the bot until it is deleted. Updates of one chat, and presses of one person, are a queue: the next
// is delivered only when the bot has acknowledged the one before with 200. Queues are delivered beside each other, by a
// goroutine each.
type webhook struct {
	server      *Server
	url, secret string
	client      *http.Client
	ctx         context.Context
	cancel      context.CancelFunc
	all         sync.WaitGroup
	mu          sync.Mutex
	queues      map[int64][]pending
	lastError   string
}

// hookTime is how long the bot may take to answer.
const hookTime = 60 * time.Second

func (s *Server) setWebhook(c *Call) error {
	address := c.text("url")
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Hostname() != "127.0.0.1" {
		return badRequest("bad webhook: An HTTPS URL must be provided for webhook")
	}
	s.dropWebhook()
	ctx, cancel := context.WithCancel(context.Background())
	h := &webhook{
		server: s, url: address, secret: c.text("secret_token"), client: s.hookClient(int(c.number("max_connections"))),
		ctx: ctx, cancel: cancel, queues: map[int64][]pending{},
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hook = h
	for _, p := range s.queue {
		h.deliver(p)
	}
	return nil
}

// hookClient delivers on as many connections as the bot allows, and keeps them; to Hook without a network.
func (s *Server) hookClient(most int) *http.Client {
	if s.Hook != nil {
		return &http.Client{Timeout: hookTime, Transport: inProcess{s.Hook}}
	}
	most = min(cmp.Or(most, 40), 100)
	return &http.Client{Timeout: hookTime, Transport: &http.Transport{MaxConnsPerHost: most, MaxIdleConnsPerHost: most}}
}

func (s *Server) dropWebhook() {
	s.mu.Lock()
	h := s.hook
	s.hook = nil
	s.mu.Unlock()
	if h != nil {
		h.stop()
	}
}

func (s *Server) webhookInfo() map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	info := map[string]any{"url": "", "has_custom_certificate": false, "pending_update_count": len(s.queue)}
	if s.hook != nil {
		s.hook.mu.Lock()
		info["url"], info["last_error_message"] = s.hook.url, s.hook.lastError
		s.hook.mu.Unlock()
	}
	return info
}

// deliver puts an update in its queue: order holds in each.
func (h *webhook) deliver(p pending) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.queues[p.queue] = append(h.queues[p.queue], p)
	if len(h.queues[p.queue]) == 1 {
		h.all.Go(func() { h.work(p.queue) })
	}
}

func (h *webhook) stop() {
	h.cancel()
	h.all.Wait()
	h.client.CloseIdleConnections()
}

func (h *webhook) work(queue int64) {
	for {
		h.mu.Lock()
		p := h.queues[queue][0]
		h.mu.Unlock()
		if !h.redeliver(p) {
			return
		}
		h.server.delivered(p.id)
		h.mu.Lock()
		h.queues[queue] = h.queues[queue][1:]
		over := len(h.queues[queue]) == 0
		if over {
			delete(h.queues, queue)
		}
		h.mu.Unlock()
		if over {
			return
		}
	}
}

func (s *Server) delivered(id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue = slices.DeleteFunc(s.queue, func(p pending) bool { return p.id == id })
	s.notify()
}

// redeliver delivers an update with a backoff until it is acknowledged or has expired: at once, then after 2, 4, 8 … seconds.
func (h *webhook) redeliver(p pending) bool {
	for tries := 0; !p.expired(); tries++ {
		wait, ok := h.post(p)
		if ok {
			return true
		}
		if wait == 0 && tries > 0 {
			wait = min(time.Second<<min(tries, 6), time.Duration(60+rand.IntN(60))*time.Second)
		}
		t := time.NewTimer(wait)
		select {
		case <-t.C:
		case <-h.ctx.Done():
			t.Stop()
			return false
		}
	}
	return true
}

func (h *webhook) post(p pending) (wait time.Duration, ok bool) {
	r, err := http.NewRequestWithContext(h.ctx, http.MethodPost, h.url, bytes.NewReader(p.raw))
	if err != nil {
		return 0, false
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Telegram-Bot-Api-Secret-Token", h.secret)
	resp, err := h.client.Do(r)
	if err != nil {
		h.failed("Connection failed")
		return 0, false
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		h.failed("Connection failed")
		return 0, false
	}
	if resp.StatusCode/100 == 2 {
		h.server.replied(body)
		return 0, true
	}
	h.failed("Wrong response from the webhook: " + resp.Status)
	after, _ := strconv.Atoi(resp.Header.Get("Retry-After"))
	return time.Duration(min(after, 3600)) * time.Second, false
}

func (h *webhook) failed(why string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.lastError = why
}
