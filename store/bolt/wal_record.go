package bolt

import (
	"crypto/rand"
	"encoding/binary"
	"hash/crc32"
)

// A record of the log, numbers little-endian:
//
//	"nmw1" · length of what follows the head (4) · id of the file (8) · number of the group (8) · CRC-32C of all else (4) · 0 (4)
//	last sequence number (8) · changes · zeros up to a multiple of 8
//
// A change is its bucket (1), the length of its key, the length of its value plus one or 0 where it was deleted, key, value; keys
// and values as they stand in the file, encrypted where that is.
const (
	recordMagic = 0x31776d6e // "nmw1"
	recordHead  = 32
	recordAlign = 8
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// newWALID is an id for a file that never had a log.
func newWALID() uint64 {
	var b [8]byte
	rand.Read(b[:])
	return binary.LittleEndian.Uint64(b[:])
}

// walRecord encodes a group into what it may write over.
func walRecord(b []byte, id, number, last uint64, changed []*change) []byte {
	b = append(b[:0], make([]byte, recordHead)...)
	b = binary.LittleEndian.AppendUint64(b, last)
	for _, c := range changed {
		b = binary.AppendUvarint(append(b, byte(c.in)), uint64(len(c.key)))
		if c.value == nil {
			b = binary.AppendUvarint(b, 0)
		} else {
			b = binary.AppendUvarint(b, uint64(len(c.value))+1)
		}
		b = append(append(b, c.key...), c.value...)
	}
	length := len(b) - recordHead
	for len(b)%recordAlign != 0 {
		b = append(b, 0)
	}
	binary.LittleEndian.PutUint32(b, recordMagic)
	binary.LittleEndian.PutUint32(b[4:], uint32(length))
	binary.LittleEndian.PutUint64(b[8:], id)
	binary.LittleEndian.PutUint64(b[16:], number)
	binary.LittleEndian.PutUint32(b[24:], sumOf(b[:recordHead+length]))
	return b
}

// sumOf is the sum of a record without its own place.
func sumOf(b []byte) uint32 {
	return crc32.Update(crc32.Checksum(b[:24], castagnoli), castagnoli, b[recordHead:])
}

// logRecord is one that was read.
type logRecord struct {
	id, number uint64
	payload    []byte
	end        int // where the next one begins
}

// readRecord reads the record at the beginning of b, if a whole one is there.
func readRecord(b []byte) (r logRecord, whole bool) {
	if len(b) < recordHead || binary.LittleEndian.Uint32(b) != recordMagic {
		return r, false
	}
	end := recordHead + uint64(binary.LittleEndian.Uint32(b[4:]))
	if end < recordHead+8 || end > uint64(len(b)) || binary.LittleEndian.Uint32(b[24:]) != sumOf(b[:end]) {
		return r, false
	}
	return logRecord{
		id: binary.LittleEndian.Uint64(b[8:]), number: binary.LittleEndian.Uint64(b[16:]), payload: b[recordHead:end],
		end: int(end+recordAlign-1) / recordAlign * recordAlign,
	}, true
}

// changesIn adds what a record says to changes, and returns the last sequence number.
func (r *logRecord) changesIn(all *changes) (last uint64, err error) {
	last, rest := binary.LittleEndian.Uint64(r.payload), r.payload[8:]
	for len(rest) > 0 {
		in := bucket(rest[0])
		key, n := binary.Uvarint(rest[1:])
		if n <= 0 || in >= buckets {
			return 0, errOddRecord
		}
		value, m := binary.Uvarint(rest[1+n:])
		if rest = rest[min(len(rest), 1+n+max(m, 0)):]; m <= 0 || key > uint64(len(rest)) || value > uint64(len(rest))-key+1 {
			return 0, errOddRecord
		}
		c := &change{in: in, key: rest[:key:key]}
		if rest = rest[key:]; value > 0 {
			c.value, rest = rest[:value-1:value-1], rest[value-1:]
		}
		all.Set(c)
	}
	return last, nil
}

var errOddRecord = broken("a record of the log says nothing that this program knows")
