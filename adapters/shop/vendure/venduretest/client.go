//go:build unix

package venduretest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"testing"
)

// Client speaks GraphQL as somebody: with a key, or with the session that signing in gives.
type Client struct {
	Token string // of the session
	t     testing.TB
	url   string
	key   string
}

// Do asks, and fails the test where the answer is an error.
func (c *Client) Do(query string, variables map[string]any, into any) {
	c.t.Helper()
	text := c.Ask(query, variables)
	var body struct {
		Data   json.RawMessage
		Errors []struct{ Message string }
	}
	if err := json.Unmarshal(text, &body); err != nil || len(body.Errors) > 0 || bytes.Contains(text, []byte(`"errorCode"`)) {
		c.t.Fatalf("%.120s: %s", query, text)
	}
	if into != nil {
		if err := json.Unmarshal(body.Data, into); err != nil {
			c.t.Fatal(err)
		}
	}
}

// Ask returns the answer as it comes.
func (c *Client) Ask(query string, variables map[string]any) []byte {
	c.t.Helper()
	text, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		c.t.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodPost, c.url, bytes.NewReader(text))
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if c.key != "" {
		r.Header.Set("vendure-api-key", c.key)
	}
	if c.Token != "" {
		r.Header.Set("Authorization", "Bearer "+c.Token)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer answer.Body.Close()
	if token := answer.Header.Get("vendure-auth-token"); token != "" && c.key == "" {
		c.Token = token
	}
	if text, err = io.ReadAll(answer.Body); err != nil {
		c.t.Fatal(err)
	}
	return text
}

// Order is an order as Vendure's own admin shows it.
type Order struct {
	ID, Code, State string
	Channels        []struct{ Code string }
	Lines           []struct {
		ID                            string
		Quantity, OrderPlacedQuantity int
	}
	Payments []struct {
		ID      string
		Refunds []struct {
			ID, State, Reason, TransactionID string
			Total                            int64
		}
	}
	Fulfillments []struct{ ID, State string }
	SellerOrders []Order
}

const orderFields = `id code state channels { code } lines { id quantity orderPlacedQuantity }
	payments { id refunds { id state reason transactionId total } } fulfillments { id state }`

// Order reads one order.
func (s *Server) Order(t testing.TB, code string) Order {
	t.Helper()
	var data struct{ Orders struct{ Items []Order } }
	s.Admin(t).Do(`query($c: String!) { orders(options: { filter: { code: { eq: $c } } }) { items { `+orderFields+
		` sellerOrders { `+orderFields+` } } } }`, map[string]any{"c": code}, &data)
	if len(data.Orders.Items) != 1 {
		t.Fatalf("Vendure shows %d orders %s", len(data.Orders.Items), code)
	}
	return data.Orders.Items[0]
}

// Of is the code of a seller's order in a checkout.
func (o *Order) Of(seller string) string {
	for _, one := range o.SellerOrders {
		if slices.ContainsFunc(one.Channels, func(c struct{ Code string }) bool { return c.Code == seller }) {
			return one.Code
		}
	}
	return ""
}

// Mutate is done by the shop's own people; it returns the id of what it made or changed.
func (s *Server) Mutate(t testing.TB, call, inputType string, input any) (id string) {
	t.Helper()
	var data map[string]struct{ ID string }
	const answer = " { __typename ...on Node { id } ...on ErrorResult { errorCode message } } }"
	s.Admin(t).Do("mutation($i: "+inputType+") { "+call+answer,
		map[string]any{"i": input}, &data)
	for _, one := range data {
		id = one.ID
	}
	return id
}
