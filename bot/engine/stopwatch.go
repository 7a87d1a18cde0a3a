package engine

import (
	"time"
)

// stopwatch measures how long something really took, for the meter alone: nothing is decided by it.
func stopwatch() (took func() time.Duration) {
	began := time.Now()                                      //nolint:forbidigo // the house's clock may stand still or be moved; how long work took may not
	return func() time.Duration { return time.Since(began) } //nolint:forbidigo // as above
}
