package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"nevermind/bot"
	"nevermind/store/archive"
	"nevermind/store/bolt"
	"nevermind/store/encryption"
	"nevermind/store/record"
)

// boltEnd is a file at one end of a move. Rows are taken in under another name.
type boltEnd struct {
	path, ring string
	key        encryption.Master
}

func (b *boltEnd) moving() string { return b.path + ".moving" }

func (b *boltEnd) there(context.Context) (bool, error) {
	_, err := os.Stat(b.path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// free wants nobody to have the file open.
func (b *boltEnd) free(ctx context.Context) error {
	if there, err := b.there(ctx); err != nil || !there {
		return err
	}
	release, err := bolt.Lock(b.path)
	if errors.Is(err, bot.ErrLocked) {
		return fmt.Errorf("a nevermind has %s open: stop it first", b.path)
	}
	if err != nil {
		return err
	}
	return release()
}

func (b *boltEnd) readRing(context.Context) ([]byte, error) {
	ring, err := os.ReadFile(b.ring)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return ring, err
}

func (b *boltEnd) writeRing(ctx context.Context, ring []byte) error {
	before, err := b.readRing(ctx)
	if err != nil {
		return err
	}
	if before != nil && !encryption.SameRing(before, ring) {
		return fmt.Errorf("%s is the key ring of another store: move it away, or name another folder with --data", b.ring)
	}
	begun := b.ring + ".moving"
	if err := makeOwnFolder(filepath.Dir(b.ring)); err != nil {
		return err
	}
	if err := os.Remove(begun); err != nil && !errors.Is(err, fs.ErrNotExist) { // of a move that was cut short
		return err
	}
	if err := archive.WriteFile(ctx, begun, bytes.NewReader(ring)); err != nil {
		return err
	}
	return errors.Join(os.Rename(begun, b.ring), archive.SyncFolder(filepath.Dir(b.ring)))
}

func (b *boltEnd) options() []bolt.Option {
	return []bolt.Option{
		bolt.Encrypted(masterKeys(b.key)),
		bolt.Personal(sameRing(func() (*encryption.Ring, error) { return encryption.OpenRing(b.ring, b.key) })),
	}
}

func (b *boltEnd) open(context.Context) (movedStore, error) { return openBolt(b.path, b.options()...) }

// openBolt keeps no nil in an interface.
func openBolt(path string, opts ...bolt.Option) (movedStore, error) {
	store, err := bolt.Open(path, opts...)
	if err != nil {
		return nil, err
	}
	return store, nil
}

// begin makes the file in which rows are taken in. It is synced at the end: a machine that stops before has it begun anew.
func (b *boltEnd) begin(_ context.Context, head record.HeadRow, afresh bool) error {
	if err := makeOwnFolder(filepath.Dir(b.path)); err != nil {
		return err
	}
	if afresh {
		if err := bolt.Remove(b.moving()); err != nil {
			return err
		}
	}
	if _, err := os.Stat(b.moving()); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return bolt.Prepare(b.moving(), head, bolt.NoSync())
}

func (b *boltEnd) begun(context.Context) (movedStore, error) {
	return openBolt(b.moving(), append(b.options(), bolt.NoSync())...)
}

func (b *boltEnd) place(ctx context.Context) error {
	if _, err := bolt.Check(ctx, b.moving(), b.options()...); err != nil {
		return err
	}
	return errors.Join(syncFile(b.moving()), bolt.Rename(b.moving(), b.path), archive.SyncFolder(filepath.Dir(b.path)))
}

// syncFile has all of a file be on the disk.
func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
