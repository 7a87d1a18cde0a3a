package blob

import (
	"bytes"
	"errors"
	"io"
	"path/filepath"
	"testing"

	"nevermind/bot"
	"nevermind/store/encryption"
)

// meanwhileCipher lets somebody in once a file was opened and before it is encrypted again.
type meanwhileCipher struct {
	encryption.FileKeys
	meanwhile func()
}

func (c meanwhileCipher) DecryptFile(r io.Reader) (io.Reader, error) {
	plain, err := c.FileKeys.DecryptFile(r)
	c.meanwhile()
	return plain, err
}

// TestErasedWhileRotated: a file that is forgotten while the house's key is being rotated does not come back under another one.
func TestErasedWhileRotated(t *testing.T) {
	eachShelf(t, func(t *testing.T, s *Store) {
		old := encryption.NewMaster()
		ring, err := encryption.CreateRing(filepath.Join(t.TempDir(), "ring"), old)
		must(t, err)
		defer ring.Close()
		s.EncryptWith(encryption.FileKeys{Master: old, Ring: ring})
		f, err := s.Put(t.Context(), "lamp.jpg", bytes.NewReader(jpeg))
		must(t, err)
		copied, err := s.OpenStored(t.Context(), f.Hash)
		must(t, err)
		before, err := io.ReadAll(copied)
		must(t, errors.Join(err, copied.Close()))
		forget := func() { must(t, s.Remove(t.Context(), f.Hash)) }
		s.EncryptWith(meanwhileCipher{encryption.FileKeys{Master: old.Rotated(), Ring: ring}, forget})
		_, err = s.EncryptAll(t.Context())
		must(t, err)
		s.EncryptWith(encryption.FileKeys{Master: old, Ring: ring})
		if r, err := s.Open(t.Context(), f.Hash); !errors.Is(err, bot.ErrNone) {
			t.Errorf("it is back: %v, %v", r, err)
		}
		must(t, s.Restore(t.Context(), f.Hash, bytes.NewReader(before)))
		if _, err := s.Open(t.Context(), f.Hash); !errors.Is(err, bot.ErrNone) {
			t.Errorf("a copy brings it back: %v", err)
		}
		_, err = s.Put(t.Context(), "lamp.jpg", bytes.NewReader(jpeg)) // the same photo, sent again
		must(t, err)
		r, err := s.Open(t.Context(), f.Hash)
		must(t, err)
		if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, jpeg) {
			t.Errorf("sent again it reads %q, %v", got, err)
		}
		must(t, r.Close())
	})
}
