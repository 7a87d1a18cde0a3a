package bolt

import (
	"bytes"
	"slices"
)

// write makes the changes of a commit that has passed its checks. The incoming message gets its
// sequence number before the tasks, so that a room's log shows it before the replies to it.
func (p *preparedCommit) write(b *writeBatch) {
	when := timeKey(p.At)
	if p.Handled != "" {
		b.put(handled, []byte(p.Handled), when)
	}
	if p.Said != nil {
		b.put(roomLog, roomKey(p.Said.Room, b.nextSeq()), slices.Concat(when, p.message))
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
	b.addTasks(p)
}

// previous decodes the stored record that is about to be replaced into old, as many of its parts as
// old reads; old stays empty where nothing is stored.
func (b *writeBatch) previous(n bucket, key []byte, old any) {
	_, record, err := version(b.get(n, key))
	b.fail(err)
	record, err = b.tx.secrets.unsealKnown(record)
	if b.fail(err); record != nil {
		b.fail(decode(record, old))
	}
}

// putConversation stores a conversation and brings its indexes along: terms, deadlines, press
// tokens.
func (b *writeBatch) putConversation(p *preparedCommit) {
	c, key := p.Conversation, conversationKey(p.Conversation.Key)
	old, now := b.previousHeader(key), newHeader(p.Commit)
	b.updateIndex(terms, termKeys(c.Key, &old), termKeys(c.Key, &now))
	b.updateIndex(deadlines, deadlineKeys(c.Key, &old), deadlineKeys(c.Key, &now))
	b.put(conversations, key, p.conversation)
	b.indexTokens(p)
}

// previousHeader is what the indexes of a stored conversation follow from; empty where none is stored.
func (b *writeBatch) previousHeader(key []byte) (old header) {
	if kept := b.s.conversations.get(key, latestTx); kept != nil {
		return kept.header
	}
	_, record, err := version(b.get(conversations, key))
	if b.fail(err); record == nil {
		return old
	}
	record, err = b.tx.secrets.unsealKnown(record)
	if b.fail(err); record != nil {
		b.fail(decode(record, &old))
	}
	return old
}

// putOrder stores an order and files it under its buyer and its seller.
func (b *writeBatch) putOrder(p *preparedCommit) {
	var old order
	b.previous(orders, []byte(p.Order.ID), &old)
	now := order{ID: p.Order.ID, Buyer: p.Order.Buyer, Seller: p.Order.Seller, Placed: toInstant(p.Order.Placed)}
	b.updateIndex(ordersOf, orderKeys(&old), orderKeys(&now))
	b.put(orders, []byte(p.Order.ID), p.order)
}

// putPerson stores a person and makes each of their accounts lead to them. The last commit that
// lists an account wins; one that is no longer listed is given up, unless it leads to somebody else
// by now.
func (b *writeBatch) putPerson(p *preparedCommit) {
	id := []byte(p.Person.ID)
	var old person
	b.previous(people, id, &old)
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
