package shop

import (
	"fmt"
	"slices"
	"strings"

	"nevermind/bot"
)

// paymentMethods are the ways of paying that every policy knows; a policy may name more under its refunds.
var paymentMethods = []string{"card", "bank", "wallet", "gift_card", "other"}

// Decode reads one order as the contract writes it; a payment method must be one that every policy knows or in the policy's
// refunds (p may be nil). Optional fields may be null or left out: times except placed_at, shipping_fee, coupon, tracking,
// image_url, and all that is read by whole; updated_at is then the latest of the times given and payment_method "other",
// where no payments are listed. What does not add up is a fault of its field (bot.Order.Check). The error is Faults, all
// of them at once.
func Decode(text []byte, p *bot.Policy) (bot.Order, error) {
	f := flatten(text, "an order")
	if f.faults != nil && len(f.at) == 0 {
		return bot.Order{}, f.faults
	}
	return f.order(p)
}

// maxName is how many characters of somebody's name are taken.
const maxName = 100

// order reads the whole document as an order. Every field is read even after a fault, so that all faults are found at once.
func (f *flatDocument) order(p *bot.Policy) (bot.Order, error) {
	currency := f.currency("currency")
	o := bot.Order{
		ID:        f.id("id"),
		Buyer:     bot.NewPersonID(bot.Buyer, f.id("buyer_id")),
		Seller:    bot.NewPersonID(bot.Seller, f.id("seller_id")),
		Stage:     f.stage("stage"),
		Placed:    f.time("placed_at", true),
		Paid:      f.time("paid_at", false),
		ShipBy:    f.time("ship_by", false),
		Shipped:   f.time("shipped_at", false),
		DeliverBy: f.time("deliver_by", false),
		Delivered: f.time("delivered_at", false),
		Updated:   f.time("updated_at", false),
		Country:   f.country("country"),
		Total:     f.money("total", currency, true),
		Shipping:  f.money("shipping_fee", currency, false),
		Coupon:    f.coupon(currency),
		Items:     f.items(currency),
	}
	o.BuyerName, o.SellerName = f.text("buyer_name", maxName, false), f.text("seller_name", maxName, false)
	if back := f.money("refunded", currency, false); !back.IsZero() {
		o.Refunded = back
	}
	f.take("tracking", object)
	o.Carrier, o.Tracking = f.text("tracking.carrier", 60, false), f.text("tracking.code", 64, false)
	o.Headed = f.country("tracking.destination")
	f.whole(&o, p)
	if o.Method = f.method("payment_method", p); o.Method == "" && len(o.Payments) == 0 {
		o.Method = "other"
	}
	f.refuseUnknown()
	if f.faults == nil {
		f.checkSums(&o)
	}
	if f.faults != nil {
		return bot.Order{}, f.faults
	}
	// A shop without update times still gets an order of updates, as good as its times allow.
	if o.Updated.IsZero() {
		o.Updated = lastChange(&o)
	}
	return o, nil
}

// stage reads one of the order's stages.
func (f *flatDocument) stage(name string) bot.Stage {
	s := bot.Stage(f.text(name, 40, true))
	if s != "" && !slices.Contains(bot.Stages, s) {
		f.addValueFault(name, string(s), 40, "not a stage", fmt.Sprintf("the stages are %v", bot.Stages))
	}
	return s
}

// method reads a way of paying: one that every policy knows or that this one names; empty where it is left out.
func (f *flatDocument) method(name string, p *bot.Policy) string {
	s := f.text(name, 40, false)
	if s == "" || slices.Contains(paymentMethods, s) {
		return s
	}
	if p != nil {
		if _, listed := p.Refunds[s]; listed {
			return s
		}
	}
	f.addValueFault(name, s, 40, "not a payment method that is known",
		"write card, bank, wallet, gift_card, other, or a name under refunds in the policy")
	return s
}

// country reads an ISO 3166 code of two letters.
func (f *flatDocument) country(name string) string {
	s := strings.ToUpper(f.text(name, 2, false))
	if s != "" && (len(s) != 2 || strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "") {
		f.addValueFault(name, s, 2, "not a country", "write the two letters of ISO 3166, such as ES")
	}
	return s
}

// coupon reads a discount code; without a code there is no coupon, whatever else is written.
func (f *flatDocument) coupon(currency string) bot.Coupon {
	f.take("coupon", object)
	c := bot.Coupon{Code: f.text("coupon.code", 64, false), Used: f.truth("coupon.used")}
	amount := f.money("coupon.amount", currency, false)
	if c.Code == "" {
		return bot.Coupon{}
	}
	c.Amount = amount
	return c
}

// items reads the order's lines: at least one, at most maxItems, each with an id of its own.
func (f *flatDocument) items(currency string) []bot.Item {
	list, ok := f.take("items", array)
	// A list of another type is a fault already.
	if (!ok || list.size == 0) && !f.lastFaultIs("items") {
		f.addFault("items", "no lines", "an order has at least one")
	}
	if list.size > maxItems {
		f.addFault("items", fmt.Sprintf("%d lines are too many", list.size), fmt.Sprintf("an order has at most %d", maxItems))
		list.size = 0
	}
	all, seen := make([]bot.Item, list.size), map[string]bool{}
	for i := range all {
		name := fmt.Sprintf("items[%d]", i)
		f.take(name, object)
		// Cancelled lines stay in the order, so that its total can be understood.
		all[i] = bot.Item{
			ID: f.id(name + ".id"), Title: f.text(name+".title", 300, true), Quantity: f.count(name + ".quantity"),
			Price: f.money(name+".price", currency, true), Image: f.link(name + ".image_url"), Cancelled: f.truth(name + ".cancelled"),
			URL: f.address(name + ".url"),
		}
		all[i].CancelledQuantity, all[i].Counted = f.cancelledQuantity(name + ".cancelled_quantity")
		if id := all[i].ID; id != "" && seen[id] {
			f.addValueFault(name+".id", id, 64, "the id of two lines", "give each line an id of its own")
		}
		// Ids of lines are what a partial cancellation names, so they must differ.
		seen[all[i].ID] = true
	}
	return all
}
