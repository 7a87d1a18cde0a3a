//go:build unix

package vendure_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"nevermind/adapters/shop/shoptest"
	"nevermind/adapters/shop/vendure"
	"nevermind/adapters/shop/vendure/venduretest"
	"nevermind/bot"
)

// TestCheckout: Vendure leaves the aggregate of a checkout paid in full when both of its orders are cancelled; worked out
// from the sellers' orders it is true. With VENDURE_RECORD set it writes what testdata/checkout.json is.
func TestCheckout(t *testing.T) {
	s := venduretest.Start(t)
	house := shoptest.NewHouse(t)
	w := newWorld(t, s, house, &shoptest.Line{}, false)
	w.line.Join(house)
	code := s.Buy(t, map[string]int{"lamp": 2, "shade": 1})
	system, err := vendure.New(vendure.Config{URL: s.URL, Token: s.Key})
	if err != nil {
		t.Fatal(err)
	}
	read := func() vendure.Checkout {
		c, err := system.Checkout(t.Context(), code)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	c := read()
	if c.Stage != bot.Processing || len(c.Orders) != 2 || c.Total.Minor != 2*2000+1000+2*500 {
		t.Fatalf("at first: %+v", c)
	}
	beta := c.Orders[1].ID
	w.CancelThere(beta)
	w.RefundThere(beta, bot.Money{Minor: 1500, Currency: "USD"})
	if folder := os.Getenv("VENDURE_RECORD"); folder != "" {
		text := s.Admin(t).Ask(vendure.CheckoutQuery, map[string]any{"code": code})
		if err := os.WriteFile(filepath.Join(folder, "checkout.json"), append(text, '\n'), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if c = read(); c.Stage != bot.Processing || c.Cancelled != 1 || c.PaidBack.Minor != 1500 {
		t.Errorf("one cancelled: %s, %d, %v", c.Stage, c.Cancelled, c.PaidBack)
	}
	w.CancelThere(c.Orders[0].ID)
	if c = read(); c.Stage != bot.Cancelled || c.Cancelled != 2 {
		t.Errorf("both cancelled: %s, %d", c.Stage, c.Cancelled)
	}
	if state := s.Order(t, code).State; state != "PaymentSettled" {
		t.Errorf("Vendure keeps the aggregate true now (%s): Checkout may not be needed any more", state)
	}
}

// TestRefundFails: a refund that the payment provider refuses is failed at once, and counts for nothing.
func TestRefundFails(t *testing.T) {
	s := venduretest.Start(t)
	house := shoptest.NewHouse(t)
	w := newWorld(t, s, house, &shoptest.Line{}, true)
	w.line.Join(house)
	w.Restart()
	id := w.Place(shoptest.Basket{Seller: "alpha", Goods: map[string]int{"lamp": 1}})[0]
	if err := w.Pull(t.Context()); err != nil {
		t.Fatal(err)
	}
	task := bot.Task{ID: "T-fails", Do: "pay_refund", Order: id, Attempts: 1, Facts: bot.Facts{"amount": "6.66 USD"}}
	o, err := w.Hands()["pay_refund"](t.Context(), task)
	if err != nil || o.Event != "refund_failed" || !strings.Contains(o.Facts["failure"], "failed") {
		t.Errorf("got %+v, %v", o, err)
	}
	held, err := house.Order(t.Context(), id)
	if err != nil || held.Refundable().Minor != 2500 {
		t.Errorf("what can go back: %v, %v", held.Refundable(), err)
	}
}
