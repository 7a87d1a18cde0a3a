package record

import "nevermind/bot"

// money is an amount.
type money struct {
	Minor    int64  `cbor:"1,keyasint,omitempty"` // in the currency's smallest unit
	Currency string `cbor:"2,keyasint,omitempty"` // ISO 4217
}

// Order is an order as the shop last said it, and the book of what was done about it.
type Order struct {
	ID        string       `cbor:"1,keyasint,omitempty"` // the shop's number
	Buyer     bot.PersonID `cbor:"2,keyasint,omitempty"`
	Seller    bot.PersonID `cbor:"3,keyasint,omitempty"`
	Stage     bot.Stage    `cbor:"4,keyasint,omitempty"` // where it stands
	Placed    Instant      `cbor:"5,keyasint,omitempty"` // when it was ordered
	Paid      Instant      `cbor:"6,keyasint,omitempty"`
	ShipBy    Instant      `cbor:"7,keyasint,omitempty"` // when it must have been sent
	Shipped   Instant      `cbor:"8,keyasint,omitempty"`
	DeliverBy Instant      `cbor:"9,keyasint,omitempty"` // when it must have arrived
	Delivered Instant      `cbor:"10,keyasint,omitempty"`
	Updated   Instant      `cbor:"11,keyasint,omitempty"` // by the shop's clock
	Method    string       `cbor:"12,keyasint,omitempty"` // the payment method
	Total     money        `cbor:"13,keyasint,omitzero"`  // what was paid: coupon off, shipping in
	Shipping  money        `cbor:"14,keyasint,omitzero"`
	Coupon    coupon       `cbor:"15,keyasint,omitzero"`
	Carrier   string       `cbor:"16,keyasint,omitempty"`
	Tracking  string       `cbor:"17,keyasint,omitempty"`
	Items     []item       `cbor:"18,keyasint,omitempty"`
	Book      []posting    `cbor:"19,keyasint,omitempty"` // what the embedded order book has done
	Version   int64        `cbor:"20,keyasint,omitempty"` // only of an order that a journal entry looked at
	Country   string       `cbor:"21,keyasint,omitempty"` // where it goes, ISO 3166
	Refunded  money        `cbor:"22,keyasint,omitzero"`  // what the shop has paid back by itself
	Headed    string       `cbor:"23,keyasint,omitempty"`

	URL           string       `cbor:"24,keyasint,omitempty"`
	PayURL        string       `cbor:"25,keyasint,omitempty"`
	ReturnAddress string       `cbor:"26,keyasint,omitempty"`
	Discounts     []discount   `cbor:"27,keyasint,omitempty"`
	Parcels       []parcel     `cbor:"28,keyasint,omitempty"`
	Payments      []payment    `cbor:"29,keyasint,omitempty"`
	Adjustments   []adjustment `cbor:"30,keyasint,omitempty"`
	Boxes         []box        `cbor:"31,keyasint,omitempty"` // what is about people, cut out of all of it
}

// item is one line of an order.
type item struct {
	ID        string `cbor:"1,keyasint,omitempty"`
	Title     string `cbor:"2,keyasint,omitempty"`
	Quantity  int    `cbor:"3,keyasint,omitempty"`
	Price     money  `cbor:"4,keyasint,omitzero"` // of the whole line
	Image     string `cbor:"5,keyasint,omitempty"`
	Cancelled bool   `cbor:"6,keyasint,omitempty"` // taken out of the order

	CancelledQuantity int    `cbor:"7,keyasint,omitempty"`
	Counted           bool   `cbor:"8,keyasint,omitempty"`
	URL               string `cbor:"9,keyasint,omitempty"`
}

// coupon is what was taken off the price.
type coupon struct {
	Code   string `cbor:"1,keyasint,omitempty"`
	Amount money  `cbor:"2,keyasint,omitzero"`
	Used   bool   `cbor:"3,keyasint,omitempty"`
}

// posting is one line of an order's book: a command that moves money or stock, and how it ended.
type posting struct {
	Task   string  `cbor:"1,keyasint,omitempty"` // the task that asked for it
	Do     string  `cbor:"2,keyasint,omitempty"` // the command
	Amount money   `cbor:"3,keyasint,omitzero"`
	State  string  `cbor:"4,keyasint,omitempty"` // pending, done or failed
	Detail string  `cbor:"5,keyasint,omitempty"` // why it failed
	At     Instant `cbor:"6,keyasint,omitempty"`

	Items    []part         `cbor:"7,keyasint,omitempty"`
	Payments []paymentShare `cbor:"8,keyasint,omitempty"`
	Parcel   string         `cbor:"9,keyasint,omitempty"`
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
	Shipped   Instant `cbor:"6,keyasint,omitempty"`
	DeliverBy Instant `cbor:"7,keyasint,omitempty"`
	Delivered Instant `cbor:"8,keyasint,omitempty"`
	Items     []part  `cbor:"9,keyasint,omitempty"`
	Heard     Instant `cbor:"10,keyasint,omitempty"` // when something new was last put about it
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
	At      Instant              `cbor:"6,keyasint,omitempty"`
	Task    string               `cbor:"7,keyasint,omitempty"`
}

// Person is a buyer, a seller or an agent; its fields convert from bot.Person's as they are.
type Person struct {
	ID       bot.PersonID `cbor:"1,keyasint,omitempty"` // <party>:<id>
	Name     string       `cbor:"2,keyasint,omitempty"`
	Language string       `cbor:"3,keyasint,omitempty"`  // BCP 47
	Zone     string       `cbor:"4,keyasint,omitempty"`  // IANA time zone
	Accounts []string     `cbor:"5,keyasint,omitempty"`  // <adapter>:<id>
	Rooms    []bot.Room   `cbor:"6,keyasint,omitempty"`  // where their cards go
	Version  int64        `cbor:"7,keyasint,omitempty"`  // only of a person whom a journal entry looked at
	Settings bot.Facts    `cbor:"8,keyasint,omitempty"`  // what they have chosen
	Shut     []bot.Room   `cbor:"9,keyasint,omitempty"`  // rooms in which they have blocked the bot
	Former   []string     `cbor:"10,keyasint,omitempty"` // chats that were theirs
}

func newOrder(o *bot.Order) Order {
	return Order{
		ID: o.ID, Buyer: o.Buyer, Seller: o.Seller, Stage: o.Stage,
		Placed: ToInstant(o.Placed), Paid: ToInstant(o.Paid), ShipBy: ToInstant(o.ShipBy), Shipped: ToInstant(o.Shipped),
		DeliverBy: ToInstant(o.DeliverBy), Delivered: ToInstant(o.Delivered), Updated: ToInstant(o.Updated),
		Method: o.Method, Total: money(o.Total), Shipping: money(o.Shipping),
		Coupon:  coupon{o.Coupon.Code, money(o.Coupon.Amount), o.Coupon.Used},
		Carrier: o.Carrier, Tracking: o.Tracking, Items: MapSlice(o.Items, newItem), Book: MapSlice(o.Book, newPosting),
		Version: o.Version, Country: o.Country, Refunded: money(o.Refunded), Headed: o.Headed,
		URL: o.URL, PayURL: o.PayURL, ReturnAddress: o.ReturnAddress, Discounts: MapSlice(o.Discounts, newDiscount),
		Parcels: MapSlice(o.Parcels, newParcel), Payments: MapSlice(o.Payments, newPayment),
		Adjustments: MapSlice(o.Adjustments, newAdjustment),
	}
}

func (o *Order) bot() bot.Order {
	return bot.Order{
		ID: o.ID, Buyer: o.Buyer, Seller: o.Seller, Stage: o.Stage,
		Placed: o.Placed.Time(), Paid: o.Paid.Time(), ShipBy: o.ShipBy.Time(), Shipped: o.Shipped.Time(),
		DeliverBy: o.DeliverBy.Time(), Delivered: o.Delivered.Time(), Updated: o.Updated.Time(),
		Method: o.Method, Total: bot.Money(o.Total), Shipping: bot.Money(o.Shipping),
		Coupon:  bot.Coupon{Code: o.Coupon.Code, Amount: bot.Money(o.Coupon.Amount), Used: o.Coupon.Used},
		Carrier: o.Carrier, Tracking: o.Tracking, Items: MapSlice(o.Items, item.bot), Book: MapSlice(o.Book, posting.bot),
		Version: o.Version, Country: o.Country, Refunded: bot.Money(o.Refunded), Headed: o.Headed,
		URL: o.URL, PayURL: o.PayURL, ReturnAddress: o.ReturnAddress, Discounts: MapSlice(o.Discounts, discount.bot),
		Parcels: MapSlice(o.Parcels, parcel.bot), Payments: MapSlice(o.Payments, payment.bot),
		Adjustments: MapSlice(o.Adjustments, adjustment.bot),
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
	return posting{p.Task, p.Do, money(p.Amount), p.State, p.Detail, ToInstant(p.At),
		MapSlice(p.Items, newPart), MapSlice(p.Payments, newShare), p.Parcel}
}

func (p posting) bot() bot.Posting {
	return bot.Posting{
		Task: p.Task, Do: p.Do, Amount: bot.Money(p.Amount), State: p.State, Detail: p.Detail, At: p.At.Time(),
		Items: MapSlice(p.Items, part.bot), Payments: MapSlice(p.Payments, paymentShare.bot), Parcel: p.Parcel,
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
		p.ID, p.Carrier, p.Code, p.Headed, p.URL, ToInstant(p.Shipped), ToInstant(p.DeliverBy), ToInstant(p.Delivered),
		MapSlice(p.Items, newPart), ToInstant(p.Heard),
	}
}

func (p parcel) bot() bot.Parcel {
	return bot.Parcel{
		ID: p.ID, Carrier: p.Carrier, Code: p.Code, Headed: p.Headed, URL: p.URL, Shipped: p.Shipped.Time(),
		DeliverBy: p.DeliverBy.Time(), Delivered: p.Delivered.Time(), Items: MapSlice(p.Items, part.bot), Heard: p.Heard.Time(),
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
	return adjustment{a.ID, a.Type, money(a.Amount), a.Payment, a.Status, ToInstant(a.At), a.Task}
}

func (a adjustment) bot() bot.Adjustment {
	return bot.Adjustment{
		ID: a.ID, Type: a.Type, Amount: bot.Money(a.Amount), Payment: a.Payment, Status: a.Status, At: a.At.Time(), Task: a.Task,
	}
}
