package slack

import (
	"context"
	"fmt"
	"log/slog"

	"nevermind/bot"
)

// meetLeads gives each of support's leads a room of their own, so that what has waited long can be told them directly.
// One whose direct messages cannot be opened is told in the support channel.
func (a *Adapter) openLeadRooms(ctx context.Context, house Engine) error {
	for _, user := range a.cfg.Leads {
		channel, err := a.directChannel(ctx, user)
		if err != nil {
			a.cfg.Meter.Count("leads_not_met", name, 1)
			a.cfg.Log.Warn("slack: a lead cannot be written to directly; they are told in the support channel", slog.Any("why", err))
			continue
		}
		if _, err := house.PutPerson(ctx, bot.Person{ID: bot.NewPersonID(bot.Support, user), Rooms: []bot.Room{room(channel)}}); err != nil {
			return fmt.Errorf("give a lead their room: %w", err)
		}
	}
	return nil
}
