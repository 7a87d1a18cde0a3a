package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"

	"nevermind/store/export"
)

// importCommand loads orders in the shop's format.
type importCommand struct {
	File string `arg:"" help:"NDJSON or CSV; - is standard input."`
}

// imported is one line of the answer to an import, JSON and one a line: a bad line, how far it has
// come, or the end.
type imported struct {
	Line    int      `json:"line,omitempty"`
	Wrong   string   `json:"wrong,omitempty"`
	Ignored []string `json:"ignored,omitempty"` // columns that mean nothing here
	Orders  int      `json:"orders,omitempty"`
	Read    int64    `json:"read,omitempty"`
	Bad     int      `json:"bad,omitempty"`
	End     bool     `json:"end,omitempty"`
	Error   string   `json:"error,omitempty"` // why it ended early
}

// Run sends the file to whoever has the store open and tells what becomes of it.
func (c importCommand) Run(ctx context.Context, p *program) (err error) {
	file, size, err := c.open(p.in)
	if err != nil {
		return err
	}
	defer file.Close()
	client, done, err := p.dial(ctx, plan{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	answer, err := post(ctx, client, "/import?name="+url.QueryEscape(c.File), file, "import")
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	return p.follow(answer.Body, size)
}

func (c importCommand) open(in io.Reader) (io.ReadCloser, int64, error) {
	if c.File == "-" {
		return io.NopCloser(in), 0, nil
	}
	file, err := os.Open(c.File)
	if err != nil {
		return nil, 0, err
	}
	info, err := file.Stat()
	if err == nil && info.IsDir() {
		err = fmt.Errorf("%s is a folder", c.File)
	}
	if err != nil {
		return nil, 0, errors.Join(err, file.Close())
	}
	orders, err := ordersOf(file)
	if err != nil {
		return nil, 0, errors.Join(fmt.Errorf("%s: nothing was imported: %w", c.File, err), file.Close())
	}
	return orders, info.Size(), nil
}

// ordersOf are a file's lines; of an export, which has to be as it was written, only the orders.
func ordersOf(file *os.File) (io.ReadCloser, error) {
	if is, err := isExport(file); err != nil || !is {
		return file, nil //nolint:nilerr // a pipe cannot be read twice; whoever reads it finds any other fault
	}
	if _, err := export.Check(file); err != nil {
		return nil, err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	return struct {
		io.Reader
		io.Closer
	}{export.Orders(file), file}, nil
}

// follow tells what the importing side answers, and fails where any line was bad.
func (p *program) follow(answers io.Reader, size int64) error {
	screen := isScreen(p.err)
	for in := json.NewDecoder(answers); ; {
		var i imported
		if err := in.Decode(&i); err != nil {
			return fmt.Errorf("the import broke off: %w", err)
		}
		switch {
		case i.End:
			return p.summary(i, screen)
		case len(i.Ignored) > 0:
			fmt.Fprintf(p.err, "%sline %d: ignored, since nothing here is called so: %s\n", erase(screen), i.Line,
				oneLine(strings.Join(i.Ignored, ", ")))
		case i.Wrong != "":
			fmt.Fprintf(p.err, "%sline %d: %s\n", erase(screen), i.Line, oneLine(i.Wrong))
		default:
			fmt.Fprint(p.err, erase(screen), progress(i, size), ending(screen))
		}
	}
}

// summary is the last line of an import.
func (p *program) summary(i imported, screen bool) error {
	fmt.Fprint(p.err, erase(screen))
	fmt.Fprintf(p.out, "%s kept, %s\n", count(i.Orders, "order"), count(i.Bad, "bad line"))
	switch {
	case i.Error != "":
		return fmt.Errorf("the import ended early: %s", i.Error)
	case i.Bad > 0:
		return errReported
	default:
		return nil
	}
}

// progress is how far an import has come; size is the file's in bytes, 0 where it is not known.
func progress(i imported, size int64) string {
	if size == 0 {
		return count(i.Orders, "order") + " …"
	}
	return fmt.Sprintf("%s … %d%%", count(i.Orders, "order"), min(100, 100*i.Read/size))
}

// erase clears the line of progress that a screen shows over and over.
func erase(screen bool) string {
	if screen {
		return "\r\x1b[K"
	}
	return ""
}

// ending ends a line of progress, except on a screen, where the next one replaces it.
func ending(screen bool) string {
	if screen {
		return ""
	}
	return "\n"
}

// isScreen says whether a person looks at it, rather than a file or a pipe.
func isScreen(w any) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
