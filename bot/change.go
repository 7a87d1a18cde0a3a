package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// The events by which a conversation changes a person: it is told to PersonKey. A chat that joins or leaves names its
// room (fact "guest") and account ("guest_account"), and its talk hears of it; with any other event each fact is a
// setting, an empty one forgotten, and who asked hears the same event once it is done.
const (
	ChatJoined = "chat_joined"
	ChatLeft   = "chat_left"
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
	err := e.alter(ctx, id, ev, Commit{Handled: ev.ID, Settle: &Settlement{Lease: l}}, func(p *Person) []Task { return e.changed(p, l.Task) })
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
	return e.alter(ctx, other.ID, &left, Commit{}, nil)
}

// alter commits what an event makes of a person, with the tasks that follow.
func (e *Engine) alter(ctx context.Context, id PersonID, ev *Event, c Commit, more func(*Person) []Task) error {
	for try := 0; ; try++ {
		held, err := e.cfg.Store.Person(ctx, id)
		if err != nil {
			return err
		}
		next := held.after(ev)
		commit := c
		commit.At, commit.Person = e.Now(), &next
		if commit.Tasks, err = e.met(ctx, &held, &next, ev); err != nil {
			return err
		}
		if more != nil {
			commit.Tasks = append(more(&next), commit.Tasks...)
		}
		err = e.commit(ctx, &commit)
		if errors.Is(err, ErrStale) && try < 16 {
			continue
		}
		return err
	}
}

// after is the person as an event leaves them.
func (p *Person) after(ev *Event) Person {
	next := *p
	account, room := ev.Facts["guest_account"], Room(ev.Facts["guest"])
	switch ev.Name {
	case ChatJoined:
		next.Accounts, next.Rooms = union(p.Accounts, []string{account}), union(p.Rooms, []Room{room})
	case ChatLeft:
		next.Accounts, next.Rooms = without(p.Accounts, account), without(p.Rooms, room)
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

// changed tells the chat that came or went, or who asked, that it is done.
func (e *Engine) changed(p *Person, t Task) []Task {
	ev := t.Event
	ev.ID = "done:" + t.ID
	to := t.From
	switch ev.Name {
	case ChatJoined:
		ev.By, ev.Actor, ev.Room = p.Party(), p.ID, Room(ev.Facts["guest"])
		to = TalkKey(ev.Room, p)
	case ChatLeft:
		ev.By, ev.Actor, ev.Room = "", "", Room(ev.Facts["guest"])
		to = TalkKey(ev.Room, p)
	}
	return []Task{e.telling(to, ev)}
}

func (e *Engine) telling(to Key, ev Event) Task {
	return Task{ID: ev.ID, Lane: "conv:" + string(to), Do: "tell", Class: InnerClass, To: to, Event: ev, Made: e.Now()}
}

// met tells a person's open records that somebody can be reached now, or no more, and shows them in a room that was
// added; in one that is gone their cards lose their buttons.
func (e *Engine) met(ctx context.Context, held, next *Person, ev *Event) ([]Task, error) {
	switch {
	case ev.Name != ChatJoined && ev.Name != ChatLeft, held.same(next):
		return nil, nil
	case !held.Reachable() && next.Reachable():
		return e.reached(ctx, next)
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
		tasks = append(tasks, e.cardMoves(&c, next, ev)...)
	}
	return tasks, nil
}

// cardMoves shows a record in a room that was added, or takes its buttons away in one that is gone.
func (e *Engine) cardMoves(c *Conversation, p *Person, ev *Event) []Task {
	room := Room(ev.Facts["guest"])
	id := fmt.Sprintf("%s:%s:%d:%s", ev.Name, p.ID, p.Version+1, c.Key)
	if ev.Name == ChatJoined {
		if _, shows := e.book.flows[c.Flow].move(c.State, "card_asked"); !shows {
			return nil
		}
		return []Task{e.telling(c.Key, Event{ID: id, Name: "card_asked", By: p.Party(), Actor: p.ID, Room: room})}
	}
	var tasks []Task
	if slices.Contains(c.Live, room) {
		strip := Reply{Room: room, Mode: Strip, Card: c.Key, From: c.Key}
		tasks = append(tasks, Task{ID: "strip:" + id, Lane: "room:" + string(room), Do: "send", Class: EditClass, From: c.Key, Reply: &strip, Made: e.Now()})
	}
	if _, hears := e.book.flows[c.Flow].move(c.State, string(p.Party())+"_left"); hears && !p.Reachable() {
		tasks = append(tasks, e.telling(c.Key, Event{ID: id, Name: string(p.Party()) + "_left", By: Shop}))
	}
	return tasks
}

func without[T comparable](held []T, one T) []T {
	return slices.DeleteFunc(slices.Clone(held), func(x T) bool { return x == one })
}
