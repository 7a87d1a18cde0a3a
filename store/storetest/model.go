package storetest

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"nevermind/bot"
)

// agree drives a store and a plain model of it with the same random steps and wants them never to differ.
func agree(t *testing.T, open func(t *testing.T, dir string) bot.Store) {
	rapid.Check(t, func(r *rapid.T) {
		m := &model{house: begin(t, open), r: r, versions: map[bot.Key]int64{}, handled: map[string]bool{}, due: map[bot.Key][]int{}, states: map[string]bot.TaskState{}, ever: map[string]*waiting{}}
		defer func() { _ = m.Close() }()
		r.Repeat(map[string]func(*rapid.T){
			"commit":  m.commitOne,
			"claim":   m.claimSome,
			"attempt": m.attemptOne,
			"settle":  m.settleSome,
			"result":  m.resultOne,
			"act":     m.actOne,
			"wait":    func(*rapid.T) { m.now += m.draw(0, 20) },
			"restart": m.restart,
			"":        m.compare,
		})
	})
}

// model is what a store should hold, as simply as can be said.
type model struct {
	*house
	r        *rapid.T
	now      int // minutes
	versions map[bot.Key]int64
	handled  map[string]bool
	due      map[bot.Key][]int
	states   map[string]bot.TaskState
	queue    []*waiting // every task still in a lane, oldest first
	leases   []held     // every lease ever given
	epoch    uint64
	made     int
	ever     map[string]*waiting
}

type waiting struct {
	number    int
	id, lane  string
	notBefore int
	attempts  int
	epoch     uint64
	until     int
}

type held struct {
	lease bot.Lease
	task  *waiting
	epoch uint64 // 0 once the lease is void
}

func (m *model) draw(low, high int) int { return rapid.IntRange(low, high).Draw(m.r, "n") }

func (m *model) commitOne(*rapid.T) {
	key := bot.Key(fmt.Sprint("case/", m.draw(1, 4)))
	c := bot.Commit{At: minutes(m.now), Handled: fmt.Sprint("m", m.draw(1, 60))}
	version := m.versions[key] + int64(max(0, m.draw(-3, 1))) // now and then not the one stored
	c.Conversation = &bot.Conversation{Key: key, Version: version}
	var at []int
	for range m.draw(0, 2) {
		at = append(at, m.now+m.draw(1, 90))
		c.Conversation.Deadlines = append(c.Conversation.Deadlines, bot.Deadline{At: minutes(at[len(at)-1]), Visit: len(at)})
	}
	var added []*waiting
	for range m.draw(0, 3) {
		w := &waiting{number: m.made + len(added), id: fmt.Sprint("t", m.made+len(added)), lane: fmt.Sprint("lane", m.draw(1, 3)), notBefore: max(0, m.draw(-40, 40)) + m.now}
		task := work(w.id, w.lane)
		task.NotBefore = minutes(w.notBefore)
		c.Tasks = append(c.Tasks, task)
		added = append(added, w)
	}
	var settled *held
	if len(m.leases) > 0 && m.draw(0, 2) == 0 {
		settled = &m.leases[m.draw(0, len(m.leases)-1)]
		c.Settle = &bot.Settlement{Lease: settled.lease}
	}
	err := m.Commit(m.Context(), &c)
	switch {
	case m.handled[c.Handled]:
		m.expect(err, bot.ErrSeen)
		return
	case version != m.versions[key]:
		m.expect(err, bot.ErrStale)
		return
	case settled != nil && !m.valid(settled):
		m.expect(err, bot.ErrFenced)
		return
	}
	m.expect(err, nil)
	m.handled[c.Handled], m.versions[key], m.due[key] = true, version+1, at
	if settled != nil {
		m.end(settled.task, bot.TaskDone)
	}
	for _, w := range added {
		m.states[w.id], m.ever[w.id] = bot.TaskWaiting, w
		m.queue = append(m.queue, w)
	}
	m.made += len(added)
}

func (m *model) claimSome(*rapid.T) {
	n := m.draw(0, 3)
	got, err := m.Claim(m.Context(), minutes(m.now), n, 10*time.Minute)
	m.expect(err, nil)
	free := m.free()
	if len(got) != min(n, len(free)) {
		m.r.Fatalf("claimed %d, want %d of %d", len(got), n, len(free))
	}
	for _, l := range got {
		i := slices.IndexFunc(free, func(w *waiting) bool { return w.id == l.Task.ID })
		if i < 0 || l.Task.Attempts != free[i].attempts || l.Epoch <= m.epoch {
			m.r.Fatalf("claimed %+v above epoch %d, want one of %d free", l, m.epoch, len(free))
		}
		w := free[i]
		free = slices.Delete(free, i, i+1)
		m.epoch, w.epoch, w.until = l.Epoch, l.Epoch, m.now+10
		m.leases = append(m.leases, held{l, w, l.Epoch})
	}
}

// free lists the heads that can be claimed now.
func (m *model) free() (out []*waiting) {
	seen := map[string]bool{}
	for _, w := range m.queue {
		if !seen[w.lane] && w.notBefore <= m.now && (w.epoch == 0 || w.until <= m.now) {
			out = append(out, w)
		}
		seen[w.lane] = true
	}
	return out
}

func (m *model) valid(h *held) bool {
	return h.epoch != 0 && h.task.epoch == h.epoch && slices.Contains(m.queue, h.task)
}

func (m *model) attemptOne(*rapid.T) {
	h := m.anyLease()
	err := m.Attempt(m.Context(), h.lease)
	if !m.valid(h) {
		m.expect(err, bot.ErrFenced)
		return
	}
	m.expect(err, nil)
	h.task.attempts++
}

func (m *model) settleSome(*rapid.T) {
	h := m.anyLease()
	o := rapid.SampledFrom([]bot.Outcome{{}, {Dead: "x"}, {Pending: true}, {Retry: 7 * time.Minute}}).Draw(m.r, "outcome")
	err := m.Settle(m.Context(), h.lease, minutes(m.now), o)
	switch {
	case !m.valid(h):
		m.expect(err, bot.ErrFenced)
		return
	case o.Retry > 0:
		h.task.notBefore, h.task.epoch = m.now+7, 0
	case o.Pending:
		m.end(h.task, bot.TaskPending)
	case o.Dead != "":
		m.end(h.task, bot.TaskDead)
	default:
		m.end(h.task, bot.TaskDone)
	}
	m.expect(err, nil)
}

func (m *model) anyLease() *held {
	if len(m.leases) == 0 {
		m.r.Skip("no lease yet")
	}
	return &m.leases[m.draw(0, len(m.leases)-1)]
}

func (m *model) resultOne(*rapid.T) {
	id := fmt.Sprint("t", m.draw(0, m.made))
	err := m.Commit(m.Context(), &bot.Commit{At: minutes(m.now), LateOutcome: &bot.LateOutcome{TaskID: id}})
	switch m.states[id] {
	case "":
		m.expect(err, bot.ErrNone)
		return
	case bot.TaskDone:
		m.expect(err, bot.ErrSeen)
		return
	case bot.TaskWaiting:
		m.end(m.queue[slices.IndexFunc(m.queue, func(w *waiting) bool { return w.id == id })], bot.TaskDone)
	}
	m.expect(err, nil)
	m.states[id] = bot.TaskDone
}

func (m *model) actOne(*rapid.T) {
	id, drop := fmt.Sprint("t", m.draw(0, m.made)), m.draw(0, 2) == 0
	err := m.Commit(m.Context(), &bot.Commit{At: minutes(m.now), Act: &bot.Act{Task: id, Drop: drop}})
	switch m.states[id] {
	case "":
		m.expect(err, bot.ErrNone)
		return
	case bot.TaskDead:
	default:
		m.expect(err, bot.ErrSeen)
		return
	}
	m.expect(err, nil)
	if m.states[id] = bot.TaskDropped; !drop {
		m.states[id] = bot.TaskWaiting
		m.putBack(id)
	}
}

// putBack puts a task where it was in its lane, though not before a head that is leased.
func (m *model) putBack(id string) {
	w := *m.ever[id]
	w.notBefore, w.attempts, w.epoch = 0, 0, 0
	m.ever[id] = &w
	var lane, leased []*waiting
	m.queue = slices.DeleteFunc(m.queue, func(x *waiting) bool {
		switch {
		case x.lane != w.lane:
			return false
		case x.epoch != 0:
			leased = append(leased, x)
		default:
			lane = append(lane, x)
		}
		return true
	})
	lane = append(lane, &w)
	slices.SortFunc(lane, func(a, b *waiting) int { return cmp.Compare(a.number, b.number) })
	m.queue = slices.Concat(m.queue, leased, lane)
}

func (m *model) end(w *waiting, state bot.TaskState) {
	m.states[w.id] = state
	m.queue = slices.DeleteFunc(m.queue, func(x *waiting) bool { return x == w })
}

func (m *model) restart(*rapid.T) {
	m.reopen()
	for i := range m.leases {
		m.leases[i].epoch = 0
	}
	for _, w := range m.queue {
		w.epoch = 0
	}
	slices.SortFunc(m.queue, func(a, b *waiting) int { return cmp.Compare(a.number, b.number) })
}

// compare looks at all that can be seen.
func (m *model) compare(*rapid.T) {
	for key, version := range m.versions {
		c, err := m.Conversation(m.Context(), key)
		if err != nil || c.Version != version {
			m.r.Fatalf("%s: got version %d, %v, want version %d", key, c.Version, err, version)
		}
	}
	for id, state := range m.states {
		if r, err := m.Task(m.Context(), id); err != nil || r.State != state {
			m.r.Fatalf("%s: got %q, %v, want %q", id, r.State, err, state)
		}
	}
	var want, got []time.Time
	for _, at := range m.due {
		for _, minute := range at {
			if minute <= m.now {
				want = append(want, minutes(minute))
			}
		}
	}
	slices.SortFunc(want, func(a, b time.Time) int { return cmp.Compare(a.Unix(), b.Unix()) })
	due, err := m.Due(m.Context(), minutes(m.now), 100)
	m.expect(err, nil)
	for _, d := range due {
		got = append(got, d.At)
	}
	if !slices.Equal(got, want) {
		m.r.Fatalf("due: got %v, want %v", got, want)
	}
}

func (m *model) expect(err, want error) {
	if !errors.Is(err, want) {
		m.r.Fatalf("got error %v, want %v", err, want)
	}
}
