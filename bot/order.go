package bot

import (
	"time"
)

// Stage is where an order stands (S01).
type Stage string

// The stages of an order, as the contract names them.
const (
	Unpaid      Stage = "unpaid"
	Verifying   Stage = "verifying" // the payment is being confirmed: locked (S09, Q3)
	Processing  Stage = "processing"
	PartShipped Stage = "part_shipped"
	Shipped     Stage = "shipped"
	Delivered   Stage = "delivered"
	Completed   Stage = "completed"
	Cancelled   Stage = "cancelled"
	Frozen      Stage = "frozen" // only people can decide
)

// Stages lists every stage in the order of an order's life.
var Stages = []Stage{Unpaid, Verifying, Processing, PartShipped, Shipped, Delivered, Completed, Cancelled, Frozen}

// Order is what the shop says about an order; times that are not known are zero.
type Order struct {
	ID        string
	Buyer     PersonID
	Seller    PersonID
	Stage     Stage
	Placed    time.Time
	Paid      time.Time
	ShipBy    time.Time
	Shipped   time.Time
	DeliverBy time.Time
	Delivered time.Time
	Updated   time.Time // by the shop's clock; an older one never overwrites a newer one
	Method    string    // how it was paid: "card"
	Refunded  Money     `json:",omitzero"`  // what the shop says it has paid back by itself, without being asked here
	Country   string    `json:",omitempty"` // ISO 3166, where it is delivered; "" is not known
	Total     Money     // what was paid: coupon off, shipping in
	Shipping  Money
	Coupon    Coupon
	Carrier   string
	Tracking  string
	Headed    string `json:",omitempty"` // ISO 3166, where the carrier says the parcel goes; "" is not known
	Items     []Item
	Book      []Posting // what the embedded order book has done; the shop's own puts leave it alone
	Version   int64

	// The order as large as it is. Each field is left out of the JSON where it is empty: journals of older versions keep
	// their hashes. Whole spells out the short forms above, and Normalize writes them from these.
	URL           string       `json:",omitempty"` // the order's page in the shop
	PayURL        string       `json:",omitempty"` // where an unpaid order is paid
	ReturnAddress string       `json:",omitempty"` // lines of text
	Discounts     []Discount   `json:",omitempty"`
	Parcels       []Parcel     `json:",omitempty"`
	Payments      []Payment    `json:",omitempty"` // in the order in which they were paid
	Adjustments   []Adjustment `json:",omitempty"`

	// What the shop calls the two, said along with a put: it becomes theirs, and is not kept with the order.
	BuyerName  string `json:"-"`
	SellerName string `json:"-"`
}

// Item is one line of an order; Price is the line's whole price.
type Item struct {
	ID        string
	Title     string
	Quantity  int
	Price     Money
	Image     string
	Cancelled bool // the whole line

	CancelledQuantity int    `json:",omitempty"` // how many are cancelled, where Counted
	Counted           bool   `json:",omitempty"` // the shop counts what of the line is cancelled: a part of it can be
	URL               string `json:",omitempty"` // its page in the shop
}

// Coupon is a discount code of an order; an empty Code means none.
type Coupon struct {
	Code   string
	Amount Money
	Used   bool
}

// Posting is one act of the embedded order book, under the id of the task that asked for it.
type Posting struct {
	Task   string
	Do     string // "cancel_order" or "pay_refund"
	Amount Money
	State  string // "pending", "done", "failed", or "bounced": done, and come back since
	Detail string
	At     time.Time

	Items    []Part         `json:",omitempty"` // the quantities it is about; none is the whole order, or what older versions did
	Payments []PaymentShare `json:",omitempty"` // where a refund goes back to; they add up to Amount
	Parcel   string         `json:",omitempty"` // the parcel whose goods a refund is about; "" is no single one
}

// Events names what has happened to an order between two puts, as events for the conversations about it: what became of
// the goods, then what became of the money. A delivery implies the shipping, so both are named where the shipping was not
// seen.
func (o *Order) Events(before *Order) []string {
	return append(o.moved(before), o.moneyEvents(before)...)
}

// moved names what a change of stage means.
func (o *Order) moved(before *Order) []string {
	if o.Stage == before.Stage {
		if len(o.Parcels) > 1 && len(before.parcels()) > 0 && len(o.NewParcels(before)) > 0 {
			return []string{"parcel_added"}
		}
		if o.Tracking != "" && (o.Tracking != before.Tracking || o.Carrier != before.Carrier) {
			return []string{"tracking_changed"}
		}
		return nil
	}
	switch o.Stage {
	case Processing:
		return []string{"order_unlocked"}
	case PartShipped, Shipped:
		return []string{"order_shipped"}
	case Delivered, Completed:
		if before.HasLeft() {
			return []string{"order_delivered"}
		}
		return []string{"order_shipped", "order_delivered"}
	case Cancelled:
		return []string{"order_cancelled"}
	default:
		return []string{"order_changed"}
	}
}

// HasLeft says whether the order, or a part of it, has left the seller.
func (o *Order) HasLeft() bool {
	return o.Stage == PartShipped || o.Stage == Shipped || o.Stage == Delivered || o.Stage == Completed
}

// WasPaid says whether money has been taken for the order: the shop says when, or has gone on with it.
func (o *Order) WasPaid() bool {
	switch o.Stage {
	case Unpaid:
		return false
	case Processing, PartShipped, Shipped, Delivered, Completed:
		return true
	}
	return !o.Paid.IsZero()
}

// Cancel ends the order; that it was paid is not forgotten where the shop never said when.
func (o *Order) Cancel(at time.Time) {
	if o.WasPaid() && o.Paid.IsZero() {
		o.Paid = at
	}
	o.Stage = Cancelled
}
