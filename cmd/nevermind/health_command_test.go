package main

import (
	"testing"

	"nevermind/adapters/telegram/telegramtest"
)

// TestHealth: where health and metrics have a listener of their own, the public one has none of it; the command says the same
// without a port.
func TestHealth(t *testing.T) {
	t.Parallel()
	data, own := t.TempDir(), telegramtest.FreeAddress(t)
	command(t, "", "health", "--data", data).want(t, exitFailed, "no server answers in "+data)
	s, _ := serveOn(t, data, "--api-key", apiKey, "--operations-listen", own)
	for _, path := range []string{"/healthz", "/readyz", "/metrics"} {
		if status, _ := fetch(t, "http://"+own+path); status != 200 {
			t.Errorf("%s there: %d", path, status)
		}
		if status, _ := fetch(t, s.url+path); status != 404 {
			t.Errorf("%s beside the rest: %d", path, status)
		}
	}
	command(t, "", "health", "--data", data).want(t, exitDone, "alive")
	command(t, "", "health", "--ready", "--data", data).want(t, exitDone, "ready")
	s.stop().want(t, exitDone)
	command(t, "", "health", "--ready", "--data", data).want(t, exitFailed, "no server answers in "+data)
	command(t, "", "serve", "--data", data, "--api-key", apiKey, "--operations-listen", "here").want(t, exitWrongUse,
		"NEVERMIND_OPERATIONS_LISTEN")
}
