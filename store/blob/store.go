// Package blob is a bot.Blobs: it keeps people's files by the SHA-256 of their content, in a folder
// (folder.go) or on an S3-compatible server (s3.go).
//
// A file is first spooled to a temporary file while it is hashed, its size bounded and its type
// detected by content (file_types.go), and only then takes its place under its hash. So a place
// holds a whole file or nothing, equal files are kept once, and putting a file is idempotent. A
// file is read back with its hash checked. Sweep forgets what no conversation names.
package blob

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"sync"
	"time"

	"nevermind/bot"
)

// Store is bot.Blobs over one backend. All methods may be called from any number of goroutines.
type Store struct {
	backend backend
	placing sync.RWMutex // no sweep while a file takes its place
	disk    func(folder string) (free, size uint64, known bool)
}

// backend is where bytes lie under their hash. hash is always 64 lower-case hex digits.
type backend interface {
	// spool is the folder in which a file is collected before it takes its place.
	spool() string
	// place moves a spooled file to its place, whole or not at all; it may be there already, and
	// its age begins anew then.
	place(ctx context.Context, hash string, spooled *os.File, mediaType string) error
	// open and remove: bot.ErrNone where there is none.
	open(ctx context.Context, hash string) (io.ReadCloser, error)
	remove(ctx context.Context, hash string) error
	// age is when the file last took its place; bot.ErrNone where there is none.
	age(ctx context.Context, hash string) (time.Time, error)
	// list visits all files, and forgets what was spooled before the time and never took its place.
	list(ctx context.Context, before time.Time, visit func(hash string, at time.Time) error) error
}

// Put keeps a person's file. name is sanitized. bot.ErrTooLarge: it is longer than bot.LargestFile.
// bot.ErrUnwanted: by its content it is of no kind that is kept. bot.ErrFull: only the disk's reserve is left.
func (s *Store) Put(ctx context.Context, name string, r io.Reader) (bot.File, error) {
	return s.write(ctx, name, r, bot.LargestFile, detectType)
}

// Add keeps a file that the program has made itself, of whatever size and of the media type given.
func (s *Store) Add(ctx context.Context, name, mediaType string, r io.Reader) (bot.File, error) {
	return s.write(ctx, name, r, 1<<40, func(_, _ []byte) (string, error) { return mediaType, nil })
}

// A disk keeps a reserve, so that files never take the room that the database needs: a fifth of it, at most so many bytes.
const mostReserve = 1 << 30

// full says whether the disk has no more than its reserve free. Where that cannot be known there is room.
func (s *Store) full() bool {
	free, size, known := s.disk(s.backend.spool())
	return known && free < min(size/5, mostReserve)
}

// write spools what r holds, at most most bytes, detects its type and lets it take its place.
func (s *Store) write(
	ctx context.Context, name string, r io.Reader, most int64, detect func(head, tail []byte) (string, error),
) (bot.File, error) {
	if s.full() {
		return bot.File{}, bot.ErrFull
	}
	tmp, err := os.CreateTemp(s.backend.spool(), "incoming-*")
	if err != nil {
		return bot.File{}, fmt.Errorf("collect a file: %w", err)
	}
	defer func() { _ = tmp.Close(); _ = os.Remove(tmp.Name()) }() // gone already where it has taken its place
	head, sum := &headBuffer{}, sha256.New()
	size, err := io.Copy(io.MultiWriter(tmp, sum, head), io.LimitReader(r, most+1))
	switch {
	case err != nil:
		return bot.File{}, fmt.Errorf("collect a file: %w", err)
	case size > most:
		return bot.File{}, bot.ErrTooLarge
	}
	f := bot.File{Name: sanitizeName(name), Size: size, Hash: hex.EncodeToString(sum.Sum(nil))}
	tail := make([]byte, min(size, tailSize))
	if _, err := tmp.ReadAt(tail, size-int64(len(tail))); err != nil {
		return bot.File{}, fmt.Errorf("collect a file: %w", err)
	}
	if f.Type, err = detect(head.Bytes(), tail); err != nil {
		return bot.File{}, err
	}
	f.Name = nameOfKind(f.Name, f.Type)
	s.placing.RLock()
	defer s.placing.RUnlock()
	if err := s.backend.place(ctx, f.Hash, tmp, f.Type); err != nil {
		return bot.File{}, fmt.Errorf("keep a file: %w", err)
	}
	return f, nil
}

// Open reads a file. The last Read returns bot.ErrBroken where the content does not have its hash.
// bot.ErrNone: there is no such file.
func (s *Store) Open(ctx context.Context, hash string) (io.ReadCloser, error) {
	if !isHash(hash) {
		return nil, bot.ErrNone
	}
	r, err := s.backend.open(ctx, hash)
	if err != nil {
		return nil, err
	}
	return &verifyingReader{r, sha256.New(), hash}, nil
}

// Remove forgets one file, whoever names it; none is no error.
func (s *Store) Remove(ctx context.Context, hash string) error {
	if !isHash(hash) {
		return nil
	}
	if err := s.backend.remove(ctx, hash); !errors.Is(err, bot.ErrNone) {
		return err
	}
	return nil
}

// Sweep forgets the files that are older than that and that named does not name, and returns how
// many. named is called for each old file. A file that is put again meanwhile stays.
func (s *Store) Sweep(
	ctx context.Context, older time.Duration, named func(hash string) (bool, error),
) (forgotten int, err error) {
	before := time.Now().Add(-older)
	err = s.backend.list(ctx, before, func(hash string, at time.Time) error {
		if !at.Before(before) {
			return nil
		}
		needed, err := named(hash)
		if err != nil || needed {
			return err
		}
		gone, err := s.removeUnlessRenewed(ctx, hash, before)
		if gone {
			forgotten++
		}
		return err
	})
	return forgotten, err
}

// removeUnlessRenewed removes a file unless it was put again since the time. It excludes every put
// for that moment, so that a file which takes its place now is not removed.
func (s *Store) removeUnlessRenewed(ctx context.Context, hash string, before time.Time) (bool, error) {
	s.placing.Lock()
	defer s.placing.Unlock()
	at, err := s.backend.age(ctx, hash)
	if errors.Is(err, bot.ErrNone) || err == nil && !at.Before(before) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, s.backend.remove(ctx, hash)
}

// headBuffer keeps the first headSize bytes of what is written to it.
type headBuffer struct{ bytes.Buffer }

// Write never fails and never stores more than headSize bytes in all.
func (f *headBuffer) Write(p []byte) (int, error) {
	if room := headSize - f.Len(); room > 0 {
		f.Buffer.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

// verifyingReader compares the content with its hash when it has been read to the end.
type verifyingReader struct {
	io.ReadCloser
	sum  hash.Hash
	want string
}

// Read passes the content on, and at its end says bot.ErrBroken in place of io.EOF where it was
// changed.
func (c *verifyingReader) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	c.sum.Write(p[:n])
	if errors.Is(err, io.EOF) && hex.EncodeToString(c.sum.Sum(nil)) != c.want {
		return n, fmt.Errorf("file %s: %w", c.want, bot.ErrBroken)
	}
	return n, err
}

// isHash says whether a text is a SHA-256 in lower-case hex.
func isHash(s string) bool {
	if len(s) != 2*sha256.Size {
		return false
	}
	for _, r := range s {
		if (r < '0' || r > '9') && (r < 'a' || r > 'f') {
			return false
		}
	}
	return true
}
