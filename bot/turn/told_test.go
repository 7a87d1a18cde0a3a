package turn

import (
	"testing"
	"time"

	"nevermind/bot"
)

// TestMadeUpForWhomItKept: what is made up for counts for the party that could not be told, or for all where it names none.
func TestMadeUpForWhomItKept(t *testing.T) {
	asked := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	for told, want := range map[string]map[bot.Party]time.Duration{
		"":       {bot.Buyer: time.Hour, bot.Seller: time.Hour},
		"buyer":  {bot.Buyer: time.Hour},
		"seller": {bot.Seller: time.Hour},
	} {
		c := bot.Conversation{Asked: []bot.Asked{{Party: bot.Buyer, Since: asked}, {Party: bot.Seller, Since: asked}}}
		late := &turn{v: &bot.View{Conv: &c, Event: &bot.Event{Facts: bot.Facts{"away": "1h", "told": told}}}}
		late.out.Conv = c
		late.makeUp(bot.Move{MakesUp: true})
		for _, a := range late.out.Conv.Asked {
			if got := a.Since.Sub(asked); got != want[a.Party] {
				t.Errorf("told %q: the %s counts as asked %v later, want %v", told, a.Party, got, want[a.Party])
			}
		}
		if !c.Asked[0].Since.Equal(asked) || !c.Asked[1].Since.Equal(asked) {
			t.Errorf("told %q: the record as it was has changed", told)
		}
	}
}
