package telegram

import (
	"testing"
	"time"
)

// TestPollWaitsAsToldTo holds that getUpdates too waits as long as Telegram says.
func TestPollWaitsAsToldTo(t *testing.T) {
	a := &Adapter{problems: map[string]string{}, reported: map[string]string{}}
	if got := a.backoffAfter(&apiError{Code: 429, RetryAfter: 9 * time.Second}, 1); got != 9*time.Second || len(a.problems) != 0 {
		t.Errorf("got %v, trouble %v; want 9s and none", got, a.problems)
	}
}
