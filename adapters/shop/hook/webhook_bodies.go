package hook

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"nevermind/bot"
)

// envelope is the form of every webhook. It is made of the task alone, so that each attempt has the same bytes.
type envelope struct {
	Type      string    `json:"type"`
	Timestamp time.Time `json:"timestamp"` // when it was decided, not when it is sent
	Data      any       `json:"data"`
}

// refundData is the data of refund.pay.
type refundData struct {
	TaskID   string `json:"task_id"`
	CaseID   string `json:"case_id"`
	OrderID  string `json:"order_id"`
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
}

// cancellationData is the data of order.cancel. It names no amount: what goes back is asked for by refund.pay alone.
type cancellationData struct {
	TaskID  string   `json:"task_id"`
	CaseID  string   `json:"case_id"`
	OrderID string   `json:"order_id"`
	Lines   []string `json:"lines"` // none is the whole order
}

// refundBody is the webhook of a refund; the error is an amount that cannot be read.
func refundBody(t *bot.Task) ([]byte, error) {
	amount, err := bot.ReadMoney(t.Facts["amount"])
	if err != nil {
		return nil, fmt.Errorf("refund: %w", err)
	}
	return encode("refund.pay", t, refundData{t.ID, t.Facts["id"], t.Order, amount.Amount(), amount.Currency})
}

// cancelBody is the webhook of a cancellation.
func cancelBody(t *bot.Task) ([]byte, error) {
	lines := []string{}
	if all := t.Facts["lines"]; all != "" {
		lines = strings.Split(all, ",")
	}
	return encode("order.cancel", t, cancellationData{t.ID, t.Facts["id"], t.Order, lines})
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
