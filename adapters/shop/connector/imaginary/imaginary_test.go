package imaginary_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"nevermind/adapters/shop/connector"
	"nevermind/adapters/shop/connector/imaginary"
	"nevermind/adapters/shop/shoptest"
	"nevermind/bot"
)

// TestConformance holds the recipe to the suite of every connector: whoever settles its refunds, where the shop itself looks
// after nothing, and where it pays back by itself what is cancelled.
func TestConformance(t *testing.T) {
	for name, c := range map[string]struct{ settles, careless, paysBack bool }{
		"the shop settles": {}, "we settle": {settles: true}, "the shop is careless": {careless: true},
		"the shop pays back by itself": {paysBack: true},
	} {
		t.Run(name, func(t *testing.T) {
			shoptest.Run(t, func(t *testing.T, house *shoptest.House, line *shoptest.Line) shoptest.World {
				s := &shop{Ledger: shoptest.NewLedger(house), house: house, line: line, settles: c.settles}
				s.Careless, s.PaysBack = c.careless, c.paysBack
				server := httptest.NewServer(s.routes())
				t.Cleanup(server.Close)
				s.url = server.URL
				return s
			})
		})
	}
}

// shop is the imaginary shop: its API around a ledger.
type shop struct {
	*shoptest.Ledger
	house     *shoptest.House
	line      *shoptest.Line
	settles   bool
	url       string
	connected *connector.Shop
}

func (s *shop) Able() shoptest.Able {
	return shoptest.Able{PaysBack: s.PaysBack, Quantities: !s.PaysBack, Sellers: true, Amounts: !s.PaysBack, OwnRefunds: true,
		Bounces: true, FailsLate: !s.settles, Remote: true}
}

func (s *shop) Restart() {
	system := &imaginary.Shop{URL: s.url, Client: &http.Client{Transport: s.line}}
	s.connected = connector.New(system, connector.Config{Now: s.house.Now, Settles: s.settles})
	s.connected.Attach(s.house)
}

func (s *shop) Hands() map[string]bot.Hand     { return s.connected.Hands() }
func (s *shop) Pull(ctx context.Context) error { return s.connected.Pull(ctx) }
func (s *shop) Bounce(order, task string)      { s.BounceNoted(order, task) }
func (s *shop) Event(order string) func(context.Context) error {
	return func(ctx context.Context) error { return s.connected.Look(ctx, order) }
}

func (s *shop) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /orders", s.orders)
	mux.HandleFunc("POST /orders/{id}/cancellations", s.does(func(r *http.Request, body command) error {
		return s.Cancel(r.PathValue("id"), body.Lines, body.Note)
	}))
	mux.HandleFunc("POST /orders/{id}/refunds", s.does(func(r *http.Request, body command) error {
		if s.PaysBack {
			return nil
		}
		_, err := s.Refund(r.PathValue("id"), body.Amount, body.Note)
		return err
	}))
	mux.HandleFunc("POST /orders/{id}/refunds/{refund}/settled", s.does(func(r *http.Request, _ command) error {
		return s.SettleOne(r.PathValue("id"), r.PathValue("refund"))
	}))
	return mux
}

// command is what a call asks for.
type command struct {
	Lines  []bot.Part
	Note   string
	Amount int64
}

// does answers a call that changes something.
func (s *shop) does(act func(*http.Request, command) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var body command
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		if err := act(r, body); err != nil {
			w.WriteHeader(http.StatusConflict)
		}
	}
}

// orders answers the two ways to list.
func (s *shop) orders(w http.ResponseWriter, r *http.Request) {
	found := []any{}
	query := r.URL.Query()
	for _, id := range query["id"] {
		if sale, err := s.Sale(id); !errors.Is(err, shoptest.ErrNoSale) {
			found = append(found, written(&sale))
		}
	}
	if since, err := time.Parse(time.RFC3339Nano, query.Get("since")); err == nil {
		skip, err := strconv.Atoi(query.Get("skip"))
		for n, sale := range s.Since(since) {
			if err == nil && n >= skip && len(found) < 2 {
				found = append(found, written(&sale))
			}
		}
	}
	if err := json.NewEncoder(w).Encode(found); err != nil {
		return // the connector was killed
	}
}

// written is a sale as the shop writes it.
func written(s *shoptest.Sale) any {
	names := map[bot.Stage]string{bot.Processing: "paid", bot.PartShipped: "partly_sent", bot.Shipped: "sent",
		bot.Delivered: "delivered", bot.Cancelled: "cancelled"}
	var lines, parcels, refunds, cancellations []any
	for _, i := range s.Lines {
		lines = append(lines, map[string]any{"id": i.ID, "title": i.Title, "ordered": i.Quantity, "cancelled": i.Cancelled,
			"price": i.Price})
	}
	for _, p := range s.Parcels {
		parcels = append(parcels, map[string]any{"id": p.ID, "code": p.Code, "sent": p.Shipped, "delivered": p.Delivered,
			"lines": p.Items})
	}
	for _, r := range s.Refunds {
		refunds = append(refunds, map[string]any{"id": r.ID, "amount": r.Amount, "status": r.State, "note": r.Note, "at": r.At})
	}
	for _, note := range s.Notes {
		cancellations = append(cancellations, map[string]any{"note": note})
	}
	return map[string]any{"id": s.ID, "status": names[s.Stage()], "buyer": s.Buyer, "seller": s.Seller, "placed": s.Placed,
		"changed": s.Updated, "total": s.Total, "delivery": shoptest.Delivery, "lines": lines, "parcels": parcels,
		"refunds": refunds, "cancellations": cancellations}
}
