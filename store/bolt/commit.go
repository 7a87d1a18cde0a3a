package bolt

import (
	"cmp"
	"context"
	"fmt"

	"nevermind/bot"
	"nevermind/store/record"
)

// preparedCommit is a bot.Commit with its records already encoded. Encoding happens on the caller's
// goroutine, so that the writer does only what must be done one after the other. The fields are the
// encoded records, nil for what the commit does not hold; tasks has one for each of Commit.Tasks.
type preparedCommit struct {
	*bot.Commit
	conversation []byte
	order        []byte
	person       []byte
	entry        []byte
	message      []byte
	tasks        [][]byte
	own          *storedConversation // as it will be read
	ownTasks     []*bot.Task         // the same of the tasks, nil where one is not to be tried at once
	personal     *subjects           // the personal keys that it uses; nil where there are none
}

// Commit makes one change, whole or not at all, and returns when it is durable. Its contract is
// bot.Store's; here is how it is kept: the names are validated, the records encoded, and one
// request is handed to the writer.
//
// ErrSeen: Handled was committed before, so this is a duplicate. ErrStale: a record or journal
// entry has moved on; load it and decide again. ErrFenced: the lease to be settled is no longer
// held. ErrNone: the task of a result or of an operator's act does not exist.
func (s *Store) Commit(ctx context.Context, c *bot.Commit) error {
	if err := validate(c); err != nil {
		return err
	}
	p, err := s.prepare(ctx, c)
	if err != nil {
		return err
	}
	return s.update(ctx, p.apply)
}

// prepare encodes the records of a commit. Versioned records carry the version that they will have,
// one above the one they were loaded with; the check against the stored version is the writer's.
func (s *Store) prepare(ctx context.Context, c *bot.Commit) (*preparedCommit, error) {
	p := &preparedCommit{Commit: c, tasks: make([][]byte, len(c.Tasks)), ownTasks: make([]*bot.Task, len(c.Tasks))}
	p.personal = s.subjectsOf(ctx)
	u := p.personal
	var errs [6]error
	if x := c.Conversation; x != nil {
		h := newHeader(c)
		record, err := u.Conversation(x, h)
		p.conversation, errs[0] = versioned(x.Version+1, record, err)
		stored := newConversation(x)
		as := stored.Bot(x.Key, x.Version+1, &h)
		p.own = &storedConversation{cloneConversation(&as), h}
	}
	if x := c.Order; x != nil {
		record, err := u.Order(x)
		p.order, errs[1] = versioned(x.Version+1, record, err)
	}
	if x := c.Person; x != nil {
		record, err := u.Person(x)
		p.person, errs[2] = versioned(x.Version+1, record, err)
	}
	if c.Entry != nil {
		p.entry, errs[3] = u.Entry(c.Entry, u.Whose(c.Conversation))
	}
	if c.Said != nil {
		p.message, errs[4] = u.Message(c.Said)
	}
	about := u.About(c)
	for i := range c.Tasks {
		var err error
		stored := newTask(&c.Tasks[i])
		p.tasks[i], err = u.Task(&c.Tasks[i], &stored, c.Conversation, about)
		if c.Dead == "" && c.Tasks[i].NotBefore.IsZero() {
			p.ownTasks[i] = ownTask(&c.Tasks[i], &stored)
		}
		errs[5] = cmp.Or(errs[5], err)
	}
	if u != nil && u.Fault != nil {
		return nil, u.Fault
	}
	return p, cmp.Or(errs[:]...)
}

// apply is the request of a commit: it checks everything before it writes anything.
func (p *preparedCommit) apply(b *writeBatch) error {
	held, err := p.check(b)
	if err != nil {
		return err
	}
	if held != nil {
		b.locked = append(b.locked, held)
	}
	p.write(b)
	if p.own != nil && len(p.conversation) <= longestCached {
		b.keep = append(b.keep, func(tx uint64) { b.s.conversations.put(string(conversationKey(p.own.Key)), tx, p.own) })
	}
	return nil
}

// check refuses what must not be done, in the order in which callers rely on: a duplicate is
// ErrSeen even where its version is stale too. The lease of a task that is settled is locked last,
// when nothing else can refuse; the locked lane is returned, nil where nothing is settled.
func (p *preparedCommit) check(b *writeBatch) (*lane, error) {
	if p.Handled != "" && b.handledBefore([]byte(p.Handled)) {
		return nil, bot.ErrSeen
	}
	if p.LateOutcome != nil {
		if err := b.checkResult(p.LateOutcome.TaskID); err != nil {
			return nil, err
		}
	}
	if p.Act != nil {
		if err := b.checkAct(p.Act); err != nil {
			return nil, err
		}
	}
	if err := p.checkVersions(b); err != nil {
		return nil, err
	}
	if p.Entry != nil && b.get(conversations, entryKey(p.Entry.Conversation, p.Entry.Seq)) != nil {
		return nil, fmt.Errorf("journal entry %d is written: %w", p.Entry.Seq, bot.ErrStale)
	}
	if err := b.storeSlots(p.personal); err != nil {
		return nil, err
	}
	if p.Settle != nil {
		return b.lockLease(&p.Settle.Lease)
	}
	return nil, nil
}

// handledBefore says whether an id was handled, by this version or an older one.
func (b *writeBatch) handledBefore(id []byte) bool {
	x := b.tx.secrets
	return b.get(handled, id) != nil || x != nil && record.Counted(id) && b.get(handled, hashedBefore(x, id)) != nil
}

// checkVersions is the optimistic lock: the version that a record was loaded with must still be the
// stored one. Nothing stored is version 0, so a new record collides with one that somebody else has
// made meanwhile.
func (p *preparedCommit) checkVersions(b *writeBatch) error {
	check := func(n bucket, key []byte, want int64) error {
		have, err := b.version(n, key)
		if err == nil && have != want {
			err = fmt.Errorf("%w: version %d is now %d", bot.ErrStale, want, have)
		}
		return err
	}
	if x := p.Conversation; x != nil {
		if err := check(conversations, conversationKey(x.Key), x.Version); err != nil {
			return err
		}
	}
	if x := p.Order; x != nil {
		if err := check(orders, []byte(x.ID), x.Version); err != nil {
			return err
		}
	}
	if x := p.Person; x != nil {
		return check(people, []byte(x.ID), x.Version)
	}
	return nil
}

// version is that of a stored record, as memory knows it or else the file; 0 where nothing is stored.
func (b *writeBatch) version(n bucket, key []byte) (int64, error) {
	switch n {
	case conversations:
		if kept := b.s.conversations.get(key, latestTx); kept != nil {
			return kept.Version, nil
		}
	case people:
		if kept := b.s.people.get(key, latestTx); kept != nil {
			return kept.Version, nil
		}
	case orders:
		if kept := b.s.orders.get(key, latestTx); kept != nil {
			return kept.Version, nil
		}
	}
	have, _, err := version(b.get(n, key))
	return have, err
}
