package bot

// Point is a place in the code where a crash is rehearsed.
type Point string

// The crash points. A drill stops at each; a point that no drill reaches fails the build's tests.
const (
	Received     Point = "received"      // verified by the adapter, nothing stored
	Decided      Point = "decided"       // the turn is made, not committed
	Committed    Point = "committed"     // committed, nobody woken, nothing acknowledged
	SetAside     Point = "set_aside"     // the turn failed, or comes later; the raw message is stored
	Claimed      Point = "claimed"       // a task is leased
	Attempted    Point = "attempted"     // the attempt is recorded, nothing done
	Done         Point = "done"          // the platform or the shop has answered, nothing settled
	Settled      Point = "settled"       // the outcome is stored
	Passed       Point = "passed"        // a deadline was read, its turn not made
	OutcomeKnown Point = "outcome_known" // a late outcome has come, its turn not made
	OrderPut     Point = "order_put"     // an order is stored, the conversations about it not told
	Stopping     Point = "stopping"      // Run was told to stop, work is still in flight
)

// Points lists every crash point.
var Points = []Point{Received, Decided, Committed, SetAside, Claimed, Attempted, Done, Settled, Passed, OutcomeKnown, OrderPut, Stopping}
