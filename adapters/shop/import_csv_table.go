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
	entries  map[string][]int // by the list's name: the index of the row that each entry of the order at hand stands in
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
	t.entries = map[string][]int{}
	for n := range t.rows {
		t.putCells(f, n)
	}
	for list, rows := range t.entries {
		f.put(list, value{kind: array, size: len(rows)})
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

// putCells puts one line's cells into the document: the order's own from the first line, those of a list's entry from each.
func (t *csvTable) putCells(f *flatDocument, n int) {
	r := &t.rows[n]
	lists := t.addEntries(n)
	for c, text := range r.cells {
		name, text := t.header[c], strings.TrimSpace(text)
		list := listOf(name)
		switch {
		case csvColumns[name] == "": // ignored
		case !utf8.ValidString(text):
			r.wrong = append(r.wrong, Fault{Field: name, Wrong: "this is not UTF-8", Right: "save the file as UTF-8"})
		case list != "" && text != "":
			f.putCell(fmt.Sprintf("%s[%d].%s", list, len(t.entries[list])-1, csvColumns[name]), text)
		case n == 0 && list == "":
			f.putCell(csvColumns[name], text)
		case list == "" && text != "" && t.rows[0].cells != nil && text != strings.TrimSpace(t.rows[0].cells[c]):
			r.wrong = append(r.wrong, Fault{
				Field: name, Wrong: fmt.Sprintf("%.40q differs from the order's first line", text), Right: "repeat it, or leave it empty",
			})
		}
	}
	// An item without an id is numbered by its place within the order.
	if id := fmt.Sprintf("items[%d].id", len(t.entries["items"])-1); slices.Contains(lists, "items") {
		if _, given := f.at[id]; !given {
			f.put(id, value{kind: cell, text: strconv.Itoa(len(t.entries["items"]))})
		}
	}
}

// addEntries says which lists a line has an entry of, and counts it: those that a cell is filled of. A line without any is
// one of an item.
func (t *csvTable) addEntries(n int) (lists []string) {
	for c, text := range t.rows[n].cells {
		if list := listOf(
			t.header[c],
		); list != "" && csvColumns[t.header[c]] != "" && strings.TrimSpace(text) != "" &&
			!slices.Contains(lists, list) {
			lists = append(lists, list)
		}
	}
	if len(lists) == 0 {
		lists = []string{"items"}
	}
	for _, list := range lists {
		t.entries[list] = append(t.entries[list], n)
	}
	return lists
}

// listOf is the list that a column belongs to; empty where it is the order's own.
func listOf(column string) string {
	for list, prefix := range csvLists {
		if strings.HasPrefix(column, prefix) {
			return list
		}
	}
	return ""
}

// putCell puts a cell under the name of its field. A cell of several things is taken apart: ids of lines with spaces between
// ("1 3"), quantities of lines ("1=2 3=1"), and an address, whose lines end with \n.
func (f *flatDocument) putCell(name, text string) {
	switch {
	case strings.HasPrefix(name, "discounts[") && strings.HasSuffix(name, ".items"):
		ids := strings.Fields(text)
		f.put(name, value{kind: array, size: len(ids)})
		for k, id := range ids {
			f.put(fmt.Sprintf("%s[%d]", name, k), value{kind: cell, text: id})
		}
	case strings.HasPrefix(name, "parcels[") && strings.HasSuffix(name, ".items"):
		parts := strings.Fields(text)
		f.put(name, value{kind: array, size: len(parts)})
		for k, part := range parts {
			id, quantity, _ := strings.Cut(part, "=")
			f.put(fmt.Sprintf("%s[%d].id", name, k), value{kind: cell, text: id})
			f.put(fmt.Sprintf("%s[%d].quantity", name, k), value{kind: cell, text: quantity})
		}
	case name == "return_address":
		f.put(name, value{kind: cell, text: strings.ReplaceAll(text, `\n`, "\n")})
	default:
		f.put(name, value{kind: cell, text: text})
	}
}

// assignFaults gives each fault to the line it came from, under the name of its column.
func (t *csvTable) assignFaults(faults Faults) {
	for _, fault := range faults {
		n := 0
		for list, prefix := range csvLists {
			inner, ok := strings.CutPrefix(fault.Field, list+"[")
			if !ok {
				continue
			}
			at, rest, _ := strings.Cut(inner, "].")
			if k, err := strconv.Atoi(at); err == nil && k < len(t.entries[list]) {
				n = t.entries[list][k]
			}
			rest, _, _ = strings.Cut(rest, "[")
			fault.Field = prefix + rest
		}
		fault.Field = strings.ReplaceAll(fault.Field, ".", "_")
		t.rows[n].wrong = append(t.rows[n].wrong, fault)
	}
}
