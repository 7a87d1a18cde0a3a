package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"nevermind/adapters/casefile"
	"nevermind/store/export"
)

// verifyCommand checks a sealed case file, or an export.
type verifyCommand struct {
	SignedBy string `placeholder:"KEY" help:"The house's public key, as the shop publishes it (GET /casefile.key)."`
	File     string `arg:"" help:"A sealed case file (case-C-….zip), or an export."`
}

// Run checks a file, without any server.
func (c verifyCommand) Run(p *program) error {
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // it was only read
	is, err := isExport(f)
	switch {
	case err != nil:
		return err
	case is && c.SignedBy != "":
		return usageError{errors.New("an export is signed by nobody: --signed-by is for case files")}
	case is:
		return p.verifyExport(c.File, f)
	}
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
	if c.SignedBy != "" && c.SignedBy != r.SignedBy {
		fmt.Fprintf(p.out, "%s: it is not signed by that key; %s\n", c.File, signedBy(r))
		return errReported
	}
	fmt.Fprintf(p.out, `%s: nothing was changed since it was sealed
seal       %s
%s
case       %q, order %q, made %s for the %q
lines      %d, with %s for others, of which only the hash is here
files      %d enclosed, %d no longer kept
last line  %q
Compare the seal with the one in the chat, the key with the one that the shop publishes,
or the last line with the other side's.
`, c.File, casefile.Short(r.Seal), signedBy(r), r.Record.Case, r.Record.Order, r.Record.Made.UTC().Format("2006-01-02 15:04 UTC"),
		r.Record.Viewer,
		len(r.Record.Items), count(r.Withheld, "part"), r.Files, len(r.Record.Missing), r.Record.Head)
	return nil
}

// isExport says whether a file is an export, and reads none of it.
func isExport(f io.ReaderAt) (bool, error) {
	head := make([]byte, 64)
	n, err := f.ReadAt(head, 0)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return export.Begins(head[:n]), err
}

// verifyExport checks that an export is as it was written.
func (p *program) verifyExport(name string, f io.Reader) error {
	lines, err := export.Check(f)
	if errors.Is(err, export.ErrChanged) {
		fmt.Fprintf(p.out, "%s: %v\n", name, err)
		return errReported
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(p.out, "%s: whole, %s, and none was changed by accident. It is signed by nobody.\n", name, count(lines, "line"))
	return nil
}

// signedBy says who has signed a case file.
func signedBy(r casefile.Report) string {
	if r.SignedBy == "" {
		return "signed by  nobody: it was made before case files were signed, or by somebody else"
	}
	return fmt.Sprintf("signed by  %s (%s)", casefile.Fingerprint(r.SignedBy), r.SignedBy)
}
