package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"nevermind/bot"
	"nevermind/store/bolt"
	"nevermind/store/encryption"
	"nevermind/store/record"
)

// keyFile is where the house's key lies, if it is not a variable: beside the data folder and not in it, so that a copy of the
// data alone reads nothing.
func (s *settings) keyFile() string {
	if s.KeyFile != "" {
		return s.KeyFile
	}
	return strings.TrimRight(filepath.Clean(s.folder()), `/\`) + ".key"
}

// houseKey is the key that records and files are encrypted with; none where there is none yet.
func (s *settings) houseKey() (encryption.Master, error) {
	if s.Key.set() {
		key, err := encryption.ParseMaster(s.Key.text())
		if err != nil {
			return key, fmt.Errorf("NEVERMIND_KEY: %w", err)
		}
		return key, nil
	}
	key, err := encryption.ReadMaster(s.keyFile())
	if errors.Is(err, fs.ErrNotExist) {
		return encryption.Master{}, nil
	}
	return key, err
}

// ringFile is where the key ring lies: beside the house's key, since it too is to be kept apart from the data and its backups.
func (s *settings) ringFile() string { return strings.TrimSuffix(s.keyFile(), ".key") + ".keyring" }

// keyRing opens the key ring, or makes one. A process opens it once, since it gives out the slots.
func (s *settings) keyRing(key encryption.Master) (*encryption.Ring, error) {
	s.ringLock.Lock()
	defer s.ringLock.Unlock()
	if s.ring != nil {
		return s.ring, nil
	}
	kept, err := s.storage()
	if err != nil {
		return nil, err
	}
	ring, err := kept.ring(key)
	if err == nil {
		err = ring.Rewrap(key)
	}
	if err != nil {
		return nil, err
	}
	s.ring = ring
	return ring, nil
}

// keepStoreKeys keeps the keys of the store that was opened last, for when the house's key is rotated.
func (s *settings) keepStoreKeys(k *encryption.Keys) {
	s.ringLock.Lock()
	defer s.ringLock.Unlock()
	s.opened = k
}

// storeKeys are they.
func (s *settings) storeKeys() *encryption.Keys {
	s.ringLock.Lock()
	defer s.ringLock.Unlock()
	return s.opened
}

// closeRing closes it.
func (s *settings) closeRing() {
	s.ringLock.Lock()
	defer s.ringLock.Unlock()
	if s.ring != nil {
		_ = s.ring.Close() // everything in it is on the disk
		s.ring = nil
	}
}

// personalRing is the key ring for a store that was encrypted with the one of that name. One is made only for a store that has
// none.
func (p *program) personalRing(name string) (record.PersonalKeys, error) {
	key, err := p.set.houseKey()
	if err != nil {
		return nil, err
	}
	kept, err := p.set.storage()
	if err != nil {
		return nil, err
	}
	if name != "" {
		if there, where := kept.ringIsThere(); !there {
			return nil, fmt.Errorf("%w: what is about people was encrypted with the key ring %s, which is not there; put it there. "+
				"No new one is made", bot.ErrKey, where)
		}
	}
	ring, err := p.set.keyRing(key)
	if err != nil {
		return nil, err
	}
	if name != "" && ring.Name() != name {
		_, where := kept.ringIsThere()
		return nil, fmt.Errorf("%w: %s is another key ring than what is about people was encrypted with", bot.ErrKey, where)
	}
	return lentRing{ring, ring}, nil
}

// lentRing is the key ring as a store has it, which does not close it: it is closed when the program ends.
type lentRing struct {
	record.PersonalKeys
	forgetful interface{ Forget() }
}

// Forget forgets every key that is kept in memory, since another process has destroyed some.
func (r lentRing) Forget() { r.forgetful.Forget() }

// personalKeys has a file opened with the key ring.
func (p *program) personalKeys() bolt.Option {
	return bolt.Personal(func(name string) (bolt.PersonalKeys, error) { return p.personalRing(name) })
}

// isKey says whether a text is a key, or several.
func isKey(text string) bool {
	_, err := encryption.ParseMaster(text)
	return err == nil
}

// encrypted has a store opened with the house's key. One is made only for a store that has none: a store that was encrypted is
// never given another.
func (p *program) encrypted() bolt.Option {
	return bolt.Both(p.personalKeys(), p.houseKeys())
}

func (p *program) houseKeys() bolt.Option {
	return bolt.Encrypted(func(wrapped [][]byte) (bolt.Keys, error) {
		key, err := p.set.houseKey()
		if err != nil {
			return nil, err
		}
		switch {
		case key.IsZero() && wrapped == nil:
			if key, err = encryption.CreateMaster(p.set.keyFile()); err != nil {
				return nil, fmt.Errorf("make a key: %w", err)
			}
			p.log.Warn("made a key: everything stored is encrypted with it, and cannot be read without it; keep a copy, "+
				"apart from the data and its backups", "file", p.set.keyFile())
		case key.IsZero():
			return nil, fmt.Errorf("%w: what is stored was encrypted with a key that is not in %s; put it there, or say where it is "+
				"with NEVERMIND_KEY_FILE. No new key is made", bot.ErrKey, p.set.keyFile())
		}
		keys, err := key.Keys(wrapped)
		if err == nil {
			p.set.keepStoreKeys(keys)
		}
		return keys, err
	})
}
