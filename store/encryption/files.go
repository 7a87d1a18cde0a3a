package encryption

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/minio/sio"

	"nevermind/bot"
)

// A file is encrypted as a stream of packages (minio/sio, format DARE 2.0 with AES-256-GCM), under a key of its own: derived from
// the house's, a random salt, and the key of a slot of the key ring, so that whoever destroys that has erased every copy of the
// file. Before the stream stand a mark, which no file that is kept begins with, the name of the house's key, the salt and the
// slot.
var (
	fileMark   = []byte("\x00nevermind\x02")
	noSlotMark = []byte("\x00nevermind\x01") // of a file without a slot, of an older version
	marksBegin = fileMark[:len(fileMark)-1]
	errNoRing  = fmt.Errorf("%w: there is no key ring for a file", ErrKey)
)

const (
	saltSize  = 32
	slotBytes = 4
)

// fileHead is how many bytes stand before the stream, without the slot.
var fileHead = len(fileMark) + nameSize + saltSize

// FileKeys are what files are encrypted with.
type FileKeys struct {
	Master
	Ring *Ring
}

// EncryptFile returns what r holds, encrypted. like is the beginning of an encrypted file of the same content, whose slot it
// gets. bot.ErrErased: that one's key was destroyed, so the file is to be gone.
func (k FileKeys) EncryptFile(r io.Reader, like []byte) (io.Reader, error) {
	salt := make([]byte, saltSize)
	rand.Read(salt)
	slot, there := k.slotOf(like)
	if !there {
		var err error
		if slot, err = k.Ring.New(); err != nil {
			return nil, err
		}
	}
	own, err := k.Ring.fileKey(slot)
	if err != nil {
		return nil, err
	}
	stream, err := sio.EncryptReader(r, fileConfig(k.keys[0][:], salt, own))
	if err != nil {
		return nil, fmt.Errorf("encrypt a file: %w", err)
	}
	head := bytes.Join([][]byte{fileMark, k.names()[0], salt, binary.BigEndian.AppendUint32(nil, slot)}, nil)
	return io.MultiReader(bytes.NewReader(head), stream), nil
}

// slotOf is the slot of a file that begins so, if it has one.
func (k FileKeys) slotOf(head []byte) (uint32, bool) {
	if k.Ring == nil || !bytes.HasPrefix(head, fileMark) || len(head) < fileHead+slotBytes {
		return 0, false
	}
	return binary.BigEndian.Uint32(head[fileHead:]), true
}

// ForgetFile destroys the key of a file that begins so: no copy of it is read any more.
func (k FileKeys) ForgetFile(head []byte) error {
	if slot, there := k.slotOf(head); there {
		return k.Ring.Destroy(slot)
	}
	return nil
}

// DecryptFile returns what was encrypted; a file that is plain, of an older version, is returned as it is. Reading it fails where
// it was damaged. ErrKey: it stands under another key. bot.ErrErased: its key was destroyed.
func (k FileKeys) DecryptFile(r io.Reader) (io.Reader, error) {
	m := k.Master
	head := make([]byte, fileHead)
	n, err := io.ReadFull(r, head)
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return bytes.NewReader(head[:n]), nil
	case err != nil:
		return nil, err
	case !Encrypted(head):
		return io.MultiReader(bytes.NewReader(head), r), nil
	}
	name, salt := head[len(fileMark):len(fileMark)+nameSize], head[len(fileMark)+nameSize:]
	var own []byte
	if !bytes.HasPrefix(head, noSlotMark) {
		slot := make([]byte, slotBytes)
		if _, err := io.ReadFull(r, slot); err != nil {
			return nil, fmt.Errorf("%w: a file is cut short", bot.ErrBroken)
		}
		if k.Ring == nil {
			return nil, errNoRing
		}
		if own, err = k.Ring.fileKey(binary.BigEndian.Uint32(slot)); err != nil {
			return nil, err
		}
	}
	for i, have := range m.names() {
		if bytes.Equal(name, have) {
			plain, err := sio.DecryptReader(r, fileConfig(m.keys[i][:], salt, own))
			return damageReader{plain}, err
		}
	}
	return nil, fmt.Errorf("%w: a file was encrypted with the key named %x", ErrKey, name)
}

// damageReader says bot.ErrBroken of a stream that does not decrypt.
type damageReader struct{ io.Reader }

func (d damageReader) Read(p []byte) (int, error) {
	n, err := d.Reader.Read(p)
	if damage, ok := errors.AsType[sio.Error](err); ok {
		err = fmt.Errorf("%w: %w", bot.ErrBroken, damage)
	}
	return n, err
}

// Encrypted says whether a file that begins so is encrypted.
func Encrypted(head []byte) bool { return bytes.HasPrefix(head, marksBegin) }

// UnderPresent says whether a file that begins so is encrypted with the present key and a slot.
func (k FileKeys) UnderPresent(head []byte) bool {
	m := k.Master
	return bytes.HasPrefix(head, fileMark) && bytes.HasPrefix(head[len(fileMark):], m.names()[0])
}

func fileConfig(key, salt, own []byte) sio.Config {
	return sio.Config{MinVersion: sio.Version20, MaxVersion: sio.Version20, CipherSuites: []byte{sio.AES_256_GCM},
		Key: derive(key, "a file", salt, own)}
}
