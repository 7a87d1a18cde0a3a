package main

import (
	"context"
	"errors"
	"time"

	"nevermind/adapters/slack"
	"nevermind/bot"
	"nevermind/flows"
)

// desk hands the boards that flows makes to Slack: it reads the store for flows.DeskBoard and turns
// its board into slack's. catalog has the words of languages besides English; clocks lists what
// runs out in a record, and week counts what came of the week's requests.
type desk struct {
	store   bot.Store
	now     func() time.Time
	catalog bot.Catalog
	clocks  func(ctx context.Context, key bot.Key, reader *bot.Person) ([]bot.Countdown, error)
	week    func(ctx context.Context) (bot.ReportGroup, bool)
}

// board is slack.Config.Desk.
func (d desk) board(ctx context.Context, who bot.Person, asked slack.Asked) (slack.Board, error) {
	q := flows.BoardQuery{Kind: flows.BoardKind(asked.What), ID: asked.ID}
	b, err := flows.DeskBoard(q, &who, d.now(), deskFacts{d, ctx}, d.catalog)
	shown := slack.Board{Title: b.Title, Text: b.Text, Foot: b.Foot}
	for _, f := range b.Figures {
		shown.Figures = append(shown.Figures, slack.Figure(f))
	}
	for _, l := range b.Lists {
		list := slack.List{Name: l.Name, Title: l.Title, Empty: l.Empty}
		for _, line := range l.Lines {
			list.Lines = append(list.Lines, slack.Line(line))
		}
		shown.Lists = append(shown.Lists, list)
	}
	return shown, err
}

// deskFacts reads for one board.
type deskFacts struct {
	desk
	ctx context.Context
}

// Filed loads conversations by a term; one that is gone meanwhile is left out.
func (d deskFacts) Filed(term string, n int) ([]bot.Conversation, error) {
	keys, err := d.store.Find(d.ctx, term, "", n)
	found := make([]bot.Conversation, 0, len(keys))
	for _, key := range keys {
		c, err := d.store.Conversation(d.ctx, key)
		if errors.Is(err, bot.ErrNone) {
			continue
		}
		if err != nil {
			return nil, err
		}
		found = append(found, c)
	}
	return found, err
}

// Order loads an order.
func (d deskFacts) Order(id string) (bot.Order, error) { return d.store.Order(d.ctx, id) }

// Person loads a person.
func (d deskFacts) Person(id bot.PersonID) (bot.Person, error) { return d.store.Person(d.ctx, id) }

// Countdowns asks the engine.
func (d deskFacts) Countdowns(key bot.Key, reader *bot.Person) ([]bot.Countdown, error) {
	return d.clocks(d.ctx, key, reader)
}

// Week asks for the report of this week.
func (d deskFacts) Week() (bot.ReportGroup, bool) { return d.week(d.ctx) }
