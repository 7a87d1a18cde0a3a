package main

import (
	"context"
	"errors"
	"fmt"

	"nevermind/bot"
)

// keeper says who answers for a store: once a server has, nobody else may act for its shop or move its time.
type keeper string

// Who answers for a store, as it is kept there.
const (
	nobody    keeper = ""
	byBook    keeper = "book"    // a server, with the embedded order book as the shop
	byWebhook keeper = "webhook" // a server, with a shop elsewhere
)

// keeperName is what it is kept under in the store.
const keeperName = "served"

func keeperOf(ctx context.Context, store bot.Store) (keeper, error) {
	kept, err := store.Value(ctx, keeperName)
	if errors.Is(err, bot.ErrNone) {
		return nobody, nil
	}
	return keeper(kept), err
}

// keep remembers who answers from now on.
func (s keeper) keep(ctx context.Context, store bot.Store) error {
	held, err := keeperOf(ctx, store)
	if err != nil || held == s {
		return err
	}
	return store.SetValue(ctx, keeperName, []byte(s))
}

// admits says why a house may not be opened as planned.
func (s keeper) admits(plan plan) error {
	switch {
	case s == nobody || !plan.alive:
		return nil
	case plan.demo:
		return fmt.Errorf("this data folder belongs to nevermind serve: in the demo anybody could act for its people and move its time; choose another folder with --data")
	case s == byWebhook:
		return fmt.Errorf("the shop of this data folder is reached by nevermind serve alone; start that first")
	}
	return nil
}
