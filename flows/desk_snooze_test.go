package flows_test

import (
	"strings"
	"testing"

	"nevermind/bot"
)

// TestSnoozeIsByTheAgentsClock: it is 18:00 in Tokyo, so "this afternoon" is over there, and the morning comes nine hours
// sooner than where the desk is.
func TestSnoozeIsByTheAgentsClock(t *testing.T) {
	s := newStage(t, "")
	s.person(bot.Person{ID: "support:mira", Zone: "Asia/Tokyo"})
	for _, line := range []string{
		"order: 81000001 processing", "Ana: cancel 81000001", "Ana: [Something else]", "Ana: My plans have changed.",
		"Ana: [Yes, ask the seller]",
		"Lumen: [Say no]", "Lumen: It is packed.", "Ana: [Let support decide]", "Mira: [Snooze…]",
		"Mira: [Until tomorrow morning, 09:00]", "Mira: I sleep.",
	} {
		s.line(line)
		s.drain()
	}
	got := s.bubbles["stage:desk"][0].reply.Text
	if want := "Snoozed by Mira until Saturday 21 November, 00:00 UTC (in 15 hours)"; !strings.Contains(got, want) {
		t.Errorf("the card does not say %q:\n%s", want, got)
	}
}
