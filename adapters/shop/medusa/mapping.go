package medusa

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"nevermind/adapters/shop/connector"
	"nevermind/bot"
)

// order is an order as Medusa writes it. Amounts are in whole units of the currency.
type order struct {
	ID, Status         string
	CreatedAt          time.Time   `json:"created_at"`
	UpdatedAt          time.Time   `json:"updated_at"`
	CanceledAt         *time.Time  `json:"canceled_at"`
	Currency           string      `json:"currency_code"`
	Total              json.Number `json:"original_total"`
	PaymentStatus      string      `json:"payment_status"`
	CustomerID         string      `json:"customer_id"`
	Customer           *customer
	Items              []item
	Fulfillments       []fulfillment
	PaymentCollections []struct{ Payments []payment } `json:"payment_collections"`
	ShippingAddress    *struct {
		Country string `json:"country_code"`
	} `json:"shipping_address"`
}

type customer struct {
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
}

type item struct {
	ID, Title, Thumbnail string
	Quantity             int
	UnitPrice            json.Number `json:"unit_price"`
	Total                json.Number `json:"original_total"`
}

type fulfillment struct {
	ID          string
	ShippedAt   *time.Time `json:"shipped_at"`
	DeliveredAt *time.Time `json:"delivered_at"`
	CanceledAt  *time.Time `json:"canceled_at"`
	Labels      []struct {
		Number string `json:"tracking_number"`
	}
	Items []struct {
		Line     string `json:"line_item_id"`
		Quantity int
	}
}

type payment struct {
	ID         string
	Amount     json.Number
	Provider   string     `json:"provider_id"`
	CapturedAt *time.Time `json:"captured_at"`
	Refunds    []refund
}

type refund struct {
	ID, Note  string
	Amount    json.Number
	CreatedAt time.Time `json:"created_at"`
}

// byPayment says where an order stands by Medusa's payment status, as far as nothing has left and it is neither cancelled nor
// archived. One that is not here is frozen: only people can decide.
var byPayment = map[string]bot.Stage{
	"not_paid": bot.Unpaid, "awaiting": bot.Unpaid, "canceled": bot.Unpaid,
	"authorized": bot.Verifying, "partially_authorized": bot.Verifying, "partially_captured": bot.Verifying,
	"captured": bot.Processing, "partially_refunded": bot.Processing, "refunded": bot.Processing,
}

// atOnce is how long after a cancellation its own refunds are made, before the cancellation or after.
const atOnce = time.Minute

// read is the order in our words.
func (o *order) read() connector.Order {
	buyer, seller := bot.NewPersonID(bot.Buyer, o.CustomerID), bot.NewPersonID(bot.Seller, "shop")
	all := connector.Order{Changed: o.UpdatedAt, Names: map[bot.PersonID]string{}, Order: bot.Order{
		ID: o.ID, Buyer: buyer, Seller: seller, Placed: o.CreatedAt, Updated: o.UpdatedAt, Total: o.money(o.Total),
	}}
	if o.Customer != nil {
		all.Names[buyer] = strings.TrimSpace(o.Customer.FirstName + " " + o.Customer.LastName)
	}
	if o.ShippingAddress != nil {
		all.Country = strings.ToUpper(o.ShippingAddress.Country)
	}
	goods := int64(0)
	for _, i := range o.Items {
		price := o.money(i.Total)
		if price.IsZero() {
			price = o.money(i.UnitPrice)
			price.Minor *= int64(i.Quantity)
		}
		goods += price.Minor
		all.Items = append(all.Items, bot.Item{ID: i.ID, Title: i.Title, Quantity: max(1, i.Quantity), Price: price,
			Image: i.Thumbnail})
	}
	all.Shipping = bot.Money{Minor: max(0, all.Total.Minor-goods), Currency: all.Total.Currency}
	o.readPayments(&all)
	o.readParcels(&all)
	all.Stage = o.stage(&all.Order)
	return all
}

// readPayments reads what was captured and what has gone back. Where payments do not come to the total, as while some are
// open, the order is told without them.
func (o *order) readPayments(all *connector.Order) {
	sum := int64(0)
	for _, c := range o.PaymentCollections {
		for _, p := range c.Payments {
			if p.CapturedAt == nil {
				continue
			}
			if all.Paid.IsZero() {
				all.Paid = *p.CapturedAt
			}
			paid := bot.Payment{ID: p.ID, Method: method(p.Provider), Amount: o.money(p.Amount)}
			sum += paid.Amount.Minor
			all.Payments = append(all.Payments, paid)
			for _, r := range p.Refunds {
				all.Refunds = append(all.Refunds, connector.Refund{ID: r.ID, Payment: p.ID, Task: o.taskOf(r), Amount: o.money(r.Amount),
					State: connector.Settled, At: r.CreatedAt})
			}
		}
	}
	if sum != all.Total.Minor {
		all.Payments = nil
	}
}

// taskOf is the task of a refund: in its note, or, without one, that of the cancellation it was made with.
func (o *order) taskOf(r refund) string {
	task, ok := strings.CutPrefix(r.Note, marked)
	switch {
	case ok && !strings.ContainsAny(task, " \t\n"):
		return task
	case r.Note == "" && o.CanceledAt != nil && r.CreatedAt.Sub(*o.CanceledAt).Abs() < atOnce:
		return connector.Automatic
	}
	return ""
}

// readParcels reads what has left: fulfillments that are shipped.
func (o *order) readParcels(all *connector.Order) {
	for _, f := range o.Fulfillments {
		if f.ShippedAt == nil || f.CanceledAt != nil {
			continue
		}
		p := bot.Parcel{ID: f.ID, Shipped: *f.ShippedAt}
		if f.DeliveredAt != nil {
			p.Delivered = *f.DeliveredAt
		}
		if len(f.Labels) > 0 {
			p.Code = f.Labels[0].Number
		}
		for _, i := range f.Items {
			p.Items = append(p.Items, bot.Part{ID: i.Line, Quantity: i.Quantity})
		}
		all.Parcels = append(all.Parcels, p)
	}
}

// stage is where the order stands: what has left counts first.
func (o *order) stage(all *bot.Order) bot.Stage {
	sent, arrived := map[string]int{}, true
	for _, p := range all.Parcels {
		arrived = arrived && !p.Delivered.IsZero()
		for _, part := range p.Items {
			sent[part.ID] += part.Quantity
		}
	}
	by, known := byPayment[o.PaymentStatus]
	switch {
	case len(all.Parcels) > 0 && slices.ContainsFunc(all.Items, func(i bot.Item) bool { return i.Ordered() > sent[i.ID] }):
		return bot.PartShipped
	case len(all.Parcels) > 0 && arrived:
		return bot.Delivered
	case len(all.Parcels) > 0:
		return bot.Shipped
	case o.Status == "canceled":
		return bot.Cancelled
	case !known || o.Status == "requires_action" || o.Status == "archived":
		return bot.Frozen
	}
	return by
}

// money is an amount of the order's currency; one that cannot be read is none, and then the order does not add up.
func (o *order) money(amount json.Number) bot.Money {
	currency := strings.ToUpper(o.Currency)
	m, err := bot.ReadMoney(amount.String() + " " + currency)
	if err != nil {
		return bot.Money{Currency: currency}
	}
	return m
}

// method is how it was paid, in the words of policies.
func method(provider string) string {
	if strings.HasPrefix(provider, "pp_stripe") {
		return "card"
	}
	return "other"
}
