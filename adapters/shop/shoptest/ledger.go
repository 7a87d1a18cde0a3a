package shoptest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"nevermind/bot"
)

// Ledger is the inside of an imaginary shop: what it sells, sends, cancels and pays back. A fake of a shop puts its own
// schema around it and is a World by embedding it. Like real shops it knows no tasks: what it is asked for twice it does
// twice.
type Ledger struct {
	PaysBack bool // it begins to pay back by itself what is cancelled as a whole, under the note "(automatic)"
	Careless bool // it cancels what has left, and pays back more than was paid, as some shops do

	mu     sync.Mutex
	t      testing.TB
	now    func() time.Time
	orders map[string]*Sale
	moves  int // how many changes there were, which is also the ledger's clock in milliseconds
}

// Sale is an order of one seller in the ledger.
type Sale struct {
	ID, Buyer, Seller string
	Checkout          string // what the baskets of one checkout share
	Placed, Updated   time.Time
	Lines             []SaleLine
	Total             int64
	Cancelled         bool
	Parcels           []bot.Parcel
	Refunds           []SaleRefund
	Notes             []string // what was written beside a cancellation
}

// SaleLine is a line of a sale.
type SaleLine struct {
	ID, Title                          string
	Quantity, Cancelled, Sent, Arrived int
	Price                              int64 // of the line
}

// SaleRefund is money on its way back.
type SaleRefund struct {
	ID     string
	Amount int64
	State  string // "pending", "settled", "failed", "bounced"
	Note   string // what was written beside it: a shop's own people write nothing
	At     time.Time
}

// What a ledger refuses.
var (
	ErrNoSale     = errors.New("no such order")
	ErrSent       = errors.New("it has been sent")
	ErrNoneLeft   = errors.New("nothing of it is left")
	ErrTooMuch    = errors.New("more than was paid")
	ErrNotPending = errors.New("the refund is not pending")
)

// NewLedger opens the books of a shop.
func NewLedger(house *House) *Ledger {
	return &Ledger{t: house.T, now: house.Now, orders: map[string]*Sale{}}
}

// touch marks a sale as changed just now. Two changes never have one time.
func (l *Ledger) touch(s *Sale) time.Time {
	l.moves++
	s.Updated = l.now().Add(time.Duration(l.moves) * time.Millisecond)
	return s.Updated
}

// Place lets Ana order and pay.
func (l *Ledger) Place(baskets ...Basket) (ids []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	checkout := fmt.Sprintf("C%05d", len(l.orders)+1)
	for _, b := range baskets {
		s := &Sale{ID: fmt.Sprintf("%d", 900001+len(l.orders)), Buyer: "ana", Seller: b.Seller, Checkout: checkout, Total: Delivery}
		for n, goods := range slices.Sorted(maps.Keys(b.Goods)) {
			quantity := b.Goods[goods]
			price := Prices[goods] * int64(quantity)
			s.Lines = append(s.Lines, SaleLine{ID: fmt.Sprint(n + 1), Title: goods, Quantity: quantity, Price: price})
			s.Total += price
		}
		s.Placed = l.touch(s)
		l.orders[s.ID] = s
		ids = append(ids, s.ID)
	}
	return ids
}

// Sale is a copy of an order as it stands.
func (l *Ledger) Sale(id string) (Sale, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s, ok := l.orders[id]
	if !ok {
		return Sale{}, ErrNoSale
	}
	return s.copied(), nil
}

func (s *Sale) copied() Sale {
	all := *s
	all.Lines, all.Parcels = slices.Clone(s.Lines), slices.Clone(s.Parcels)
	all.Refunds, all.Notes = slices.Clone(s.Refunds), slices.Clone(s.Notes)
	return all
}

// Since are the sales that have changed at a time or later, the earliest first.
func (l *Ledger) Since(at time.Time) (all []Sale) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, s := range l.orders {
		if !s.Updated.Before(at) {
			all = append(all, s.copied())
		}
	}
	slices.SortFunc(all, func(a, b Sale) int { return a.Updated.Compare(b.Updated) })
	return all
}

// change changes a sale, unless that is refused.
func (l *Ledger) change(id string, change func(*Sale) error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	s, ok := l.orders[id]
	if !ok {
		return ErrNoSale
	}
	if err := change(s); err != nil {
		return err
	}
	l.touch(s)
	return nil
}

// must is for the shop's own people, who are not refused.
func (l *Ledger) must(err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatalf("in the shop: %v", err)
	}
}

// Ship sends quantities in a parcel.
func (l *Ledger) Ship(order, code string, parts ...bot.Part) {
	l.t.Helper()
	l.must(l.change(order, func(s *Sale) error {
		p := bot.Parcel{ID: fmt.Sprintf("p-%d", len(s.Parcels)+1), Carrier: "Royal Mail", Code: code, Shipped: s.Updated, Items: parts}
		for _, part := range parts {
			n := slices.IndexFunc(s.Lines, func(i SaleLine) bool { return i.ID == part.ID })
			if n < 0 || s.Lines[n].open() < part.Quantity {
				return ErrNoneLeft
			}
			s.Lines[n].Sent += part.Quantity
		}
		s.Parcels = append(s.Parcels, p)
		return nil
	}))
}

// Deliver says that what was sent has arrived.
func (l *Ledger) Deliver(order string) {
	l.t.Helper()
	l.must(l.change(order, func(s *Sale) error {
		for n := range s.Parcels {
			s.Parcels[n].Delivered = s.Updated
		}
		for n := range s.Lines {
			s.Lines[n].Arrived = s.Lines[n].Sent
		}
		return nil
	}))
}

// open is what of a line has neither left nor been cancelled.
func (i *SaleLine) open() int { return i.Quantity - i.Cancelled - i.Sent }

// Stage is where a sale stands.
func (s *Sale) Stage() bot.Stage {
	sent, open, arrived := 0, 0, 0
	for _, i := range s.Lines {
		sent, open, arrived = sent+i.Sent, open+i.open(), arrived+i.Arrived
	}
	switch {
	case s.Cancelled:
		return bot.Cancelled
	case sent == 0:
		return bot.Processing
	case open > 0:
		return bot.PartShipped
	case arrived == sent:
		return bot.Delivered
	}
	return bot.Shipped
}

// Cancel cancels quantities, all that is open where none is named, with a note.
func (l *Ledger) Cancel(order string, parts []bot.Part, note string) error {
	return l.change(order, func(s *Sale) error {
		if s.Cancelled {
			return ErrNoneLeft
		}
		if len(parts) == 0 {
			for _, i := range s.Lines {
				if i.Sent > 0 && !l.Careless {
					return ErrSent
				}
				parts = append(parts, bot.Part{ID: i.ID, Quantity: i.Quantity - i.Cancelled})
			}
		}
		all := slices.Clone(s.Lines)
		for _, part := range parts {
			n := slices.IndexFunc(all, func(i SaleLine) bool { return i.ID == part.ID })
			if n < 0 || all[n].open() < part.Quantity && !l.Careless {
				return ErrSent
			}
			all[n].Cancelled += part.Quantity
		}
		s.Lines, s.Notes = all, append(s.Notes, note)
		s.Cancelled = !slices.ContainsFunc(all, func(i SaleLine) bool { return i.Cancelled < i.Quantity })
		if l.PaysBack && s.Cancelled {
			r := SaleRefund{ID: s.ID + "-r0", Amount: s.Total, State: "pending", Note: "(automatic)", At: s.Updated}
			s.Refunds = append(s.Refunds, r)
		}
		return nil
	})
}

// CancelThere is done by the shop's own people.
func (l *Ledger) CancelThere(order string) {
	l.t.Helper()
	l.must(l.Cancel(order, nil, ""))
}

// Refund begins to pay back, with a note.
func (l *Ledger) Refund(order string, amount int64, note string) (id string, err error) {
	return id, l.change(order, func(s *Sale) error {
		if back, _ := s.back(); amount <= 0 || back+amount > s.Total && !l.Careless {
			return ErrTooMuch
		}
		id = fmt.Sprintf("%s-r%d", s.ID, len(s.Refunds)+1)
		s.Refunds = append(s.Refunds, SaleRefund{ID: id, Amount: amount, State: "pending", Note: note, At: s.Updated})
		return nil
	})
}

// back is what has gone back, or is on its way, and how much of that is settled.
func (s *Sale) back() (all, settled int64) {
	for _, r := range s.Refunds {
		switch r.State {
		case "settled":
			settled += r.Amount
			all += r.Amount
		case "pending":
			all += r.Amount
		}
	}
	return all, settled
}

// RefundThere is done by the shop's own people, and settled at once.
func (l *Ledger) RefundThere(order string, amount bot.Money) {
	l.t.Helper()
	id, err := l.Refund(order, amount.Minor, "")
	l.must(err)
	l.must(l.move(order, func(r *SaleRefund) bool { return r.ID == id }, "settled", "pending"))
}

// Settle ends the refunds that are pending.
func (l *Ledger) Settle(order string, ok bool) {
	l.t.Helper()
	l.must(l.move(order, func(r *SaleRefund) bool { return true }, map[bool]string{true: "settled", false: "failed"}[ok], "pending"))
}

// SettleOne ends one refund that is pending.
func (l *Ledger) SettleOne(order, refund string) error {
	return l.move(order, func(r *SaleRefund) bool { return r.ID == refund }, "settled", "pending")
}

// BounceNoted says that the refunds with a note have come back.
func (l *Ledger) BounceNoted(order, note string) {
	l.t.Helper()
	l.must(l.move(order, func(r *SaleRefund) bool { return r.Note == note || l.PaysBack }, "bounced", "settled"))
}

// move takes refunds from one state to another.
func (l *Ledger) move(order string, which func(*SaleRefund) bool, to, from string) error {
	return l.change(order, func(s *Sale) error {
		moved := false
		for n := range s.Refunds {
			if r := &s.Refunds[n]; r.State == from && which(r) {
				r.State, moved = to, true
			}
		}
		if !moved {
			return ErrNotPending
		}
		return nil
	})
}

// Books are the ledger's books.
func (l *Ledger) Books(order string) Books {
	l.t.Helper()
	s, err := l.Sale(order)
	l.must(err)
	b := Books{Stands: !s.Cancelled, Cancelled: map[string]int{}, Refunds: len(s.Refunds)}
	for _, i := range s.Lines {
		b.Cancelled[i.ID] = i.Cancelled
	}
	all, settled := s.back()
	b.Pending, b.Paid = all-settled, settled
	return b
}

// Order is a sale as the house would have it put. A refund with a note is that of the task with the note's name.
func (s *Sale) Order() bot.Order {
	o := bot.Order{
		ID: s.ID, Buyer: bot.NewPersonID(bot.Buyer, s.Buyer), Seller: bot.NewPersonID(bot.Seller, s.Seller), Stage: s.Stage(),
		Placed: s.Placed, Paid: s.Placed, Updated: s.Updated, Total: usd(s.Total), Shipping: usd(Delivery),
		Payments: []bot.Payment{{ID: "pay-1", Method: "card", Amount: usd(s.Total)}}, Parcels: s.Parcels,
	}
	for _, i := range s.Lines {
		o.Items = append(o.Items, bot.Item{ID: i.ID, Title: i.Title, Quantity: i.Quantity, Price: usd(i.Price), Counted: true,
			CancelledQuantity: i.Cancelled, Cancelled: i.Cancelled == i.Quantity})
	}
	statuses := map[string]bot.AdjustmentStatus{
		"pending": bot.AdjustmentOpen, "settled": bot.AdjustmentCompleted, "bounced": bot.AdjustmentReversed,
	}
	for _, r := range s.Refunds {
		if status := statuses[r.State]; status != "" {
			o.Adjustments = append(o.Adjustments, bot.Adjustment{ID: r.ID, Type: bot.OwnRefund, Amount: usd(r.Amount),
				Payment: "pay-1", Status: status, At: r.At, Task: r.Note})
		}
	}
	return o
}
