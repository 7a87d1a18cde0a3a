package engine

// lookout answers what lies ahead and what has been: forecasts, the ledger of deadlines, replays. The API calls it. It
// changes nothing and has no state.
type lookout struct {
	*base
	load *loader
}
