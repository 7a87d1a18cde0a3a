package record

import (
	"maps"

	"nevermind/bot"
)

// EntryWithoutWords is a line of a journal, as it is stored, without what it says about people: the commitments stay, so that the
// chain holds. changed is false where there is nothing of it.
func (x *Secrets) EntryWithoutWords(stored []byte) (out []byte, changed bool, err error) {
	plain, err := x.Unseal(stored)
	if err != nil {
		return nil, false, err
	}
	var e entry
	if err := Decode(plain, &e); err != nil {
		return nil, false, err
	}
	for i := range e.Boxes {
		if e.Boxes[i].Kept != nil {
			e.Boxes[i].Kept, changed = nil, true
		}
	}
	if !changed {
		return stored, false, nil
	}
	out, err = Encode(e)
	return out, true, err
}

// TaskWithoutWords is what never changes of a task, as it is stored, without facts about people.
func (x *Secrets) TaskWithoutWords(stored []byte) ([]byte, error) {
	plain, err := x.Unseal(stored)
	if err != nil {
		return nil, err
	}
	var t Task
	if err := Decode(plain, &t); err != nil {
		return nil, err
	}
	before := len(t.Facts)
	maps.DeleteFunc(t.Facts, func(name, _ string) bool { return bot.PersonalFact(name) })
	if len(t.Facts) == before && t.Boxes == nil {
		return stored, nil
	}
	t.Boxes = nil
	return Encode(t)
}
