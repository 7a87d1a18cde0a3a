package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// The events by which a conversation changes a person: it is told to PersonKey. A chat that joins or leaves, or stays as
// the only one, is named by its room (fact "guest") and account ("guest_account"); talks whose chat came or went hear of
// it. With any other event each fact is a setting, an empty one forgotten. Who asked hears the same event once it is done.
const (
	ChatJoined = "chat_joined"
	ChatLeft   = "chat_left"
	OthersLeft = "others_left"
	ChatShut   = "chat_shut"   // its person has blocked us there
	ChatOpened = "chat_opened" // and lets us write again
	ChatGone   = "chat_gone"   // told to the chats that stay when one of a person's is gone
)

// PersonKey is where to tell what changes a person.
func PersonKey(id PersonID) Key { return Key("person/" + string(id)) }

// change changes a person as another conversation has told; that commit settles the task.
func (e *Engine) change(ctx context.Context, l Lease) error {
	ev, id := &l.Task.Event, PersonID(l.Task.To.Rest())
	if ev.Name == ChatJoined {
		if err := e.release(ctx, id, ev); err != nil {
			return err
		}
	}
	err := e.alter(ctx, id, ev, Commit{Handled: ev.ID, Settle: &Settlement{Lease: l}}, func(held, next *Person) []Task { return e.changed(held, next, l.Task) })
	switch {
	case errors.Is(err, ErrSeen), errors.Is(err, ErrNone):
		return e.settle(ctx, l, Outcome{})
	case err == nil:
		e.cfg.At(Settled)
	}
	return err
}

// release takes a chat that is to join somebody from whom it belongs to now.
func (e *Engine) release(ctx context.Context, id PersonID, ev *Event) error {
	other, err := e.cfg.Store.PersonAt(ctx, ev.Facts["guest_account"])
	if errors.Is(err, ErrNone) || err == nil && other.ID == id {
		return nil
	}
	if err != nil {
		return err
	}
	left := Event{Name: ChatLeft, Facts: ev.Facts}
	return e.alter(ctx, other.ID, &left, Commit{}, func(held, next *Person) []Task {
		return e.warned(held, next, "", fmt.Sprintf("%s:%d", next.ID, next.Version+1))
	})
}

// alter commits what an event makes of a person, with the tasks that follow.
func (e *Engine) alter(ctx context.Context, id PersonID, ev *Event, c Commit, more func(held, next *Person) []Task) error {
	for try := 0; ; try++ {
		held, err := e.cfg.Store.Person(ctx, id)
		if err != nil {
			return err
		}
		next := after(&held, ev)
		commit := c
		commit.At, commit.Person = e.Now(), &next
		if commit.Tasks, err = e.met(ctx, &held, &next); err != nil {
			return err
		}
		if ev.Name == ChatJoined {
			greetFirst(commit.Tasks, TalkKey(Room(ev.Facts["guest"]), &next))
		}
		if more != nil {
			commit.Tasks = append(more(&held, &next), commit.Tasks...)
		}
		err = e.commit(ctx, &commit)
		if errors.Is(err, ErrStale) && try < 16 {
			continue
		}
		return err
	}
}

// after is the person as an event leaves them.
func after(p *Person, ev *Event) Person {
	next := *p
	account, room := ev.Facts["guest_account"], Room(ev.Facts["guest"])
	next.Shut = less(p.Shut, []Room{room})
	switch ev.Name {
	case ChatShut:
		next.Rooms, next.Shut = less(p.Rooms, []Room{room}), union(next.Shut, []Room{room})
	case ChatOpened:
		next.Rooms = union(p.Rooms, []Room{room})
	case ChatJoined:
		next.Accounts, next.Rooms = union(p.Accounts, []string{account}), union(p.Rooms, []Room{room})
	case ChatLeft:
		next.Accounts, next.Rooms = less(p.Accounts, []string{account}), less(p.Rooms, []Room{room})
	case OthersLeft:
		next.Accounts, next.Rooms, next.Shut = []string{account}, []Room{room}, nil
	default:
		next.Settings = maps.Clone(p.Settings)
		if next.Settings == nil {
			next.Settings = Facts{}
		}
		maps.Copy(next.Settings, ev.Facts)
		maps.DeleteFunc(next.Settings, func(_, value string) bool { return value == "" })
		next.Language, next.Zone = cmp.Or(ev.Facts["language"], p.Language), cmp.Or(ev.Facts["zone"], p.Zone)
	}
	return next
}

// changed tells the chats that came or went, and who asked, that it is done.
func (e *Engine) changed(held, next *Person, t Task) []Task {
	ev := t.Event
	ev.ID = "done:" + t.ID
	var tasks []Task
	for _, room := range less(held.Rooms, next.Rooms) {
		gone := Event{ID: "gone:" + t.ID + string(room), Name: ChatLeft, Room: room}
		tasks = append(tasks, e.telling(TalkKey(room, next), gone))
	}
	switch ev.Name {
	case ChatJoined:
		ev.By, ev.Actor, ev.Room = next.Party(), next.ID, Room(ev.Facts["guest"])
		return append(tasks, e.telling(TalkKey(ev.Room, next), ev))
	case ChatLeft:
		return append(tasks, e.warned(held, next, ev.Room, t.ID)...)
	}
	return append(tasks, e.telling(t.From, ev))
}

// warned tells the chats that stay that another one is gone: it may not have been the person who did that.
func (e *Engine) warned(held, next *Person, by Room, id string) []Task {
	var tasks []Task
	if len(less(held.Rooms, next.Rooms)) == 0 {
		return nil
	}
	for _, room := range next.Rooms {
		if room != by {
			tasks = append(tasks, e.telling(TalkKey(room, next), Event{ID: "warned:" + id + ":" + string(room), Name: ChatGone, By: next.Party(), Actor: next.ID, Room: room}))
		}
	}
	return tasks
}

func (e *Engine) telling(to Key, ev Event) Task {
	return Task{ID: ev.ID, Lane: "conv:" + string(to), Do: "tell", Class: InnerClass, To: to, Event: ev, Made: e.Now()}
}

// greetFirst has what records show a chat that has just joined wait behind its greeting, in its talk's lane; from there each
// goes to its record's lane, so that no record hears of people in another order.
func greetFirst(tasks []Task, talk Key) {
	for i := range tasks {
		if t := &tasks[i]; t.Do == "tell" {
			t.ID, t.Lane, t.Do = "after:"+t.ID, "conv:"+string(talk), "pass_on"
		}
	}
}

// passOn puts a telling that has waited in another lane into its record's.
func (e *Engine) passOn(ctx context.Context, l Lease) error {
	err := e.commit(ctx, &Commit{At: e.Now(), Settle: &Settlement{Lease: l}, Tasks: []Task{e.telling(l.Task.To, l.Task.Event)}})
	if err == nil {
		e.cfg.At(Settled)
		poke(e.wake)
	}
	return err
}

// met tells a person's open records that somebody can be reached now, or no more, and shows them in a room that was
// added; in one that is gone their cards lose their buttons.
func (e *Engine) met(ctx context.Context, held, next *Person) ([]Task, error) {
	added, gone := less(next.Rooms, held.Rooms), less(held.Rooms, next.Rooms)
	if len(added) == 0 && len(gone) == 0 {
		return nil, nil
	}
	keys, err := e.cfg.Store.Find(ctx, "open:"+string(next.ID), "", 1000)
	if err != nil {
		return nil, err
	}
	var tasks []Task
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
func (e *Engine) stripping(c *Conversation, p *Person, room Room) Task {
	strip := Reply{Room: room, Mode: Strip, Card: c.Key, From: c.Key}
	return Task{ID: fmt.Sprintf("strip:%s:%d:%s:%s", p.ID, p.Version+1, c.Key, room), Lane: "room:" + string(room), Do: "send", Class: EditClass, From: c.Key, Reply: &strip, Made: e.Now()}
}

// cardMoves shows a record in rooms that were added, and takes its buttons away in those that are gone.
func (e *Engine) cardMoves(c *Conversation, p *Person, added, gone []Room) []Task {
	var tasks []Task
	id := fmt.Sprintf("%s:%d:%s:", p.ID, p.Version+1, c.Key)
	hears := func(event string) bool { _, ok := e.book.flows[c.Flow].move(c.State, event); return ok }
	for _, room := range added {
		if hears("card_asked") {
			tasks = append(tasks, e.telling(c.Key, Event{ID: "show:" + id + string(room), Name: "card_asked", By: p.Party(), Actor: p.ID, Room: room}))
		}
	}
	for _, room := range gone {
		if slices.Contains(c.Live, room) {
			tasks = append(tasks, e.stripping(c, p, room))
		}
	}
	if left := string(p.Party()) + "_left"; !p.Reachable() && hears(left) {
		tasks = append(tasks, e.telling(c.Key, Event{ID: "left:" + id, Name: left, By: Shop}))
	}
	return tasks
}

// less is what is in one list and not in another.
func less[T comparable](all, others []T) []T {
	return slices.DeleteFunc(slices.Clone(all), func(x T) bool { return slices.Contains(others, x) })
}
