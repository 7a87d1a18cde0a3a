package aliexpress

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"nevermind/adapters/shop/connector"
	"nevermind/adapters/shop/shoptest"
	"nevermind/bot"
)

const secret = "only-for-tests"

// TestConformance holds the connector to the suite of every connector, against a fake of ours that speaks the platform's schema.
func TestConformance(t *testing.T) {
	shoptest.Run(t, func(t *testing.T, house *shoptest.House, line *shoptest.Line) shoptest.World {
		line.Writes = func(r *http.Request) bool {
			body, err := r.GetBody()
			if err != nil {
				return true
			}
			defer body.Close()
			form := make([]byte, 4096)
			n, _ := body.Read(form)
			return strings.Contains(string(form[:n]), url.QueryEscape(acceptCancel))
		}
		f := &fake{Ledger: shoptest.NewLedger(house), t: t, house: house, line: line}
		f.PaysBack = true
		server := httptest.NewServer(f)
		t.Cleanup(server.Close)
		f.url = server.URL
		return f
	})
}

// fake is the platform: its schema around a ledger. The buyer of every order has asked to cancel it.
type fake struct {
	*shoptest.Ledger
	t         *testing.T
	house     *shoptest.House
	line      *shoptest.Line
	url       string
	connected *connector.Shop
}

func (f *fake) Able() shoptest.Able { return shoptest.Able{PaysBack: true, Remote: true} }

func (f *fake) Restart() {
	client := &http.Client{Transport: f.line}
	system := &System{URL: f.url, AppKey: "1", Secret: secret, Session: "s", Client: client, Now: f.house.Now}
	f.connected = connector.New(system, connector.Config{Now: f.house.Now})
	f.connected.Attach(f.house)
}

func (f *fake) Hands() map[string]bot.Hand     { return f.connected.Hands() }
func (f *fake) Pull(ctx context.Context) error { return f.connected.Pull(ctx) }
func (f *fake) Bounce(string, string)          { f.t.Fatal("AliExpress tells of no refunds that come back") }
func (f *fake) Event(id string) func(context.Context) error {
	return func(ctx context.Context) error { return f.connected.Look(ctx, id) }
}

// ServeHTTP answers a signed call.
func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil || sign(r.PostForm, secret) != r.PostForm.Get("sign") {
		f.t.Errorf("a call that is not signed: %v", err)
	}
	answer := map[string]any{}
	switch r.PostForm.Get("method") {
	case findOrder:
		result := map[string]any{}
		if s, err := f.Sale(r.PostForm.Get("order_id")); err == nil {
			result["order"] = written(&s)
		}
		answer["result"] = result
	case findOrders:
		answer["result"] = map[string]any{"orderList": f.page(r.PostForm)}
	default:
		answer["result"] = map[string]any{}
		if err := f.Cancel(r.PostForm.Get("order_id"), nil, ""); err != nil {
			answer = map[string]any{"error_response": map[string]any{"code": "isv.order-status-error", "msg": err.Error()}}
		}
	}
	if err := json.NewEncoder(w).Encode(answer); err != nil {
		return // the connector was killed
	}
}

func (f *fake) page(form url.Values) []any {
	number, err := strconv.Atoi(form.Get("page"))
	size, err2 := strconv.Atoi(form.Get("page_size"))
	if err := errors.Join(err, err2); err != nil {
		f.t.Error(err)
	}
	all := []any{}
	for n, s := range f.Since(at(form.Get("modified_date_start")).read()) {
		if n/size == number-1 {
			all = append(all, written(&s))
		}
	}
	return all
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(pacific).Format(timeLayout)
}

func amount(minor int64) any {
	return map[string]any{"amount": bot.Money{Minor: minor, Currency: "USD"}.Amount(), "currencyCode": "USD"}
}

// written is a sale as the platform writes it.
func written(s *shoptest.Sale) any {
	status := map[bot.Stage]string{bot.Processing: "IN_CANCEL", bot.PartShipped: "SELLER_PART_SEND_GOODS",
		bot.Shipped: "WAIT_BUYER_ACCEPT_GOODS", bot.Delivered: "WAIT_BUYER_ACCEPT_GOODS", bot.Cancelled: "FUND_PROCESSING"}[s.Stage()]
	products, parcels := []any{}, []any{}
	for _, l := range s.Lines {
		line, err := strconv.Atoi(l.ID)
		if err != nil {
			panic(err)
		}
		products = append(products, map[string]any{"childId": line, "productName": l.Title, "productCount": l.Quantity,
			"totalProductAmount": amount(l.Price)})
	}
	for _, p := range s.Parcels {
		parcels = append(parcels, map[string]any{"logisticsNo": p.Code, "logisticsServiceName": p.Carrier,
			"gmtSend": stamp(p.Shipped), "gmtReceived": stamp(p.Delivered)})
	}
	order := map[string]any{
		"orderId": json.Number(s.ID), "orderStatus": status, "frozenStatus": "NO_FROZEN", "issueStatus": "NO_ISSUE",
		"fundStatus": "PAY_SUCCESS", "paymentType": "MIXEDCARD",
		"gmtCreate": stamp(s.Placed), "gmtPayTime": stamp(s.Placed), "gmtUpdate": stamp(s.Updated),
		"buyerLoginId": "es1", "buyerSignerFullname": "Ana", "sellerLoginId": "cn1", "sellerSignerFullname": "Lumen House",
		"payAmount": amount(s.Total), "logisticsAmount": amount(shoptest.Delivery), "productList": products,
		"logisticInfoList": parcels,
	}
	if s.Cancelled {
		order["endReason"] = "seller_accept_cancel"
	}
	for _, r := range s.Refunds {
		status := map[string]string{"pending": "wait_refund", "settled": "refund_ok"}[r.State]
		order["refundInfo"] = map[string]any{"refundStatus": status, "refundCashAmt": amount(r.Amount), "gmtRefund": stamp(r.At)}
	}
	return order
}

// TestStatuses is the table of the platform's statuses.
func TestStatuses(t *testing.T) {
	for _, c := range []struct {
		o    order
		want bot.Stage
	}{
		{order{OrderStatus: "PLACE_ORDER_SUCCESS"}, bot.Unpaid},
		{order{OrderStatus: "RISK_CONTROL"}, bot.Verifying},
		{order{OrderStatus: "WAIT_SELLER_EXAMINE_MONEY"}, bot.Verifying},
		{order{OrderStatus: "WAIT_GROUP_SUCCESS"}, bot.Processing},
		{order{OrderStatus: "IN_PRESELL_PROMOTION"}, bot.Processing},
		{order{OrderStatus: "WAIT_SELLER_SEND_GOODS"}, bot.Processing},
		{order{OrderStatus: "WAIT_SELLER_SEND_GOODS", FrozenStatus: "IN_FROZEN"}, bot.Frozen},
		{order{OrderStatus: "SELLER_PART_SEND_GOODS"}, bot.PartShipped},
		{order{OrderStatus: "WAIT_BUYER_ACCEPT_GOODS"}, bot.Shipped},
		{order{OrderStatus: "WAIT_BUYER_ACCEPT_GOODS", IssueStatus: "IN_ISSUE"}, bot.Frozen},
		{order{OrderStatus: "WAIT_BUYER_ACCEPT_GOODS", IssueStatus: "END_ISSUE"}, bot.Shipped},
		{order{OrderStatus: "IN_CANCEL"}, bot.Processing}, // a wish, not a cancellation
		{order{OrderStatus: "FUND_PROCESSING", EndReason: "seller_accept_cancel"}, bot.Cancelled},
		{order{OrderStatus: "FUND_PROCESSING"}, bot.Completed},
		{order{OrderStatus: "IN_ISSUE"}, bot.Frozen}, {order{OrderStatus: "IN_FROZEN"}, bot.Frozen},
		{order{OrderStatus: "FINISH"}, bot.Completed},
		{order{OrderStatus: "FINISH", EndReason: "pay_timeout"}, bot.Cancelled},
		{order{OrderStatus: "SOMETHING_NEW"}, bot.Frozen},
	} {
		if got := c.o.stage(); got != c.want {
			t.Errorf("%+v: got %s, want %s", c.o, got, c.want)
		}
	}
}

// shape reads a file in the shape of a recorded answer.
func shape(t *testing.T, name string, into any) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestShape reads an order in the shape of a public recording, with names and numbers made up.
func TestShape(t *testing.T) {
	var shown order
	shape(t, "order.json", &shown)
	o := shown.read()
	if o.ID != "8123456789012345" || o.Stage != bot.Shipped || o.Total.Amount() != "170.54" || o.Method != "card" ||
		o.Paid.Format(time.RFC3339) != "2026-02-24T23:00:56Z" || o.Parcels[0].Code != "RB123456785GB" || len(o.Items) != 1 {
		t.Errorf("got %+v", o)
	}
	if faults := o.Check(); faults != nil {
		t.Error(faults)
	}
}

// TestIssue: three lists of solutions are offers of three parties, and one that is reached counts.
func TestIssue(t *testing.T) {
	var shown issue
	shape(t, "issue.json", &shown)
	i := shown.read()
	if !i.Open || i.Max.Amount() != "24.90" || len(i.Offers) != 4 || i.Reached != nil {
		t.Fatalf("got %+v", i)
	}
	if o := i.Offers[0]; o.By != bot.Buyer || o.Return || o.Amount.Amount() != "24.90" || o.State != "refused" {
		t.Errorf("the buyer's: %+v", o)
	}
	if o := i.Offers[2]; o.By != bot.Seller || o.Amount.Amount() != "10.00" || o.State != "open" {
		t.Errorf("the seller's: %+v", o)
	}
	if o := i.Offers[3]; o.By != bot.Support || !o.Return {
		t.Errorf("the platform's: %+v", o)
	}
	shown.IssueStatus, shown.SellerSolutionList[0].Status = "finish", "reached"
	if i = shown.read(); i.Open || i.Reached == nil || i.Reached.Amount.Amount() != "10.00" {
		t.Errorf("reached: %+v", i)
	}
}
