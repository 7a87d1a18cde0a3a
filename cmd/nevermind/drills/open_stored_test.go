package drills

import (
	"errors"
	"io/fs"
	"path/filepath"

	"nevermind/bot"
	"nevermind/store/bolt"
	"nevermind/store/encryption"
)

// openStored opens the store of a data folder with the key that lies beside it.
func openStored(data string, opts ...bolt.Option) (*bolt.Store, error) {
	return bolt.Open(filepath.Join(data, "nevermind.db"), append(opts, keyOf(data))...)
}

// storedIn opens the store of a data folder, whenever it is asked to.
func storedIn(data string) func() (bot.Store, error) {
	return func() (bot.Store, error) {
		store, err := openStored(data)
		if err != nil {
			return nil, err
		}
		return store, nil
	}
}

// keyOf is the key that lies beside a data folder.
func keyOf(data string) bolt.Option {
	ring := bolt.Personal(func(string) (bolt.PersonalKeys, error) {
		key, err := encryption.ReadMaster(data + ".key")
		if err != nil {
			return nil, err
		}
		ring, err := encryption.OpenRing(data+".keyring", key)
		if errors.Is(err, fs.ErrNotExist) {
			return encryption.CreateRing(data+".keyring", key)
		}
		return ring, err
	})
	return bolt.Both(ring, bolt.Encrypted(func(wrapped [][]byte) (bolt.Keys, error) {
		key, err := encryption.ReadMaster(data + ".key")
		if wrapped == nil && errors.Is(err, fs.ErrNotExist) {
			key, err = encryption.CreateMaster(data + ".key")
		}
		if err != nil {
			return nil, err
		}
		return key.Keys(wrapped)
	}))
}
