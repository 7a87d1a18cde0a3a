package vendure

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"nevermind/adapters/shop/connector"
	"nevermind/bot"
)

// Checkout is one buyer's checkout as it truly stands, worked out from the orders of its sellers.
type Checkout struct {
	Code      string
	Stage     bot.Stage // the least far of those that are not cancelled; cancelled where all are
	Orders    []connector.Order
	Total     bot.Money // what was paid to all sellers
	PaidBack  bot.Money // of it, what has gone back or is on its way
	Cancelled int       // how many of the orders are cancelled
}

// Checkout reads the checkout with a code; bot.ErrNone where there is none.
func (s *System) Checkout(ctx context.Context, code string) (Checkout, error) {
	var data struct {
		Orders struct{ Items []order }
	}
	if err := s.ask(ctx, checkout, map[string]any{"code": code}, &data); err != nil {
		return Checkout{}, err
	}
	if len(data.Orders.Items) == 0 {
		return Checkout{}, fmt.Errorf("checkout %.64q: %w", code, bot.ErrNone)
	}
	return data.Orders.Items[0].checkout(), nil
}

// checkout adds the sellers' orders up; an order without any is a checkout by itself.
func (o *order) checkout() Checkout {
	orders := o.SellerOrders
	if o.Type != "Aggregate" {
		orders = []order{*o}
	}
	c := Checkout{Code: o.Code, Stage: bot.Cancelled, Total: o.money(0), PaidBack: o.money(0)}
	for n := range orders {
		one := orders[n].read("")
		c.Orders = append(c.Orders, one)
		c.Total.Minor += one.Total.Minor
		for _, r := range one.Refunds {
			if r.State == connector.Pending || r.State == connector.Settled {
				c.PaidBack.Minor += r.Amount.Minor
			}
		}
		switch {
		case one.Stage == bot.Cancelled:
			c.Cancelled++
		case c.Stage == bot.Cancelled || before(one.Stage, c.Stage):
			c.Stage = one.Stage
		}
	}
	return c
}

// before says whether a stage comes before another in an order's life.
func before(a, b bot.Stage) bool {
	for _, s := range bot.Stages {
		if s == a || s == b {
			return s == a && a != b
		}
	}
	return false
}

// asID writes an id that the history has as a number or as a text.
func asID(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return strings.Trim(string(text), `"`)
}
