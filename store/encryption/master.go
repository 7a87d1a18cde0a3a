// Package encryption is what stored records and files are encrypted with: the house's key (Master), under which a store's own
// keys stand (Keys), and streams of files (files.go). The ciphers are the standard library's AES-256-GCM and, for streams,
// minio/sio; this package only says which key is used where. See docs/decisions/120.
package encryption

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"nevermind/bot"
)

// ErrKey is bot.ErrKey: a key that is missing, malformed, or not the one that something was encrypted with.
var ErrKey = bot.ErrKey

// keySize is the size of every key, in bytes.
const keySize = 32

// Master is the house's key, from which nothing is encrypted but other keys and files. While it is being rotated there are older
// ones besides, which only read.
type Master struct{ keys [][keySize]byte }

// NewMaster makes a key at random.
func NewMaster() Master {
	var key [keySize]byte
	rand.Read(key[:])
	return Master{[][keySize]byte{key}}
}

// ParseMaster reads keys of 32 bytes in base64: the present one, and after spaces, commas or line ends older ones.
func ParseMaster(text string) (Master, error) {
	var m Master
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(", \t\r\n", r) }) {
		raw, err := base64.StdEncoding.DecodeString(word)
		if err != nil || len(raw) != keySize {
			return Master{}, fmt.Errorf("%w: want %d bytes in base64, as openssl rand -base64 %[2]d prints them", ErrKey, keySize)
		}
		m.keys = append(m.keys, [keySize]byte(raw))
	}
	if len(m.keys) == 0 {
		return Master{}, fmt.Errorf("%w: it is empty", ErrKey)
	}
	return m, nil
}

// ReadMaster reads a key's file.
func ReadMaster(path string) (Master, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return Master{}, err
	}
	m, err := ParseMaster(string(text))
	if err != nil {
		return Master{}, fmt.Errorf("%s: %w", path, err)
	}
	return m, nil
}

// CreateMaster makes a key and its file, which only its owner can read. Where the file is there already it is an error: a key is
// never written over.
func CreateMaster(path string) (Master, error) {
	m := NewMaster()
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return Master{}, err
	}
	_, err = f.WriteString(m.text())
	err = errors.Join(err, f.Sync(), f.Close(), syncFolder(filepath.Dir(path)))
	return m, err
}

// Rotated is a new key with the ones so far behind it.
func (m Master) Rotated() Master { return Master{append(NewMaster().keys, m.keys...)} }

// Present is the present key alone.
func (m Master) Present() Master { return Master{m.keys[:1]} }

// WriteTo writes the key's file anew: beside it first, so that a crash leaves the old one or the new one.
func (m Master) WriteTo(path string) error {
	begun := path + ".new"
	if err := os.Remove(begun); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := os.OpenFile(begun, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(m.text())
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return errors.Join(os.Rename(begun, path), syncFolder(filepath.Dir(path)))
}

// IsZero says whether there is no key.
func (m Master) IsZero() bool { return len(m.keys) == 0 }

// Name tells keys apart without telling anything of them; it may be shown.
func (m Master) Name() string { return hex.EncodeToString(m.names()[0]) }

// names are the names of all keys, the present one first.
func (m Master) names() [][]byte {
	var all [][]byte
	for i := range m.keys {
		all = append(all, derive(m.keys[i][:], "name")[:nameSize])
	}
	return all
}

// nameSize is how many bytes a key's name has.
const nameSize = 8

// text is what stands in a key's file.
func (m Master) text() string {
	var lines strings.Builder
	for i := range m.keys {
		lines.WriteString(base64.StdEncoding.EncodeToString(m.keys[i][:]) + "\n")
	}
	return lines.String()
}

// String shows that there is a key, and nothing of it.
func (m Master) String() string { return "(secret)" }

// GoString does the same.
func (m Master) GoString() string { return m.String() }

// derive makes a key for one purpose out of another.
func derive(key []byte, purpose string, more ...[]byte) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte("nevermind " + purpose))
	for _, b := range more {
		h.Write(b)
	}
	return h.Sum(nil)
}

func syncFolder(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
