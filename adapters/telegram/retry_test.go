package telegram

import (
	"testing"
	"time"
)

// TestBackoffAfterARateLimit holds that getUpdates too waits as long as a 429 asks, and that this is no problem to report.
func TestBackoffAfterARateLimit(t *testing.T) {
	a := &Adapter{problems: map[string]string{}, reported: map[string]string{}}
	got := a.backoffAfter("poll", &apiError{Code: 429, RetryAfter: 9 * time.Second}, 1)
	if got != 9*time.Second || len(a.problems) != 0 {
		t.Errorf("got %v, trouble %v; want 9s and none", got, a.problems)
	}
}
