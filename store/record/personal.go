package record

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
	// Destroy destroys keys for ever. Doom has them be as good as destroyed until then.
	Destroy(slots ...uint32) error
	Doom(slots ...uint32)
	// Has says whether a slot's key is there still; false where it was destroyed. An error says that it was damaged or lost: its
	// slot is somebody's for all that.
	Has(slot uint32) (bool, error)
	// Made is how many slots there are; After has none below a number be given out; Watch has a function be told how many there
	// are whenever some were made. See GuardSlots.
	Made() (uint32, error)
	After(made uint32)
	Watch(made func(uint32))
	// Name tells rings apart.
	Name() string
}

// PersonalForm is the form byte of what is encrypted under personal keys: their count and slots as uvarints, and the rest.
const PersonalForm = 4

// WhoSubject is the subject whose key is a person's.
func WhoSubject(id bot.PersonID) string { return "who " + string(id) }

// RoomSubject is the subject whose key is a room's.
func RoomSubject(room string) string { return "room " + room }

// AccountSubject is the subject whose key is that of whoever writes from an account.
func AccountSubject(account string) string { return "at " + account }

// TalkSubject is whose a talk is: its room's, or the agent's who talks in support's; "" for a record.
func TalkSubject(key bot.Key) string {
	if key.Kind() != "talk" {
		return ""
	}
	room, agent, shared := strings.Cut(key.Rest(), "#")
	if shared {
		return WhoSubject(bot.PersonID(agent))
	}
	return RoomSubject(room)
}

// NameSubject is whose a name is that keys are made of: a talk's or a room's. Names of orders, people and records are nobody's:
// they say who somebody is only to the shop.
func NameSubject(name string) string {
	if talk := TalkSubject(bot.Key(name)); talk != "" {
		return talk
	}
	if kind, rest, ok := strings.Cut(name, ":"); ok && rest != "" && !strings.Contains(kind, "/") {
		return RoomSubject(name)
	}
	return ""
}

// Subjects is what one commit uses of the key ring.
type Subjects struct {
	X     *Secrets
	find  func(subject string) (slot uint32, stored bool, err error) // in the file
	Used  map[string]uint32
	Fault error
	room  [4]uint32 // the slots of what is being sealed
}

// slot is a subject's slot; one that has none gets one.
func (u *Subjects) slot(subject string) uint32 {
	if slot, there := u.Used[subject]; there || u.Fault != nil {
		return slot
	}
	slot, err := u.X.slotOf(subject, u.find)
	if err != nil {
		u.Fault = err
		return 0
	}
	u.Used[subject] = slot
	return slot
}

// HasKey says whether a slot that is stored for somebody has its key still.
func (x *Secrets) HasKey(slot uint32, stored bool) (bool, error) {
	if !stored {
		return false, nil
	}
	return x.Ring.Has(slot)
}

// subjectSlot is whose key is which.
type subjectSlot struct {
	slot   uint32
	stored atomic.Bool // the file surely has it
}

// slotOf finds a subject's slot or takes a new one, which is stored with the first commit that uses it.
func (x *Secrets) slotOf(subject string, find func(subject string) (slot uint32, stored bool, err error)) (uint32, error) {
	if slot, there, _ := x.HeldSlot(subject); there {
		return slot, nil
	}
	x.slotsMu.Lock()
	defer x.slotsMu.Unlock()
	if slot, there, _ := x.HeldSlot(subject); there { // somebody else has found it meanwhile
		return slot, nil
	}
	slot, stored, err := find(subject)
	if err != nil {
		return 0, err
	}
	if stored, err = x.HasKey(slot, stored); err != nil {
		return 0, err
	}
	if !stored { // whoever was erased may come again
		if slot, err = x.Ring.New(); err != nil {
			return 0, err
		}
	}
	x.slots.Put(subject, &subjectSlot{slot: slot})
	return slot, nil
}

// seal encrypts a record under the keys of all these subjects; nothing changes where there are none.
func (u *Subjects) seal(record []byte, of ...string) []byte {
	of = slices.DeleteFunc(of, func(s string) bool { return s == "" })
	if u == nil || len(of) == 0 || record == nil || u.Fault != nil {
		return record
	}
	slots := u.room[:0]
	for _, subject := range of {
		if slot := u.slot(subject); !slices.Contains(slots, slot) {
			slots = append(slots, slot)
		}
	}
	if u.Fault != nil {
		return nil
	}
	slices.Sort(slots)
	out := append(make([]byte, 0, len(record)+sealed+len(slots)*binary.MaxVarintLen32), PersonalForm)
	out = binary.AppendUvarint(out, uint64(len(slots)))
	for _, slot := range slots {
		out = binary.AppendUvarint(out, uint64(slot))
	}
	out, err := u.X.Ring.Encrypt(out, nil, record, slots...)
	if err != nil {
		u.forget(err)
		return nil
	}
	return out
}

// Name seals a name under its subject's key, if it has one.
func (u *Subjects) Name(name string) []byte { return u.seal([]byte(name), NameSubject(name)) }

// sealed is how many bytes longer a sealed record is, but for its slots.
const sealed = 30

// forget gives up a slot whose key was destroyed meanwhile: the commit is made again with another.
func (u *Subjects) forget(err error) {
	if errors.Is(err, bot.ErrErased) {
		u.X.slots.Forget()
		err = fmt.Errorf("%w: %w", bot.ErrStale, err)
	}
	u.Fault = err
}

// TakeSlot is the slot that a subject is about to be given.
func (x *Secrets) TakeSlot(subject string) (uint32, error) {
	x.slotsMu.Lock()
	defer x.slotsMu.Unlock()
	if held, there := x.slots.Get(subject); there {
		return held.slot, nil
	}
	slot, err := x.Ring.New()
	if err == nil {
		x.slots.Put(subject, &subjectSlot{slot: slot})
	}
	return slot, err
}

// Unseal takes what seal has put around a record off again. bot.ErrErased: a key was destroyed.
func (x *Secrets) Unseal(record []byte) ([]byte, error) {
	if len(record) == 0 || record[0] != PersonalForm {
		return record, nil
	}
	rest := record[1:]
	next := func() uint64 {
		v, n := binary.Uvarint(rest)
		rest = rest[max(n, 0):]
		return v
	}
	var slots []uint32
	of := next()
	for range min(of, uint64(len(rest))) { // a slot is a byte at least
		slots = append(slots, uint32(next()))
	}
	if x == nil || x.Ring == nil {
		return nil, fmt.Errorf("%w: there is no key ring", bot.ErrKey)
	}
	plain, err := x.Ring.Decrypt(nil, rest, slots...)
	if err != nil && !errors.Is(err, bot.ErrErased) && !errors.Is(err, bot.ErrKey) {
		err = fmt.Errorf("%w: %w", bot.ErrBroken, err)
	}
	return plain, err
}

// UnsealKnown is unseal for what follows from a record; where it was erased there is none.
func (x *Secrets) UnsealKnown(record []byte) ([]byte, error) {
	record, err := x.Unseal(record)
	if IsErased(err) {
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
func (u *Subjects) boxes(cut bot.Personal, all []string, passages []bot.Passage) (out []box, err error) {
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

func (u *Subjects) box(whose bot.PersonID, c contents, all []string) (box, error) {
	record, err := Encode(c)
	if err != nil {
		return box{}, err
	}
	of := []string{WhoSubject(whose)}
	if whose == "" {
		of = slices.Clone(all)
	}
	record = u.seal(record, of...)
	if u != nil && u.Fault != nil {
		return box{}, u.Fault
	}
	return box{Whose: whose, Kept: record}, nil
}

// open is what stands in the boxes that can be opened.
func (x *Secrets) openBoxes(in []box) (kept bot.Personal, passages []bot.Passage, err error) {
	kept = bot.Personal{}
	for _, b := range in {
		p := bot.Passage{Whose: b.Whose, Hash: string(b.Hash)}
		passages = append(passages, p)
		if b.Kept == nil {
			continue
		}
		record, err := x.Unseal(b.Kept)
		if errors.Is(err, bot.ErrErased) {
			continue
		}
		var c contents
		if err == nil {
			err = Decode(record, &c)
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

// IsErased says whether something was erased, and is to be passed over.
func IsErased(err error) bool { return errors.Is(err, bot.ErrErased) }

// HeldSlot is the slot that a subject is known to have, and whether the store surely has it.
func (x *Secrets) HeldSlot(subject string) (slot uint32, there, stored bool) {
	held, there := x.slots.Get(subject)
	if !there {
		return 0, false, false
	}
	return held.slot, true, held.stored.Load()
}

// KeepSlotStored keeps for a while that the store has the slot of a subject.
func (x *Secrets) KeepSlotStored(subject string, slot uint32) {
	if held, there := x.slots.Get(subject); there && held.slot == slot {
		held.stored.Store(true)
	}
}

// Doom has the keys of slots be as good as destroyed: what is begun from now on is under others.
func (x *Secrets) Doom(slots ...uint32) {
	x.Ring.Doom(slots...)
	x.slotsMu.Lock()
	defer x.slotsMu.Unlock()
	x.Forget()
}

// Begin begins what one commit uses of the key ring; nil where there is none. find looks for a subject's slot in the store.
func (x *Secrets) Begin(find func(subject string) (slot uint32, stored bool, err error)) *Subjects {
	if x == nil || x.Ring == nil {
		return nil
	}
	return &Subjects{X: x, find: find, Used: map[string]uint32{}}
}
