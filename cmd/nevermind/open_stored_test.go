package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"nevermind/store/bolt"
	"nevermind/store/encryption"
)

// openStored opens the store of a data folder with the key that lies beside it.
func openStored(data string, opts ...bolt.Option) (*bolt.Store, error) {
	return bolt.Open(filepath.Join(data, "nevermind.db"), append(opts, keyOf(data))...)
}

// keyOf is the key that lies beside a data folder.
func keyOf(data string) bolt.Option {
	return bolt.Encrypted(func(wrapped [][]byte) (bolt.Keys, error) {
		key, err := encryption.ReadMaster(data + ".key")
		if wrapped == nil && errors.Is(err, fs.ErrNotExist) {
			key, err = encryption.CreateMaster(data + ".key")
		}
		if err != nil {
			return nil, err
		}
		return key.Keys(wrapped)
	})
}

// lendKey puts the key of one data folder beside another.
func lendKey(t *testing.T, from, to string) {
	t.Helper()
	key, err := os.ReadFile(from + ".key")
	if err == nil {
		err = os.WriteFile(to+".key", key, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}
