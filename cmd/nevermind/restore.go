package main

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"time"

	"nevermind/bot/engine"

	"nevermind/bot"
	"nevermind/store/bolt"
)

type restoreCommand struct {
	File    string `arg:"" help:"A backup."`
	Replace bool   `help:"Put aside what is there already."`
}

// Run puts a backup in place, after all of it was looked through.
func (c restoreCommand) Run(ctx context.Context, p *program) (err error) {
	path, err := c.place(ctx, p)
	if err != nil {
		return err
	}
	a, err := openArchive(c.File)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	folder, forget, err := scratch(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, forget()) }()
	fresh, err := a.extract(ctx, folder)
	if err != nil {
		return fmt.Errorf("%s cannot be restored, and nothing was changed: %w", c.File, err)
	}
	aside, err := ready(ctx, fresh, p.now(), a.note.Made)
	if err != nil {
		return err
	}
	if err := a.unpackFiles(ctx, p); err != nil {
		return err
	}
	before, err := swapIn(path, fresh, p.now())
	if err != nil {
		return err
	}
	c.tell(p, a.note, aside, before)
	return nil
}

// place is where the database belongs, if it may be put there.
func (c restoreCommand) place(ctx context.Context, p *program) (string, error) {
	if client, ok := reach(ctx, p.set.folder()); ok {
		client.CloseIdleConnections()
		return "", fmt.Errorf("a nevermind runs on %s: stop it first", p.set.folder())
	}
	path, err := p.set.database()
	if err != nil {
		return "", wrongUse{err}
	}
	if _, err := os.Lstat(path); err == nil && !c.Replace {
		return "", fmt.Errorf("%s is there already: restore into another folder with --data, or say --replace, which puts it aside", path)
	}
	for _, folder := range []string{p.set.folder(), filepath.Dir(path)} {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return "", fmt.Errorf("make the data folder: %w", err)
		}
	}
	return path, nil
}

// ready makes a restored database one that can be worked with: nothing that it held unsent goes out by itself.
func ready(ctx context.Context, path string, now, made time.Time) (aside int, err error) {
	store, err := bolt.Open(path)
	if err != nil {
		return 0, err
	}
	aside, err = engine.Restored(ctx, store, now, made)
	return aside, errors.Join(err, store.Close())
}

// unpackFiles puts people's files where this house keeps them; those it has already stay.
func (a *archive) unpackFiles(ctx context.Context, p *program) error {
	blobs, err := p.set.files()
	if err != nil {
		return err
	}
	for _, f := range a.files {
		if err := unpackFile(ctx, f, blobs); err != nil {
			return fmt.Errorf("restore the file %s: %w", path.Base(f.Name), err)
		}
	}
	return nil
}

func unpackFile(ctx context.Context, f *zip.File, blobs bot.Blobs) error {
	hash := path.Base(f.Name)
	if held, err := blobs.Open(ctx, hash); err == nil {
		return held.Close()
	}
	in, err := f.Open()
	if err != nil {
		return err
	}
	defer in.Close()
	got, err := blobs.Put(ctx, hash, in)
	if err == nil && got.Hash != hash {
		err = fmt.Errorf("%w: its content is another", bot.ErrBroken)
	}
	return err
}

// swapIn puts the fresh database in place of the one that is there, which is put aside under a name of its own.
func swapIn(path, fresh string, now time.Time) (before string, err error) {
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		return "", errors.Join(os.Rename(fresh, path), syncFolder(filepath.Dir(path)))
	}
	release, err := bolt.Seize(path)
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
	return before, errors.Join(err, syncFolder(filepath.Dir(path)), release())
}

func (c restoreCommand) tell(p *program, note backupNote, aside int, before string) {
	fmt.Fprintf(p.out, "Restored %s and %s as of %s.\n", holdings(note.Holds), count(note.Files, "file"), note.Made.Format(time.RFC3339))
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
