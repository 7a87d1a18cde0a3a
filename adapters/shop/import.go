package shop

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"nevermind/bot"
)

// Line is what became of one line of an import: kept, or wrong and nothing of it kept.
type Line struct {
	Number int
	Order  string // its id, once it is kept
	Wrong  error  // nil where it is kept
	Read   int64  // bytes of the file read so far, to show progress
}

// Summary counts what became of an import.
type Summary struct {
	Orders int // kept
	Bad    int // lines reported as wrong
	Lines  int
}

// importRun is one import under way.
type importRun struct {
	lines   *lineReader
	policy  *bot.Policy
	put     func(bot.Order) error
	report  func(Line)
	summary Summary
}

// Import reads orders from NDJSON or CSV, whichever the name's ending or else the first byte says ("-" has no ending).
// Each good order goes to put, each order kept and each bad line to report (which may be nil). An error of put that is
// Faults makes a bad line; any other ends the import, as does a file that cannot be read or a CSV without a usable first
// line. The file is streamed.
func Import(r io.Reader, name string, p *bot.Policy, put func(bot.Order) error, report func(Line)) (Summary, error) {
	l, err := newLineReader(r)
	if err != nil {
		return Summary{}, err
	}
	if report == nil {
		report = func(Line) {}
	}
	i := &importRun{lines: l, policy: p, put: put, report: report}
	if isCSV(name, l.first) {
		err = i.csv()
	} else {
		err = i.ndjson()
	}
	return i.summary, err
}

// isCSV decides by the ending, else by the first byte: an order as JSON begins with a brace.
// Who sends line by line and waits for each answer is not made to send more than the name needs.
func isCSV(name string, begins func() byte) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".csv":
		return true
	case ".ndjson", ".jsonl", ".json":
		return false
	}
	first := begins()
	return first != '{' && first != '[' && first != 0
}

func (i *importRun) ndjson() error {
	for {
		text, err := i.lines.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		i.summary.Lines++
		var o bot.Order
		if err == nil {
			o, err = Decode(text, i.policy)
		}
		if err := i.finishLine(i.lines.n, o, err); err != nil {
			return err
		}
	}
}

// finishLine keeps an order, or reports what is wrong with its line; the error ends the import.
func (i *importRun) finishLine(number int, o bot.Order, wrong error) error {
	if wrong == nil {
		wrong = i.put(o)
	}
	var faults Faults
	if wrong != nil && !errors.As(wrong, &faults) {
		return fmt.Errorf("line %d: %w", number, wrong)
	}
	if wrong != nil {
		i.summary.Bad++
		i.report(Line{Number: number, Wrong: wrong, Read: i.lines.size})
		return nil
	}
	i.summary.Orders++
	i.report(Line{Number: number, Order: o.ID, Read: i.lines.size})
	return nil
}
