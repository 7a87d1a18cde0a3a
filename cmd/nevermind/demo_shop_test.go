package main

import (
	"errors"
	"testing"
	"time"

	"nevermind/adapters/web"
	"nevermind/bot"
)

// TestShopPanelRace: two pages press different things about one order; the first counts, the other hears that it cannot
// be done now.
func TestShopPanelRace(t *testing.T) {
	h := benchHouse(t, t.TempDir())
	t.Cleanup(func() { h.store.Close() })
	c := newDemoShop(false, time.Now)
	c.Engine = h.engine
	o := bot.Order{
		ID:     "900001",
		Buyer:  "buyer:b-9",
		Seller: "seller:s-9",
		Stage:  bot.Processing,
		Total:  bot.Money{Minor: 2490, Currency: "USD"},
	}
	if _, err := h.engine.PutOrder(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if err := c.Ship(t.Context(), o.ID, "LP1"); err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{
		"ship": c.Ship(t.Context(), o.ID, "LP2"), "cancel": c.Cancel(t.Context(), o.ID), "confirm": c.Confirm(t.Context(), o.ID),
	} {
		if !errors.Is(err, web.ErrNotNow) {
			t.Errorf("%s after shipping: %v", name, err)
		}
	}
}
