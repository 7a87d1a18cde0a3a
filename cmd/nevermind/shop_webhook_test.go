package main

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"nevermind/adapters/shop/hook/hooktest"
	"nevermind/bot"
)

// shopDesk is where support is told in these tests.
const shopDesk = bot.Room("console:desk")

// TestShop lets a shop of its own do what shops do: nothing is paid twice, nothing is lost, support is told and the chat
// is truthful.
func TestShop(t *testing.T) {
	const sent, asked = "The shop has sent 24.90 USD", "asked the shop to send 24.90 USD"
	for _, c := range []struct {
		what    string
		reply   func(hooktest.API, *hooktest.Webhook)
		state   string // of the case in the end
		refund  string // its status
		chat    string // what the buyer is told
		support string // what support is told; nothing where it has nothing to do
	}{
		{"done at once", nil, "refunded", "settled", sent, ""},
		{"later, twice", func(k hooktest.API, h *hooktest.Webhook) {
			h.Say(202, "")
			go k.Ends(h.ID, "done", 200, "done", 200)
		}, "refunded", "settled", sent, ""},
		{"before it has answered", func(k hooktest.API, h *hooktest.Webhook) { k.Ends(h.ID, "done", 200); h.Say(500, "") }, "refunded",
			"settled", sent, ""},
		{"another outcome the second time", func(k hooktest.API, h *hooktest.Webhook) {
			h.Say(202, "")
			if h.Type == "refund.pay" {
				go k.Ends(h.ID, "done", 200, "failed", 409, "failed", 409)
			} else {
				go k.Ends(h.ID, "done", 200)
			}
		}, "refunded", "settled", sent, "two different things"},
		{"another outcome in its answer", func(k hooktest.API, h *hooktest.Webhook) {
			k.Ends(h.ID, "done", 200)
			if h.Type == "order.cancel" {
				h.Done()
				return
			}
			h.Say(200, `{"outcome":"failed"}`)
		}, "refunded", "settled", sent, "two different things"},
		{"failed", func(_ hooktest.API, h *hooktest.Webhook) {
			if h.Type == "refund.pay" {
				h.Say(200, `{"outcome":"failed","detail":"no funds"}`)
				return
			}
			h.Done()
		}, "with_support", "failed", "couldn't send the money yet", "couldn't send 24.90 USD: no funds"},
		{"failed to cancel", func(_ hooktest.API, h *hooktest.Webhook) { h.Say(200, `{"outcome":"failed","detail":"locked"}`) },
			"with_support", "none", "couldn't cancel", "couldn't cancel the order: locked"},
		{"never", func(_ hooktest.API, h *hooktest.Webhook) {
			if h.Type == "refund.pay" {
				h.HangUp()
				return
			}
			h.Done()
		}, "refunding", "pending", asked, ""},
		{"500, redirects and pages at first", func(_ hooktest.API, h *hooktest.Webhook) {
			switch h.Try {
			case 1:
				h.Say(500, `{"outcome":"done"}`)
			case 2:
				http.Redirect(h.ResponseWriter, h.Request, "/elsewhere", http.StatusPermanentRedirect)
			case 3:
				h.Say(200, "<html>It works!</html>")
			default:
				h.Done()
			}
		}, "refunded", "settled", sent, ""},
	} {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			d := newShopDrill(t, 20, "2s")
			if c.reply != nil {
				d.shop.Reply = func(h *hooktest.Webhook) {
					if !h.Command() {
						h.Say(204, "")
						return
					}
					c.reply(d.api(), h)
				}
			}
			d.cancel("900001")
			d.api().AwaitCase("900001", c.state, c.refund)
			if c.what == "never" {
				d.tried("refund.pay", 4)
			}
			d.chatSays("900001", c.chat)
			d.shownAsNews("900001")
			d.house.stop().want(t, exitDone)
			d.shop.Audit("24.90 USD")
			d.supportHeard(c.support)
		})
	}
}

// TestShopDown: the shop is down for two minutes of the house's time; then everything comes, in order.
func TestShopDown(t *testing.T) {
	t.Parallel()
	d := newShopDrill(t, 60, "2s")
	up := d.now().Add(2 * time.Minute)
	d.shop.Reply = func(h *hooktest.Webhook) {
		if d.now().Before(up) {
			h.HangUp()
			return
		}
		h.Done()
	}
	d.cancel("900001")
	d.api().AwaitCase("900001", "refunded", "settled")
	d.house.stop().want(t, exitDone)
	d.shop.Audit("24.90 USD")
	d.supportHeard("")
}

// TestShopNewsOutlivesTheServer: a case is refunded before the shop has taken the news of it. What waits when the server
// ends is in the store, and the next server brings it.
func TestShopNewsOutlivesTheServer(t *testing.T) {
	t.Parallel()
	d := newShopDrill(t, 1, "2s")
	var open atomic.Bool
	d.shop.Reply = func(h *hooktest.Webhook) {
		if h.Type == "case.closed" && !open.Load() {
			h.Say(500, "")
			return
		}
		h.Done()
	}
	d.cancel("900001")
	d.api().AwaitCase("900001", "refunded", "settled")
	d.house.stop().want(t, exitDone)
	if n := d.shop.Closed(); n != 0 {
		t.Errorf("the shop has taken the news of %d closed cases, want none yet", n)
	}
	store := d.open()
	next, err := store.NextTask(t.Context())
	if next.IsZero() || err != nil {
		t.Errorf("nothing waits in the store: %v, %v", next, err)
	}
	store.Close()

	open.Store(true)
	d.house, _ = serveBy(t, d.now, d.data, d.args()...)
	d.url.Store(&d.house.url)
	d.shop.AwaitClosed(1)
	d.house.stop().want(t, exitDone)
	d.shop.Audit("24.90 USD")
}

// TestShopLives: what the shop puts meanwhile reaches the open case.
func TestShopLives(t *testing.T) {
	t.Parallel()
	d := newShopDrill(t, 1, "1h")
	d.cancel("900001")
	d.api().AwaitCase("900001", "seeking_seller", "none")
	shipped := strings.Replace(order("900001", "b-9"), `"processing"`, `"shipped"`, 1)
	if got := d.api().Call("PUT", "/v1/orders/900001", shipped, nil); got != 200 {
		t.Fatalf("put: got %d", got)
	}
	d.api().AwaitCase("900001", "checking_tracking", "none")
	d.chatSays("900001", "parcel has left")
	d.house.stop().want(t, exitDone)
	for _, h := range d.shop.All() {
		if h.Command() {
			t.Errorf("the shop was asked for %s", h.Raw)
		}
	}
}

// shopDrill is nevermind serve with a shop elsewhere, and a seller who never answers.
type shopDrill struct {
	t     *testing.T
	shop  *hooktest.Shop
	house *started
	data  string
	url   atomic.Pointer[string]
	now   func() time.Time
	wait  string // how long the seller has to answer, in the house's time
}

// quick are the data folders of servers whose clock goes faster than the machine's: they trust it.
var quick sync.Map

func init() {
	platforms = append(platforms, func(_ context.Context, s *site) (bot.Adapter, error) {
		if _, ok := quick.Load(s.set.folder()); ok {
			s.bootTime = nil
		}
		return nil, nil
	})
}

// newShopDrill starts both; the house's clock goes so many times as fast as the real one.
func newShopDrill(t *testing.T, speed int, wait string) *shopDrill {
	begun := time.Now()
	d := &shopDrill{t: t, data: t.TempDir(), wait: wait,
		now: func() time.Time { return begun.Add(time.Duration(speed) * time.Since(begun)) }}
	d.shop = hooktest.New(t, nil)
	if d.shop.Skew = speed > 1; d.shop.Skew {
		quick.Store(d.data, true)
	}
	d.desk()
	d.house, _ = serveBy(t, d.now, d.data, d.args()...)
	d.url.Store(&d.house.url)
	return d
}

// desk gives support a room.
func (d *shopDrill) desk() {
	store := d.open()
	defer store.Close()
	if err := store.Commit(d.t.Context(), &bot.Commit{At: time.Now(),
		Person: &bot.Person{ID: bot.Desk, Rooms: []bot.Room{shopDesk}}}); err != nil {
		d.t.Fatal(err)
	}
}

func (d *shopDrill) open() bot.Store {
	store, err := openStored(d.data)
	if err != nil {
		d.t.Fatal(err)
	}
	return store
}

func (d *shopDrill) args() []string {
	policy := filepath.Join(d.data, "quick.yaml")
	if err := os.WriteFile(policy, []byte(quickPolicy(d.wait)), 0o600); err != nil {
		d.t.Fatal(err)
	}
	return []string{"--api-key", hooktest.Key, "--policy", policy, "--shop-webhook-url", d.shop.URL, "--shop-webhook-secret",
		hooktest.Secret}
}

func (d *shopDrill) api() hooktest.API { return hooktest.API{T: d.t, URL: *d.url.Load()} }

// cancel puts an order and asks in the terminal to cancel it.
func (d *shopDrill) cancel(id string) {
	d.t.Helper()
	if got := d.api().Call("PUT", "/v1/orders/"+id, order(id, "b-9"), nil); got != 200 {
		d.t.Fatalf("put: got %d", got)
	}
	command(d.t, id+"\nCancel this order\n1\n1\n", "chat", "--as", "b-9", "--data", d.data).want(d.t,
		exitDone, "Thank you")
}

// tried waits until the shop has been asked for something so often.
func (d *shopDrill) tried(kind string, times int) {
	d.t.Helper()
	for end := time.Now().Add(hooktest.Patience); ; <-time.After(5 * time.Millisecond) {
		if slices.ContainsFunc(d.shop.All(), func(h *hooktest.Webhook) bool { return h.Type == kind && h.Try == times }) {
			return
		}
		if time.Now().After(end) {
			d.t.Fatalf("the shop is not asked for %s %d times", kind, times)
		}
	}
}

// shownAsNews compares the last news of a case with what GET shows of it, once the shop has been told.
func (d *shopDrill) shownAsNews(order string) {
	d.t.Helper()
	var got, news any
	for end := time.Now().Add(hooktest.Patience); ; <-time.After(20 * time.Millisecond) {
		d.api().Call("GET", "/v1/cases/"+d.api().CaseOf(order).ID, "", &got)
		for _, h := range d.shop.All() {
			var body struct{ Data any }
			if err := json.Unmarshal([]byte(h.Raw), &body); err == nil && !h.Command() {
				news = body.Data
			}
		}
		if reflect.DeepEqual(less(got), less(news)) {
			return
		}
		if time.Now().After(end) {
			d.t.Fatalf("GET shows\n%v\nand the last news\n%v", got, news)
		}
	}
}

// less is a case without the id of the refund asked for, which GET finds in the order and news is too early for.
func less(c any) any {
	if m, ok := c.(map[string]any); ok {
		if r, ok := m["refund"].(map[string]any); ok {
			delete(r, "task_id")
		}
	}
	return c
}

// chatSays looks at what the buyer is told in the terminal.
func (d *shopDrill) chatSays(id, text string) {
	d.t.Helper()
	comes(d.t, 0, "my requests\n", text, "b-9", d.data)
}

// supportHeard looks for what support was told, once the house is closed.
func (d *shopDrill) supportHeard(text string) {
	d.t.Helper()
	store := d.open()
	defer store.Close()
	said, err := store.Said(d.t.Context(), shopDesk, 0, 0, 1000)
	if err != nil {
		d.t.Fatal(err)
	}
	all, n := "", 0
	for _, s := range said {
		if s.Out != nil {
			all += "\n" + s.Out.Text
			if text != "" && strings.Contains(s.Out.Text, text) {
				n++
			}
		}
	}
	if text != "" && n == 0 {
		d.t.Errorf("support is not told %q:%s", text, all)
	}
	if text == "two different things" && n != 1 {
		d.t.Errorf("support is told %d times, want once:%s", n, all)
	}
}

// quickPolicy is a policy by which a request to cancel comes to its end without anybody: the seller has no chat, so support has
// it after a while, and what support never decides counts for the buyer.
func quickPolicy(wait string) string {
	return "name: quick\nwindows:\n  seller_answer: " + wait + "\n  support_verdict: 1s\n  support_silence: buyer\n"
}
