package bolt

import "nevermind/bot"

type money struct {
	Minor    int64  `cbor:"1,keyasint,omitempty"`
	Currency string `cbor:"2,keyasint,omitempty"`
}

type order struct {
	ID        string       `cbor:"1,keyasint,omitempty"`
	Buyer     bot.PersonID `cbor:"2,keyasint,omitempty"`
	Seller    bot.PersonID `cbor:"3,keyasint,omitempty"`
	Stage     bot.Stage    `cbor:"4,keyasint,omitempty"`
	Placed    instant      `cbor:"5,keyasint,omitempty"`
	Paid      instant      `cbor:"6,keyasint,omitempty"`
	ShipBy    instant      `cbor:"7,keyasint,omitempty"`
	Shipped   instant      `cbor:"8,keyasint,omitempty"`
	DeliverBy instant      `cbor:"9,keyasint,omitempty"`
	Delivered instant      `cbor:"10,keyasint,omitempty"`
	Updated   instant      `cbor:"11,keyasint,omitempty"`
	Method    string       `cbor:"12,keyasint,omitempty"`
	Total     money        `cbor:"13,keyasint,omitzero"`
	Shipping  money        `cbor:"14,keyasint,omitzero"`
	Coupon    coupon       `cbor:"15,keyasint,omitzero"`
	Carrier   string       `cbor:"16,keyasint,omitempty"`
	Tracking  string       `cbor:"17,keyasint,omitempty"`
	Items     []item       `cbor:"18,keyasint,omitempty"`
	Book      []posting    `cbor:"19,keyasint,omitempty"`
	Version   int64        `cbor:"20,keyasint,omitempty"` // only of an order that a journal entry looked at
	Country   string       `cbor:"21,keyasint,omitempty"`
	Refunded  money        `cbor:"22,keyasint,omitzero"`
	Headed    string       `cbor:"23,keyasint,omitempty"`

	URL           string       `cbor:"24,keyasint,omitempty"`
	PayURL        string       `cbor:"25,keyasint,omitempty"`
	ReturnAddress string       `cbor:"26,keyasint,omitempty"`
	Discounts     []discount   `cbor:"27,keyasint,omitempty"`
	Parcels       []parcel     `cbor:"28,keyasint,omitempty"`
	Payments      []payment    `cbor:"29,keyasint,omitempty"`
	Adjustments   []adjustment `cbor:"30,keyasint,omitempty"`
}

type item struct {
	ID        string `cbor:"1,keyasint,omitempty"`
	Title     string `cbor:"2,keyasint,omitempty"`
	Quantity  int    `cbor:"3,keyasint,omitempty"`
	Price     money  `cbor:"4,keyasint,omitzero"`
	Image     string `cbor:"5,keyasint,omitempty"`
	Cancelled bool   `cbor:"6,keyasint,omitempty"`

	CancelledQuantity int    `cbor:"7,keyasint,omitempty"`
	Counted           bool   `cbor:"8,keyasint,omitempty"`
	URL               string `cbor:"9,keyasint,omitempty"`
}

type coupon struct {
	Code   string `cbor:"1,keyasint,omitempty"`
	Amount money  `cbor:"2,keyasint,omitzero"`
	Used   bool   `cbor:"3,keyasint,omitempty"`
}

type posting struct {
	Task   string  `cbor:"1,keyasint,omitempty"`
	Do     string  `cbor:"2,keyasint,omitempty"`
	Amount money   `cbor:"3,keyasint,omitzero"`
	State  string  `cbor:"4,keyasint,omitempty"`
	Detail string  `cbor:"5,keyasint,omitempty"`
	At     instant `cbor:"6,keyasint,omitempty"`

	Items    []part         `cbor:"7,keyasint,omitempty"`
	Payments []paymentShare `cbor:"8,keyasint,omitempty"`
}

type part struct {
	ID       string `cbor:"1,keyasint,omitempty"`
	Quantity int    `cbor:"2,keyasint,omitempty"`
}

type discount struct {
	Code   string   `cbor:"1,keyasint,omitempty"`
	Amount money    `cbor:"2,keyasint,omitzero"`
	Items  []string `cbor:"3,keyasint,omitempty"`
	Used   bool     `cbor:"4,keyasint,omitempty"`
}

type parcel struct {
	ID        string  `cbor:"1,keyasint,omitempty"`
	Carrier   string  `cbor:"2,keyasint,omitempty"`
	Code      string  `cbor:"3,keyasint,omitempty"`
	Headed    string  `cbor:"4,keyasint,omitempty"`
	URL       string  `cbor:"5,keyasint,omitempty"`
	Shipped   instant `cbor:"6,keyasint,omitempty"`
	DeliverBy instant `cbor:"7,keyasint,omitempty"`
	Delivered instant `cbor:"8,keyasint,omitempty"`
	Items     []part  `cbor:"9,keyasint,omitempty"`
}

type payment struct {
	ID     string `cbor:"1,keyasint,omitempty"`
	Method string `cbor:"2,keyasint,omitempty"`
	Amount money  `cbor:"3,keyasint,omitzero"`
}

type paymentShare struct {
	ID     string `cbor:"1,keyasint,omitempty"`
	Amount money  `cbor:"2,keyasint,omitzero"`
}

type adjustment struct {
	ID      string               `cbor:"1,keyasint,omitempty"`
	Type    bot.AdjustmentType   `cbor:"2,keyasint,omitempty"`
	Amount  money                `cbor:"3,keyasint,omitzero"`
	Payment string               `cbor:"4,keyasint,omitempty"`
	Status  bot.AdjustmentStatus `cbor:"5,keyasint,omitempty"`
	At      instant              `cbor:"6,keyasint,omitempty"`
	Task    string               `cbor:"7,keyasint,omitempty"`
}

type person struct {
	ID       bot.PersonID `cbor:"1,keyasint,omitempty"`
	Name     string       `cbor:"2,keyasint,omitempty"`
	Language string       `cbor:"3,keyasint,omitempty"`
	Zone     string       `cbor:"4,keyasint,omitempty"`
	Accounts []string     `cbor:"5,keyasint,omitempty"`
	Rooms    []bot.Room   `cbor:"6,keyasint,omitempty"`
	Version  int64        `cbor:"7,keyasint,omitempty"` // only of a person whom a journal entry looked at
	Settings bot.Facts    `cbor:"8,keyasint,omitempty"`
	Shut     []bot.Room   `cbor:"9,keyasint,omitempty"`
}

func newOrder(o *bot.Order) order {
	return order{
		ID: o.ID, Buyer: o.Buyer, Seller: o.Seller, Stage: o.Stage,
		Placed: at(o.Placed), Paid: at(o.Paid), ShipBy: at(o.ShipBy), Shipped: at(o.Shipped),
		DeliverBy: at(o.DeliverBy), Delivered: at(o.Delivered), Updated: at(o.Updated),
		Method: o.Method, Total: money(o.Total), Shipping: money(o.Shipping),
		Coupon:  coupon{o.Coupon.Code, money(o.Coupon.Amount), o.Coupon.Used},
		Carrier: o.Carrier, Tracking: o.Tracking, Items: each(o.Items, newItem), Book: each(o.Book, newPosting),
		Version: o.Version, Country: o.Country, Refunded: money(o.Refunded), Headed: o.Headed,
		URL: o.URL, PayURL: o.PayURL, ReturnAddress: o.ReturnAddress, Discounts: each(o.Discounts, newDiscount),
		Parcels: each(o.Parcels, newParcel), Payments: each(o.Payments, newPayment), Adjustments: each(o.Adjustments, newAdjustment),
	}
}

func (o *order) bot() bot.Order {
	return bot.Order{
		ID: o.ID, Buyer: o.Buyer, Seller: o.Seller, Stage: o.Stage,
		Placed: o.Placed.time(), Paid: o.Paid.time(), ShipBy: o.ShipBy.time(), Shipped: o.Shipped.time(),
		DeliverBy: o.DeliverBy.time(), Delivered: o.Delivered.time(), Updated: o.Updated.time(),
		Method: o.Method, Total: bot.Money(o.Total), Shipping: bot.Money(o.Shipping),
		Coupon:  bot.Coupon{Code: o.Coupon.Code, Amount: bot.Money(o.Coupon.Amount), Used: o.Coupon.Used},
		Carrier: o.Carrier, Tracking: o.Tracking, Items: each(o.Items, item.bot), Book: each(o.Book, posting.bot),
		Version: o.Version, Country: o.Country, Refunded: bot.Money(o.Refunded), Headed: o.Headed,
		URL: o.URL, PayURL: o.PayURL, ReturnAddress: o.ReturnAddress, Discounts: each(o.Discounts, discount.bot),
		Parcels: each(o.Parcels, parcel.bot), Payments: each(o.Payments, payment.bot), Adjustments: each(o.Adjustments, adjustment.bot),
	}
}

func newItem(i bot.Item) item {
	return item{i.ID, i.Title, i.Quantity, money(i.Price), i.Image, i.Cancelled, i.CancelledQuantity, i.Counted, i.URL}
}

func (i item) bot() bot.Item {
	return bot.Item{
		ID: i.ID, Title: i.Title, Quantity: i.Quantity, Price: bot.Money(i.Price), Image: i.Image, Cancelled: i.Cancelled,
		CancelledQuantity: i.CancelledQuantity, Counted: i.Counted, URL: i.URL,
	}
}

func newPosting(p bot.Posting) posting {
	return posting{p.Task, p.Do, money(p.Amount), p.State, p.Detail, at(p.At), each(p.Items, newPart), each(p.Payments, newShare)}
}

func (p posting) bot() bot.Posting {
	return bot.Posting{
		Task: p.Task, Do: p.Do, Amount: bot.Money(p.Amount), State: p.State, Detail: p.Detail, At: p.At.time(),
		Items: each(p.Items, part.bot), Payments: each(p.Payments, paymentShare.bot),
	}
}

func newPart(p bot.Part) part { return part(p) }

func (p part) bot() bot.Part { return bot.Part(p) }

func newDiscount(d bot.Discount) discount {
	return discount{d.Code, money(d.Amount), d.Items, d.Used}
}

func (d discount) bot() bot.Discount {
	return bot.Discount{Code: d.Code, Amount: bot.Money(d.Amount), Items: d.Items, Used: d.Used}
}

func newParcel(p bot.Parcel) parcel {
	return parcel{
		p.ID, p.Carrier, p.Code, p.Headed, p.URL, at(p.Shipped), at(p.DeliverBy), at(p.Delivered), each(p.Items, newPart),
	}
}

func (p parcel) bot() bot.Parcel {
	return bot.Parcel{
		ID: p.ID, Carrier: p.Carrier, Code: p.Code, Headed: p.Headed, URL: p.URL, Shipped: p.Shipped.time(),
		DeliverBy: p.DeliverBy.time(), Delivered: p.Delivered.time(), Items: each(p.Items, part.bot),
	}
}

func newPayment(p bot.Payment) payment { return payment{p.ID, p.Method, money(p.Amount)} }

func (p payment) bot() bot.Payment {
	return bot.Payment{ID: p.ID, Method: p.Method, Amount: bot.Money(p.Amount)}
}

func newShare(s bot.PaymentShare) paymentShare { return paymentShare{s.ID, money(s.Amount)} }

func (s paymentShare) bot() bot.PaymentShare {
	return bot.PaymentShare{ID: s.ID, Amount: bot.Money(s.Amount)}
}

func newAdjustment(a bot.Adjustment) adjustment {
	return adjustment{a.ID, a.Type, money(a.Amount), a.Payment, a.Status, at(a.At), a.Task}
}

func (a adjustment) bot() bot.Adjustment {
	return bot.Adjustment{
		ID: a.ID, Type: a.Type, Amount: bot.Money(a.Amount), Payment: a.Payment, Status: a.Status, At: a.At.time(), Task: a.Task,
	}
}
