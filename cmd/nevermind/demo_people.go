package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"maps"
	"slices"
	"strings"

	"nevermind/adapters/shop"
	"nevermind/adapters/web"
	"nevermind/bot"
	"nevermind/flows"
)

// sampleMark says in the store how far the sample marketplace has come: "loading" or "loaded".
const sampleMark = "demo.sample"

// populate puts people into the demo: the sample marketplace where the store is empty, and a seat
// on the page for everybody but the sample's one seller who is not to be reached. One that was cut
// short is finished at the next start.
func (h *house) populate(ctx context.Context) error {
	mark, err := h.store.Value(ctx, sampleMark)
	if err != nil && !errors.Is(err, bot.ErrNone) {
		return err
	}
	here, err := h.store.People(ctx, bot.Buyer, "", 1)
	if err != nil {
		return err
	}
	h.sample = len(mark) > 0 || len(here) == 0
	if string(mark) == "loading" || len(here) == 0 {
		if err := h.loadSample(ctx); err != nil {
			return err
		}
	}
	return h.giveSeats(ctx)
}

// loadSample puts the sample's people and orders; doing it twice changes nothing.
func (h *house) loadSample(ctx context.Context) error {
	if err := h.store.SetValue(ctx, sampleMark, []byte("loading")); err != nil {
		return err
	}
	people, orders := shop.Sample(h.engine.Now())
	for _, p := range people {
		if _, err := h.engine.PutPerson(ctx, p); err != nil {
			return fmt.Errorf("person %s: %w", p.ID, err)
		}
	}
	for _, o := range orders {
		if _, err := h.engine.PutOrder(ctx, o); err != nil {
			return err
		}
	}
	return h.store.SetValue(ctx, sampleMark, []byte("loaded"))
}

// giveSeats gives a room on the page to everybody who has none. Support's people share the desk,
// which tells the time as its first agent does.
func (h *house) giveSeats(ctx context.Context) error {
	desk := bot.Person{ID: bot.Desk, Rooms: []bot.Room{web.Desk}}
	agents, err := h.store.People(ctx, bot.Support, "", 2)
	if err != nil {
		return err
	}
	for _, a := range agents {
		if a.ID != bot.Desk && desk.Zone == "" {
			desk.Zone = a.Zone
		}
	}
	if _, err := h.engine.PutPerson(ctx, desk); err != nil {
		return err
	}
	seats := newParallel(func(p bot.Person) error { return h.giveSeat(ctx, p) })
	err = h.eachPerson(ctx, func(p bot.Person) error { return seats.put(string(p.ID), p) })
	_, wrong := seats.wait()
	return cmp.Or(err, wrong)
}

// eachPerson visits all people of all parties, a page of the store at a time.
func (h *house) eachPerson(ctx context.Context, visit func(bot.Person) error) error {
	for _, party := range []bot.Party{bot.Buyer, bot.Seller, bot.Support} {
		var last bot.PersonID
		for {
			people, err := h.store.People(ctx, party, last, 500)
			if err != nil {
				return err
			}
			if len(people) == 0 {
				break
			}
			for _, p := range people {
				if err := visit(p); err != nil {
					return err
				}
			}
			last = people[len(people)-1].ID
		}
	}
	return nil
}

// giveSeat gives somebody a place on the page; an agent works at the desk's.
func (h *house) giveSeat(ctx context.Context, p bot.Person) error {
	account := web.AccountOf(p.ID)
	who, _, _ := strings.Cut(string(p.ID), web.Generation)
	if p.ID == bot.Desk || h.sample && who == string(shop.Unreachable) || slices.Contains(p.Accounts, account) {
		return nil
	}
	p.Accounts = []string{account}
	if p.Party() != bot.Support {
		p.Rooms = []bot.Room{web.RoomOf(p.ID)}
	}
	_, err := h.engine.PutPerson(ctx, p)
	return err
}

// ensurePerson makes sure that somebody an order names is a person, called as the shop says, and in
// the demo that the page reaches them. Many orders of one person may come side by side: a lock by id lets one of them put
// the person, and the others wait and find it.
func (h *house) ensurePerson(ctx context.Context, id bot.PersonID, name string) error {
	only := &h.personLocks[maphash.String(personLockSeed, string(id))%uint64(len(h.personLocks))]
	only.Lock()
	defer only.Unlock()
	p, err := h.store.Person(ctx, id)
	switch {
	case err != nil && !errors.Is(err, bot.ErrNone):
		return err
	case err != nil || name != "" && name != p.Name:
		if p, err = h.engine.PutPerson(ctx, bot.Person{ID: id, Name: name}); err != nil {
			return err
		}
	}
	if !h.welcome {
		return nil
	}
	return h.giveSeat(ctx, p)
}

// personLockSeed chooses which of the house's locks a person's id falls to.
var personLockSeed = maphash.MakeSeed()

// pageNames are how the page calls what flows and a policy name shortly.
func pageNames(policy *bot.Policy) web.Names {
	all := flows.AllNames()
	names := web.Names{States: all.States, Events: all.Events, Ahead: all.Ahead, Windows: all.Windows, Stages: map[string]string{},
		Reasons: maps.Clone(all.Problems), Methods: all.Methods}
	for _, r := range policy.Reasons {
		names.Reasons[r.ID] = r.Label
	}
	for stage, words := range all.Stages {
		names.Stages[string(stage)] = words
	}
	for _, r := range flows.RuleList() {
		names.Rules = append(names.Rules, web.Rule{Rule: r.Rule, Says: r.Says})
	}
	return names
}
