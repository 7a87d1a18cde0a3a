package web

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"nevermind/bot"
)

// orderView is an order as the shop panel shows it.
type orderView struct {
	ID       string       `json:"id"`
	Stage    bot.Stage    `json:"stage"`
	Title    string       `json:"title"`          // its first item
	More     bool         `json:"more,omitempty"` // there are others
	Total    string       `json:"total"`
	Method   string       `json:"method"`
	Placed   time.Time    `json:"placed"`
	Seller   personName   `json:"seller"`
	Tracking string       `json:"tracking,omitempty"`
	Acts     []string     `json:"acts"`
	Refunds  []refundView `json:"refunds"`
}

// refundView is a refund that the order book has posted.
type refundView struct {
	Task   string    `json:"task"`
	Amount string    `json:"amount"`
	State  string    `json:"state"` // pending, settled or failed
	Detail string    `json:"detail,omitempty"`
	At     time.Time `json:"at"`
}

// maxOrders is how many orders the shop panel lists.
const maxOrders = 50

// orders answers with a person's orders, newest first.
func (d *Demo) orders(w http.ResponseWriter, r *http.Request) error {
	found, err := d.engine.Store().OrdersOf(r.Context(), bot.PersonID(r.FormValue("person")), 0, maxOrders)
	if err != nil {
		return err
	}
	views := make([]orderView, 0, len(found))
	for i := range found {
		views = append(views, d.order(r.Context(), &found[i], acceptLanguage(r)))
	}
	return writeJSON(w, map[string]any{"orders": views})
}

// amount writes an amount as a reader's language does.
func (d *Demo) amount(m bot.Money, language string) string {
	if d.cfg.Words == nil {
		return m.String()
	}
	return d.cfg.Words.Amount(language, m)
}

// order is an order as the shop panel shows it to a reader, with what the shop can do next.
func (d *Demo) order(ctx context.Context, o *bot.Order, language string) orderView {
	v := orderView{
		ID: o.ID, Stage: o.Stage, Title: orderTitle(o.Items), More: len(o.Items) > 1,
		Total: d.amount(o.Total, language), Method: o.Method, Placed: o.Placed,
		Seller: personName{o.Seller, d.personName(ctx, o.Seller)}, Tracking: o.Tracking,
		Acts: shopActs(o.Stage), Refunds: []refundView{},
	}
	for _, p := range o.Book {
		if p.Do != "pay_refund" {
			continue
		}
		// The page calls a posting that is done a refund that is settled.
		state := p.State
		if state == "done" {
			state = "settled"
		}
		v.Refunds = append(v.Refunds, refundView{p.Task, d.amount(p.Amount, language), state, p.Detail, p.At})
	}
	return v
}

// orderTitle is the first line of an order.
func orderTitle(items []bot.Item) string {
	if len(items) == 0 {
		return ""
	}
	return items[0].Title
}

// shopActs lists what the shop can do with an order in a stage.
func shopActs(s bot.Stage) []string {
	switch s {
	case bot.Unpaid:
		return []string{"cancel"}
	case bot.Verifying:
		return []string{"confirm", "cancel"}
	case bot.Processing, bot.PartShipped:
		return []string{"ship", "cancel"}
	case bot.Shipped:
		return []string{"deliver"}
	}
	return []string{}
}

// shopAct does what a button of the shop panel says.
func (d *Demo) shopAct(w http.ResponseWriter, r *http.Request) error {
	var ask struct {
		Order string `json:"order"`
		Act   string `json:"act"`
		Task  string `json:"task"`
	}
	if err := readJSON(r, &ask); err != nil {
		return err
	}
	o, err := d.engine.Store().Order(r.Context(), ask.Order)
	if err != nil {
		return err
	}
	if err := d.doShopAct(r.Context(), &o, ask.Act, ask.Task); err != nil {
		return err
	}
	d.hints.tell("shop", o.ID)
	return writeJSON(w, map[string]string{"order": o.ID})
}

// doShopAct does an act, or settles a refund that is pending; ErrNotNow where the order does not allow it now.
func (d *Demo) doShopAct(ctx context.Context, o *bot.Order, act, task string) error {
	pending := slices.ContainsFunc(o.Book, func(p bot.Posting) bool { return p.Task == task && p.State == "pending" })
	// A refund can be settled in every stage; all else depends on the stage.
	money := act == "settle" || act == "fail"
	if money && !pending || !money && !slices.Contains(shopActs(o.Stage), act) {
		return ErrNotNow
	}
	switch act {
	case "confirm":
		return d.shop.Confirm(ctx, o.ID)
	case "ship":
		return d.shop.Ship(ctx, o.ID, trackingCode(o.ID))
	case "deliver":
		return d.shop.Deliver(ctx, o.ID)
	case "cancel":
		return d.shop.Cancel(ctx, o.ID)
	}
	return d.shop.Settle(ctx, o.ID, task, act == "settle")
}

// trackingCode makes up a code in the form that parcels carry, the same for the same order.
func trackingCode(order string) string {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, order)
	// Nine digits, as postal codes have them; the check digit is not worked out.
	digits = "000000000" + digits
	return "LP" + digits[len(digits)-9:] + "CN"
}
