package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"strconv"
	"sync"
	"time"

	"nevermind/bot"
)

// A message is stored as it comes, and acknowledged; what came with it is fetched afterwards, by a task for each file. The
// message waits meanwhile in its room's album lane, with all that is said there behind it, and is heard with its files once
// they are there. So a slow file server holds up nobody but whoever sent the file. See docs/decisions/114.
const (
	mostPending = 30               // files of one chat that wait to be fetched; what comes beyond is not taken
	atFetch     = 16               // files that are fetched at the same time, of all chats
	fetchTime   = 20 * time.Second // one attempt
	fetchTries  = 3
	fetchLong   = 90 * time.Second // from when the message was stored; what is not there then is not waited for
	fetchLook   = 300 * time.Millisecond
)

// What one person may send in a day, so that nobody fills the disk. The count is this process's own.
const (
	quotaTime  = 24 * time.Hour
	quotaFiles = 100
	quotaBytes = 300 << 20
)

// fetches counts the files of each chat that wait, and what each person has sent, as far as this process has stored them. Safe
// for concurrent use.
type fetches struct {
	mu      sync.Mutex
	under   int                    // files that are being fetched
	turned  map[bot.Room]turnedOff // chats that have found no place
	waiting map[bot.Room]int
	sent    map[bot.PersonID]sentFiles
}

// turnedOff is a chat that has found no place to fetch its file: since when, and when it last asked.
type turnedOff struct{ since, asked time.Time }

// forgetTurnedOff is how long a chat keeps its turn without asking again: it asks each second or so.
const forgetTurnedOff = 5 * time.Second

// take gives a chat a place to fetch a file, if there is one. Where there are fewer places than chats, those that were turned off
// first come first, so that chats with slow files take turns with the rest.
func (f *fetches) take(room bot.Room, now time.Time) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	maps.DeleteFunc(f.turned, func(_ bot.Room, t turnedOff) bool { return now.Sub(t.asked) > forgetTurnedOff })
	own, free := f.turned[room], atFetch-f.under
	if own.since.IsZero() {
		own.since = now
	}
	for other, t := range f.turned {
		if other != room && (t.since.Before(own.since) || t.since.Equal(own.since) && other < room) {
			free--
		}
	}
	if free <= 0 {
		own.asked = now
		f.turned[room] = own
		return false
	}
	delete(f.turned, room)
	f.under++
	return true
}

// leave gives the place back.
func (f *fetches) leave() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.under--
}

// sentFiles is what a person has sent in the quotaTime that began then.
type sentFiles struct {
	since time.Time
	files int
	bytes int64
}

func newFetches() *fetches {
	return &fetches{turned: map[bot.Room]turnedOff{}, waiting: map[bot.Room]int{}, sent: map[bot.PersonID]sentFiles{}}
}

// sizeOf is what a file counts for. One of unknown size, or of one that no file has, counts as the largest.
func sizeOf(f bot.PendingFile) int64 {
	if f.Size <= 0 {
		return bot.LargestFile
	}
	return f.Size
}

// withinQuota counts what a person sends, unless that is more than one may send in a day.
func (f *fetches) withinQuota(who bot.PersonID, files []bot.PendingFile, now time.Time) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.sent[who]
	if age := now.Sub(s.since); age >= quotaTime || age < 0 {
		maps.DeleteFunc(f.sent, func(_ bot.PersonID, s sentFiles) bool { return now.Sub(s.since) >= quotaTime })
		s = sentFiles{since: now}
	}
	for _, file := range files {
		s.files, s.bytes = s.files+1, s.bytes+sizeOf(file)
	}
	if s.files > quotaFiles || s.bytes > quotaBytes {
		return false
	}
	f.sent[who] = s
	return true
}

// giveBack counts files no longer: they came with a repeat, or were not stored.
func (f *fetches) giveBack(who bot.PersonID, files []bot.PendingFile) {
	f.mu.Lock()
	defer f.mu.Unlock()
	s, known := f.sent[who]
	for _, file := range files {
		s.files, s.bytes = max(s.files-1, 0), max(s.bytes-sizeOf(file), 0)
	}
	if known {
		f.sent[who] = s
	}
}

// add counts so many more, or fewer, and returns how many there are then; never less than none.
func (f *fetches) add(room bot.Room, n int) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.waiting[room] = max(f.waiting[room]+n, 0)
	defer func() {
		if f.waiting[room] == 0 {
			delete(f.waiting, room)
		}
	}()
	return f.waiting[room]
}

// takeFiles decides whether what came with a message is fetched: never for a stranger, in public, or beyond what one chat may
// have waiting. Whoever sent it is told, and the message's words count all the same.
//
// The person is whose share was taken, so that it can be given back; nobody's where nothing is fetched.
func (r *receiver) takeFiles(ctx context.Context, m *bot.Message) (bot.PersonID, error) {
	if len(m.Pending) == 0 {
		return "", nil
	}
	actor, err := r.personAt(ctx, m.Account)
	refused := bot.Unsupported("")
	switch {
	case err != nil:
		return "", err
	case m.Public && !ofSupport(m), m.Kind() == bot.KindNote && actor.Party() != bot.Support:
		m.Pending = nil // what others upload there is nobody's business
		return "", nil
	case actor.ID == "":
		refused = bot.Unknown
	case r.fetches.add(lineOf(m), 0)+len(m.Pending) > mostPending:
		refused = bot.TooMany
	case !r.fetches.withinQuota(actor.ID, m.Pending, r.now()):
		refused = bot.Quota
	default:
		return actor.ID, nil
	}
	m.Pending = nil
	if m.Unsupported != bot.Forwarded { // that the words are somebody else's matters more
		m.Unsupported = refused
	}
	r.cfg.Meter.Count("files_not_kept", m.Room.Adapter(), 1)
	return "", nil
}

// fetchID names the task that fetches a message's n-th file.
func fetchID(m *bot.Message, n int) string { return "fetch:" + m.ID + ":" + strconv.Itoa(n) }

// fetchTasks are the tasks that fetch a message's files, one after the other for each room.
func fetchTasks(m *bot.Message, made time.Time) ([]bot.Task, error) {
	var tasks []bot.Task
	for n, f := range m.Pending {
		raw, err := json.Marshal(f)
		if err != nil {
			return nil, fmt.Errorf("store what to fetch: %w", err)
		}
		tasks = append(tasks, bot.Task{ID: fetchID(m, n), Lane: "fetch:" + string(lineOf(m)), Do: bot.DoFetch, Class: bot.EditClass,
			Facts: bot.Facts{"room": string(lineOf(m)), "file": string(raw)}, Made: made})
	}
	return tasks, nil
}

// fetch makes one attempt at a file and settles how it ended, as facts of the task. Fetching is idempotent, since what is stored
// is named by its hash. Of the workers only atFetch fetch at once; a task beyond them goes back without an attempt.
func (r *receiver) fetch(ctx context.Context, l bot.Lease) error {
	room := bot.Room(l.Task.Facts["room"])
	if !r.fetches.take(room, r.now()) { // no attempt, so none is counted
		return r.settler.settle(ctx, l, bot.RetryAfter(firstPause))
	}
	defer r.fetches.leave()
	if err := r.cfg.Store.Attempt(ctx, l); err != nil {
		return err
	}
	l.Task.Attempts++
	r.cfg.CrashPoint(bot.Attempted)
	f, err := r.fetchOnce(ctx, room, l.Task.Facts["file"])
	r.cfg.CrashPoint(bot.Answered)
	o := r.fetchedAs(l, f, err)
	if err := r.settler.settle(ctx, l, o); err != nil {
		return err
	}
	if o.Retry == 0 {
		r.fetches.add(room, -1)
	}
	return nil
}

// fetchOnce has the room's adapter fetch a file; a panic in it is a failure like any other.
func (r *receiver) fetchOnce(ctx context.Context, room bot.Room, raw string) (f bot.File, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("fetching panicked: %v", p)
		}
	}()
	var pending bot.PendingFile
	if err := json.Unmarshal([]byte(raw), &pending); err != nil {
		return f, fmt.Errorf("%w: %w", bot.ErrRefused, err)
	}
	a, able := r.adapters[room.Adapter()].(bot.Fetcher)
	if !able {
		return f, bot.ErrRefused
	}
	ctx, cancel := context.WithTimeout(ctx, fetchTime)
	defer cancel()
	return a.Fetch(ctx, pending)
}

// fetchedAs judges an attempt: the file as it is named now, why it is not kept, or when it is tried again.
func (r *receiver) fetchedAs(l bot.Lease, f bot.File, err error) bot.Outcome {
	var later bot.Later
	pause := backoff(l.Task.Attempts)
	if errors.As(err, &later) {
		pause = max(pause, later.After)
	}
	final := errors.Is(err, bot.ErrTooLarge) || errors.Is(err, bot.ErrUnwanted) || errors.Is(err, bot.ErrRefused) ||
		errors.Is(err, bot.ErrFull)
	long := r.now().Add(pause).Sub(l.Task.Made) > fetchLong
	switch {
	case err == nil:
		return bot.Done("", bot.Facts{"name": f.Name, "type": f.Type, "size": strconv.FormatInt(f.Size, 10), "hash": f.Hash})
	case final || long || l.Task.Attempts >= fetchTries:
		r.cfg.Meter.Count("files_not_kept", bot.Room(l.Task.Facts["room"]).Adapter(), 1)
		r.cfg.Log.Warn("a file is not kept", "task", bot.Trace(l.Task.ID), slog.Any("why", err))
		return bot.Done("", bot.Facts{"lost": string(bot.Lost(err))})
	}
	return bot.RetryAfter(pause)
}

// fetched gives messages the files that were fetched for them. Not yet, where one is still on its way and may be waited for.
func (r *receiver) fetched(ctx context.Context, all []bot.Message) (notYet bool, err error) {
	for i := range all {
		m := &all[i]
		for n := range m.Pending {
			t, err := r.cfg.Store.Task(ctx, fetchID(m, n))
			if err != nil && !errors.Is(err, bot.ErrNone) {
				return false, err
			}
			waits := err == nil && t.State == bot.TaskWaiting
			if waits && r.now().Sub(m.At) <= fetchLong+fetchTime {
				return true, nil
			}
		}
	}
	for i := range all {
		for n := range all[i].Pending {
			if err := r.giveFile(ctx, &all[i], n); err != nil {
				return false, err
			}
		}
		all[i].Pending = nil
	}
	return false, nil
}

// giveFile gives a message its n-th file, or notes why it has none.
func (r *receiver) giveFile(ctx context.Context, m *bot.Message, n int) error {
	t, err := r.cfg.Store.Task(ctx, fetchID(m, n))
	if err != nil && !errors.Is(err, bot.ErrNone) {
		return err
	}
	facts := t.Outcome.Facts
	if facts["hash"] == "" {
		if m.Unsupported != bot.Forwarded {
			m.Unsupported = bot.Unfetched
			if why := facts["lost"]; why != "" {
				m.Unsupported = bot.Unsupported(why)
			}
		}
		return nil
	}
	size, err := strconv.ParseInt(facts["size"], 10, 64)
	m.Files = append(m.Files, bot.File{Name: facts["name"], Type: facts["type"], Size: size, Hash: facts["hash"]})
	return err
}
