package storetest

import (
	"fmt"
	"slices"

	"nevermind/bot"
)

// peopleAndOrders: orders and people are versioned on their own and listed by their indexes.
var peopleAndOrders = []behaviour{
	{"orders and people have versions of their own", func(h *fixture) {
		h.refused(bot.ErrStale, bot.Commit{Order: &bot.Order{ID: "1", Version: 1}})
		h.refused(bot.ErrStale, bot.Commit{Person: &bot.Person{ID: "buyer:b", Version: 1}})
		h.commit(0, bot.Commit{Order: &bot.Order{ID: "1"}})
		h.commit(0, bot.Commit{Person: &bot.Person{ID: "buyer:b"}})
		h.each(func() {
			h.refused(bot.ErrStale, bot.Commit{Order: &bot.Order{ID: "1"}})
			h.refused(bot.ErrStale, bot.Commit{Person: &bot.Person{ID: "buyer:b"}})
		})
		h.commit(0, bot.Commit{Order: &bot.Order{ID: "1", Version: 1, Stage: bot.Shipped}})
		h.commit(0, bot.Commit{Person: &bot.Person{ID: "buyer:b", Version: 1, Name: "Ana"}})
		o, err := h.Order(h.Context(), "1")
		h.equal("order", ok(h, err, o), bot.Order{ID: "1", Version: 2, Stage: bot.Shipped})
		p, err := h.Person(h.Context(), "buyer:b")
		h.equal("person", ok(h, err, p), bot.Person{ID: "buyer:b", Version: 2, Name: "Ana"})
	}},
	{"a person is found by every account they have now", func(h *fixture) {
		h.commit(0, bot.Commit{Person: &bot.Person{ID: "buyer:b", Accounts: []string{"telegram:1", "slack:U1"}}})
		h.each(func() { h.accounts(map[string]string{"telegram:1": "buyer:b", "slack:U1": "buyer:b", "slack:U2": ""}) })
		h.commit(0, bot.Commit{Person: &bot.Person{ID: "buyer:b", Accounts: []string{"slack:U2", "slack:U1"}, Version: 1}})
		h.each(func() { h.accounts(map[string]string{"telegram:1": "", "slack:U1": "buyer:b", "slack:U2": "buyer:b"}) })
	}},
	{"an account belongs to whom it was given last", func(h *fixture) {
		h.commit(0, bot.Commit{Person: &bot.Person{ID: "buyer:b", Accounts: []string{"telegram:1"}}})
		h.commit(0, bot.Commit{Person: &bot.Person{ID: "seller:s", Accounts: []string{"telegram:1"}}})
		h.accounts(map[string]string{"telegram:1": "seller:s"})
		h.commit(0, bot.Commit{Person: &bot.Person{ID: "buyer:b", Version: 1}})
		h.accounts(map[string]string{"telegram:1": "seller:s"})
	}},
	{"a buyer's and a seller's orders are listed newest first, by pages", func(h *fixture) {
		for i := range 5 {
			h.order(fmt.Sprint("b/1", i), "buyer:b", "seller:s", i)
		}
		h.order("b/21", "buyer:b", "seller:t", 2)
		h.order("b/22", "buyer:b", "seller:t", 2)
		h.order("other", "buyer:bb", "seller:s", 9)
		h.order("never", "buyer:b", "seller:t", -1)
		h.each(func() {
			h.ordersOf("buyer:b", 0, 3, "b/14", "b/13", "b/22")
			h.ordersOf("buyer:b", 3, 3, "b/21", "b/12", "b/11")
			h.ordersOf("buyer:b", 6, 3, "b/10", "never")
			h.ordersOf("buyer:b", 8, 3)
			h.ordersOf("buyer:b", 0, 0)
			h.ordersOf("seller:s", 0, 2, "other", "b/14")
			h.ordersOf("seller:none", 0, 2)
		})
	}},
	{"an order moves with its date and its people", func(h *fixture) {
		h.order("1", "buyer:b", "seller:s", 1)
		h.order("2", "buyer:b", "seller:s", 2)
		h.commit(0, bot.Commit{Order: &bot.Order{ID: "1", Buyer: "buyer:b", Seller: "seller:t", Placed: minutes(3), Version: 1}})
		h.each(func() {
			h.ordersOf("buyer:b", 0, 9, "1", "2")
			h.ordersOf("seller:s", 0, 9, "2")
			h.ordersOf("seller:t", 0, 9, "1")
		})
	}},
	{"people of one party are listed once, by pages", func(h *fixture) {
		for _, id := range []bot.PersonID{"seller:c", "buyer:x", "seller:a", "seller:b", "support:desk"} {
			h.commit(0, bot.Commit{Person: &bot.Person{ID: id}})
		}
		h.each(func() {
			var all []bot.PersonID
			for after, n := bot.PersonID(""), 2; n == 2; {
				page, err := h.People(h.Context(), bot.Seller, after, 2)
				for n = len(ok(h, err, page)); len(page) > 0; page = page[1:] {
					after = page[0].ID
					all = append(all, after)
				}
			}
			slices.Sort(all)
			h.equal("sellers", all, []bot.PersonID{"seller:a", "seller:b", "seller:c"})
			h.people(bot.Buyer, "", 9, "buyer:x")
			h.people(bot.Shop, "", 9)
		})
	}},
}

// accounts wants each account to belong to the person, or to nobody.
func (h *fixture) accounts(want map[string]string) {
	h.Helper()
	for account, id := range want {
		p, err := h.PersonAt(h.Context(), account)
		if id == "" {
			h.wantErr(err, bot.ErrNone)
			continue
		}
		h.equal(account, ok(h, err, p.ID), bot.PersonID(id))
	}
}

func (h *fixture) order(id string, buyer, seller bot.PersonID, placed int) {
	h.Helper()
	o := &bot.Order{ID: id, Buyer: buyer, Seller: seller, Placed: minutes(placed)}
	if placed < 0 {
		o.Placed = start.AddDate(-100, 0, 0)
	}
	h.commit(0, bot.Commit{Order: o})
}

func (h *fixture) ordersOf(who bot.PersonID, skip, n int, want ...string) {
	h.Helper()
	got, err := h.OrdersOf(h.Context(), who, skip, n)
	ids := make([]string, 0, len(got))
	for _, o := range ok(h, err, got) {
		ids = append(ids, o.ID)
	}
	h.equal(fmt.Sprint("orders of ", who), ids, append([]string{}, want...))
}

func (h *fixture) people(p bot.Party, after bot.PersonID, n int, want ...bot.PersonID) {
	h.Helper()
	got, err := h.People(h.Context(), p, after, n)
	ids := make([]bot.PersonID, 0, len(got))
	for _, who := range ok(h, err, got) {
		ids = append(ids, who.ID)
	}
	h.equal(fmt.Sprint("people of ", p), ids, append([]bot.PersonID{}, want...))
}
