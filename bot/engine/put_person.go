package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"nevermind/bot"
)

// PutPerson stores a person: name, language and zone as given, or as held where they are empty or the person has chosen
// them; accounts and rooms are added to those held. Open records of somebody who can be reached for the first time hear of it.
func (e *Engine) PutPerson(ctx context.Context, p bot.Person) (bot.Person, error) {
	for try := 0; ; try++ {
		held, err := e.cfg.Store.Person(ctx, p.ID)
		if err != nil && !errors.Is(err, bot.ErrNone) {
			return p, err
		}
		next := p
		next.Version = held.Version
		next.Name, next.Settings = cmp.Or(p.Name, held.Name), held.Settings
		next.Language = cmp.Or(held.Settings["language"], p.Language, held.Language)
		next.Zone = cmp.Or(held.Settings["zone"], p.Zone, held.Zone)
		next.Accounts = union(held.Accounts, p.Accounts)
		next.Rooms = union(held.Rooms, p.Rooms)
		if held.Version > 0 && same(&next, &held) { // many may put the same person at once
			return held, nil
		}
		c := bot.Commit{At: e.Now(), Person: &next}
		if !held.Reachable() && next.Reachable() {
			if c.Tasks, err = e.reached(ctx, &next); err != nil {
				return p, err
			}
		}
		err = e.commit(ctx, &c)
		if errors.Is(err, bot.ErrStale) && try < 16 {
			continue
		}
		next.Version++
		return next, err
	}
}

// same says whether nothing was added to or changed in what was held.
func same(p, held *bot.Person) bool {
	return p.Name == held.Name && p.Language == held.Language && p.Zone == held.Zone &&
		len(p.Accounts) == len(held.Accounts) && len(p.Rooms) == len(held.Rooms)
}

// reached tells the open records of a person that there is a room for them now.
func (e *Engine) reached(ctx context.Context, p *bot.Person) ([]bot.Task, error) {
	keys, err := e.cfg.Store.Find(ctx, "open:"+string(p.ID), "", 1000)
	if err != nil {
		return nil, err
	}
	var tasks []bot.Task
	for _, key := range keys {
		id := fmt.Sprintf("reached:%s:%d:%s", p.ID, p.Version+1, key)
		tasks = append(tasks, bot.Task{ID: id, Lane: "conv:" + string(key), Do: "tell", Class: bot.InnerClass, To: key,
			Event: bot.Event{ID: id, Name: string(p.Party()) + "_reached", By: bot.Shop}, Made: e.Now()})
	}
	return tasks, nil
}

func union[T comparable](held, more []T) []T {
	all := slices.Clone(held)
	for _, x := range more {
		if !slices.Contains(all, x) {
			all = append(all, x)
		}
	}
	return all
}
