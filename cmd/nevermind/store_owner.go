package main

import (
	"context"
	"errors"
	"fmt"

	"nevermind/bot"
)

// storeOwner says who answers for a store. Once a server has served it, the store's shop is the
// server's: no demo may move its time, and no command may act for its people. The value is stored,
// so it holds after the server has ended.
type storeOwner string

// Who answers for a store, as it is kept there.
const (
	ownedByNobody  storeOwner = ""
	ownedByBook    storeOwner = "book"    // a server, with the embedded order book as the shop
	ownedByWebhook storeOwner = "webhook" // a server, with a shop elsewhere
	ownedByDemo    storeOwner = "demo"    // a demo: its people and orders are made up, and its time can be moved
	ownedBySystem  storeOwner = "system"  // a server, with a shop's own system behind a connector
)

// storeOwnerName is what it is kept under in the store.
const storeOwnerName = "served"

// ownerOf reads who answers for a store.
func ownerOf(ctx context.Context, store bot.Store) (storeOwner, error) {
	kept, err := store.Value(ctx, storeOwnerName)
	if errors.Is(err, bot.ErrNone) {
		return ownedByNobody, nil
	}
	return storeOwner(kept), err
}

// refuseDemo refuses to serve a store that a demo has marked as its own, or has put its sample into.
func refuseDemo(ctx context.Context, store bot.Store) error {
	owner, err := ownerOf(ctx, store)
	if err != nil {
		return err
	}
	sample, err := store.Value(ctx, sampleMark)
	if err != nil && !errors.Is(err, bot.ErrNone) {
		return err
	}
	if owner == ownedByDemo || len(sample) > 0 {
		return errors.New("this data folder belongs to nevermind demo: its people and orders are made up; " +
			"choose another folder with --data")
	}
	return nil
}

// claim stores who answers from now on.
func (s storeOwner) claim(ctx context.Context, store bot.Store) error {
	held, err := ownerOf(ctx, store)
	if err != nil || held == s {
		return err
	}
	return store.SetValue(ctx, storeOwnerName, []byte(s))
}

// admits says why a house may not be opened as planned; nil where it may.
func (s storeOwner) admits(plan plan) error {
	switch {
	case s == ownedByNobody, s == ownedByDemo, !plan.alive:
		return nil
	case plan.demo:
		return fmt.Errorf("this data folder belongs to nevermind serve: in the demo anybody could act for its people and move its " +
			"time; choose another folder with --data")
	case s == ownedByWebhook, s == ownedBySystem:
		return fmt.Errorf("the shop of this data folder is reached by nevermind serve alone; start that first")
	}
	return nil
}

// refuseBesideServers refuses to do the work of servers that are at it, on other machines too: their platforms are not here.
func refuseBesideServers(store bot.Store) error {
	if shared, ok := store.(interface{ Servers() int }); ok && shared.Servers() > 0 {
		return errors.New("a server works on this database: use this command on its machine, with its data folder")
	}
	return nil
}
