package turn

import (
	"slices"

	"nevermind/bot"
)

// Spared is whom a running deadline of a record must not disturb; empty where it need not care.
func (r *Ruleset) Spared(c *bot.Conversation, d bot.Deadline) bot.Party {
	return waitOf(r.ByName[c.Flow], c.State, d).Spares
}

// MidTalk says whether a talk is in the middle of something: it has asked its person something that is lost if they leave it, or
// something is set aside.
func (r *Ruleset) MidTalk(c *bot.Conversation) bool {
	f := r.ByName[c.Flow]
	if f == nil || c.State == "" {
		return false
	}
	atHome := c.Flow == r.Home && c.State == f.First
	return len(c.Aside) > 0 || !f.States[c.State].Light && !atHome
}

// WaitsAlone says whether a record stands with support on behalf of one party alone.
func (r *Ruleset) WaitsAlone(c *bot.Conversation, p bot.Party) bool {
	f := r.ByName[c.Flow]
	if f == nil || !f.States[c.State].Desk {
		return false
	}
	for _, other := range bot.Parties[:2] {
		if other != p && c.Parties[other] != "" && !slices.Contains(f.Without, other) {
			return false
		}
	}
	return true
}
