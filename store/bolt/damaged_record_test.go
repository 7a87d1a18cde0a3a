package bolt

import (
	"bytes"
	"errors"
	"reflect"
	"testing"

	"nevermind/bot"
)

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
