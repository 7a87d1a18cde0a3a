package record

import (
	"bytes"
	"strconv"
	"sync"
)

// Keys encrypt values, each for its place, and hash names.
type Keys interface {
	// Encrypt and Decrypt append to dst. Decrypt fails for what was damaged or belongs to another place.
	Encrypt(dst, place, value []byte) []byte
	Decrypt(dst, place, stored []byte) ([]byte, error)
	HashName(name string) [16]byte
	// Wrapped are the keys as they may be stored. Renew adds one, which is to be stored before anything that it encrypts; Worn says
	// when it is time to.
	Wrapped() [][]byte
	Renew() error
	// Rewrap puts them under the house's present key and says whether they have changed.
	Rewrap() (changed bool, err error)
	Worn() bool
}

// How long names and their hashes are.
const (
	HashedName = 16 + 1         // the hash, and the number at the end of the name
	mostNames  = 1 << 14        // names and hashes that are kept in memory
	Unnamed    = 1 + HashedName // a name that is not read back: a zero byte and its hash
)

// Secrets is what encrypts a file, and the names that were used lately. Safe for concurrent use.
type Secrets struct {
	Keys Keys

	mu     sync.RWMutex
	hashes map[string][HashedName]byte // by name
	names  map[[HashedName]byte]string // by hash
	stored map[[HashedName]byte]bool   // which names the file surely has

	Ring       PersonalKeys // nil where there is none
	slotsMu    sync.Mutex
	slots      map[string]uint32 // of subjects, by name
	slotStored map[string]bool   // which of them the file surely has
}

// NewSecrets begins with nothing known but the keys.
func NewSecrets(keys Keys) *Secrets {
	return &Secrets{Keys: keys, hashes: map[string][HashedName]byte{}, names: map[[HashedName]byte]string{},
		stored: map[[HashedName]byte]bool{}, slots: map[string]uint32{}, slotStored: map[string]bool{}}
}

// HashOf hashes a name, all but a number of at most two digits at its end. A hash that was read from a key stays what it is.
func (s *Secrets) HashOf(name []byte) (sum [HashedName]byte) {
	if len(name) == Unnamed && name[0] == 0 {
		return [HashedName]byte(name[1:])
	}
	s.mu.RLock()
	sum, known := s.hashes[string(name)]
	s.mu.RUnlock()
	if known {
		return sum
	}
	begin, number := name, byte(0)
	if i := bytes.LastIndexByte(name, '/'); i >= 0 && len(name)-i <= 3 {
		if n, err := strconv.Atoi(string(name[i+1:])); err == nil && strconv.Itoa(n) == string(name[i+1:]) && n >= 0 {
			begin, number = name[:i], byte(n+1)
		}
	}
	hash := s.Keys.HashName(string(begin))
	copy(sum[:], hash[:])
	sum[HashedName-1] = number
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.hashes) >= mostNames {
		clear(s.hashes)
	}
	s.hashes[string(name)] = sum
	return sum
}

// NameOf is the name of a hash, where it was used lately.
func (s *Secrets) NameOf(sum [HashedName]byte) (name string, known bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	name, known = s.names[sum]
	return name, known
}

// KeepName keeps the name of a hash for a while.
func (s *Secrets) KeepName(sum [HashedName]byte, name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.names) >= mostNames {
		clear(s.names)
	}
	s.names[sum] = name
}

// NameStored says whether the store surely has the name of a hash.
func (s *Secrets) NameStored(sum [HashedName]byte) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.stored[sum]
}

// KeepStored keeps for a while that it has.
func (s *Secrets) KeepStored(sum [HashedName]byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.stored) >= mostNames {
		clear(s.stored)
	}
	s.stored[sum] = true
}

// Forget forgets every name and slot that is kept in memory.
func (s *Secrets) Forget() {
	s.mu.Lock()
	clear(s.hashes)
	clear(s.names)
	clear(s.stored)
	s.mu.Unlock()
	s.ForgetSlots()
}

// ForgetSlots forgets every slot.
func (s *Secrets) ForgetSlots() {
	s.slotsMu.Lock()
	clear(s.slots)
	clear(s.slotStored)
	s.slotsMu.Unlock()
}
