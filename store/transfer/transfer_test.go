package transfer

import (
	"context"
	"errors"
	"slices"
	"testing"

	"nevermind/store/record"
)

// rows is a source and a target in memory.
type rows struct {
	kept     []string
	taken    int
	digest   []byte
	finished bool
	fails    int // the call of Take that fails
}

func (r *rows) Rows(_ context.Context, take func(record.Row) error) error {
	for _, name := range r.kept {
		if err := take(record.ValueRow{Name: name}); err != nil {
			return err
		}
	}
	return nil
}

func (r *rows) Taken(context.Context) (int, []byte, error) { return r.taken, r.digest, nil }

var errCut = errors.New("cut short")

func (r *rows) Take(_ context.Context, all []record.Row, n int, digest []byte) error {
	if r.fails--; r.fails == 0 {
		return errCut
	}
	for _, one := range all {
		r.kept = append(r.kept, one.(record.ValueRow).Name)
	}
	r.taken, r.digest = n, digest
	return nil
}

func (r *rows) Finish(context.Context) error { r.finished = true; return nil }

// TestGoesOn: a copy that was cut short goes on where it was, and notices when what is copied has changed.
func TestGoesOn(t *testing.T) {
	from := &rows{}
	for i := range 3*atOnce + 7 {
		from.kept = append(from.kept, string(rune('a'+i%26))+string(rune(i)))
	}
	for _, c := range []struct {
		name   string
		change func(kept []string) []string
		want   error
	}{
		{"the same", slices.Clone[[]string], nil},
		{"one is another", func(k []string) []string { k = slices.Clone(k); k[3] = "other"; return k }, ErrChanged},
		{"one is gone", func(k []string) []string { return slices.Delete(slices.Clone(k), 3, 4) }, ErrChanged},
		{"hardly anything is left", func(k []string) []string { return slices.Clone(k[:5]) }, ErrChanged},
		{"one more at the end", func(k []string) []string { return append(slices.Clone(k), "more") }, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			to, heard := &rows{fails: 3}, 0
			if err := Copy(t.Context(), from, to, func(n int) { heard = n }); !errors.Is(err, errCut) || heard != 2*atOnce || to.finished {
				t.Fatalf("got %v after %d rows, want it cut short", err, heard)
			}
			now := &rows{kept: c.change(from.kept)}
			err := Copy(t.Context(), now, to, func(n int) { heard = n })
			if !errors.Is(err, c.want) {
				t.Fatalf("got %v, want %v", err, c.want)
			}
			if c.want == nil && (!slices.Equal(to.kept, now.kept) || !to.finished || heard != len(now.kept)) {
				t.Errorf("%d rows are there, want %d", len(to.kept), len(now.kept))
			}
		})
	}
}
