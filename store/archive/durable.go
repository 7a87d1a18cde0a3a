package archive

import (
	"context"
	"errors"
	"io"
	"os"
)

// syncEvery is how many bytes of a large file are written before the disk is waited for: a server beside us waits for
// the same disk, and should never wait for all of it.
const syncEvery = 8 << 20

// WriteFile writes a new file that its owner alone can read, and syncs it to the disk before it returns. It stops where
// ctx ends; what was written until then stays.
func WriteFile(ctx context.Context, path string, in io.Reader) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(&syncingFile{File: f}, contextReader{ctx, in})
	return errors.Join(err, f.Sync(), f.Close())
}

// SyncFolder makes a rename in a folder durable, where the system can.
func SyncFolder(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	_ = dir.Sync() // not every system can
	return dir.Close()
}

// syncingFile syncs a file each time syncEvery bytes have been written.
type syncingFile struct {
	*os.File
	unsynced int
}

func (s *syncingFile) Write(b []byte) (int, error) {
	n, err := s.File.Write(b)
	if s.unsynced += n; err == nil && s.unsynced >= syncEvery {
		s.unsynced, err = 0, s.Sync()
	}
	return n, err
}

// ReadFrom hides os.File's own, which would write all at once.
func (s *syncingFile) ReadFrom(r io.Reader) (int64, error) {
	return io.CopyBuffer(struct{ io.Writer }{s}, r, make([]byte, 256<<10))
}

// contextReader reads until ctx ends.
type contextReader struct {
	ctx context.Context
	in  io.Reader
}

func (r contextReader) Read(b []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.in.Read(b)
}
