package encryption

import (
	"bytes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"

	"nevermind/bot"
)

// Ring is the key ring: a key for each person, room and file, so that what is about one of them can be made unreadable everywhere
// at once, in every copy and backup, by destroying 32 bytes. Its slots lie apart from database and backups: in a file beside the
// house's key, or in a database of their own. A slot's key is encrypted with the ring's own, which stands in the ring's head
// under the house's. Safe for concurrent use.
type Ring struct {
	id    [ringIDSize]byte
	slots Slots
	own   cipher.AEAD

	mu      sync.Mutex
	wrapped []byte                 // the ring's own key, as it stands in the head
	next    uint32                 // the slot that is given out next
	made    uint32                 // where those end that were made for this process
	floor   uint32                 // no slot below is made any more: see After
	watch   func(made uint32)      // told of each block of slots that was made
	ciphers map[string]cipher.AEAD // by the slots whose keys they are made of
	doomed  map[uint32]bool        // slots whose keys nobody gets any more, wherever they stand still
}

// Slots is where the slots of a key ring lie. Safe for concurrent use.
type Slots interface {
	// Head and PutHead read and write what stands before the slots.
	Head() ([]byte, error)
	PutHead(head []byte) error
	// Made is how many slots there are, used or not.
	Made() (uint32, error)
	// Reserve gives numbers in a row that nobody else gets, none below from; Put stores the slots from the first of them on,
	// SlotSize bytes each, and returns when that is durable.
	Reserve(n int, from uint32) (first uint32, err error)
	Put(first uint32, slots []byte) error
	// Slot reads one; zeros where it was destroyed. ErrKey: it was never made.
	Slot(n uint32) ([]byte, error)
	// Destroy writes over slots where they stand, and returns once that is durable.
	Destroy(slots ...uint32) error
	Close() error
}

// HeadSize is how many bytes stand before the slots of a ring.
const HeadSize = 128

// SlotSize is how many bytes a slot has: nonce, key and tag are 60, then zeros.
const SlotSize = 64

const (
	ringMark    = "nevermind ring 1"
	ringIDSize  = 8
	headSize    = HeadSize
	slotKey     = 12 + keySize + 16
	slotsAtOnce = 256     // how many are made in one write to the disk
	mostCiphers = 1 << 14 // that are kept in memory
)

// lostSlot stands where a newer copy of the ring has slots.
var lostSlot = bytes.Repeat([]byte{0xff}, SlotSize)

// errOlder: a slot was never made in this copy of the ring.
var errOlder = fmt.Errorf("%w: the key ring is older than what was encrypted with it", ErrKey)

// ErrErased is the error for what stands under a key that was destroyed.
var ErrErased = bot.ErrErased

// OpenRingAt opens a key ring. ErrKey: it stands under another key of the house.
func OpenRingAt(slots Slots, m Master) (*Ring, error) {
	r := &Ring{slots: slots, ciphers: map[string]cipher.AEAD{}, doomed: map[uint32]bool{}}
	return r, r.readHead(m)
}

// CreateRingAt makes a key ring where there is none.
func CreateRingAt(slots Slots, m Master) (*Ring, error) {
	key, id := make([]byte, keySize), make([]byte, ringIDSize)
	rand.Read(key)
	rand.Read(id)
	wrapped, err := m.wrap(ringKeyNumber, key)
	if err != nil {
		return nil, err
	}
	if err := slots.PutHead(ringHead([ringIDSize]byte(id), wrapped)); err != nil {
		return nil, err
	}
	return OpenRingAt(slots, m)
}

// ringKeyNumber is the number by which the ring's own key is told from a store's.
const ringKeyNumber = -1

func ringHead(id [ringIDSize]byte, wrapped []byte) []byte {
	head := make([]byte, headSize)
	n := copy(head, ringMark)
	n += copy(head[n:], id[:])
	head[n] = byte(len(wrapped))
	copy(head[n+1:], wrapped)
	return head
}

func (r *Ring) readHead(m Master) error {
	head, err := r.slots.Head()
	if err != nil {
		return err
	}
	if len(head) != headSize || !bytes.HasPrefix(head, []byte(ringMark)) {
		return fmt.Errorf("%w: this is no key ring", bot.ErrBroken)
	}
	rest := head[len(ringMark):]
	r.id = [ringIDSize]byte(rest)
	n := min(int(rest[ringIDSize]), len(rest)-ringIDSize-1)
	r.wrapped = bytes.Clone(rest[ringIDSize+1:][:n])
	key, err := m.unwrap(ringKeyNumber, r.wrapped)
	if err != nil {
		return err
	}
	r.own, err = gcm(key)
	return err
}

// Name tells rings apart without telling anything of them.
func (r *Ring) Name() string { return hex.EncodeToString(r.id[:]) }

// SameRing says whether two rings, each as a file holds it, are one: their slots may be others.
func SameRing(a, b []byte) bool {
	const named = len(ringMark) + ringIDSize
	return len(a) >= named && len(b) >= named && bytes.Equal(a[:named], b[:named])
}

// Rewrap puts the ring's own key under the house's present one, where that was rotated.
func (r *Ring) Rewrap(m Master) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if bytes.HasPrefix(r.wrapped, m.names()[0]) {
		return nil
	}
	key, err := m.unwrap(ringKeyNumber, r.wrapped)
	if err != nil {
		return err
	}
	wrapped, err := m.wrap(ringKeyNumber, key)
	if err != nil {
		return err
	}
	if err := r.slots.PutHead(ringHead(r.id, wrapped)); err != nil {
		return err
	}
	r.wrapped = wrapped
	return nil
}

// Made is how many slots there are.
func (r *Ring) Made() (uint32, error) { return r.slots.Made() }

// After has no slot below a number be made any more: whoever uses the ring knows of slots that it has not, since it is an older
// copy, and none is ever given out twice. What stood in those is lost.
func (r *Ring) After(made uint32) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.floor = max(r.floor, made)
}

// Watch has a function be told, in a goroutine of its own, how many slots there are whenever some are made.
func (r *Ring) Watch(made func(uint32)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.watch = made
}

// New gives out a slot that has never been given out. Its key is durable already.
func (r *Ring) New() (uint32, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.next >= r.made {
		if err := r.make(); err != nil {
			return 0, err
		}
	}
	r.next++
	return r.next - 1, nil
}

// make makes the keys of some more slots.
func (r *Ring) make() error {
	first, err := r.slots.Reserve(slotsAtOnce, r.floor)
	if err != nil {
		return fmt.Errorf("the key ring: %w", err)
	}
	block := make([]byte, 0, slotsAtOnce*SlotSize)
	key := make([]byte, keySize)
	for i := range uint32(slotsAtOnce) {
		rand.Read(key)
		block = r.own.Seal(block, nil, key, slotName(first+i)) //nolint:gosec // the cipher draws a nonce itself
		block = append(block, make([]byte, SlotSize-slotKey)...)
	}
	if err := r.slots.Put(first, block); err != nil {
		return fmt.Errorf("the key ring: %w", err)
	}
	r.next, r.made = first, first+slotsAtOnce
	if r.watch != nil {
		go r.watch(r.made)
	}
	return nil
}

func slotName(slot uint32) []byte { return binary.BigEndian.AppendUint32([]byte("slot "), slot) }

// Destroy destroys the keys of slots for ever: they are written over where they stand. It returns once that is durable; nobody
// reads one meanwhile.
func (r *Ring) Destroy(slots ...uint32) error {
	r.Doom(slots...)
	return r.slots.Destroy(slots...)
}

// Doom gives the keys of slots to nobody any more, as if they were destroyed already.
func (r *Ring) Doom(slots ...uint32) {
	r.mu.Lock()
	defer r.mu.Unlock()
	clear(r.ciphers)
	for _, slot := range slots {
		r.doomed[slot] = true
	}
}

// Forget forgets every key that is kept in memory, since another process has destroyed some.
func (r *Ring) Forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	clear(r.ciphers)
}

// cipher is made of the keys of all these slots. ErrErased: one of them was destroyed. ErrKey: the ring is older than what was
// encrypted.
func (r *Ring) cipher(slots []uint32) (cipher.AEAD, error) {
	var room [32]byte
	name := room[:0]
	for _, slot := range slots {
		name = binary.BigEndian.AppendUint32(name, slot)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if c := r.ciphers[string(name)]; c != nil {
		return c, nil
	}
	var keys [][]byte
	for _, slot := range slots {
		key, err := r.key(slot)
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	if len(keys) == 0 {
		return nil, errDamaged
	}
	c, err := gcm(derive(keys[0], "all of these", keys[1:]...))
	if err != nil {
		return nil, err
	}
	if len(r.ciphers) >= mostCiphers {
		clear(r.ciphers)
	}
	r.ciphers[string(name)] = c
	return c, nil
}

// fileKey is what the key of a slot gives for a file.
func (r *Ring) fileKey(slot uint32) ([]byte, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	key, err := r.key(slot)
	if err != nil {
		return nil, err
	}
	return derive(key, "of a slot, for a file"), nil
}

// Has says whether a slot's key is there still; false where it was destroyed. An error says that nobody knows: it was damaged, or
// the ring is older. Such a slot is not free, and whose it is must not be given another.
func (r *Ring) Has(slot uint32) (bool, error) {
	switch _, err := r.cipher([]uint32{slot}); {
	case err == nil:
		return true, nil
	case errors.Is(err, ErrErased):
		return false, nil
	default:
		return false, err
	}
}

// key reads a slot.
func (r *Ring) key(slot uint32) ([]byte, error) {
	if r.doomed[slot] {
		return nil, ErrErased
	}
	stored, err := r.slots.Slot(slot)
	if err != nil {
		return nil, fmt.Errorf("the key ring: %w", err)
	}
	if bytes.Equal(stored, make([]byte, SlotSize)) {
		return nil, ErrErased
	}
	if bytes.Equal(stored, lostSlot) {
		return nil, errOlder
	}
	key, err := r.own.Open(nil, nil, stored[:slotKey], slotName(slot))
	if err != nil {
		return nil, fmt.Errorf("a slot of the key ring: %w: %w", bot.ErrBroken, errDamaged)
	}
	return key, nil
}

// Encrypt encrypts a value with the keys of all these slots together: without any one of them nobody reads it. It is appended to
// dst.
func (r *Ring) Encrypt(dst, place, value []byte, slots ...uint32) ([]byte, error) {
	c, err := r.cipher(slots)
	if err != nil {
		return nil, err
	}
	return c.Seal(dst, nil, value, place), nil //nolint:gosec // the cipher draws a nonce itself
}

// Decrypt decrypts it. ErrErased: one of the keys was destroyed.
func (r *Ring) Decrypt(place, stored []byte, slots ...uint32) ([]byte, error) {
	c, err := r.cipher(slots)
	if err != nil {
		return nil, err
	}
	value, err := c.Open(nil, nil, stored, place)
	if err != nil {
		return nil, errDamaged
	}
	return value, nil
}

// Close closes it.
func (r *Ring) Close() error { return r.slots.Close() }
