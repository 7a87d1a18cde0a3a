package bolt

import (
	"bufio"
	"context"
	"io"

	"nevermind/bot"
)

// Backup writes a snapshot: the file as it stands at one moment, with all that was committed before,
// while others go on. It is one long read transaction, during which pages that are given up cannot
// be reused and the file grows, so w
// should be a file or as fast. ErrClosed: the store was closed meanwhile.
func (s *Store) Backup(ctx context.Context, w io.Writer) error {
	return s.viewIn(ctx, s.wholeView, func(tx *transaction) error {
		out := bufio.NewWriterSize(&cancellableWriter{ctx, s.quit, w}, 256<<10)
		if _, err := tx.WriteTo(out); err != nil {
			return err
		}
		return out.Flush()
	})
}

// wholeView runs f in a read transaction of the file into which the log has been brought.
func (s *Store) wholeView(f func(tx *transaction) error) error {
	tx, err := s.db.wal.wholeView(s.db.secrets)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // it was only read
	return f(tx)
}

// cancellableWriter writes until its caller's context ends or the store is closed, which would
// otherwise wait for the snapshot.
type cancellableWriter struct {
	ctx  context.Context
	quit <-chan struct{}
	w    io.Writer
}

// Write passes on what it gets, or says why it no longer does.
func (p *cancellableWriter) Write(b []byte) (int, error) {
	select {
	case <-p.quit:
		return 0, bot.ErrClosed
	default:
	}
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	return p.w.Write(b)
}
