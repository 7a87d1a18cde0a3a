package slack

import "time"

// Pulse makes an adapter notice a dead socket sooner, before it runs.
func (a *Adapter) Pulse(d time.Duration) { a.pulse = d }
