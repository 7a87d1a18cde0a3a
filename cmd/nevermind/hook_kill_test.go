package main

import (
	"context"
	"fmt"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"nevermind/adapters/console"
	"nevermind/bot"
)

// shopCases is how many cases run against the shop while the program is killed.
const shopCases = 30

// shopKills is how often the program is killed.
func shopKills() int {
	switch {
	case os.Getenv("NEVERMIND_DRILLS") != "":
		return 200
	case testing.Short():
		return 10
	}
	return 40
}

// TestKillShop kills the program at random while thirty cases run against a shop of its own, which answers at once or
// later, fails, and hangs up when it has paid: no case is lost, each refund has one id and the right amount, and news
// comes in order.
func TestKillShop(t *testing.T) {
	d := &shopDeaths{shopDrill: &shopDrill{t: t, data: t.TempDir()}, dice: rand.New(rand.NewPCG(1, 2))}
	plain(t)
	d.shop = newElsewhere(t, d.reply)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
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
		if text := l.errs.String(); strings.Contains(text, `"ERROR"`) || strings.Contains(text, "panic") {
			t.Errorf("life %d: %s", n, text)
		}
	}
	at := len(d.shop.all())
	last := d.begin()
	d.up(last)
	for ; opened < shopCases; opened++ {
		d.someone(ctx, opened)
	}
	d.people.Wait()
	for i := range shopCases {
		d.comes(fmt.Sprint(910001+i), "refunded", "settled")
	}
	d.allClosed(shopCases) // a case is refunded before the shop has taken the news of it
	_ = last.cmd.Process.Signal(os.Interrupt)
	if <-last.ended; last.err != nil {
		t.Errorf("the end: %v\n%s", last.err, last.errs.String())
	}
	d.counted(begun, at)
	d.shop.audit("24.90 USD")
}

// shopDeaths is a server with a shop elsewhere that is killed again and again.
type shopDeaths struct {
	*shopDrill
	dice   *rand.Rand // of the deaths alone
	people sync.WaitGroup
}

func (d *shopDeaths) begin() *life {
	return beginAs(d.t, append([]string{"serve", "--data", d.data, "--listen", "127.0.0.1:0", "--log", "error"}, d.args()...)...)
}

// up waits until a life is served.
func (d *shopDeaths) up(l *life) {
	d.t.Helper()
	select {
	case url := <-l.url:
		d.url.Store(&url)
	case <-l.ended:
		d.t.Fatalf("the program did not start: %v\n%s", l.err, l.errs.String())
	case <-time.After(time.Minute):
		d.t.Fatalf("the program was not up after a minute\n%s", l.errs.String())
	}
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
		if d.api().call("PUT", "/v1/orders/"+id, order(id, "b-"+id), nil) != 200 {
			continue
		}
		client, up := reach(ctx, d.data)
		if !up {
			continue
		}
		words := id + "\nCancel this order\n1\nLeave it out\nYes, ask the seller\n"
		chat := console.Terminal{Client: client, In: strings.NewReader(words), Out: io.Discard}
		_ = chat.Chat(ctx, buyer) // whatever it says, the case is there or not
		client.CloseIdleConnections()
		for range 20 {
			if d.api().caseOf(id).ID != "" {
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
	}
}

// reply is a shop that keeps its word in several ways, by the id of what it is asked.
func (d *shopDeaths) reply(h *webhook) {
	sum := fnv.New32a()
	io.WriteString(sum, h.id)
	n := sum.Sum32()
	time.Sleep(time.Duration(n%15) * time.Millisecond)
	switch {
	case n%6 == 0 && h.try == 1:
		h.say(500, "")
	case n%6 == 1 && h.try == 1: // it is done, and nobody hears of it
		h.hangUp()
	case n%6 < 4 && h.command():
		h.say(202, "")
		d.people.Go(func() { d.end(h.id) })
	default:
		h.done()
	}
}

// end says that a command is done until somebody has heard it.
func (d *shopDeaths) end(task string) {
	for range 3000 {
		if got := d.api().end(task, "done"); got == 200 {
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
	once, all := map[string]int{}, d.shop.all()
	for _, h := range all {
		if h.try == 1 {
			once[h.Type]++
		}
	}
	for _, kind := range []string{"case.opened", "order.cancel", "refund.pay", "case.closed"} {
		if once[kind] != shopCases {
			d.t.Errorf("%s: got %d of different ids, want %d", kind, once[kind], shopCases)
		}
	}
	d.t.Logf("%d kills in %v, %d cases, %d webhooks of %d ids, %d of them before the last kill", shopKills(), time.Since(begun).Round(time.Second),
		shopCases, len(all), once["case.opened"]+once["case.changed"]+once["case.closed"]+once["order.cancel"]+once["refund.pay"], at)
}
