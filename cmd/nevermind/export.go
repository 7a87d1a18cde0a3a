package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"nevermind/adapters/shop"
	"nevermind/bot"
	"nevermind/store/archive"
	"nevermind/store/export"
)

type exportCommand struct {
	From string `help:"A backup instead of the data folder." placeholder:"BACKUP"`
}

// Run writes everything as JSON lines, from a copy: so it all is of one moment, and holds up nobody.
func (c exportCommand) Run(ctx context.Context, p *program) (err error) {
	folder, forget, err := p.scratchForExport()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, forget()) }()
	copied, err := c.copy(ctx, p, folder)
	if err != nil {
		return err
	}
	kept, err := p.set.storage()
	if err != nil {
		return usageError{err}
	}
	err = kept.read(ctx, p, copied, func(store bot.Store) error {
		return export.Write(ctx, p.out, store, func(o bot.Order) any { return shop.NewOrder(o) })
	})
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return nil
}

// scratchForExport is a folder on the database's disk, or the system's where there is no data folder.
func (p *program) scratchForExport() (string, func() error, error) {
	folder := p.set.folder()
	if _, err := os.Stat(folder); err != nil {
		folder = ""
	}
	return scratchFolder(folder)
}

func (c exportCommand) copy(ctx context.Context, p *program, folder string) (string, error) {
	if c.From == "" {
		path := filepath.Join(folder, archive.DatabaseName)
		_, err := p.snapshot(ctx, path)
		return path, err
	}
	a, err := archive.Open(c.From)
	if err != nil {
		return "", err
	}
	path, err := a.Extract(ctx, folder, p.checkDatabase)
	return path, errors.Join(err, a.Close())
}
