package bolt

import "nevermind/bot"

// decodeConversation decodes a conversation whose version is known, and what its indexes follow from.
func (x *secrets) decodeConversation(key bot.Key, version int64, record []byte) (out bot.Conversation, h header, err error) {
	var c conversation
	record, err = x.unseal(record)
	if err != nil {
		return out, h, err
	}
	err = decode(record, &h, &c)
	out = c.bot(key, version, &h)
	if err == nil {
		err = x.fill(c.Boxes, out.PutPersonal)
	}
	return out, h, err
}

// decodeEntry decodes a journal entry; its conversation and number are in its key.
func (x *secrets) decodeEntry(key bot.Key, seq int, stored []byte) (bot.Entry, error) {
	var e entry
	stored, err := x.unseal(stored)
	if err != nil {
		return bot.Entry{}, err
	}
	if err := decode(stored, &e); err != nil {
		return bot.Entry{}, err
	}
	out := e.bot(key, seq)
	err = x.fillEntry(&out, &e)
	if e.Summed {
		out.Hash = out.Sum()
	}
	return out, err
}

// decodeOrder decodes an order whose version is known.
func (x *secrets) decodeOrder(version int64, record []byte) (bot.Order, error) {
	var o order
	if err := decode(record, &o); err != nil {
		return bot.Order{}, err
	}
	o.Version = version
	out := o.bot()
	return out, x.fill(o.Boxes, out.PutPersonal)
}

// personDecoder decodes a person. One who was erased is known by their id, and is nobody.
func (x *secrets) personDecoder(id bot.PersonID) func(version int64, record []byte) (bot.Person, error) {
	return func(version int64, record []byte) (bot.Person, error) {
		var p person
		record, err := x.unseal(record)
		if erased(err) {
			return bot.Person{ID: id, Name: bot.Erased, Version: version}, nil
		}
		if err == nil {
			err = decode(record, &p)
		}
		if err != nil {
			return bot.Person{}, err
		}
		p.Version = version
		return bot.Person(p), nil
	}
}

// stateAfter says where an outcome leaves a task: dead letter, pending (its result comes later, by
// a Result), waiting for a retry, or done.
func stateAfter(o *bot.Outcome) bot.TaskState {
	switch {
	case o.Dead != "":
		return bot.TaskDead
	case o.Pending:
		return bot.TaskPending
	case o.Retry > 0:
		return bot.TaskWaiting
	}
	return bot.TaskDone
}

// forgettable says whether a settled task can be forgotten.
func forgettable(r *bot.TaskRecord) bool {
	switch {
	case r.State != bot.TaskDone && r.State != bot.TaskDropped, r.Task.Class == bot.MoneyClass:
		return false
	case r.Task.Reply != nil:
		said := r.Task.Reply
		return said.Chatter || said.Mode == bot.Strip || said.From == "" || said.From.Kind() == "talk"
	}
	return true
}
