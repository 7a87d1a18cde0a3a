package shop_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"nevermind/adapters/shop"
	"nevermind/adapters/shop/shoptest"
	"nevermind/bot"
)

// TestConformance holds the embedded order book to the suite of every connector. Its shop is the stored orders themselves,
// and its people put what changes.
func TestConformance(t *testing.T) {
	shoptest.Run(t, func(_ *testing.T, house *shoptest.House, _ *shoptest.Line) shoptest.World {
		return &bookShop{house: house, put: map[string]bot.Order{}}
	})
}

// bookShop is the people of a shop without a system of its own. put is what they last wrote of each order.
type bookShop struct {
	house *shoptest.House
	book  *shop.Book
	put   map[string]bot.Order
	moves int
}

func (s *bookShop) Able() shoptest.Able {
	return shoptest.Able{Quantities: true, Sellers: true, Amounts: true, OwnRefunds: true, Bounces: true, FailsLate: true}
}

func (s *bookShop) Restart() { s.book = &shop.Book{Shelf: s.house, Now: s.house.Now} }

func (s *bookShop) Hands() map[string]bot.Hand { return s.book.Hands() }

func (s *bookShop) Event(order string) func(context.Context) error {
	o := s.put[order]
	return func(ctx context.Context) error {
		_, err := s.house.PutOrder(ctx, o)
		return err
	}
}

func (s *bookShop) Pull(ctx context.Context) error {
	for _, id := range slices.Sorted(maps.Keys(s.put)) {
		if err := s.Event(id)(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Place writes each basket as an order, as the ledger of the other tests would.
func (s *bookShop) Place(baskets ...shoptest.Basket) (ids []string) {
	ledger := shoptest.NewLedger(s.house)
	for _, id := range ledger.Place(baskets...) {
		sale, err := ledger.Sale(id)
		s.must(err)
		o := sale.Order()
		o.ID = fmt.Sprint(900001 + len(s.put))
		s.put[o.ID] = o
		ids = append(ids, o.ID)
	}
	return ids
}

// change is a put to come: the order as it is held, or as it was last written, changed.
func (s *bookShop) change(id string, change func(o *bot.Order, at time.Time)) {
	o := s.put[id]
	if held, err := s.house.Order(context.Background(), id); err == nil && !held.Updated.Before(o.Updated) {
		o = held
	}
	s.moves++
	o.Updated = s.house.Now().Add(time.Duration(s.moves) * time.Second)
	change(&o, o.Updated)
	s.put[id] = o
}

func (s *bookShop) Ship(order, code string, parts ...bot.Part) {
	s.change(order, func(o *bot.Order, at time.Time) {
		o.Parcels = append(o.Parcels, bot.Parcel{ID: fmt.Sprint(len(o.Parcels) + 1), Code: code, Shipped: at, Items: parts})
		if o.Stage = bot.PartShipped; len(o.OpenParts()) == 0 {
			o.Stage = bot.Shipped
		}
	})
}

func (s *bookShop) Deliver(order string) {
	s.change(order, func(o *bot.Order, at time.Time) { o.Stage, o.Delivered = bot.Delivered, at })
}

func (s *bookShop) CancelThere(order string) {
	s.change(order, func(o *bot.Order, at time.Time) { o.Cancel(at) })
}

func (s *bookShop) RefundThere(order string, amount bot.Money) {
	s.change(order, func(o *bot.Order, at time.Time) {
		o.Adjustments = append(o.Adjustments, bot.Adjustment{ID: "own", Type: bot.OwnRefund, Amount: amount,
			Status: bot.AdjustmentCompleted, At: at})
	})
}

func (s *bookShop) Settle(order string, ok bool) {
	ctx := context.Background()
	held, err := s.house.Order(ctx, order)
	s.must(err)
	for _, p := range held.Book {
		if p.Do == "pay_refund" && p.State == "pending" {
			out, err := s.book.SettleRefund(ctx, order, p.Task, ok, "the bank sent it back")
			s.must(err)
			s.must(s.house.Result(ctx, p.Task, out))
		}
	}
}

func (s *bookShop) Bounce(_, task string) {
	s.must(s.house.Bounced(context.Background(), task, "account closed"))
}

// Books are what the order holds: there are no others.
func (s *bookShop) Books(order string) shoptest.Books {
	o, err := s.house.Order(context.Background(), order)
	s.must(err)
	b := shoptest.Books{Stands: o.Stage != bot.Cancelled, Cancelled: map[string]int{}, Paid: o.Refunded.Minor}
	for _, i := range o.Items {
		b.Cancelled[i.ID] = i.Gone()
	}
	if b.Paid > 0 {
		b.Refunds++
	}
	for _, p := range o.Book {
		if p.Do != "pay_refund" || p.State == "failed" && p.Detail != "the bank sent it back" {
			continue
		}
		switch b.Refunds++; p.State {
		case "pending":
			b.Pending += p.Amount.Minor
		case "done":
			b.Paid += p.Amount.Minor
		}
	}
	return b
}

func (s *bookShop) must(err error) {
	s.house.T.Helper()
	if err != nil {
		s.house.T.Fatal(err)
	}
}
