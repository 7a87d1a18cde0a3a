package engine

import (
	"context"
	"sync"

	"nevermind/bot"
)

// claims leases due tasks and gives each to a worker. A commit that adds a task claims it, and a worker that has done a task
// claims its next one, so that neither has to wake Run's loop first; the loop claims what becomes due by the clock. It is safe
// for concurrent use. Its state is how many workers are busy, and whether there are any.
type claims struct {
	*base
	mu     sync.Mutex     // held while tasks are claimed
	open   bool           // there are workers
	busy   chan struct{}  // one for each task that was claimed and is not done
	leased chan bot.Lease // for the next free worker, with room for all; of this run
}

func newClaims(b *base) *claims {
	return &claims{base: b, busy: make(chan struct{}, atOnce)}
}

// begin lets tasks be claimed, and returns where workers find them.
func (c *claims) begin() <-chan bot.Lease {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open, c.leased = true, make(chan bot.Lease, atOnce)
	return c.leased
}

// end lets nothing more be claimed. What workers find ends when all that was claimed is done.
func (c *claims) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open = false
	close(c.leased)
}

// due claims what is due and gives it to workers; it returns how many tasks that were.
func (c *claims) due(ctx context.Context) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	leases, err := c.claim(ctx)
	c.hand(leases)
	return len(leases), err
}

// soon is due without waiting, for a commit that has added tasks. Where another goroutine is claiming, or it fails, the loop
// claims again.
func (c *claims) soon(ctx context.Context) {
	if !c.mu.TryLock() {
		signal(c.tasksDue)
		return
	}
	defer c.mu.Unlock()
	leases, err := c.claim(ctx)
	c.hand(leases)
	if err != nil || !c.open {
		signal(c.tasksDue)
	}
}

// next ends a worker's task and returns the next one for it, false where it has to wait for one.
func (c *claims) next(ctx context.Context) (bot.Lease, bool) {
	<-c.busy
	if !c.mu.TryLock() {
		signal(c.tasksDue)
		return bot.Lease{}, false
	}
	defer c.mu.Unlock()
	leases, err := c.claim(ctx)
	if err != nil {
		signal(c.tasksDue)
	}
	if len(leases) == 0 {
		return bot.Lease{}, false
	}
	c.busy <- struct{}{}
	c.hand(leases[1:])
	return leases[0], true
}

// full says whether every worker has something to do; each that ends claims what is due.
func (c *claims) full() bool { return len(c.busy) == atOnce }

// claim leases as many tasks as workers are free. The caller holds the mutex.
func (c *claims) claim(ctx context.Context) ([]bot.Lease, error) {
	free := atOnce - len(c.busy)
	if !c.open || free == 0 {
		return nil, nil
	}
	return c.cfg.Store.Claim(ctx, c.now(), free, leaseTime)
}

func (c *claims) hand(leases []bot.Lease) {
	for _, l := range leases {
		c.busy <- struct{}{}
		c.leased <- l
	}
}
