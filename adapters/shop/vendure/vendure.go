// Package vendure connects a marketplace on Vendure (3.6 and later) by its GraphQL Admin API. One order here is one order of
// one seller there: of type Seller, or Regular where nothing is split. The aggregate of a checkout is left out; Vendure does
// not keep it true (it stays paid in full when all of its sellers' orders are cancelled), so Checkout works it out.
package vendure

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"nevermind/adapters/shop/connector"
	"nevermind/bot"
)

// Config is where the shop is and how it is reached; URL and Token are needed.
type Config struct {
	URL    string       // of the server, or of its Admin API
	Token  string       // an API key, as Vendure's createApiKey gives it
	Client *http.Client // nil is one of our own
	Page   string       // an order's page for its buyer, with {code} in it; "" is none
}

// System is the shop's system. It is safe for concurrent use.
type System struct{ cfg Config }

// ErrURL is what New finds wrong; look for it with errors.Is.
var ErrURL = errors.New("not an http or https address")

// New makes a System. It asks nothing yet.
func New(cfg Config) (*System, error) {
	u, err := url.Parse(cfg.URL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, ErrURL
	}
	if strings.Trim(u.Path, "/") == "" {
		cfg.URL = strings.TrimSuffix(cfg.URL, "/") + "/admin-api"
	}
	if cfg.Client == nil {
		cfg.Client = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	}
	return &System{cfg}, nil
}

// pageSize is how many changed orders are read at once.
const pageSize = 50

// Orders reads orders by their codes.
func (s *System) Orders(ctx context.Context, codes ...string) ([]connector.Order, error) {
	return s.list(ctx, map[string]any{
		"filter": map[string]any{"code": map[string]any{"in": codes}}, "take": len(codes),
	})
}

// Changed reads orders by when Vendure last touched them.
func (s *System) Changed(ctx context.Context, since time.Time, skip int) ([]connector.Order, error) {
	return s.list(ctx, map[string]any{
		"filter": map[string]any{
			"updatedAt": map[string]any{"after": since.Add(-time.Millisecond)}, // it leaves out the very moment
			"type":      map[string]any{"notEq": "Aggregate"}, "active": map[string]any{"eq": false},
		},
		"sort": map[string]any{"updatedAt": "ASC"}, "take": pageSize, "skip": skip,
	})
}

func (s *System) list(ctx context.Context, options map[string]any) (all []connector.Order, err error) {
	var data struct {
		Orders struct{ Items []order }
	}
	if err := s.ask(ctx, listOrders, map[string]any{"options": options}, &data); err != nil {
		return nil, err
	}
	for n := range data.Orders.Items {
		if o := &data.Orders.Items[n]; o.sold() {
			all = append(all, o.read(s.cfg.Page))
		}
	}
	return all, nil
}

// Cancel cancels quantities, with the task's id as the reason; what is left of a whole order with its delivery.
func (s *System) Cancel(ctx context.Context, o *connector.Order, parts []bot.Part, task string) error {
	input := map[string]any{"orderId": o.Key, "reason": marked + task, "cancelShipping": true}
	if len(parts) > 0 {
		lines := []any{}
		for _, p := range parts {
			lines = append(lines, map[string]any{"orderLineId": p.ID, "quantity": p.Quantity})
		}
		input["lines"], input["cancelShipping"] = lines, leavesNothing(o, parts)
	}
	return s.mutate(ctx, cancelOrder, input)
}

// leavesNothing says whether with these parts all of an order is cancelled.
func leavesNothing(o *connector.Order, parts []bot.Part) bool {
	all := o.Clone()
	return all.CancelParts(parts, o.Updated) == nil && all.Stage == bot.Cancelled
}

// Refund begins a refund of one payment, with the task's id as the reason.
func (s *System) Refund(ctx context.Context, _ *connector.Order, share bot.PaymentShare, task string) error {
	return s.mutate(ctx, refundOrder, map[string]any{
		"paymentId": share.ID, "amount": share.Amount.Minor, "reason": marked + task,
		"lines": []any{}, "shipping": 0, "adjustment": 0, // deprecated, and its database refuses a refund without them
	})
}

// Settle settles a refund; its task becomes the transaction's id.
func (s *System) Settle(ctx context.Context, _ *connector.Order, r connector.Refund) error {
	return s.mutate(ctx, settleRefund, map[string]any{"id": r.ID, "transactionId": r.Task})
}

// mutate changes something. What Vendure answers with an error result was not done.
func (s *System) mutate(ctx context.Context, query string, input map[string]any) error {
	var data map[string]struct{ ErrorCode, Message string }
	if err := s.ask(ctx, query, map[string]any{"input": input}, &data); err != nil {
		return err
	}
	for _, result := range data {
		if result.ErrorCode != "" {
			return connector.Refusal{Why: "the shop says " + result.ErrorCode}
		}
	}
	return nil
}

const (
	askTimeout = 15 * time.Second
	maxAnswer  = 16 << 20
)

// ask makes one request. Errors of GraphQL leave it unclear what was done: one transaction may have ended before another
// failed.
func (s *System) ask(ctx context.Context, query string, variables map[string]any, into any) error {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	text, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		return fmt.Errorf("write a query: %w", err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.cfg.URL, bytes.NewReader(text))
	if err != nil {
		return withoutURL(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "nevermind")
	r.Header.Set("vendure-api-key", s.cfg.Token)
	answer, err := s.cfg.Client.Do(r)
	if err != nil {
		return withoutURL(err)
	}
	defer answer.Body.Close()
	text, err = io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if err != nil {
		return fmt.Errorf("the answer broke off: %w", withoutURL(err))
	}
	var body struct {
		Data   json.RawMessage
		Errors []struct {
			Message    string
			Extensions struct{ Code string }
		}
	}
	if err := json.Unmarshal(text, &body); err != nil {
		return fmt.Errorf("the shop answers with status %d, and not in JSON", answer.StatusCode)
	}
	if len(body.Errors) > 0 {
		return fmt.Errorf("the shop answers %s: %s", body.Errors[0].Extensions.Code, bot.Shorten(body.Errors[0].Message, 200))
	}
	return json.Unmarshal(body.Data, into)
}

// withoutURL takes the address out of an error: it may hold a password.
func withoutURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}
