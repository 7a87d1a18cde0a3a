package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"nevermind/bot"
	"nevermind/bot/engine"
	"nevermind/store/archive"
	"nevermind/store/encryption"
	"nevermind/store/postgres"
	"nevermind/store/record"
)

// postgresStorage keeps everything in a PostgreSQL database, for any number of processes.
type postgresStorage struct{ set *settings }

func (d *postgresStorage) named() string  { return "the database" }
func (d *postgresStorage) beside() string { return d.set.folder() }
func (d *postgresStorage) shared() bool   { return true }
func (d *postgresStorage) schema() int    { return postgres.Schema }
func (d *postgresStorage) mayHold() bool  { return true } // it is asked when it is opened

// faults wants the key and the ring to be given: replicas would each make their own.
func (d *postgresStorage) faults() (faults []error) {
	if key, err := d.set.houseKey(); err == nil && key.IsZero() {
		faults = append(faults, errors.New("NEVERMIND_KEY: has to be set with a PostgreSQL store, the same for every replica: "+
			"none is made; 32 random bytes in base64: openssl rand -base64 32"))
	}
	switch {
	case d.set.KeyRing == "":
		faults = append(faults, errors.New("NEVERMIND_KEYRING: has to be set with a PostgreSQL store: another database, for the keys "+
			"of single persons, which is backed up apart; such as postgres://user:password@host/nevermind_keys"))
	case !isPostgres(d.set.KeyRing):
		faults = append(faults, errors.New("NEVERMIND_KEYRING: not an address of a database; one looks like "+
			"postgres://user:password@host/nevermind_keys"))
	case postgres.SameDatabase(d.set.KeyRing, d.set.Store):
		faults = append(faults, errors.New("NEVERMIND_KEYRING: is the store's own database: a backup of it would hold the keys that "+
			"an erasure destroys; give another"))
	}
	return faults
}

// isPostgres says whether a text is an address of a PostgreSQL database.
func isPostgres(text string) bool {
	return (strings.HasPrefix(text, "postgres://") || strings.HasPrefix(text, "postgresql://")) && postgres.CheckURL(text) == nil
}

// config is how a database at that address is opened.
func (d *postgresStorage) config(p *program, at string) postgres.Config {
	return postgres.Config{
		URL: at,
		Keys: func(wrapped [][]byte) (record.Keys, error) {
			key, err := d.set.houseKey()
			if err != nil {
				return nil, err
			}
			if key.IsZero() {
				return nil, fmt.Errorf("%w: NEVERMIND_KEY has to be set", bot.ErrKey)
			}
			return key.Keys(wrapped)
		},
		Ring: func(name string) (record.PersonalKeys, error) { return p.personalRing(name) },
	}
}

// open opens the database, and joins those who work on it.
func (d *postgresStorage) open(ctx context.Context, p *program, old, serves bool) (bot.Store, error) {
	if old {
		there, err := postgres.Holds(ctx, d.set.Store)
		if err != nil {
			return nil, err
		}
		if !there {
			return nil, p.errNothingYet(d.named())
		}
	}
	if err := makeOwnFolder(d.set.folder()); err != nil { // the control socket stands there
		return nil, err
	}
	cfg := d.config(p, d.set.Store)
	cfg.Serves = serves
	if strings.HasPrefix(d.set.Files, "s3:") {
		cfg.Files = d.set.Files
	}
	store, err := postgres.Open(ctx, cfg)
	if errors.Is(err, postgres.ErrFiles) {
		return nil, errors.New("another server works on this database: several keep people's files where all reach them, the same " +
			"for each; set NEVERMIND_FILES=s3://… on all of them")
	}
	if err != nil {
		return nil, err
	}
	return store, nil
}

// check looks through a copy in a schema of its own.
func (d *postgresStorage) check(ctx context.Context, p *program, path string) (found archive.Holdings, err error) {
	return found, d.unpacked(ctx, path, func(at string) error {
		store, err := postgres.Open(ctx, d.config(p, at))
		if err != nil {
			return err
		}
		report, err := store.Check(ctx)
		found = archive.Holdings(report)
		return errors.Join(err, store.Close())
	})
}

// read opens a copy in a schema of its own.
func (d *postgresStorage) read(ctx context.Context, p *program, path string, f func(bot.Store) error) error {
	return d.unpacked(ctx, path, func(at string) error {
		store, err := postgres.Open(ctx, d.config(p, at))
		if err != nil {
			return err
		}
		return errors.Join(f(store), store.Close())
	})
}

// unpacked calls f while a copy stands in a schema of its own.
func (d *postgresStorage) unpacked(ctx context.Context, path string, f func(at string) error) (err error) {
	if ours, err := isPostgresCopy(path); err != nil || !ours {
		return errors.Join(err, errors.New("it is of a store in a file: restore it into one (bolt:PATH)"))
	}
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // it was only read
	at, drop, err := postgres.Unpack(ctx, d.set.Store, file)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, drop()) }()
	return f(at)
}

// place wants the database to be empty, or that it may be put aside, and that nobody works on it.
func (d *postgresStorage) place(ctx context.Context, _ *program, replace bool) error {
	there, err := postgres.Holds(ctx, d.set.Store)
	if err != nil {
		return err
	}
	if there && !replace {
		return errors.New("the database holds a store already: restore into another, or say --replace, which puts it aside into a " +
			"schema of its own")
	}
	living, err := postgres.Living(ctx, d.set.Store)
	if err != nil {
		return err
	}
	if len(living) > 0 {
		return fmt.Errorf("a nevermind works on the database (%s): stop all of them first", strings.Join(living, ", "))
	}
	return makeOwnFolder(d.set.folder())
}

// restore readies a copy in a schema of its own and puts it in the store's place, all at once.
func (d *postgresStorage) restore(
	ctx context.Context, p *program, path string, made time.Time, files func() error,
) (done restored, err error) {
	file, err := os.Open(path)
	if err != nil {
		return done, err
	}
	defer file.Close() //nolint:errcheck // it was only read
	at, drop, err := postgres.Unpack(ctx, d.set.Store, file)
	if err != nil {
		return done, err
	}
	defer func() { err = errors.Join(err, drop()) }() // what is left of it
	store, err := postgres.Open(ctx, d.config(p, at))
	if err != nil {
		return done, err
	}
	done.aside, err = engine.Restored(ctx, store, p.now(), made)
	if err = errors.Join(err, store.Close()); err != nil {
		return done, err
	}
	if err := files(); err != nil {
		return done, err
	}
	before, err := postgres.SwapIn(ctx, d.set.Store, at, "replaced_"+p.now().UTC().Format("20060102_150405"))
	if errors.Is(err, bot.ErrLocked) {
		return done, errors.New("a nevermind has begun to work on the database: stop all of them first")
	}
	if before != "" {
		done.before = "the schema " + before
	}
	return done, err
}

// ring opens the key ring's database, or begins one in it.
func (d *postgresStorage) ring(key encryption.Master) (*encryption.Ring, error) {
	ctx, cancel := context.WithTimeout(context.Background(), probeTime*10)
	defer cancel()
	slots, err := postgres.OpenSlots(ctx, d.set.KeyRing)
	if err != nil {
		return nil, err
	}
	ring, err := encryption.OpenRingAt(slots, key)
	if errors.Is(err, bot.ErrNone) {
		ring, err = encryption.CreateRingAt(slots, key)
	}
	if err != nil {
		return nil, errors.Join(err, slots.Close())
	}
	return ring, nil
}

// ringIsThere says whether the key ring was begun.
func (d *postgresStorage) ringIsThere() (there bool, where string) {
	ctx, cancel := context.WithTimeout(context.Background(), probeTime*10)
	defer cancel()
	const named = "in the database of NEVERMIND_KEYRING"
	slots, err := postgres.OpenSlots(ctx, d.set.KeyRing)
	if err != nil {
		return true, named // whoever opens it is told why that cannot be
	}
	defer slots.Close() //nolint:errcheck // it was only read
	_, err = slots.Head()
	return !errors.Is(err, bot.ErrNone), named
}

// size is the database's.
func (d *postgresStorage) size(ctx context.Context, store bot.Store) int64 {
	sized, ok := store.(interface {
		Size(ctx context.Context) (int64, error)
	})
	if !ok {
		return 0
	}
	n, err := sized.Size(ctx)
	if err != nil {
		return 0
	}
	return n
}

// isPostgresCopy says whether a file is a copy of a database.
func isPostgresCopy(path string) (bool, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer f.Close() //nolint:errcheck // it was only read
	head := make([]byte, 32)
	n, err := io.ReadFull(f, head)
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		err = nil
	}
	return postgres.IsCopy(head[:n]), err
}
