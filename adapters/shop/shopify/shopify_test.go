package shopify

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"nevermind/adapters/shop/connector"
	"nevermind/adapters/shop/shoptest"
	"nevermind/bot"
)

// TestConformance holds the connector to the suite of every connector, against a fake of ours that speaks Shopify's schema.
func TestConformance(t *testing.T) {
	shoptest.Run(t, func(t *testing.T, house *shoptest.House, line *shoptest.Line) shoptest.World {
		line.Writes = func(r *http.Request) bool {
			body, err := r.GetBody()
			if err != nil {
				return true
			}
			text, err := io.ReadAll(body)
			return err != nil || strings.Contains(string(text), `"query":"mutation`)
		}
		f := &fake{Ledger: shoptest.NewLedger(house), t: t, house: house, line: line}
		f.taken, f.whole = map[string][]taken{}, map[string]string{}
		server := httptest.NewServer(f)
		t.Cleanup(server.Close)
		f.url = server.URL
		return f
	})
}

// fake is a Shopify shop: its schema around a ledger.
type fake struct {
	*shoptest.Ledger
	t         *testing.T
	house     *shoptest.House
	line      *shoptest.Line
	url       string
	connected *connector.Shop
	taken     map[string][]taken // quantities taken out, by order
	whole     map[string]string  // the staff's note of orders cancelled as a whole
}

// taken is a refund that moves no money.
type taken struct {
	note  string
	parts []bot.Part
}

func (f *fake) Able() shoptest.Able {
	return shoptest.Able{Quantities: true, Amounts: true, OwnRefunds: true, FailsLate: true, Remote: true}
}

func (f *fake) Restart() {
	f.connected = connector.New(&System{URL: f.url, Client: &http.Client{Transport: f.line}}, connector.Config{Now: f.house.Now})
	f.connected.Attach(f.house)
}

func (f *fake) Hands() map[string]bot.Hand     { return f.connected.Hands() }
func (f *fake) Pull(ctx context.Context) error { return f.connected.Pull(ctx) }
func (f *fake) Bounce(string, string)          { f.t.Fatal("Shopify tells of no refunds that come back") }
func (f *fake) Event(id string) func(context.Context) error {
	return func(ctx context.Context) error { return f.connected.Look(ctx, id) }
}

func (f *fake) CancelThere(id string) {
	f.Ledger.CancelThere(id)
	f.whole[id] = "out of stock"
}

// input is the variables of all operations.
type input struct {
	Query              string
	First              int
	OrderID, StaffNote string
	Input              struct {
		OrderID, Note   string
		RefundLineItems []struct {
			LineItemID, RestockType string
			Quantity                int
		}
		Transactions []struct{ ParentID, Kind, Gateway, Amount string }
	}
}

// ServeHTTP answers as the schema says.
func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Query     string
		Variables input
	}
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	v := body.Variables
	data := map[string]any{}
	switch {
	case strings.HasPrefix(body.Query, "query Orders"):
		data["orders"] = map[string]any{"nodes": f.found(v)}
	case strings.HasPrefix(body.Query, "mutation Cancel"):
		id := bare(v.OrderID)
		err := f.Cancel(id, nil, v.StaffNote)
		if err == nil {
			f.whole[id] = v.StaffNote
		}
		data["orderCancel"] = map[string]any{"orderCancelUserErrors": userErrors(err)}
	default:
		data["refundCreate"] = map[string]any{"userErrors": userErrors(f.refund(v))}
	}
	if err := json.NewEncoder(w).Encode(map[string]any{"data": data}); err != nil {
		return // the connector was killed
	}
}

// refund takes quantities out, or pays back.
func (f *fake) refund(v input) error {
	id := bare(v.Input.OrderID)
	if lines := v.Input.RefundLineItems; len(lines) > 0 {
		var parts []bot.Part
		for _, l := range lines {
			parts = append(parts, bot.Part{ID: bare(l.LineItemID), Quantity: l.Quantity})
		}
		if err := f.Cancel(id, parts, v.Input.Note); err != nil {
			return err
		}
		f.taken[id] = append(f.taken[id], taken{v.Input.Note, parts})
		return nil
	}
	amount, err := bot.ReadMoney(v.Input.Transactions[0].Amount + " USD")
	if err != nil {
		return err
	}
	_, err = f.Refund(id, amount.Minor, v.Input.Note)
	return err
}

func userErrors(err error) []any {
	if err == nil {
		return []any{}
	}
	return []any{map[string]any{"field": nil, "message": err.Error()}}
}

func bare(id string) string { return last(id) }

func gid(kind, id string) string { return "gid://shopify/" + kind + "/" + id }

// found are the orders that a search query names.
func (f *fake) found(v input) []any {
	all := []any{}
	if since, ok := strings.CutPrefix(v.Query, "updated_at:>='"); ok {
		at, err := time.Parse(time.RFC3339, strings.TrimSuffix(since, "'"))
		if err != nil {
			f.t.Error(err)
		}
		for _, s := range f.Since(at) {
			all = append(all, f.node(&s))
		}
		return all[:min(v.First, len(all))]
	}
	for name := range strings.SplitSeq(v.Query, " OR ") {
		if s, err := f.Sale(strings.TrimPrefix(name, "name:")); err == nil {
			all = append(all, f.node(&s))
		}
	}
	return all
}

func amount(minor int64) any {
	m := bot.Money{Minor: minor, Currency: "USD"}
	return map[string]any{"shopMoney": map[string]any{"amount": m.Amount(), "currencyCode": "USD"}}
}

// node writes a sale as an Order of the schema.
func (f *fake) node(s *shoptest.Sale) any {
	lines, parcels, refunds := []any{}, []any{}, []any{}
	for _, l := range s.Lines {
		lines = append(lines, map[string]any{"id": gid("LineItem", l.ID), "title": l.Title, "quantity": l.Quantity,
			"currentQuantity": l.Quantity - l.Cancelled, "vendor": s.Seller, "discountedTotalSet": amount(l.Price)})
	}
	for _, p := range s.Parcels {
		var delivered any
		if !p.Delivered.IsZero() {
			delivered = p.Delivered
		}
		parcels = append(parcels, map[string]any{"id": gid("Fulfillment", p.ID), "status": "SUCCESS", "createdAt": p.Shipped,
			"deliveredAt": delivered, "trackingInfo": []any{map[string]any{"company": p.Carrier, "number": p.Code}},
			"fulfillmentLineItems": itemsOf(p.Items)})
	}
	for _, t := range f.taken[s.ID] {
		refunds = append(refunds, map[string]any{"id": gid("Refund", t.note), "note": t.note, "createdAt": s.Placed,
			"transactions": map[string]any{"nodes": []any{}}, "refundLineItems": itemsOf(t.parts)})
	}
	for _, r := range s.Refunds {
		status := map[string]string{"pending": "PENDING", "settled": "SUCCESS", "failed": "FAILURE"}[r.State]
		refunds = append(refunds, map[string]any{"id": gid("Refund", r.ID), "note": r.Note, "createdAt": r.At,
			"refundLineItems": itemsOf(nil), "transactions": map[string]any{"nodes": []any{map[string]any{
				"id": gid("OrderTransaction", r.ID), "status": status, "amountSet": amount(r.Amount),
				"parentTransaction": map[string]any{"id": gid("OrderTransaction", "1")}}}}})
	}
	node := map[string]any{
		"id": gid("Order", s.ID), "name": "#" + s.ID, "createdAt": s.Placed, "updatedAt": s.Updated, "cancelledAt": nil,
		"displayFinancialStatus": "PAID", "displayFulfillmentStatus": "UNFULFILLED", "totalPriceSet": amount(s.Total),
		"customer":  map[string]any{"id": gid("Customer", "1"), "displayName": "Ana Ruiz"},
		"lineItems": map[string]any{"nodes": lines}, "fulfillments": parcels, "refunds": refunds,
		"transactions": []any{map[string]any{"id": gid("OrderTransaction", "1"), "kind": "SALE", "status": "SUCCESS",
			"gateway": "shopify_payments", "processedAt": s.Placed, "amountSet": amount(s.Total)}},
	}
	if note, ok := f.whole[s.ID]; ok {
		node["cancelledAt"], node["cancellation"] = s.Updated, map[string]any{"staffNote": note}
	}
	return node
}

func itemsOf(parts []bot.Part) any {
	nodes := []any{}
	for _, p := range parts {
		nodes = append(nodes, map[string]any{"quantity": p.Quantity, "lineItem": map[string]any{"id": gid("LineItem", bare(p.ID))}})
	}
	return map[string]any{"nodes": nodes}
}

// Ship and Books speak of lines by their global ids.
func (f *fake) Ship(id, code string, parts ...bot.Part) {
	all := slices.Clone(parts)
	for n := range all {
		all[n].ID = bare(all[n].ID)
	}
	f.Ledger.Ship(id, code, all...)
}

func (f *fake) Books(id string) shoptest.Books {
	b := f.Ledger.Books(id)
	named := map[string]int{}
	for line, n := range b.Cancelled {
		named[gid("LineItem", line)] = n
	}
	b.Cancelled = named
	return b
}

// TestStatuses is the table of Shopify's statuses.
func TestStatuses(t *testing.T) {
	now := time.Now()
	for _, c := range []struct {
		financial, fulfillment string
		cancelled              *time.Time
		want                   bot.Stage
	}{
		{"PENDING", "UNFULFILLED", nil, bot.Unpaid}, {"EXPIRED", "UNFULFILLED", nil, bot.Unpaid},
		{"VOIDED", "UNFULFILLED", &now, bot.Cancelled},
		{"AUTHORIZED", "UNFULFILLED", nil, bot.Verifying}, {"PARTIALLY_PAID", "UNFULFILLED", nil, bot.Verifying},
		{"PAID", "UNFULFILLED", nil, bot.Processing}, {"PAID", "IN_PROGRESS", nil, bot.Processing},
		{"PAID", "ON_HOLD", nil, bot.Frozen},
		{"PARTIALLY_REFUNDED", "UNFULFILLED", nil, bot.Processing}, {"REFUNDED", "UNFULFILLED", &now, bot.Cancelled},
		{"SOMETHING_NEW", "UNFULFILLED", nil, bot.Frozen},
	} {
		o := order{DisplayFinancialStatus: c.financial, DisplayFulfillmentStatus: c.fulfillment, CancelledAt: c.cancelled}
		if got := o.stage(&bot.Order{Items: []bot.Item{{ID: "1", Quantity: 1}}}); got != c.want {
			t.Errorf("%s, %s: got %s, want %s", c.financial, c.fulfillment, got, c.want)
		}
	}
}

// TestShape reads an order in the shape that Shopify's documentation gives: paid by card and gift card, one of two lines out,
// one refund failed.
func TestShape(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "order.json"))
	if err != nil {
		t.Fatal(err)
	}
	var shown order
	if err := json.Unmarshal(text, &shown); err != nil {
		t.Fatal(err)
	}
	o := shown.read()
	if o.ID != "1001" || o.Buyer != "buyer:544365967" || o.Stage != bot.PartShipped || o.Total.Amount() != "64.70" ||
		len(o.Payments) != 2 || o.Payments[0].Method != "gift_card" || o.Payments[1].Method != "card" ||
		len(o.Refunds) != 2 || o.Refunds[0].State != connector.Failed ||
		o.Refunds[0].Task != "T-0f3a9c1b2d4e5f60718a" || o.Refunds[1].Task != "" || o.Items[0].Gone() != 1 || o.Country != "ES" {
		t.Errorf("got %+v", o)
	}
	if faults := o.Check(); faults != nil {
		t.Error(faults)
	}
}
