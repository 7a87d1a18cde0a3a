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

// tell changes a person as another conversation has asked by one of bot's person events; that commit settles the task. An
// account belongs to one person: a chat that joins somebody leaves, in a commit before, whoever had it.
func (p *people) tell(ctx context.Context, l bot.Lease) error {
	ev, id := &l.Task.Event, bot.PersonID(l.Task.To.Rest())
	if ev.Name == bot.ChatJoined {
		if err := p.release(ctx, id, ev); err != nil {
			return err
		}
	}
	c := bot.Commit{Handled: heardOnce(&l.Task), Settle: &bot.Settlement{Lease: l}}
	err := p.change(ctx, id, ev, c, func(before, after *bot.Person) []bot.Task { return p.tellChats(before, after, l.Task) })
	return p.settler.finish(ctx, l, bot.Finished(), err, p.settler.tryLater(ctx, l))
}

// release takes a chat that is to join somebody away from whom it belongs to now.
func (p *people) release(ctx context.Context, id bot.PersonID, ev *bot.Event) error {
	other, err := p.cfg.Store.PersonAt(ctx, ev.Facts["guest_account"])
	if errors.Is(err, bot.ErrNone) || err == nil && other.ID == id {
		return nil
	}
	if err != nil {
		return err
	}
	left := bot.Event{Name: bot.ChatLeft, Facts: ev.Facts}
	return p.change(ctx, other.ID, &left, bot.Commit{}, func(before, after *bot.Person) []bot.Task {
		return p.warnOthers(before, after, "", fmt.Sprintf("%s:%d", after.ID, after.Version+1))
	})
}

// factReads names the language in which a chat is told that it has just been disconnected from its person.
const factReads = "reads"

// tasksOf makes tasks of a change of somebody.
type tasksOf func(before, after *bot.Person) []bot.Task

// change commits what an event makes of a person, with the tasks that follow; first, where it is not nil, adds some that go
// before those. ErrNone where there is no such person; ErrSeen where c says what is handled and it was handled before.
func (p *people) change(ctx context.Context, id bot.PersonID, ev *bot.Event, c bot.Commit, first tasksOf) error {
	return retryStale(func() error {
		before, err := p.cfg.Store.Person(ctx, id)
		if err != nil {
			return err
		}
		after := changed(&before, ev)
		commit := c
		commit.At, commit.Person = p.now(), &after
		if commit.Tasks, err = p.roomsChanged(ctx, &before, &after); err != nil {
			return err
		}
		if ev.Name == bot.ChatJoined {
			greetFirst(commit.Tasks, bot.TalkKey(bot.Room(ev.Facts["guest"]), &after))
		}
		if first != nil {
			commit.Tasks = append(first(&before, &after), commit.Tasks...)
		}
		return p.commit(ctx, &commit)
	})
}

// changed is the person as an event leaves them. Whatever happens in a room, it is no longer taken for blocked, unless the event
// says just that. An event that is none of the named ones sets each of its facts as a setting; an empty one is forgotten,
// and language and zone count at once.
func changed(who *bot.Person, ev *bot.Event) bot.Person {
	after := *who
	account, room := ev.Facts["guest_account"], bot.Room(ev.Facts["guest"])
	after.Shut = less(who.Shut, []bot.Room{room})
	switch ev.Name {
	case bot.ChatShut:
		after.Rooms, after.Shut = less(who.Rooms, []bot.Room{room}), union(after.Shut, []bot.Room{room})
	case bot.ChatOpened:
		after.Rooms = union(who.Rooms, []bot.Room{room})
	case bot.ChatJoined:
		after.Accounts, after.Rooms = union(who.Accounts, []string{account}), union(who.Rooms, []bot.Room{room})
	case bot.ChatLeft:
		after.Accounts, after.Rooms = less(who.Accounts, []string{account}), less(who.Rooms, []bot.Room{room})
		after.Former = union(who.Former, []string{account + " " + string(room)})
	case bot.OthersLeft:
		after.Accounts, after.Rooms, after.Shut = []string{account}, []bot.Room{room}, nil
		after.Former = union(who.Former, formerChats(who, account, room))
	case bot.AppLanguageSeen:
		after.Settings = withSettings(who, ev.Facts)
		after.Language = cmp.Or(after.Settings["language"], after.Settings["app_language"])
	default:
		after.Settings = withSettings(who, ev.Facts)
		maps.DeleteFunc(after.Settings, func(_, value string) bool { return value == "" })
		after.Language, after.Zone = cmp.Or(ev.Facts["language"], who.Language), cmp.Or(ev.Facts["zone"], who.Zone)
	}
	return after
}

// withSettings are somebody's settings with further ones.
func withSettings(who *bot.Person, more bot.Facts) bot.Facts {
	all := maps.Clone(who.Settings)
	if all == nil {
		all = bot.Facts{}
	}
	maps.Copy(all, more)
	return all
}

// formerChats are the chats of somebody but that one. Which account talks in which room is not known.
func formerChats(who *bot.Person, account string, room bot.Room) (all []string) {
	for _, a := range less(who.Accounts, []string{account}) {
		all = append(all, a+" ")
	}
	for _, r := range less(slices.Concat(who.Rooms, who.Shut), []bot.Room{room}) {
		all = append(all, " "+string(r))
	}
	return all
}

// tellChats tells the chats that came or went, and who asked, that a person event is done.
func (p *people) tellChats(before, after *bot.Person, t bot.Task) []bot.Task {
	ev := t.Event
	ev.ID = "done:" + t.ID
	var tasks []bot.Task
	for _, room := range less(before.Rooms, after.Rooms) {
		gone := bot.Event{ID: "gone:" + t.ID + string(room), Name: bot.ChatLeft, Room: room,
			Facts: bot.Facts{factReads: before.Language}}
		tasks = append(tasks, p.tellTask(bot.TalkKey(room, after), gone))
	}
	switch ev.Name {
	case bot.ChatJoined:
		ev.By, ev.Actor, ev.Room = after.Party(), after.ID, bot.Room(ev.Facts["guest"])
		return append(tasks, p.tellTask(bot.TalkKey(ev.Room, after), ev))
	case bot.ChatLeft:
		return append(tasks, p.warnOthers(before, after, ev.Room, t.ID)...)
	}
	return append(tasks, p.tellTask(t.From, ev))
}

// warnOthers tells the chats that stay that another one is gone: it may not have been the person who did that. The chat
// that asked for it is not told.
func (p *people) warnOthers(before, after *bot.Person, asked bot.Room, id string) []bot.Task {
	if len(less(before.Rooms, after.Rooms)) == 0 {
		return nil
	}
	var tasks []bot.Task
	for _, room := range after.Rooms {
		if room != asked {
			ev := bot.Event{ID: "warned:" + id + ":" + string(room), Name: bot.ChatGone, By: after.Party(), Actor: after.ID, Room: room}
			tasks = append(tasks, p.tellTask(bot.TalkKey(room, after), ev))
		}
	}
	return tasks
}

// greetFirst has what records show a chat that has just joined wait behind its greeting, in its talk's lane; from there each
// is passed on to its record's lane, so that no record hears of people in another order.
func greetFirst(tasks []bot.Task, talk bot.Key) {
	for i := range tasks {
		if t := &tasks[i]; t.Do == bot.DoTell {
			t.ID, t.Lane, t.Do = "after:"+t.ID, "conv:"+string(talk), bot.DoPassOn
		}
	}
}

// less is what is in one list and not in another.
func less[T comparable](all, others []T) []T {
	return slices.DeleteFunc(slices.Clone(all), func(x T) bool { return slices.Contains(others, x) })
}

// union is one list and what another has besides.
func union[T comparable](some, more []T) []T {
	all := slices.Clone(some)
	for _, x := range more {
		if !slices.Contains(all, x) {
			all = append(all, x)
		}
	}
	return all
}
