package shop

import (
	"context"
	"errors"
	"fmt"

	"nevermind/bot"
)

// Cases reads cases from the store as the contract writes them, for the API and for whoever writes a case webhook. It holds
// no state of its own.
type Cases struct {
	// Store is read only.
	Store bot.Reading
	Leads Leads
	// PolicyOf is the policy that counts for a case.
	PolicyOf func(c *bot.Conversation) *bot.Policy
}

// journalPage is how many entries of a journal are read at once.
const journalPage = 500

// Case reads the case under a key; bot.ErrNone where there is none.
func (s *Cases) Case(ctx context.Context, key bot.Key) (Case, error) {
	c, err := s.Store.Conversation(ctx, key)
	if err == nil && !IsCase(&c) {
		err = bot.ErrNone
	}
	if err != nil {
		return Case{}, fmt.Errorf("case: %w", err)
	}
	return s.Of(ctx, &c)
}

// Of writes a case that is loaded already, with the part of its journal that led to it.
func (s *Cases) Of(ctx context.Context, c *bot.Conversation) (Case, error) {
	journal, err := s.journal(ctx, c)
	if err != nil {
		return Case{}, fmt.Errorf("journal of a case: %w", err)
	}
	order, err := s.Store.Order(ctx, c.Order)
	if errors.Is(err, bot.ErrNone) {
		return NewCase(s.Leads, s.PolicyOf(c), c, journal, nil), nil
	}
	if err != nil {
		return Case{}, fmt.Errorf("order of a case: %w", err)
	}
	return NewCase(s.Leads, s.PolicyOf(c), c, journal, &order), nil
}

// journal reads as many entries as the conversation had when it was loaded, so that a turn made meanwhile does not show.
func (s *Cases) journal(ctx context.Context, c *bot.Conversation) ([]bot.Entry, error) {
	var all []bot.Entry
	for len(all) < c.Entries {
		part, err := s.Store.Journal(ctx, c.Key, len(all), min(journalPage, c.Entries-len(all)))
		if err != nil || len(part) == 0 {
			return all, err
		}
		all = append(all, part...)
	}
	return all, nil
}
