package engine

import (
	"context"
	"fmt"
	"slices"

	"nevermind/bot"
)

// mostRecords is how many open records of one person are told of a change.
const mostRecords = 1000

// roomsChanged makes the tasks that follow for a person's open records when rooms come or go: they hear that somebody can
// be reached now, or no more, and are shown in a room that was added; in one that is gone their cards lose their buttons.
func (p *people) roomsChanged(ctx context.Context, before, after *bot.Person) ([]bot.Task, error) {
	added, gone := less(after.Rooms, before.Rooms), less(before.Rooms, after.Rooms)
	if len(added) == 0 && len(gone) == 0 {
		return nil, nil
	}
	term := "open:" + string(after.ID)
	if after.ID == bot.Desk {
		term = "desk"
	}
	keys, err := p.cfg.Store.Find(ctx, term, "", mostRecords)
	if err != nil {
		return nil, err
	}
	var tasks []bot.Task
	for _, key := range keys {
		c, err := p.cfg.Store.Conversation(ctx, key)
		if err != nil {
			return nil, err
		}
		for _, room := range added {
			if slices.Contains(before.Shut, room) {
				tasks = append(tasks, p.stripCard(&c, after, room)) // when it was shut that did not arrive
			}
		}
		if before.Reachable() {
			tasks = append(tasks, p.moveCards(&c, after, added, gone)...)
		}
	}
	if before.Reachable() {
		return tasks, nil
	}
	reached, err := p.tellReached(ctx, after)
	return append(tasks, reached...), err
}

// stripCard takes the buttons off a record's card in a room. The task's id names the version of the person that causes it, so
// that a repeat of the change makes the same task.
func (p *people) stripCard(c *bot.Conversation, who *bot.Person, room bot.Room) bot.Task {
	strip := bot.Reply{Room: room, Mode: bot.Strip, Card: c.Key, From: c.Key}
	id := fmt.Sprintf("strip:%s:%d:%s:%s", who.ID, who.Version+1, c.Key, room)
	return sendTask(id, bot.EditClass, strip, p.now())
}

// moveCards shows a record in rooms that were added, and takes its buttons away in those that are gone. The record shows itself,
// by an event of its own, since only its flow knows what to say; one that does not hear that event shows nothing. It hears
// too when the last room of a party is gone.
func (p *people) moveCards(c *bot.Conversation, who *bot.Person, added, gone []bot.Room) []bot.Task {
	var tasks []bot.Task
	id := fmt.Sprintf("%s:%d:%s:", who.ID, who.Version+1, c.Key)
	for _, room := range added {
		if p.rules.Hears(c, "card_asked") {
			ev := bot.Event{ID: "show:" + id + string(room), Name: "card_asked", By: who.Party(), Actor: who.ID, Room: room}
			tasks = append(tasks, p.tellTask(c.Key, ev))
		}
	}
	for _, room := range gone {
		if slices.Contains(c.Live, room) {
			tasks = append(tasks, p.stripCard(c, who, room))
		}
	}
	if left := string(who.Party()) + "_left"; !who.Reachable() && p.rules.Hears(c, left) {
		tasks = append(tasks, p.tellTask(c.Key, bot.Event{ID: "left:" + id, Name: left, By: bot.Shop}))
	}
	return tasks
}

// tellReached tells the open records of a person that there is a room for them now: until then they waited without the person
// knowing, and may begin the person's time anew.
func (p *people) tellReached(ctx context.Context, who *bot.Person) ([]bot.Task, error) {
	keys, err := p.cfg.Store.Find(ctx, "open:"+string(who.ID), "", mostRecords)
	if err != nil {
		return nil, err
	}
	var tasks []bot.Task
	for _, key := range keys {
		id := fmt.Sprintf("reached:%s:%d:%s", who.ID, who.Version+1, key)
		tasks = append(tasks, p.tellTask(key, bot.Event{ID: id, Name: string(who.Party()) + "_reached", By: bot.Shop}))
	}
	return tasks, nil
}
