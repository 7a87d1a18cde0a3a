package flows_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"nevermind/adapters/shop"
	"nevermind/bot"
)

// anOrder reads "<number> <stage> [key=value]…": a Bamboo lamp for 24.90 USD, shipping in, bought by Ana from Lumen and
// paid by card, unless it says otherwise. "items" is a comma-separated list of title=price.
func anOrder(t testing.TB, line string) bot.Order {
	words := strings.Fields(line)
	o := bot.Order{ID: words[0], Buyer: "buyer:b-1", Seller: "seller:s-1", Stage: bot.Stage(words[1]), Method: "card",
		Placed: opening.Add(-48 * time.Hour), Updated: opening.Add(-47 * time.Hour), Total: usd("24.90"), Shipping: usd("2.50"),
		Items: []bot.Item{{ID: "1", Title: "Bamboo lamp", Quantity: 1, Price: usd("22.40")}}}
	if o.Stage != bot.Unpaid {
		o.Paid = opening.Add(-47 * time.Hour)
	}
	if o.Stage == bot.Processing {
		o.ShipBy = opening.Add(5 * 24 * time.Hour)
	}
	for _, w := range words[2:] {
		key, value, _ := strings.Cut(w, "=")
		switch key {
		case "buyer":
			o.Buyer = cast[value].ID
		case "seller":
			o.Seller = cast[value].ID
		case "country":
			o.Country = value
		case "method":
			o.Method = value
		case "coupon":
			o.Coupon = bot.Coupon{Code: value, Amount: usd("5.00"), Used: true}
		case "unused":
			o.Coupon = bot.Coupon{Code: value, Amount: usd("5.00")}
		case "noship":
			o.ShipBy = time.Time{}
		case "late":
			o.ShipBy = opening.Add(-24 * time.Hour)
		case "placed":
			d, err := time.ParseDuration(value)
			if err != nil {
				t.Fatal(err)
			}
			o.Placed = opening.Add(-d)
		case "sent", "came", "due": // so long ago; due: so far off
			d, err := time.ParseDuration(value)
			if err != nil {
				t.Fatal(err)
			}
			*map[string]*time.Time{"sent": &o.Shipped, "came": &o.Delivered, "due": &o.DeliverBy}[key] = opening.Add(-d)
			if key == "due" {
				o.DeliverBy = opening.Add(d)
			}
		case "items":
			o.Items = nil
			o.Total = o.Shipping
			for i, item := range strings.Split(value, ",") {
				title, price, _ := strings.Cut(item, "=")
				o.Items = append(o.Items, bot.Item{ID: strconv.Itoa(i + 1), Title: strings.ReplaceAll(title, "_", " "), Quantity: 1, Price: usd(price)})
				o.Total = o.Total.Plus(usd(price))
			}
		case "yen":
			o.Total, o.Shipping = yen("2490"), yen("250")
			o.Items[0].Price = yen("2240")
		case "track":
			o.Carrier, o.Tracking = "Cainiao", value
		default:
			t.Fatalf("an order knows no %q", key)
		}
	}
	return o
}

func usd(amount string) bot.Money { return money(amount, "USD") }

func yen(amount string) bot.Money { return money(amount, "JPY") }

func money(amount, currency string) bot.Money {
	m, err := bot.ParseMoney(amount, currency)
	if err != nil {
		panic(err)
	}
	return m
}

// shop plays what the shop does: "ship 81000001 LP00123456", "cancel", "confirm", "deliver", "freeze", "complete",
// "settle", "fail 81000001 why", "down", "up".
func (s *stage) shop(what string) {
	words := strings.Fields(what)
	stages := map[string]bot.Stage{"ship": bot.Shipped, "cancel": bot.Cancelled, "confirm": bot.Processing, "deliver": bot.Delivered,
		"freeze": bot.Frozen, "complete": bot.Completed, "relock": bot.Verifying, "unpay": bot.Unpaid}
	switch act := words[0]; act {
	case "down", "up":
		s.down = act == "down"
	case "silent", "speaks":
		s.silent = act == "silent"
	case "contradict":
		s.contradict(words[1], words[2])
	case "left": // as long ago as the second word says
		ago, err := time.ParseDuration(words[2])
		s.must(err)
		_, err = s.engine.ChangeOrder(s.t.Context(), words[1], func(o *bot.Order) error {
			o.Stage, o.Shipped, o.Carrier, o.Tracking = bot.Shipped, s.now.Add(-ago), "Cainiao", words[3]
			return nil
		})
		s.must(err)
	case "track":
		_, err := s.engine.ChangeOrder(s.t.Context(), words[1], func(o *bot.Order) error { o.Carrier, o.Tracking = "Cainiao", words[2]; return nil })
		s.must(err)
	case "settle", "fail":
		s.settle(words[1], act == "settle", strings.Join(words[2:], " "))
	case "returns": // so much, by itself
		_, err := s.engine.ChangeOrder(s.t.Context(), words[1], func(o *bot.Order) error {
			o.Refunded = usd(words[2])
			return nil
		})
		s.must(err)
	case "refunded": // all that was paid went back, without us
		_, err := s.engine.ChangeOrder(s.t.Context(), words[1], func(o *bot.Order) error {
			o.Book = append(o.Book, bot.Posting{Do: "pay_refund", Amount: o.Total, State: "done", At: s.now})
			return nil
		})
		s.must(err)
	default:
		stage, ok := stages[act]
		if !ok {
			s.t.Fatalf("the shop cannot %q", act)
		}
		_, err := s.engine.ChangeOrder(s.t.Context(), words[1], func(o *bot.Order) error {
			if o.Stage = stage; stage == bot.Shipped {
				o.Shipped = s.now
			} else if stage == bot.Delivered {
				o.Delivered = s.now
			}
			if len(words) > 2 {
				o.Carrier, o.Tracking = "Cainiao", words[2]
			}
			return nil
		})
		s.must(err)
	}
}

// givenUp posts a refund, asks for nothing, and gives up.
func (s *stage) givenUp(ctx context.Context, t bot.Task, hand bot.Hand) (bot.Outcome, error) {
	if t.Do == "pay_refund" {
		if o, err := hand(ctx, t); err != nil || !o.Pending {
			return o, err
		}
	}
	return bot.Outcome{Dead: "the shop has not answered", Event: "shop_unanswered"}, nil
}

// contradict lets the shop say that it has not done what it has done, or that it has done what had failed.
func (s *stage) contradict(order, do string) {
	o, err := s.engine.Order(s.t.Context(), order)
	s.must(err)
	for _, p := range o.Book {
		if p.Do == do && p.State != "pending" {
			if err := s.engine.Result(s.t.Context(), p.Task, otherwise(do, p.State)); !errors.Is(err, bot.ErrSeen) {
				s.t.Fatalf("another outcome: got %v, want %v", err, bot.ErrSeen)
			}
			return
		}
	}
	s.t.Fatalf("order %s has no %s that has ended", order, do)
}

// otherwise is the outcome of a command that its state denies.
func otherwise(do, state string) bot.Outcome {
	o, _ := shop.Ended{Done: state == "failed"}.Outcome(do)
	return o
}

// settle lets the shop say how the order's pending refund ended.
func (s *stage) settle(order string, ok bool, why string) {
	o, err := s.engine.Order(s.t.Context(), order)
	s.must(err)
	for _, p := range o.Book {
		if p.Do != "pay_refund" || p.State != "pending" {
			continue
		}
		outcome, err := s.book.SettleRefund(s.t.Context(), order, p.Task, ok, why)
		s.must(err)
		s.must(s.engine.Result(s.t.Context(), p.Task, outcome))
		return
	}
	s.t.Fatalf("order %s has no refund pending", order)
}
