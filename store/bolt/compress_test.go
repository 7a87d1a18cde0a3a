package bolt

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"reflect"
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
	if got, want := hex.EncodeToString(sum[:]), "61f0637aa6d508b2dc19adbf8510582967b10a7506838e6d4c64a6e8ac22172b"; got != want {
		t.Errorf("the dictionary's hash is %s, want %s: no record could be read with another one", got, want)
	}
}

// TestARecordThatHasChangedIsNoticed turns every bit of a stored record in turn.
func TestARecordThatHasChangedIsNoticed(t *testing.T) {
	c := turn(1)
	want := newTask(&c.Tasks[0])
	stored, err := encode(want)
	wantErr(t, err, nil)
	if stored[0] != compressedForm {
		t.Fatalf("the record is of form %d, want %d", stored[0], compressedForm)
	}
	unseen := 0
	for i := 8; i < 8*len(stored); i++ {
		changed := bytes.Clone(stored)
		changed[i/8] ^= 1 << (i % 8)
		var got task
		switch err := decode(changed, &got); {
		case err == nil && !reflect.DeepEqual(got, want):
			unseen++
		case err != nil && !errors.Is(err, bot.ErrBroken):
			t.Errorf("bit %d: got %v, want ErrBroken", i, err)
		}
	}
	if unseen > 0 {
		t.Errorf("%d of %d turned bits were not noticed", unseen, 8*len(stored))
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
