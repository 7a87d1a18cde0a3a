//go:build unix

package medusa_test

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"nevermind/adapters/shop/connector"
	"nevermind/adapters/shop/medusa"
	"nevermind/adapters/shop/shoptest"
	"nevermind/bot"
)

// TestConformance holds the connector to the suite of every connector, against the real Medusa on PostgreSQL.
func TestConformance(t *testing.T) {
	s := medusaServer(t)
	shoptest.Run(t, func(t *testing.T, house *shoptest.House, line *shoptest.Line) shoptest.World {
		// What others have ordered before is of no interest here.
		if err := house.SetValue(t.Context(), "connector.pulled", []byte(time.Now().UTC().Format(time.RFC3339Nano))); err != nil {
			t.Fatal(err)
		}
		return &world{server: s, t: t, house: house, line: line}
	})
}

// world is the real Medusa with its people.
type world struct {
	*server
	t         *testing.T
	house     *shoptest.House
	line      *shoptest.Line
	connected *connector.Shop
}

func (w *world) Able() shoptest.Able {
	return shoptest.Able{PaysBack: true, Amounts: true, OwnRefunds: true, Remote: true}
}

func (w *world) Restart() {
	system := &medusa.System{URL: w.url, Key: w.key, Client: &http.Client{Transport: w.line}}
	w.connected = connector.New(system, connector.Config{Now: w.house.Now})
	w.connected.Attach(w.house)
}

func (w *world) Hands() map[string]bot.Hand     { return w.connected.Hands() }
func (w *world) Pull(ctx context.Context) error { return w.connected.Pull(ctx) }
func (w *world) Event(order string) func(context.Context) error {
	return func(ctx context.Context) error { return w.connected.Look(ctx, order) }
}

func (w *world) Place(baskets ...shoptest.Basket) []string {
	w.t.Helper()
	id, err := w.buy(baskets[0].Goods)
	w.must(err)
	return []string{id}
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// shown is an order as Medusa's own admin shows it.
type shown struct {
	Status       string
	Fulfillments []struct{ ID string }
	Collections  []struct {
		Payments []struct {
			ID      string
			Refunds []struct{ Amount json.Number }
		}
	} `json:"payment_collections"`
}

func (w *world) shown(id string) shown {
	w.t.Helper()
	var data struct{ Order shown }
	w.must(w.call(http.MethodGet, "/admin/orders/"+id+
		"?fields=status,*fulfillments,*payment_collections.payments,*payment_collections.payments.refunds", nil, &data))
	return data.Order
}

func (w *world) Ship(order, code string, parts ...bot.Part) {
	w.t.Helper()
	items := []any{}
	for _, p := range parts {
		items = append(items, with{"id": p.ID, "quantity": p.Quantity})
	}
	at := "/admin/orders/" + order + "/fulfillments"
	w.must(w.call(http.MethodPost, at, with{"items": items, "location_id": w.location}, nil))
	all := w.shown(order).Fulfillments
	w.must(w.call(http.MethodPost, at+"/"+all[len(all)-1].ID+"/shipments", with{"items": items,
		"labels": []any{with{"tracking_number": code, "tracking_url": "#", "label_url": "#"}}}, nil))
}

func (w *world) Deliver(order string) {
	w.t.Helper()
	for _, f := range w.shown(order).Fulfillments {
		w.must(w.call(http.MethodPost, "/admin/orders/"+order+"/fulfillments/"+f.ID+"/mark-as-delivered", with{}, nil))
	}
}

func (w *world) CancelThere(order string) {
	w.t.Helper()
	w.must(w.call(http.MethodPost, "/admin/orders/"+order+"/cancel", with{}, nil))
}

func (w *world) RefundThere(order string, amount bot.Money) {
	w.t.Helper()
	w.must(w.call(http.MethodPost, "/admin/payments/"+w.shown(order).Collections[0].Payments[0].ID+"/refund",
		with{"amount": whole(amount.Minor), "note": "for the scratch"}, nil))
}

func (w *world) Settle(string, bool)   { w.t.Fatal("Medusa settles refunds at once") }
func (w *world) Bounce(string, string) { w.t.Fatal("Medusa knows no refunds that come back") }

func (w *world) Books(order string) shoptest.Books {
	w.t.Helper()
	o := w.shown(order)
	b := shoptest.Books{Stands: o.Status != "canceled", Cancelled: map[string]int{}}
	for _, c := range o.Collections {
		for _, p := range c.Payments {
			for _, r := range p.Refunds {
				amount, err := bot.ReadMoney(r.Amount.String() + " USD")
				w.must(err)
				b.Refunds++
				b.Paid += amount.Minor
			}
		}
	}
	return b
}
