package telegramtest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// House is a server that people reach on the fake Telegram and a shop by its API.
type House struct {
	T    testing.TB
	Fake *Server
	URL  string       // where /v1 is
	Log  fmt.Stringer // what the server has logged
	// Do sends a request to /v1; nil is the network.
	Do func(*http.Request) (*http.Response, error)
}

// HouseKey is what the shop calls with.
const HouseKey = "the-key-of-the-house-in-tests-0123456789"

// Call calls /v1 as the shop and reads the answer.
func (h *House) Call(method, path, body string, into any) {
	h.T.Helper()
	r, err := http.NewRequestWithContext(h.T.Context(), method, h.URL+path, strings.NewReader(body))
	if err != nil {
		h.T.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+HouseKey)
	resp, err := h.do(r)
	if err != nil {
		h.T.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode/100 != 2 || json.Unmarshal(text, into) != nil {
		h.T.Fatalf("%s %s: got %d %s (%v)", method, path, resp.StatusCode, text, err)
	}
}

// Order puts an order that is being prepared.
func (h *House) Order(id, buyer, seller, title string) {
	h.T.Helper()
	raw, err := json.Marshal(map[string]any{"id": id, "buyer_id": buyer, "seller_id": seller, "stage": "processing",
		"placed_at": "2026-11-20T09:00:00Z",
		"paid_at":   "2026-11-20T09:05:00Z", "updated_at": "2026-11-20T09:05:00Z", "payment_method": "card", "currency": "USD",
		"total": "24.90", "shipping_fee": "2.50",
		"items": []any{map[string]any{"id": "1", "title": title, "quantity": 1, "price": "22.40"}}})
	if err != nil {
		h.T.Fatal(err)
	}
	var put map[string]any
	h.Call("PUT", "/v1/orders/"+id, string(raw), &put)
}

// Join links somebody's chat to their account, as they would: the shop's link, and "Yes, that's me".
func (h *House) Join(user int64, role, id, name string) *Chat {
	h.T.Helper()
	var link struct {
		Token       string
		TelegramURL string `json:"telegram_url"`
	}
	raw, err := json.Marshal(map[string]string{"role": role, "id": id, "name": name})
	if err != nil {
		h.T.Fatal(err)
	}
	if !h.Fake.Until(func() bool { // there is no address before the server has learnt its bot's name
		h.Call("POST", "/v1/links", string(raw), &link)
		return link.TelegramURL != ""
	}) {
		h.T.Fatalf("the link of %s %s never has an address\n%s", role, id, h.Log)
	}
	if want := "https://t.me/" + h.Fake.Username + "?start=" + link.Token; link.TelegramURL != want {
		h.T.Errorf("link: got %q, want %q", link.TelegramURL, want)
	}
	chat := h.Fake.Private(Person{ID: user, Name: "Somebody"})
	chat.Type("/start " + link.Token)
	h.Press(chat, "Yes, that's me")
	h.Await(chat, "You're connected")
	return chat
}

// Await waits until a chat has heard some words.
func (h *House) Await(chat *Chat, words string) Message {
	h.T.Helper()
	m, ok := chat.Await(words)
	if !ok {
		h.T.Fatalf("chat %d never heard %q; it heard:\n%s\n%s", chat.ID, words, chat.Texts(), h.Log)
	}
	return m
}

// Press presses a button as soon as it is there, behind More too, and returns the query.
func (h *House) Press(chat *Chat, label string) (query string) {
	h.T.Helper()
	if !h.Fake.Until(func() bool {
		if query = chat.Press(label); query == "" {
			chat.Unfold()
		}
		return query != ""
	}) {
		h.T.Fatalf("chat %d is never offered %q; it heard:\n%s", chat.ID, label, chat.Texts())
	}
	return query
}

// Texts is what stands in the chat, a line for each message: ours or not, its words, its buttons.
func (c *Chat) Texts() string {
	var b strings.Builder
	for _, m := range c.Messages() {
		fmt.Fprintf(&b, "%v %q %q\n", m.Mine, Seen(m.Text), m.Labels())
	}
	return b.String()
}

// Ask lets the buyer ask to cancel an order whose seller has a chat.
func (h *House) Ask(buyer *Chat, order string) {
	h.T.Helper()
	h.ask(buyer, order, "Yes, ask the seller")
}

// AskWithoutSeller is the same where the seller has no chat: the shop and support are told instead.
func (h *House) AskWithoutSeller(buyer *Chat, order string) {
	h.T.Helper()
	h.ask(buyer, order, "Yes, send it")
}

func (h *House) ask(buyer *Chat, order, yes string) {
	h.T.Helper()
	buyer.Type(order)
	h.Press(buyer, "Cancel this order")
	h.Press(buyer, "I don't need it any more")
	h.Press(buyer, yes)
}

func (h *House) do(r *http.Request) (*http.Response, error) {
	if h.Do != nil {
		return h.Do(r)
	}
	return http.DefaultClient.Do(r)
}

// UpdateName is what a house calls an update of the server's bot.
func UpdateName(update int64) string { return fmt.Sprintf("tg:%d:%d", BotID, update) }

// Cancelled plays the whole story in short: an order, a buyer and a seller who come by the shop's links, a request, a yes, and
// the order cancelled.
func (h *House) Cancelled(order string) {
	h.T.Helper()
	h.Order(order, "b-1", "s-1", "Bamboo lamp")
	ana, lumen := h.Join(11, "buyer", "b-1", "Ana"), h.Join(22, "seller", "s-1", "Lumen House")
	h.Ask(ana, order)
	h.Press(lumen, "Cancel and refund 24.90 USD")
	h.Await(ana, "Lumen House agreed")
	var now struct{ Stage string }
	if !h.Fake.Until(func() bool { h.Call("GET", "/v1/orders/"+order, "", &now); return now.Stage == "cancelled" }) {
		h.T.Fatalf("the order is %s, want it cancelled", now.Stage)
	}
}
