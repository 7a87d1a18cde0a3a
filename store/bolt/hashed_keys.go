package bolt

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"

	"nevermind/bot"
	"nevermind/store/record"
)

// In an encrypted file the names in a key, of conversations, rooms, people, orders and accounts, are keyed hashes: whoever has
// the file and not the key learns nothing from them, and looks nothing up. Where a name must be read back from its key it is kept
// in the bucket names, encrypted. What sorts stays as it is: times, sequence numbers, and the number at the end of a name
// ("case/8123/2"), so that the cases of one order come in their order. Other names come in an order of their own, which never
// changes.

// overhead is how many bytes longer an encrypted value is, about.
const overhead = 30

// hashedBefore is an id as older versions have hashed it, as it is read from a key.
func hashedBefore(s *secrets, id []byte) []byte {
	sum := s.HashOnce(id)
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
	idHashed                    // the id of a message: lastHashed, but for the count at its end (record.Secrets.AppendID)
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
func hashKey(s *secrets, n bucket, key []byte) []byte {
	return appendKey(make([]byte, 0, len(key)+2*hashedName), s, n, key)
}

// appendKey appends it.
func appendKey(out []byte, s *secrets, n bucket, key []byte) []byte {
	if shapes[n] == nil {
		return append(out, key...)
	}
	for _, p := range shapes[n] {
		if len(key) == 0 {
			break
		}
		out, key = hashPart(s, out, p, key)
	}
	return out
}

// hashPart appends one part of a key as it is stored, and returns what is left of the key.
func hashPart(s *secrets, out []byte, p keyPart, key []byte) (stored, rest []byte) {
	switch p {
	case eightBytes:
		n := min(8, len(key))
		return append(out, key[:n]...), key[n:]
	case partyName:
		n := bytes.IndexByte(key, ':') + 1
		return append(out, key[:n]...), key[n:]
	case lengthNamed, lengthHashed:
		n := 2 + int(binary.BigEndian.Uint16(key))
		sum := s.HashOf(key[2:n])
		return append(out, sum[:]...), key[n:]
	case lastNamed:
		sum := s.HashOf(key)
		return append(out, sum[:]...), nil
	case lastHashed:
		sum := s.HashOnce(key)
		return append(out, sum[:]...), nil
	case idHashed:
		return s.AppendID(out, key), nil
	case inRoom:
		if !inLog(key) && len(key) > 1 && key[0] != endOfRoom {
			hash := s.HashOnce
			if key[0] == cardPart { // a conversation's name
				hash = s.HashOf
			}
			sum := hash(key[1:])
			return append(append(out, key[0]), sum[:]...), nil
		}
	}
	return append(out, key...), nil
}

// endOfRoom is above all that stands below a room.
const endOfRoom = 0xff

// nameKey makes a key of the stored one again. A name that is not read back stands in it as its hash, behind a zero byte.
func (tx *transaction) nameKey(n bucket, stored []byte) []byte {
	return tx.nameParts(shapes[n], stored)
}

// nameParts does that to what is left of a key, by its parts.
func (tx *transaction) nameParts(parts []keyPart, stored []byte) []byte {
	if len(parts) == 0 {
		return stored
	}
	out := make([]byte, 0, 2*len(stored)+64)
	for _, p := range parts {
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
	if name, known := s.NameOf(sum); known {
		return name
	}
	t := tx.table(names)
	v := t.open(sum[:], t.Bucket.Get(sum[:]))
	if v == nil {
		panic(fmt.Errorf("%w: there is a key whose name is not there", bot.ErrBroken))
	}
	v, err := s.Unseal(v)
	if erased(err) {
		return "\x00" + string(sum[:]) // it stays a hash
	} else if err != nil {
		panic(err)
	}
	s.KeepName(sum, string(v))
	return string(v)
}

// keyToPut is a key as it is stored, a copy of its own, under which something is about to be put: the names in it that are read
// back are stored, unless they are there.
func (tx *transaction) keyToPut(n bucket, key []byte) (stored []byte, err error) {
	s := tx.secrets
	if shapes[n] == nil {
		return bytes.Clone(key), nil
	}
	stored = make([]byte, 0, len(key)+2*hashedName)
	for _, p := range shapes[n] {
		var name []byte
		switch {
		case len(key) == 0:
			return stored, nil
		case p == lengthNamed:
			end := 2 + int(binary.BigEndian.Uint16(key))
			name, key = key[2:end], key[end:]
		case p == lastNamed:
			name, key = key, nil
		default:
			stored, key = hashPart(s, stored, p, key)
			continue
		}
		k := s.Known(name)
		if err := tx.rememberName(k, name); err != nil {
			return nil, err
		}
		stored = append(stored, k.Sum[:]...)
	}
	return stored, nil
}

// rememberName stores a name that is read back, unless it is there.
func (tx *transaction) rememberName(k *record.KnownName, name []byte) error {
	if k.Stored.Load() {
		return nil
	}
	s, sum := tx.secrets, k.Sum
	t := tx.table(names)
	_, err := readable(func() ([]byte, error) { return s.Unseal(t.open(sum[:], t.Bucket.Get(sum[:]))) })
	if err != nil && !erased(err) && !errors.Is(err, bot.ErrBroken) { // a damaged one is written anew
		return err
	}
	if t.Bucket.Get(sum[:]) == nil || err != nil { // a room that was erased may be talked in again
		value, err := tx.sealName(name)
		if err != nil {
			return err
		}
		if err := t.Bucket.putOwn(bytes.Clone(sum[:]), t.encrypt(sum[:], value)); err != nil {
			return err
		}
	}
	tx.OnCommit(func() { k.Stored.Store(true) })
	return nil
}

// sameKey says whether two keys are one, also where a name stands as its hash in one of them.
func (tx *transaction) sameKey(n bucket, a, b []byte) bool {
	if tx.secrets == nil {
		return bytes.Equal(a, b)
	}
	return bytes.Equal(hashKey(tx.secrets, n, a), hashKey(tx.secrets, n, b))
}
