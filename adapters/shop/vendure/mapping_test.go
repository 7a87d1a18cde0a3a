package vendure

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"nevermind/adapters/shop/connector"
	"nevermind/bot"
)

// usd is an amount in cents.
func usd(minor int64) bot.Money { return bot.Money{Minor: minor, Currency: "USD"} }

// three is an order of three lamps, with what a test changes.
func three(change func(*order)) connector.Order {
	at := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	o := order{ID: "5", Code: "PS8LASD6A1AUEBPM", Type: "Seller", State: "PaymentSettled", UpdatedAt: at, OrderPlacedAt: at,
		CurrencyCode: "USD", TotalWithTax: 6500,
		Lines:    []orderLine{{ID: "7", Quantity: 3, OrderPlacedQuantity: 3, ProratedUnitPriceWithTax: 2000}},
		Payments: []payment{{ID: "5", State: "Settled", Method: "card", Amount: 6500, CreatedAt: at, UpdatedAt: at}}}
	o.Lines[0].ProductVariant.Name = "Lamp"
	change(&o)
	return o.read("")
}

// sent is a fulfillment of some lamps.
func sent(state string, quantity int) (f fulfillment) {
	const text = `{"id":"1","method":"Royal Mail","trackingCode":"RB123456785GB","lines":[{"orderLineId":"7"}]}`
	if err := json.Unmarshal([]byte(text), &f); err != nil {
		panic(err)
	}
	f.State, f.Lines[0].Quantity = state, quantity
	f.UpdatedAt = time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	return f
}

// TestStages is the table of states: Vendure's own, with what has left, and where the order stands then.
func TestStages(t *testing.T) {
	for _, c := range []struct {
		state     string
		cancelled int
		sent      []fulfillment
		want      bot.Stage
		open      int
	}{
		{"ArrangingPayment", 0, nil, bot.Unpaid, 3},
		{"PaymentAuthorized", 0, nil, bot.Verifying, 3},
		{"PaymentSettled", 0, nil, bot.Processing, 3},
		{"PaymentSettled", 1, nil, bot.Processing, 2},
		{"PaymentSettled", 0, []fulfillment{sent("Pending", 3)}, bot.Processing, 3}, // packed, and not gone
		{"PaymentSettled", 0, []fulfillment{sent("Cancelled", 3)}, bot.Processing, 3},
		{"PartiallyShipped", 0, []fulfillment{sent("Shipped", 1)}, bot.PartShipped, 2},
		{"PartiallyShipped", 2, []fulfillment{sent("Shipped", 1)}, bot.Shipped, 0},
		{"Shipped", 0, []fulfillment{sent("Shipped", 3)}, bot.Shipped, 0},
		{"PartiallyDelivered", 0, []fulfillment{sent("Delivered", 1), sent("Shipped", 2)}, bot.Shipped, 0},
		{"PartiallyDelivered", 0, []fulfillment{sent("Delivered", 1)}, bot.PartShipped, 2},
		{"Delivered", 0, []fulfillment{sent("Delivered", 3)}, bot.Delivered, 0},
		{"Cancelled", 3, nil, bot.Cancelled, 0},
		{"Cancelled", 3, []fulfillment{sent("Shipped", 3)}, bot.Shipped, 0}, // Vendure cancels what has left
		{"Modifying", 0, nil, bot.Frozen, 3},
		{"ArrangingAdditionalPayment", 0, nil, bot.Frozen, 3},
		{"AwaitingInspection", 0, nil, bot.Frozen, 3}, // a state of the shop's own
	} {
		o := three(func(o *order) {
			o.State, o.Fulfillments, o.Lines[0].Quantity = c.state, c.sent, 3-c.cancelled
			for n := range o.Fulfillments {
				o.Fulfillments[n].ID = string(rune('a' + n))
			}
		})
		if got := o.Quantities(0).Open; o.Stage != c.want || got != c.open {
			t.Errorf("%s, %d cancelled, %d sent: got %s and %d open, want %s and %d",
				c.state, c.cancelled, len(c.sent), o.Stage, got, c.want, c.open)
		}
		if o.Stage != bot.Frozen && o.Check() != nil && c.cancelled < 3 {
			t.Errorf("%s: %v", c.state, o.Check())
		}
	}
}

// TestSold: carts, drafts and aggregates are no orders.
func TestSold(t *testing.T) {
	at := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		o    order
		want bool
	}{
		{order{Type: "Seller", State: "PaymentSettled", OrderPlacedAt: at}, true},
		{order{Type: "Regular", State: "Cancelled", OrderPlacedAt: at}, true},
		{order{Type: "Aggregate", State: "PaymentSettled", OrderPlacedAt: at}, false},
		{order{Type: "Regular", State: "AddingItems", Active: true}, false},
		{order{Type: "Regular", State: "ArrangingPayment", Active: true}, false},
		{order{Type: "Regular", State: "Draft"}, false},
		{order{Type: "Regular", State: "Cancelled"}, false}, // a cart that was thrown away
	} {
		if got := c.o.sold(); got != c.want {
			t.Errorf("%s in %s, active %v: got %v", c.o.Type, c.o.State, c.o.Active, got)
		}
	}
}

// TestMoney: what was paid is told whole; what is not goods is delivery, or a discount.
func TestMoney(t *testing.T) {
	for _, c := range []struct {
		what            string
		change          func(*order)
		total, delivery int64
		discount        int64
	}{
		{"paid", func(*order) {}, 6500, 500, 0},
		{"one cancelled", func(o *order) { o.Lines[0].Quantity, o.TotalWithTax = 2, 4500 }, 6500, 500, 0},
		{"all cancelled with the delivery", func(o *order) { o.Lines[0].Quantity, o.TotalWithTax = 0, 0 }, 6500, 500, 0},
		{"two payments", func(o *order) {
			o.Payments[0].Amount = 2500
			o.Payments = append(o.Payments, payment{ID: "6", State: "Settled", Method: "gift_card", Amount: 4000})
		}, 6500, 500, 0},
		{"a payment that was declined", func(o *order) {
			o.Payments = append(o.Payments, payment{ID: "6", State: "Declined", Method: "card", Amount: 6500})
		}, 6500, 500, 0},
		{"a rounding", func(o *order) { o.Payments[0].Amount = 5999 }, 5999, 0, 1},
		{"not paid", func(o *order) { o.Payments = nil }, 6500, 500, 0},
	} {
		o := three(c.change)
		discount := int64(0)
		for _, d := range o.Discounts {
			discount += d.Amount.Minor
		}
		if o.Total != usd(c.total) || o.Shipping != usd(c.delivery) || discount != c.discount || o.Items[0].Price != usd(6000) {
			t.Errorf("%s: got %v with %v delivery, %d off, %v", c.what, o.Total, o.Shipping, discount, o.Items[0].Price)
		}
		if faults := o.Check(); faults != nil {
			t.Errorf("%s: %v", c.what, faults)
		}
	}
	for code, want := range map[string]string{
		"card": "card", "card-stripe": "card", "bank-transfer": "bank", "gift_card": "gift_card", "klarna": "other",
	} {
		if got := method(code); got != want {
			t.Errorf("method %s: got %s, want %s", code, got, want)
		}
	}
}

// TestRefunds: whose refunds are, and how far they are.
func TestRefunds(t *testing.T) {
	o := three(func(o *order) {
		o.Payments[0].Refunds = []refund{
			{ID: "1", State: "Pending", Total: 100, Reason: "Nevermind T-0f3a9c1b2d4e5f60718a"},
			{ID: "2", State: "Settled", Total: 200, Reason: "a scratch"},
			{ID: "3", State: "Failed", Total: 300, Reason: "Nevermind T-1"},
			{ID: "4", State: "Settled", Total: 400, Reason: "Nevermind was right, says T-1"},
		}
	})
	for n, want := range []connector.Refund{
		{ID: "1", Task: "T-0f3a9c1b2d4e5f60718a", State: connector.Pending}, {ID: "2", State: connector.Settled},
		{ID: "3", Task: "T-1", State: connector.Failed}, {ID: "4", State: connector.Settled},
	} {
		got := o.Refunds[n]
		if got.ID != want.ID || got.Task != want.Task || got.State != want.State || got.Payment != "5" {
			t.Errorf("refund %d: got %+v, want %+v", n, got, want)
		}
	}
}

// TestRecorded reads an answer as Vendure 3.7.3 gave it: a checkout of two sellers, of which one order is cancelled.
func TestRecorded(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "checkout.json"))
	if err != nil {
		t.Fatal(err)
	}
	var body struct {
		Data struct{ Orders struct{ Items []order } }
	}
	if err := json.Unmarshal(text, &body); err != nil {
		t.Fatal(err)
	}
	shown := body.Data.Orders.Items[0]
	c := shown.checkout()
	if shown.State != "PaymentSettled" || c.Stage != bot.Processing || c.Cancelled != 1 || len(c.Orders) != 2 ||
		c.Total != usd(2*2000+1000+2*500) || c.PaidBack != usd(1500) {
		t.Errorf("Vendure says %s of the checkout; got %s, %d of %d cancelled, %v back of %v",
			shown.State, c.Stage, c.Cancelled, len(c.Orders), c.PaidBack, c.Total)
	}
	for _, o := range c.Orders {
		if faults := o.Check(); faults != nil || len(o.Names) != 2 || o.Buyer != "buyer:1" || o.Country != "GB" {
			t.Errorf("%s: %v, %v, %s in %s", o.ID, faults, o.Names, o.Buyer, o.Country)
		}
	}
	if a, b := c.Orders[0].Seller, c.Orders[1].Seller; a != "seller:alpha" || b != "seller:beta" {
		t.Errorf("the sellers are %s and %s", a, b)
	}
}
