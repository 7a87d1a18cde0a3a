package shop

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"nevermind/bot"
)

// csvRow is one line of a CSV.
type csvRow struct {
	number int
	id     string   // the order's, as far as it can be read; empty where it cannot
	cells  []string // in the order of the header; nil where the line cannot be taken apart
	wrong  Faults
}

// csvTable is a CSV under way: its columns, the lines of the order at hand, and the ids of the orders that are finished.
type csvTable struct {
	header   []string
	comma    rune
	rows     []csvRow
	finished map[string]bool
}

// split makes a row of a line. The order's id is looked for even where the line cannot be split, so that the fault is
// reported with the right order.
func (t *csvTable) split(number int, text []byte) csvRow {
	r := csvRow{number: number}
	at := slices.Index(t.header, "id")
	cells, err := splitCells(text, t.comma)
	if err != nil { // an id has neither quotes nor commas: look for it without them
		errors.As(err, &r.wrong)
		cells = strings.Split(string(text), string(t.comma))
	}
	if at < len(cells) {
		r.id = strings.Trim(cells[at], ` "`)
	}
	if err == nil && len(cells) != len(t.header) {
		r.wrong = Faults{{
			Wrong: fmt.Sprintf("%d cells under %d columns", len(cells), len(t.header)), Right: "give each column its cell",
		}}
	}
	if r.wrong == nil {
		r.cells = cells
	}
	return r
}

// continues says whether a line belongs to the order at hand; a line whose order cannot be told does.
func (t *csvTable) continues(r csvRow) bool {
	return len(t.rows) > 0 && len(t.rows) <= maxItems && (r.id == "" || r.id == t.rows[0].id)
}

// order makes one order of the lines gathered, or gives each line its faults and returns false.
func (t *csvTable) order(p *bot.Policy) (o bot.Order, ok bool) {
	id := t.rows[0].id
	// Lines of one order must stand together; another group with its id would be half an order.
	if t.finished[id] && id != "" {
		t.rows[0].wrong = append(t.rows[0].wrong, Fault{
			Field: "id", Wrong: fmt.Sprintf("order %.64q stands further up already", id), Right: "put its lines one below the other",
		})
	}
	t.finished[id] = true
	f := newFlatDocument()
	f.put("items", value{kind: array, size: len(t.rows)})
	for n := range t.rows {
		t.putCells(f, n)
	}
	if t.faultless() {
		var faults Faults
		var err error
		if o, err = f.order(p); errors.As(err, &faults) {
			t.assignFaults(faults)
		}
	}
	return o, t.faultless()
}

// faultless says whether no line of the order at hand has a fault.
func (t *csvTable) faultless() bool {
	return !slices.ContainsFunc(t.rows, func(r csvRow) bool { return r.wrong != nil })
}

// putCells puts one line's cells into the document: the order's own from the first line, the item's from each.
func (t *csvTable) putCells(f *flatDocument, n int) {
	r := &t.rows[n]
	for c, text := range r.cells {
		name, text := t.header[c], strings.TrimSpace(text)
		rest, ofItem := strings.CutPrefix(name, "item_")
		switch {
		case !utf8.ValidString(text):
			r.wrong = append(r.wrong, Fault{Field: name, Wrong: "this is not UTF-8", Right: "save the file as UTF-8"})
		case ofItem && text != "":
			f.put(fmt.Sprintf("items[%d].%s", n, rest), value{kind: cell, text: text})
		case n == 0 && !ofItem:
			f.put(csvColumns[name], value{kind: cell, text: text})
		case !ofItem && text != "" && t.rows[0].cells != nil && text != strings.TrimSpace(t.rows[0].cells[c]):
			r.wrong = append(r.wrong, Fault{
				Field: name, Wrong: fmt.Sprintf("%.40q differs from the order's first line", text), Right: "repeat it, or leave it empty",
			})
		}
	}
	// An item without an id is numbered by its line within the order.
	if _, given := f.at[fmt.Sprintf("items[%d].id", n)]; !given {
		f.put(fmt.Sprintf("items[%d].id", n), value{kind: cell, text: strconv.Itoa(n + 1)})
	}
}

// assignFaults gives each fault to the line it came from, under the name of its column.
func (t *csvTable) assignFaults(faults Faults) {
	for _, fault := range faults {
		n := 0
		if inner, ok := strings.CutPrefix(fault.Field, "items["); ok {
			at, rest, _ := strings.Cut(inner, "].")
			n, _ = strconv.Atoi(at)
			fault.Field = "item_" + rest
		}
		fault.Field = strings.ReplaceAll(fault.Field, ".", "_")
		t.rows[n].wrong = append(t.rows[n].wrong, fault)
	}
}
