package drills

import (
	"context"
	"fmt"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"nevermind/adapters/console"
	"nevermind/adapters/shop/hook/hooktest"
	"nevermind/bot"
)

// shopCases is how many cases run against the shop while the program is killed.
const shopCases = 30

// shopKills is how often the program is killed.
func shopKills() int {
	if long {
		return 200
	}
	return 10
}

// TestKillShop kills the program at random while thirty cases run against a shop of its own, which answers at once or
// later, fails, and hangs up when it has paid: no case is lost, each refund has one id and the right amount, and news
// comes in order.
func TestKillShop(t *testing.T) {
	onlyInCI(t)
	t.Parallel()
	d := &shopDeaths{t: t, data: t.TempDir(), dice: rand.New(rand.NewPCG(1, 2))}
	d.shop = hooktest.New(t, d.reply)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	begun, opened := time.Now(), 0
	for n := range shopKills() {
		l := d.begin()
		if d.dice.IntN(8) > 0 {
			d.up(l)
			for ; opened < (n+1)*shopCases/shopKills(); opened++ {
				d.someone(ctx, opened)
			}
		}
		d.moment(300 * time.Millisecond)
		d.url.Store(new(string))
		l.kill()
		l.sound(t, n)
	}
	at := len(d.shop.All())
	last := d.begin()
	d.up(last)
	for ; opened < shopCases; opened++ {
		d.someone(ctx, opened)
	}
	d.people.Wait()
	for i := range shopCases {
		d.api().AwaitCase(fmt.Sprint(910001+i), "refunded", "settled")
	}
	d.shop.AwaitClosed(shopCases) // a case is refunded before the shop has taken the news of it
	last.end(t)
	d.counted(begun, at)
	d.shop.Audit("24.90 USD")
}

// shopDeaths is a server with a shop elsewhere that is killed again and again.
type shopDeaths struct {
	t      *testing.T
	shop   *hooktest.Shop
	data   string
	url    atomic.Pointer[string]
	dice   *rand.Rand // of the deaths alone
	people sync.WaitGroup
}

func (d *shopDeaths) begin() *life {
	policy := filepath.Join(d.data, "quick.yaml")
	must(
		d.t,
		os.WriteFile(
			policy,
			[]byte("name: quick\nwindows:\n  seller_answer: 1s\n  support_verdict: 1s\n  support_silence: buyer\n"),
			0o600,
		),
	)
	return beginAs(d.t, "serve", "--data", d.data, "--listen", "127.0.0.1:0", "--log", "error", "--api-key", hooktest.Key,
		"--policy", policy,
		"--shop-webhook-url", d.shop.URL, "--shop-webhook-secret", hooktest.Secret)
}

func (d *shopDeaths) api() hooktest.API {
	url := ""
	if at := d.url.Load(); at != nil {
		url = *at
	}
	return hooktest.API{T: d.t, URL: url}
}

// up waits until a life is served.
func (d *shopDeaths) up(l *life) {
	d.t.Helper()
	url := l.up(d.t)
	d.url.Store(&url)
}

func (d *shopDeaths) moment(within time.Duration) {
	time.Sleep(time.Duration(d.dice.Int64N(int64(within))))
}

// someone is a buyer who wants to cancel.
func (d *shopDeaths) someone(ctx context.Context, n int) {
	d.people.Go(func() { d.ask(ctx, fmt.Sprint(910001+n)) })
}

// ask puts an order and asks to cancel it, again and again until there is a case: the program may die under each word.
func (d *shopDeaths) ask(ctx context.Context, id string) {
	buyer := bot.NewPersonID(bot.Buyer, "b-"+id)
	for ctx.Err() == nil {
		time.Sleep(10 * time.Millisecond)
		if d.api().Call("PUT", "/v1/orders/"+id, hooktest.Order(id, "b-"+id), nil) != 200 {
			continue
		}
		client := terminalOn(d.data)
		words := id + "\nCancel this order\n1\n1\n"
		chat := console.Terminal{Client: client, In: strings.NewReader(words), Out: io.Discard}
		_ = chat.Chat(ctx, buyer) // whatever it says, the case is there or not
		client.CloseIdleConnections()
		for range 20 {
			if d.api().CaseOf(id).ID != "" {
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
	}
}

// terminalOn reaches the program on a folder as `nevermind chat` does, by its socket there.
func terminalOn(data string) *http.Client {
	return &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", filepath.Join(data, "control.sock"))
	}}}
}

// reply is a shop that keeps its word in several ways, by the id of what it is asked.
func (d *shopDeaths) reply(h *hooktest.Webhook) {
	sum := fnv.New32a()
	io.WriteString(sum, h.ID)
	n := sum.Sum32()
	time.Sleep(time.Duration(n%15) * time.Millisecond)
	switch {
	case n%6 == 0 && h.Try == 1:
		h.Say(500, "")
	case n%6 == 1 && h.Try == 1: // it is done, and nobody hears of it
		h.HangUp()
	case n%6 < 4 && h.Command():
		h.Say(202, "")
		d.people.Go(func() { d.end(h.ID) })
	default:
		h.Done()
	}
}

// end says that a command is done until somebody has heard it.
func (d *shopDeaths) end(task string) {
	for range 3000 {
		if got := d.api().End(task, "done"); got == 200 {
			return
		} else if got != 0 && got < 500 {
			d.t.Errorf("%s is done: got %d", task, got)
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	d.t.Errorf("nobody hears that %s is done", task)
}

// counted sees that every case was opened, cancelled, paid back and closed, once each.
func (d *shopDeaths) counted(begun time.Time, at int) {
	d.t.Helper()
	once, all := map[string]int{}, d.shop.All()
	for _, h := range all {
		if h.Try == 1 {
			once[h.Type]++
		}
	}
	for _, kind := range []string{"case.opened", "order.cancel", "refund.pay", "case.closed"} {
		if once[kind] != shopCases {
			d.t.Errorf("%s: got %d of different ids, want %d", kind, once[kind], shopCases)
		}
	}
	d.t.Logf("%d kills in %v, %d cases, %d webhooks of %d ids, %d of them before the last kill", shopKills(),
		time.Since(begun).Round(time.Second),
		shopCases, len(all), once["case.opened"]+once["case.changed"]+once["case.closed"]+once["order.cancel"]+once["refund.pay"], at)
}
