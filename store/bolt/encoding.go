package bolt

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"time"

	"github.com/fxamacker/cbor/v2"

	"nevermind/bot"
)

// encodingVersion is the first byte of every record and says how the rest is to be read: CBOR
// items, one after the other. The numbers behind "keyasint" are promises: a field may be added
// under a new number, and none is ever used for something else. An absent field decodes as its zero
// value.
const encodingVersion = 1

var (
	encoder = must(cbor.EncOptions{Sort: cbor.SortBytewiseLexical}.UserBufferEncMode())
	// What people type is kept as it came, so bytes that are not UTF-8 must not make a record unreadable.
	decoder = must(cbor.DecOptions{
		UTF8: cbor.UTF8DecodeInvalid, MaxArrayElements: math.MaxInt32, MaxMapPairs: math.MaxInt32,
	}.DecMode())
)

// encode writes a record: its encoding version, then one CBOR item for each part. Map keys are
// sorted, so that equal records are equal bytes.
func encode(parts ...any) ([]byte, error) {
	var buf bytes.Buffer
	buf.WriteByte(encodingVersion)
	for _, p := range parts {
		if err := encoder.MarshalToBuffer(p, &buf); err != nil {
			return nil, fmt.Errorf("encode: %w", err)
		}
	}
	return buf.Bytes(), nil
}

// decode reads a record's first parts; those that follow are not looked at, so that the header of a
// conversation costs no more than itself. ErrBroken: it does not decode.
func decode(record []byte, parts ...any) error {
	if len(record) == 0 || record[0] != encodingVersion {
		return fmt.Errorf("record of an unknown form: %w", bot.ErrBroken)
	}
	rest := record[1:]
	for _, p := range parts {
		var err error
		if rest, err = decoder.UnmarshalFirst(rest, p); err != nil {
			return fmt.Errorf("decode: %w: %w", bot.ErrBroken, err)
		}
	}
	return nil
}

// versioned puts the version of a record before it, 8 bytes big-endian, where it is compared
// without decoding. err is passed through, for calling it around encode.
func versioned(version int64, record []byte, err error) ([]byte, error) {
	if err != nil {
		return nil, err
	}
	return append(binary.BigEndian.AppendUint64(make([]byte, 0, 8+len(record)), uint64(version)), record...), nil
}

// version takes the version off again; what is not stored is version 0.
func version(stored []byte) (int64, []byte, error) {
	if stored == nil {
		return 0, nil, nil
	}
	if len(stored) < 9 {
		return 0, nil, fmt.Errorf("record without a version: %w", bot.ErrBroken)
	}
	return int64(binary.BigEndian.Uint64(stored)), stored[8:], nil
}

// instant is a time as it is stored: nanoseconds since 1970 in UTC, and 0 for the zero time. So
// that 1970 itself is not taken for the zero time, what lies at or before it is moved down by one.
// Times out of range, before 1677 or after 2262, are stored as the nearest one.
type instant int64

var (
	earliest = time.Unix(0, math.MinInt64+1)
	latest   = time.Unix(0, math.MaxInt64)
)

// toInstant turns a time into what is stored.
func toInstant(t time.Time) instant {
	switch {
	case t.IsZero():
		return 0
	case t.Before(earliest):
		t = earliest
	case t.After(latest):
		t = latest
	}
	if n := t.UnixNano(); n > 0 {
		return instant(n)
	} else {
		return instant(n - 1)
	}
}

// time turns it back, in UTC.
func (i instant) time() time.Time {
	switch {
	case i == 0:
		return time.Time{}
	case i > 0:
		return time.Unix(0, int64(i)).UTC()
	}
	return time.Unix(0, int64(i)+1).UTC()
}

// mapSlice turns a list into one of another type; an empty list becomes nil, as it does when
// stored.
func mapSlice[A, B any](list []A, f func(A) B) []B {
	if len(list) == 0 {
		return nil
	}
	out := make([]B, len(list))
	for i, a := range list {
		out[i] = f(a)
	}
	return out
}

// mapValues does the same to the values of a map.
func mapValues[K comparable, A, B any](m map[K]A, f func(A) B) map[K]B {
	if len(m) == 0 {
		return nil
	}
	out := make(map[K]B, len(m))
	for k, a := range m {
		out[k] = f(a)
	}
	return out
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
