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
}

type item struct {
	ID        string `cbor:"1,keyasint,omitempty"`
	Title     string `cbor:"2,keyasint,omitempty"`
	Quantity  int    `cbor:"3,keyasint,omitempty"`
	Price     money  `cbor:"4,keyasint,omitzero"`
	Image     string `cbor:"5,keyasint,omitempty"`
	Cancelled bool   `cbor:"6,keyasint,omitempty"`
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
		Placed: toInstant(o.Placed), Paid: toInstant(o.Paid), ShipBy: toInstant(o.ShipBy), Shipped: toInstant(o.Shipped),
		DeliverBy: toInstant(o.DeliverBy), Delivered: toInstant(o.Delivered), Updated: toInstant(o.Updated),
		Method: o.Method, Total: money(o.Total), Shipping: money(o.Shipping),
		Coupon:  coupon{o.Coupon.Code, money(o.Coupon.Amount), o.Coupon.Used},
		Carrier: o.Carrier, Tracking: o.Tracking, Items: mapSlice(o.Items, newItem), Book: mapSlice(o.Book, newPosting),
		Version: o.Version, Country: o.Country, Refunded: money(o.Refunded), Headed: o.Headed,
	}
}

func (o *order) bot() bot.Order {
	return bot.Order{
		ID: o.ID, Buyer: o.Buyer, Seller: o.Seller, Stage: o.Stage,
		Placed: o.Placed.time(), Paid: o.Paid.time(), ShipBy: o.ShipBy.time(), Shipped: o.Shipped.time(),
		DeliverBy: o.DeliverBy.time(), Delivered: o.Delivered.time(), Updated: o.Updated.time(),
		Method: o.Method, Total: bot.Money(o.Total), Shipping: bot.Money(o.Shipping),
		Coupon:  bot.Coupon{Code: o.Coupon.Code, Amount: bot.Money(o.Coupon.Amount), Used: o.Coupon.Used},
		Carrier: o.Carrier, Tracking: o.Tracking, Items: mapSlice(o.Items, item.bot), Book: mapSlice(o.Book, posting.bot),
		Version: o.Version, Country: o.Country, Refunded: bot.Money(o.Refunded), Headed: o.Headed,
	}
}

func newItem(i bot.Item) item {
	return item{i.ID, i.Title, i.Quantity, money(i.Price), i.Image, i.Cancelled}
}

func (i item) bot() bot.Item {
	return bot.Item{
		ID: i.ID, Title: i.Title, Quantity: i.Quantity, Price: bot.Money(i.Price), Image: i.Image, Cancelled: i.Cancelled,
	}
}

func newPosting(p bot.Posting) posting {
	return posting{p.Task, p.Do, money(p.Amount), p.State, p.Detail, toInstant(p.At)}
}

func (p posting) bot() bot.Posting {
	return bot.Posting{Task: p.Task, Do: p.Do, Amount: bot.Money(p.Amount), State: p.State, Detail: p.Detail, At: p.At.time()}
}
