package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"

	"nevermind/adapters/shop"
	"nevermind/bot"
	"nevermind/store/archive"
	"nevermind/store/encryption"
	"nevermind/store/export"
	"nevermind/store/record"
	"nevermind/store/transfer"
)

// moveCommand brings everything from one store into another that is empty.
type moveCommand struct {
	From string `arg:"" help:"A store: bolt:PATH, postgres://…, or \"store\" for what NEVERMIND_STORE says."`
	To   string `arg:"" help:"Another, in which there is nothing."`
}

// moveEnd is one end of a move (move_bolt.go, move_postgres.go).
type moveEnd interface {
	// there says whether there is a store; free refuses while somebody works on it.
	there(ctx context.Context) (bool, error)
	free(ctx context.Context) error
	// readRing reads the key ring, nil where there is none; writeRing puts it there, unless another stands there.
	readRing(ctx context.Context) ([]byte, error)
	writeRing(ctx context.Context, ring []byte) error
	// open opens the store. begin makes the place beside it in which rows are taken in, where an earlier move has not, or afresh;
	// begun opens it. place puts it in the store's place, once it is closed.
	open(ctx context.Context) (movedStore, error)
	begin(ctx context.Context, head record.HeadRow, afresh bool) error
	begun(ctx context.Context) (movedStore, error)
	place(ctx context.Context) error
}

// movedStore is a store from which or into which everything is brought.
type movedStore interface {
	bot.Store
	transfer.Source
	transfer.Target
	Head(ctx context.Context) (record.HeadRow, error)
}

// Run moves, and says what was moved. Until all is there and was compared, nothing stands in the other's place; cut short, it
// goes on where it was. What it moves from is left as it is.
func (c moveCommand) Run(ctx context.Context, p *program) (err error) {
	from, err := p.moveEnd(c.From)
	if err != nil {
		return err
	}
	to, err := p.moveEnd(c.To)
	if err != nil {
		return err
	}
	if err := mayMove(ctx, from, to); err != nil {
		return err
	}
	source, err := from.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	if err := copyRing(ctx, from, to); err != nil {
		return err
	}
	if err := p.copyRows(ctx, source, to); err != nil {
		return err
	}
	holds, err := compare(ctx, source, to)
	if err != nil {
		return err
	}
	if err := to.place(ctx); err != nil {
		return err
	}
	fmt.Fprintf(p.out, "Moved %s. Both export the same, byte for byte.\n", holdings(holds))
	fmt.Fprintln(p.out, "Set NEVERMIND_STORE to the new one, and start. People's files stay where they are.")
	fmt.Fprintln(p.out, "What it was moved from is as it was. Once you are content destroy it, its key ring and its backups: "+
		"whoever is erased from now on could still be read there.")
	return nil
}

// moveEnd is the end that an argument names.
func (p *program) moveEnd(named string) (moveEnd, error) {
	key, err := p.set.houseKey()
	if err != nil {
		return nil, err
	}
	if key.IsZero() {
		return nil, fmt.Errorf("%w: what is stored is encrypted with a key that is not in %s; put it there, or set NEVERMIND_KEY",
			bot.ErrKey, p.set.keyFile())
	}
	if named == "store" {
		named = p.set.Store
	}
	kept, err := storageAt(p.set, named)
	if err != nil {
		return nil, usageError{fmt.Errorf("%w; or \"store\", for what NEVERMIND_STORE says", err)}
	}
	switch kept := kept.(type) {
	case *boltStorage:
		return &boltEnd{path: kept.path, ring: p.set.ringFile(), key: key}, nil
	default:
		if !isPostgres(p.set.KeyRing) {
			return nil, usageError{errors.New("NEVERMIND_KEYRING: has to be set, to the database for the keys of single persons")}
		}
		return &postgresEnd{at: named, ring: p.set.KeyRing, key: key}, nil
	}
}

// mayMove wants a store at one end and none at the other, and nobody at work.
func mayMove(ctx context.Context, from, to moveEnd) error {
	switch there, err := from.there(ctx); {
	case err != nil:
		return err
	case !there:
		return errors.New("there is nothing to move: the first store is not there, or empty")
	}
	switch there, err := to.there(ctx); {
	case err != nil:
		return err
	case there:
		return errors.New("the second store is there already: name one in which there is nothing")
	}
	return errors.Join(from.free(ctx), to.free(ctx))
}

// copyRing copies the key ring, under whose keys what is moved stands.
func copyRing(ctx context.Context, from, to moveEnd) error {
	ring, err := from.readRing(ctx)
	if err != nil || ring == nil {
		return err
	}
	return to.writeRing(ctx, ring)
}

// copyRows brings the rows over. What an earlier move has left goes on, unless the source has changed since.
func (p *program) copyRows(ctx context.Context, source movedStore, to moveEnd) error {
	head, err := source.Head(ctx)
	if err != nil {
		return err
	}
	err = p.copyInto(ctx, source, to, head, false)
	if errors.Is(err, transfer.ErrChanged) || errors.Is(err, bot.ErrBroken) || errors.Is(err, bot.ErrKey) {
		fmt.Fprintf(p.err, "what an earlier move has left is of no use (%v): it begins anew\n", err)
		err = p.copyInto(ctx, source, to, head, true)
	}
	return err
}

func (p *program) copyInto(ctx context.Context, source movedStore, to moveEnd, head record.HeadRow, afresh bool) (err error) {
	if err := to.begin(ctx, head, afresh); err != nil {
		return err
	}
	into, err := to.begun(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, into.Close()) }()
	before, _, err := into.Taken(ctx)
	if err != nil {
		return err
	}
	if before > 0 {
		fmt.Fprintf(p.err, "an earlier move was cut short: %d rows are there already\n", before)
	}
	told := before
	return transfer.Copy(ctx, source, into, func(n int) {
		if n-told >= rowsATold {
			told = n
			fmt.Fprintf(p.err, "%d rows\n", n)
		}
	})
}

// rowsATold is after how many rows a line says how far it is.
const rowsATold = 100_000

// compare holds what was taken in against the source: what both export, and that it is sound.
func compare(ctx context.Context, source movedStore, to moveEnd) (holds archive.Holdings, err error) {
	into, err := to.begun(ctx)
	if err != nil {
		return holds, err
	}
	defer func() { err = errors.Join(err, into.Close()) }()
	want, err := digestOf(ctx, source)
	if err != nil {
		return holds, err
	}
	got, err := digestOf(ctx, into)
	if err != nil {
		return holds, err
	}
	if !bytes.Equal(want, got) {
		return holds, errors.New("what was moved is not the same as what is there, so nothing was put in place: this is a fault of " +
			"the program, please report it")
	}
	return holds, into.Each(ctx, func(r bot.Record) error {
		switch {
		case r.Order != nil:
			holds.Orders++
		case r.Person != nil:
			holds.People++
		case r.Conversation != nil:
			holds.Conversations++
		}
		return nil
	})
}

// digestOf is a digest of what a store exports.
func digestOf(ctx context.Context, store export.Records) ([]byte, error) {
	sum := sha256.New()
	err := export.Write(ctx, io.Writer(sum), store, func(o bot.Order) any { return shop.NewOrder(o) })
	return sum.Sum(nil), err
}

// masterKeys opens keys that are there, and makes none.
func masterKeys(key encryption.Master) func(wrapped [][]byte) (record.Keys, error) {
	return func(wrapped [][]byte) (record.Keys, error) {
		if len(wrapped) == 0 {
			return nil, fmt.Errorf("%w: there are no keys", bot.ErrKey)
		}
		return key.Keys(wrapped)
	}
}

// sameRing opens a key ring and wants it to be the one that is named.
func sameRing(open func() (*encryption.Ring, error)) func(name string) (record.PersonalKeys, error) {
	return func(name string) (record.PersonalKeys, error) {
		ring, err := open()
		if err == nil && ring.Name() != name {
			err = errors.Join(fmt.Errorf("%w: the key ring is another than what is stored was encrypted with", bot.ErrKey), ring.Close())
		}
		return ring, err
	}
}
