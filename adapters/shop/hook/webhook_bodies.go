package hook

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"nevermind/adapters/shop"
	"nevermind/bot"
)

// envelope is the form of every webhook. It is made of the task alone, so that each attempt has the same bytes.
type envelope struct {
	Type      string    `json:"type"`
	Timestamp time.Time `json:"timestamp"` // when it was decided, not when it is sent
	Data      any       `json:"data"`
}

// refundData is the data of refund.pay. Payments is where it goes back to, left out where the shop lists no payments; they
// add up to the amount.
type refundData struct {
	TaskID   string `json:"task_id"`
	CaseID   string `json:"case_id"`
	OrderID  string `json:"order_id"`
	Amount   string `json:"amount"`
	Currency string `json:"currency"`

	Payments []refundShare `json:"payments,omitempty"`
}

// refundShare is what goes back to one payment.
type refundShare struct {
	ID     string `json:"id"`
	Amount string `json:"amount"`
}

// cancellationData is the data of order.cancel. It names no amount: what goes back is asked for by refund.pay alone.
type cancellationData struct {
	TaskID  string   `json:"task_id"`
	CaseID  string   `json:"case_id"`
	OrderID string   `json:"order_id"`
	Lines   []string `json:"lines"` // none is the whole order

	Items []shop.OrderPart `json:"items,omitempty"` // how many of each of these lines
}

// refundBody is the webhook of a refund; the error is an amount that cannot be read. The order is as it is held, with the
// refund's posting, which does not change any more.
func refundBody(t *bot.Task, o *bot.Order) ([]byte, error) {
	amount, err := bot.ReadMoney(t.Facts["amount"])
	if err != nil {
		return nil, fmt.Errorf("refund: %w", err)
	}
	data := refundData{TaskID: t.ID, CaseID: t.Facts["id"], OrderID: t.Order, Amount: amount.Amount(), Currency: amount.Currency}
	for _, p := range o.Book {
		if p.Task != t.ID {
			continue
		}
		for _, s := range p.Payments {
			data.Payments = append(data.Payments, refundShare{s.ID, s.Amount.Amount()})
		}
	}
	return encode("refund.pay", t, data)
}

// cancelBody is the webhook of a cancellation. How many of each line is written where the task says it: a shop whose orders
// are not counted gets lines alone, as ever.
func cancelBody(t *bot.Task, _ *bot.Order) ([]byte, error) {
	data := cancellationData{TaskID: t.ID, CaseID: t.Facts["id"], OrderID: t.Order, Lines: []string{}}
	if all := t.Facts["lines"]; all != "" {
		data.Lines = strings.Split(all, ",")
	}
	for _, p := range bot.ReadParts(t.Facts["parts"]) {
		data.Items = append(data.Items, shop.OrderPart{ID: p.ID, Quantity: p.Quantity})
	}
	return encode("order.cancel", t, data)
}

// encode writes a webhook of a kind.
func encode(kind string, t *bot.Task, data any) ([]byte, error) {
	text, err := json.Marshal(envelope{kind, t.Made.UTC(), data})
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", kind, err)
	}
	return text, nil
}

// base64Key reads the part of the secret behind its prefix.
func base64Key(text string) ([]byte, error) { return base64.StdEncoding.DecodeString(text) }
