package postgres

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
)

// Group commit. Changes that come while another is on its way wait for it, and go together then: one transaction, whose
// statements change many commits' rows at once (parts.go). So what a commit costs falls as more of them come. Where one of a
// group is refused, all are, and each is made alone.
const (
	groupsAtOnce = 2  // on their way: one is flushed while another is made
	mostTogether = 64 // changes in one
)

// groups are the changes that wait.
type groups struct {
	mu      sync.Mutex
	waiting []*waiting
	leading int // goroutines that send groups
}

// waiting is one change. Whoever takes it first decides: the leader, who sends it, or its caller, who gives up.
type waiting struct {
	batch *batch
	taken atomic.Bool
	done  chan ended
}

// ended is how a group has ended, and whether there were others in it.
type ended struct {
	err     error
	several bool
}

// sendTogether sends a change with others that wait. several: there were others, so an error may be of any of them.
func (s *Store) sendTogether(ctx context.Context, b *batch) (several bool, err error) {
	w := &waiting{batch: b, done: make(chan ended, 1)}
	g := &s.groups
	g.mu.Lock()
	g.waiting = append(g.waiting, w)
	lead := g.leading < groupsAtOnce
	if lead {
		g.leading++
	}
	g.mu.Unlock()
	if lead {
		go s.lead() //nolint:gosec // a group is no caller's: its time is its own
	}
	select {
	case end := <-w.done:
		return end.several, end.err
	case <-ctx.Done():
		if !w.taken.Swap(true) {
			return false, ctx.Err()
		}
		end := <-w.done
		return end.several, end.err
	}
}

// lead sends groups until nothing waits.
func (s *Store) lead() {
	for {
		group := s.groups.next()
		if group == nil {
			return
		}
		ctx, cancel := context.WithTimeout(context.Background(), commitTime)
		err := s.sendAll(ctx, group)
		cancel()
		for _, w := range group {
			w.done <- ended{err, len(group) > 1}
		}
	}
}

// next takes what waits; nil ends the leader.
func (g *groups) next() (group []*waiting) {
	g.mu.Lock()
	defer g.mu.Unlock()
	n := 0
	for ; n < len(g.waiting) && len(group) < mostTogether; n++ {
		if w := g.waiting[n]; !w.taken.Swap(true) {
			group = append(group, w)
		}
	}
	if g.waiting = g.waiting[n:]; len(g.waiting) == 0 {
		g.waiting = nil
	}
	if group == nil {
		g.leading--
	}
	return group
}

func (s *Store) sendAll(ctx context.Context, group []*waiting) error {
	batches := make([]*batch, len(group))
	for i, w := range group {
		batches[i] = w.batch
	}
	return s.send(ctx, batches...)
}

// together is what batches do, in one transaction.
func together(batches ...*batch) *pgx.Batch {
	queue, rows := &pgx.Batch{}, make(asked, len(parts))
	for _, b := range batches {
		for i := range b.first {
			b.first[i].join(queue)
		}
		for _, one := range b.parts {
			rows[one.part.index] = append(rows[one.part.index], one.row)
		}
	}
	for at := range stages {
		rows.join(queue, at)
	}
	return queue
}

// send makes changes in one transaction and one round trip.
func (s *Store) send(ctx context.Context, batches ...*batch) error {
	queue := together(batches...)
	if queue.Len() == 0 {
		return nil
	}
	if s.tellsDue() {
		queue.Queue(tellDue)
	}
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	sent, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.patience)
	defer cancel()
	if err := conn.SendBatch(sent, queue).Close(); err != nil {
		return err
	}
	for _, b := range batches {
		b.made()
	}
	return nil
}
