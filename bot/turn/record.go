package turn

import (
	"slices"

	"nevermind/bot"
)

// Reopen lets a closed record begin anew where the view's event can begin one; its journal and version go on, and so do the
// visits, so that no button of its former life is legal again. A press of one of those begins nothing: it is late.
func (r *Ruleset) Reopen(v *bot.View) {
	c := v.Conv
	if !c.Closed.IsZero() && v.Event.Offer == "" && slices.Contains(r.ByName[c.Flow].Born, v.Event.Name) {
		*c = bot.Conversation{Key: c.Key, Frame: bot.Frame{Flow: c.Flow, Visit: c.Visit}, Order: c.Order, Live: c.Live, Opened: v.Now,
			Entries: c.Entries, Head: c.Head, Version: c.Version, Exhibits: c.Exhibits}
	}
}

// InitRecord gives a new record its order, parties and name.
func InitRecord(v *bot.View) {
	c := v.Conv
	c.ID = v.Event.Facts["id"]
	c.Parties = map[bot.Party]bot.PersonID{bot.Support: bot.Desk}
	if v.Order != nil {
		c.Order = v.Order.ID
		c.Parties[bot.Buyer], c.Parties[bot.Seller] = v.Order.Buyer, v.Order.Seller
	} else if v.Event.Actor != "" {
		c.Parties[v.Event.By] = v.Event.Actor
	}
}

// KeptBy is the version of the policy that the view's record keeps; empty where it has none yet. A record that follows a case
// is told at its birth which.
func (r *Ruleset) KeptBy(v *bot.View) string {
	switch {
	case !r.ByName[v.Conv.Flow].Keeps:
		return ""
	case v.Conv.State == "":
		return v.Event.Facts[bot.PolicyFact]
	}
	return v.Conv.Facts[bot.PolicyFact]
}
