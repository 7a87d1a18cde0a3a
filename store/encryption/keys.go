package encryption

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"slices"
	"sync"
	"sync/atomic"

	"nevermind/bot"
)

// Keys are a store's own: one by which names are hashed, and those that values are encrypted with. They are kept in the store
// itself, encrypted under the house's key, so that rotating that rewrites nothing else. Safe for concurrent use.
type Keys struct {
	master Master
	names  sync.Pool // of *nameHash

	mu      sync.Mutex // of those who add
	wrapped [][]byte
	ciphers atomic.Pointer[[]cipher.AEAD] // by number, from 1; number 0 is the key of names
	used    atomic.Uint64                 // values encrypted with the newest by this process
}

// mostValues is how many values one process encrypts with a key. Nonces are random, so NIST draws the line at 2^32 values, and
// some openings of a store share a key.
const mostValues = 1 << 27

// New makes the keys of a new store.
func New(master Master) (*Keys, error) {
	k := &Keys{master: master}
	if err := k.add(); err != nil { // the key of names
		return nil, err
	}
	return k, k.add()
}

// Open reads a store's keys. ErrKey: they stand under another key of the house.
func Open(master Master, wrapped [][]byte) (*Keys, error) {
	if len(wrapped) < 2 {
		return nil, errors.New("the store's keys are not there")
	}
	k := &Keys{master: master, wrapped: wrapped}
	ciphers := make([]cipher.AEAD, len(wrapped))
	for i, w := range wrapped {
		key, err := master.unwrap(i, w)
		if err != nil {
			return nil, err
		}
		if ciphers[i], err = gcm(key); err != nil {
			return nil, err
		}
		if i == 0 {
			k.hashNamesWith(key)
		}
	}
	k.ciphers.Store(&ciphers)
	return k, nil
}

// Wrapped are the keys as they are stored, each under the house's present key.
func (k *Keys) Wrapped() [][]byte {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.wrapped
}

// Renew adds a key for values and encrypts with that from now on. It is to be stored before anything that it encrypts.
func (k *Keys) Renew() error { return k.add() }

// Fresh makes a key for values and returns it as it is stored, and uses it only once it is adopted: for a store that several
// processes have open, which each adopt what is stored.
func (k *Keys) Fresh() ([]byte, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	key := make([]byte, keySize)
	rand.Read(key)
	return k.master.wrap(len(k.wrapped), key)
}

// Adopt takes over the keys that another process has added to those that are known.
func (k *Keys) Adopt(wrapped [][]byte) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	ciphers := slices.Clone(*k.ciphers.Load())
	for i := len(k.wrapped); i < len(wrapped); i++ {
		key, err := k.master.unwrap(i, wrapped[i])
		if err != nil {
			return err
		}
		c, err := gcm(key)
		if err != nil {
			return err
		}
		ciphers = append(ciphers, c)
	}
	if len(ciphers) > len(k.wrapped) {
		k.wrapped = slices.Clone(wrapped)
		k.ciphers.Store(&ciphers)
		k.used.Store(0)
	}
	return nil
}

// Knows says whether a value was encrypted with one of these keys, by its number; else another process has added one since.
func (k *Keys) Knows(stored []byte) bool {
	return len(stored) < numberSize || int(binary.BigEndian.Uint16(stored)) < len(*k.ciphers.Load())
}

// Worn says whether it is time to renew.
func (k *Keys) Worn() bool { return k.used.Load() >= mostValues }

// Under has the store's keys read and written with these keys of the house from now on, of which one is what they stand under.
func (k *Keys) Under(m Master) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.master = m
}

// Rewrap puts the keys that stand under an older key of the house under the present one, and says whether there were any.
func (k *Keys) Rewrap() (changed bool, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	present := k.master.names()[0]
	fresh := slices.Clone(k.wrapped)
	for i, w := range k.wrapped {
		if string(w[:nameSize]) == string(present) {
			continue
		}
		key, err := k.master.unwrap(i, w)
		if err != nil {
			return false, err
		}
		if fresh[i], err = k.master.wrap(i, key); err != nil {
			return false, err
		}
		changed = true
	}
	k.wrapped = fresh
	return changed, nil
}

// add makes one more key.
func (k *Keys) add() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	key := make([]byte, keySize)
	rand.Read(key)
	w, err := k.master.wrap(len(k.wrapped), key)
	if err != nil {
		return err
	}
	c, err := gcm(key)
	if err != nil {
		return err
	}
	if len(k.wrapped) == 0 {
		k.hashNamesWith(key)
	}
	var ciphers []cipher.AEAD
	if old := k.ciphers.Load(); old != nil {
		ciphers = append(ciphers, *old...)
	}
	ciphers = append(ciphers, c)
	k.wrapped = append(k.wrapped[:len(k.wrapped):len(k.wrapped)], w)
	k.ciphers.Store(&ciphers)
	k.used.Store(0)
	return nil
}

// numberSize is how many bytes before a value say which key it was encrypted with.
const numberSize = 2

// Overhead is how many bytes longer an encrypted value is.
const Overhead = numberSize + 12 + 16

// Encrypt encrypts a value for its place: nowhere else does it decrypt. It is appended to dst.
func (k *Keys) Encrypt(dst, place, value []byte) []byte {
	ciphers := *k.ciphers.Load()
	newest := len(ciphers) - 1
	k.used.Add(1)
	dst = binary.BigEndian.AppendUint16(dst, uint16(newest))
	return ciphers[newest].Seal(dst, nil, value, place) //nolint:gosec // the cipher draws a nonce itself
}

// errDamaged is the error of a value that is not what was written there.
var errDamaged = errors.New("it was damaged, or belongs elsewhere")

// Decrypt decrypts a value that stands in that place. It is appended to dst. An error says that it was damaged, or is another's.
func (k *Keys) Decrypt(dst, place, stored []byte) ([]byte, error) {
	ciphers := *k.ciphers.Load()
	if len(stored) < Overhead {
		return nil, errDamaged
	}
	n := int(binary.BigEndian.Uint16(stored))
	if n == 0 || n >= len(ciphers) {
		return nil, errDamaged
	}
	value, err := ciphers[n].Open(dst, nil, stored[numberSize:], place)
	if err != nil {
		return nil, errDamaged
	}
	return value, nil
}

// HashSize is how many bytes the hash of a name has.
const HashSize = 16

// nameHash hashes one name after the other, in memory of its own.
type nameHash struct {
	hash.Hash
	sum [sha256.Size]byte
}

// HashName hashes a name, so that it can be a key and tells nobody what it is.
func (k *Keys) HashName(name []byte) [HashSize]byte {
	h := k.names.Get().(*nameHash)
	defer k.names.Put(h)
	h.Reset()
	h.Write(name)
	return [HashSize]byte(h.Sum(h.sum[:0]))
}

func (k *Keys) hashNamesWith(key []byte) {
	own := derive(key, "hash names")
	k.names.New = func() any { return &nameHash{Hash: hmac.New(sha256.New, own)} }
}

// wrap encrypts the store's key with that number under the house's present key, whose name stands before it.
func (m Master) wrap(number int, key []byte) ([]byte, error) {
	c, err := gcm(derive(m.keys[0][:], "wrap keys"))
	if err != nil {
		return nil, err
	}
	return c.Seal(append([]byte(nil), m.names()[0]...), nil, key, fmt.Append(nil, "key ", number)), nil //nolint:gosec // as above
}

// unwrap decrypts it with whichever of the house's keys it stands under.
func (m Master) unwrap(number int, wrapped []byte) ([]byte, error) {
	for i, name := range m.names() {
		if len(wrapped) < nameSize || string(wrapped[:nameSize]) != string(name) {
			continue
		}
		c, err := gcm(derive(m.keys[i][:], "wrap keys"))
		if err != nil {
			return nil, err
		}
		key, err := c.Open(nil, nil, wrapped[nameSize:], fmt.Append(nil, "key ", number))
		if err != nil {
			return nil, fmt.Errorf("the store's keys: %w: %w", bot.ErrBroken, errDamaged)
		}
		return key, nil
	}
	have := "there is none"
	if !m.IsZero() {
		have = "this one is " + m.Name()
	}
	return nil, fmt.Errorf("%w: this was encrypted with the key named %x, and %s", ErrKey,
		wrapped[:min(len(wrapped), nameSize)], have)
}

// gcm is AES-256-GCM with a random nonce for each value, which it puts before the value.
func gcm(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// Keys makes a store's keys where it has none yet, and else opens those that it has.
func (m Master) Keys(wrapped [][]byte) (*Keys, error) {
	if wrapped == nil {
		return New(m)
	}
	return Open(m, wrapped)
}
