package bolt

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
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
		got, err := decompress(compress(nil, record))
		if err != nil || !bytes.Equal(got, record) {
			r.Fatalf("a record of %d bytes came back as %d (%v)", len(record), len(got), err)
		}
	})
}

// TestDecompressDamaged wants a block that was cut or changed to be refused, or to be another record, and never to panic.
func TestDecompressDamaged(t *testing.T) {
	block := compress(nil, dictionaryBytes[100:900])
	for i := range block {
		if _, err := decompress(block[:i]); !errors.Is(err, bot.ErrBroken) {
			t.Errorf("cut at %d: got %v, want ErrBroken", i, err)
		}
		changed := bytes.Clone(block)
		changed[i] ^= 0x55
		if _, err := decompress(changed); err != nil && !errors.Is(err, bot.ErrBroken) {
			t.Errorf("changed at %d: got %v, want ErrBroken or none", i, err)
		}
	}
}

// TestDictionaryIsAPromise wants the dictionary to be the one with which records were written.
func TestDictionaryIsAPromise(t *testing.T) {
	file, err := os.ReadFile("dictionary_1.bin")
	wantErr(t, err, nil)
	sum := sha256.Sum256(file)
	if got, want := hex.EncodeToString(sum[:]), "d38c9bb4885b9a0c175a38a7ad782f82942855acc75e147417a2c379e880ee99"; got != want {
		t.Errorf("the dictionary's hash is %s, want %s: no record could be read with another one", got, want)
	}
}

func BenchmarkEncode(b *testing.B) {
	c := turn(1)
	for name, part := range map[string]any{"task": newTask(&c.Tasks[0]), "entry": newEntry(c.Entry)} {
		b.Run(name, func(b *testing.B) {
			record, err := encode(part)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				_, _ = encode(part)
			}
			b.ReportMetric(float64(len(record)), "bytes")
		})
	}
}
