//go:build unix

package vendure_test

import (
	"bytes"
	"context"
	"io"
	"maps"
	"net/http"
	"os"
	"testing"
	"time"

	"nevermind/adapters/shop/connector"
	"nevermind/adapters/shop/shoptest"
	"nevermind/adapters/shop/vendure"
	"nevermind/adapters/shop/vendure/venduretest"
	"nevermind/bot"
)

// TestConformance holds the connector to the suite of every connector, against the real Vendure: whose people settle refunds,
// and as a drill also where that is ours.
func TestConformance(t *testing.T) {
	s := venduretest.Start(t)
	for name, settles := range map[string]bool{"the shop settles": false, "we settle": true} {
		t.Run(name, func(t *testing.T) {
			if settles && os.Getenv("NEVERMIND_DRILLS") == "" {
				t.Skip("a drill: make drills")
			}
			shoptest.Run(t, func(t *testing.T, house *shoptest.House, line *shoptest.Line) shoptest.World {
				return newWorld(t, s, house, line, settles)
			})
		})
	}
}

// world is the real Vendure with its people.
type world struct {
	*venduretest.Server
	t         *testing.T
	house     *shoptest.House
	line      *shoptest.Line
	settles   bool
	connected *connector.Shop
}

func newWorld(t *testing.T, s *venduretest.Server, house *shoptest.House, line *shoptest.Line, settles bool) *world {
	line.Writes = isMutation
	// What others have ordered before is of no interest here.
	if err := house.SetValue(t.Context(), "connector.pulled", []byte(time.Now().UTC().Format(time.RFC3339Nano))); err != nil {
		t.Fatal(err)
	}
	return &world{Server: s, t: t, house: house, line: line, settles: settles}
}

// isMutation says whether a request changes something: all are posts.
func isMutation(r *http.Request) bool {
	body, err := r.GetBody()
	if err != nil {
		return true
	}
	text, err := io.ReadAll(body)
	return err != nil || bytes.Contains(text, []byte(`"query":"mutation`))
}

func (w *world) Able() shoptest.Able {
	return shoptest.Able{Quantities: true, Sellers: true, Amounts: true, OwnRefunds: true, Remote: true}
}

func (w *world) Restart() {
	system, err := vendure.New(vendure.Config{URL: w.URL, Token: w.Key, Client: &http.Client{Transport: w.line}})
	if err != nil {
		w.t.Fatal(err)
	}
	w.connected = connector.New(system, connector.Config{Now: w.house.Now, Settles: w.settles})
	w.connected.Attach(w.house)
}

func (w *world) Hands() map[string]bot.Hand     { return w.connected.Hands() }
func (w *world) Pull(ctx context.Context) error { return w.connected.Pull(ctx) }

func (w *world) Event(order string) func(context.Context) error {
	return func(ctx context.Context) error { return w.connected.Look(ctx, order) }
}

// Place lets Ana pay for one cart; Vendure makes the sellers' orders of it.
func (w *world) Place(baskets ...shoptest.Basket) (ids []string) {
	w.t.Helper()
	goods := map[string]int{}
	for _, b := range baskets {
		maps.Copy(goods, b.Goods)
	}
	placed := w.Order(w.t, w.Buy(w.t, goods))
	for _, b := range baskets {
		ids = append(ids, placed.Of(b.Seller))
	}
	return ids
}

func (w *world) Ship(order, code string, parts ...bot.Part) {
	w.t.Helper()
	lines := []any{}
	for _, p := range parts {
		lines = append(lines, map[string]any{"orderLineId": p.ID, "quantity": p.Quantity})
	}
	handler := map[string]any{"code": "manual-fulfillment", "arguments": []any{
		map[string]any{"name": "method", "value": "Royal Mail"}, map[string]any{"name": "trackingCode", "value": code}}}
	id := w.Mutate(w.t, "addFulfillmentToOrder(input: $i)", "FulfillOrderInput!",
		map[string]any{"lines": lines, "handler": handler})
	w.Mutate(w.t, `transitionFulfillmentToState(id: $i, state: "Shipped")`, "ID!", id)
}

func (w *world) Deliver(order string) {
	w.t.Helper()
	for _, f := range w.Order(w.t, order).Fulfillments {
		w.Mutate(w.t, `transitionFulfillmentToState(id: $i, state: "Delivered")`, "ID!", f.ID)
	}
}

func (w *world) CancelThere(order string) {
	w.t.Helper()
	w.Mutate(w.t, "cancelOrder(input: $i)", "CancelOrderInput!",
		map[string]any{"orderId": w.Order(w.t, order).ID, "cancelShipping": true, "reason": "out of stock"})
}

func (w *world) RefundThere(order string, amount bot.Money) {
	w.t.Helper()
	w.Mutate(w.t, "refundOrder(input: $i)", "RefundOrderInput!",
		map[string]any{"paymentId": w.Order(w.t, order).Payments[0].ID, "amount": amount.Minor, "reason": "for the scratch",
			"lines": []any{}, "shipping": 0, "adjustment": 0})
	w.Settle(order, true)
}

func (w *world) Settle(order string, _ bool) {
	w.t.Helper()
	for _, p := range w.Order(w.t, order).Payments {
		for _, r := range p.Refunds {
			if r.State == "Pending" {
				w.Mutate(w.t, "settleRefund(input: $i)", "SettleRefundInput!", map[string]any{"id": r.ID, "transactionId": "by-hand"})
			}
		}
	}
}

func (w *world) Bounce(string, string) { w.t.Fatal("Vendure knows no refunds that come back") }

func (w *world) Books(order string) shoptest.Books {
	w.t.Helper()
	o := w.Order(w.t, order)
	b := shoptest.Books{Stands: o.State != "Cancelled", Cancelled: map[string]int{}}
	for _, l := range o.Lines {
		b.Cancelled[l.ID] = l.OrderPlacedQuantity - l.Quantity
	}
	for _, p := range o.Payments {
		for _, r := range p.Refunds {
			switch b.Refunds++; r.State {
			case "Pending":
				b.Pending += r.Total
			case "Settled":
				b.Paid += r.Total
			}
		}
	}
	return b
}
