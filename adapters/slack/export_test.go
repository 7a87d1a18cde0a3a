package slack

import (
	"net/http"
	"time"
)

// SetHomeDebounce shows home tabs afresh sooner, before it runs.
func (a *Adapter) SetHomeDebounce(d time.Duration) { a.homes.debounce = d }

// SetPingInterval makes an adapter notice a dead socket sooner, before it runs.
func (a *Adapter) SetPingInterval(d time.Duration) { a.pingEvery = d }

// SetTransport makes an adapter reach Slack by something else than the network, before it runs.
func (a *Adapter) SetTransport(rt http.RoundTripper) {
	a.api, a.fileAPI = newClient(a.cfg, callTimeout, rt), newClient(a.cfg, fileTimeout, rt)
}

// Scopes are those that Try looks for.
var Scopes = scopes

// AtSlack says whether an adapter with this API shows the bot's token to an address.
func AtSlack(api, address string) bool { return (&Adapter{cfg: Config{API: api}}).atSlack(address) }
