// Package imaginary connects a shop that there is not: the recipe of docs/connectors.md, to copy and to change. Its API has
// five calls: GET /orders?id=…&id=…, GET /orders?since=…&skip=…, POST /orders/{id}/cancellations,
// POST /orders/{id}/refunds and POST /orders/{id}/refunds/{refund}/settled.
package imaginary

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"nevermind/adapters/shop/connector"
	"nevermind/bot"
)

// Shop speaks with the imaginary shop.
type Shop struct {
	URL, Token string
	Client     *http.Client
}

// order is an order as the shop writes it.
type order struct {
	ID, Status, Buyer, BuyerName, Seller, SellerName string
	Placed, Changed                                  time.Time
	Total, Delivery                                  int64 // cents
	Lines                                            []struct {
		ID, Title          string
		Ordered, Cancelled int
		Price              int64
	}
	Parcels []struct {
		ID, Code        string
		Sent, Delivered time.Time
		Lines           []bot.Part
	}
	Refunds []struct {
		ID, Status, Note string
		Amount           int64
		At               time.Time
	}
	Cancellations []struct{ Note string }
}

// stages says where each of the shop's statuses stands. One that is not here is frozen: only people can decide.
var stages = map[string]bot.Stage{
	"new": bot.Unpaid, "checking": bot.Verifying, "paid": bot.Processing, "partly_sent": bot.PartShipped, "sent": bot.Shipped,
	"delivered": bot.Delivered, "closed": bot.Completed, "cancelled": bot.Cancelled,
}

// Orders reads orders by their ids.
func (s *Shop) Orders(ctx context.Context, ids ...string) ([]connector.Order, error) {
	return s.list(ctx, url.Values{"id": ids})
}

// Changed reads orders that have changed.
func (s *Shop) Changed(ctx context.Context, since time.Time, skip int) ([]connector.Order, error) {
	return s.list(ctx, url.Values{"since": {since.UTC().Format(time.RFC3339Nano)}, "skip": {strconv.Itoa(skip)}})
}

// Cancel cancels quantities.
func (s *Shop) Cancel(ctx context.Context, o *connector.Order, parts []bot.Part, task string) error {
	return s.call(ctx, "POST", "/orders/"+o.ID+"/cancellations", map[string]any{"lines": parts, "note": task}, nil)
}

// Refund begins to pay back.
func (s *Shop) Refund(ctx context.Context, o *connector.Order, share bot.PaymentShare, task string) error {
	return s.call(ctx, "POST", "/orders/"+o.ID+"/refunds", map[string]any{"amount": share.Amount.Minor, "note": task}, nil)
}

// Settle says that a refund was paid.
func (s *Shop) Settle(ctx context.Context, o *connector.Order, r connector.Refund) error {
	return s.call(ctx, "POST", "/orders/"+o.ID+"/refunds/"+r.ID+"/settled", nil, nil)
}

func (s *Shop) list(ctx context.Context, query url.Values) (all []connector.Order, err error) {
	var found []order
	err = s.call(ctx, "GET", "/orders?"+query.Encode(), nil, &found)
	for n := range found {
		all = append(all, found[n].read())
	}
	return all, err
}

// call makes one call. 409 and 422 are the shop's no; anything else that is not 200 leaves it unclear.
func (s *Shop) call(ctx context.Context, method, path string, body, into any) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, method, s.URL+path, bytes.NewReader(text))
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+s.Token)
	answer, err := s.Client.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	switch answer.StatusCode {
	case http.StatusOK:
		if into == nil {
			return nil
		}
		return json.NewDecoder(answer.Body).Decode(into)
	case http.StatusConflict, http.StatusUnprocessableEntity:
		return connector.Refusal{Why: "the shop says " + answer.Status}
	}
	return fmt.Errorf("the shop answers %s", answer.Status)
}

// read is the order in our words.
func (o *order) read() connector.Order {
	usd := func(cents int64) bot.Money { return bot.Money{Minor: cents, Currency: "USD"} }
	buyer, seller := bot.NewPersonID(bot.Buyer, o.Buyer), bot.NewPersonID(bot.Seller, o.Seller)
	names := map[bot.PersonID]string{buyer: o.BuyerName, seller: o.SellerName}
	all := connector.Order{Changed: o.Changed, Names: names, Order: bot.Order{
		ID: o.ID, Buyer: buyer, Seller: seller, Stage: bot.Frozen, Placed: o.Placed, Paid: o.Placed, Updated: o.Changed,
		Total: usd(o.Total), Shipping: usd(o.Delivery), Payments: []bot.Payment{{ID: "1", Method: "card", Amount: usd(o.Total)}},
	}}
	if stage, known := stages[o.Status]; known {
		all.Stage = stage
	}
	for _, i := range o.Lines {
		all.Items = append(all.Items, bot.Item{ID: i.ID, Title: i.Title, Quantity: i.Ordered, Price: usd(i.Price), Counted: true,
			CancelledQuantity: i.Cancelled, Cancelled: i.Cancelled == i.Ordered})
	}
	for _, p := range o.Parcels {
		all.Parcels = append(all.Parcels, bot.Parcel{ID: p.ID, Code: p.Code, Shipped: p.Sent, Delivered: p.Delivered, Items: p.Lines})
	}
	for _, r := range o.Refunds {
		all.Refunds = append(all.Refunds, connector.Refund{ID: r.ID, Payment: "1", Task: r.Note, Amount: usd(r.Amount),
			State: connector.RefundState(r.Status), At: r.At})
	}
	for _, c := range o.Cancellations {
		all.Cancellations = append(all.Cancellations, c.Note)
	}
	return all
}
