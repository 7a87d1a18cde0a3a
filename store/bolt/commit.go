package bolt

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"

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
	if p.Result != nil {
		if err := b.checkResult(p.Result.Task); err != nil {
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

func (p *change) write(b *batch) {
	when := moment(p.At)
	if p.Handled != "" {
		b.put(handled, []byte(p.Handled), when)
	}
	if p.Said != nil {
		b.put(said, saidKey(p.Said.Room, b.nextSeq()), slices.Concat(when, p.message))
	}
	if p.Conversation != nil {
		b.putConversation(p)
	}
	if p.Order != nil {
		b.putOrder(p)
	}
	if p.Person != nil {
		b.putPerson(p)
	}
	if p.Entry != nil {
		b.put(conversations, entryKey(p.Entry.Conversation, p.Entry.Seq), p.entry)
	}
	if p.Settle != nil {
		b.settle(&p.Settle.Lease, p.At, &p.Settle.Outcome)
	}
	if p.Result != nil {
		b.putResult(p.Result, p.At)
	}
	for i := range p.Tasks {
		b.addTask(&p.Tasks[i], p.tasks[i], p.At)
	}
}

func (b *batch) putConversation(p *change) {
	c, key := p.Conversation, conversationKey(p.Conversation.Key)
	var old header
	if _, record, err := version(b.get(conversations, key)); err != nil {
		b.keep(err)
	} else if record != nil {
		b.keep(decode(record, &old))
	}
	now := newHeader(p.Commit)
	b.swap(terms, termKeys(c.Key, &old), termKeys(c.Key, &now))
	b.swap(deadlines, deadlineKeys(c.Key, &old), deadlineKeys(c.Key, &now))
	b.put(conversations, key, p.conversation)
	b.offer(p, c.Frame)
	for _, f := range c.Aside {
		b.offer(p, f)
	}
}

// offer files the tokens that are new; most turns offer what was on offer before.
func (b *batch) offer(p *change, f bot.Frame) {
	for _, o := range f.Offers {
		token := []byte(o.Token)
		if len(token) > 0 && tokenKey(b.get(tokens, token)) != p.Conversation.Key {
			b.put(tokens, token, slices.Concat(moment(p.At), []byte{onOffer}, []byte(p.Conversation.Key)))
		}
	}
}

func (b *batch) putOrder(p *change) {
	var old order
	if _, record, err := version(b.get(orders, []byte(p.Order.ID))); err != nil {
		b.keep(err)
	} else if record != nil {
		b.keep(decode(record, &old))
	}
	now := order{ID: p.Order.ID, Buyer: p.Order.Buyer, Seller: p.Order.Seller, Placed: at(p.Order.Placed)}
	b.swap(ordersOf, orderKeys(&old), orderKeys(&now))
	b.put(orders, []byte(p.Order.ID), p.order)
}

func (b *batch) putPerson(p *change) {
	id := []byte(p.Person.ID)
	var old person
	if _, record, err := version(b.get(people, id)); err != nil {
		b.keep(err)
	} else if record != nil {
		b.keep(decode(record, &old))
	}
	for _, a := range old.Accounts {
		if !slices.Contains(p.Person.Accounts, a) && bytes.Equal(b.get(accounts, []byte(a)), id) {
			b.delete(accounts, []byte(a))
		}
	}
	for _, a := range p.Person.Accounts {
		b.put(accounts, []byte(a), id)
	}
	b.put(people, id, p.person)
}
