package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"nevermind/bot"
	"nevermind/store/encryption"
	"nevermind/store/postgres"
	"nevermind/store/record"
)

// postgresEnd is a database at one end of a move. Rows are taken in in a schema of its own.
type postgresEnd struct {
	at, ring string
	key      encryption.Master
}

// movingSchema is the schema in which rows are taken in.
const movingSchema = "nevermind_moving"

func (d *postgresEnd) there(ctx context.Context) (bool, error) { return postgres.Holds(ctx, d.at) }

// free wants nobody to work on the database.
func (d *postgresEnd) free(ctx context.Context) error {
	there, err := d.there(ctx)
	if err != nil || !there {
		return err
	}
	living, err := postgres.Living(ctx, d.at)
	if err == nil && len(living) > 0 {
		err = fmt.Errorf("a nevermind works on the database (%s): stop all of them first", strings.Join(living, ", "))
	}
	return err
}

func (d *postgresEnd) readRing(ctx context.Context) ([]byte, error) {
	slots, err := postgres.OpenSlots(ctx, d.ring)
	if err != nil {
		return nil, err
	}
	defer slots.Close() //nolint:errcheck // it was only read
	ring, err := slots.Read(ctx)
	if errors.Is(err, bot.ErrNone) {
		return nil, nil
	}
	return ring, err
}

func (d *postgresEnd) writeRing(ctx context.Context, ring []byte) error {
	before, err := d.readRing(ctx)
	if err != nil {
		return err
	}
	if before != nil && !encryption.SameRing(before, ring) {
		return errors.New("NEVERMIND_KEYRING: in that database is the key ring of another store; name an empty one")
	}
	slots, err := postgres.OpenSlots(ctx, d.ring)
	if err != nil {
		return err
	}
	return errors.Join(slots.Write(ctx, ring), slots.Close())
}

func (d *postgresEnd) config(at string) postgres.Config {
	return postgres.Config{URL: at, Keys: masterKeys(d.key), Ring: sameRing(func() (*encryption.Ring, error) {
		ctx, cancel := context.WithTimeout(context.Background(), probeTime*10)
		defer cancel()
		slots, err := postgres.OpenSlots(ctx, d.ring)
		if err != nil {
			return nil, err
		}
		return encryption.OpenRingAt(slots, d.key)
	})}
}

func (d *postgresEnd) open(ctx context.Context) (movedStore, error) {
	return openPostgres(ctx, d.config(d.at))
}

// openPostgres keeps no nil in an interface.
func openPostgres(ctx context.Context, cfg postgres.Config) (movedStore, error) {
	store, err := postgres.Open(ctx, cfg)
	if err != nil {
		return nil, err
	}
	return store, nil
}

func (d *postgresEnd) begin(ctx context.Context, head record.HeadRow, afresh bool) error {
	at, drop, err := postgres.Apart(ctx, d.at, movingSchema)
	if err == nil && afresh {
		if err = drop(); err == nil {
			at, _, err = postgres.Apart(ctx, d.at, movingSchema)
		}
	}
	if err != nil {
		return err
	}
	return postgres.Prepare(ctx, at, head)
}

func (d *postgresEnd) begun(ctx context.Context) (movedStore, error) {
	at, _, err := postgres.Apart(ctx, d.at, movingSchema)
	if err != nil {
		return nil, err
	}
	return openPostgres(ctx, d.config(at))
}

func (d *postgresEnd) place(ctx context.Context) (err error) {
	at, drop, err := postgres.Apart(ctx, d.at, movingSchema)
	if err != nil {
		return err
	}
	store, err := postgres.Open(ctx, d.config(at))
	if err != nil {
		return err
	}
	_, err = store.Check(ctx)
	if err = errors.Join(err, store.Close()); err != nil {
		return err
	}
	if _, err = postgres.SwapIn(ctx, d.at, at, ""); err != nil {
		return err
	}
	return drop()
}
