//go:build unix

package medusa_test

import (
	"encoding/json"
	"flag"
	"net/http"
	"net/url"
	"os"
	"testing"

	"nevermind/adapters/shop/connector"
	"nevermind/adapters/shop/medusa"
	"nevermind/bot"
)

var record = flag.Bool("record", false, "record testdata/orders.json anew from the real Medusa")

const recorded = "testdata/orders.json"

// TestRecord records orders of the real Medusa: paid, partly sent, sent, partly paid back, and cancelled.
func TestRecord(t *testing.T) {
	if !*record {
		t.Skip("it records testdata/orders.json with -record")
	}
	w := &world{server: medusaServer(t), t: t}
	var ids []string
	for _, do := range []func(id string){
		func(string) {},
		func(id string) { w.Ship(id, "RB1", bot.Part{ID: w.lines(id)[0], Quantity: 1}) },
		func(id string) { w.Ship(id, "RB2", bot.Part{ID: w.lines(id)[0], Quantity: 3}); w.Deliver(id) },
		func(id string) { w.RefundThere(id, bot.Money{Minor: 500, Currency: "USD"}) },
		w.CancelThere,
	} {
		id, err := w.buy(map[string]int{"lamp": 3})
		w.must(err)
		do(id)
		ids = append(ids, id)
	}
	var data json.RawMessage
	query := url.Values{"id[]": ids, "fields": {medusa.Fields}, "order": {"created_at"}}
	w.must(w.call(http.MethodGet, "/admin/orders?"+query.Encode(),
		nil, &data))
	w.must(os.MkdirAll("testdata", 0o755))
	w.must(os.WriteFile(recorded, append(data, '\n'), 0o644))
}

// lines are the ids of an order's lines.
func (w *world) lines(order string) (ids []string) {
	w.t.Helper()
	var data struct {
		Order struct{ Items []struct{ ID string } }
	}
	w.must(w.call(http.MethodGet, "/admin/orders/"+order+"?fields=*items", nil, &data))
	for _, i := range data.Order.Items {
		ids = append(ids, i.ID)
	}
	return ids
}

// TestMapping reads what the real Medusa has written.
func TestMapping(t *testing.T) {
	text, err := os.ReadFile(recorded)
	if err != nil {
		t.Fatal(err)
	}
	all, err := medusa.Read(text)
	if err != nil {
		t.Fatal(err)
	}
	stages := []bot.Stage{bot.Processing, bot.PartShipped, bot.Delivered, bot.Processing, bot.Cancelled}
	if len(all) != len(stages) {
		t.Fatalf("got %d orders", len(all))
	}
	for i := range all {
		o := &all[i]
		if o.Stage != stages[i] || o.Total.String() != "65.00 USD" || o.Shipping.String() != "5.00 USD" || o.Country != "GB" ||
			o.Items[0].Quantity != 3 || o.Items[0].Price.String() != "60.00 USD" || o.Names[o.Buyer] != "Ana Ruiz" ||
			len(o.Payments) != 1 || o.Seller != "seller:shop" {
			t.Errorf("order %d reads as %+v", i, o)
		}
	}
	if p := all[1].Parcels; len(p) != 1 || p[0].Code != "RB1" || p[0].Items[0].Quantity != 1 || !p[0].Delivered.IsZero() {
		t.Errorf("a parcel reads as %+v", p)
	}
	if r := all[3].Refunds; len(r) != 1 || r[0].Task != "" || r[0].Amount.String() != "5.00 USD" || r[0].State != connector.Settled {
		t.Errorf("a refund by the shop's people reads as %+v", r)
	}
	if r := all[4].Refunds; len(r) != 1 || r[0].Task != connector.Automatic || r[0].Amount.String() != "65.00 USD" {
		t.Errorf("the refund of a cancellation reads as %+v", r)
	}
}
