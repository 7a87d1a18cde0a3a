// Package record is what every store keeps of conversations, their journals, orders, people, tasks and messages, as bytes: the
// CBOR field numbers, which are promises, how records are compressed, what of them is sealed under the keys of single persons,
// and how names are hashed. Where the bytes stand is each store's own: see packages bolt and postgres.
package record

import (
	_ "embed"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math/bits"

	"github.com/klauspost/compress/s2"

	"nevermind/bot"
)

// Records repeat each other: field names, states, buttons, sentences. A record is therefore stored as an S2 block against a
// dictionary of what records are made of, where that is shorter. The dictionary is a promise: a record can be read only with the
// one it was written with, so another one would be another form byte.
//
//go:embed dictionary_1.bin
var dictionaryBytes []byte

// dictionary reads the blocks that compress has written.
var dictionary = s2.MakeDict(dictionaryBytes, nil)

const (
	shortestCompressed  = 48       // bytes; a shorter record gains nothing
	longestCompressed   = 16 << 10 // bytes; copies reach back 64 KiB, over the record and the dictionary
	longestDecompressed = 64 << 10 // bytes; older versions compressed records of up to 32 KiB
	hashed              = 8        // bytes that must be there for the first six to be hashed
	shortestCopy        = 6        // bytes; a shorter one gains nothing
	skipBits            = 4        // after 1<<skipBits bytes without a copy every second byte is looked at, and so on
	goodCopy            = 24       // bytes; for a longer one none that begins later is looked for
	longestCopy         = 64       // bytes that one tag copies
	dictionaryBits      = 15       // of the hash by which the dictionary is searched
	recordBits          = 9        // of the hash by which the record itself is searched
)

// inDictionary is where in the dictionary six bytes with a hash stand last; 0 is nowhere.
var inDictionary = func() (table [1 << dictionaryBits]uint16) {
	for i := 1; i+hashed <= len(dictionaryBytes); i++ {
		table[hashAt(dictionaryBytes, i, dictionaryBits)] = uint16(i)
	}
	return table
}()

func hashAt(b []byte, i int, size uint) uint32 {
	return uint32(binary.LittleEndian.Uint64(b[i:]) << 16 * 0x9e3779b97f4a7c15 >> (64 - size))
}

// compress appends record to dst as an S2 block against the dictionary. It is not the library's encoder, which clears 64 KiB of
// stack for each record; the blocks are the same, and the library reads them. The longer it has found nothing, as in what is
// random, the more it passes over; a copy is then followed back to where it begins.
func compress(dst, record []byte) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(record)))
	c := compressor{record: record}
	written := 0
	for i := 0; i+hashed <= len(record); {
		offset, length := c.longest(i)
		if length < shortestCopy {
			i += 1 + (i-written)>>skipBits
			continue
		}
		if length < goodCopy && i+1+hashed <= len(record) { // a longer one may begin a byte later
			if o, n := c.longest(i + 1); n > length+1 {
				i, offset, length = i+1, o, n
			}
		}
		before := c.before(i, offset, i-written)
		dst = appendLiteral(dst, record[written:i-before])
		dst = appendCopy(dst, offset, length+before)
		i += length
		written = i
	}
	return appendLiteral(dst, record[written:])
}

// compressor finds in a record what it or the dictionary has had before.
type compressor struct {
	record []byte
	seen   [1 << recordBits]uint16 // where in the record bytes with a hash stood last, from 1
}

// longest returns the longest copy that begins at i and how far back it stood, over the record and then the dictionary; a
// length of 0 where there is none. It is called for ascending i.
func (c *compressor) longest(i int) (offset, length int) {
	h := hashAt(c.record, i, recordBits)
	if at := int(c.seen[h]) - 1; at >= 0 && at < i {
		offset, length = i-at, sameBytes(c.record[at:], c.record[i:])
	}
	c.seen[h] = uint16(i + 1)
	if at := int(inDictionary[hashAt(c.record, i, dictionaryBits)]); at > 0 {
		if n := sameBytes(dictionaryBytes[at:], c.record[i:]); n > length {
			offset, length = i+len(dictionaryBytes)-at, n
		}
	}
	return offset, length
}

// before is how many bytes before a copy stand before what is copied as well, at most so many.
func (c *compressor) before(i, offset, most int) (n int) {
	from, at := c.record, i-offset
	if at < 0 {
		from, at = dictionaryBytes, at+len(dictionaryBytes)
	}
	for n < min(most, at) && from[at-1-n] == c.record[i-1-n] {
		n++
	}
	return n
}

// sameBytes is how many bytes two slices have in common at their beginning.
func sameBytes(a, b []byte) (n int) {
	most := min(len(a), len(b))
	for ; n+8 <= most; n += 8 {
		if x := binary.LittleEndian.Uint64(a[n:]) ^ binary.LittleEndian.Uint64(b[n:]); x != 0 {
			return n + bits.TrailingZeros64(x)/8
		}
	}
	for n < most && a[n] == b[n] {
		n++
	}
	return n
}

// appendLiteral writes the tag of bytes that stand for themselves, and the bytes.
func appendLiteral(dst, b []byte) []byte {
	switch n := len(b) - 1; {
	case n < 0:
		return dst
	case n < 60:
		dst = append(dst, byte(n)<<2)
	case n < 1<<8:
		dst = append(dst, 60<<2, byte(n))
	default:
		dst = append(dst, 61<<2, byte(n), byte(n>>8))
	}
	return append(dst, b...)
}

// appendCopy writes the tags of bytes that stood offset bytes before, in the record or at the end of the dictionary.
func appendCopy(dst []byte, offset, length int) []byte {
	for ; length > 0; length -= min(length, longestCopy) {
		n := min(length, longestCopy)
		if n >= 4 && n < 12 && offset < 1<<11 {
			dst = append(dst, byte(offset>>8)<<5|byte(n-4)<<2|1, byte(offset))
			continue
		}
		dst = append(dst, byte(n-1)<<2|2, byte(offset), byte(offset>>8))
	}
	return dst
}

// decompress reads a block again, into room where that is enough. ErrBroken: it is none, or says that it is longer than any that
// is written, for which so much memory would be taken before it is read.
func decompress(room, block []byte) ([]byte, error) {
	if n, _ := binary.Uvarint(block); n > longestDecompressed {
		return nil, fmt.Errorf("a compressed record of %d bytes: %w", n, bot.ErrBroken)
	}
	record, err := dictionary.Decode(room, block)
	if err != nil {
		return nil, fmt.Errorf("decompress: %w: %w", bot.ErrBroken, err)
	}
	return record, nil
}

// sumBytes is how long the sum before a block is.
const sumBytes = 2

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// sumOf is what a compressed record is checked by: a bit that has turned in a block makes other words of
// the dictionary's, which would decode and look right.
func sumOf(record []byte) uint16 { return uint16(crc32.Checksum(record, castagnoli)) }

// checked takes the sum off a block and returns the record. ErrBroken: it is not the one that was
// written.
func checked(room, stored []byte) ([]byte, error) {
	if len(stored) < sumBytes {
		return nil, fmt.Errorf("record without a sum: %w", bot.ErrBroken)
	}
	record, err := decompress(room, stored[sumBytes:])
	if err == nil && sumOf(record) != binary.BigEndian.Uint16(stored) {
		err = fmt.Errorf("record with another sum: %w", bot.ErrBroken)
	}
	return record, err
}
