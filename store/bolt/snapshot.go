package bolt

import (
	"bufio"
	"context"
	"io"

	"go.etcd.io/bbolt"

	"nevermind/bot"
)

// Backup writes the file as it stands at one moment. The transaction that looks at it is a long one: the pages that
// others give up meanwhile are used again only when it is over.
func (s *Store) Backup(ctx context.Context, w io.Writer) error {
	return s.view(ctx, func(tx *bbolt.Tx) error {
		out := bufio.NewWriterSize(&cancellableWriter{ctx, s.quit, w}, 256<<10)
		if _, err := tx.WriteTo(out); err != nil {
			return err
		}
		return out.Flush()
	})
}

// cancellableWriter writes until its caller goes away or the store is closed, which would wait for it.
type cancellableWriter struct {
	ctx  context.Context
	quit <-chan struct{}
	w    io.Writer
}

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
