package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"nevermind/bot"
	"nevermind/bot/engine"
	"nevermind/store/archive"
	"nevermind/store/bolt"
	"nevermind/store/encryption"
)

// boltStorage keeps everything in one file, for one process.
type boltStorage struct {
	set  *settings
	path string
}

func (b *boltStorage) named() string  { return b.path }
func (b *boltStorage) beside() string { return filepath.Dir(b.path) }
func (b *boltStorage) shared() bool   { return false }
func (b *boltStorage) schema() int    { return new(bolt.Store).Schema() }

func (b *boltStorage) faults() []error {
	if b.set.KeyRing != "" {
		return []error{errors.New("NEVERMIND_KEYRING: belongs to a PostgreSQL store; that of a file lies beside its key")}
	}
	return nil
}

// mayHold says whether the file is there.
func (b *boltStorage) mayHold() bool {
	_, err := os.Stat(b.path)
	return err == nil
}

// open opens the file.
func (b *boltStorage) open(_ context.Context, p *program, old, _ bool) (bot.Store, error) {
	if _, err := os.Stat(b.path); old && errors.Is(err, fs.ErrNotExist) {
		return nil, p.errNothingYet(b.set.folder())
	}
	for _, folder := range []string{b.set.folder(), b.beside()} {
		if err := makeOwnFolder(folder); err != nil {
			return nil, err
		}
	}
	store, err := bolt.Open(b.path, bolt.Both(p.encrypted(), bolt.Patience(editPatience)))
	switch {
	case errors.Is(err, bot.ErrLocked):
		return nil, fmt.Errorf("another nevermind has %s open: a server or demo that runs on it, or a command like this one; "+
			"stop it, or try again when it is done: %w", b.path, err)
	case err != nil:
		return nil, err
	}
	return store, nil
}

// editPatience is how long it may take until it is written down that an edit has been made. A crash meanwhile makes it again,
// which nobody sees.
const editPatience = 10 * time.Millisecond

// check verifies a file.
func (b *boltStorage) check(ctx context.Context, p *program, path string) (archive.Holdings, error) {
	if other, err := isPostgresCopy(path); err != nil || other {
		return archive.Holdings{}, errors.Join(err,
			errors.New("it is of a PostgreSQL store: restore it into one"))
	}
	found, err := bolt.Check(ctx, path, p.encrypted())
	return archive.Holdings(found), err
}

// read opens a copy: our own, and an older one is brought up to date.
func (b *boltStorage) read(_ context.Context, p *program, path string, f func(bot.Store) error) error {
	store, err := bolt.Open(path, bolt.NoSync(), p.encrypted())
	if err != nil {
		return err
	}
	return errors.Join(f(store), store.Close())
}

// place makes the folder, where nothing is in it or it may be put aside.
func (b *boltStorage) place(_ context.Context, _ *program, replace bool) error {
	if _, err := os.Lstat(b.path); err == nil && !replace {
		return fmt.Errorf("%s is there already: restore into another folder with --data, or say --replace, which puts it aside",
			b.path)
	}
	for _, folder := range []string{b.set.folder(), b.beside()} {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return fmt.Errorf("make the data folder: %w", err)
		}
	}
	return nil
}

// restore readies a file and puts it in place; until the last rename nothing is changed.
func (b *boltStorage) restore(
	ctx context.Context, p *program, path string, made time.Time, files func() error,
) (restored, error) {
	store, err := bolt.Open(path, p.encrypted())
	if err != nil {
		return restored{}, err
	}
	aside, err := engine.Restored(ctx, store, p.now(), made)
	if err = errors.Join(err, store.Close()); err != nil {
		return restored{}, err
	}
	if err := files(); err != nil {
		return restored{}, err
	}
	before, err := swapIn(b.path, path, p.now())
	return restored{aside, before}, err
}

// swapIn puts the fresh database in place of the one that is there, which is put aside under a name
// of its own: before. Both renames are within one folder, and take a log along; where the second fails the first is
// undone.
func swapIn(path, fresh string, now time.Time) (before string, err error) {
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		return "", errors.Join(bolt.Rename(fresh, path), archive.SyncFolder(filepath.Dir(path)))
	}
	release, err := bolt.Lock(path)
	if errors.Is(err, bot.ErrLocked) {
		return "", fmt.Errorf("a nevermind has %s open: stop it first", path)
	}
	if err != nil {
		return "", err
	}
	before = path + ".replaced-" + now.UTC().Format("20060102-150405")
	if err = bolt.Rename(path, before); err == nil {
		if err = bolt.Rename(fresh, path); err != nil {
			err = errors.Join(err, bolt.Rename(before, path))
		}
	}
	return before, errors.Join(err, archive.SyncFolder(filepath.Dir(path)), release())
}

// ring opens the key ring's file, or makes one.
func (b *boltStorage) ring(key encryption.Master) (*encryption.Ring, error) {
	ring, err := encryption.OpenRing(b.set.ringFile(), key)
	if errors.Is(err, fs.ErrNotExist) {
		ring, err = encryption.CreateRing(b.set.ringFile(), key)
	}
	return ring, err
}

// ringIsThere says whether there is a key ring, and where it is looked for.
func (b *boltStorage) ringIsThere() (there bool, where string) {
	_, err := os.Stat(b.set.ringFile())
	return !errors.Is(err, fs.ErrNotExist), b.set.ringFile()
}

// size is the file's.
func (b *boltStorage) size(context.Context, bot.Store) int64 {
	info, err := os.Stat(b.path)
	if err != nil {
		return 0
	}
	return info.Size()
}

// makeOwnFolder makes a folder that only its owner opens.
func makeOwnFolder(folder string) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	return refuseOpenFolder(folder)
}
