package record

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"nevermind/bot"
)

// TestCompress wants every record back as it was: random bytes, pieces of the dictionary and repeats of itself, joined.
func TestCompress(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		var record []byte
		for range rapid.IntRange(0, 40).Draw(r, "pieces") {
			switch from := rapid.IntRange(0, len(dictionaryBytes)-1).Draw(r, "from"); rapid.IntRange(0, 2).Draw(r, "kind") {
			case 0:
				record = append(record, rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(r, "bytes")...)
			case 1:
				record = append(record, dictionaryBytes[from:min(len(dictionaryBytes), from+from%400)]...)
			default:
				record = append(record, record[len(record)-min(len(record), from):]...)
			}
			record = record[:min(len(record), longestCompressed)]
		}
		got, err := decompress(nil, compress(nil, record))
		if err != nil || !bytes.Equal(got, record) {
			r.Fatalf("a record of %d bytes came back as %d (%v)", len(record), len(got), err)
		}
	})
}

// TestDecompressDamaged wants a block that was cut or changed to be refused, or to be another record, and never to panic.
func TestDecompressDamaged(t *testing.T) {
	block := compress(nil, dictionaryBytes[100:900])
	for i := range block {
		if _, err := decompress(nil, block[:i]); !errors.Is(err, bot.ErrBroken) {
			t.Errorf("cut at %d: got %v, want ErrBroken", i, err)
		}
		changed := bytes.Clone(block)
		changed[i] ^= 0x55
		if _, err := decompress(nil, changed); err != nil && !errors.Is(err, bot.ErrBroken) {
			t.Errorf("changed at %d: got %v, want ErrBroken or none", i, err)
		}
	}
}

// TestDictionaryIsAPromise wants the dictionary to be the one with which records were written.
func TestDictionaryIsAPromise(t *testing.T) {
	file, err := os.ReadFile("dictionary_1.bin")
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(file)
	if got, want := hex.EncodeToString(sum[:]), "61f0637aa6d508b2dc19adbf8510582967b10a7506838e6d4c64a6e8ac22172b"; got != want {
		t.Errorf("the dictionary's hash is %s, want %s: no record could be read with another one", got, want)
	}
}

// TestDecodedSharesNothing holds that what is decoded of a compressed record is its own: the room in which that was decompressed
// is used again.
func TestDecodedSharesNothing(t *testing.T) {
	long := strings.Repeat("awaiting_seller ", 8)
	made := func(mark byte) []byte {
		b, err := Encode(box{Kept: bytes.Repeat([]byte{mark}, 200)}, conversation{Order: long, Head: hash(long)})
		if err != nil || b[0] != CompressedForm {
			t.Fatalf("got form %d, %v, want a compressed record", b[0], err)
		}
		return b
	}
	first, second := made('a'), made('b')
	var b, other box
	var c conversation
	for range 100 { // a pool may give other room
		b, c = box{}, conversation{}
		if err := errors.Join(Decode(first, &b, &c), Decode(second, &other, &conversation{})); err != nil {
			t.Fatal(err)
		}
		if string(b.Kept) != strings.Repeat("a", 200) || c.Order != long {
			t.Fatalf("after another record was decoded, this one reads %q %q", b.Kept, c.Order)
		}
	}
}
