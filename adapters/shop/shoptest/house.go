package shoptest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"nevermind/bot"
)

// House is what a connector needs of the engine: orders, tasks and small values, kept as the engine keeps them. It is
// killed where the suite says so, and then forgets nothing.
type House struct {
	T     testing.TB
	steps steps
	clock sync.Mutex // of now alone: a change of an order may ask for the time
	now   time.Time
	mu    sync.Mutex

	orders map[string]bot.Order
	tasks  map[string]bot.TaskRecord
	values map[string][]byte
	news   map[string][]string // events that the open conversations about an order were told
	people map[bot.PersonID]string
}

// errKilled is what everything answers once the house was killed.
var errKilled = errors.New("the house was killed")

// NewHouse opens a house, also for a test that plays by itself.
func NewHouse(t testing.TB) *House {
	return &House{
		T: t, now: time.Now().UTC().Truncate(time.Second), orders: map[string]bot.Order{}, tasks: map[string]bot.TaskRecord{},
		values: map[string][]byte{}, news: map[string][]string{}, people: map[bot.PersonID]string{},
	}
}

// Now is the house's clock, which moves where the suite waits.
func (h *House) Now() time.Time {
	h.clock.Lock()
	defer h.clock.Unlock()
	return h.now
}

// Order loads one order.
func (h *House) Order(_ context.Context, id string) (bot.Order, error) {
	if h.steps.isDead() {
		return bot.Order{}, errKilled
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	o, ok := h.orders[id]
	if !ok {
		return bot.Order{}, bot.ErrNone
	}
	return o.Clone(), nil
}

// ChangeOrder changes an order in one commit.
func (h *House) ChangeOrder(_ context.Context, id string, change func(*bot.Order) error) (bot.Order, error) {
	return h.change(id, func(o *bot.Order) error {
		if o.ID == "" {
			return bot.ErrNone
		}
		return change(o)
	})
}

// PutOrder takes what the shop says of an order.
func (h *House) PutOrder(_ context.Context, put bot.Order) (bot.Order, error) {
	if faults := put.Check(); faults != nil {
		return bot.Order{}, bot.Faults(faults)
	}
	return h.change(put.ID, func(o *bot.Order) error {
		if faults := bot.PartiesChanged(o, &put, true); faults != nil {
			return bot.Faults(faults)
		}
		merged, newer := bot.MergePut(*o, put)
		if !newer {
			return nil
		}
		for _, a := range merged.Adjustments {
			if a.Task != "" && a.Type == bot.OwnRefund && a.Status == bot.AdjustmentReversed {
				merged.Bounced(a.Task, "", h.Now())
			}
		}
		*o = merged
		return nil
	})
}

// change commits a change of one order, and tells who is open about it.
func (h *House) change(id string, change func(*bot.Order) error) (o bot.Order, err error) {
	err = h.steps.take(func() error {
		h.mu.Lock()
		defer h.mu.Unlock()
		before := h.orders[id]
		o = before.Clone()
		if err := change(&o); err != nil {
			return err
		}
		o.Version++
		h.orders[id] = o.Clone()
		if before.Version > 0 {
			h.news[id] = append(h.news[id], o.Events(&before)...)
		}
		return nil
	})
	return o, err
}

// Task loads a task and what became of it.
func (h *House) Task(_ context.Context, id string) (bot.TaskRecord, error) {
	if h.steps.isDead() {
		return bot.TaskRecord{}, errKilled
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	r, ok := h.tasks[id]
	if !ok {
		return r, bot.ErrNone
	}
	return r, nil
}

// Result takes a late outcome of a task: the first one counts.
func (h *House) Result(_ context.Context, id string, o bot.Outcome) error {
	return h.steps.take(func() error {
		h.mu.Lock()
		defer h.mu.Unlock()
		r, ok := h.tasks[id]
		switch {
		case !ok:
			return bot.ErrNone
		case r.State == bot.TaskDone && r.Outcome.Event == o.Event:
			return nil
		case r.State == bot.TaskDone:
			return bot.ErrSeen
		}
		r.State, r.Outcome = bot.TaskDone, o
		h.tasks[id] = r
		return nil
	})
}

// Bounced takes that a refund has come back.
func (h *House) Bounced(ctx context.Context, task, why string) error {
	r, err := h.Task(ctx, task)
	if err != nil {
		return err
	}
	_, err = h.ChangeOrder(ctx, r.Task.Order, func(o *bot.Order) error {
		o.Bounced(task, why, h.Now())
		return nil
	})
	return err
}

// Value and SetValue keep small things.
func (h *House) Value(_ context.Context, name string) ([]byte, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	v, ok := h.values[name]
	if !ok {
		return nil, bot.ErrNone
	}
	return slices.Clone(v), nil
}

// SetValue keeps something under a name.
func (h *House) SetValue(_ context.Context, name string, value []byte) error {
	return h.steps.take(func() error {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.values[name] = slices.Clone(value)
		return nil
	})
}

// Open lists the orders that somebody has asked something about: their cases are open.
func (h *House) Open(context.Context) ([]string, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	all := map[string]bool{}
	for _, r := range h.tasks {
		all[r.Task.Order] = true
	}
	return slices.Sorted(maps.Keys(all)), nil
}

// Known takes what the shop calls a person.
func (h *House) Known(_ context.Context, id bot.PersonID, name string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.people[id] = name
	return nil
}

// ask makes a task, as a case asks for it.
func (h *House) ask(do, order string, facts bot.Facts) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	id := fmt.Sprintf("T-%s-%d", order, len(h.tasks)+1)
	all := bot.Facts{"id": "C-7Q2M9"}
	maps.Copy(all, facts)
	h.tasks[id] = bot.TaskRecord{State: bot.TaskWaiting, Task: bot.Task{
		ID: id, Do: do, Order: order, From: bot.Key("case/" + order + "/0"), Facts: all, Made: h.Now(), Class: bot.MoneyClass,
	}}
	return id
}

// begin counts an attempt and gives the task to do.
func (h *House) begin(id string) bot.Task {
	h.mu.Lock()
	defer h.mu.Unlock()
	r := h.tasks[id]
	r.Task.Attempts++
	h.tasks[id] = r
	return r.Task
}

// settle records how an attempt ended; one that a late outcome was quicker than stays as it is.
func (h *House) settle(id string, o bot.Outcome) {
	h.mu.Lock()
	defer h.mu.Unlock()
	r := h.tasks[id]
	switch {
	case r.State == bot.TaskDone:
		if !o.Pending && o.Event != r.Outcome.Event {
			h.T.Errorf("%s has two ends: %s and %s", id, r.Outcome.Event, o.Event)
		}
		return
	case o.Pending:
		r.State = bot.TaskPending
	default:
		r.State, r.Outcome = bot.TaskDone, o
	}
	h.tasks[id] = r
}

// wait moves the clock on.
func (h *House) wait(d time.Duration) {
	h.clock.Lock()
	defer h.clock.Unlock()
	h.now = h.now.Add(d)
}

// newsOf takes the news of an order that have come up to now.
func (h *House) newsOf(id string) []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	all := h.news[id]
	delete(h.news, id)
	return all
}
