package flows

import (
	"strings"

	"nevermind/bot"
)

// cheaper are words of somebody who has found a better offer elsewhere, the usual motive (S90).
var cheaper = []string{"cheaper", "better price", "lower price", "better offer", "better deal", "somewhere else", "elsewhere", "another shop", "another seller", "other shop", "other seller"}

// hearCheaper hears that the same is to be had for less elsewhere. Where the policy has that reason it is the reason; else
// it is no longer wanted from here, and the buyer's own words go along, so that the true motive is what the seller reads.
func hearCheaper(v *bot.View, m *bot.Message) (bot.Event, bool) {
	text := plain(m.Text)
	for _, words := range cheaper {
		if !strings.Contains(text, words) {
			continue
		}
		for _, id := range []string{"found_cheaper", "not_needed"} {
			if _, listed := v.Policy.Reason(id); listed {
				return bot.Event{Name: "motive_told", Facts: bot.Facts{"reason": id, "note": shorten(strings.TrimSpace(m.Text), 1000)}}, true
			}
		}
	}
	return bot.Event{}, false
}
