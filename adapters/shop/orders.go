// Package shop is the marketplace's side: its orders as JSON and CSV, and the embedded order book that is the shop where
// no other system is.
package shop

import (
	"encoding/json"
	"time"

	"nevermind/bot"
)

// wire is an order as the contract writes it.
type wire struct {
	ID          string       `json:"id"`
	BuyerID     string       `json:"buyer_id"`
	SellerID    string       `json:"seller_id"`
	Stage       bot.Stage    `json:"stage"`
	PlacedAt    *time.Time   `json:"placed_at"`
	PaidAt      *time.Time   `json:"paid_at"`
	ShipBy      *time.Time   `json:"ship_by"`
	ShippedAt   *time.Time   `json:"shipped_at"`
	DeliverBy   *time.Time   `json:"deliver_by"`
	DeliveredAt *time.Time   `json:"delivered_at"`
	UpdatedAt   *time.Time   `json:"updated_at"`
	Method      string       `json:"payment_method"`
	Currency    string       `json:"currency"`
	Total       string       `json:"total"`
	ShippingFee string       `json:"shipping_fee"`
	Coupon      *wireCoupon  `json:"coupon"`
	Tracking    wireTracking `json:"tracking"`
	Items       []wireItem   `json:"items"`
}

type wireCoupon struct {
	Code   string `json:"code"`
	Amount string `json:"amount"`
	Used   bool   `json:"used"`
}

type wireTracking struct {
	Carrier string `json:"carrier"`
	Code    string `json:"code"`
}

type wireItem struct {
	ID        string `json:"id"`
	Title     string `json:"title"`
	Quantity  int    `json:"quantity"`
	Price     string `json:"price"`
	ImageURL  string `json:"image_url"`
	Cancelled bool   `json:"cancelled,omitempty"`
}

// Encode writes an order as the contract has it, on one line; Decode reads it again.
func Encode(o bot.Order) []byte {
	_, buyer := o.Buyer.Split()
	_, seller := o.Seller.Split()
	w := wire{
		ID: o.ID, BuyerID: buyer, SellerID: seller, Stage: o.Stage,
		PlacedAt: when(o.Placed), PaidAt: when(o.Paid), ShipBy: when(o.ShipBy), ShippedAt: when(o.Shipped),
		DeliverBy: when(o.DeliverBy), DeliveredAt: when(o.Delivered), UpdatedAt: when(o.Updated),
		Method: o.Method, Currency: o.Total.Currency, Total: o.Total.Amount(),
		ShippingFee: bot.Money{Minor: o.Shipping.Minor, Currency: o.Total.Currency}.Amount(),
		Tracking:    wireTracking{o.Carrier, o.Tracking}, Items: []wireItem{},
	}
	if c := o.Coupon; c.Code != "" {
		w.Coupon = &wireCoupon{c.Code, bot.Money{Minor: c.Amount.Minor, Currency: o.Total.Currency}.Amount(), c.Used}
	}
	for _, i := range o.Items {
		w.Items = append(w.Items, wireItem{i.ID, i.Title, i.Quantity, i.Price.Amount(), i.Image, i.Cancelled})
	}
	text, _ := json.Marshal(w) // strings, numbers and times within RFC 3339 cannot fail
	return text
}

func when(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}
