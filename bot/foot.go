package bot

import "slices"

// face is what a card shows: its words, and below them the flow's foot while the record is open.
func (t *turn) face(who *Person, words string) string {
	text := t.Say(t.v, who, words)
	if foot := t.foot(who); foot != "" {
		text += "\n" + foot
	}
	return text
}

func (t *turn) foot(who *Person) string {
	if s := t.flow.States[t.v.Frame.State]; s.End() {
		return ""
	}
	return t.Say(t.v, who, t.flow.Foot)
}

// feet are the feet of the parties' cards before a move that leaves the cards where they are.
func (t *turn) feet(m Move) map[Party]string {
	if t.flow.Foot == "" || m.Kind != Stays {
		return nil
	}
	feet := map[Party]string{}
	for _, p := range parties {
		if who := t.v.People[p]; who != nil {
			feet[p] = t.foot(who)
		}
	}
	return feet
}

// refoot edits the cards whose foot is no longer true, unless the turn has shown them already.
func (t *turn) refoot(before map[Party]string) {
	for _, p := range parties {
		who, was := t.v.People[p], before[p]
		if _, had := before[p]; !had || who == nil || t.foot(who) == was || t.shown(who) {
			continue
		}
		t.redraw(p, who)
	}
}

// shown says whether the turn has a card for somebody already.
func (t *turn) shown(who *Person) bool {
	return slices.ContainsFunc(t.out.Replies, func(r Reply) bool {
		return r.Card == t.out.Conv.Key && r.Mode != Strip && slices.Contains(who.Rooms, r.Room)
	})
}
