package slack

import "time"

// Settle shows home tabs afresh sooner, before it runs.
func (a *Adapter) SetHomeDebounce(d time.Duration) { a.homes.debounce = d }

// Pulse makes an adapter notice a dead socket sooner, before it runs.
func (a *Adapter) SetPingInterval(d time.Duration) { a.pingEvery = d }
