package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"nevermind/store/archive"
)

// restoreCommand puts a backup in place of the store.
type restoreCommand struct {
	File    string `arg:"" help:"A backup."`
	Replace bool   `help:"Put aside what is there already."`
}

// Run puts a backup in place after all of it was looked through; until the last rename nothing is
// changed.
func (c restoreCommand) Run(ctx context.Context, p *program) (err error) {
	kept, err := c.place(ctx, p)
	if err != nil {
		return err
	}
	a, err := archive.Open(c.File)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	folder, forget, err := scratchFolder(kept.beside())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, forget()) }()
	fresh, err := a.Extract(ctx, folder, p.checkDatabase)
	if err != nil {
		return fmt.Errorf("%s cannot be restored, and nothing was changed: %w", c.File, err)
	}
	done, err := kept.restore(ctx, p, fresh, a.Manifest.Made, func() error {
		blobs, err := p.set.files()
		if err != nil {
			return err
		}
		return a.Unpack(ctx, blobs)
	})
	if err != nil {
		return err
	}
	c.tell(p, a.Manifest, done.aside, done.before)
	return nil
}

// place is where the store belongs, if one may be put there: nobody works on it, and nothing is there or --replace is said.
func (c restoreCommand) place(ctx context.Context, p *program) (storage, error) {
	if client, ok := dialServer(ctx, p.set.folder()); ok {
		client.CloseIdleConnections()
		return nil, fmt.Errorf("a nevermind runs on %s: stop it first", p.set.folder())
	}
	kept, err := p.set.storage()
	if err != nil {
		return nil, usageError{err}
	}
	return kept, kept.place(ctx, p, c.Replace)
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
