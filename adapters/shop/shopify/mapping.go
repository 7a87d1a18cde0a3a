package shopify

import (
	"strings"
	"time"

	"nevermind/adapters/shop/connector"
	"nevermind/bot"
)

// money is Shopify's MoneyBag, in the shop's currency.
type money struct {
	ShopMoney struct{ Amount, CurrencyCode string }
}

// read is the amount; one that cannot be read is none, and then the order does not add up and is not taken.
func (m money) read() bot.Money {
	amount, err := bot.ReadMoney(m.ShopMoney.Amount + " " + m.ShopMoney.CurrencyCode)
	if err != nil {
		return bot.Money{Currency: m.ShopMoney.CurrencyCode}
	}
	return amount
}

type (
	reference struct{ ID string }
	lineItems struct {
		Nodes []struct {
			Quantity int
			LineItem reference
		}
	}
	transaction struct {
		ID, Kind, Status, Gateway string
		ProcessedAt               time.Time
		AmountSet                 money
		ParentTransaction         *reference
	}
	refund struct {
		ID, Note        string
		CreatedAt       time.Time
		Transactions    struct{ Nodes []transaction }
		RefundLineItems lineItems
	}
	fulfillment struct {
		ID, Status           string
		CreatedAt            time.Time
		DeliveredAt          *time.Time
		TrackingInfo         []struct{ Company, Number, URL string }
		FulfillmentLineItems lineItems
	}
	order struct {
		ID, Name, DisplayFinancialStatus, DisplayFulfillmentStatus, StatusPageURL string
		CreatedAt, UpdatedAt                                                      time.Time
		ProcessedAt, CancelledAt                                                  *time.Time
		Customer                                                                  *struct{ ID, DisplayName string }
		ShippingAddress                                                           *struct{ CountryCodeV2 string }
		Cancellation                                                              *struct{ StaffNote string }
		TotalPriceSet                                                             money
		LineItems                                                                 struct {
			Nodes []struct {
				ID, Title, Vendor         string
				Quantity, CurrentQuantity int
				DiscountedTotalSet        money
			}
		}
		Fulfillments []fulfillment
		Transactions []transaction
		Refunds      []refund
	}
)

// byPayment says where an order stands by Shopify's displayFinancialStatus, as far as nothing has left and it is not cancelled.
// EXPIRED and VOIDED took no money. One that is not here is frozen.
var byPayment = map[string]bot.Stage{
	"PENDING": bot.Unpaid, "EXPIRED": bot.Unpaid, "VOIDED": bot.Unpaid, "AUTHORIZED": bot.Verifying, "PARTIALLY_PAID": bot.Verifying,
	"PAID": bot.Processing, "PARTIALLY_REFUNDED": bot.Processing, "REFUNDED": bot.Processing,
}

// onHold are the values of displayFulfillmentStatus in which only people decide.
var onHold = map[string]bool{"ON_HOLD": true, "PENDING_FULFILLMENT": true, "REQUEST_DECLINED": true}

// refundStates are Shopify's states of a transaction in our words; one that is not here is pending.
var refundStates = map[string]connector.RefundState{
	"SUCCESS": connector.Settled, "FAILURE": connector.Failed, "ERROR": connector.Failed,
}

// read is the order in our words. A Shopify shop is one seller.
func (o *order) read() connector.Order {
	buyer, seller := bot.NewPersonID(bot.Buyer, "guest-"+o.Name), bot.NewPersonID(bot.Seller, "shop")
	all := connector.Order{Key: o.ID, Changed: o.UpdatedAt, Names: map[bot.PersonID]string{}, Order: bot.Order{
		ID: strings.TrimPrefix(o.Name, "#"), Seller: seller, Placed: o.CreatedAt, Updated: o.UpdatedAt, URL: o.StatusPageURL,
		Total: o.TotalPriceSet.read(),
	}}
	if o.Customer != nil {
		buyer = bot.NewPersonID(bot.Buyer, last(o.Customer.ID))
		all.Names[buyer] = o.Customer.DisplayName
	}
	if all.Buyer = buyer; o.ShippingAddress != nil {
		all.Country = o.ShippingAddress.CountryCodeV2
	}
	goods := int64(0)
	for _, l := range o.LineItems.Nodes {
		price := l.DiscountedTotalSet.read()
		goods += price.Minor
		all.Items = append(all.Items, bot.Item{ID: l.ID, Title: l.Title, Quantity: l.Quantity, Price: price, Counted: true,
			CancelledQuantity: l.Quantity - l.CurrentQuantity, Cancelled: l.CurrentQuantity == 0})
	}
	all.Shipping = bot.Money{Minor: max(0, all.Total.Minor-goods), Currency: all.Total.Currency}
	o.readMoney(&all)
	o.readParcels(&all)
	all.Stage = o.stage(&all.Order)
	return all
}

// readMoney reads what was paid, what has gone back, and the tasks that cancelled something.
func (o *order) readMoney(all *connector.Order) {
	for _, t := range o.Transactions {
		if (t.Kind == "SALE" || t.Kind == "CAPTURE") && t.Status == "SUCCESS" {
			p := bot.Payment{ID: t.ID + " " + t.Gateway, Method: method(t.Gateway), Amount: t.AmountSet.read()}
			all.Payments, all.Paid = append(all.Payments, p), t.ProcessedAt
		}
	}
	for _, r := range o.Refunds {
		if len(r.RefundLineItems.Nodes) > 0 && ours(r.Note) != "" {
			all.Cancellations = append(all.Cancellations, r.Note)
		}
		for _, t := range r.Transactions.Nodes {
			state, known := refundStates[t.Status]
			if !known {
				state = connector.Pending
			}
			back := connector.Refund{ID: t.ID, Task: ours(r.Note), Amount: t.AmountSet.read(), State: state, At: r.CreatedAt}
			for _, p := range all.Payments {
				if t.ParentTransaction != nil && strings.HasPrefix(p.ID, t.ParentTransaction.ID+" ") {
					back.Payment = p.ID
				}
			}
			all.Refunds = append(all.Refunds, back)
		}
	}
	if o.Cancellation != nil && ours(o.Cancellation.StaffNote) != "" {
		all.Cancellations = append(all.Cancellations, o.Cancellation.StaffNote)
	}
}

// readParcels reads what has left: fulfillments that were not cancelled and did not fail.
func (o *order) readParcels(all *connector.Order) {
	for _, f := range o.Fulfillments {
		if f.Status != "SUCCESS" {
			continue
		}
		p := bot.Parcel{ID: f.ID, Shipped: f.CreatedAt}
		if f.DeliveredAt != nil {
			p.Delivered = *f.DeliveredAt
		}
		if len(f.TrackingInfo) > 0 {
			p.Carrier, p.Code, p.URL = f.TrackingInfo[0].Company, f.TrackingInfo[0].Number, f.TrackingInfo[0].URL
		}
		for _, l := range f.FulfillmentLineItems.Nodes {
			p.Items = append(p.Items, bot.Part{ID: l.LineItem.ID, Quantity: l.Quantity})
		}
		all.Parcels = append(all.Parcels, p)
	}
}

// stage is where the order stands: what has left counts first, then whether it is cancelled, then the money. All lines taken
// out one by one are an order cancelled, though Shopify does not call it so.
func (o *order) stage(all *bot.Order) bot.Stage {
	sent, arrived, open, gone := map[string]int{}, true, 0, true
	for _, p := range all.Parcels {
		arrived = arrived && !p.Delivered.IsZero()
		for _, part := range p.Items {
			sent[part.ID] += part.Quantity
		}
	}
	for _, i := range all.Items {
		open += max(0, i.Ordered()-i.Gone()-sent[i.ID])
		gone = gone && i.Gone() == i.Ordered()
	}
	by, known := byPayment[o.DisplayFinancialStatus]
	switch {
	case len(all.Parcels) > 0 && open > 0 && o.CancelledAt == nil:
		return bot.PartShipped
	case len(all.Parcels) > 0 && arrived:
		return bot.Delivered
	case len(all.Parcels) > 0:
		return bot.Shipped
	case o.CancelledAt != nil || gone:
		return bot.Cancelled
	case !known || onHold[o.DisplayFulfillmentStatus]:
		return bot.Frozen
	}
	return by
}

// ours is the task in a note; "" where people wrote it.
func ours(note string) string {
	if strings.HasPrefix(note, "T-") && !strings.ContainsAny(note, " \t\n") {
		return note
	}
	return ""
}

// last is what stands behind the last slash of a global id.
func last(id string) string { return id[strings.LastIndex(id, "/")+1:] }

// method is how it was paid, in the words of policies.
func method(gateway string) string {
	switch gateway {
	case "shopify_payments", "stripe", "bogus":
		return "card"
	case "gift_card":
		return gateway
	case "paypal", "shop_pay":
		return "wallet"
	case "bank_deposit", "manual":
		return "bank"
	}
	return "other"
}
