package turn

import (
	"slices"

	"nevermind/bot"
)

// keepFiles keeps the files that came with the event: in a record as evidence, in a talk with its place.
func (t *turn) keepFiles(m bot.Move) {
	e, c := t.v.Event, &t.out.Conv
	switch {
	case len(e.Files) == 0 || m.Kind == bot.Begins:
	case t.flow.Talk:
		t.v.Frame.Files = slices.Concat(t.v.Frame.Files, e.Files)
	default:
		for _, f := range e.Files {
			if !c.Brought(f, e.By) && t.mayBringMore(e.By) {
				c.Exhibits = append(c.Exhibits[:len(c.Exhibits):len(c.Exhibits)], bot.Exhibit{File: f, By: e.By})
				if e.By == bot.Support && e.Actor != "" {
					t.owner(bot.FileOwner(f.Hash), e.Actor)
				}
			}
		}
	}
}

// mayBringMore says whether a party may bring another file.
func (t *turn) mayBringMore(by bot.Party) bool {
	n := 0
	for _, x := range t.out.Conv.Exhibits {
		if x.By == by {
			n++
		}
	}
	return t.flow.Files == 0 || by == bot.Support || n < t.flow.Files
}
