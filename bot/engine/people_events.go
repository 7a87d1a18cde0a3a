package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"nevermind/bot"
)

// change changes a person as another conversation has told; that commit settles the task.
func (e *Engine) personEvent(ctx context.Context, l bot.Lease) error {
	ev, id := &l.Task.Event, bot.PersonID(l.Task.To.Rest())
	if ev.Name == bot.ChatJoined {
		if err := e.release(ctx, id, ev); err != nil {
			return err
		}
	}
	err := e.changePerson(ctx, id, ev, bot.Commit{Handled: ev.ID, Settle: &bot.Settlement{Lease: l}}, func(held, next *bot.Person) []bot.Task { return e.changed(held, next, l.Task) })
	switch {
	case errors.Is(err, bot.ErrSeen), errors.Is(err, bot.ErrNone):
		return e.settle(ctx, l, bot.Outcome{})
	case err == nil:
		e.cfg.CrashPoint(bot.Settled)
	}
	return err
}

// release takes a chat that is to join somebody from whom it belongs to now.
func (e *Engine) release(ctx context.Context, id bot.PersonID, ev *bot.Event) error {
	other, err := e.cfg.Store.PersonAt(ctx, ev.Facts["guest_account"])
	if errors.Is(err, bot.ErrNone) || err == nil && other.ID == id {
		return nil
	}
	if err != nil {
		return err
	}
	left := bot.Event{Name: bot.ChatLeft, Facts: ev.Facts}
	return e.changePerson(ctx, other.ID, &left, bot.Commit{}, func(held, next *bot.Person) []bot.Task {
		return e.warned(held, next, "", fmt.Sprintf("%s:%d", next.ID, next.Version+1))
	})
}

// alter commits what an event makes of a person, with the tasks that follow.
func (e *Engine) changePerson(ctx context.Context, id bot.PersonID, ev *bot.Event, c bot.Commit, more func(held, next *bot.Person) []bot.Task) error {
	for try := 0; ; try++ {
		held, err := e.cfg.Store.Person(ctx, id)
		if err != nil {
			return err
		}
		next := after(&held, ev)
		commit := c
		commit.At, commit.Person = e.Now(), &next
		if commit.Tasks, err = e.roomsChanged(ctx, &held, &next); err != nil {
			return err
		}
		if ev.Name == bot.ChatJoined {
			greetFirst(commit.Tasks, bot.TalkKey(bot.Room(ev.Facts["guest"]), &next))
		}
		if more != nil {
			commit.Tasks = append(more(&held, &next), commit.Tasks...)
		}
		err = e.commit(ctx, &commit)
		if errors.Is(err, bot.ErrStale) && try < 16 {
			continue
		}
		return err
	}
}

// after is the person as an event leaves them.
func after(p *bot.Person, ev *bot.Event) bot.Person {
	next := *p
	account, room := ev.Facts["guest_account"], bot.Room(ev.Facts["guest"])
	next.Shut = less(p.Shut, []bot.Room{room})
	switch ev.Name {
	case bot.ChatShut:
		next.Rooms, next.Shut = less(p.Rooms, []bot.Room{room}), union(next.Shut, []bot.Room{room})
	case bot.ChatOpened:
		next.Rooms = union(p.Rooms, []bot.Room{room})
	case bot.ChatJoined:
		next.Accounts, next.Rooms = union(p.Accounts, []string{account}), union(p.Rooms, []bot.Room{room})
	case bot.ChatLeft:
		next.Accounts, next.Rooms = less(p.Accounts, []string{account}), less(p.Rooms, []bot.Room{room})
	case bot.OthersLeft:
		next.Accounts, next.Rooms, next.Shut = []string{account}, []bot.Room{room}, nil
	default:
		next.Settings = maps.Clone(p.Settings)
		if next.Settings == nil {
			next.Settings = bot.Facts{}
		}
		maps.Copy(next.Settings, ev.Facts)
		maps.DeleteFunc(next.Settings, func(_, value string) bool { return value == "" })
		next.Language, next.Zone = cmp.Or(ev.Facts["language"], p.Language), cmp.Or(ev.Facts["zone"], p.Zone)
	}
	return next
}

// changed tells the chats that came or went, and who asked, that it is done.
func (e *Engine) changed(held, next *bot.Person, t bot.Task) []bot.Task {
	ev := t.Event
	ev.ID = "done:" + t.ID
	var tasks []bot.Task
	for _, room := range less(held.Rooms, next.Rooms) {
		gone := bot.Event{ID: "gone:" + t.ID + string(room), Name: bot.ChatLeft, Room: room}
		tasks = append(tasks, e.telling(bot.TalkKey(room, next), gone))
	}
	switch ev.Name {
	case bot.ChatJoined:
		ev.By, ev.Actor, ev.Room = next.Party(), next.ID, bot.Room(ev.Facts["guest"])
		return append(tasks, e.telling(bot.TalkKey(ev.Room, next), ev))
	case bot.ChatLeft:
		return append(tasks, e.warned(held, next, ev.Room, t.ID)...)
	}
	return append(tasks, e.telling(t.From, ev))
}

// warned tells the chats that stay that another one is gone: it may not have been the person who did that.
func (e *Engine) warned(held, next *bot.Person, by bot.Room, id string) []bot.Task {
	var tasks []bot.Task
	if len(less(held.Rooms, next.Rooms)) == 0 {
		return nil
	}
	for _, room := range next.Rooms {
		if room != by {
			tasks = append(tasks, e.telling(bot.TalkKey(room, next), bot.Event{ID: "warned:" + id + ":" + string(room), Name: bot.ChatGone, By: next.Party(), Actor: next.ID, Room: room}))
		}
	}
	return tasks
}

func (e *Engine) telling(to bot.Key, ev bot.Event) bot.Task {
	return bot.Task{ID: ev.ID, Lane: "conv:" + string(to), Do: "tell", Class: bot.InnerClass, To: to, Event: ev, Made: e.Now()}
}

// greetFirst has what records show a chat that has just joined wait behind its greeting, in its talk's lane; from there each
// goes to its record's lane, so that no record hears of people in another order.
func greetFirst(tasks []bot.Task, talk bot.Key) {
	for i := range tasks {
		if t := &tasks[i]; t.Do == "tell" {
			t.ID, t.Lane, t.Do = "after:"+t.ID, "conv:"+string(talk), "pass_on"
		}
	}
}

// passOn puts a telling that has waited in another lane into its record's.
func (e *Engine) passOn(ctx context.Context, l bot.Lease) error {
	err := e.commit(ctx, &bot.Commit{At: e.Now(), Settle: &bot.Settlement{Lease: l}, Tasks: []bot.Task{e.telling(l.Task.To, l.Task.Event)}})
	if err == nil {
		e.cfg.CrashPoint(bot.Settled)
		signal(e.wake)
	}
	return err
}

// met tells a person's open records that somebody can be reached now, or no more, and shows them in a room that was
// added; in one that is gone their cards lose their buttons.
func (e *Engine) roomsChanged(ctx context.Context, held, next *bot.Person) ([]bot.Task, error) {
	added, gone := less(next.Rooms, held.Rooms), less(held.Rooms, next.Rooms)
	if len(added) == 0 && len(gone) == 0 {
		return nil, nil
	}
	keys, err := e.cfg.Store.Find(ctx, "open:"+string(next.ID), "", 1000)
	if err != nil {
		return nil, err
	}
	var tasks []bot.Task
	for _, key := range keys {
		c, err := e.cfg.Store.Conversation(ctx, key)
		if err != nil {
			return nil, err
		}
		for _, room := range added {
			if slices.Contains(held.Shut, room) {
				tasks = append(tasks, e.stripping(&c, next, room)) // when it was shut that did not arrive
			}
		}
		if held.Reachable() {
			tasks = append(tasks, e.cardMoves(&c, next, added, gone)...)
		}
	}
	if held.Reachable() {
		return tasks, nil
	}
	reached, err := e.reached(ctx, next)
	return append(tasks, reached...), err
}

// stripping takes the buttons off a record's card in a room.
func (e *Engine) stripping(c *bot.Conversation, p *bot.Person, room bot.Room) bot.Task {
	strip := bot.Reply{Room: room, Mode: bot.Strip, Card: c.Key, From: c.Key}
	return bot.Task{ID: fmt.Sprintf("strip:%s:%d:%s:%s", p.ID, p.Version+1, c.Key, room), Lane: "room:" + string(room), Do: "send", Class: bot.EditClass, From: c.Key, Reply: &strip, Made: e.Now()}
}

// cardMoves shows a record in rooms that were added, and takes its buttons away in those that are gone.
func (e *Engine) cardMoves(c *bot.Conversation, p *bot.Person, added, gone []bot.Room) []bot.Task {
	var tasks []bot.Task
	id := fmt.Sprintf("%s:%d:%s:", p.ID, p.Version+1, c.Key)
	hears := func(event string) bool { _, ok := e.rules.ByName[c.Flow].Move(c.State, event); return ok }
	for _, room := range added {
		if hears("card_asked") {
			tasks = append(tasks, e.telling(c.Key, bot.Event{ID: "show:" + id + string(room), Name: "card_asked", By: p.Party(), Actor: p.ID, Room: room}))
		}
	}
	for _, room := range gone {
		if slices.Contains(c.Live, room) {
			tasks = append(tasks, e.stripping(c, p, room))
		}
	}
	if left := string(p.Party()) + "_left"; !p.Reachable() && hears(left) {
		tasks = append(tasks, e.telling(c.Key, bot.Event{ID: "left:" + id, Name: left, By: bot.Shop}))
	}
	return tasks
}

// less is what is in one list and not in another.
func less[T comparable](all, others []T) []T {
	return slices.DeleteFunc(slices.Clone(all), func(x T) bool { return slices.Contains(others, x) })
}
