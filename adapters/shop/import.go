package shop

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"nevermind/bot"
)

// Line is what became of one line of an import: either the order was stored, or the line was wrong and nothing of it was
// stored.
type Line struct {
	Number  int
	Order   string   // its id, once it is stored
	Wrong   error    // nil where it is stored
	Ignored []string // columns of a CSV's first line that mean nothing here
	Read    int64    // bytes of the file read so far, to show progress
}

// Summary counts what became of an import.
type Summary struct {
	Orders int // stored
	Bad    int // lines reported as wrong
	Lines  int
}

// importRun is one import under way: where its lines come from, where orders and reports go, and the counts so far.
type importRun struct {
	lines   *lineReader
	policy  *bot.Policy
	put     func(bot.Order) error
	report  func(Line)
	summary Summary
}

// Import reads orders from NDJSON or CSV, whichever the ending of the name or else the first byte says ("-" has no ending),
// and streams: it never holds more than one order.
//
// Each good order goes to put; each stored order and each bad line goes to report, which may be nil. An error of put that
// is Faults makes a bad line. Any other error ends the import, as does a file that cannot be read or a CSV without a usable
// first line; the summary then counts what went before.
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

// isCSV decides by the ending, else by the first byte: an order as JSON begins with a brace. The first byte is only looked
// at where the ending says nothing, so a caller that sends line by line and waits for each answer need not send more than
// the name.
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

// ndjson reads one order a line.
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

// finishLine stores an order, or reports what is wrong with its line; the error ends the import.
func (i *importRun) finishLine(number int, o bot.Order, wrong error) error {
	if wrong == nil {
		wrong = i.put(o)
	}
	// Faults are the line's own; any other error is one of the store, which every further line would meet too.
	if faults, ok := FaultsOf(wrong); ok {
		wrong = faults
	} else if wrong != nil {
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
