package slack

import "time"

// Settle shows home tabs afresh sooner, before it runs.
func (a *Adapter) Settle(d time.Duration) { a.homes.wait = d }

// Pulse makes an adapter notice a dead socket sooner, before it runs.
func (a *Adapter) Pulse(d time.Duration) { a.pulse = d }
