// Package medusa connects a shop on Medusa (2.21) by its REST Admin API. Medusa has one seller, cancels whole orders only, and
// pays back by itself what it cancels; any other amount can be paid back besides, and is paid at once.
package medusa

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"nevermind/adapters/shop/connector"
	"nevermind/bot"
)

// System is a Medusa. It is safe for concurrent use.
type System struct {
	URL    string // of the server
	Key    string // a secret API key of the admin
	Client *http.Client
}

// ErrURL is what New finds wrong; look for it with errors.Is.
var ErrURL = errors.New("not an http or https address")

// New makes a System that follows no redirect. It asks nothing yet.
func New(address, key string) (*System, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, ErrURL
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return &System{address, key, client}, nil
}

const (
	fields = "id,display_id,status,created_at,updated_at,canceled_at,currency_code,original_total,payment_status,customer_id," +
		"*customer,*items,*items.detail,*fulfillments,*fulfillments.items,*fulfillments.labels,*payment_collections.payments," +
		"*payment_collections.payments.refunds,*shipping_address"
	pageSize   = 50
	askTimeout = 15 * time.Second
	maxAnswer  = 16 << 20
)

// marked is what stands in a note before a task's id, for the shop's people to read.
const marked = "Nevermind "

// Orders reads orders by their ids.
func (s *System) Orders(ctx context.Context, ids ...string) ([]connector.Order, error) {
	return s.list(ctx, url.Values{"id[]": ids, "limit": {strconv.Itoa(max(1, len(ids)))}})
}

// Changed reads orders by when they were last updated.
func (s *System) Changed(ctx context.Context, since time.Time, skip int) ([]connector.Order, error) {
	return s.list(ctx, url.Values{"updated_at[$gte]": {since.UTC().Format("2006-01-02T15:04:05.000Z")}, "order": {"updated_at"},
		"limit": {strconv.Itoa(pageSize)}, "offset": {strconv.Itoa(skip)}})
}

func (s *System) list(ctx context.Context, query url.Values) (all []connector.Order, err error) {
	query.Set("fields", fields)
	var data struct{ Orders []order }
	err = s.call(ctx, http.MethodGet, "/admin/orders?"+query.Encode(), nil, &data)
	for n := range data.Orders {
		if o := &data.Orders[n]; o.Status != "draft" {
			all = append(all, o.read())
		}
	}
	return all, err
}

// Cancel cancels a whole order; Medusa then pays back all that was captured.
func (s *System) Cancel(ctx context.Context, o *connector.Order, parts []bot.Part, _ string) error {
	if len(parts) > 0 && !leavesNothing(o, parts) {
		return connector.Refusal{Why: "Medusa cancels whole orders only"}
	}
	return s.call(ctx, http.MethodPost, "/admin/orders/"+o.ID+"/cancel", nil, nil)
}

// leavesNothing says whether with these parts all of an order is cancelled.
func leavesNothing(o *connector.Order, parts []bot.Part) bool {
	all := o.Clone()
	return all.CancelParts(parts, o.Updated) == nil && all.Stage == bot.Cancelled
}

// Refund pays back to a payment at once, with the task's id in the note. What was cancelled is paid back by Medusa itself.
func (s *System) Refund(ctx context.Context, o *connector.Order, share bot.PaymentShare, task string) error {
	if o.Stage == bot.Cancelled {
		return nil
	}
	return s.call(ctx, http.MethodPost, "/admin/payments/"+share.ID+"/refund",
		map[string]any{"amount": json.Number(share.Amount.Amount()), "note": marked + task}, nil)
}

// Settle is nothing that is ours to do.
func (s *System) Settle(context.Context, *connector.Order, connector.Refund) error {
	return connector.Refusal{Why: "Medusa pays refunds at once"}
}

// call makes one call. Data that is invalid, and what is not allowed, were not done.
func (s *System) call(ctx context.Context, method, path string, body, into any) error {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	text, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("write a call: %w", err)
	}
	if body == nil {
		text = nil
	}
	r, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(s.URL, "/")+path, bytes.NewReader(text))
	if err != nil {
		return withoutURL(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.SetBasicAuth(s.Key, "")
	answer, err := s.Client.Do(r)
	if err != nil {
		return withoutURL(err)
	}
	defer answer.Body.Close()
	if text, err = io.ReadAll(io.LimitReader(answer.Body, maxAnswer)); err != nil {
		return fmt.Errorf("the answer broke off: %w", withoutURL(err))
	}
	if answer.StatusCode == http.StatusOK {
		if into == nil {
			return nil
		}
		return json.Unmarshal(text, into)
	}
	var wrong struct{ Type, Message string }
	if json.Unmarshal(text, &wrong) == nil && (wrong.Type == "invalid_data" || wrong.Type == "not_allowed") {
		return connector.Refusal{Why: "the shop says: " + bot.Shorten(wrong.Message, 200)}
	}
	return fmt.Errorf("the shop answers with status %d", answer.StatusCode)
}

// withoutURL takes the address out of an error: it may hold a password.
func withoutURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}
