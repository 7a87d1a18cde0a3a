package engine

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"sync"
	"time"

	"nevermind/bot"
)

// An album comes as several messages with nothing to say which is the last. Each is stored as it comes and may be
// acknowledged; the turn is made of all of them once no more have come for a while (debounce). See docs/decisions/089.
const (
	albumQuiet = 1200 * time.Millisecond // after the last part
	albumStart = 5 * time.Second         // after a start: what was not acknowledged is on its way again
	albumLong  = 2 * time.Minute         // from the first part; then it is heard as far as it has come
	albumBack  = 200                     // messages of a room that are looked through for parts
)

// albums knows what waits in which room, as far as this process has received or claimed it; after a start the lanes of the
// store say the rest. The receiver asks it, from many goroutines; it has a lock of its own.
type albums struct {
	since time.Time // when this process began

	mu      sync.Mutex
	waiting map[bot.Room]map[string]bool // the tasks in a room's lane of albums, and of what was said behind one
}

func newAlbums(since time.Time) *albums {
	return &albums{since: since, waiting: map[bot.Room]map[string]bool{}}
}

// open says whether something waits in a room: then whatever else is said there waits behind it, so that order holds.
func (a *albums) open(room bot.Room) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.waiting[room]) > 0
}

// wait says that a task waits in its room's lane from now on.
func (a *albums) wait(room bot.Room, task string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.waiting[room] == nil {
		a.waiting[room] = map[string]bool{}
	}
	a.waiting[room][task] = true
}

// over says that a task has left its room's lane.
func (a *albums) over(room bot.Room, task string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if delete(a.waiting[room], task); len(a.waiting[room]) == 0 {
		delete(a.waiting, room)
	}
}

// debounce is how long an album with these parts still has to wait for more; zero where it is whole.
func (a *albums) debounce(parts []bot.Message, now time.Time) time.Duration {
	first, last := &parts[0], &parts[len(parts)-1]
	if now.Sub(first.At) > albumLong {
		return 0
	}
	return max(left(last.At, albumQuiet, now), left(a.since, albumStart, now))
}

// left is what is left of a while that began then; nothing where the clock was set back.
func left(since time.Time, while time.Duration, now time.Time) time.Duration {
	if now.Before(since) {
		return 0
	}
	return max(while-now.Sub(since), 0)
}

// albumLane is the lane in which the parts of a room's albums wait, and what is said behind them.
func albumLane(room bot.Room) string { return "album:" + string(room) }

// queue stores a message whose turn comes later, in its room's album lane: a part of an album, one whose files are to be
// fetched, or what is said behind one. That commit, with what is already in c, handles the message, has its files fetched,
// and is the permission to acknowledge it; so is ErrSeen. The room counts as waiting before the commit, so that nothing said
// meanwhile overtakes the message.
func (r *receiver) queue(ctx context.Context, m bot.Message, c bot.Commit) error {
	t, err := receiveTask("again:"+m.ID, albumLane(lineOf(&m)), m, r.now())
	if err != nil {
		return err
	}
	fetch, err := fetchTasks(&m, t.Made)
	if err != nil {
		return err
	}
	switch {
	case m.Album != "":
		t.NotBefore = t.Made.Add(albumQuiet)
	case len(fetch) > 0:
		t.NotBefore = t.Made.Add(fetchLook)
	}
	r.albums.wait(lineOf(&m), t.ID)
	c.At, c.Said, c.Tasks = t.Made, &m, append(fetch, t)
	err = r.commit(ctx, &c)
	if err == nil {
		r.fetches.add(lineOf(&m), len(fetch))
		r.cfg.CrashPoint(bot.KeptForLater)
		return nil
	}
	if !errors.Is(err, bot.ErrSeen) { // else it may wait there from before
		r.albums.over(lineOf(&m), t.ID)
		return err
	}
	if stored, err := r.cfg.Store.Task(ctx, t.ID); err != nil || stored.State != bot.TaskWaiting {
		r.albums.over(lineOf(&m), t.ID)
	}
	return bot.ErrSeen
}

// hearInLane makes the turn of what stands in a room's album lane: of an album, once it is whole, of a message with files, once
// they are fetched, or of what was said behind one. How far the room was heard is settled with it, as the fact "through".
func (r *receiver) hearInLane(ctx context.Context, l bot.Lease, m bot.Message) error {
	o, parts := bot.Finished(), []bot.Message{m}
	r.albums.wait(lineOf(&m), l.Task.ID) // after a start
	if m.Album != "" {
		album, through, err := r.parts(ctx, &m)
		if err != nil {
			return err
		}
		if len(album) == 0 { // heard with one before it
			return r.leaveLane(l, lineOf(&m), r.settler.settle(ctx, l, o))
		}
		if pause := r.albums.debounce(album, r.now()); pause > 0 {
			return r.settler.settle(ctx, l, bot.RetryAfter(pause))
		}
		parts, o.Facts = album, bot.Facts{"through": strconv.FormatUint(through, 10)}
	}
	notYet, err := r.fetched(ctx, parts)
	switch {
	case err != nil:
		return err
	case notYet:
		return r.settler.settle(ctx, l, bot.RetryAfter(fetchLook))
	}
	m = together(parts)
	settlement := &bot.Settlement{Lease: l, Outcome: o}
	err = r.settleByHearing(ctx, m, bot.Commit{Settle: settlement})
	return r.leaveLane(l, lineOf(&m), r.settler.finish(ctx, l, o, err, func(why error) error {
		// Kept for later in another lane, it holds up nobody behind it.
		return r.keepForLater(ctx, m, bot.Commit{Settle: settlement}, "once more:"+m.ID, why)
	}))
}

// leaveLane lets go of what has left a room's album lane, unless that has failed.
func (r *receiver) leaveLane(l bot.Lease, room bot.Room, err error) error {
	if err == nil {
		r.albums.over(room, l.Task.ID)
		signal(r.tasksDue)
	}
	return err
}

// parts are the parts of an album that have come and were not heard, from the given one on; none where that was heard with
// an earlier one. Through is the place in the room of the last of them.
func (r *receiver) parts(ctx context.Context, first *bot.Message) (parts []bot.Message, through uint64, err error) {
	said, err := r.cfg.Store.Said(ctx, first.Room, 0, math.MaxUint64, albumBack)
	if err != nil {
		return nil, 0, err
	}
	var heard uint64
	for _, s := range said {
		if s.In == nil || s.In.Album != first.Album {
			continue
		}
		stored, err := r.cfg.Store.Task(ctx, "again:"+s.In.ID)
		if err != nil {
			return nil, 0, err
		}
		if n, err := strconv.ParseUint(stored.Outcome.Facts["through"], 10, 64); err == nil {
			heard = max(heard, n)
		}
		if s.Seq > heard && (len(parts) > 0 || s.In.ID == first.ID) {
			part := *s.In
			part.Pending = pendingOf(&stored)
			parts, through = append(parts, part), s.Seq
		}
	}
	return parts, through, nil
}

// pendingOf are the files that a stored message still has to be given.
func pendingOf(stored *bot.TaskRecord) []bot.PendingFile {
	var m bot.Message
	if json.Unmarshal([]byte(stored.Task.Facts["message"]), &m) != nil {
		return nil
	}
	return m.Pending
}

// together is one message of all parts of an album: it is named and dated as the first, and has the captions of each.
func together(parts []bot.Message) bot.Message {
	m := parts[0]
	for _, p := range parts[1:] {
		m.Files = append(m.Files, p.Files...)
		m.ReplyTo = cmp.Or(m.ReplyTo, p.ReplyTo)
		if p.Text != "" && m.Text != "" {
			p.Text = m.Text + "\n" + p.Text
		}
		m.Text = cmp.Or(p.Text, m.Text)
		if m.Unsupported == "" || p.Unsupported == bot.Forwarded {
			m.Unsupported = p.Unsupported
		}
	}
	return m
}
