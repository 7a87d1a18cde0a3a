package turn

import (
	"slices"

	"nevermind/bot"
)

// face is what a card shows: its words, and below them the flow's foot while the record is open.
func (t *turn) cardText(who *bot.Person, words string) string {
	text := t.Say(t.v, who, words)
	if foot := t.footer(who); foot != "" {
		text += "\n" + foot
	}
	return text
}

func (t *turn) footer(who *bot.Person) string {
	if s := t.flow.States[t.v.Frame.State]; s.End() {
		return ""
	}
	return t.Say(t.v, who, t.flow.Footer)
}

// feet are the feet of the parties' cards before a move that leaves the cards where they are.
func (t *turn) footers(m bot.Move) map[bot.Party]string {
	if t.flow.Footer == "" || m.Kind != bot.Stays {
		return nil
	}
	feet := map[bot.Party]string{}
	for _, p := range bot.Parties {
		if who := t.v.People[p]; who != nil {
			feet[p] = t.footer(who)
		}
	}
	return feet
}

// refoot edits the cards whose foot is no longer true, unless the turn has shown them already.
func (t *turn) updateFooters(before map[bot.Party]string) {
	for _, p := range bot.Parties {
		who, was := t.v.People[p], before[p]
		if _, had := before[p]; !had || who == nil || t.footer(who) == was || t.shown(who) {
			continue
		}
		t.redraw(p, who)
	}
}

// shown says whether the turn has a card for somebody already.
func (t *turn) shown(who *bot.Person) bool {
	return slices.ContainsFunc(t.out.Replies, func(r bot.Reply) bool {
		return r.Card == t.out.Conv.Key && r.Mode != bot.Strip && slices.Contains(who.Rooms, r.Room)
	})
}
