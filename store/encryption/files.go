package encryption

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"

	"github.com/minio/sio"

	"nevermind/bot"
)

// A file is encrypted as a stream of packages (minio/sio, format DARE 2.0 with AES-256-GCM), under a key of its own: derived from
// the house's and a random salt. Before the stream stand a mark, which no file that is kept begins with, the name of the house's
// key, and the salt.
var fileMark = []byte("\x00nevermind\x01")

const saltSize = 32

// fileHead is how many bytes stand before the stream.
var fileHead = len(fileMark) + nameSize + saltSize

// EncryptFile returns what r holds, encrypted.
func (m Master) EncryptFile(r io.Reader) (io.Reader, error) {
	salt := make([]byte, saltSize)
	rand.Read(salt)
	stream, err := sio.EncryptReader(r, fileConfig(m.keys[0][:], salt))
	if err != nil {
		return nil, fmt.Errorf("encrypt a file: %w", err)
	}
	head := bytes.Join([][]byte{fileMark, m.names()[0], salt}, nil)
	return io.MultiReader(bytes.NewReader(head), stream), nil
}

// DecryptFile returns what was encrypted; a file that is plain, of an older version, is returned as it is. Reading it fails where
// it was damaged. ErrKey: it stands under another key.
func (m Master) DecryptFile(r io.Reader) (io.Reader, error) {
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
	for i, have := range m.names() {
		if bytes.Equal(name, have) {
			plain, err := sio.DecryptReader(r, fileConfig(m.keys[i][:], salt))
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
func Encrypted(head []byte) bool { return bytes.HasPrefix(head, fileMark) }

// UnderPresent says whether a file that begins so is encrypted with the present key.
func (m Master) UnderPresent(head []byte) bool {
	return Encrypted(head) && bytes.HasPrefix(head[len(fileMark):], m.names()[0])
}

func fileConfig(key, salt []byte) sio.Config {
	return sio.Config{MinVersion: sio.Version20, MaxVersion: sio.Version20, CipherSuites: []byte{sio.AES_256_GCM},
		Key: derive(key, "a file", salt)}
}
