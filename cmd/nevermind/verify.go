package main

import (
	"errors"
	"fmt"
	"os"

	"nevermind/adapters/casefile"
)

// verifyCommand checks a sealed case file.
type verifyCommand struct {
	File string `arg:"" help:"A sealed case file (case-C-….zip)."`
}

// Run checks a sealed case file, without any server.
func (c verifyCommand) Run(p *program) error {
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // it was only read
	info, err := f.Stat()
	if err != nil {
		return err
	}
	r, err := casefile.Verify(f, info.Size())
	if errors.Is(err, casefile.ErrChanged) {
		fmt.Fprintf(p.out, "%s: %v\n", c.File, err)
		return errReported
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(p.out, `%s: nothing was changed since it was sealed
seal       %s
case       %s, order %s, made %s for the %s
lines      %d, with %s for others, of which only the hash is here
files      %d enclosed, %d no longer kept
last line  %s
Compare the seal with the one in the chat, or the last line with the other side's.
`, c.File, casefile.Short(r.Seal), r.Record.Case, r.Record.Order, r.Record.Made.Format("2006-01-02 15:04 UTC"), r.Record.Viewer,
		len(r.Record.Items), count(r.Withheld, "part"), r.Files, len(r.Record.Missing), r.Record.Head)
	return nil
}
