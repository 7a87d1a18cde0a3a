package bolt

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

const (
	hashedName = 16 + 1         // the hash, and the number at the end of the name
	mostNames  = 1 << 14        // names and hashes that are kept in memory
	unnamed    = 1 + hashedName // a name that is not read back: a zero byte and its hash
)

// secrets is what encrypts a file, and the names that were used lately. Safe for concurrent use.
type secrets struct {
	keys Keys

	mu     sync.RWMutex
	hashes map[string][hashedName]byte // by name
	names  map[[hashedName]byte]string // by hash
	stored map[[hashedName]byte]bool   // which names the file surely has

	ring       PersonalKeys // nil where there is none
	slotsMu    sync.Mutex
	slots      map[string]uint32 // of subjects, by name
	slotStored map[string]bool   // which of them the file surely has
}

func newSecrets(keys Keys) *secrets {
	return &secrets{keys: keys, hashes: map[string][hashedName]byte{}, names: map[[hashedName]byte]string{},
		stored: map[[hashedName]byte]bool{}, slots: map[string]uint32{}, slotStored: map[string]bool{}}
}

// hashOf hashes a name, all but a number of at most two digits at its end. A hash that was read from a key stays what it is.
func (s *secrets) hashOf(name []byte) (sum [hashedName]byte) {
	if len(name) == unnamed && name[0] == 0 {
		return [hashedName]byte(name[1:])
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
	hash := s.keys.HashName(string(begin))
	copy(sum[:], hash[:])
	sum[hashedName-1] = number
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.hashes) >= mostNames {
		clear(s.hashes)
	}
	s.hashes[string(name)] = sum
	return sum
}

// nameOf is the name of a hash, where it was used lately.
func (s *secrets) nameOf(sum [hashedName]byte) (name string, known bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	name, known = s.names[sum]
	return name, known
}

// keepName keeps the name of a hash for a while.
func (s *secrets) keepName(sum [hashedName]byte, name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.names) >= mostNames {
		clear(s.names)
	}
	s.names[sum] = name
}

// nameStored says whether the store surely has the name of a hash.
func (s *secrets) nameStored(sum [hashedName]byte) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.stored[sum]
}

// keepStored keeps for a while that it has.
func (s *secrets) keepStored(sum [hashedName]byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.stored) >= mostNames {
		clear(s.stored)
	}
	s.stored[sum] = true
}

// forget forgets every name and slot that is kept in memory.
func (x *secrets) forget() {
	x.mu.Lock()
	clear(x.hashes)
	clear(x.names)
	clear(x.stored)
	x.mu.Unlock()
	x.slotsMu.Lock()
	clear(x.slots)
	clear(x.slotStored)
	x.slotsMu.Unlock()
}
