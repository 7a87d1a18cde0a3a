package engine

import (
	"cmp"
	"context"
	"errors"

	"nevermind/bot"
)

// PutPerson stores a person: name, language and zone as given, or as stored where they are empty or the person has chosen
// them; accounts and rooms are added to those stored. Open records of somebody who can be reached for the first time hear
// of it. It is idempotent, and returns the person as they are stored afterwards.
func (e *Engine) PutPerson(ctx context.Context, p bot.Person) (bot.Person, error) {
	return e.people.put(ctx, p)
}

// put commits the person, unless nothing is new: many may put the same person at once.
func (p *people) put(ctx context.Context, who bot.Person) (stored bot.Person, err error) {
	err = retryStale(func() error {
		before, err := p.cfg.Store.Person(ctx, who.ID)
		if err != nil && !errors.Is(err, bot.ErrNone) {
			return err
		}
		stored = merged(&before, who)
		if before.Version > 0 && same(&stored, &before) {
			stored = before
			return nil
		}
		next := stored
		c := bot.Commit{At: p.now(), Person: &next}
		if !before.Reachable() && next.Reachable() {
			if c.Tasks, err = p.tellReached(ctx, &next); err != nil {
				return err
			}
		}
		stored.Version++
		return p.commit(ctx, &c)
	})
	return stored, err
}

// merged is somebody as stored, with what is put of them now. A room that they have blocked stays so, unless it is put.
func merged(before *bot.Person, put bot.Person) bot.Person {
	put.Version = before.Version
	put.Name, put.Settings = cmp.Or(put.Name, before.Name), before.Settings
	put.Language = cmp.Or(before.Settings["language"], before.Settings["app_language"], put.Language, before.Language)
	put.Zone = cmp.Or(before.Settings["zone"], put.Zone, before.Zone)
	put.Accounts = union(before.Accounts, put.Accounts)
	put.Rooms, put.Shut = union(before.Rooms, put.Rooms), less(before.Shut, put.Rooms)
	return put
}

// same says whether nothing was added to or changed in what was stored.
func same(p, before *bot.Person) bool {
	return p.Name == before.Name && p.Language == before.Language && p.Zone == before.Zone &&
		len(p.Accounts) == len(before.Accounts) && len(p.Rooms) == len(before.Rooms)
}
