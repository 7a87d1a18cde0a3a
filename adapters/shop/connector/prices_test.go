package connector_test

import (
	"context"
	"testing"
	"time"

	"nevermind/adapters/shop/connector"
	"nevermind/adapters/shop/shoptest"
	"nevermind/bot"
)

// shown is a system that shows one order.
type shown struct {
	connector.System
	order connector.Order
}

func (s *shown) Orders(context.Context, ...string) ([]connector.Order, error) {
	return []connector.Order{s.order}, nil
}

// TestPricesAsPaid: a shop shares a discount of 10.00 out anew once a line is cancelled. What was paid for each line stays.
func TestPricesAsPaid(t *testing.T) {
	house := shoptest.NewHouse(t)
	usd := func(minor int64) bot.Money { return bot.Money{Minor: minor, Currency: "USD"} }
	at := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	system := &shown{order: connector.Order{Order: bot.Order{ID: "8", Buyer: "buyer:1", Seller: "seller:1", Stage: bot.Processing,
		Paid: at, Updated: at, Total: usd(3500), Shipping: usd(500),
		Payments: []bot.Payment{{ID: "1", Method: "card", Amount: usd(3500)}},
		Items: []bot.Item{
			{ID: "a", Quantity: 2, Price: usd(1500), Counted: true}, {ID: "b", Quantity: 1, Price: usd(1500), Counted: true},
		},
	}}}
	s := connector.New(system, connector.Config{Now: func() time.Time { return at }})
	s.Attach(house)
	for _, cancelled := range []int{0, 1, 2} {
		if cancelled > 0 {
			o := &system.order
			o.Updated = o.Updated.Add(time.Hour)
			o.Items = []bot.Item{
				{ID: "a", Quantity: 2, Price: usd(1200), Counted: true, CancelledQuantity: cancelled, Cancelled: cancelled == 2},
				{ID: "b", Quantity: 1, Price: usd(1000), Counted: true}}
			o.Shipping = usd(1300)
		}
		if err := s.Look(t.Context(), "8"); err != nil {
			t.Fatal(err)
		}
		o, err := house.Order(t.Context(), "8")
		if err != nil || o.Items[0].Price != usd(1500) || o.Items[1].Price != usd(1500) || o.Shipping != usd(500) ||
			o.Items[0].Gone() != cancelled {
			t.Errorf("with %d cancelled: %+v, delivery %v, %v", cancelled, o.Items, o.Shipping, err)
		}
	}
}
