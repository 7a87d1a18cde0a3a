package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"nevermind/bot"
)

// How long nothing is taken until support hears of it another way, and how often that is looked at.
const (
	alarmAfter = 20 * time.Minute
	alarmEvery = 30 * time.Second
)

// alarms tells support of a platform, or of one of its own rooms, that takes no messages: in its other rooms, or else in its
// leads' direct ones, on platforms that do. Once for each time: what it has said is known by the id of the message, so that a
// restart or a second look says nothing twice. Run looks every so often in a goroutine of its own, and Drain once. Its state
// is what it has told.
type alarms struct {
	*base
	platforms, desk *outages

	mu   sync.Mutex
	told map[string]bool // the names of what takes nothing, as far as that was told
}

// run looks until ctx ends.
func (a *alarms) run(ctx context.Context) {
	for ctx.Err() == nil {
		if err := a.look(ctx); err != nil && ctx.Err() == nil {
			a.cfg.Log.Error("tell support what takes no messages", slog.Any("why", err))
		}
		wait(ctx, alarmEvery, nil)
	}
}

// look tells of what has taken nothing for long and was not told of yet.
func (a *alarms) look(ctx context.Context) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.now()
	platforms, rooms := a.platforms.standstills(alarmAfter, now), a.desk.standstills(alarmAfter, now)
	maps.DeleteFunc(a.told, func(name string, _ bool) bool { // it has taken something since
		return platforms[name].IsZero() && rooms[name].IsZero()
	})
	for _, name := range slices.Sorted(maps.Keys(platforms)) {
		if err := a.tell(ctx, name, bot.NoticeAway, platforms[name], platforms, rooms); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(rooms)) {
		if !platforms[bot.Room(name).Adapter()].IsZero() {
			continue // that was said of its platform
		}
		if err := a.tell(ctx, name, bot.NoticeDeskAway, rooms[name], platforms, rooms); err != nil {
			return err
		}
	}
	return nil
}

// tell says of one of them that it takes nothing, wherever support can read it.
func (a *alarms) tell(ctx context.Context, name, notice string, since time.Time, platforms, rooms map[string]time.Time) error {
	if a.told[name] {
		return nil
	}
	readers, err := a.readers(ctx, platforms, rooms)
	if err != nil {
		return err
	}
	now, adapter := a.now(), bot.Room(name).Adapter()
	facts := bot.Facts{"untold_on": adapter, "untold_for": now.Sub(since).Round(time.Minute).String()}
	c := bot.Commit{At: now}
	for _, who := range readers {
		for _, room := range who.Rooms {
			id := fmt.Sprintf("%s:%s:%d:%s", notice, name, since.Unix(), room)
			reply := bot.Reply{Room: room, Mode: bot.New, Text: a.notice(&who, notice, facts), Language: who.Language, Chatter: true}
			c.Tasks = append(c.Tasks, sendTask(id, bot.PostClass, reply, now))
		}
	}
	if len(c.Tasks) > 0 {
		if err := a.commit(ctx, &c); err != nil {
			return err
		}
	}
	a.told[name] = true
	a.cfg.Meter.Count("standstills", adapter, 1)
	a.cfg.Log.Warn("no messages are taken", "adapter", adapter, "support_channel", notice == bot.NoticeDeskAway, "since", since,
		"told", len(c.Tasks))
	return nil
}

// readers are who of support can read something now, with the rooms in which they can: the desk, or else its leads.
func (a *alarms) readers(ctx context.Context, platforms, rooms map[string]time.Time) ([]bot.Person, error) {
	desk, err := a.person(ctx, bot.Desk)
	if err != nil {
		return nil, err
	}
	still := func(r bot.Room) bool { return !platforms[r.Adapter()].IsZero() || !rooms[string(r)].IsZero() }
	desk.Rooms = slices.DeleteFunc(slices.Clone(desk.Rooms), still)
	if len(desk.Rooms) > 0 {
		return []bot.Person{*desk}, nil
	}
	var leads []bot.Person
	for _, id := range a.cfg.Policy.Leads {
		lead, err := a.person(ctx, bot.NewPersonID(bot.Support, id))
		if err != nil {
			return nil, err
		}
		lead.Rooms = slices.DeleteFunc(slices.Clone(lead.Rooms), still)
		leads = append(leads, *lead)
	}
	return leads, nil
}

// SupportReachable says why support cannot be told anything: none of its rooms has taken a message for minutes, although
// something waits for them. Nil where it can, or has no room.
func (e *Engine) SupportReachable(ctx context.Context) error {
	desk, err := e.person(ctx, bot.Desk)
	if err != nil {
		return err
	}
	now := e.now()
	platforms, rooms := e.alarms.platforms.standstills(late, now), e.alarms.desk.standstills(late, now)
	var silent []string
	for _, r := range desk.Rooms {
		if platforms[r.Adapter()].IsZero() && rooms[string(r)].IsZero() {
			return nil
		}
		silent = append(silent, r.Adapter())
	}
	if len(silent) == 0 {
		return nil
	}
	return errors.New("support's rooms take no messages: " + strings.Join(silent, ", "))
}
