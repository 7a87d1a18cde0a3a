package bolt

import (
	"fmt"

	"go.etcd.io/bbolt"

	"nevermind/bot"
)

// keysKey is where meta keeps the keys that the file is encrypted with, each under the house's key, with its length before it. A
// file that has none is not encrypted.
var keysKey = []byte("keys")

// ringKey is where meta keeps the name of the key ring that the file is encrypted with.
var ringKey = []byte("ring")

// attachRing opens the key ring that a file names; nothing where it names none.
func attachRing(x *secrets, db *bbolt.DB, o *options) error {
	if o.ring == nil {
		return nil
	}
	var name string
	if err := catchDamage(func() error {
		return db.View(func(tx *bbolt.Tx) error {
			name = string(tx.Bucket(bucketNames[meta]).Get(ringKey))
			return nil
		})
	}); err != nil || name == "" {
		return err
	}
	var err error
	x.Ring, err = o.ring(name)
	return err
}

// putRing makes a new file's key ring and stores its name.
func (d *database) putRing(open func(name string) (PersonalKeys, error)) (err error) {
	if open == nil {
		return nil
	}
	if d.secrets.Ring, err = open(""); err != nil {
		return err
	}
	return d.Update(func(tx *transaction) error {
		return bucketIn(tx, meta).Put(ringKey, []byte(d.secrets.Ring.Name()))
	})
}

// openSecrets reads what a file is encrypted with; nil where it is plain. bot.ErrKey: there is no key, or the wrong one. A key is
// never made for a file that has one.
func openSecrets(db *bbolt.DB, o *options) (*secrets, error) {
	if o.lockOnly {
		return nil, nil //nolint:nilnil // a plain file has no secrets
	}
	var wrapped [][]byte
	err := catchDamage(func() error {
		return db.View(func(tx *bbolt.Tx) error {
			if m := tx.Bucket(bucketNames[meta]); m != nil {
				wrapped = cutKeys(m.Get(keysKey))
			}
			return nil
		})
	})
	switch {
	case err != nil || wrapped == nil:
		return nil, err
	case o.keys == nil:
		return nil, fmt.Errorf("%w: the file is encrypted, and no key is given", bot.ErrKey)
	}
	keys, err := o.keys(wrapped)
	if err != nil {
		return nil, err
	}
	x := newSecrets(keys)
	return x, attachRing(x, db, o)
}

// encryptNew begins a new file's encryption, before anything is in it.
func (d *database) encryptNew(o *options) error {
	keys, err := o.keys(nil)
	if err != nil {
		return err
	}
	d.secrets = newSecrets(keys)
	if err := d.putKeys(); err != nil {
		return err
	}
	return d.putRing(o.ring)
}

// opensForKey is how many openings of a file share a key: none knows how much the ones before have encrypted.
const opensForKey = 16

// refreshKeys puts the file's keys under the house's present one, where that was rotated, and begins a new one once in a while.
func (s *Store) refreshKeys(opens uint64) error {
	changed, err := s.db.secrets.Keys.Rewrap()
	switch {
	case err != nil:
		return err
	case opens%opensForKey == 0:
		return s.renewKey()
	case changed:
		return s.db.putKeys()
	}
	return nil
}

// RewrapKeys puts the store's keys under the house's present one while the store is in use: a hundred bytes are written anew and
// no record.
func (s *Store) RewrapKeys() error {
	if s.db.secrets == nil {
		return nil
	}
	changed, err := s.db.secrets.Keys.Rewrap()
	if err != nil || !changed {
		return err
	}
	return s.db.putKeys()
}

// renewKey encrypts with a new key from now on, which is durable before anything that it encrypts.
func (s *Store) renewKey() error {
	if err := s.db.secrets.Keys.Renew(); err != nil {
		return err
	}
	return s.db.putKeys()
}

// putKeys stores the keys as they are wrapped now.
func (d *database) putKeys() error {
	return d.Update(func(tx *transaction) error {
		return bucketIn(tx, meta).Put(keysKey, joinKeys(d.secrets.Keys.Wrapped()))
	})
}
