// Package shop is the marketplace's side of Nevermind: its orders and cases as the contract writes them, in JSON and CSV,
// and the embedded order book, which is the shop where no other system is.
//
// Reading is strict and says everything that is wrong at once: Decode, DecodeEnded and DecodeLink read JSON, Import reads
// NDJSON and CSV, and each fails with Faults. Writing is pure: NewOrder, Encode and NewCase never fail.
//
// The order book does the tasks of cases against the stored order. Package hook does the same tasks against a shop behind
// webhooks and keeps the order book's postings beside them; package rest is the API by which a shop writes to Nevermind.
package shop

import (
	"encoding/json"
	"time"

	"nevermind/bot"
)

// Order is an order as the contract writes it: amounts are decimal strings in Currency, times RFC 3339 in UTC, optional
// values null or left out. The tags say so to the readers of the API's document, together with longer descriptions in
// rest/field_docs.go; Decode is what holds a shop to it.
type Order struct {
	ID          string       `json:"id" minLength:"1" maxLength:"64" example:"8123456789012345"`
	BuyerID     string       `json:"buyer_id" doc:"Your own id of the buyer" minLength:"1" maxLength:"64" example:"b-1"`
	SellerID    string       `json:"seller_id" doc:"Your own id of the seller" minLength:"1" maxLength:"64" example:"s-1"`
	BuyerName   string       `json:"buyer_name,omitempty" doc:"What the buyer is called" maxLength:"100" example:"Ana Torres"`
	SellerName  string       `json:"seller_name,omitempty" doc:"What the seller is called" maxLength:"100" example:"Lumen House"`
	Stage       bot.Stage    `json:"stage" doc:"Where the order stands" example:"processing"`
	PlacedAt    *time.Time   `json:"placed_at" nullable:"false" required:"true" example:"2026-11-20T09:00:00Z"`
	PaidAt      *time.Time   `json:"paid_at" required:"false" example:"2026-11-20T09:05:00Z"`
	ShipBy      *time.Time   `json:"ship_by" required:"false" doc:"By when the seller has to ship" example:"2026-11-27T00:00:00Z"`
	ShippedAt   *time.Time   `json:"shipped_at" required:"false"`
	DeliverBy   *time.Time   `json:"deliver_by" required:"false"`
	DeliveredAt *time.Time   `json:"delivered_at" required:"false"`
	UpdatedAt   *time.Time   `json:"updated_at" required:"false" example:"2026-11-20T09:05:00Z"`
	Method      string       `json:"payment_method" required:"false" nullable:"true" example:"card"`
	Country     string       `json:"country,omitempty" required:"false" nullable:"true" minLength:"2" maxLength:"2" example:"ES"`
	Currency    string       `json:"currency" doc:"ISO 4217" minLength:"3" maxLength:"3" example:"USD"`
	Total       string       `json:"total" doc:"What was paid: coupon off, shipping in; a decimal string" example:"24.90"`
	ShippingFee string       `json:"shipping_fee" required:"false" nullable:"true" example:"2.50"`
	Refunded    string       `json:"refunded,omitempty" required:"false" nullable:"true" example:"4.90"`
	Coupon      *OrderCoupon `json:"coupon" required:"false" doc:"The discount code, or null"`
	Tracking    OrderParcel  `json:"tracking" required:"false"`
	Items       []OrderItem  `json:"items" nullable:"false" minItems:"1" maxItems:"200"`

	// What the short forms above cannot say; each is left out where it is empty.
	URL           string            `json:"url,omitempty" required:"false" nullable:"true" maxLength:"2048"`
	PayURL        string            `json:"pay_url,omitempty" required:"false" nullable:"true" maxLength:"2048"`
	ReturnAddress string            `json:"return_address,omitempty" required:"false" nullable:"true" maxLength:"500"`
	Discounts     []OrderDiscount   `json:"discounts,omitempty" required:"false" maxItems:"200"`
	Parcels       []SentParcel      `json:"parcels,omitempty" required:"false" maxItems:"200"`
	Payments      []OrderPayment    `json:"payments,omitempty" required:"false" maxItems:"200"`
	Adjustments   []OrderAdjustment `json:"adjustments,omitempty" required:"false" maxItems:"200"`
}

// OrderCoupon is a discount code of an order.
type OrderCoupon struct {
	Code   string `json:"code" required:"false" maxLength:"64" example:"NOV5"`
	Amount string `json:"amount" required:"false" doc:"A decimal string in the order's currency" example:"5.00"`
	Used   bool   `json:"used" required:"false"`
}

// OrderParcel is what is known of an order's parcel.
type OrderParcel struct {
	Carrier string `json:"carrier" required:"false" maxLength:"60"`
	Code    string `json:"code" required:"false" maxLength:"64"`
	// Destination is left out where it is not known.
	Destination string `json:"destination,omitempty" required:"false" nullable:"true" minLength:"2" maxLength:"2" example:"ES"`
}

// OrderItem is one line of an order.
type OrderItem struct {
	ID        string `json:"id" doc:"The line's id, unlike any other in this order" minLength:"1" maxLength:"64" example:"1"`
	Title     string `json:"title" minLength:"1" maxLength:"300" example:"Bamboo lamp"`
	Quantity  int    `json:"quantity" minimum:"1" maximum:"100000" example:"1"`
	Price     string `json:"price" doc:"The whole line's price" example:"22.40"`
	ImageURL  string `json:"image_url" required:"false" nullable:"true" maxLength:"2048" example:""`
	Cancelled bool   `json:"cancelled,omitempty" doc:"The line has been cancelled"`

	CancelledQuantity *int   `json:"cancelled_quantity,omitempty" required:"false" nullable:"true" minimum:"0"`
	URL               string `json:"url,omitempty" required:"false" nullable:"true" maxLength:"2048"`
}

// Encode writes an order as the contract has it, on one line; Decode reads it again.
func Encode(o bot.Order) []byte {
	text, _ := json.Marshal(NewOrder(o)) // strings, numbers and times within RFC 3339 cannot fail
	return text
}

// NewOrder writes an order as the contract has it. Ids of people lose the party in front of them, and amounts take the
// currency of the order's total.
func NewOrder(o bot.Order) Order {
	_, buyer := o.Buyer.Split()
	_, seller := o.Seller.Split()
	w := Order{
		ID: o.ID, BuyerID: buyer, SellerID: seller, Stage: o.Stage,
		PlacedAt: optionalTime(o.Placed), PaidAt: optionalTime(o.Paid), UpdatedAt: optionalTime(o.Updated),
		ShipBy: optionalTime(o.ShipBy), ShippedAt: optionalTime(o.Shipped),
		DeliverBy: optionalTime(o.DeliverBy), DeliveredAt: optionalTime(o.Delivered),
		Method: o.Method, Country: o.Country, Currency: o.Total.Currency, Total: o.Total.Amount(),
		ShippingFee: bot.Money{Minor: o.Shipping.Minor, Currency: o.Total.Currency}.Amount(),
		Tracking:    OrderParcel{o.Carrier, o.Tracking, o.Headed}, Items: []OrderItem{},
	}
	if !o.Refunded.IsZero() {
		w.Refunded = o.Refunded.Amount()
	}
	if c := o.Coupon; c.Code != "" {
		w.Coupon = &OrderCoupon{c.Code, bot.Money{Minor: c.Amount.Minor, Currency: o.Total.Currency}.Amount(), c.Used}
	}
	for n := range o.Items {
		i := &o.Items[n]
		w.Items = append(w.Items,
			OrderItem{i.ID, i.Title, i.Quantity, i.Price.Amount(), i.Image, i.Cancelled, countedQuantity(i), i.URL})
	}
	w.addWhole(&o)
	return w
}

// optionalTime is a time in UTC, or nil for one that is not known, which JSON writes as null.
func optionalTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}
