package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
)

// PutOrder stores what the shop says of an order and tells the conversations about it. An order older than the one
// held changes nothing; the order held afterwards is returned.
func (e *Engine) PutOrder(ctx context.Context, o Order) (Order, error) {
	return e.changeOrder(ctx, o.ID, true, func(held *Order) error {
		if held.Version > 0 && o.Updated.Before(held.Updated) {
			return errOlder
		}
		o.Book, o.Version = held.Book, held.Version
		if o.Stage == Cancelled && o.Paid.IsZero() && held.WasPaid() {
			o.Paid = held.Updated // the latest that it can have been
		}
		*held = o
		return nil
	})
}

// Order loads an order as it is held; ErrNone where there is none.
func (e *Engine) Order(ctx context.Context, id string) (Order, error) {
	return e.cfg.Store.Order(ctx, id)
}

// ChangeOrder changes the order held, as the embedded order book does, and tells the conversations about it.
func (e *Engine) ChangeOrder(ctx context.Context, id string, change func(*Order) error) (Order, error) {
	return e.changeOrder(ctx, id, false, change)
}

// errOlder leaves the order as it is.
var errOlder = errors.New("older than the order held")

func (e *Engine) changeOrder(ctx context.Context, id string, mayBegin bool, change func(*Order) error) (Order, error) {
	for try := 0; ; try++ {
		held, err := e.cfg.Store.Order(ctx, id)
		if err != nil && !(mayBegin && errors.Is(err, ErrNone)) {
			return Order{}, fmt.Errorf("order %.64q: %w", id, err)
		}
		before := held
		before.Book = slices.Clone(held.Book)
		before.Items = slices.Clone(held.Items)
		if err := change(&held); errors.Is(err, errOlder) {
			return before, nil
		} else if err != nil {
			return before, err
		}
		c := Commit{At: e.Now(), Order: &held}
		if before.Version > 0 {
			if c.Tasks, err = e.news(ctx, &held, &before); err != nil {
				return before, err
			}
		}
		err = e.commit(ctx, &c)
		if errors.Is(err, ErrStale) && try < 16 {
			continue
		}
		if err != nil {
			return before, err
		}
		e.cfg.At(OrderPut)
		held.Version++
		return held, nil
	}
}

// news makes the tasks that tell the open conversations about an order what has happened to it. The one whose own task
// changed the order hears of it as that task's outcome instead.
func (e *Engine) news(ctx context.Context, o, before *Order) ([]Task, error) {
	names := o.News(before)
	if len(names) == 0 {
		return nil, nil
	}
	keys, err := e.cfg.Store.Find(ctx, "open:order:"+o.ID, "", 100)
	if err != nil {
		return nil, err
	}
	own, err := e.owner(ctx, o, before)
	if err != nil {
		return nil, err
	}
	var tasks []Task
	for _, key := range keys {
		if key == own {
			continue
		}
		for _, name := range names {
			id := fmt.Sprintf("news:%s:%d:%s:%s", o.ID, before.Version+1, name, key)
			tasks = append(tasks, Task{ID: id, Lane: "conv:" + string(key), Do: "tell", Class: InnerClass, To: key,
				Event: Event{ID: id, Name: name, By: Shop}, Made: e.Now()})
		}
	}
	return tasks, nil
}

// owner is the conversation whose task made the newest posting of this change, if one did.
func (e *Engine) owner(ctx context.Context, o, before *Order) (Key, error) {
	if len(o.Book) <= len(before.Book) {
		return "", nil
	}
	r, err := e.cfg.Store.Task(ctx, o.Book[len(o.Book)-1].Task)
	if errors.Is(err, ErrNone) {
		return "", nil
	}
	return r.Task.From, err
}

// PutPerson stores a person: name, language and zone as given, or as held where they are empty or the person has chosen
// them; accounts and rooms are added to those held. Open records of somebody who can be reached for the first time hear of it.
func (e *Engine) PutPerson(ctx context.Context, p Person) (Person, error) {
	for try := 0; ; try++ {
		held, err := e.cfg.Store.Person(ctx, p.ID)
		if err != nil && !errors.Is(err, ErrNone) {
			return p, err
		}
		next := p
		next.Version = held.Version
		next.Name, next.Settings = cmp.Or(p.Name, held.Name), held.Settings
		next.Language = cmp.Or(held.Settings["language"], p.Language, held.Language)
		next.Zone = cmp.Or(held.Settings["zone"], p.Zone, held.Zone)
		next.Accounts = union(held.Accounts, p.Accounts)
		next.Rooms = union(held.Rooms, p.Rooms)
		if held.Version > 0 && same(&next, &held) { // many may put the same person at once
			return held, nil
		}
		c := Commit{At: e.Now(), Person: &next}
		if !held.Reachable() && next.Reachable() {
			if c.Tasks, err = e.reached(ctx, &next); err != nil {
				return p, err
			}
		}
		err = e.commit(ctx, &c)
		if errors.Is(err, ErrStale) && try < 16 {
			continue
		}
		next.Version++
		return next, err
	}
}

// same says whether nothing was added to or changed in what was held.
func same(p, held *Person) bool {
	return p.Name == held.Name && p.Language == held.Language && p.Zone == held.Zone &&
		len(p.Accounts) == len(held.Accounts) && len(p.Rooms) == len(held.Rooms)
}

// reached tells the open records of a person that there is a room for them now.
func (e *Engine) reached(ctx context.Context, p *Person) ([]Task, error) {
	keys, err := e.cfg.Store.Find(ctx, "open:"+string(p.ID), "", 1000)
	if err != nil {
		return nil, err
	}
	var tasks []Task
	for _, key := range keys {
		id := fmt.Sprintf("reached:%s:%d:%s", p.ID, p.Version+1, key)
		tasks = append(tasks, Task{ID: id, Lane: "conv:" + string(key), Do: "tell", Class: InnerClass, To: key,
			Event: Event{ID: id, Name: string(p.Party()) + "_reached", By: Shop}, Made: e.Now()})
	}
	return tasks, nil
}

func union[T comparable](held, more []T) []T {
	all := slices.Clone(held)
	for _, x := range more {
		if !slices.Contains(all, x) {
			all = append(all, x)
		}
	}
	return all
}
