package bot

import (
	"context"
	"errors"
	"io"
	"time"
)

// LargestFile is how many bytes a person's file may have.
const LargestFile = 20 << 20

// What keeping a file may fail with besides a fault of the disk; look for these with errors.Is.
var (
	ErrTooLarge = errors.New("the file is larger than can be kept")
	ErrUnwanted = errors.New("the file is of a kind that is not kept")
	ErrFull     = errors.New("there is no room left for files")
)

// Blobs keeps people's files under their content hash. Nothing in it is ever run or rendered. Every method is safe for
// concurrent use.
type Blobs interface {
	// Put keeps what r holds and returns how it is named from now on, its type judged by content; the name is the
	// person's, less what could do harm. Once it returns, a crash loses nothing. ErrTooLarge above LargestFile,
	// ErrUnwanted for a kind that cannot be evidence, ErrFull where the rest of the disk is kept for other work. The same content
	// twice is kept once. A file is put before the message that names it is received; one that no conversation names is swept away
	// after a time.
	Put(ctx context.Context, name string, r io.Reader) (File, error)
	// Open reads a file by its SHA-256 in lower-case hex; ErrNone where there is none. A file that was damaged ends
	// in ErrBroken instead of io.EOF.
	Open(ctx context.Context, hash string) (io.ReadCloser, error)
	// Sweep forgets files put longer ago than that, by the clock of where they lie, if named says that nobody needs
	// them, and says how many.
	Sweep(ctx context.Context, older time.Duration, named func(hash string) (bool, error)) (forgotten int, err error)
}
