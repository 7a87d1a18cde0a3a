package bolt

import (
	"bytes"
	"slices"

	"nevermind/bot"
)

// write makes a change that nothing refuses any more.
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
	if p.LateOutcome != nil {
		b.putResult(p.LateOutcome, p.At)
	}
	if p.Act != nil {
		b.act(p.Act, p.At)
	}
	for i := range p.Tasks {
		b.addTask(&p.Tasks[i], p.tasks[i], p.At, p.Dead)
	}
}

// before reads what is about to be written over, as far as old goes; nothing where there is nothing.
func (b *batch) before(n bucket, key []byte, old any) {
	_, record, err := version(b.get(n, key))
	b.keep(err)
	if record != nil {
		b.keep(decode(record, old))
	}
}

func (b *batch) putConversation(p *change) {
	c, key := p.Conversation, conversationKey(p.Conversation.Key)
	var old header
	b.before(conversations, key, &old)
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
	b.before(orders, []byte(p.Order.ID), &old)
	now := order{ID: p.Order.ID, Buyer: p.Order.Buyer, Seller: p.Order.Seller, Placed: at(p.Order.Placed)}
	b.swap(ordersOf, orderKeys(&old), orderKeys(&now))
	b.put(orders, []byte(p.Order.ID), p.order)
}

func (b *batch) putPerson(p *change) {
	id := []byte(p.Person.ID)
	var old person
	b.before(people, id, &old)
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
