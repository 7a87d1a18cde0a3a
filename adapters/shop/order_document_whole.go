package shop

import (
	"time"

	"nevermind/bot"
)

// OrderDiscount is what is taken off some lines of an order, or off all of it.
type OrderDiscount struct {
	Code   string   `json:"code" required:"false" maxLength:"64" example:"NOV5"`
	Amount string   `json:"amount" doc:"A decimal string in the order's currency" example:"5.00"`
	Items  []string `json:"items" required:"false" maxItems:"200" example:"[\"1\"]"`
	Used   bool     `json:"used" required:"false"`
}

// OrderPart is a quantity of one line.
type OrderPart struct {
	ID       string `json:"id" doc:"The line's id" minLength:"1" maxLength:"64" example:"1"`
	Quantity int    `json:"quantity" minimum:"1" maximum:"100000" example:"1"`
}

// SentParcel is one of the parcels in which an order is sent.
type SentParcel struct {
	ID          string      `json:"id" doc:"Your own id of the parcel" minLength:"1" maxLength:"64" example:"p-1"`
	Carrier     string      `json:"carrier" required:"false" nullable:"true" maxLength:"60" example:"Royal Mail"`
	Code        string      `json:"code" required:"false" nullable:"true" maxLength:"64" example:"RB123456785GB"`
	Destination string      `json:"destination,omitempty" required:"false" nullable:"true" minLength:"2" maxLength:"2" example:"ES"`
	URL         string      `json:"url,omitempty" required:"false" nullable:"true" maxLength:"2048"`
	ShippedAt   *time.Time  `json:"shipped_at" required:"false"`
	DeliverBy   *time.Time  `json:"deliver_by" required:"false"`
	DeliveredAt *time.Time  `json:"delivered_at" required:"false"`
	Items       []OrderPart `json:"items" required:"false" maxItems:"200"`
}

// OrderPayment is one way in which an order, or a part of it, was paid.
type OrderPayment struct {
	ID     string `json:"id" doc:"Your own id of the payment" minLength:"1" maxLength:"64" example:"pay-1"`
	Method string `json:"method" minLength:"1" maxLength:"40" example:"gift_card"`
	Amount string `json:"amount" doc:"A decimal string in the order's currency" example:"20.00"`
}

// OrderAdjustment is money that has moved after an order was paid.
type OrderAdjustment struct {
	ID      string     `json:"id" doc:"Your own id of it" minLength:"1" maxLength:"64" example:"a-1"`
	Type    string     `json:"type" enum:"refund,chargeback,price_adjustment"`
	Amount  string     `json:"amount" doc:"A decimal string in the order's currency" example:"44.70"`
	Payment string     `json:"payment,omitempty" required:"false" nullable:"true" maxLength:"64" example:"pay-2"`
	Status  string     `json:"status" enum:"open,completed,reversed"`
	At      *time.Time `json:"at" required:"false"`
	TaskID  string     `json:"task_id,omitempty" required:"false" nullable:"true" maxLength:"64"`
}

// addWhole adds what the short forms cannot say; a list that is empty is left out.
func (w *Order) addWhole(o *bot.Order) {
	w.URL, w.PayURL, w.ReturnAddress = o.URL, o.PayURL, o.ReturnAddress
	amount := func(m bot.Money) string { return bot.Money{Minor: m.Minor, Currency: o.Total.Currency}.Amount() }
	for _, d := range o.Discounts {
		w.Discounts = append(w.Discounts, OrderDiscount{d.Code, amount(d.Amount), append([]string{}, d.Items...), d.Used})
	}
	for _, p := range o.Parcels {
		w.Parcels = append(w.Parcels, SentParcel{
			ID: p.ID, Carrier: p.Carrier, Code: p.Code, Destination: p.Headed, URL: p.URL, ShippedAt: optionalTime(p.Shipped),
			DeliverBy: optionalTime(p.DeliverBy), DeliveredAt: optionalTime(p.Delivered), Items: orderParts(p.Items),
		})
	}
	for _, p := range o.Payments {
		w.Payments = append(w.Payments, OrderPayment{p.ID, p.Method, amount(p.Amount)})
	}
	for _, a := range o.Adjustments {
		w.Adjustments = append(w.Adjustments, OrderAdjustment{
			a.ID, string(a.Type), amount(a.Amount), a.Payment, string(a.Status), optionalTime(a.At), a.Task,
		})
	}
}

// orderParts writes quantities; never nil, so that JSON shows a list.
func orderParts(parts []bot.Part) []OrderPart {
	all := []OrderPart{}
	for _, p := range parts {
		all = append(all, OrderPart{p.ID, p.Quantity})
	}
	return all
}

// countedQuantity is how much of a line is cancelled where the shop counts it; nil where it does not.
func countedQuantity(i *bot.Item) *int {
	if !i.Counted {
		return nil
	}
	gone := i.Gone()
	return &gone
}
