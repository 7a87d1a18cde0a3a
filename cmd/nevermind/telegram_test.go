package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"nevermind/adapters/telegram/telegramtest"
)

// telegramHouse is nevermind serve with a fake Telegram, and the shop that calls it.
type telegramHouse struct {
	t    *testing.T
	fake *telegramtest.Server
	url  string
	log  *loud
}

// onTelegram starts nevermind serve in this process against a fake Telegram.
func onTelegram(t *testing.T, mode string, args ...string) *telegramHouse {
	plain(t)
	h, _ := serveTelegram(t, telegramtest.Open(t), t.TempDir(), mode, args...)
	return h
}

func serveTelegram(t *testing.T, fake *telegramtest.Server, data, mode string, args ...string) (*telegramHouse, *started) {
	args = append(args, "--api-key", "k", "--telegram-token", fake.Token, "--telegram-api", fake.URL(), "--telegram-mode", mode, "--telegram-rate", "0", "--telegram-chat-rate", "0")
	if mode == webhookMode {
		at := freePort(t)
		args = append(args, "--listen", at, "--public-url", "http://"+at)
	}
	s, log := serveOn(t, data, args...)
	h := &telegramHouse{t, fake, s.url, log}
	if !fake.Until(func() bool { status, _ := fetch(t, h.url+"/readyz"); return status == http.StatusOK }) {
		t.Fatal("not ready:", log)
	}
	return h, s
}

func freePort(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// call calls /v1 as the shop and reads the answer.
func (h *telegramHouse) call(method, path, body string, into any) {
	h.t.Helper()
	r, err := http.NewRequestWithContext(h.t.Context(), method, h.url+path, strings.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer k")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode/100 != 2 || json.Unmarshal(text, into) != nil {
		h.t.Fatalf("%s %s: got %d %s (%v)", method, path, resp.StatusCode, text, err)
	}
}

// order puts an order that is being prepared.
func (h *telegramHouse) order(id, buyer, seller, title string) {
	h.t.Helper()
	raw, err := json.Marshal(map[string]any{"id": id, "buyer_id": buyer, "seller_id": seller, "stage": "processing", "placed_at": "2026-11-20T09:00:00Z",
		"paid_at": "2026-11-20T09:05:00Z", "updated_at": "2026-11-20T09:05:00Z", "payment_method": "card", "currency": "USD", "total": "24.90", "shipping_fee": "2.50",
		"items": []any{map[string]any{"id": "1", "title": title, "quantity": 1, "price": "22.40"}}})
	if err != nil {
		h.t.Fatal(err)
	}
	var put map[string]any
	h.call("PUT", "/v1/orders/"+id, string(raw), &put)
}

// join links somebody's chat to their account, as they would: the shop's link, and "Yes, that's me".
func (h *telegramHouse) join(user int64, role, id, name string) *telegramtest.Chat {
	h.t.Helper()
	var link struct {
		Token       string
		TelegramURL string `json:"telegram_url"`
	}
	raw, err := json.Marshal(map[string]string{"role": role, "id": id, "name": name})
	if err != nil {
		h.t.Fatal(err)
	}
	h.call("POST", "/v1/links", string(raw), &link)
	if want := "https://t.me/" + h.fake.Username + "?start=" + link.Token; link.TelegramURL != want {
		h.t.Errorf("link: got %q, want %q", link.TelegramURL, want)
	}
	chat := h.fake.Private(telegramtest.Person{ID: user, Name: "Somebody"})
	chat.Type("/start " + link.Token)
	h.press(chat, "Yes, that's me")
	h.await(chat, "You are connected")
	return chat
}

func (h *telegramHouse) await(chat *telegramtest.Chat, words string) telegramtest.Message {
	h.t.Helper()
	m, ok := chat.Await(words)
	if !ok {
		h.t.Fatalf("chat %d never heard %q; it heard:\n%s\n%s", chat.ID, words, texts(chat), h.log)
	}
	return m
}

// press presses a button as soon as it is there, and returns the query.
func (h *telegramHouse) press(chat *telegramtest.Chat, label string) (query string) {
	h.t.Helper()
	if !h.fake.Until(func() bool { query = chat.Press(label); return query != "" }) {
		h.t.Fatalf("chat %d is never offered %q; it heard:\n%s", chat.ID, label, texts(chat))
	}
	return query
}

func texts(chat *telegramtest.Chat) string {
	var b strings.Builder
	for _, m := range chat.Messages() {
		fmt.Fprintf(&b, "%v %q %q\n", m.Mine, telegramtest.Seen(m.Text), m.Labels())
	}
	return b.String()
}

// ask lets the buyer ask the seller to cancel an order.
func (h *telegramHouse) ask(buyer *telegramtest.Chat, order, note string) {
	h.t.Helper()
	buyer.Type(order)
	h.press(buyer, "Cancel this order")
	h.press(buyer, "I don't need it any more")
	h.press(buyer, "Leave it out") // the question is there
	_ = note
	h.press(buyer, "Yes, ask the seller")
}

// TestTelegramCancels cancels an order from the first link to the refund, by polling and by webhook.
func TestTelegramCancels(t *testing.T) {
	for _, mode := range []string{pollMode, webhookMode} {
		t.Run(mode, func(t *testing.T) {
			h := onTelegram(t, mode)
			h.order("8123456789012345", "b-1", "s-1", "Bamboo lamp")
			ana, lumen := h.join(11, "buyer", "b-1", "Ana"), h.join(22, "seller", "s-1", "Lumen House")
			h.ask(ana, "8123456789012345", "")
			card := h.await(lumen, "would like to cancel")
			h.press(lumen, "Cancel and refund 24.90 USD")
			h.await(ana, "Lumen House has agreed. I have asked the shop")
			for _, m := range lumen.Heard() {
				if m.ID == card.ID && len(m.Labels()) != 0 {
					t.Errorf("the seller's old card keeps its buttons: %q", m.Labels())
				}
			}
			lumen.Reply(card.ID, "It was packed already, sorry it took so long.")
			h.await(ana, "It was packed already")
			if pending := h.fake.Until(func() bool { return h.fake.Pending() == 0 }); !pending {
				t.Errorf("%d updates are not acknowledged", h.fake.Pending())
			}
		})
	}
}

// TestTelegramWaitsOverARestart: a chat that Telegram wants to hear nothing of for three seconds hears nothing before, though
// the server is started again in between, and then what was to be said, once.
func TestTelegramWaitsOverARestart(t *testing.T) {
	plain(t)
	fake, data := telegramtest.Open(t), t.TempDir()
	_, s := serveTelegram(t, fake, data, pollMode)
	var until atomic.Pointer[time.Time]
	fake.Fault = func(c telegramtest.Call) telegramtest.Fault {
		if c.Method != "sendMessage" || until.Load() != nil {
			return telegramtest.Fault{}
		}
		at := time.Now().Add(3 * time.Second)
		until.Store(&at)
		return telegramtest.Fault{Code: 429, Words: "Too Many Requests: retry after 3", RetryAfter: 3 * time.Second}
	}
	chat := fake.Private(telegramtest.Person{ID: 11, Name: "Ana"})
	chat.Type("hello")
	fake.Until(func() bool { return until.Load() != nil && fake.Pending() == 0 })
	s.stop()
	h, _ := serveTelegram(t, fake, data, pollMode)
	h.await(chat, "Hello")
	calls := fake.Calls("sendMessage")
	if len(calls) != 2 || calls[1].At.Before(*until.Load()) {
		t.Errorf("%d calls, the last %v after it may; want 2", len(calls), calls[len(calls)-1].At.Sub(*until.Load()))
	}
}

// TestThousandPresses presses one button a thousand times from ten connections: one transition, and everybody else gets
// a polite word.
func TestThousandPresses(t *testing.T) {
	h := onTelegram(t, webhookMode)
	h.order("8123456789012345", "b-1", "s-1", "Bamboo lamp")
	ana := h.join(11, "buyer", "b-1", "Ana")
	var sellers []*telegramtest.Chat
	for i := range 10 {
		sellers = append(sellers, h.join(int64(100+i), "seller", "s-1", "Lumen House"))
	}
	h.ask(ana, "8123456789012345", "")
	var queries []string
	var mu sync.Mutex
	var all sync.WaitGroup
	var cards []telegramtest.Message
	for _, chat := range sellers { // the first press changes every card
		cards = append(cards, h.await(chat, "would like to cancel"))
	}
	for i, chat := range sellers {
		card := cards[i]
		all.Go(func() {
			for range 100 {
				q := chat.PressData(card.ID, card.Keyboard[0][0].Data)
				mu.Lock()
				queries = append(queries, q)
				mu.Unlock()
			}
		})
	}
	all.Wait()
	answered := func() (n, polite int) {
		for _, q := range queries {
			if a := h.fake.AnswerTo(q); a.Times == 1 {
				n++
				if a.Text != "" {
					polite++
				}
			}
		}
		return n, polite
	}
	waits := 0 // the first of those that are not answered yet
	over := func() bool {
		for waits < len(queries) && h.fake.AnswerTo(queries[waits]).Times > 0 {
			waits++
		}
		return waits == len(queries)
	}
	for range 12 { // two minutes at most
		if h.fake.Until(over) {
			break
		}
	}
	n, polite := answered()
	t.Logf("%d answered, %d with a word", n, polite)
	if n != 1000 || polite < 500 { // on a busy machine some commits take over a second, and their presses are answered without words
		t.Errorf("got %d answered, %d of them with a word; want 1000, and most", n, polite)
	}
	h.await(ana, "Lumen House has agreed. I have asked the shop")
	if got := strings.Count(texts(ana), "I have asked the shop"); got != 1 {
		t.Errorf("the buyer hears of %d agreements, want 1", got)
	}
	var list struct {
		Cases []struct{ Timeline []struct{ Event string } }
	}
	h.call("GET", "/v1/cases?order=8123456789012345", "", &list)
	accepted := 0
	for _, c := range list.Cases {
		for _, e := range c.Timeline {
			if e.Event == "seller_accepted" {
				accepted++
			}
		}
	}
	if accepted != 1 {
		t.Errorf("%d transitions, want 1", accepted)
	}
}

// TestTelegramBlocked: a seller who blocks the bot cannot be reached from then on, and the buyer and support know; once they
// let it write again, or write themselves, the request comes to them.
func TestTelegramBlocked(t *testing.T) {
	h := onTelegram(t, pollMode)
	h.order("8123456789012345", "b-1", "s-1", "Bamboo lamp")
	ana, lumen := h.join(11, "buyer", "b-1", "Ana"), h.join(22, "seller", "s-1", "Lumen House")
	h.ask(ana, "8123456789012345", "")
	h.await(lumen, "would like to cancel")
	count := func(chat *telegramtest.Chat, words string) int { return strings.Count(texts(chat), words) }
	for round := range 3 {
		if round < 2 {
			lumen.Block()
		} else { // and nobody tells us: the next message finds out
			lumen.Vanish()
			ana.Reply(h.await(ana, "I have asked Lumen House").ID, "Are you there?")
		}
		if !h.fake.Until(func() bool { return count(ana, "Lumen House has no chat with me") == round+1 }) {
			t.Fatalf("the buyer does not know that the seller is gone:\n%s", texts(ana))
		}
		before := len(h.fake.Calls("sendMessage"))
		ana.Type("/status")
		h.fake.Until(func() bool { return len(h.fake.Calls("sendMessage")) > before })
		for _, c := range h.fake.Calls("sendMessage")[before:] {
			if c.Chat == lumen.ID {
				t.Error("somebody who has blocked us is written to")
			}
		}
		lumen.Unblock()
		if !h.fake.Until(func() bool { return count(lumen, "would like to cancel") == round+2 }) {
			t.Fatalf("the request does not come back:\n%s", texts(lumen))
		}
		cards := 0
		for _, m := range lumen.Heard() {
			if len(m.Labels()) > 0 && strings.Contains(telegramtest.Seen(m.Text), "would like to cancel") {
				cards++
			}
		}
		if cards != 1 {
			t.Errorf("%d cards have buttons, want the newest alone:\n%s", cards, texts(lumen))
		}
	}
	if !h.fake.Until(func() bool { return h.fake.Pending() == 0 }) {
		t.Errorf("%d updates are not acknowledged", h.fake.Pending())
	}
}
