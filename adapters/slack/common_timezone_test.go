package slack

import (
	"testing"

	"nevermind/bot"
)

// TestCommonTimeZone: the desk lives by the clock of most of its people, and does not change it without need.
func TestCommonTimeZone(t *testing.T) {
	t.Parallel()
	const madrid, tokyo, utc = "Europe/Madrid", "Asia/Tokyo", "Etc/UTC"
	for _, c := range []struct {
		desk   string
		agents []string
		want   string
	}{
		{"", nil, ""},
		{"", []string{""}, ""},
		{"", []string{madrid}, madrid},
		{tokyo, []string{madrid}, madrid},
		{"", []string{madrid, tokyo}, tokyo},
		{madrid, []string{madrid, tokyo, utc}, madrid},
		{madrid, []string{madrid, tokyo, tokyo, ""}, tokyo},
	} {
		people := []bot.Person{{ID: bot.Desk, Zone: c.desk}}
		for _, zone := range c.agents {
			people = append(people, bot.Person{ID: "support:a", Zone: zone})
		}
		for range 8 { // whatever the order in which they are counted
			if got := common(people, func(p *bot.Person) string { return p.Zone }); got != c.want {
				t.Errorf("desk in %q, agents in %q: got %q, want %q", c.desk, c.agents, got, c.want)
			}
		}
	}
}
