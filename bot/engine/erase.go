package engine

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"nevermind/bot"
)

// Erase makes what is kept of a person unreadable, in every copy too, and returns how many of their files went. bot.UnderWay: a
// case of theirs is open, or money is moving. ErrNone: nobody is known by that id, or they were erased before.
func (e *Engine) Erase(ctx context.Context, id bot.PersonID, why string) (files int, err error) {
	return e.eraser.erase(ctx, id, why)
}

// MayErase says why somebody's data cannot be erased yet; nil where they can.
func (e *Engine) MayErase(ctx context.Context, id bot.PersonID) error {
	_, err := e.eraser.records(ctx, id)
	return err
}

// eraser erases people. It has no state.
type eraser struct {
	*base
	turns *turner
}

// erase erases somebody, files first: what names them is gone afterwards. The operators' journal says that somebody was erased,
// and not who.
func (e *eraser) erase(ctx context.Context, id bot.PersonID, why string) (files int, err error) {
	who, err := e.cfg.Store.Person(ctx, id)
	if err != nil {
		return 0, err
	}
	if who.WasErased() {
		return 0, bot.ErrNone
	}
	records, err := e.records(ctx, id)
	if err != nil {
		return 0, err
	}
	if files, err = e.eraseFiles(ctx, &who, records); err != nil {
		return files, err
	}
	if err := e.cfg.Store.Erase(ctx, who); err != nil {
		return files, err
	}
	defer e.turns.lock(bot.Operators)()
	return files, retryStale(func() error {
		c, err := acted(ctx, e.cfg.Store, e.now(), "erased", bot.Facts{"party": string(who.Party()), "why": why})
		if err != nil {
			return err
		}
		return e.commit(ctx, c)
	})
}

// records are all that somebody takes part in, none of which may be open where it moves money or waits for support. An agent
// takes part in none, and may have none of those that wait.
func (e *eraser) records(ctx context.Context, id bot.PersonID) (all []bot.Conversation, err error) {
	var open *bot.UnderWay
	err = e.filedUnder(ctx, string(id), func(c bot.Conversation) {
		all = append(all, c)
		if c.Closed.IsZero() && e.weighty(c.Key.Kind()) {
			open = later(open, &c)
		}
	})
	if party, _ := id.Split(); err == nil && party == bot.Support {
		err = e.filedUnder(ctx, "desk", func(c bot.Conversation) {
			if slices.Contains(slices.Collect(maps.Values(c.Facts)), string(id)) { // they have it, or have decided it
				open = later(open, &c)
			}
		})
	}
	if err == nil && open != nil {
		err = *open
	}
	return all, err
}

// filedUnder reads all that is filed under a term.
func (e *eraser) filedUnder(ctx context.Context, term string, look func(bot.Conversation)) error {
	for after := bot.Key(""); ; {
		keys, err := e.cfg.Store.Find(ctx, term, after, 100)
		if err != nil || len(keys) == 0 {
			return err
		}
		for _, key := range keys {
			after = key
			c, err := e.cfg.Store.Conversation(ctx, key)
			if errors.Is(err, bot.ErrNone) {
				continue
			}
			if err != nil {
				return err
			}
			look(c)
		}
	}
}

// weighty says whether records of a flow are cases, or wait for support.
func (e *eraser) weighty(flow string) bool {
	f := e.rules.ByName[flow]
	if f == nil || f.Case {
		return f != nil
	}
	for _, s := range f.States {
		if s.Desk {
			return true
		}
	}
	return false
}

// later is whichever of two open records ends later.
func later(u *bot.UnderWay, c *bot.Conversation) *bot.UnderWay {
	name := c.ID
	if name == "" {
		name = string(c.Key)
	}
	var until time.Time
	for _, d := range c.Deadlines {
		if d.At.After(until) {
			until = d.At
		}
	}
	if u != nil && (u.Until.IsZero() || !until.IsZero() && !until.After(u.Until)) {
		return u
	}
	return &bot.UnderWay{Case: name, Until: until}
}

// eraseFiles removes what somebody brought to records and talks, unless others brought it as well, and the sealed files of their
// cases that are kept here.
func (e *eraser) eraseFiles(ctx context.Context, who *bot.Person, records []bot.Conversation) (int, error) {
	if e.cfg.Blobs == nil {
		return 0, nil
	}
	gone, others := map[string]bool{}, map[string]bool{}
	for i := range records {
		c := &records[i]
		for _, x := range c.Exhibits {
			if c.Parties[x.By] == who.ID {
				gone[x.Hash] = true
			} else {
				others[x.Hash] = true
			}
		}
		if hash := c.Facts["file_hash"]; hash != "" { // what was made for them
			gone[hash] = true
		}
		if err := e.sealedFiles(ctx, c.Order, gone); err != nil {
			return 0, err
		}
	}
	for _, room := range slices.Concat(who.Rooms, who.Shut) {
		c, err := e.cfg.Store.Conversation(ctx, bot.TalkKey(room, who))
		if err != nil && !errors.Is(err, bot.ErrNone) {
			return 0, err
		}
		for _, f := range append(slices.Clone(c.Aside), c.Frame) {
			for i := range f.Files {
				gone[f.Files[i].Hash] = true
			}
		}
	}
	if len(gone) == 0 {
		return 0, nil
	}
	return e.cfg.Blobs.Sweep(ctx, 0, func(hash string) (bool, error) { return !gone[hash] || others[hash], nil })
}

// sealedFiles adds the sealed files that were made of an order's cases.
func (e *eraser) sealedFiles(ctx context.Context, order string, gone map[string]bool) error {
	if order == "" {
		return nil
	}
	keys, err := e.cfg.Store.Find(ctx, "order:"+order, "", 1000)
	if err != nil {
		return err
	}
	for _, key := range keys {
		c, err := e.cfg.Store.Conversation(ctx, key)
		if err != nil && !errors.Is(err, bot.ErrNone) {
			return err
		}
		if hash := c.Facts["file_hash"]; hash != "" {
			gone[hash] = true
		}
	}
	return nil
}
