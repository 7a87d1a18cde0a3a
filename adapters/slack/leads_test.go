package slack_test

import (
	"testing"
	"time"
)

// TestLeadIsToldDirectly: at three quarters of support's time a lead hears of a case in their own direct messages; one who
// has none there is named in the support channel.
func TestLeadIsToldDirectly(t *testing.T) {
	t.Parallel()
	h := newHarness(t, false, func(h *harness) { h.cfg.Leads = []string{"UMIRA", "UNOBODY"} })
	h.dispute("81000091")
	h.move(37 * time.Hour)
	h.slack.Await("DUMIRA", "Three quarters of the time are over")
	h.slack.Await(desk, "who leads this desk, has no direct chat with me")
}
