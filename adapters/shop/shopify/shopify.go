// Package shopify speaks Shopify's GraphQL Admin API (2026-01) as its public documentation describes it. It is held to the suite
// of every connector against a fake of ours that speaks the same schema. NOT TRIED ON THE REAL SERVICE: nothing here
// has ever met a Shopify shop, so serve does not offer it yet.
//
// What differs from other shops: a part of a line is cancelled by a refund that moves no money and restocks the part
// (restockType CANCEL), so a refund's note is where a task is found for both; a whole order is cancelled by orderCancel
// without a refund, with the task as the staff's note; and a refund is paid by whoever took the payment, so there is nothing
// to settle.
package shopify

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"nevermind/adapters/shop/connector"
	"nevermind/bot"
)

// System is a Shopify shop. It is safe for concurrent use.
type System struct {
	URL    string // of the Admin API: https://SHOP.myshopify.com/admin/api/2026-01/graphql.json
	Token  string // an access token with read_orders and write_orders
	Client *http.Client
}

const (
	fields = `fragment Whole on Order {
  id name createdAt updatedAt processedAt cancelledAt displayFinancialStatus displayFulfillmentStatus statusPageUrl
  customer { id displayName } shippingAddress { countryCodeV2 } cancellation { staffNote }
  totalPriceSet { shopMoney { amount currencyCode } }
  lineItems(first: 100) { nodes { id title quantity currentQuantity vendor
    discountedTotalSet { shopMoney { amount currencyCode } } } }
  fulfillments(first: 50) { id status createdAt deliveredAt trackingInfo { company number url }
    fulfillmentLineItems(first: 100) { nodes { quantity lineItem { id } } } }
  transactions(first: 100) { id kind status gateway processedAt amountSet { shopMoney { amount currencyCode } }
    parentTransaction { id } }
  refunds(first: 100) { id note createdAt transactions(first: 10) { nodes { id status parentTransaction { id }
    amountSet { shopMoney { amount currencyCode } } } } refundLineItems(first: 100) { nodes { quantity lineItem { id } } } }
}`
	listQuery = `query Orders($query: String!, $first: Int!) {
  orders(query: $query, first: $first, sortKey: UPDATED_AT) { nodes { ...Whole } }
} ` + fields
	cancelQuery = `mutation Cancel($orderId: ID!, $staffNote: String) {
  orderCancel(orderId: $orderId, reason: CUSTOMER, refund: false, restock: true, notifyCustomer: false, staffNote: $staffNote) {
    orderCancelUserErrors { code message } }
}`
	refundQuery = `mutation Refund($input: RefundInput!) {
  refundCreate(input: $input) { refund { id } userErrors { field message } } }`
)

const pageSize = 50

// Orders reads orders by their names (#1001), which is what buyers know.
func (s *System) Orders(ctx context.Context, ids ...string) ([]connector.Order, error) {
	names := make([]string, len(ids))
	for n, id := range ids {
		names[n] = "name:" + id
	}
	return s.list(ctx, strings.Join(names, " OR "), len(ids))
}

// Changed reads orders by when Shopify last changed them. It has no offset, so more is read than is wanted.
func (s *System) Changed(ctx context.Context, since time.Time, skip int) ([]connector.Order, error) {
	all, err := s.list(ctx, "updated_at:>='"+since.UTC().Format(time.RFC3339)+"'", min(250, pageSize+skip))
	return all[min(skip, len(all)):], err
}

func (s *System) list(ctx context.Context, query string, first int) (all []connector.Order, err error) {
	var data struct{ Orders struct{ Nodes []order } }
	err = s.ask(ctx, listQuery, map[string]any{"query": query, "first": first}, &data)
	for n := range data.Orders.Nodes {
		all = append(all, data.Orders.Nodes[n].read())
	}
	return all, err
}

// Cancel cancels a whole order, or takes quantities out of it.
func (s *System) Cancel(ctx context.Context, o *connector.Order, parts []bot.Part, task string) error {
	if len(parts) == 0 {
		return s.mutate(ctx, cancelQuery, map[string]any{"orderId": o.Key, "staffNote": task})
	}
	items := []any{}
	for _, p := range parts {
		items = append(items, map[string]any{"lineItemId": p.ID, "quantity": p.Quantity, "restockType": "CANCEL"})
	}
	return s.mutate(ctx, refundQuery, map[string]any{"input": map[string]any{
		"orderId": o.Key, "note": task, "refundLineItems": items, "transactions": []any{},
	}})
}

// Refund pays back to a payment: the transaction by which it was taken, and its gateway.
func (s *System) Refund(ctx context.Context, o *connector.Order, share bot.PaymentShare, task string) error {
	parent, gateway, _ := strings.Cut(share.ID, " ")
	return s.mutate(ctx, refundQuery, map[string]any{"input": map[string]any{"orderId": o.Key, "note": task, "transactions": []any{
		map[string]any{"orderId": o.Key, "parentId": parent, "kind": "REFUND", "gateway": gateway, "amount": share.Amount.Amount()},
	}}})
}

// Settle is nothing that is ours to do.
func (s *System) Settle(context.Context, *connector.Order, connector.Refund) error {
	return connector.Refusal{Why: "Shopify settles refunds by itself"}
}

// mutate changes something; user errors are a no.
func (s *System) mutate(ctx context.Context, query string, variables map[string]any) error {
	type wrong []struct{ Code, Message string }
	var data map[string]struct{ UserErrors, OrderCancelUserErrors wrong }
	if err := s.ask(ctx, query, variables, &data); err != nil {
		return err
	}
	for _, result := range data {
		if all := append(result.UserErrors, result.OrderCancelUserErrors...); len(all) > 0 {
			return connector.Refusal{Why: "the shop says: " + bot.Shorten(all[0].Message, 200)}
		}
	}
	return nil
}

// ask makes one request. A throttled one is answered with an error of GraphQL and comes again.
func (s *System) ask(ctx context.Context, query string, variables map[string]any, into any) error {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	text, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		return fmt.Errorf("write a query: %w", err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL, bytes.NewReader(text))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Shopify-Access-Token", s.Token)
	answer, err := s.Client.Do(r)
	if err != nil {
		var u *url.Error
		if errors.As(err, &u) {
			err = u.Err
		}
		return err
	}
	defer answer.Body.Close()
	var body struct {
		Data   json.RawMessage
		Errors []struct{ Message string }
	}
	if err := json.NewDecoder(answer.Body).Decode(&body); err != nil {
		return fmt.Errorf("the shop answers with status %d, and not in JSON", answer.StatusCode)
	}
	if len(body.Errors) > 0 {
		return fmt.Errorf("the shop answers: %s", bot.Shorten(body.Errors[0].Message, 200))
	}
	return json.Unmarshal(body.Data, into)
}
