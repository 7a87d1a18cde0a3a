package slack

import (
	"context"
	"fmt"

	"nevermind/bot"
)

// maxAgents is how many agents are asked for their time zone.
const maxAgents = 100

// setDeskTimeZone has the cards of the support channel, which everybody there reads, tell the time in the zone of most agents,
// and speak the language of most: Slack knows both for each user and neither for a channel. It is called whenever an agent is
// stored, and is idempotent.
func setDeskTimeZone(ctx context.Context, s *session) error {
	people, err := s.records.People(ctx, bot.Support, "", maxAgents)
	if err != nil {
		return fmt.Errorf("read which clock support lives by: %w", err)
	}
	zone := common(people, func(p *bot.Person) string { return p.Zone })
	language := common(people, func(p *bot.Person) string { return p.Language })
	if zone == "" && language == "" {
		return nil
	}
	if _, err := s.engine.PutPerson(ctx, bot.Person{ID: bot.Desk, Zone: zone, Language: language}); err != nil {
		return fmt.Errorf("give the desk its clock and language: %w", err)
	}
	return nil
}

// common is what most agents have; of several, what the desk has, else the first by name. Empty where no agent has any.
func common(people []bot.Person, of func(*bot.Person) string) string {
	count, current := map[string]int{}, ""
	for i := range people {
		switch p := &people[i]; {
		case p.ID == bot.Desk:
			current = of(p)
		case of(p) != "":
			count[of(p)]++
		}
	}
	most := ""
	for one, n := range count {
		if n > count[most] || n == count[most] && (one == current || most != current && one < most) {
			most = one
		}
	}
	return most
}
