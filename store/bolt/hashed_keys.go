package bolt

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"

	"nevermind/bot"
)

// In an encrypted file the names in a key, of conversations, rooms, people, orders and accounts, are keyed hashes: whoever has
// the file and not the key learns nothing from them, and looks nothing up. Where a name must be read back from its key it is kept
// in the bucket names, encrypted. What sorts stays as it is: times, sequence numbers, and the number at the end of a name
// ("case/8123/2"), so that the cases of one order come in their order. Other names come in an order of their own, which never
// changes.

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
	overhead   = 30             // bytes that an encrypted value is longer, about
	hashedName = 16 + 1         // the hash, and the number at the end of the name
	mostNames  = 1 << 14        // names and hashes that are kept in memory
	unnamed    = 1 + hashedName // a name that is not read back: a zero byte and its hash
)

// secrets is what encrypts a file, and the names that were used lately. Safe for concurrent use.
type secrets struct {
	keys Keys

	hashes *recent[string, *knownName]       // by name
	names  *recent[[hashedName]byte, string] // by hash

	ring    PersonalKeys                  // nil where there is none
	slotsMu sync.Mutex                    // of those who give one out
	slots   *recent[string, *subjectSlot] // of subjects, by name
}

// knownName is a name that is used again and again.
type knownName struct {
	sum    [hashedName]byte
	stored atomic.Bool // the file surely has it in names
}

func newSecrets(keys Keys) *secrets {
	return &secrets{keys: keys, hashes: newRecent[string, *knownName](mostNames),
		names: newRecent[[hashedName]byte, string](mostNames), slots: newRecent[string, *subjectSlot](mostNames)}
}

// known finds a name among those that are used again and again, and takes it in. A hash that was read from a key stays what it
// is.
func (s *secrets) known(name []byte) *knownName {
	if len(name) == unnamed && name[0] == 0 {
		return &knownName{sum: [hashedName]byte(name[1:])}
	}
	s.hashes.mu.RLock() // as get does, without a copy of the name
	k := s.hashes.now[string(name)]
	s.hashes.mu.RUnlock()
	if k != nil {
		return k
	}
	if k, _ = s.hashes.get(string(name)); k == nil {
		k = &knownName{sum: s.hash(name)}
		s.hashes.put(string(name), k)
	}
	return k
}

// hashOf hashes a name that is used again and again.
func (s *secrets) hashOf(name []byte) [hashedName]byte { return s.known(name).sum }

// hashOnce hashes a name that is hardly used again, as a message's id.
func (s *secrets) hashOnce(name []byte) [hashedName]byte {
	if len(name) == unnamed && name[0] == 0 {
		return [hashedName]byte(name[1:])
	}
	return s.hash(name)
}

// hash hashes a name, all but a number of at most two digits at its end.
func (s *secrets) hash(name []byte) (sum [hashedName]byte) {
	begin, number := name, byte(0)
	if i := bytes.LastIndexByte(name, '/'); i >= 0 && len(name)-i <= 3 {
		if n, err := strconv.Atoi(string(name[i+1:])); err == nil && strconv.Itoa(n) == string(name[i+1:]) && n >= 0 {
			begin, number = name[:i], byte(n+1)
		}
	}
	hash := s.keys.HashName(string(begin))
	copy(sum[:], hash[:])
	sum[hashedName-1] = number
	return sum
}

// numberedHash is how long the hash of an id with a number at its end is.
const numberedHash = hashedName + 8

// hashID appends the hash of a message's id. Where that is a bot's count of updates, the count stays as it is behind the hash of
// the rest, so that what comes together lies together; it says nothing about anybody.
func (s *secrets) hashID(out, id []byte) []byte {
	if len(id) == 1+numberedHash && id[0] == 0 { // read from a key
		return append(out, id[1:]...)
	}
	bot, count, counted := cutCount(id)
	if !counted {
		sum := s.hashOnce(id)
		return append(out, sum[:]...)
	}
	sum := s.hashOf(bot)
	return binary.BigEndian.AppendUint64(append(out, sum[:]...), count)
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

// hashedBefore is an id as older versions have hashed it, as it is read from a key.
func (s *secrets) hashedBefore(id []byte) []byte {
	sum := s.hashOnce(id)
	return append([]byte{0}, sum[:]...)
}

// part is one part of a key.
type keyPart int

const (
	asItIs       keyPart = iota // all that follows, as it is
	eightBytes                  // eight bytes as they are: a time, a sequence number, the beginning of a token
	partyName                   // up to a colon, as it is
	lengthNamed                 // a name with its length, that is read back
	lengthHashed                // a name with its length, that is not
	lastNamed                   // a name that is all that follows, and is read back
	lastHashed                  // the same, that is not
	idHashed                    // the id of a message: lastHashed, but for the count at its end (hashID)
	inRoom                      // what stands below a room: raw in its log, else hashed behind its first byte
)

// shapes are the parts of each bucket's keys; a bucket without one has no names in its keys.
var shapes = [buckets][]keyPart{
	conversations: {lengthNamed, asItIs},
	handled:       {idHashed},
	terms:         {lengthHashed, lastNamed},
	deadlines:     {eightBytes, lengthNamed, asItIs},
	orders:        {lastNamed},
	ordersOf:      {lengthHashed, eightBytes, lastNamed},
	people:        {partyName, lastNamed},
	accounts:      {lastHashed},
	taskIDs:       {lastHashed},
	roomLog:       {lengthNamed, inRoom},
	sent:          {lengthHashed, lastHashed},
	cards:         {lengthHashed, lastHashed},
	offers:        {eightBytes, lastNamed},
	subjectSlots:  {lastHashed},
}

// hashKey is a key as it is stored. It may be the beginning of a key, of whole parts.
func (s *secrets) hashKey(n bucket, key []byte) []byte {
	if shapes[n] == nil {
		return key
	}
	out := make([]byte, 0, len(key)+2*hashedName)
	for _, p := range shapes[n] {
		if len(key) == 0 {
			break
		}
		out, key = s.hashPart(out, p, key)
	}
	return out
}

// hashPart appends one part of a key as it is stored, and returns what is left of the key.
func (s *secrets) hashPart(out []byte, p keyPart, key []byte) (stored, rest []byte) {
	switch p {
	case eightBytes:
		n := min(8, len(key))
		return append(out, key[:n]...), key[n:]
	case partyName:
		n := bytes.IndexByte(key, ':') + 1
		return append(out, key[:n]...), key[n:]
	case lengthNamed, lengthHashed:
		n := 2 + int(binary.BigEndian.Uint16(key))
		sum := s.hashOf(key[2:n])
		return append(out, sum[:]...), key[n:]
	case lastNamed:
		sum := s.hashOf(key)
		return append(out, sum[:]...), nil
	case lastHashed:
		sum := s.hashOnce(key)
		return append(out, sum[:]...), nil
	case idHashed:
		return s.hashID(out, key), nil
	case inRoom:
		if !inLog(key) && len(key) > 1 && key[0] != endOfRoom {
			sum := s.hashOnce(key[1:])
			return append(append(out, key[0]), sum[:]...), nil
		}
	}
	return append(out, key...), nil
}

// endOfRoom is above all that stands below a room.
const endOfRoom = 0xff

// nameKey makes a key of the stored one again. A name that is not read back stands in it as its hash, behind a zero byte.
func (tx *transaction) nameKey(n bucket, stored []byte) []byte {
	if shapes[n] == nil {
		return stored
	}
	out := make([]byte, 0, 2*len(stored)+64)
	for _, p := range shapes[n] {
		if len(stored) == 0 {
			break
		}
		out, stored = tx.namePart(out, p, stored)
	}
	return out
}

func (tx *transaction) namePart(out []byte, p keyPart, stored []byte) (key, rest []byte) {
	switch p {
	case eightBytes:
		n := min(8, len(stored))
		return append(out, stored[:n]...), stored[n:]
	case partyName:
		n := bytes.IndexByte(stored, ':') + 1
		return append(out, stored[:n]...), stored[n:]
	case lengthNamed:
		name := tx.nameOf([hashedName]byte(stored))
		return appendName(out, name), stored[hashedName:]
	case lengthHashed:
		return appendName(out, "\x00"+string(stored[:hashedName])), stored[hashedName:]
	case lastNamed:
		return append(out, tx.nameOf([hashedName]byte(stored))...), nil
	case lastHashed, idHashed:
		return append(append(out, 0), stored...), nil
	case inRoom:
		if !inLog(stored) && len(stored) > 1 && stored[0] != endOfRoom {
			return append(append(out, stored[0], 0), stored[1:]...), nil
		}
	}
	return append(out, stored...), nil
}

// nameOf reads back what was hashed.
func (tx *transaction) nameOf(sum [hashedName]byte) string {
	s := tx.secrets
	if name, known := s.names.get(sum); known {
		return name
	}
	t := table{tx.Bucket(bucketNames[names]), tx, names}
	v := t.open(sum[:], t.Bucket.Get(sum[:]))
	if v == nil {
		panic(fmt.Errorf("%w: there is a key whose name is not there", bot.ErrBroken))
	}
	v, err := s.unseal(v)
	if erased(err) {
		return "\x00" + string(sum[:]) // it stays a hash
	} else if err != nil {
		panic(err)
	}
	s.names.put(sum, string(v))
	return string(v)
}

// rememberNames stores the names in a key that are read back, unless they are there.
func (tx *transaction) rememberNames(n bucket, key []byte) error {
	for _, p := range shapes[n] {
		var name []byte
		switch p {
		case lengthNamed, lengthHashed:
			end := 2 + int(binary.BigEndian.Uint16(key))
			name, key = key[2:end], key[end:]
		case eightBytes:
			key = key[8:]
		case partyName:
			key = key[bytes.IndexByte(key, ':')+1:]
		default:
			name = key
		}
		if p != lengthNamed && p != lastNamed {
			continue
		}
		if err := tx.rememberName(name); err != nil {
			return err
		}
	}
	return nil
}

func (tx *transaction) rememberName(name []byte) error {
	s := tx.secrets
	k := s.known(name)
	if k.stored.Load() {
		return nil
	}
	sum := k.sum
	t := table{tx.Bucket(bucketNames[names]), tx, names}
	_, err := s.unseal(t.open(sum[:], t.Bucket.Get(sum[:])))
	if err != nil && !erased(err) {
		return err
	}
	if t.Bucket.Get(sum[:]) == nil || err != nil { // a room that was erased may be talked in again
		value, err := tx.sealName(name)
		if err != nil {
			return err
		}
		value = s.keys.Encrypt(make([]byte, 0, len(value)+overhead), t.place(nil, sum[:]), value)
		if err := t.Bucket.Put(sum[:], value); err != nil {
			return err
		}
	}
	tx.OnCommit(func() { k.stored.Store(true) })
	return nil
}

// sameKey says whether two keys are one, also where a name stands as its hash in one of them.
func (tx *transaction) sameKey(n bucket, a, b []byte) bool {
	if tx.secrets == nil {
		return bytes.Equal(a, b)
	}
	return bytes.Equal(tx.secrets.hashKey(n, a), tx.secrets.hashKey(n, b))
}
