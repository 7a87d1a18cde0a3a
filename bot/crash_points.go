package bot

// CrashPoint is a place in the code where a crash is rehearsed. Adding one without a drill that reaches it fails the tests.
type CrashPoint string

// The crash points. A drill stops at each; a point that no drill reaches fails the build's tests.
const (
	Received     CrashPoint = "received"      // verified by the adapter, nothing stored
	Decided      CrashPoint = "decided"       // the turn is made, not committed
	Committed    CrashPoint = "committed"     // committed, nobody woken, nothing acknowledged
	KeptForLater CrashPoint = "set_aside"     // the turn failed, or comes later: the raw message is stored
	Claimed      CrashPoint = "claimed"       // a task is leased
	Attempted    CrashPoint = "attempted"     // the attempt is recorded, nothing done
	Answered     CrashPoint = "done"          // the platform or the shop has answered, nothing settled
	Settled      CrashPoint = "settled"       // the outcome is stored
	DeadlineRead CrashPoint = "passed"        // a deadline was read, its turn not made
	OutcomeKnown CrashPoint = "outcome_known" // a late outcome has come, its turn not made
	OrderPut     CrashPoint = "order_put"     // an order is stored, the conversations about it not told
	Stopping     CrashPoint = "stopping"      // Run was told to stop, work is still in flight
)

// CrashPoints lists every crash point.
var CrashPoints = []CrashPoint{
	Received, Decided, Committed, KeptForLater, Claimed, Attempted, Answered, Settled, DeadlineRead, OutcomeKnown, OrderPut,
	Stopping,
}
