// Package shoptest is what every connector to a shop holds, in executable form. A connector's own test says how the shop is
// set up and what its people do there (World); the suite plays buyers, shop and house, cuts the line between them, kills the
// house between every two steps, and looks at the shop's own books to see what was really done.
package shoptest

import (
	"context"
	"testing"

	"nevermind/bot"
)

// World is a shop with its people, and the connector under test between it and the house.
type World interface {
	// Able says what the shop knows at all.
	Able() Able
	// Restart makes the connector anew, as a program that was killed does. It is called once before anything else.
	Restart()
	// Hands are the connector's.
	Hands() map[string]bot.Hand
	// Pull lets the connector fetch what has changed in the shop.
	Pull(ctx context.Context) error
	// Event is the shop's word that an order has changed, as it stands now; it arrives whenever and as often as it is called.
	Event(order string) (arrive func(ctx context.Context) error)

	// Place lets Ana order and pay for one checkout: a basket each of several sellers. It returns the ids of the orders, one
	// for each basket, in their order.
	Place(baskets ...Basket) []string
	// Ship sends quantities of an order in a parcel of their own, and Deliver says that all that was sent has arrived.
	Ship(order, code string, parts ...bot.Part)
	Deliver(order string)
	// CancelThere and RefundThere are done by the shop's own people, without the house.
	CancelThere(order string)
	RefundThere(order string, amount bot.Money)
	// Settle ends the refunds that the house has asked for of an order and that are pending: paid, or refused.
	Settle(order string, ok bool)
	// Bounce says that the refunds of a task, which were paid, have come back.
	Bounce(order, task string)
	// Books are what the shop itself says of an order.
	Books(order string) Books
}

// Able is what a shop knows; what it does not is left out of the suite.
type Able struct {
	Quantities bool // a part of a line can be cancelled, and parcels say what is in them
	Sellers    bool // several sellers' goods are in one checkout
	PaysBack   bool // what is cancelled is paid back without being asked for
	Amounts    bool // any amount can be paid back, of an order that stands too
	OwnRefunds bool // the shop's people can pay back by themselves, and the shop tells of it
	Bounces    bool // the shop tells of refunds that have come back
	FailsLate  bool // a refund that was begun may still be refused
	Remote     bool // the shop is reached over a line that can be cut
}

// Basket is what is bought of one seller.
type Basket struct {
	Seller string
	Goods  map[string]int // how many of which of Prices
}

// Prices are the goods in minor units of USD, tax in. Delivery is paid for each seller's order.
var Prices = map[string]int64{"lamp": 2000, "shade": 1000, "bulb": 300}

// Delivery is what the delivery of each order costs.
const Delivery = 500

// Sellers are who sells: lamps and bulbs are alpha's, shades are beta's.
var Sellers = map[string]string{"lamp": "alpha", "bulb": "alpha", "shade": "beta"}

// Books are a shop's own books of one order.
type Books struct {
	Stands    bool           // the order is not cancelled as a whole
	Cancelled map[string]int // how many are cancelled, by the line's id
	Pending   int64          // begun to be paid back and not settled, in minor units
	Paid      int64          // paid back and settled
	Refunds   int            // how many refunds were begun, failed ones too
}

// Run holds a connector to the suite. Open sets up a world of its own for each test; it may be slow, and closes what it has
// opened with the test.
func Run(t *testing.T, open func(t *testing.T, house *House, line *Line) World) {
	for _, group := range [][]scenario{incoming, cancelling, refunding, faults} {
		for _, s := range group {
			t.Run(s.name, func(t *testing.T) {
				p := newPlay(t, open)
				if s.needs != nil && !s.needs(p.Able()) {
					t.Skip("the shop does not know this")
				}
				s.play(p)
			})
		}
	}
	t.Run("killed between every two steps", func(t *testing.T) { killed(t, open) })
}

// scenario is one behaviour.
type scenario struct {
	name  string
	needs func(Able) bool
	play  func(*play)
}

// What scenarios need.
func quantities(a Able) bool { return a.Quantities }
func sellers(a Able) bool    { return a.Sellers }
func amounts(a Able) bool    { return a.Amounts }
func ownRefunds(a Able) bool { return a.Amounts && a.OwnRefunds }
func bounces(a Able) bool    { return a.Amounts && a.Bounces }
func failsLate(a Able) bool  { return a.Amounts && a.FailsLate }
func remote(a Able) bool     { return a.Remote }

func paysUnheard(a Able) bool { return a.OwnRefunds && a.Remote }
