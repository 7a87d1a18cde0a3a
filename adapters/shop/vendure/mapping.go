package vendure

import (
	"slices"
	"strings"
	"time"

	"nevermind/adapters/shop/connector"
	"nevermind/bot"
)

// order is an order as Vendure shows it.
type order struct {
	ID, Code, Type, State    string
	Active                   bool
	UpdatedAt, OrderPlacedAt time.Time
	CurrencyCode             string
	TotalWithTax             int64
	Customer                 *struct{ ID, FirstName, LastName string }
	ShippingAddress          *struct{ CountryCode string }
	Channels                 []struct {
		Code   string
		Seller *struct{ ID, Name string }
	}
	Lines        []orderLine
	Payments     []payment
	Fulfillments []fulfillment
	History      struct{ Items []historyEntry }
	SellerOrders []order
}

type orderLine struct {
	ID                            string
	Quantity, OrderPlacedQuantity int
	ProratedUnitPriceWithTax      int64
	ProductVariant                struct{ Name string }
	FeaturedAsset                 *struct{ Preview string }
}

type payment struct {
	ID, State, Method    string
	Amount               int64
	CreatedAt, UpdatedAt time.Time
	Refunds              []refund
}

type refund struct {
	ID, State, Reason    string
	Total                int64
	CreatedAt, UpdatedAt time.Time
}

type fulfillment struct {
	ID, State, Method, TrackingCode string
	CreatedAt, UpdatedAt            time.Time
	Lines                           []struct {
		OrderLineID string
		Quantity    int
	}
}

type historyEntry struct {
	Type      string
	CreatedAt time.Time
	Data      struct {
		Reason        string
		FulfillmentID any
		To            string
	}
}

// stages says where an order in each of Vendure's states stands, as far as nothing has left; what has left is told by the
// fulfillments. A state that is not here, one of the shop's own, is frozen: only people can decide.
var stages = map[string]bot.Stage{
	"ArrangingPayment":           bot.Unpaid,
	"PaymentAuthorized":          bot.Verifying, // not captured: there is nothing to pay back yet
	"PaymentSettled":             bot.Processing,
	"PartiallyShipped":           bot.Processing,
	"Shipped":                    bot.Processing,
	"PartiallyDelivered":         bot.Processing,
	"Delivered":                  bot.Processing,
	"Modifying":                  bot.Frozen, // an administrator is at it
	"ArrangingAdditionalPayment": bot.Frozen,
	"Cancelled":                  bot.Cancelled,
}

// refundStates are Vendure's states of a refund in our words; one that is not here is pending.
var refundStates = map[string]connector.RefundState{
	"Pending": connector.Pending, "Settled": connector.Settled, "Failed": connector.Failed,
}

// sold says whether it is an order of one seller that was placed.
func (o *order) sold() bool {
	return o.Type != "Aggregate" && !o.Active && !o.OrderPlacedAt.IsZero() && o.State != "Draft" && o.State != "Created"
}

// read is the order in our words.
func (o *order) read(page string) connector.Order {
	buyer, seller, names := o.people()
	all := connector.Order{Key: o.ID, Changed: o.UpdatedAt, Names: names, Order: bot.Order{
		ID: o.Code, Buyer: buyer, Seller: seller, Placed: o.OrderPlacedAt, Updated: o.lastTouched(),
		URL: strings.ReplaceAll(page, "{code}", o.Code),
	}}
	if o.ShippingAddress != nil {
		all.Country = strings.ToUpper(o.ShippingAddress.CountryCode)
	}
	o.readLines(&all)
	o.readPayments(&all)
	o.readParcels(&all)
	o.readHistory(&all)
	all.Stage = o.stage(&all.Order)
	return all
}

// people are the buyer and the seller. A seller is the channel that is not the marketplace's own; where there is none the
// marketplace sells by itself.
func (o *order) people() (buyer, seller bot.PersonID, names map[bot.PersonID]string) {
	names = map[bot.PersonID]string{}
	buyer, seller = bot.NewPersonID(bot.Buyer, "guest-"+o.Code), bot.NewPersonID(bot.Seller, "marketplace")
	if c := o.Customer; c != nil {
		buyer = bot.NewPersonID(bot.Buyer, c.ID)
		names[buyer] = strings.TrimSpace(c.FirstName + " " + c.LastName)
	}
	for _, c := range o.Channels {
		if c.Code == "__default_channel__" {
			continue
		}
		seller = bot.NewPersonID(bot.Seller, c.Code)
		if c.Seller != nil {
			names[seller] = c.Seller.Name
		}
	}
	return buyer, seller, names
}

// readLines reads quantities as they were ordered, with what is cancelled of them.
func (o *order) readLines(all *connector.Order) {
	for _, l := range o.Lines {
		ordered := max(l.OrderPlacedQuantity, l.Quantity)
		if ordered < 1 {
			continue // a line that was added and taken away again while the order was modified
		}
		i := bot.Item{
			ID: l.ID, Title: l.ProductVariant.Name, Quantity: ordered,
			Price:   o.money(l.ProratedUnitPriceWithTax * int64(ordered)),
			Counted: true, CancelledQuantity: ordered - l.Quantity, Cancelled: l.Quantity == 0,
		}
		if l.FeaturedAsset != nil {
			i.Image = l.FeaturedAsset.Preview
		}
		all.Items = append(all.Items, i)
	}
}

// readPayments reads what was paid and what has gone back. What was paid beyond the goods is the delivery, with surcharges and
// what rounding has left; what was paid less is a discount.
func (o *order) readPayments(all *connector.Order) {
	paid, goods := int64(0), int64(0)
	for _, p := range o.Payments {
		if p.State != "Settled" {
			continue
		}
		paid += p.Amount
		if all.Paid.IsZero() || p.UpdatedAt.Before(all.Paid) {
			all.Paid = p.CreatedAt
		}
		all.Payments = append(all.Payments, bot.Payment{ID: p.ID, Method: method(p.Method), Amount: o.money(p.Amount)})
		for _, r := range p.Refunds {
			all.Refunds = append(all.Refunds, o.readRefund(&p, r))
		}
	}
	if len(all.Payments) == 0 {
		paid = o.TotalWithTax
	}
	for _, i := range all.Items {
		goods += i.Price.Minor
	}
	all.Total, all.Shipping = o.money(paid), o.money(max(0, paid-goods))
	if paid < goods {
		all.Discounts = []bot.Discount{{Amount: o.money(goods - paid), Used: true}}
	}
}

func (o *order) readRefund(p *payment, r refund) connector.Refund {
	state, known := refundStates[r.State]
	if !known {
		state = connector.Pending
	}
	return connector.Refund{ID: r.ID, Payment: p.ID, Task: taskIn(r.Reason), Amount: o.money(r.Total), State: state, At: r.CreatedAt}
}

// marked is what stands in a reason before a task's id, for the shop's people to read.
const marked = "Nevermind "

// taskIn is the task that a reason names; "" where people wrote it.
func taskIn(reason string) string {
	if task, ok := strings.CutPrefix(reason, marked); ok && !strings.ContainsAny(task, " \t\n") {
		return task
	}
	return ""
}

// method is how it was paid, in the words of policies: a payment method's code, or what it begins with.
func method(code string) string {
	for _, known := range []string{"card", "bank", "wallet", "gift_card"} {
		if code == known || strings.HasPrefix(code, known+"-") {
			return known
		}
	}
	return "other"
}

// readParcels reads what has left. A fulfillment that is only being packed has not.
func (o *order) readParcels(all *connector.Order) {
	for _, f := range o.Fulfillments {
		if f.State != "Shipped" && f.State != "Delivered" {
			continue
		}
		p := bot.Parcel{ID: f.ID, Carrier: f.Method, Code: f.TrackingCode, Shipped: o.reached(f.ID, "Shipped", f.UpdatedAt)}
		if f.State == "Delivered" {
			p.Delivered = o.reached(f.ID, "Delivered", f.UpdatedAt)
		}
		for _, l := range f.Lines {
			p.Items = append(p.Items, bot.Part{ID: l.OrderLineID, Quantity: l.Quantity})
		}
		all.Parcels = append(all.Parcels, p)
	}
}

// reached is when a fulfillment came to a state, by the order's history.
func (o *order) reached(id, state string, unknown time.Time) time.Time {
	for _, h := range o.History.Items {
		if h.Type == "ORDER_FULFILLMENT_TRANSITION" && h.Data.To == state && asID(h.Data.FulfillmentID) == id {
			return h.CreatedAt
		}
	}
	return unknown
}

// readHistory finds the tasks for which something was cancelled.
func (o *order) readHistory(all *connector.Order) {
	for _, h := range o.History.Items {
		if task := taskIn(h.Data.Reason); h.Type == "ORDER_CANCELLATION" && task != "" {
			all.Cancellations = append(all.Cancellations, task)
		}
	}
}

// stage is where the order stands. Parcels come first: Vendure cancels an order whose goods have left.
func (o *order) stage(all *bot.Order) bot.Stage {
	by, known := stages[o.State]
	if !known {
		by = bot.Frozen
	}
	if len(all.Parcels) == 0 || by == bot.Frozen {
		return by
	}
	sent, arrived := map[string]int{}, true
	for _, p := range all.Parcels {
		arrived = arrived && !p.Delivered.IsZero()
		for _, part := range p.Items {
			sent[part.ID] += part.Quantity
		}
	}
	if slices.ContainsFunc(all.Items, func(i bot.Item) bool { return i.Ordered()-i.Gone() > sent[i.ID] }) {
		return bot.PartShipped
	}
	if arrived {
		return bot.Delivered
	}
	return bot.Shipped
}

// lastTouched is the latest time that anything about the order has: Vendure does not move the order's own for everything.
func (o *order) lastTouched() time.Time {
	last := o.UpdatedAt
	later := func(at time.Time) {
		if at.After(last) {
			last = at
		}
	}
	for _, p := range o.Payments {
		later(p.UpdatedAt)
		for _, r := range p.Refunds {
			later(r.UpdatedAt)
		}
	}
	for _, f := range o.Fulfillments {
		later(f.UpdatedAt)
	}
	for _, h := range o.History.Items {
		later(h.CreatedAt)
	}
	return last
}

func (o *order) money(minor int64) bot.Money {
	return bot.Money{Minor: minor, Currency: o.CurrencyCode}
}
