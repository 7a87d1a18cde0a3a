//go:build unix

package main

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"nevermind/adapters/shop/vendure/venduretest"
	"nevermind/adapters/telegram/telegramtest"
)

// marketplace is nevermind serve between a fake Telegram and the real Vendure, with Ana and the seller of lamps in chats.
type marketplace struct {
	*telegramtest.House
	t       *testing.T
	vendure *venduretest.Server
	server  *started
	fake    *telegramtest.Server
	data    string
	policy  string
	ana     *telegramtest.Chat
	lumen   *telegramtest.Chat
}

// newMarketplace: sellers have an hour to answer, and beta, who says nothing, has hardly any time.
func newMarketplace(t *testing.T) *marketplace {
	t.Helper()
	m := &marketplace{t: t, vendure: venduretest.Start(t), fake: telegramtest.Open(t), data: t.TempDir()}
	m.policy = filepath.Join(t.TempDir(), "quick.yaml")
	if err := os.WriteFile(m.policy, []byte("name: quick\nwindows: {seller_answer: 1h}\n"+
		"overrides: [{seller: beta, windows: {seller_answer: 2s}}]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	m.start()
	m.ana, m.lumen = m.Join(11, "buyer", "1", "Ana"), m.Join(22, "seller", "alpha", "Lumen House")
	m.Join(33, "seller", "beta", "Shade & Co")
	return m
}

// start runs the server, on what it held before.
func (m *marketplace) start() {
	m.t.Helper()
	m.House, m.server = serveTelegram(m.t, m.fake, m.data, pollMode, "--policy", m.policy,
		"--shop", "vendure", "--shop-url", m.vendure.URL, "--shop-token", m.vendure.Key, "--shop-settles", "on",
		"--shop-webhook-secret", venduretest.Secret)
	m.vendure.Tell(m.t, m.URL)
}

// bought is a checkout of Ana's, once Nevermind knows its orders: alpha's and beta's.
func (m *marketplace) bought(goods map[string]int) (alpha, beta string) {
	m.t.Helper()
	checkout := m.vendure.Order(m.t, m.vendure.Buy(m.t, goods))
	alpha, beta = checkout.Of("alpha"), checkout.Of("beta")
	for _, id := range []string{alpha, beta} {
		if id != "" && !m.Fake.Until(func() bool { return m.holds(id, "") }) {
			m.t.Fatalf("order %s does not come in:\n%s", id, m.Log)
		}
	}
	return alpha, beta
}

// holds says whether an order is held, with some words in it.
func (m *marketplace) holds(id, words string) bool {
	m.t.Helper()
	r, err := http.NewRequestWithContext(m.t.Context(), http.MethodGet, m.URL+"/v1/orders/"+id, nil)
	if err != nil {
		m.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+telegramtest.HouseKey)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return false
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	return err == nil && answer.StatusCode == http.StatusOK && strings.Contains(string(text), words)
}

// ends waits until the newest case about an order stands where it should.
func (m *marketplace) ends(order, state string) {
	m.t.Helper()
	last := ""
	if !m.Fake.Until(func() bool {
		var list struct{ Cases []struct{ State string } }
		m.Call("GET", "/v1/cases?order="+order, "", &list)
		if n := len(list.Cases); n > 0 {
			last = list.Cases[n-1].State
		}
		return last == state
	}) {
		m.t.Fatalf("the case of order %s is %s, want %s:\n%s\n%s", order, last, state, m.ana.Texts(), m.Log)
	}
}

// books compares what Vendure itself says: the state, how many of the first line are cancelled, and what is settled.
func (m *marketplace) books(code, state string, cancelled int, settled ...int64) {
	m.t.Helper()
	o := m.vendure.Order(m.t, code)
	var paid []int64
	for _, p := range o.Payments {
		for _, r := range p.Refunds {
			if r.State == "Settled" && r.TransactionID != "" && strings.HasSuffix(r.Reason, r.TransactionID) {
				paid = append(paid, r.Total)
			} else {
				m.t.Errorf("Vendure shows a refund of %d in state %s, %q, %q", r.Total, r.State, r.Reason, r.TransactionID)
			}
		}
	}
	slices.Sort(paid)
	got := o.Lines[0].OrderPlacedQuantity - o.Lines[0].Quantity
	if o.State != state || got != cancelled || !slices.Equal(paid, settled) {
		m.t.Errorf("Vendure shows order %s in %s, %d cancelled, %v settled; want %s, %d, %v",
			code, o.State, got, paid, state, cancelled, settled)
	}
}

// askFor asks to cancel a quantity of the one line of an order.
func (m *marketplace) askFor(order, line, quantity, marked string) {
	m.t.Helper()
	m.ana.Type("cancel " + order)
	m.Press(m.ana, "I don't need it any more")
	m.Press(m.ana, "Only some of it")
	m.Press(m.ana, line)
	m.Press(m.ana, quantity)
	m.Press(m.ana, marked)
	m.Press(m.ana, "Yes, ask the seller")
}

// TestVendureTwoSellers: one checkout of two sellers. One accepts, the other is silent; each is decided on its own, and
// Vendure's own books show what was paid back.
func TestVendureTwoSellers(t *testing.T) {
	m := newMarketplace(t)
	alpha, beta := m.bought(map[string]int{"lamp": 1, "shade": 1})
	m.Ask(m.ana, beta)
	m.ends(beta, "refunded")
	m.books(beta, "Cancelled", 1, 1500)
	m.books(alpha, "PaymentSettled", 0)
	m.Ask(m.ana, alpha)
	m.Press(m.lumen, "Cancel and refund 25.00 USD")
	m.ends(alpha, "refunded")
	m.books(alpha, "Cancelled", 1, 2500)
	m.books(beta, "Cancelled", 1, 1500)
	m.server.stop().want(t, exitDone)
}

// TestVendureOneOfThree: one of three lamps is cancelled, then the rest, with a restart in between.
func TestVendureOneOfThree(t *testing.T) {
	m := newMarketplace(t)
	alpha, _ := m.bought(map[string]int{"lamp": 3})
	m.askFor(alpha, "☐ 3 × lamp", "1", "Only the marked ones")
	m.Press(m.lumen, "Cancel and refund 20.00 USD")
	m.ends(alpha, "refunded")
	m.books(alpha, "PaymentSettled", 1, 2000)
	m.server.stop().want(t, exitDone)
	m.start()
	m.Ask(m.ana, alpha)
	m.Press(m.lumen, "Cancel and refund 45.00 USD")
	m.ends(alpha, "refunded")
	m.books(alpha, "Cancelled", 3, 2000, 4500)
	m.server.stop().want(t, exitDone)
}

// TestVendurePage runs docs/vendure.md, with the Vendure that was installed for it.
func TestVendurePage(t *testing.T) {
	venduretest.Installed(t)
	runPage(t, "vendure.md", "127.0.0.1:8417", "127.0.0.1:3417")
}
