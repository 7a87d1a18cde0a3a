package record

import (
	"errors"
	"maps"
	"strings"

	"nevermind/bot"
)

// Whose lists all who a conversation is about: its room, or its buyer and seller.
func (u *Subjects) Whose(c *bot.Conversation) (all []string) {
	if u == nil || c == nil {
		return nil
	}
	if talk := TalkSubject(c.Key); talk != "" {
		return []string{talk}
	}
	for _, p := range bot.Parties[:2] {
		if id := c.Parties[p]; id != "" {
			all = append(all, WhoSubject(id))
		}
	}
	return all
}

// Conversation encodes a conversation: a talk is sealed as a whole behind its header, of a record what is about people.
func (u *Subjects) Conversation(c *bot.Conversation, h Header) ([]byte, error) {
	if u == nil || c.Key.Kind() == "talk" {
		record, err := Encode(h, NewConversation(c))
		return u.seal(record, TalkSubject(c.Key)), err
	}
	cut, personal := c.CutPersonal()
	boxes, err := u.boxes(personal, u.Whose(c), nil)
	if err != nil {
		return nil, err
	}
	stored := NewConversation(&cut)
	stored.Boxes = boxes
	return Encode(h, stored)
}

// Entry encodes a line of the journal. What it commits to is boxed also where there is no key ring, so that there is one form.
func (u *Subjects) Entry(e *bot.Entry, all []string) ([]byte, error) {
	if talk := TalkSubject(e.Conversation); talk != "" || len(e.Passages) == 0 {
		record, err := Encode(NewEntry(e))
		return u.seal(record, talk), err
	}
	cut, personal := e.CutPersonal()
	stored := NewEntry(&cut)
	stored.Hash, stored.Summed = hash(e.Hash), false
	if e.Hash == e.Sum() {
		stored.Hash, stored.Summed = "", true
	}
	var err error
	stored.Boxes, err = u.boxes(personal, all, e.Passages)
	if err != nil {
		return nil, err
	}
	return Encode(stored)
}

// Order encodes an order.
func (u *Subjects) Order(x *bot.Order) ([]byte, error) {
	if u == nil {
		o := newOrder(x)
		o.Version = 0
		return Encode(o)
	}
	cut, personal := x.CutPersonal()
	boxes, err := u.boxes(personal, nil, nil)
	if err != nil {
		return nil, err
	}
	o := newOrder(&cut)
	o.Version, o.Boxes = 0, boxes
	return Encode(o)
}

// Person encodes a person, who is their own as a whole. What is left of one who was erased is nobody's.
func (u *Subjects) Person(x *bot.Person) ([]byte, error) {
	who := Person(*x)
	who.Version = 0
	record, err := Encode(who)
	if x.ID == bot.Desk || x.WasErased() && len(x.Accounts) == 0 && len(x.Rooms) == 0 {
		return record, err
	}
	return u.seal(record, WhoSubject(x.ID)), err
}

// Message encodes what somebody sent.
func (u *Subjects) Message(m *bot.Message) ([]byte, error) {
	record, err := Encode(newMessage(m))
	if m.Account != "" {
		return u.seal(record, AccountSubject(m.Account)), err
	}
	return u.seal(record, RoomSubject(string(m.Room))), err
}

// About lists all whom the tasks of a commit may name, besides who takes part in its conversation: those it says, and whoever
// has sent the message that it stores.
func (u *Subjects) About(c *bot.Commit) (all []string) {
	if u == nil || len(c.Tasks) == 0 {
		return nil
	}
	for _, id := range c.About {
		all = append(all, WhoSubject(id))
	}
	if c.Said != nil && c.Said.Account != "" {
		all = append(all, AccountSubject(c.Said.Account))
	}
	return all
}

// Task encodes a task that its conversation, if any, has asked for. It is about everybody whom that is about, whom its commit
// names besides, and whoever is in the room that it goes to. One that moves money is readable for ever.
func (u *Subjects) Task(t *bot.Task, stored *Task, asked *bot.Conversation, about []string) ([]byte, error) {
	of := append(u.Whose(asked), about...)
	kind, rest, _ := strings.Cut(t.Lane, ":")
	if u != nil && (kind == "work" || t.Class == bot.MoneyClass) {
		return u.work(stored, of)
	}
	record, err := Encode(*stored)
	if u == nil || err != nil {
		return record, err
	}
	switch kind {
	case "decode":
		return record, nil
	case "room", "album", "again", "fetch":
		of = append(of, RoomSubject(rest))
	case "conv":
		if talk := TalkSubject(bot.Key(rest)); talk != "" {
			of = append(of, talk)
		}
		if id, person := strings.CutPrefix(rest, "person/"); person {
			of = append(of, WhoSubject(bot.PersonID(id)))
		}
	}
	return u.seal(record, of...), nil
}

// work encodes work for the world outside, which is known for ever: only facts about people can be erased of it.
func (u *Subjects) work(t *Task, all []string) ([]byte, error) {
	cut, personal := *t, map[string]string{}
	cut.Facts = maps.Clone(t.Facts)
	for name, value := range t.Facts {
		if bot.PersonalFact(name) {
			personal[name] = value
			delete(cut.Facts, name)
		}
	}
	if len(personal) > 0 {
		b, err := u.box("", contents{At: personal}, all)
		if err != nil {
			return nil, err
		}
		cut.Boxes = []box{b}
	}
	return Encode(cut)
}

// FillTask puts it back.
func (x *Secrets) FillTask(t *Task) error {
	return x.fill(t.Boxes, func(kept bot.Personal) {
		for _, at := range kept {
			if t.Facts == nil {
				t.Facts = bot.Facts{}
			}
			maps.Copy(t.Facts, at)
		}
	})
}

// fill puts back what was cut out of a record, as far as it was not erased.
func (x *Secrets) fill(boxes []box, put func(bot.Personal)) error {
	if boxes == nil {
		return nil
	}
	kept, _, err := x.openBoxes(boxes)
	if err == nil {
		put(kept)
	}
	return err
}

// fillEntry does the same to a line of the journal, and says in its passages where everything stands.
func (x *Secrets) fillEntry(e *bot.Entry, stored *entry) error {
	if stored.Boxes == nil {
		return nil
	}
	kept, passages, err := x.openBoxes(stored.Boxes)
	if err != nil {
		return err
	}
	e.Passages = passages
	e.PutPersonal(kept)
	return nil
}

// GoneIsNone says that whatever was erased is none for whoever asks for it.
func GoneIsNone(err error) error {
	if errors.Is(err, bot.ErrErased) {
		return bot.ErrNone
	}
	return err
}
