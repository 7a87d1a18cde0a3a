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
	"sync/atomic"
	"time"

	"nevermind/bot"
)

// Store is bot.Blobs over one backend. All methods may be called from any number of goroutines.
type Store struct {
	backend backend
	placing sync.RWMutex // no sweep while a file takes its place
	disk    func(folder string) (free, size uint64, known bool)
	held    atomic.Pointer[Cipher] // nil where files are kept plain
}

// Cipher encrypts files. What it decrypts may be plain, of an older version; reading what was damaged fails.
type Cipher interface {
	// EncryptFile encrypts; like is the beginning of an encrypted file of the same content, if there is one.
	EncryptFile(r io.Reader, like []byte) (io.Reader, error)
	DecryptFile(r io.Reader) (io.Reader, error)
	// ForgetFile makes every copy of a file that begins so unreadable.
	ForgetFile(head []byte) error
	// UnderPresent says by a file's beginning whether it is encrypted with the present key.
	UnderPresent(head []byte) bool
}

// EncryptWith has files encrypted from now on, with other keys after a rotation.
func (s *Store) EncryptWith(c Cipher) { s.held.Store(&c) }

// cipher is what files are encrypted with now; nil where they are kept plain.
func (s *Store) cipher() Cipher {
	if c := s.held.Load(); c != nil {
		return *c
	}
	return nil
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
	return s.write(ctx, name, r, bot.LargestFile, kindOf, nil)
}

// Add keeps a file that the program has made itself, of whatever size and of the media type given.
func (s *Store) Add(ctx context.Context, name, mediaType string, r io.Reader) (bot.File, error) {
	return s.add(ctx, name, mediaType, r, nil)
}

func (s *Store) add(ctx context.Context, name, mediaType string, r io.Reader, like []byte) (bot.File, error) {
	return s.write(ctx, name, r, 1<<40, func(*endsBuffer) (string, error) { return mediaType, nil }, like)
}

// A disk keeps a reserve, so that files never take the room that the database needs: a fifth of it, at most so many bytes.
const mostReserve = 1 << 30

// full says whether the disk has no more than its reserve free. Where that cannot be known there is room.
func (s *Store) full() bool {
	free, size, known := s.disk(s.backend.spool())
	return known && free < min(size/5, mostReserve)
}

// lookEvery is after how many bytes of a file the disk is looked at again: several may come at once, each of which found room.
const lookEvery = 1 << 20

// reserveKeeper ends a file that is being written once only the disk's reserve is left.
type reserveKeeper struct {
	io.Reader
	full func() bool
	read int
}

// Read passes the content on, and fails with bot.ErrFull where there is no room for more.
func (k *reserveKeeper) Read(p []byte) (int, error) {
	if k.read >= lookEvery {
		if k.read = 0; k.full() {
			return 0, bot.ErrFull
		}
	}
	n, err := k.Reader.Read(p)
	k.read += n
	return n, err
}

// write spools what r holds, at most most bytes, detects its type and lets it take its place.
func (s *Store) write(
	ctx context.Context, name string, r io.Reader, most int64, detect func(*endsBuffer) (string, error), like []byte,
) (bot.File, error) {
	if s.full() {
		return bot.File{}, bot.ErrFull
	}
	tmp, err := os.CreateTemp(s.backend.spool(), "incoming-*")
	if err != nil {
		return bot.File{}, fmt.Errorf("collect a file: %w", err)
	}
	defer func() { _ = tmp.Close(); _ = os.Remove(tmp.Name()) }() // gone already where it has taken its place
	ends, sum := &endsBuffer{}, sha256.New()
	in := &reserveKeeper{Reader: io.LimitReader(r, most+1), full: s.full}
	size, err := s.spool(tmp, io.TeeReader(in, io.MultiWriter(sum, ends)), ends, like)
	switch {
	case err != nil:
		return bot.File{}, fmt.Errorf("collect a file: %w", err)
	case size > most:
		return bot.File{}, bot.ErrTooLarge
	}
	f := bot.File{Name: sanitizeName(name), Size: size, Hash: hex.EncodeToString(sum.Sum(nil))}
	if f.Type, err = detect(ends); err != nil {
		return bot.File{}, err
	}
	f.Name = nameOfKind(f.Name, f.Type)
	if was := s.headOf(ctx, f.Hash); like == nil && s.cipher() != nil && s.cipher().UnderPresent(was) {
		got, err := s.again(ctx, f, tmp, was) // the same content twice is one file, under one key
		if !errors.Is(err, bot.ErrErased) {
			return got, err
		}
	}
	s.placing.RLock()
	defer s.placing.RUnlock()
	if err := s.backend.place(ctx, f.Hash, tmp, f.Type); err != nil {
		return bot.File{}, fmt.Errorf("keep a file: %w", err)
	}
	return f, nil
}

// again puts a file in the place of the one of the same content, under that one's key. The key that it was spooled under is
// nobody's.
func (s *Store) again(ctx context.Context, f bot.File, spooled *os.File, was []byte) (bot.File, error) {
	if _, err := spooled.Seek(0, io.SeekStart); err != nil {
		return bot.File{}, fmt.Errorf("keep a file: %w", err)
	}
	plain, err := s.cipher().DecryptFile(spooled)
	if err != nil {
		return bot.File{}, fmt.Errorf("keep a file: %w", err)
	}
	got, err := s.add(ctx, f.Name, f.Type, plain, was)
	if err == nil && got.Hash != f.Hash {
		err = bot.ErrBroken
	}
	return f, err
}

// headOf is the beginning of a file as it lies; nil where there is none.
func (s *Store) headOf(ctx context.Context, hash string) []byte {
	r, err := s.backend.open(ctx, hash)
	if err != nil {
		return nil
	}
	defer r.Close()
	head := make([]byte, 64)
	n, _ := io.ReadFull(r, head)
	return head[:n]
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
	content := io.Reader(r)
	if s.cipher() != nil {
		if content, err = s.cipher().DecryptFile(r); err != nil {
			err = errors.Join(err, r.Close())
			if errors.Is(err, bot.ErrErased) {
				err = bot.ErrNone
			}
			return nil, err
		}
	}
	return &verifyingReader{content, r, sha256.New(), hash}, nil
}

// OpenStored reads a file as it lies, encrypted where it is. bot.ErrNone: there is no such file.
func (s *Store) OpenStored(ctx context.Context, hash string) (io.ReadCloser, error) {
	if !isHash(hash) {
		return nil, bot.ErrNone
	}
	return s.backend.open(ctx, hash)
}

// Restore keeps a file that OpenStored has read, here or elsewhere. bot.ErrBroken: its content is another.
func (s *Store) Restore(ctx context.Context, hash string, r io.Reader) error {
	var head [64]byte // the file keeps its slot
	n, err := io.ReadFull(r, head[:])
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return err
	}
	like, whole := head[:n], io.MultiReader(bytes.NewReader(head[:n]), r)
	if s.cipher() != nil {
		if whole, err = s.cipher().DecryptFile(whole); errors.Is(err, bot.ErrErased) {
			return nil // nobody reads it any more
		} else if err != nil {
			return err
		}
	}
	got, err := s.add(ctx, hash, "application/octet-stream", whole, like)
	if errors.Is(err, bot.ErrErased) {
		return nil
	}
	if err == nil && got.Hash != hash {
		return errors.Join(fmt.Errorf("%w: its content is another", bot.ErrBroken), s.Remove(ctx, got.Hash))
	}
	return err
}

// EncryptAll encrypts what is plain or stands under an older key, and returns how many files that were. Cut short, it goes on
// where it was.
func (s *Store) EncryptAll(ctx context.Context) (n int, err error) {
	if s.cipher() == nil {
		return 0, nil
	}
	err = s.backend.list(ctx, time.Time{}, func(hash string, _ time.Time) error {
		done, err := s.underPresent(ctx, hash)
		if err != nil || done {
			return err
		}
		n++
		return s.encryptAgain(ctx, hash)
	})
	return n, err
}

// underPresent says whether a file is encrypted with the present key.
func (s *Store) underPresent(ctx context.Context, hash string) (bool, error) {
	r, err := s.backend.open(ctx, hash)
	if err != nil {
		return errors.Is(err, bot.ErrNone), ignoreNone(err) // swept meanwhile
	}
	defer r.Close()
	head := make([]byte, 64)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return false, err
	}
	return s.cipher().UnderPresent(head[:n]), nil
}

func ignoreNone(err error) error {
	if errors.Is(err, bot.ErrNone) {
		return nil
	}
	return err
}

// encryptAgain puts a file in its own place, encrypted with the present key. One that is damaged stays as it is, and one that is
// forgotten meanwhile does not come back: it keeps its slot, whose key is destroyed then.
func (s *Store) encryptAgain(ctx context.Context, hash string) error {
	like := s.headOf(ctx, hash)
	r, err := s.Open(ctx, hash)
	if err != nil {
		return ignoreNone(err)
	}
	defer r.Close()
	_, err = s.add(ctx, hash, "application/octet-stream", r, like)
	if errors.Is(err, bot.ErrBroken) || errors.Is(err, bot.ErrErased) {
		return nil
	}
	return err
}

// Remove forgets one file, whoever names it; none is no error.
func (s *Store) Remove(ctx context.Context, hash string) error {
	if !isHash(hash) {
		return nil
	}
	if err := s.forgetKey(ctx, hash); err != nil {
		return err
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
	if err := s.forgetKey(ctx, hash); err != nil {
		return false, err
	}
	return true, s.backend.remove(ctx, hash)
}

// forgetKey makes every copy of a file unreadable, backups included.
func (s *Store) forgetKey(ctx context.Context, hash string) error {
	if s.cipher() == nil {
		return nil
	}
	return s.cipher().ForgetFile(s.headOf(ctx, hash))
}

// spool writes a file to disk, encrypted where there is a key, and returns how many bytes it has in the clear.
func (s *Store) spool(tmp io.Writer, plain io.Reader, ends *endsBuffer, like []byte) (size int64, err error) {
	if s.cipher() != nil {
		if plain, err = s.cipher().EncryptFile(plain, like); err != nil {
			return 0, err
		}
	}
	_, err = io.Copy(tmp, plain)
	return ends.size, err
}

// endsBuffer keeps the first headSize and the last tailSize bytes of what is written to it, counts it all, and notices where an
// archive stands in it.
type endsBuffer struct {
	head, tail []byte
	size       int64
	archive    bool
	seam       []byte // the last bytes, in which a mark may have begun
}

// Write never fails.
func (e *endsBuffer) Write(p []byte) (int, error) {
	if room := headSize - len(e.head); room > 0 {
		e.head = append(e.head, p[:min(room, len(p))]...)
	}
	e.lookForArchive(p)
	e.tail = append(e.tail, p...)
	if over := len(e.tail) - 2*tailSize; over > 0 {
		e.tail = append(e.tail[:0], e.lastBytes()...)
	}
	e.size += int64(len(p))
	return len(p), nil
}

// lastBytes are the last tailSize bytes, or all where there are fewer.
func (e *endsBuffer) lastBytes() []byte { return e.tail[max(0, len(e.tail)-tailSize):] }

// verifyingReader compares the content with its hash when it has been read to the end.
type verifyingReader struct {
	io.Reader
	io.Closer
	sum  hash.Hash
	want string
}

// Read passes the content on, and at its end says bot.ErrBroken in place of io.EOF where it was
// changed.
func (c *verifyingReader) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
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
