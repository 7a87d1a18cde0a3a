package bot

import "time"

// View is everything a turn may look at, as one value: no clock, network, store or dice besides.
type View struct {
	Now    time.Time
	Policy *Policy
	Conv   *Conversation
	Frame  *Frame            // the flow's place that is being decided; the top one of a talk
	Actor  *Person           // who caused the event; a stranger has no ID
	People map[Party]*Person // who takes part; Support is the desk with its rooms
	Order  *Order            // the order it is about, if any
	Event  *Event
	Seed   [16]byte // ids to use are made from it
	Look   Look     // further reading, for talks
	flows  *Flows
}

// Look is what a talk may read besides: the orders and open cases of its person, as they stood when the turn began.
type Look interface {
	// Orders lists the actor's orders, newest first.
	Orders(skip, n int) []Order
	// OrderByID finds one of the actor's own orders; anybody else's is not found.
	OrderByID(id string) (*Order, bool)
	// Cases lists the open conversations of a flow that are filed under the term, oldest first.
	Cases(term, flow string, n int) []Conversation
	// Person finds somebody by id.
	Person(id PersonID) *Person
	// CaseKey is the key of the order's open record of a flow, or of the next one to be opened.
	CaseKey(flow, order string) Key
}

// Fact returns a fact of the flow's place that is being decided.
func (v *View) Fact(name string) string { return v.Frame.Facts[name] }
