package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"nevermind/adapters/shop"
	"nevermind/adapters/shop/rest"
	"nevermind/adapters/web"
	"nevermind/bot"
	"nevermind/store/bolt"
)

// drills has the drills run that fill a disk for minutes.
const drills = "NEVERMIND_DRILLS"

// TestDrillBulk puts 100,000 orders through POST /v1/orders, taking turns with the store alone.
func TestDrillBulk(t *testing.T) {
	if os.Getenv(drills) == "" {
		t.Skip("writes for a minute; set " + drills + "=1")
	}
	t.Parallel()
	h := benchHouse(t, t.TempDir())
	defer h.store.Close()
	h.welcome = false
	server := httptest.NewServer(rest.New(rest.Config{Key: apiKey, Engine: h.engine, Put: h.putOrder}))
	defer server.Close()
	bare, err := bolt.Open(filepath.Join(t.TempDir(), "bare.db"))
	must(t, err)
	defer bare.Close()
	const turns, each = 5, 20_000
	var through, alone time.Duration
	for turn := range turns {
		through += bulk(t, server.URL, turn*each, each)
		alone += onlyStored(t, bare, h.engine.Policy(), turn*each, each)
	}
	rate := func(d time.Duration) float64 { return turns * each / d.Seconds() }
	t.Logf("100,000 orders: %.0f a second through POST /v1/orders, %.0f a second by the store alone: %.2f times as many",
		rate(through), rate(alone), rate(alone)/rate(through))
}

// bulk sends orders in one call and counts what was kept.
func bulk(t *testing.T, url string, from, n int) time.Duration {
	t.Helper()
	body, send := io.Pipe()
	go func() {
		w := bufio.NewWriterSize(send, 64<<10)
		for i := range n {
			io.WriteString(w, heldOrder(from+i)+"\n")
		}
		send.CloseWithError(w.Flush())
	}()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/v1/orders", body)
	must(t, err)
	r.Header.Set("Authorization", "Bearer "+apiKey)
	begun := time.Now()
	answer, err := http.DefaultClient.Do(r)
	must(t, err)
	defer answer.Body.Close()
	kept := 0
	for lines := bufio.NewScanner(answer.Body); lines.Scan(); {
		if strings.Contains(lines.Text(), `"ok":true`) {
			kept++
		}
	}
	if kept != n {
		t.Fatalf("kept %d of %d", kept, n)
	}
	return time.Since(begun)
}

// onlyStored keeps the same orders without anything around the store.
func onlyStored(t *testing.T, store bot.Store, p *bot.Policy, from, n int) time.Duration {
	t.Helper()
	orders := make([]bot.Order, n)
	for i := range orders {
		o, err := shop.Decode([]byte(heldOrder(from+i)), p)
		must(t, err)
		orders[i] = o
	}
	var next atomic.Int64
	took, _, err := side(256, n, func(int) error {
		return store.Commit(context.Background(), &bot.Commit{At: time.Now(), Order: &orders[next.Add(1)-1]})
	})
	must(t, err)
	return took
}

// heldOrder is the n-th order: every buyer has ten, every seller ten thousand.
func heldOrder(n int) string {
	return strings.Replace(
		order(fmt.Sprintf("8%09d", n), strings.TrimPrefix(string(benchBuyer(n/10)), "buyer:")),
		`"s-9"`,
		fmt.Sprintf(`"s-%d"`, n%100),
		1,
	)
}

// TestDrillLists measures lists of orders over a million of them: by the store, by the talk that shows them, over HTTP.
func TestDrillLists(t *testing.T) {
	if os.Getenv(drills) == "" {
		t.Skip("fills the disk for minutes; set " + drills + "=1")
	}
	t.Parallel()
	data := t.TempDir()
	h := benchHouse(t, data)
	store, err := reopened(t, h, data, bolt.NoSync())
	must(t, err)
	const held = 1_000_000
	begun := time.Now()
	for from := 0; from < held; from += 50_000 {
		onlyStored(t, store, h.engine.Policy(), from, 50_000)
	}
	t.Logf("filled with %d orders in %v", held, time.Since(begun).Round(time.Second))
	must(t, store.Close())
	h = benchHouse(t, data)
	defer h.store.Close()

	ctx, some := t.Context(), func() int { return rand.IntN(held / 10) }
	timed(t, "a buyer's list by the store", 2000, 10*time.Millisecond, func() error {
		return full(h.store.OrdersOf(ctx, benchBuyer(some()), 0, 10))
	})
	timed(t, "a seller's first page, of 10,000", 500, 10*time.Millisecond, func() error {
		return full(h.store.OrdersOf(ctx, bot.NewPersonID(bot.Seller, fmt.Sprint("s-", rand.IntN(100))), 0, 10))
	})
	timed(t, "a seller's last page, of 10,000", 100, 0, func() error {
		return full(h.store.OrdersOf(ctx, bot.NewPersonID(bot.Seller, fmt.Sprint("s-", rand.IntN(100))), 9_990, 10))
	})
	buyers := make([]int, 300)
	for i := range buyers {
		buyers[i] = some()
		_, err := h.engine.PutPerson(
			ctx,
			bot.Person{
				ID:       benchBuyer(buyers[i]),
				Accounts: []string{web.AccountOf(benchBuyer(buyers[i]))},
				Rooms:    []bot.Room{web.RoomOf(benchBuyer(buyers[i]))},
			},
		)
		must(t, err)
	}
	asked := 0
	timed(t, "“my orders” in a talk, until it is committed", len(buyers), 10*time.Millisecond, func() error {
		asked++
		return h.engine.Receive(ctx, benchMessage(buyers[asked-1], "my orders"))
	})
	api := rest.New(rest.Config{Key: apiKey, Engine: h.engine, Put: h.putOrder})
	timed(t, "an order by GET /v1/orders/{id}", 2000, 10*time.Millisecond, func() error {
		r := httptest.NewRequest(http.MethodGet, fmt.Sprintf("/v1/orders/8%09d", rand.IntN(held)), nil)
		r.Header.Set("Authorization", "Bearer "+apiKey)
		w := httptest.NewRecorder()
		if api.ServeHTTP(w, r); w.Code != http.StatusOK {
			return fmt.Errorf("%d %s", w.Code, w.Body)
		}
		return nil
	})
}

func reopened(t *testing.T, h *house, data string, how ...bolt.Option) (*bolt.Store, error) {
	t.Helper()
	must(t, h.store.Close())
	return openStored(data, how...)
}

func full(orders []bot.Order, err error) error {
	if err == nil && len(orders) != 10 {
		err = fmt.Errorf("got %d orders", len(orders))
	}
	return err
}

// timed does something so often and tells how long it took; most is what the median may be, 0 is any.
func timed(t *testing.T, what string, times int, most time.Duration, do func() error) {
	t.Helper()
	took := make([]time.Duration, times)
	for i := range took {
		begun := time.Now()
		must(t, do())
		took[i] = time.Since(begun)
	}
	slices.Sort(took)
	median, p99 := took[times/2], took[times*99/100]
	t.Logf("%s: %v (median), %v (p99)", what, median.Round(10*time.Microsecond), p99.Round(10*time.Microsecond))
	if most > 0 && median > most {
		t.Errorf("%s: got %v, want under %v", what, median, most)
	}
}
