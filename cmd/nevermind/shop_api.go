package main

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"nevermind/adapters/shop"
	"nevermind/adapters/shop/rest"
	"nevermind/bot"
)

// routeAPI leads every path under /v1 to the API, whatever it looks like: a mux would redirect an odd one, and there every
// answer but what was asked for is a problem.
func routeAPI(api, rest http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v1" || strings.HasPrefix(r.URL.Path, "/v1/") {
			api.ServeHTTP(w, r)
			return
		}
		rest.ServeHTTP(w, r)
	})
}

// restPage is the API's documentation as a page, where there is a key to use the API with.
func (s *site) restPage() (http.Handler, error) {
	if !s.APIKey.set() && s.keys.Len() == 0 {
		return http.NotFoundHandler(), nil
	}
	return s.api().Page()
}

// api is the shop's API under /v1.
func (s *site) api() *rest.API {
	return rest.New(rest.Config{
		Key: s.APIKey.text(), Keys: s.keys, Engine: s.engine, Put: s.putOrder, End: s.commandEnded, Bot: s.botName,
		PolicyOf: s.engine.Policies().Of, Report: s.makeReport,
		Address: s.PublicURL, Version: versionName(), Meter: s.metrics, Log: s.log,
	})
}

// putOrder stores an order as the shop says it, and makes sure that the buyer and the seller it
// names are people of the store. It returns the order as it is held now.
func (h *house) putOrder(ctx context.Context, o bot.Order) (bot.Order, error) {
	named := []bot.Person{{ID: o.Buyer, Name: o.BuyerName}, {ID: o.Seller, Name: o.SellerName}}
	o.BuyerName, o.SellerName = "", "" // they are the people's, not the order's
	held, err := h.engine.PutOrder(ctx, o)
	if err != nil {
		return held, err
	}
	for _, p := range named {
		if err := h.ensurePerson(ctx, p.ID, p.Name); err != nil {
			return held, err
		}
	}
	return held, nil
}

// commandEnded tells the case how a command to the shop has ended, and keeps it in the order's
// book. A shop calls until it is answered, so it is idempotent. bot.ErrNone: nobody has asked for
// that command.
func (s *site) commandEnded(ctx context.Context, task string, e shop.Ended) error {
	switch {
	case s.hook != nil:
		return s.hook.End(ctx, task, e)
	case s.connected != nil && !e.Bounced:
		return bot.ErrNone // the shop's system is asked, and was sent no command
	}
	return s.bookCommandEnded(ctx, task, e)
}

// bookCommandEnded is commandEnded where the embedded order book is the shop.
func (s *site) bookCommandEnded(ctx context.Context, task string, e shop.Ended) error {
	if e.Bounced {
		return s.engine.Bounced(ctx, task, e.Detail)
	}
	r, err := s.store.Task(ctx, task)
	if err != nil {
		return err
	}
	o, err := s.engine.Order(ctx, r.Task.Order)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(o.Book, func(p bot.Posting) bool { return p.Task == task }) {
		return bot.ErrNone // the book has not been asked yet, so nobody can know of it
	}
	counter := newDemoShop(false, s.now)
	counter.Engine = s.engine
	return counter.endCommand(ctx, &r, e)
}

// botName is what the Telegram bot is called, once its adapter has asked Telegram; empty until
// then.
func (s *site) botName() string {
	for _, a := range s.adapters {
		if named, ok := a.(interface{ Username() string }); ok && a.Name() == "telegram" {
			return named.Username()
		}
	}
	return ""
}
