package slack

import (
	"context"
	"fmt"

	"nevermind/bot"
)

// maxAgents is how many agents are asked for their time zone.
const maxAgents = 100

// setDeskTimeZone has the cards of the support channel, which everybody there reads, tell the time in the zone of most agents:
// Slack knows a zone for each user and none for a channel. It is called whenever an agent is stored, and is idempotent.
func setDeskTimeZone(ctx context.Context, s *session) error {
	people, err := s.records.People(ctx, bot.Support, "", maxAgents)
	if err != nil {
		return fmt.Errorf("read which clock support lives by: %w", err)
	}
	zone := commonTimeZone(people)
	if zone == "" {
		return nil
	}
	if _, err := s.engine.PutPerson(ctx, bot.Person{ID: bot.Desk, Zone: zone}); err != nil {
		return fmt.Errorf("give the desk its clock: %w", err)
	}
	return nil
}

// commonTimeZone is the time zone of most agents; of several, the one that the desk has, else the first by name. Empty where
// no agent has one.
func commonTimeZone(people []bot.Person) string {
	count, current := map[string]int{}, ""
	for i := range people {
		if p := &people[i]; p.ID == bot.Desk {
			current = p.Zone
		} else if p.Zone != "" {
			count[p.Zone]++
		}
	}
	most := ""
	for zone, n := range count {
		if n > count[most] || n == count[most] && (zone == current || most != current && zone < most) {
			most = zone
		}
	}
	return most
}
