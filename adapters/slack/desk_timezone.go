package slack

import (
	"context"
	"fmt"

	"nevermind/bot"
)

// mostColleagues is how many of support's people are asked which clock they live by.
const maxAgents = 100

// setClock has the cards of the support channel, which all read, tell the time by the clock that most of support's
// people live by: Slack knows it of each of them, and of no channel.
func setDeskTimeZone(ctx context.Context, house Engine) error {
	people, err := house.Store().People(ctx, bot.Support, "", maxAgents)
	if err != nil {
		return fmt.Errorf("read which clock support lives by: %w", err)
	}
	zone := commonTimeZone(people)
	if zone == "" {
		return nil
	}
	if _, err := house.PutPerson(ctx, bot.Person{ID: bot.Desk, Zone: zone}); err != nil {
		return fmt.Errorf("give the desk its clock: %w", err)
	}
	return nil
}

// commonZone is the time zone of most of support's people; of several, the one that the desk has, or the first by name.
func commonTimeZone(people []bot.Person) string {
	count, held := map[string]int{}, ""
	for i := range people {
		if p := &people[i]; p.ID == bot.Desk {
			held = p.Zone
		} else if p.Zone != "" {
			count[p.Zone]++
		}
	}
	most := ""
	for zone, n := range count {
		if n > count[most] || n == count[most] && (zone == held || most != held && zone < most) {
			most = zone
		}
	}
	return most
}
