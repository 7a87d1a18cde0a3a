package storetest

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// Flush is what one write of a page and its flush to the disk cost just now: the median of some.
func Flush(tb testing.TB) time.Duration {
	tb.Helper()
	must := func(err error) {
		if err != nil {
			tb.Fatal(err)
		}
	}
	f, err := os.Create(filepath.Join(tb.TempDir(), "flush"))
	must(err)
	defer f.Close()
	page := make([]byte, 4096)
	took := make([]time.Duration, 25)
	for i := range took {
		begun := time.Now()
		_, err := f.WriteAt(page, 0)
		must(err)
		must(f.Sync())
		took[i] = time.Since(begun)
	}
	slices.Sort(took)
	return took[len(took)/2]
}
