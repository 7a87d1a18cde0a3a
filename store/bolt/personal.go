package bolt

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"

	"nevermind/bot"
)

// What is about a person is encrypted besides under keys of their own, which stand in a key ring outside of this file and its
// copies: whoever destroys one has erased it everywhere. A talk, a room's messages and a person's record are whose they are as a
// whole; in the records about an order and their journals what is about each person is cut out and stands in a box of theirs
// (bot.Personal). Whose key is whose stands in the bucket subjects, by the hash of a name: "who buyer:b-1", "room telegram:77",
// "at telegram:77".

// PersonalKeys is the key ring. A key is named by its slot.
type PersonalKeys interface {
	// New gives out a slot whose key nobody has used, and that is durable.
	New() (slot uint32, err error)
	// Encrypt and Decrypt use the keys of all these slots together. Encrypt appends to dst. Decrypt is bot.ErrErased where one of
	// them was destroyed.
	Encrypt(dst, place, value []byte, slots ...uint32) ([]byte, error)
	Decrypt(place, stored []byte, slots ...uint32) ([]byte, error)
	Destroy(slots ...uint32) error
	// Has says whether a slot's key is there still.
	Has(slot uint32) bool
	// Name tells rings apart.
	Name() string
}

// personalForm is the form byte of what is encrypted under personal keys: their count and slots as uvarints, and the rest.
const personalForm = 4

// The names of subjects.
func whoSubject(id bot.PersonID) string    { return "who " + string(id) }
func roomSubject(room string) string       { return "room " + room }
func accountSubject(account string) string { return "at " + account }

// talkSubject is whose a talk is: its room's, or the agent's who talks in support's; "" for a record.
func talkSubject(key bot.Key) string {
	if key.Kind() != "talk" {
		return ""
	}
	room, agent, shared := strings.Cut(key.Rest(), "#")
	if shared {
		return whoSubject(bot.PersonID(agent))
	}
	return roomSubject(room)
}

// subjects is what one commit uses of the key ring.
type subjects struct {
	x     *secrets
	find  func(subject string) (slot uint32, stored bool, err error) // in the file
	used  map[string]uint32
	fault error
}

// slot is a subject's slot; one that has none gets one.
func (u *subjects) slot(subject string) uint32 {
	if slot, there := u.used[subject]; there || u.fault != nil {
		return slot
	}
	slot, err := u.x.slotOf(subject, u.find)
	if err != nil {
		u.fault = err
		return 0
	}
	u.used[subject] = slot
	return slot
}

// subjectSlot is whose key is which.
type subjectSlot struct {
	slot   uint32
	stored atomic.Bool // the file surely has it
}

// slotOf finds a subject's slot or takes a new one, which is stored with the first commit that uses it.
func (x *secrets) slotOf(subject string, find func(subject string) (slot uint32, stored bool, err error)) (uint32, error) {
	x.slotsMu.Lock()
	defer x.slotsMu.Unlock()
	if held, there := x.slots.get(subject); there {
		return held.slot, nil
	}
	slot, stored, err := find(subject)
	if err != nil {
		return 0, err
	}
	if !stored || !x.ring.Has(slot) { // whoever was erased may come again

		if slot, err = x.ring.New(); err != nil {
			return 0, err
		}
	}
	x.slots.put(subject, &subjectSlot{slot: slot})
	return slot, nil
}

func slotIn(t *table, subject string) (slot uint32, there bool) {
	if v := t.Get([]byte(subject)); len(v) == 4 {
		return binary.BigEndian.Uint32(v), true
	}
	return 0, false
}

// store keeps which slots a commit has used. ErrStale: another one has given the same subject another slot meanwhile, or it was
// erased; the caller makes its commit again.
func (u *subjects) store(b *writeBatch) error {
	if u == nil {
		return nil
	}
	x := u.x
	for subject, slot := range u.used {
		held, there := x.slots.get(subject)
		if there && held.stored.Load() && held.slot == slot {
			continue
		}
		have, stored := slotIn(b.bucket(subjectSlots), subject)
		stored = stored && x.ring.Has(have)
		if stored && have != slot || there && held.slot != slot || !there && !stored {
			return fmt.Errorf("%w: a key was given out twice", bot.ErrStale)
		}
		if !stored {
			b.put(subjectSlots, []byte(subject), binary.BigEndian.AppendUint32(nil, slot))
		}
		if there {
			b.tx.OnCommit(func() { held.stored.Store(true) })
		}
	}
	return nil
}

// seal encrypts a record under the keys of all these subjects; nothing changes where there are none.
func (u *subjects) seal(record []byte, of ...string) []byte {
	of = slices.DeleteFunc(of, func(s string) bool { return s == "" })
	if u == nil || len(of) == 0 || record == nil || u.fault != nil {
		return record
	}
	var room [4]uint32
	slots := room[:0]
	for _, subject := range of {
		if slot := u.slot(subject); !slices.Contains(slots, slot) {
			slots = append(slots, slot)
		}
	}
	if u.fault != nil {
		return nil
	}
	slices.Sort(slots)
	out := append(make([]byte, 0, len(record)+sealed+len(slots)*binary.MaxVarintLen32), personalForm)
	out = binary.AppendUvarint(out, uint64(len(slots)))
	for _, slot := range slots {
		out = binary.AppendUvarint(out, uint64(slot))
	}
	out, err := u.x.ring.Encrypt(out, nil, record, slots...)
	if err != nil {
		u.forget(err)
		return nil
	}
	return out
}

// sealed is how many bytes longer a sealed record is, but for its slots.
const sealed = 30

// forget gives up a slot whose key was destroyed meanwhile: the commit is made again with another.
func (u *subjects) forget(err error) {
	if errors.Is(err, bot.ErrErased) {
		u.x.slots.forget()
		err = fmt.Errorf("%w: %w", bot.ErrStale, err)
	}
	u.fault = err
}

// takeSlot is the slot that a subject is about to be given.
func (x *secrets) takeSlot(subject string) (uint32, error) {
	x.slotsMu.Lock()
	defer x.slotsMu.Unlock()
	if held, there := x.slots.get(subject); there {
		return held.slot, nil
	}
	slot, err := x.ring.New()
	if err == nil {
		x.slots.put(subject, &subjectSlot{slot: slot})
	}
	return slot, err
}

// sealName encrypts a name under its subject's key, if it has one, within a write transaction.
func (tx *transaction) sealName(name []byte) ([]byte, error) {
	subject, x := nameSubject(string(name)), tx.secrets
	if x.ring == nil || subject == "" {
		return name, nil
	}
	t := bucketIn(tx, subjectSlots)
	slot, stored := slotIn(t, subject)
	if !stored || !x.ring.Has(slot) {
		var err error
		if slot, err = x.takeSlot(subject); err != nil {
			return nil, err
		}
		if err := t.Put([]byte(subject), binary.BigEndian.AppendUint32(nil, slot)); err != nil {
			return nil, err
		}
	}
	out := binary.AppendUvarint([]byte{personalForm, 1}, uint64(slot))
	return x.ring.Encrypt(out, nil, name, slot)
}

// unseal takes what seal has put around a record off again. bot.ErrErased: a key was destroyed.
func (x *secrets) unseal(record []byte) ([]byte, error) {
	if len(record) == 0 || record[0] != personalForm {
		return record, nil
	}
	rest := record[1:]
	next := func() uint64 {
		v, n := binary.Uvarint(rest)
		rest = rest[max(n, 0):]
		return v
	}
	var slots []uint32
	for range min(next(), 16) {
		slots = append(slots, uint32(next()))
	}
	if x == nil || x.ring == nil {
		return nil, fmt.Errorf("%w: there is no key ring", bot.ErrKey)
	}
	plain, err := x.ring.Decrypt(nil, rest, slots...)
	if err != nil && !errors.Is(err, bot.ErrErased) && !errors.Is(err, bot.ErrKey) {
		err = fmt.Errorf("%w: %w", bot.ErrBroken, err)
	}
	return plain, err
}

// unsealKnown is unseal for what follows from a record; where it was erased there is none.
func (x *secrets) unsealKnown(record []byte) ([]byte, error) {
	record, err := x.unseal(record)
	if erased(err) {
		return nil, nil
	}
	return record, err
}

// box is what a record says about one person, or about all who take part.
type box struct {
	Whose bot.PersonID `cbor:"1,keyasint,omitempty"` // "" is all
	Kept  []byte       `cbor:"2,keyasint,omitempty"` // contents, encoded; sealed where there is a key ring
	Hash  hash         `cbor:"3,keyasint,omitzero"`  // in a journal: the commitment to it
}

// contents is what stands in a box.
type contents struct {
	At   map[string]string `cbor:"1,keyasint,omitempty"`
	Salt []byte            `cbor:"2,keyasint,omitempty"`
}

// boxes puts what was cut out of a record into a box for each person. all are those who take part.
func (u *subjects) boxes(cut bot.Personal, all []string, passages []bot.Passage) (out []box, err error) {
	for _, p := range passages {
		if p.Salt == nil {
			out = append(out, box{Whose: p.Whose, Hash: hash(p.Hash)}) // was erased
			continue
		}
		b, err := u.box(p.Whose, contents{cut[p.Whose], p.Salt}, all)
		if err != nil {
			return nil, err
		}
		b.Hash = hash(p.Hash)
		out = append(out, b)
	}
	if passages != nil {
		return out, nil
	}
	for _, whose := range sortedKeys(cut) {
		b, err := u.box(whose, contents{At: cut[whose]}, all)
		if err != nil {
			return nil, err
		}
		out = append(out, b)
	}
	return out, nil
}

func (u *subjects) box(whose bot.PersonID, c contents, all []string) (box, error) {
	record, err := encode(c)
	if err != nil {
		return box{}, err
	}
	of := []string{whoSubject(whose)}
	if whose == "" {
		of = slices.Clone(all)
	}
	record = u.seal(record, of...)
	if u != nil && u.fault != nil {
		return box{}, u.fault
	}
	return box{Whose: whose, Kept: record}, nil
}

// open is what stands in the boxes that can be opened.
func (x *secrets) openBoxes(in []box) (kept bot.Personal, passages []bot.Passage, err error) {
	kept = bot.Personal{}
	for _, b := range in {
		p := bot.Passage{Whose: b.Whose, Hash: string(b.Hash)}
		passages = append(passages, p)
		if b.Kept == nil {
			continue
		}
		record, err := x.unseal(b.Kept)
		if errors.Is(err, bot.ErrErased) {
			continue
		}
		var c contents
		if err == nil {
			err = decode(record, &c)
		}
		if err != nil {
			return nil, nil, err
		}
		passages[len(passages)-1].Salt = c.Salt
		kept[b.Whose] = c.At
	}
	return kept, passages, nil
}

func sortedKeys(cut bot.Personal) []bot.PersonID {
	var all []bot.PersonID
	for whose := range cut {
		all = append(all, whose)
	}
	slices.Sort(all)
	return all
}

// erased says whether something was erased, and is to be passed over.
func erased(err error) bool { return errors.Is(err, bot.ErrErased) }
