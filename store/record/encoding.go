package record

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/fxamacker/cbor/v2"

	"nevermind/bot"
)

// The first byte of every record says how the rest is to be read. The numbers behind "keyasint" are
// promises: a field may be added under a new number, and none is ever used for something else. An
// absent field decodes as its zero value.
const (
	encodingVersion = 1 // CBOR items, one after the other
	CompressedForm  = 2 // a sum of 2 bytes, and the same compressed with the first dictionary (compress.go)
	SettledForm     = 3 // of a task: the length of its outcome's record, that record, and the task's (outbox.go)
)

var (
	encoder = must(cbor.EncOptions{Sort: cbor.SortBytewiseLexical}.UserBufferEncMode())
	// What people type is kept as it came, so bytes that are not UTF-8 must not make a record unreadable.
	decoder = must(cbor.DecOptions{
		UTF8: cbor.UTF8DecodeInvalid, MaxArrayElements: math.MaxInt32, MaxMapPairs: math.MaxInt32,
	}.DecMode())
)

// buffers are where records are encoded before they are compressed.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// rooms are where records are decompressed before they are decoded, which copies what it keeps.
var rooms = sync.Pool{New: func() any { return new([]byte) }}

// Encode writes a record: its form, then one CBOR item for each part, compressed where that is
// shorter. Map keys are sorted, so that equal records are equal bytes.
func Encode(parts ...any) ([]byte, error) {
	buf := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buf)
	buf.Reset()
	buf.WriteByte(encodingVersion)
	for _, p := range parts {
		if err := encoder.MarshalToBuffer(p, buf); err != nil {
			return nil, fmt.Errorf("encode: %w", err)
		}
	}
	plain := buf.Bytes()
	if len(plain) < shortestCompressed || len(plain) > longestCompressed {
		return bytes.Clone(plain), nil
	}
	short := append(make([]byte, 0, len(plain)+len(plain)/32+16), CompressedForm)
	short = binary.BigEndian.AppendUint16(short, sumOf(plain[1:]))
	if short = compress(short, plain[1:]); len(short) >= len(plain) {
		return append(short[:0], plain...), nil
	}
	return slices.Clip(short), nil
}

// Decode reads a record's first parts; those that follow are not decoded, so that the header of a
// conversation costs little more than itself. ErrBroken: it does not decode.
func Decode(record []byte, parts ...any) (err error) {
	if len(record) == 0 || record[0] != encodingVersion && record[0] != CompressedForm {
		return fmt.Errorf("record of an unknown form: %w", bot.ErrBroken)
	}
	rest := record[1:]
	if record[0] == CompressedForm {
		room := rooms.Get().(*[]byte)
		defer rooms.Put(room)
		if rest, err = checked((*room)[:0], rest); err != nil {
			return err
		}
		*room = rest
	}
	for _, p := range parts {
		if rest, err = decoder.UnmarshalFirst(rest, p); err != nil {
			return fmt.Errorf("decode: %w: %w", bot.ErrBroken, err)
		}
	}
	return nil
}

// Versioned puts the version of a record before it, 8 bytes big-endian, where it is compared
// without decoding. err is passed through, for calling it around encode.
func Versioned(version int64, record []byte, err error) ([]byte, error) {
	if err != nil {
		return nil, err
	}
	return append(binary.BigEndian.AppendUint64(make([]byte, 0, 8+len(record)), uint64(version)), record...), nil
}

// Version takes the version off again; what is not stored is version 0.
func Version(stored []byte) (int64, []byte, error) {
	if stored == nil {
		return 0, nil, nil
	}
	if len(stored) < 9 {
		return 0, nil, fmt.Errorf("record without a version: %w", bot.ErrBroken)
	}
	return int64(binary.BigEndian.Uint64(stored)), stored[8:], nil
}

// Instant is a time as it is stored: nanoseconds since 1970 in UTC, and 0 for the zero time. So
// that 1970 itself is not taken for the zero time, what lies at or before it is moved down by one.
// Times out of range, before 1677 or after 2262, are stored as the nearest one.
type Instant int64

var (
	earliest = time.Unix(0, math.MinInt64+1)
	latest   = time.Unix(0, math.MaxInt64)
)

// ToInstant turns a time into what is stored.
func ToInstant(t time.Time) Instant {
	switch {
	case t.IsZero():
		return 0
	case t.Before(earliest):
		t = earliest
	case t.After(latest):
		t = latest
	}
	if n := t.UnixNano(); n > 0 {
		return Instant(n)
	} else {
		return Instant(n - 1)
	}
}

// Time turns it back, in UTC.
func (i Instant) Time() time.Time {
	switch {
	case i == 0:
		return time.Time{}
	case i > 0:
		return time.Unix(0, int64(i)).UTC()
	}
	return time.Unix(0, int64(i)+1).UTC()
}

// MapSlice turns a list into one of another type; an empty list becomes nil, as it does when
// stored.
func MapSlice[A, B any](list []A, f func(A) B) []B {
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
