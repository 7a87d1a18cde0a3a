package record

import "nevermind/bot"

// DecodeConversation decodes a conversation whose version is known, and what its indexes follow from.
func (x *Secrets) DecodeConversation(key bot.Key, version int64, record []byte) (out bot.Conversation, h Header, err error) {
	var c conversation
	record, err = x.Unseal(record)
	if err != nil {
		return out, h, err
	}
	err = Decode(record, &h, &c)
	out = c.Bot(key, version, &h)
	if err == nil {
		err = x.fill(c.Boxes, out.PutPersonal)
	}
	return out, h, err
}

// DecodeEntry decodes a journal entry; its conversation and number are in its key.
func (x *Secrets) DecodeEntry(key bot.Key, seq int, stored []byte) (bot.Entry, error) {
	var e entry
	stored, err := x.Unseal(stored)
	if err != nil {
		return bot.Entry{}, err
	}
	if err := Decode(stored, &e); err != nil {
		return bot.Entry{}, err
	}
	out := e.bot(key, seq)
	err = x.fillEntry(&out, &e)
	if e.Summed {
		out.Hash = out.Sum()
	}
	return out, err
}

// DecodeOrder decodes an order whose version is known.
func (x *Secrets) DecodeOrder(version int64, record []byte) (bot.Order, error) {
	var o Order
	if err := Decode(record, &o); err != nil {
		return bot.Order{}, err
	}
	o.Version = version
	out := o.bot()
	return out, x.fill(o.Boxes, out.PutPersonal)
}

// PersonDecoder decodes a person. One who was erased is known by their id, and is nobody.
func (x *Secrets) PersonDecoder(id bot.PersonID) func(version int64, record []byte) (bot.Person, error) {
	return func(version int64, record []byte) (bot.Person, error) {
		var p Person
		record, err := x.Unseal(record)
		if IsErased(err) {
			return bot.Person{ID: id, Name: bot.Erased, Version: version}, nil
		}
		if err == nil {
			err = Decode(record, &p)
		}
		if err != nil {
			return bot.Person{}, err
		}
		p.Version = version
		return bot.Person(p), nil
	}
}

// StateAfter says where an outcome leaves a task: dead letter, pending (its result comes later, by
// a Result), waiting for a retry, or done.
func StateAfter(o *bot.Outcome) bot.TaskState {
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

// Forgettable says whether a settled task can be forgotten.
func Forgettable(r *bot.TaskRecord) bool {
	switch {
	case r.State != bot.TaskDone && r.State != bot.TaskDropped, r.Task.Class == bot.MoneyClass, r.Task.Do == bot.DoDamaged:
		return false
	case r.Task.Reply != nil:
		said := r.Task.Reply
		return said.Chatter || said.Mode == bot.Strip || said.From == "" || said.From.Kind() == "talk"
	}
	return true
}
