package bolt

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"nevermind/bot"
)

// TestCloseDoesNotWaitForABackup: whoever takes a copy slowly holds up nobody who wants to stop.
func TestCloseDoesNotWaitForABackup(t *testing.T) {
	s := openIn(t, t.TempDir(), NoSync())
	wantErr(t, s.SetValue(t.Context(), "large", make([]byte, 4<<20)), nil)
	slow, w := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- s.Backup(t.Context(), w) }()
	if _, err := slow.Read(make([]byte, 10)); err != nil {
		t.Fatal(err)
	}
	closed := make(chan error, 1)
	go func() { closed <- s.Close() }()
	<-s.quit
	go func() { _, _ = io.Copy(io.Discard, slow) }() // it goes on taking, and gets no more
	wantErr(t, <-ended, bot.ErrClosed)
	wantErr(t, <-closed, nil)
}

// BenchmarkCommitBesideBackup commits while one backup after the other is taken; compare it with BenchmarkCommit.
func BenchmarkCommitBesideBackup(b *testing.B) {
	dir := b.TempDir()
	s := openIn(b, dir)
	defer s.Close()
	together(b, 64, func(i int) error { return s.Commit(b.Context(), turn(i)) }) // something to copy
	stop, ended := make(chan bool), make(chan int)
	go func() {
		n := 0
		for ; ; n++ {
			select {
			case <-stop:
				ended <- n
				return
			default:
			}
			f, err := os.Create(filepath.Join(dir, "copy"))
			if err == nil {
				err = s.Backup(b.Context(), f)
			}
			if err != nil {
				b.Error(err)
			}
			_, _ = f.Sync(), f.Close()
		}
	}()
	begun := time.Now()
	b.StartTimer()
	together(b, 64, func(i int) error {
		c := turn(b.N + i)
		c.Handled = fmt.Sprint("beside ", i)
		return s.Commit(b.Context(), c)
	})
	close(stop)
	b.ReportMetric(float64(<-ended)/time.Since(begun).Seconds(), "backups/s")
}
