package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"nevermind/bot/engine"

	"nevermind/bot"
	"nevermind/store/archive"
	"nevermind/store/bolt"
)

// restoreCommand puts a backup in place of the store.
type restoreCommand struct {
	File    string `arg:"" help:"A backup."`
	Replace bool   `help:"Put aside what is there already."`
}

// Run puts a backup in place after all of it was looked through; until the last rename nothing is
// changed.
func (c restoreCommand) Run(ctx context.Context, p *program) (err error) {
	path, err := c.databasePath(ctx, p)
	if err != nil {
		return err
	}
	a, err := archive.Open(c.File)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	folder, forget, err := scratchFolder(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, forget()) }()
	fresh, err := a.Extract(ctx, folder, p.checkDatabase)
	if err != nil {
		return fmt.Errorf("%s cannot be restored, and nothing was changed: %w", c.File, err)
	}
	aside, err := p.prepareRestored(ctx, fresh, a.Manifest.Made)
	if err != nil {
		return err
	}
	blobs, err := p.set.files()
	if err != nil {
		return err
	}
	if err := a.Unpack(ctx, blobs); err != nil {
		return err
	}
	before, err := swapIn(path, fresh, p.now())
	if err != nil {
		return err
	}
	c.tell(p, a.Manifest, aside, before)
	return nil
}

// databasePath is where the database belongs, if it may be put there: nobody serves the folder, and
// nothing is there or --replace is said.
func (c restoreCommand) databasePath(ctx context.Context, p *program) (string, error) {
	if client, ok := dialServer(ctx, p.set.folder()); ok {
		client.CloseIdleConnections()
		return "", fmt.Errorf("a nevermind runs on %s: stop it first", p.set.folder())
	}
	path, err := p.set.database()
	if err != nil {
		return "", usageError{err}
	}
	if _, err := os.Lstat(path); err == nil && !c.Replace {
		return "", fmt.Errorf("%s is there already: restore into another folder with --data, or say --replace, which puts it aside",
			path)
	}
	for _, folder := range []string{p.set.folder(), filepath.Dir(path)} {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return "", fmt.Errorf("make the data folder: %w", err)
		}
	}
	return path, nil
}

// prepareRestored makes a restored database one that can be worked with: what it held unsent
// becomes dead letters, since it may have been sent after the backup was made. aside is how many
// there are.
func (p *program) prepareRestored(ctx context.Context, path string, made time.Time) (aside int, err error) {
	store, err := bolt.Open(path, p.encrypted())
	if err != nil {
		return 0, err
	}
	aside, err = engine.Restored(ctx, store, p.now(), made)
	return aside, errors.Join(err, store.Close())
}

// swapIn puts the fresh database in place of the one that is there, which is put aside under a name
// of its own: before. Both renames are within one folder; where the second fails the first is
// undone.
func swapIn(path, fresh string, now time.Time) (before string, err error) {
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		return "", errors.Join(os.Rename(fresh, path), archive.SyncFolder(filepath.Dir(path)))
	}
	release, err := bolt.Lock(path)
	if errors.Is(err, bot.ErrLocked) {
		return "", fmt.Errorf("a nevermind has %s open: stop it first", path)
	}
	if err != nil {
		return "", err
	}
	before = path + ".replaced-" + now.UTC().Format("20060102-150405")
	if err = os.Rename(path, before); err == nil {
		if err = os.Rename(fresh, path); err != nil {
			err = errors.Join(err, os.Rename(before, path))
		}
	}
	return before, errors.Join(err, archive.SyncFolder(filepath.Dir(path)), release())
}

func (c restoreCommand) tell(p *program, note archive.Manifest, aside int, before string) {
	fmt.Fprintf(p.out, "Restored %s and %s as of %s.\n", holdings(note.Holds), count(note.Files, "file"),
		note.Made.Format(time.RFC3339))
	if before != "" {
		fmt.Fprintf(p.out, "What was there before is kept as %s.\n", before)
	}
	if aside > 0 {
		fmt.Fprintf(p.out, "%s unsent then will not go out without you: nevermind deadletter list\n", count(aside, "task"))
	}
	fmt.Fprintf(p.out, "After the next start no deadline fires for as long as people's answers were lost, a day at most.\n")
	if len(note.Missing) > 0 {
		fmt.Fprintf(p.err, "%s were missing when the backup was made\n", count(len(note.Missing), "file"))
	}
}
