package slack

import "time"

// SetHomeDebounce shows home tabs afresh sooner, before it runs.
func (a *Adapter) SetHomeDebounce(d time.Duration) { a.homes.debounce = d }

// SetPingInterval makes an adapter notice a dead socket sooner, before it runs.
func (a *Adapter) SetPingInterval(d time.Duration) { a.pingEvery = d }
