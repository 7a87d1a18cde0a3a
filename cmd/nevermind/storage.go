package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"nevermind/bot"
	"nevermind/store/archive"
	"nevermind/store/encryption"
)

// storage is where everything is kept, as NEVERMIND_STORE says: a file (storage_bolt.go) or a database (storage_postgres.go).
// Nothing else in this package knows one from the other.
type storage interface {
	// faults is what is wrong with the settings around it.
	faults() []error
	// mayHold says whether there may be a store already. old, in open, wants that there is one.
	mayHold() bool
	// open opens the store, for a server or a command, and says in a sentence why it cannot.
	open(ctx context.Context, p *program, old, serves bool) (bot.Store, error)
	// beside is a folder where a copy of the store may be written.
	beside() string
	// check verifies a copy that Backup wrote and counts what it holds; read opens one.
	check(ctx context.Context, p *program, path string) (archive.Holdings, error)
	read(ctx context.Context, p *program, path string, f func(bot.Store) error) error
	// place is where a restored store belongs, if it may be put there; restore puts a copy there.
	place(ctx context.Context, p *program, replace bool) error
	restore(ctx context.Context, p *program, path string, made time.Time, files func() error) (restored, error)
	// ring opens the key ring, or makes one; the settings keep it until the program ends. ringIsThere says whether there is one.
	ring(key encryption.Master) (*encryption.Ring, error)
	ringIsThere() (there bool, where string)
	// named is what an operator knows it by: a path, never an address with a password.
	named() string
	// shared says whether several processes may work on it at once.
	shared() bool
	schema() int
	// size is how many bytes it takes; 0 where that is not known.
	size(ctx context.Context, store bot.Store) int64
}

// restored is what a restore has done.
type restored struct {
	aside  int    // tasks that were set aside
	before string // where what was there is now; "" where nothing was
}

// storage is where everything is kept. What the setting says is never repeated, it may hold a password.
func (s *settings) storage() (storage, error) { return storageAt(s, s.Store) }

// storageAt is the store that an address names, with these settings around it.
func storageAt(s *settings, at string) (storage, error) {
	kind, path, _ := strings.Cut(at, ":")
	switch {
	case at == "":
		return &boltStorage{s, filepath.Join(s.folder(), "nevermind.db")}, nil
	case kind == "bolt" && path != "":
		return &boltStorage{s, path}, nil
	case isPostgres(at):
		return &postgresStorage{s}, nil
	case kind == "postgres" || kind == "postgresql":
		return nil, errors.New("NEVERMIND_STORE: not an address of a database; one looks like postgres://user:password@host/database")
	}
	return nil, errors.New("NEVERMIND_STORE: not a store; use bolt:PATH or postgres://user:password@host/database")
}

// stored says whether there may be a store already.
func (s *settings) stored() bool {
	kept, err := s.storage()
	return err == nil && kept.mayHold()
}

// openStore opens the store that the settings name. old: it must be there already.
func (p *program) openStore(ctx context.Context, old, serves bool) (bot.Store, error) {
	kept, err := p.set.storage()
	if err != nil {
		return nil, usageError{err}
	}
	store, err := kept.open(ctx, p, old, serves)
	if guarded, ok := store.(interface{ LostSlots() uint32 }); ok && err == nil && guarded.LostSlots() > 0 {
		p.log.Warn("the key ring is an older copy than the store: who came since cannot be read, and who was erased since can be; "+
			"put the newest copy back", "slots", guarded.LostSlots())
	}
	return store, err
}

// checkDatabase verifies a copy of the store and counts what it holds.
func (p *program) checkDatabase(ctx context.Context, path string) (archive.Holdings, error) {
	kept, err := p.set.storage()
	if err != nil {
		return archive.Holdings{}, usageError{err}
	}
	return kept.check(ctx, p, path)
}

// errNothingYet is told where a store has to be there and is not.
func (p *program) errNothingYet(where string) error {
	return fmt.Errorf("there is nothing in %s yet: import orders, or start the demo with --data %s", where, p.set.folder())
}
