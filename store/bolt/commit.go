package bolt

import (
	"cmp"
	"context"
	"fmt"

	"nevermind/bot"
)

// change is a commit with everything encoded that can be before its turn at the writer comes.
type change struct {
	*bot.Commit
	conversation []byte
	order        []byte
	person       []byte
	entry        []byte
	message      []byte
	tasks        [][]byte
}

// Commit makes one change, whole or not at all.
func (s *Store) Commit(ctx context.Context, c *bot.Commit) error {
	if err := sound(c); err != nil {
		return err
	}
	p, err := prepare(c)
	if err != nil {
		return err
	}
	return s.update(ctx, p.run)
}

func prepare(c *bot.Commit) (*change, error) {
	p := &change{Commit: c, tasks: make([][]byte, len(c.Tasks))}
	var errs [6]error
	if x := c.Conversation; x != nil {
		record, err := encode(newHeader(c), newConversation(x))
		p.conversation, errs[0] = versioned(x.Version+1, record, err)
	}
	if x := c.Order; x != nil {
		o := newOrder(x)
		o.Version = 0
		record, err := encode(o)
		p.order, errs[1] = versioned(x.Version+1, record, err)
	}
	if x := c.Person; x != nil {
		who := person(*x)
		who.Version = 0
		record, err := encode(who)
		p.person, errs[2] = versioned(x.Version+1, record, err)
	}
	if c.Entry != nil {
		p.entry, errs[3] = encode(newEntry(c.Entry))
	}
	if c.Said != nil {
		p.message, errs[4] = encode(newMessage(c.Said))
	}
	for i := range c.Tasks {
		var err error
		p.tasks[i], err = encode(newTask(&c.Tasks[i]))
		errs[5] = cmp.Or(errs[5], err)
	}
	return p, cmp.Or(errs[:]...)
}

// run checks everything before it writes anything.
func (p *change) run(b *batch) error {
	held, err := p.check(b)
	if err != nil {
		return err
	}
	if held != nil {
		b.held = append(b.held, held)
	}
	p.write(b)
	return nil
}

// check refuses what must not be done; the lane of a task that is settled is held last, when nothing else can refuse.
func (p *change) check(b *batch) (*lane, error) {
	if p.Handled != "" && b.get(handled, []byte(p.Handled)) != nil {
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
	if p.Settle != nil {
		return b.hold(&p.Settle.Lease)
	}
	return nil, nil
}

func (p *change) checkVersions(b *batch) error {
	check := func(n bucket, key []byte, want int64) error {
		have, _, err := version(b.get(n, key))
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
