package web

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"nevermind/bot"
)

// situation is a prepared beginning: a fresh order and the first steps with it, so that a visitor can go on at once.
type situation struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	About string `json:"about"` // what it is about and how to go on
	// buyer and seller are fresh people of that name, each time it begins.
	buyer, seller bot.Person
	order         func(o *bot.Order, now time.Time)
	steps         []situationStep
}

// situationStep is one step: a person says something or presses what a case offers them; a step of the shop settles the
// refund.
type situationStep struct {
	by    bot.Party
	says  string // {order} stands for the order's number
	press string // the event of an offer of the order's case
}

const day = 24 * time.Hour

// situations are what the page can begin with. Each has people of its own, so that no story gets into another's way.
var situations = []situation{
	{"broken_lamp", "A lamp came broken", "Say as the buyer what would put it right, then answer as the seller.",
		bot.Person{Name: "Marta Vidal", Zone: "Europe/Madrid"}, bot.Person{Name: "Harbour Lights", Zone: "Asia/Shanghai"},
		delivered("Glass table lamp"),
		goodsProblem("Return it or report a problem", "It's damaged")},
	{"fake_tracking", "“It has shipped”, says the seller",
		"The seller names a tracking code that looks odd. Doubt it as the buyer, and decide as support.",
		bot.Person{Name: "Tom Becker", Zone: "Europe/Berlin"}, bot.Person{Name: "Soundwave Store", Zone: "Asia/Shanghai"},
		processing("Wireless earbuds"),
		append(cancelRequest(), situationStep{by: bot.Seller, press: "seller_shipped"}, says(bot.Seller, "LP123456780CN"),
			says(bot.Seller, "Leave it out"), says(bot.Seller, "Handed over last night."))},
	{"never_collected", "Not wanted, never collected",
		"The boots are on their way. Leave them at the pick-up point: the money comes once the parcel is back.",
		bot.Person{Name: "Ines Costa", Zone: "Europe/Lisbon"}, bot.Person{Name: "North Trail", Zone: "Asia/Shanghai"},
		shipped("Winter boots", 2*day, 20*day),
		append(goodsProblem("Return it or report a problem", "I don't want it any more"), says(bot.Buyer, "Don't collect it"))},
	{"coupon_gone", "What about the coupon?", "See what would follow for the coupon, then ask the seller, or leave it.",
		bot.Person{Name: "Lucas Moreau", Zone: "Europe/Paris"}, bot.Person{Name: "Kitchen Corner", Zone: "Asia/Shanghai"},
		couponed("Coffee grinder"),
		append(cancelRequest()[:3], says(bot.Buyer, "What else follows?"))},
	{"not_received", "It never came, and the seller is silent",
		"Nobody answers. Press “Next deadline” at the top, and see what follows.",
		bot.Person{Name: "Emma Nilsson", Zone: "Europe/Stockholm"}, bot.Person{Name: "Case Avenue", Zone: "Asia/Shanghai"},
		shipped("Phone case", 40*day, -5*day),
		append(goodsProblem("Return it or report a problem", "It hasn't come"),
			says(bot.Buyer, "Nothing has come for weeks."), says(bot.Buyer, "Yes, send it"))},
	{"refund_missing", "The refund does not arrive",
		"The shop has sent the money. Press “Next deadline” until you are asked, and say that it is missing.",
		bot.Person{Name: "Pavel Novak", Zone: "Europe/Prague"}, bot.Person{Name: "Breeze Factory", Zone: "Asia/Shanghai"},
		processing("Desk fan"),
		append(cancelRequest(), situationStep{by: bot.Seller, press: "seller_accepted"}, situationStep{by: bot.Shop})},
}

// says is a step in which somebody types.
func says(by bot.Party, words string) situationStep { return situationStep{by: by, says: words} }

// cancelRequest are the steps that ask to cancel the whole order.
func cancelRequest() []situationStep {
	return []situationStep{
		says(bot.Buyer, "start again"), says(bot.Buyer, "cancel {order}"), says(bot.Buyer, "I don't need it any more"),
		says(bot.Buyer, "Yes, ask the seller"),
	}
}

// goodsProblem are the steps that begin a case about goods.
func goodsProblem(words ...string) []situationStep {
	steps := []situationStep{says(bot.Buyer, "start again"), says(bot.Buyer, "{order}")}
	for _, w := range words {
		steps = append(steps, says(bot.Buyer, w))
	}
	return steps
}

// processing is an order that is being packed.
func processing(title string) func(*bot.Order, time.Time) {
	return func(o *bot.Order, now time.Time) {
		o.Stage, o.ShipBy, o.Items[0].Title = bot.Processing, now.Add(3*day), title
	}
}

// couponed is an order that is being packed, with a coupon that was used.
func couponed(title string) func(*bot.Order, time.Time) {
	return func(o *bot.Order, now time.Time) {
		processing(title)(o, now)
		o.Coupon = bot.Coupon{Code: "NOV5", Amount: bot.Money{Minor: 500, Currency: o.Total.Currency}, Used: true}
	}
}

// shipped is an order on its way since so long, due so much later than now.
func shipped(title string, since, due time.Duration) func(*bot.Order, time.Time) {
	return func(o *bot.Order, now time.Time) {
		o.Placed, o.Paid = now.Add(-since-day), now.Add(-since-day)
		o.Stage, o.Shipped, o.DeliverBy = bot.Shipped, now.Add(-since), now.Add(due)
		o.Items[0].Title, o.Carrier, o.Tracking = title, "Cainiao", trackingCode(o.ID)
	}
}

// delivered is an order that came six hours ago, after it was due.
func delivered(title string) func(*bot.Order, time.Time) {
	return func(o *bot.Order, now time.Time) {
		shipped(title, 12*day, -day)(o, now)
		o.Stage, o.Delivered = bot.Delivered, now.Add(-6*time.Hour)
	}
}

// situationList answers with what the page can begin with.
func (d *Demo) situationList(w http.ResponseWriter, _ *http.Request) error {
	return writeJSON(w, map[string]any{"situations": situations})
}

// begun is what the page is told of a situation that has begun.
type begun struct {
	Order  string       `json:"order"`
	Buyer  bot.PersonID `json:"buyer"`
	Seller bot.PersonID `json:"seller"`
	Title  string       `json:"title"`
	About  string       `json:"about"`
}

// beginSituation puts a situation's people and order and plays its first steps.
func (d *Demo) beginSituation(w http.ResponseWriter, r *http.Request) error {
	var ask struct {
		Name string `json:"name"`
	}
	if err := readJSON(r, &ask); err != nil {
		return err
	}
	i := slices.IndexFunc(situations, func(s situation) bool { return s.Name == ask.Name })
	if i < 0 {
		return bot.ErrNone
	}
	s, now := situations[i], d.engine.Now()
	number := freshNumber()
	for _, p := range []struct {
		who   *bot.Person
		party bot.Party
	}{{&s.buyer, bot.Buyer}, {&s.seller, bot.Seller}} {
		p.who.ID, p.who.Language = bot.NewPersonID(p.party, s.Name+Generation+number), "en"
		if err := d.shop.Join(r.Context(), *p.who); err != nil {
			return err
		}
	}
	o := freshOrder(number, s.buyer.ID, s.seller.ID, now)
	s.order(&o, now)
	if err := d.shop.Put(r.Context(), o); err != nil {
		return err
	}
	d.hints.tell("shop", o.ID)
	for n, step := range s.steps {
		if err := d.playStep(r.Context(), &o, n, step); err != nil {
			return err
		}
	}
	return writeJSON(w, begun{o.ID, o.Buyer, o.Seller, s.Title, s.About})
}

// startOver puts fresh people and orders, whom the page shows from then on.
func (d *Demo) startOver(w http.ResponseWriter, r *http.Request) error {
	if err := d.shop.StartOver(r.Context()); err != nil {
		return err
	}
	d.hints.tell("shop", "")
	return writeJSON(w, map[string]string{})
}

// freshNumber is an order's number that no other order has: the real time, which only grows, in microseconds.
func freshNumber() string { return fmt.Sprintf("%016d", time.Now().UnixMicro()) }

// freshOrder is an order of one line, paid five hours ago.
func freshOrder(number string, buyer, seller bot.PersonID, now time.Time) bot.Order {
	return bot.Order{
		ID: number, Buyer: buyer, Seller: seller, Method: "card",
		Placed: now.Add(-5 * time.Hour), Paid: now.Add(-5 * time.Hour), Updated: now,
		Total: bot.Money{Minor: 2490, Currency: "USD"}, Shipping: bot.Money{Minor: 250, Currency: "USD"},
		Items: []bot.Item{{ID: "1", Quantity: 1, Price: bot.Money{Minor: 2240, Currency: "USD"}}},
	}
}

// playStep plays the nth step the way a person at the page would: by a message to the engine, under an id of its own.
func (d *Demo) playStep(ctx context.Context, o *bot.Order, n int, s situationStep) error {
	who := map[bot.Party]bot.PersonID{bot.Buyer: o.Buyer, bot.Seller: o.Seller}[s.by]
	m := bot.Message{
		ID: fmt.Sprintf("web:%s-%d", o.ID, n), At: d.engine.Now(),
		Room: RoomOf(who), Account: AccountOf(who), Text: s.says,
	}
	switch {
	case s.by == bot.Shop:
		return d.settlePendingRefund(ctx, o.ID)
	case s.press != "":
		// A press has to be on offer, which may take the engine a moment.
		token, err := d.offeredToken(ctx, o.ID, s)
		if err != nil {
			return err
		}
		m.Press = token
	case s.says == "{order}":
		m.Text = o.ID
	case s.says == "cancel {order}":
		m.Text = "cancel " + o.ID
	}
	if err := d.engine.Receive(ctx, m); err != nil {
		return err
	}
	d.hints.room(m.Room)
	return nil
}

// errTooSlow is what a page is told where the engine takes too long with a step.
var errTooSlow error = fault{http.StatusServiceUnavailable, wordsTooSlow}

// poll looks again every 50 ms, five seconds at most, until it finds something.
func poll[T any](ctx context.Context, look func() (T, bool, error)) (found T, err error) {
	for range 100 {
		found, ok, err := look()
		if ok || err != nil {
			return found, err
		}
		select {
		case <-ctx.Done():
			return found, ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
	return found, errTooSlow
}

// offeredToken is the token of the button for an event of the order's case, once it is offered.
func (d *Demo) offeredToken(ctx context.Context, order string, s situationStep) (string, error) {
	return poll(ctx, func() (string, bool, error) {
		open, err := d.filed(ctx, "open:order:"+order)
		for i := range open {
			for _, o := range open[i].Offers {
				if o.Party == s.by && o.Event == s.press && !o.Used {
					return o.Token, true, err
				}
			}
		}
		return "", false, err
	})
}

// settlePendingRefund lets the shop pay the order's refund, once it is asked to.
func (d *Demo) settlePendingRefund(ctx context.Context, order string) error {
	task, err := poll(ctx, func() (string, bool, error) {
		o, err := d.engine.Store().Order(ctx, order)
		for _, p := range o.Book {
			if p.Do == "pay_refund" && p.State == "pending" {
				return p.Task, true, err
			}
		}
		return "", false, err
	})
	if err != nil {
		return err
	}
	return d.shop.Settle(ctx, order, task, true)
}
