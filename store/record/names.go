package record

import (
	"bytes"
	"encoding/binary"
	"strconv"
	"sync"
	"sync/atomic"
)

// Keys encrypt values, each for its place, and hash names.
type Keys interface {
	// Encrypt and Decrypt append to dst. Decrypt fails for what was damaged or belongs to another place.
	Encrypt(dst, place, value []byte) []byte
	Decrypt(dst, place, stored []byte) ([]byte, error)
	HashName(name []byte) [16]byte
	// Wrapped are the keys as they may be stored. Renew adds one, which is to be stored before anything that it encrypts; Worn says
	// when it is time to.
	Wrapped() [][]byte
	Renew() error
	// Fresh, Adopt and Knows are the same for a store that several processes have open: Fresh makes a key as it may be stored, Adopt
	// takes over those that are stored, and Knows says whether a value was encrypted with one that was.
	Fresh() ([]byte, error)
	Adopt(wrapped [][]byte) error
	Knows(stored []byte) bool
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

// Secrets is what encrypts a store, and the names that were used lately. Safe for concurrent use.
type Secrets struct {
	Keys Keys
	Ring PersonalKeys // nil where there is none

	hashes *Recent[string, *KnownName]       // by name
	names  *Recent[[HashedName]byte, string] // by hash

	slotsMu sync.Mutex                    // of those who give one out
	slots   *Recent[string, *subjectSlot] // of subjects, by name
}

// KnownName is a name that is used again and again.
type KnownName struct {
	Sum    [HashedName]byte
	Stored atomic.Bool // the store surely has it, so that it can be read back
}

// NewSecrets begins with nothing known but the keys.
func NewSecrets(keys Keys) *Secrets {
	return &Secrets{Keys: keys, hashes: NewRecent[string, *KnownName](mostNames),
		names: NewRecent[[HashedName]byte, string](mostNames), slots: NewRecent[string, *subjectSlot](mostNames)}
}

// Known finds a name among those that are used again and again, and takes it in. A hash that was read from a key stays what it
// is.
func (s *Secrets) Known(name []byte) *KnownName {
	if len(name) == Unnamed && name[0] == 0 {
		return &KnownName{Sum: [HashedName]byte(name[1:])}
	}
	s.hashes.mu.RLock() // as get does, without a copy of the name
	k := s.hashes.now[string(name)]
	s.hashes.mu.RUnlock()
	if k != nil {
		return k
	}
	if k, _ = s.hashes.Get(string(name)); k == nil {
		k = &KnownName{Sum: s.hash(name)}
		s.hashes.Put(string(name), k)
	}
	return k
}

// HashOf hashes a name that is used again and again.
func (s *Secrets) HashOf(name []byte) [HashedName]byte { return s.Known(name).Sum }

// HashOnce hashes a name that is hardly used again, as a message's id.
func (s *Secrets) HashOnce(name []byte) [HashedName]byte {
	if len(name) == Unnamed && name[0] == 0 {
		return [HashedName]byte(name[1:])
	}
	return s.hash(name)
}

// hash hashes a name, all but a number of at most two digits at its end.
func (s *Secrets) hash(name []byte) (sum [HashedName]byte) {
	begin, number := name, byte(0)
	if i := bytes.LastIndexByte(name, '/'); i >= 0 && len(name)-i <= 3 {
		if n, err := strconv.Atoi(string(name[i+1:])); err == nil && strconv.Itoa(n) == string(name[i+1:]) && n >= 0 {
			begin, number = name[:i], byte(n+1)
		}
	}
	hash := s.Keys.HashName(begin)
	copy(sum[:], hash[:])
	sum[HashedName-1] = number
	return sum
}

// numberedHash is how long the hash of an id with a count at its end is.
const numberedHash = HashedName + 8

// AppendID appends the hash of a message's id. Where that is a bot's count of updates, the count stays as it is behind the hash
// of the rest, so that what comes together lies together; it says nothing about anybody.
func (s *Secrets) AppendID(out, id []byte) []byte {
	if len(id) == 1+numberedHash && id[0] == 0 { // read from a key
		return append(out, id[1:]...)
	}
	bot, count, counted := cutCount(id)
	if !counted {
		sum := s.HashOnce(id)
		return append(out, sum[:]...)
	}
	sum := s.HashOf(bot)
	return binary.BigEndian.AppendUint64(append(out, sum[:]...), count)
}

// Counted says whether an id is a bot's count of updates.
func Counted(id []byte) bool {
	_, _, counted := cutCount(id)
	return counted
}

// cutCount takes an id apart that is a platform, the number of a bot there and the count of an update: tg:110201543:870017.
func cutCount(id []byte) (bot []byte, count uint64, counted bool) {
	last := bytes.LastIndexByte(id, ':')
	if last < 0 {
		return nil, 0, false
	}
	platform, number, _ := bytes.Cut(id[:last], []byte{':'})
	const digits = "0123456789"
	if len(platform) == 0 || len(bytes.Trim(platform, "abcdefghijklmnopqrstuvwxyz")) > 0 ||
		len(number) == 0 || len(bytes.Trim(number, digits)) > 0 {
		return nil, 0, false
	}
	count, err := strconv.ParseUint(string(id[last+1:]), 10, 64)
	return id[:last], count, err == nil && strconv.FormatUint(count, 10) == string(id[last+1:])
}

// NameOf is the name of a hash, where it was used lately.
func (s *Secrets) NameOf(sum [HashedName]byte) (name string, known bool) { return s.names.Get(sum) }

// KeepName keeps the name of a hash for a while.
func (s *Secrets) KeepName(sum [HashedName]byte, name string) { s.names.Put(sum, name) }

// Forget forgets every name and slot that is kept in memory.
func (s *Secrets) Forget() {
	s.hashes.Forget()
	s.names.Forget()
	s.ForgetSlots()
}

// ForgetSlots forgets every slot.
func (s *Secrets) ForgetSlots() { s.slots.Forget() }
