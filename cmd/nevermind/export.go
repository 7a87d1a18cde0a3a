package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"nevermind/bot"
	"nevermind/store/bolt"
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
	store, err := bolt.Open(copied, bolt.NoSync()) // our own copy; an older one is brought up to date
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	out := bufio.NewWriterSize(p.out, 64<<10)
	e := &exporter{json.NewEncoder(out)}
	e.SetEscapeHTML(false)
	err = e.Encode(exportedHead{"export", 1})
	if err == nil {
		err = store.Each(ctx, e.export)
	}
	if err = errors.Join(err, out.Flush()); err != nil {
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
	return scratch(folder)
}

func (c exportCommand) copy(ctx context.Context, p *program, folder string) (string, error) {
	if c.From == "" {
		path := filepath.Join(folder, archivedStore)
		_, err := p.snapshot(ctx, path)
		return path, err
	}
	a, err := openArchive(c.From)
	if err != nil {
		return "", err
	}
	path, err := a.extract(ctx, folder)
	return path, errors.Join(err, a.Close())
}

// exporter writes records as lines.
type exporter struct{ *json.Encoder }

func (e *exporter) export(r bot.Record) error {
	switch {
	case r.Order != nil:
		return e.Encode(exportOrder(r.Order))
	case r.Person != nil:
		return e.Encode(exportPerson(r.Person))
	case r.Conversation != nil:
		return e.conversation(r.Conversation)
	case r.Entry != nil:
		return e.Encode(exportEntry(r.Entry))
	case r.Task != nil:
		return e.Encode(exportTask(r.Task))
	case r.Said != nil:
		return e.Encode(exportMessage(r.Said))
	case r.Value != nil:
		if policy, ok := exportPolicy(r.Value); ok {
			return e.Encode(policy)
		}
	}
	return nil
}

// conversation writes a conversation and, behind it, its deadlines.
func (e *exporter) conversation(c *bot.Conversation) error {
	if err := e.Encode(exportConversation(c)); err != nil {
		return err
	}
	for _, d := range c.Deadlines {
		if err := e.Encode(exportDeadline(c, d)); err != nil {
			return err
		}
	}
	return nil
}
