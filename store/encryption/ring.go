package encryption

import (
	"bytes"
	"cmp"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"nevermind/bot"
)

// Ring is the key ring: a key for each person, room and file, so that what is about one of them can be made unreadable everywhere
// at once, in every copy and backup, by destroying 32 bytes. It is a file of slots beside the house's key, outside database and
// backups. A slot's key is encrypted with the ring's own, which stands at the head of the file under the house's. Safe for
// concurrent use.
type Ring struct {
	id   [ringIDSize]byte
	file *os.File
	own  cipher.AEAD

	mu      sync.Mutex
	wrapped []byte                 // the ring's own key, as it stands in the file
	next    uint32                 // the slot that is given out next; slots before it never are again
	made    uint32                 // how many slots have a key in the file
	ciphers map[string]cipher.AEAD // by the slots whose keys they are made of
}

const (
	ringMark    = "nevermind ring 1"
	ringIDSize  = 8
	headSize    = 128 // bytes before the slots
	slotSize    = 64  // bytes of a slot: nonce, key and tag are 60, then zeros
	slotKey     = 12 + keySize + 16
	slotsAtOnce = 256     // how many are made in one write to the disk
	mostCiphers = 1 << 14 // that are kept in memory
)

// ErrErased is the error for what stands under a key that was destroyed.
var ErrErased = bot.ErrErased

// OpenRing opens a key ring. ErrKey: it stands under another key of the house.
func OpenRing(path string, m Master) (*Ring, error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	r := &Ring{file: f, ciphers: map[string]cipher.AEAD{}}
	if err := r.readHead(m); err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("the key ring %s: %w", path, err)
	}
	return r, nil
}

// CreateRing makes a key ring and its file; one that is there already is an error.
func CreateRing(path string, m Master) (*Ring, error) {
	key, id := make([]byte, keySize), make([]byte, ringIDSize)
	rand.Read(key)
	rand.Read(id)
	wrapped, err := m.wrap(ringKeyNumber, key)
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	_, err = f.Write(ringHead([ringIDSize]byte(id), wrapped))
	if err = errors.Join(err, f.Sync(), f.Close(), syncFolder(filepath.Dir(path))); err != nil {
		return nil, err
	}
	return OpenRing(path, m)
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
	head := make([]byte, headSize)
	if _, err := r.file.ReadAt(head, 0); err != nil || !bytes.HasPrefix(head, []byte(ringMark)) {
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
	if r.own, err = gcm(key); err != nil {
		return err
	}
	info, err := r.file.Stat()
	if err != nil {
		return err
	}
	r.made = uint32(max(0, info.Size()-headSize) / slotSize)
	r.next = r.made // what was made and not given out is left: nobody knows which of them were
	return nil
}

// Name tells rings apart without telling anything of them.
func (r *Ring) Name() string { return hex.EncodeToString(r.id[:]) }

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
	if _, err := r.file.WriteAt(ringHead(r.id, wrapped), 0); err != nil {
		return err
	}
	r.wrapped = wrapped
	return r.file.Sync()
}

// New gives out a slot that has never been given out. Its key is on the disk already.
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

// make makes the keys of some more slots, whose first is r.made.
func (r *Ring) make() error {
	if err := lockFile(r.file); err != nil {
		return fmt.Errorf("%w: the key ring: %w", bot.ErrLocked, err)
	}
	if info, err := r.file.Stat(); err == nil { // another process may have made some until now
		r.made = uint32(max(0, info.Size()-headSize) / slotSize)
		r.next = r.made
	}
	block := make([]byte, 0, slotsAtOnce*slotSize)
	key := make([]byte, keySize)
	for i := range uint32(slotsAtOnce) {
		rand.Read(key)
		block = r.own.Seal(block, nil, key, slotName(r.made+i)) //nolint:gosec // the cipher draws a nonce itself
		block = append(block, make([]byte, slotSize-slotKey)...)
	}
	if _, err := r.file.WriteAt(block, slotAt(r.made)); err != nil {
		return fmt.Errorf("the key ring: %w", err)
	}
	if err := r.file.Sync(); err != nil {
		return fmt.Errorf("the key ring: %w", err)
	}
	r.made += slotsAtOnce
	return nil
}

func slotAt(slot uint32) int64 { return headSize + int64(slot)*slotSize }

func slotName(slot uint32) []byte { return binary.BigEndian.AppendUint32([]byte("slot "), slot) }

// Destroy destroys the keys of slots for ever: they are written over where they stand. It returns once that is on the disk.
func (r *Ring) Destroy(slots ...uint32) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var err error
	clear(r.ciphers)
	for _, slot := range slots {
		if slot < r.made {
			_, wrong := r.file.WriteAt(make([]byte, slotSize), slotAt(slot))
			err = cmp.Or(err, wrong)
		}
	}
	return cmp.Or(err, r.file.Sync())
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

// Has says whether a slot's key is there still.
func (r *Ring) Has(slot uint32) bool {
	_, err := r.cipher([]uint32{slot})
	return err == nil
}

// key reads a slot.
func (r *Ring) key(slot uint32) ([]byte, error) {
	if slot >= r.made {
		return nil, fmt.Errorf("%w: the key ring is older than what was encrypted with it", ErrKey)
	}
	stored := make([]byte, slotSize)
	if _, err := r.file.ReadAt(stored, slotAt(slot)); err != nil {
		return nil, fmt.Errorf("the key ring: %w", err)
	}
	if bytes.Equal(stored, make([]byte, slotSize)) {
		return nil, ErrErased
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

// Close closes the file.
func (r *Ring) Close() error { return r.file.Close() }
